import path from 'node:path';
import { counted, type Diagnostic, DmsError, diagnostic, failIfAny } from '@dms/diagnostics';
import { readInput } from '@dms/files';
import { emitSteps, filesOf, filesOfAllDialects, type SqlDialect } from '@dms/operations';
import { isSameText, withLineFeeds } from '@dms/values';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { folderOf, type MappingSetTask, mappingSetExecutor } from './mapping-set-task.ts';
import type { GoldenOptions } from './task-options.ts';

interface GoldenComparison {
  /** The absolute folder of the workspace; the other folders are relative to it. */
  readonly root: string;
  readonly outputDirectory: string;
  readonly golden: string;
  /** The names of the files to compare: those in `golden`. */
  readonly artifacts: readonly string[];
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
export function comparedArtifacts(chosen: readonly SqlDialect[], all: readonly SqlDialect[]): string[] {
  const partial = chosen.length < all.length ? filesOfAllDialects(emitSteps) : [];
  return filesOf(emitSteps, chosen).filter((name) => !partial.includes(name));
}

/**
 * Compares artifacts with the committed files of the same name, byte for byte except for line ends, which Git may have
 * changed; skips artifacts that are not committed. Reports every difference as `GOLDEN_DIFFERS`.
 *
 * @returns a line with the number of compared files
 */
export async function compareWithGolden(comparison: GoldenComparison): Promise<string> {
  const { root, outputDirectory, golden, artifacts } = comparison;
  const differences: Diagnostic[] = [];
  let compared = 0;
  for (const name of artifacts) {
    const committed = await readIfThere(root, path.posix.join(golden, name));
    if (committed === undefined) continue;
    compared += 1;
    const built = await readIfThere(root, path.posix.join(outputDirectory, name));
    if (built === undefined || !isSameText(built, committed))
      differences.push(difference(name, committed, built, comparison));
  }
  failIfAny(differences);
  return `${golden}  ${compared} of ${counted(artifacts.length, 'artifact')} compared`;
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
    const line = await compareWithGolden({
      root: task.root,
      outputDirectory: task.outputFolder,
      golden: folderOf(task, 'golden'),
      artifacts: comparedArtifacts(task.dialects, task.mappingSet.dialects),
      acceptCommand,
    });
    return { lines: [line], diagnostics: [] };
  },
);
