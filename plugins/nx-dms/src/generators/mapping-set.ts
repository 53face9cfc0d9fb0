import path from 'node:path';
import { fail, formatDiagnostic } from '@dms/diagnostics';
import { statsAt } from '@dms/files';
import {
  closingLines,
  commandsOfNx,
  isInside,
  isPattern,
  mappingSetFile,
  type NewSet,
  newSetOptions,
  nxPath,
  planNewSet,
  type Question,
  withIgnoredLine,
} from '@dms/operations';
import { logger, type Tree } from 'nx/src/devkit-exports';
import type * as z from 'zod/mini';
import { formatWritten, reporting, typedPath } from './generator-run.ts';
import type { NewMappingSetOptions } from './generators.ts';
import { expectRegistered } from './registration.ts';

/**
 * Adds a mapping set: the door of Nx to the operation of the command `init` (design 10 §8). Paths are relative to the
 * workspace.
 *
 * @param ask asks on a terminal for what no option says
 */
export function mappingSetGenerator(
  tree: Tree,
  options: NewMappingSetOptions,
  ask: typeof askOnTerminal | undefined = canAsk() ? askOnTerminal : undefined,
): Promise<void> {
  return reporting(() => addMappingSet(tree, options, ask));
}

async function addMappingSet(
  tree: Tree,
  { name, schema = [], dialect, mappingVersion, output, skipFormat = false }: NewMappingSetOptions,
  ask: typeof askOnTerminal | undefined,
): Promise<void> {
  expectRegistered(tree);
  expectValid({ schema, dialect, mappingVersion });
  const inWorkspace = (place: string) => path.join(tree.root, typedPath(place));
  // a text that is neither a file nor a pattern is the name of a project
  const isPlace = (entry: string) => isPattern(entry) || statsAt(inWorkspace(entry)) !== undefined;
  const placeOf = (entry: string) => (isPlace(entry) ? here(inWorkspace(entry)) : entry);
  const planned = await planNewSet(
    {
      name,
      schema: schema.map((entry) => placeOf(entry.trim())),
      dialect,
      mappingVersion,
      output: here(inWorkspace(output === undefined ? `mapping-sets/${name}` : placeInWorkspace(output))),
    },
    { onQuestion: ask },
  );
  const { file, text, ignored, version, diagnostics } = planned;
  const write = (place: string, content: string | Buffer) =>
    tree.write(path.relative(tree.root, path.resolve(place)), content);
  const inTree = path.relative(tree.root, path.resolve(file));
  // another generator of the same run may have written it
  if (tree.exists(inTree))
    fail('CONFIG_EXISTS', `${nxPath(inTree)} is there already, and nothing is replaced.`, {}, { path: nxPath(inTree) });
  write(file, text);
  if (ignored !== null) write(ignored.file, withLine(tree, ignored));
  if (!skipFormat) await formatWritten(tree);
  logger.info(closingLines(version, commandsOfNx(name)).join('\n'));
  for (const entry of diagnostics) logger.warn(formatDiagnostic(entry));
}

/** The `.gitignore` with the new line; another generator of the same run may have changed it. */
function withLine(tree: Tree, { file, entry, bytes }: NonNullable<NewSet['ignored']>): Buffer {
  const inTree = path.relative(tree.root, path.resolve(file));
  const changed = tree.listChanges().find((change) => change.path === inTree)?.content;
  if (changed === undefined || changed === null) return bytes;
  const isThere = changed.toString('utf8').split(/\r?\n/).includes(entry);
  return isThere ? changed : withIgnoredLine(changed, entry);
}

/** Checks options as the command line does, because the answer to a question of Nx may be an empty list. */
function expectValid(given: Readonly<Record<string, unknown>>): void {
  for (const [option, value] of Object.entries(given)) {
    const [issue] =
      new Map<string, z.ZodMiniType>(Object.entries(newSetOptions)).get(option)?.safeParse(value).error?.issues ?? [];
    if (issue === undefined) continue;
    const message = `--${option} is ${JSON.stringify(value)}. ${issue.message}`;
    fail('GENERATOR_OPTION_INVALID', message, {}, { option, expected: issue.message });
  }
}

/** A path as the operation reads it, relative to the current folder. */
const here = (place: string): string => path.relative('.', place) || '.';

/** The given file or folder; throws `GENERATOR_OPTION_INVALID` for a place where Nx finds no mapping set. */
function placeInWorkspace(output: string): string {
  const place = typedPath(output);
  if (isInside(place) && (!place.endsWith('.json') || path.posix.basename(place) === mappingSetFile)) return place;
  const expected = `a folder inside the workspace, or a ${mappingSetFile} in it`;
  const message = `--output is ${JSON.stringify(output)}; expected ${expected}.`;
  return fail('GENERATOR_OPTION_INVALID', message, { file: nxPath(place) }, { option: 'output', expected });
}

/** Asks a person, who chooses from a list. Throws `GENERATOR_OPTION_INVALID` if the question is cancelled. */
async function askOnTerminal({ text, answers, chosen, several, option }: Question): Promise<readonly string[]> {
  // loaded on demand: a run without a terminal does not need it
  const { isCancel, multiselect, select } = await import('@clack/prompts');
  const question = { message: text, options: answers.map((answer) => ({ ...answer })) };
  const [first = ''] = chosen;
  const answer = await (several
    ? multiselect({ ...question, initialValues: [...chosen] })
    : select({ ...question, initialValue: first }));
  if (!isCancel(answer)) return [answer].flat();
  const message = `The question was not answered; nothing was written. Answer it, or give --${option}.`;
  return fail('GENERATOR_OPTION_INVALID', message, {}, { option, expected: 'an answer' });
}

/** Whether a user can answer: `nx g` runs on a terminal, and no option or environment variable forbids prompts. */
function canAsk(): boolean {
  const isRefused = process.argv.some((argument) => /^--(?:no-interactive|interactive=false)$/.test(argument));
  const isSilent = isRefused || process.env.NX_INTERACTIVE === 'false' || (process.env.CI ?? 'false') !== 'false';
  return !isSilent && process.stdin.isTTY === true && process.stdout.isTTY === true;
}
