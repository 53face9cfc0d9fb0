import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { SchemaInput } from '@dms/api-schema';
import { append, fail, shellWord } from '@dms/diagnostics';
import { isThere, realName, statsAt } from '@dms/files';
import { compareOrdinal } from '@dms/values';
import { isInside, nxPath } from './mapping-set/workspace-path.ts';
import { type PatternRules, placesOfPattern } from './pattern-places.ts';
import { isSchemaFile } from './schema-file-name.ts';
import { reasonOfUnseen } from './seen-by-nx.ts';

/** The names of the ApiSchema files in a folder, in ordinal order. */
export const schemaFilesIn = (folder: string): readonly string[] =>
  readdirSync(folder).filter(isSchemaFile).sort(compareOrdinal);

/**
 * Why a place that exists is not a schema project; undefined if it does not exist. Relative to the workspace.
 *
 * @param readsIgnored whether the reader sees files that Git ignores, as a command does
 */
export function reasonOnDisk(
  workspace: string,
  place: string,
  readsIgnored = false,
): { readonly text: string; readonly details?: Readonly<Record<string, string>> } | undefined {
  const absolute = path.resolve(workspace, place);
  const found = statsAt(absolute);
  if (found === undefined || place === '.') return undefined;
  if (!isInside(place) && isThere(path.join(workspace, 'nx.json')))
    return { text: 'a place outside of the workspace, or an absolute path, by which Nx finds no project.' };
  const names = 'named like an ApiSchema file (*ApiSchema*.json)';
  const [name] = found.isDirectory() ? schemaFilesIn(absolute) : [path.basename(absolute)].filter(isSchemaFile);
  if (name === undefined)
    return { text: found.isDirectory() ? `a folder without a file that is ${names}.` : `a file that is not ${names}.` };
  const file = found.isDirectory() ? nxPath(name, place) : place;
  return { text: `whose file Nx does not see: ${reasonOfUnseen(workspace, file, readsIgnored)}`, details: { file } };
}

/** Each file or folder once, by the first of its names, because several links may lead to it. */
async function withoutLinks(files: readonly string[]): Promise<readonly string[]> {
  const named = await Promise.all(files.map(async (file) => [await realName(file), file] as const));
  const first = new Map<string, string>();
  for (const [name, file] of named) if (!first.has(name)) first.set(name, file);
  return [...first.values()];
}

/**
 * The only ApiSchema file of a folder. Throws `INPUT_FILE_NOT_FOUND` if there is none, and `PROJECT_FILES_AMBIGUOUS` if
 * there are several.
 */
async function schemaFileIn(folder: string): Promise<string> {
  const names = schemaFilesIn(folder);
  const [file, ...others] = await withoutLinks(names.map((name) => path.join(folder, name)));
  const where = { file: folder };
  if (file === undefined) {
    const pattern = await patternBelow(folder);
    const advice =
      pattern === undefined ? 'name one' : `its folders have; name them with a pattern: ${shellWord(pattern)}`;
    const text = `${folder} has no ApiSchema file (*ApiSchema*.json); ${advice}${pattern === undefined ? '.' : ''}`;
    return fail('INPUT_FILE_NOT_FOUND', text, where, { path: folder });
  }
  if (others.length === 0) return file;
  const files = [file, ...others];
  const text = `${folder} has several ApiSchema files: ${files.join(', ')}; name one of them.`;
  return fail('PROJECT_FILES_AMBIGUOUS', text, where, { files });
}

/** A pattern of the ApiSchema files in the folders of a folder, or in theirs; undefined if there are none. */
async function patternBelow(folder: string): Promise<string | undefined> {
  const rules = { platform: process.platform, matchesFolders: false, real: (place: string) => place };
  for (const folders of ['*', '*/*']) {
    const below = `${folder.replaceAll('\\', '/').replace(/\/$/, '')}/${folders}`;
    const found = (await placesOfPattern(`${below}/*.json`, rules)).map((file) => path.posix.basename(file));
    const names = new Set(found.filter(isSchemaFile));
    if (names.size > 0) return `${below}/${names.size === 1 ? [...names][0] : '*ApiSchema*.json'}`;
  }
  return undefined;
}

