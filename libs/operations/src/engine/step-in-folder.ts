import type { Diagnostic } from '@dms/diagnostics';
import { inDialectOrder, type SqlDialect } from '@dms/sql';
import { type AnyStep, runStep } from './step.ts';
import { type Artifact, folderStore, targetFor } from './stores.ts';

export interface FolderStepOptions {
  /** The folder of the mapping set, with the artifacts that the step reads and writes. */
  readonly outputDirectory: string;
  /** The dialects of this run, in any order. */
  readonly dialects: readonly SqlDialect[];
  /** Further dialects of the mapping set, whose files are not changed. */
  readonly keptDialects?: readonly SqlDialect[] | undefined;
}

export interface StepResult {
  readonly artifacts: readonly Artifact[];
  /** Warnings and notes; a mistake is thrown as a `DmsError` instead. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Runs one step on the files of a folder, like a task of Nx. It first removes its earlier outputs, whatever happens
 * next, and then writes all new ones or none. A run that keeps a dialect touches only the files of its own dialects
 * (design 10 §6.3). Throws the codes of the step, `INPUT_FILE_*`, `INPUT_TOO_LARGE` and `OUTPUT_*`.
 */
export async function stepInFolder<Inputs>(
  step: AnyStep<Inputs>,
  { outputDirectory, dialects, keptDialects = [] }: FolderStepOptions,
  inputs: () => Inputs | Promise<Inputs>,
): Promise<StepResult> {
  const chosen = inDialectOrder(dialects);
  const store = folderStore(
    outputDirectory,
    keptDialects.filter((dialect) => !chosen.includes(dialect)),
    targetFor,
  );
  const diagnostics = await runStep(step, { dialects: chosen, store }, inputs);
  return { artifacts: store.artifacts, diagnostics };
}
