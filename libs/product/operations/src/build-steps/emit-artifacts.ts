import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  type ApiSchemaDocument,
  coreFirst,
  defaultMappingVersion,
  readSchemas,
  type SchemaInput,
  type StoredEffectiveSchema,
} from '@dms/api-schema';
import { append, type Diagnostic, DmsError, failIfAny } from '@dms/diagnostics';
import { expectUncancelled, isThere, type NewFile, replaceFiles } from '@dms/files';
import type { MappingVersion } from '@dms/model';
import { inDialectOrder, type SqlDialect } from '@dms/sql';
import { manifestFormat } from '../incremental-build/artifact-formats.ts';
import { namingFilesOf, projectFiles, withFiles } from '../incremental-build/name-files.ts';
import { checkOutputFolder, type FileChange, fileChanges } from '../incremental-build/output-folder.ts';
import { limitHeapGrowth } from '../incremental-build/short-run.ts';
import { runStep, type StepRun } from '../incremental-build/step.ts';
import {
  artifactFile,
  chosenArtifacts,
  type EmittedArtifact,
  emitSteps,
  filesOf,
  markerFiles,
  readsOf,
  type StepName,
  setSteps,
} from '../incremental-build/step-table.ts';
import { type Artifact, memoryStore } from '../incremental-build/stores.ts';
import { compilePlansStep } from './compile-plans.ts';
import type { EarlierSetOptions } from './derive-earlier-mapping.ts';
import { deriveInventoryStep } from './derive-inventory.ts';
import { deriveModelStep } from './derive-model.ts';
import { deriveOdsMappingStep, type OdsMappingInputs, readOdsOverrides } from './derive-ods-mapping.ts';
import { emitDdlStep } from './emit-ddl.ts';

interface EmitArtifactsOptions {
  /** ApiSchemas in any order. */
  readonly schemas: readonly SchemaInput[];
  /** `v1` by default. */
  readonly mappingVersion?: MappingVersion | undefined;
  readonly dialects: readonly SqlDialect[];
  readonly outputDirectory: string;
  /** A file of ODS overrides. */
  readonly odsOverrides?: string | undefined;
  /** An earlier version; the mapping of its ODS tables to the later ones is then written too. */
  readonly earlier?: EarlierSetOptions | undefined;
  /** The artifacts to write; all of them by default. */
  readonly only?: readonly EmittedArtifact[] | undefined;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
  /** Ends the run before it changes a file: `OUTPUT_CANCELLED`. */
  readonly signal?: AbortSignal | undefined;
}

export interface EmittedArtifacts {
  readonly info: StoredEffectiveSchema;
  /** The files that were read, the core first. */
  readonly documents: readonly ApiSchemaDocument[];
  readonly artifacts: readonly Artifact[];
  /** Files of other commands for an earlier set that were removed with it. */
  readonly removed: readonly string[];
  /** Warnings and notes. */
  readonly diagnostics: readonly Diagnostic[];
}

