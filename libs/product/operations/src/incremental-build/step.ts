import type { Diagnostic } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type { ArtifactFormat, ArtifactValues, ReadableArtifact } from './artifact-formats.ts';
import {
  type ArtifactName,
  artifactFile,
  artifactsOf,
  type ReadBy,
  type StepName,
  type WrittenBy,
  writtenBy,
} from './step-table.ts';

/** The content of a file, or a function that makes it: a run without the file does not call it. */
export type Content = string | Uint8Array | (() => string | Uint8Array | Promise<string | Uint8Array>);

/** An artifact made by a step: its content and, if later steps read it, its value. */
export type Made<Name extends ArtifactName = ArtifactName> = {
  [Each in Name]: {
    readonly artifact: Each;
    /** Only for an artifact with one file per dialect. */
    readonly dialect?: SqlDialect;
    readonly content: Content;
  } & (Each extends ReadableArtifact ? { readonly value: ArtifactValues[Each] } : unknown);
}[Name];

/** The context of a step. */
export interface StepContext<Name extends StepName> {
  /** The dialects of this run, `pgsql` before `mssql`. */
  readonly dialects: readonly SqlDialect[];
  /** Reads an artifact that the table lists under `reads` of the step. */
  read<Read extends ReadBy<Name> & ReadableArtifact>(
    format: ArtifactFormat<Read>,
    dialect?: SqlDialect,
  ): Promise<ArtifactValues[Read]>;
  /** The SHA-256 of such an artifact, in lower-case hex. */
  hashOf(artifact: ReadBy<Name> & ReadableArtifact, dialect: SqlDialect): Promise<string>;
  /** Does the work for each dialect in turn, and reports progress. */
  perDialect<Result>(work: (dialect: SqlDialect) => Result | Promise<Result>): Promise<Result[]>;
}

/** The result of a step; the table says what `made` must contain. */
interface StepOutput<Name extends StepName> {
  readonly made: readonly Made<Extract<WrittenBy<Name>, ArtifactName>>[];
  /** Warnings and notes; a mistake is thrown as a `DmsError` instead. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The work of a row of the table. `Inputs` are its inputs besides artifacts of earlier steps. */
export interface Step<Name extends StepName, Inputs = undefined> {
  readonly name: Name;
  run(context: StepContext<Name>, inputs: Inputs): Promise<StepOutput<Name>>;
}

/** The step of any row. */
export type AnyStep<Inputs = undefined> = { [Name in StepName]: Step<Name, Inputs> }[StepName];

/** The store from which steps read the artifacts of earlier steps; `Kinds` limits a reader to some artifacts. */
export interface ArtifactReader<Kinds extends ReadableArtifact = ReadableArtifact> {
  read<Name extends Kinds>(format: ArtifactFormat<Name>, dialect?: SqlDialect): Promise<ArtifactValues[Name]>;
}

/** A reader that can also store new artifacts. */
export interface ArtifactStore extends ArtifactReader {
  /** The SHA-256 of an artifact, in lower-case hex. */
  hashOf(artifact: ReadableArtifact, dialect: SqlDialect): Promise<string>;
  /** Removes the outputs of an earlier run of the step, except files that concurrent runs may need. */
  clear(step: StepName): Promise<void>;
  /** Removes the files that `clear` has left, because the step failed. */
  abandon(step: StepName): Promise<void>;
  /** Stores all results of a step, or none. */
  keep(step: StepName, made: readonly Made[]): Promise<void>;
}

export interface StepRun {
  readonly dialects: readonly SqlDialect[];
  readonly store: ArtifactStore;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
}

/**
 * Runs a step: removes its earlier outputs, does its work, and keeps its results, which must match the declaration in
 * the table.
 *
 * @returns warnings and notes
 * @param inputs read only after the earlier outputs are removed, so that a mistake in the inputs does not leave them
 * behind
 */
export async function runStep<Inputs>(
  step: AnyStep<Inputs>,
  { dialects, store, onProgress }: StepRun,
  inputs: () => Inputs | Promise<Inputs>,
): Promise<readonly Diagnostic[]> {
  await store.clear(step.name);
  const context: StepContext<StepName> = {
    dialects,
    read: (format, dialect) => store.read(format, dialect),
    hashOf: (artifact, dialect) => store.hashOf(artifact, dialect),
    async perDialect(work) {
      const results = [];
      for (const dialect of dialects) {
        onProgress?.(`${step.name} ${dialect}`);
        results.push(await work(dialect));
      }
      return results;
    },
  };
  try {
    const { made, diagnostics } = await step.run(context, await inputs());
    checkMade(step.name, dialects, made);
    await store.keep(step.name, made);
    return diagnostics;
  } catch (error) {
    await store.abandon(step.name);
    throw error;
  }
}

/** Checks the results against the declaration: otherwise Nx would not cache a file, or would cache an old one. */
function checkMade(step: StepName, dialects: readonly SqlDialect[], made: readonly Made[]): void {
  const names = made.map(({ artifact, dialect }) => artifactFile(artifact, dialect));
  const lacking = writtenBy(step).flatMap(({ name, mayLack }) =>
    mayLack ? dialects.map((dialect) => artifactFile(name, dialect)).filter((file) => !names.includes(file)) : [],
  );
  const declared = artifactsOf(step, dialects).filter((file) => !lacking.includes(file));
  if (names.sort().join(', ') !== declared.sort().join(', '))
    throw new Error(`${step} declares ${declared.join(', ')}, but made ${names.join(', ')}.`);
}
