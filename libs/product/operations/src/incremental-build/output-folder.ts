import { type Dirent, readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { DmsError, fail, mostExamples } from '@dms/diagnostics';
import { isStagingFolder, type NewFile, outputError, readInput, replaceFiles, type WrittenFile } from '@dms/files';
import { compareBy, isSameText } from '@dms/values';
import { filesOf, type StepName, setSteps } from './step-table.ts';

/** Files of Git in a folder of committed artifacts; they are never replaced. */
const filesOfGit: ReadonlySet<string> = new Set(['.gitattributes', '.gitignore']);

/** The folder of translated documents, beside the artifacts of a set (design 10 §6.1); no step reads or replaces it. */
export const translatedFolder = 'translated';

/** Whether an entry may stay in an output folder for the given files. */
function isOurs(entry: Dirent, files: ReadonlySet<string>): boolean {
  if (entry.isDirectory()) return isStagingFolder(entry.name) || entry.name === translatedFolder;
  return (files.has(entry.name) || filesOfGit.has(entry.name)) && (entry.isFile() || entry.isSymbolicLink());
}

/** Whether a folder holds entries besides the given files; false if it cannot be read. */
export function holdsForeign(folder: string, files: ReadonlySet<string>): boolean {
  try {
    return readdirSync(folder, { withFileTypes: true }).some((entry) => !isOurs(entry, files));
  } catch {
    return false;
  }
}

/** The other entries of a folder besides the given files, sorted by name; empty if it does not exist. */
async function foreignEntries(folder: string, files: ReadonlySet<string>): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !isOurs(entry, files)).sort(compareBy(({ name }) => name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw outputError(error, folder);
  }
}

/**
 * Refuses a folder that holds anything but artifacts: a command replaces the files that it finds
 * (`DDL_OUTPUT_NOT_EMPTY`, `OUTPUT_*`). A folder with the name of an artifact is `OUTPUT_FAILED`.
 */
export async function checkOutputFolder(folder: string, artifacts: ReadonlySet<string>): Promise<void> {
  const foreign = await foreignEntries(folder, artifacts);
  if (foreign.length === 0) return;
  const [inTheWay, ...others] = foreign.filter((entry) => entry.isDirectory() && artifacts.has(entry.name));
  if (inTheWay !== undefined && others.length + 1 === foreign.length) {
    const file = path.join(folder, inTheWay.name);
    const text = `${file} is a folder, where a file must be written (EISDIR); remove it, or choose another output folder.`;
    fail('OUTPUT_FAILED', text, { file }, { path: file, cause: 'EISDIR' });
  }
  const names = foreign.map(({ name }) => name);
  const listed = names.slice(0, 5).join(', ') + (names.length > 5 ? `, … (${names.length} in all)` : '');
  const text = `The output folder ${folder} holds files that this command does not write: ${listed}; choose another folder.`;
  fail('DDL_OUTPUT_NOT_EMPTY', text, { file: folder }, { folder, found: names.slice(0, mostExamples) });
}

/** The change of a file in a folder. */
export interface FileChange {
  readonly name: string;
  readonly kind: 'added' | 'changed' | 'removed';
}

async function bytesIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readInput(file);
  } catch (error) {
    if (error instanceof DmsError && error.code === 'INPUT_FILE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Whether a file has this content, ignoring the kind of line ends in a text. */
const isSameContent = (before: Buffer, after: string | Uint8Array): boolean =>
  typeof after === 'string' ? isSameText(before, Buffer.from(after)) : before.equals(after);

/**
 * The changes when `files` replace the files named in `replaced`, in the order of `replaced`. Throws `INPUT_*` where a
 * file cannot be read.
 */
export async function fileChanges(
  folder: string,
  files: readonly NewFile[],
  replaced: readonly string[],
): Promise<readonly FileChange[]> {
  const wanted = new Map(files.map(({ name, content }) => [name, content]));
  const changes: FileChange[] = [];
  for (const name of new Set([...replaced, ...wanted.keys()])) {
    const before = await bytesIfThere(path.join(folder, name));
    const after = wanted.get(name);
    if (before === undefined && after !== undefined) changes.push({ name, kind: 'added' });
    else if (before !== undefined && after === undefined) changes.push({ name, kind: 'removed' });
    else if (before !== undefined && after !== undefined && !isSameContent(before, after))
      changes.push({ name, kind: 'changed' });
  }
  return changes;
}

/**
 * Writes the files of steps into a folder of artifacts, in place of the earlier files of these steps; all other
 * artifacts stay. Throws `DDL_OUTPUT_NOT_EMPTY` and `OUTPUT_*`.
 */
export async function writeAmongArtifacts(
  folder: string,
  writer: StepName,
  files: readonly NewFile[],
  steps: readonly StepName[] = [writer],
): Promise<readonly WrittenFile[]> {
  await checkOutputFolder(folder, new Set(filesOf(setSteps)));
  return replaceFiles(folder, { writer, files, earlier: filesOf(steps), markers: [] });
}
