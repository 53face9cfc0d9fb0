import { readdirSync } from 'node:fs';
import path from 'node:path';
import { alternatives, counted, type Diagnostic, DmsError, diagnostic, fail, failIfAny } from '@dms/diagnostics';
import { inputError, readInput, statsAt } from '@dms/files';
import { emitSteps, filesOf, filesOfAllDialects, type SqlDialect } from '@dms/operations';
import { compareOrdinal, expectNoPointer, isSameText, withLineFeeds } from '@dms/values';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { holdsMore } from '../unseen-files.ts';
import { folderOf, type MappingSetTask, mappingSetExecutor } from './mapping-set-task.ts';
import type { GoldenOptions } from './task-options.ts';

interface GoldenComparison {
  /** The absolute folder of the workspace; the other folders are relative to it. */
  readonly root: string;
  readonly outputDirectory: string;
  /** The `dms.json` that names the folder. */
  readonly file: string;
  readonly golden: string;
  /** The names of the artifacts that the run compares if they are in `golden`. */
  readonly artifacts: readonly string[];
  /** The names that some run of the set compares; null if `golden` is a folder of other files too. */
  readonly known: readonly string[] | null;
  /** The command that accepts the artifacts; by default a copy of the files. */
  readonly acceptCommand: string | undefined;
}

/** The maximum number of diff lines to print; they show the kind of change and need not be complete. */
const diffLines = 60;
const diffWidth = 200;

/**
 * The artifacts of a mapping set that a run compares. A manifest of several dialects contains the dialects of its run,
 * which may be fewer than in the committed manifest, so it is compared only if all dialects run.
 */
function comparedArtifacts(chosen: readonly SqlDialect[], all: readonly SqlDialect[]): string[] {
  const partial = chosen.length < all.length ? filesOfAllDialects(emitSteps) : [];
  return filesOf(emitSteps, chosen).filter((name) => !partial.includes(name));
}

/**
 * Compares artifacts with the committed files of the same name, byte for byte except for line ends, which Git may have
 * changed; skips artifacts that are not committed. Reports every difference as `GOLDEN_DIFFERS`, and what would compare
 * nothing: a folder that does not exist as `GOLDEN_MISSING`, a file that is no artifact of the set as `GOLDEN_UNKNOWN`,
 * a run without a committed artifact as `GOLDEN_EMPTY`.
 *
 * @returns a line with the number of compared files
 */
export async function compareWithGolden(comparison: GoldenComparison): Promise<string> {
  const { root, outputDirectory, golden, artifacts } = comparison;
  const there = namesIn(comparison);
  const problems = unknownFiles(there, comparison);
  const compared = artifacts.filter((name) => there.includes(name));
  for (const name of compared) {
    const place = path.posix.join(golden, name);
    const committed = await readInput(path.join(root, place), place);
    expectNoPointer(committed, place);
    const built = await readIfThere(root, path.posix.join(outputDirectory, name));
    if (built === undefined || !isSameText(built, committed))
      problems.push(difference(name, committed, built, comparison));
  }
  failIfAny(problems);
  if (compared.length === 0) failEmpty(there, comparison);
  return `${golden}  ${compared.length} of ${counted(artifacts.length, 'artifact')} compared`;
}

/** The names in the folder. Throws `GOLDEN_MISSING`. */
function namesIn({ root, file, golden }: GoldenComparison): string[] {
  const folder = path.join(root, golden);
  const found = statsAt(folder, golden);
  if (found?.isDirectory() !== true) {
    const what = found === undefined ? 'does not exist' : 'is not a folder';
    const message = `/golden names ${golden}, which ${what}, so nothing would be compared; copy the artifacts that you accept into a folder, and name it.`;
    fail('GOLDEN_MISSING', message, { file, path: '/golden' }, { golden });
  }
  try {
    return readdirSync(folder).sort(compareOrdinal);
  } catch (error) {
    throw inputError(error, folder, golden);
  }
}

