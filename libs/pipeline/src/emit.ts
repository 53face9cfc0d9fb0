import { type ApiSchemaDocument, type EffectiveSchemaManifest, loadApiSchemaFiles } from '@dms/api-schema';
import type { Diagnostic } from '@dms/diagnostics';
import { dialects as allDialects, type SqlDialect } from '@dms/sql';
import { manifestFormat } from './artifact-formats.ts';
import { compilePlansStep } from './compile-plans.ts';
import { deriveInventoryStep } from './derive-inventory.ts';
import { deriveModelStep } from './derive-model.ts';
import { emitDdlStep } from './emit-ddl.ts';
import { checkOutputFolder } from './output-folder.ts';
import { runStep, type StepRun } from './step.ts';
import { emitSteps, filesOf, setSteps, vouchingFiles } from './step-table.ts';
import { type Artifact, type MemoryStore, memoryStore, newFile, writeArtifacts } from './stores.ts';

export interface EmitOptions {
  /** ApiSchema files in any order. */
  readonly schemas: readonly string[];
  readonly dialects: readonly SqlDialect[];
  readonly outputDirectory: string;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: (part: string) => void;
}

export interface EmitResult {
  readonly info: EffectiveSchemaManifest;
  readonly artifacts: readonly Artifact[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The work of each step: a row of the table that `emit` runs and that is not here does not compile. */
const furtherSteps = {
  'derive-inventory': deriveInventoryStep,
  'compile-plans': compilePlansStep,
  'emit-ddl': emitDdlStep,
} satisfies Record<Exclude<(typeof emitSteps)[number], 'derive-model'>, unknown>;

/** Runs the steps that make the artifacts of a set of documents, each on what the earlier ones have left in `store`. */
async function compile(documents: readonly ApiSchemaDocument[], run: StepRun): Promise<readonly Diagnostic[]> {
  const diagnostics = await runStep(deriveModelStep, run, () => documents);
  for (const step of Object.values(furtherSteps)) await runStep(step, run, () => undefined);
  return diagnostics;
}

/**
 * `dms-ddl emit`: every step in one process, each file byte-equal to that of the Nx target (design 06 §9). All texts are
 * computed before the first file is written; a mistake leaves the folder as it was, and the set is replaced as a whole.
 */
export async function emit({ schemas, dialects, outputDirectory, onProgress }: EmitOptions): Promise<EmitResult> {
  onProgress?.('load');
  const documents = await loadApiSchemaFiles(schemas.map((file) => ({ file })));
  // what other steps have said of an earlier set goes with it
  const all = filesOf(setSteps);
  await checkOutputFolder(outputDirectory, new Set(all));
  const chosen = allDialects.filter((dialect) => dialects.includes(dialect));
  const store = memoryStore();
  const diagnostics = await compile(documents, { dialects: chosen, store, onProgress });
  onProgress?.('write');
  const files = filesOf(emitSteps, chosen).map((name) => newFile(name, made(store, name)));
  const set = { writer: 'emit', files, earlier: all, vouching: vouchingFiles(emitSteps) };
  const artifacts = await writeArtifacts(outputDirectory, set);
  return { info: await store.read(manifestFormat), artifacts, diagnostics };
}

function made({ files }: MemoryStore, name: string): string | Uint8Array {
  const content = files.get(name);
  if (content === undefined) throw new Error(`${name} was not made.`);
  return content;
}