/**
 * The files of a path or pattern: a file with exactly that name, otherwise the files that match, in ordinal order
 * (`placesOfPattern`). Throws `INPUT_FILE_NOT_FOUND` for a pattern without matches; a missing path is reported when it is
 * read.
 */
export async function matchingFiles(
  pattern: string,
  { platform = process.platform, matchesFolders = false, real = (place) => place }: Partial<PatternRules> = {},
): Promise<readonly string[]> {
  // a backslash escapes a character in a pattern; on Windows it separates folders
  const slashed = platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
  // a file with exactly this name takes precedence over the pattern
  if (isThere(real(slashed))) return [pattern];
  // loaded on demand, because few runs need it
  const { isDynamicPattern } = await import('tinyglobby');
  // braces without a comma in one part would hide a pattern in another
  if (![slashed, ...slashed.split('/')].some((part) => isDynamicPattern(part))) return [pattern];
  const found = await placesOfPattern(slashed, { platform, matchesFolders, real });
  if (found.length > 0)
    return found.map((file) => (slashed === pattern ? file : file.replaceAll('/', '\\'))).sort(compareOrdinal);
  return nothingMatches(pattern);
}

const nothingMatches = (pattern: string): never =>
  fail('INPUT_FILE_NOT_FOUND', `No file matches ${pattern}; check the pattern.`, {}, { path: pattern });

/** The files that match a pattern, otherwise the folders with an ApiSchema file. Throws as `matchingFiles` does. */
async function matchingSchemas(pattern: string): Promise<readonly string[]> {
  const places = await matchingFiles(pattern, { matchesFolders: true });
  if (places.length === 1 && places[0] === pattern) return places;
  const isFolder = (place: string) => statsAt(place)?.isDirectory() === true;
  const files = places.filter((place) => !isFolder(place));
  const matches = files.length > 0 ? files : places.filter((place) => schemaFilesIn(place).length > 0);
  return matches.length > 0 ? matches : nothingMatches(pattern);
}

/** The files and folders of paths and patterns, each once. Throws the codes of `matchingFiles`. */
export async function matchingPaths(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(paths.map((each) => matchingFiles(each, { matchesFolders: true })));
  return withoutLinks(found.flat());
}

/** The only file of a path or pattern. Throws the codes of `matchingFiles`, and `INPUT_FILE_NOT_FOUND` for several. */
export async function matchingPath(pattern: string): Promise<string> {
  const files = await withoutLinks(await matchingFiles(pattern));
  const [file = pattern] = files;
  if (files.length < 2) return file;
  const text = `${pattern} matches several files: ${files.join(', ')}; name one of them.`;
  return fail('INPUT_FILE_NOT_FOUND', text, {}, { path: pattern });
}

/**
 * Replaces each pattern by its files, or by its folders with an ApiSchema file if it matches no file. Files that were
 * named before are left out. A path that is not a pattern stays as it is, so that later checks can refuse it. Throws the
 * codes of `matchingFiles`.
 */
export async function matchingInputs(
  inputs: readonly SchemaInput[],
  before: readonly SchemaInput[] = [],
): Promise<readonly SchemaInput[]> {
  const all = [...before];
  for (const input of inputs) {
    if (typeof input !== 'string') {
      all.push(input);
      continue;
    }
    const files = await matchingSchemas(input);
    const isOne = files.length === 1 && files[0] === input;
    const named = all.filter((other) => typeof other === 'string');
    const distinct = isOne ? files : (await withoutLinks([...named, ...files])).filter((file) => !named.includes(file));
    append(all, distinct);
  }
  return all.slice(before.length);
}

/** Replaces each folder by its only ApiSchema file. Throws the codes of `schemaFileIn`. */
export const filesOfFolders = (inputs: readonly SchemaInput[]): Promise<readonly SchemaInput[]> =>
  Promise.all(
    inputs.map((input) =>
      typeof input === 'string' && statsAt(input)?.isDirectory() ? schemaFileIn(input) : Promise.resolve(input),
    ),
  );
