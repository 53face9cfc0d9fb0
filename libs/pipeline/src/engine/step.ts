import type { Diagnostic } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type { ArtifactFormat, ArtifactValues, ReadableArtifact } from './artifact-formats.ts';
import { type ArtifactName, artifactFile, artifactsOf, type ReadBy, type StepName, type WrittenBy } from './step-table.ts';

/** An artifact that a step has made: its content and, where later steps read it, the value that it stands for. */
export type Made<Name extends ArtifactName = ArtifactName> = {
  [Each in Name]: {
    readonly artifact: Each;
    /** Where there is one file of each dialect. */
    readonly dialect?: SqlDialect;
    readonly content: string | Uint8Array;
  } & (Each extends ReadableArtifact ? { readonly value: ArtifactValues[Each] } : unknown);
}[Name];

/** What a step has to work with. */
export interface StepContext<Name extends StepName> {
  /** Those of this run, `pgsql` before `mssql`. */
  readonly dialects: readonly SqlDialect[];
  /** An artifact that the table lists among those that the step reads. */
  read<Read extends ReadBy<Name> & ReadableArtifact>(
    format: ArtifactFormat<Read>,
    dialect?: SqlDialect,
  ): Promise<ArtifactValues[Read]>;
  /** Does the work of one dialect after that of another, and tells those who watch. */
  perDialect<Result>(work: (dialect: SqlDialect) => Result | Promise<Result>): Promise<Result[]>;
}

/** What a step hands over; the table says what `made` must hold. */
export interface StepOutput<Name extends StepName> {
  readonly made: readonly Made<Extract<WrittenBy<Name>, ArtifactName>>[];
  /** Warnings and notes; a mistake is thrown as a `DmsError` instead. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The work of a row of the table. `Inputs` is what it takes beside artifacts of earlier steps. */
export interface Step<Name extends StepName, Inputs = undefined> {
  readonly name: Name;
  run(context: StepContext<Name>, inputs: Inputs): Promise<StepOutput<Name>>;
}

/** A step of any row. */
export type AnyStep<Inputs = undefined> = { [Name in StepName]: Step<Name, Inputs> }[StepName];

/** Where steps find what earlier steps have made; a reader of few kinds of artifacts names them. */
export interface ArtifactReader<Kinds extends ReadableArtifact = ReadableArtifact> {
  read<Name extends Kinds>(format: ArtifactFormat<Name>, dialect?: SqlDialect): Promise<ArtifactValues[Name]>;
}

/** The same, and where they leave what they make. */
export interface ArtifactStore extends ArtifactReader {
  /** Takes away what an earlier run of the step has left, but for what others may need at the same time. */
  clear(step: StepName): Promise<void>;
  /** Takes away also that, as the step failed. */
  abandon(step: StepName): Promise<void>;
  /** Keeps all that a step has made, or nothing of it. */
  keep(step: StepName, made: readonly Made[]): Promise<void>;
}

export interface StepRun {
  readonly dialects: readonly SqlDialect[];
  readonly store: ArtifactStore;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
}

/**
 * Runs a step: takes away its earlier outputs, lets it work, and keeps what it has made, which must be what the table declares.
 *
 * @returns warnings and notes
 * @param inputs read only when the earlier outputs are gone: what is wrong with them must not leave these
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

/** What is declared and what is done cannot differ: Nx would not keep the file, or keep an old one. */
function checkMade(step: StepName, dialects: readonly SqlDialect[], made: readonly Made[]): void {
  const declared = artifactsOf(step, dialects).sort().join(', ');
  const names = made.map(({ artifact, dialect }) => artifactFile(artifact, dialect));
  if (names.sort().join(', ') !== declared) throw new Error(`${step} declares ${declared}, but made ${names.join(', ')}.`);
}