interface EmitComparison {
  readonly info: StoredEffectiveSchema;
  /** The number of compared artifacts. */
  readonly compared: number;
  /** The changes that `emit` would make in the folder. */
  readonly changes: readonly FileChange[];
  /** Warnings and notes. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The steps after the model. A missing row of the table is a compile error here. */
const furtherSteps = {
  'derive-inventory': deriveInventoryStep,
  'compile-plans': compilePlansStep,
  'emit-ddl': emitDdlStep,
} satisfies Record<Exclude<(typeof emitSteps)[number], 'derive-model' | 'derive-ods-mapping'>, unknown>;

/**
 * `dms-ddl emit`: runs every step in one process; each file is byte-equal to that of the Nx target (design 06 §9). All
 * texts are computed before the first file is written; a mistake leaves the folder as it was, and the set is replaced
 * as a whole.
 */
export async function emitArtifacts(options: EmitArtifactsOptions): Promise<EmittedArtifacts> {
  const { info, documents, files, diagnostics } = await emitted(options);
  options.onProgress?.('write');
  const { signal, outputDirectory } = options;
  const steps = stepsOf(options);
  const removed = await outdated(outputDirectory, steps, files);
  const earlier = [...filesOf(steps), ...removed];
  const set = { writer: 'emit', files, earlier, markers: markerFiles(steps), signal };
  const artifacts = await replaceFiles(outputDirectory, set);
  return { info, documents, artifacts, removed, diagnostics };
}

/** Makes everything that `emit` writes, in memory; nothing is written. */
async function emitted({ schemas, mappingVersion = defaultMappingVersion, ...options }: EmitArtifactsOptions) {
  const { dialects, outputDirectory, odsOverrides, earlier, only, onProgress, signal } = options;
  const { steps, isWritten } = chosenArtifacts(only);
  onProgress?.('load');
  const loaded = await readSchemas(schemas);
  const overrides = await readOdsOverrides(odsOverrides);
  limitHeapGrowth();
  await checkOutputFolder(outputDirectory, new Set(filesOf(setSteps))).catch((error: unknown) => {
    // errors of the input are reported first, all at once
    if (error instanceof DmsError) failIfAny([...loaded.unread, ...error.diagnostics]);
    throw error;
  });
  const chosen = inDialectOrder(dialects);
  const store = memoryStore();
  const set = { ...loaded, mappingVersion, overrides };
  const run = { dialects: chosen, store, onProgress };
  const read = earlier === undefined ? [] : readsOf('derive-earlier-mapping');
  const needed = new Set([...steps, ...read.map(({ writer }) => writer)]);
  const diagnostics = [...(await compile(set, needed, run, signal))];
  if (earlier !== undefined) {
    // loaded on demand: few runs have one, and it needs translations, documents and packs
    const { deriveEarlierMappingStep } = await import('./derive-earlier-mapping.ts');
    onProgress?.(deriveEarlierMappingStep.name);
    append(diagnostics, await runStep(deriveEarlierMappingStep, run, () => earlier));
  }
  const files: NewFile[] = [];
  const written = [
    ...filesOf(emitSteps, chosen).filter(isWritten),
    ...(earlier === undefined ? [] : [artifactFile('earlierMapping')]),
  ];
  for (const name of written) files.push({ name, content: await store.contentOf(name) });
  return { info: await store.read(manifestFormat), documents: coreFirst(loaded.documents), files, diagnostics };
}

/** The steps whose files `emit` writes or removes. */
const stepsOf = ({ earlier }: Pick<EmitArtifactsOptions, 'earlier'>): readonly StepName[] =>
  earlier === undefined ? emitSteps : [...emitSteps, 'derive-earlier-mapping'];

/**
 * The files of other commands that are removed with the set that a run replaces: all, unless the run changes nothing,
 * so that they still belong to the same set (design 06 §9).
 */
async function outdated(
  folder: string,
  steps: readonly StepName[],
  files: readonly NewFile[],
  changes?: readonly FileChange[],
): Promise<readonly string[]> {
  const others = filesOfOthers(folder, steps);
  if (others.length === 0) return [];
  const found = changes ?? (await fileChanges(folder, files, filesOf(steps)));
  return found.length === 0 ? [] : others;
}

/** The files that other commands wrote into a folder of artifacts, in the order of design 06 §9. */
const filesOfOthers = (folder: string, steps: readonly StepName[]): readonly string[] => {
  const own = new Set(filesOf(steps));
  return filesOf(setSteps).filter((name) => !own.has(name) && isThere(path.join(folder, name)));
};

/**
 * Runs the steps that make the artifacts of a set of documents, each on the results of earlier steps in `store`. Throws
 * the codes of the steps, with the files of the diagnostics.
 */
export async function compile(
  schemas: OdsMappingInputs,
  chosen: ReadonlySet<StepName>,
  run: StepRun,
  signal?: AbortSignal,
): Promise<readonly Diagnostic[]> {
  const files = projectFiles(schemas.documents);
  const diagnostics = await runStep(deriveModelStep, run, () => schemas);
  for (const step of Object.values(furtherSteps).filter(({ name }) => chosen.has(name))) {
    // a signal can only arrive between two steps, because each computes without a pause
    await setImmediate();
    expectUncancelled(signal);
    await namingFilesOf(files, () => runStep(step, run, () => undefined));
  }
  if (chosen.has(deriveOdsMappingStep.name)) {
    run.onProgress?.(deriveOdsMappingStep.name);
    // its warnings concern work with an ODS; the commands that read the mapping print them
    await runStep(deriveOdsMappingStep, run, () => schemas);
  }
  return withFiles(files, diagnostics);
}

/** `dms-ddl emit --check`: finds the changes that `emit` would make in the folder; nothing is changed. */
export async function compareEmitted(options: EmitArtifactsOptions): Promise<EmitComparison> {
  const { info, files, diagnostics } = await emitted(options);
  options.onProgress?.('compare');
  const { outputDirectory } = options;
  const steps = stepsOf(options);
  const own = await fileChanges(outputDirectory, files, filesOf(steps));
  const removed = (await outdated(outputDirectory, steps, files, own)).map(
    (name) => ({ name, kind: 'removed' }) as const,
  );
  return { info, compared: files.length, changes: [...own, ...removed], diagnostics };
}