/** The files that look like artifacts, and that no run of the set compares. */
function unknownFiles(there: readonly string[], { golden, known }: GoldenComparison): Diagnostic[] {
  if (known === null) return [];
  const unknown = there.filter((name) => /\.(?:json|sql)$/i.test(name) && !known.includes(name));
  return unknown.map((name) => {
    const file = path.posix.join(golden, name);
    const message = `${name} is no artifact that check-golden compares in this set, so it would never be compared; rename or remove it${alternatives(name, known)}`;
    return diagnostic('GOLDEN_UNKNOWN', message, { file }, { name });
  });
}

function failEmpty(there: readonly string[], { file, golden, artifacts, known }: GoldenComparison): never {
  const others = there.filter((name) => known?.includes(name));
  const reason = others.length === 0 ? '' : ` (this run leaves out ${others.join(', ')})`;
  const message = `${golden} holds none of the ${counted(artifacts.length, 'artifact')} that this run compares${reason}, so nothing was compared; copy those that you accept into it: ${artifacts.join(', ')}.`;
  return fail('GOLDEN_EMPTY', message, { file, path: '/golden' }, { golden, artifacts });
}

const textOf = (bytes: Buffer) => withLineFeeds(bytes).toString('utf8');

function difference(
  name: string,
  committed: Buffer,
  built: Buffer | undefined,
  { outputDirectory, golden, acceptCommand }: GoldenComparison,
): Diagnostic {
  const committedFile = path.posix.join(golden, name);
  const builtFile = path.posix.join(outputDirectory, name);
  const where = { file: committedFile };
  if (built === undefined) {
    return diagnostic('GOLDEN_DIFFERS', `${builtFile}, with which it is compared, was not built.`, where, {
      built: builtFile,
    });
  }
  const command = acceptCommand ?? `cp ${builtFile} ${committedFile}`;
  const diff = diffText(committedFile, builtFile, textOf(committed), textOf(built));
  const message = `This differs from the built file. Look at the difference, and accept it with: ${command}\n${diff}`;
  return diagnostic('GOLDEN_DIFFERS', message, where, { built: builtFile, diff, command });
}

function diffText(committedFile: string, builtFile: string, committed: string, built: string): string {
  // Limits the work and not the time, because the output must not depend on the speed of the machine.
  const options = { context: 2, maxEditLength: 4000, headerOptions: FILE_HEADERS_ONLY };
  const patch = createTwoFilesPatch(committedFile, builtFile, committed, built, undefined, undefined, options);
  if (patch === undefined) return 'There are too many differences to show them line by line.';
  const lines = patch.trimEnd().split('\n');
  const shown = lines
    .slice(0, diffLines)
    .map((line) => (line.length > diffWidth ? `${line.slice(0, diffWidth)}…` : line));
  const rest = lines.length - shown.length;
  return [...shown, ...(rest > 0 ? [`… and ${counted(rest, 'more line')}`] : [])].join('\n');
}

async function readIfThere(root: string, name: string): Promise<Buffer | undefined> {
  try {
    return await readInput(path.join(root, name), name);
  } catch (error) {
    if (error instanceof DmsError && error.diagnostics[0]?.code === 'INPUT_FILE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Compares the artifacts of a mapping set with the committed ones. */
export const checkGolden = /* @__PURE__ */ mappingSetExecutor(
  'check-golden',
  async (task: MappingSetTask, { acceptCommand }: GoldenOptions) => {
    const golden = folderOf(task, 'golden');
    const places = { root: path.posix.dirname(task.file), outputDirectory: task.outputFolder };
    const line = await compareWithGolden({
      root: task.root,
      outputDirectory: task.outputFolder,
      file: task.file,
      golden,
      artifacts: comparedArtifacts(task.dialects, task.mappingSet.dialects),
      known: holdsMore(golden, places) ? null : filesOf(emitSteps, task.mappingSet.dialects),
      acceptCommand,
    });
    return { lines: [line], diagnostics: [] };
  },
);
