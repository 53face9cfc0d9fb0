import type { Diagnostic } from '@dms/diagnostics';
import { dialects as allDialects, type SqlDialect } from '@dms/sql';
import { type AnyStep, runStep } from './step.ts';
import { type Artifact, folderStore } from './stores.ts';

export interface FolderStepOptions {
  /** The folder of the mapping set: of the artifacts that the step reads, and of those that it writes. */
  readonly outputDirectory: string;
  /** Those of this run, in any order. */
  readonly dialects: readonly SqlDialect[];
  /** Further dialects of the mapping set, whose files stay as they are. */
  readonly spared?: readonly SqlDialect[] | undefined;
}

export interface StepResult {
  readonly artifacts: readonly Artifact[];
  /** Warnings and notes; a mistake is thrown as a `DmsError` instead. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Runs one step on the files of a folder, as a task of Nx does. Its earlier outputs are gone first, whatever happens then; the new
 * ones are there all together or not at all. A run that spares a dialect touches the files of its own only (design 10 §6.3). Throws
 * the codes of the step, `INPUT_FILE_*`, `INPUT_TOO_LARGE` and `OUTPUT_*`.
 */
export async function stepInFolder<Inputs>(
  step: AnyStep<Inputs>,
  { outputDirectory, dialects, spared = [] }: FolderStepOptions,
  inputs: () => Inputs | Promise<Inputs>,
): Promise<StepResult> {
  const chosen = allDialects.filter((dialect) => dialects.includes(dialect));
  const store = folderStore(
    outputDirectory,
    spared.filter((dialect) => !chosen.includes(dialect)),
  );
  const diagnostics = await runStep(step, { dialects: chosen, store }, inputs);
  return { artifacts: store.artifacts, diagnostics };
}
