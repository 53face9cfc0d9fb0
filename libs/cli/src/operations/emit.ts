import {
  type EmittedArtifact,
  emitOperation,
  type MappingVersion,
  type SchemaInput,
  type SqlDialect,
} from '@dms/operations';
import { checkOptions } from './check-options.ts';
import { located } from './located.ts';

export interface EmitRun {
  readonly schemas: readonly SchemaInput[];
  readonly output: string;
  readonly dialects?: readonly SqlDialect[] | undefined;
  /** The generation of the mapping; `v1` by default. */
  readonly mappingVersion?: MappingVersion | undefined;
  /** A file of ODS overrides. */
  readonly odsOverrides?: string | undefined;
  /** The artifacts to write, with their manifests; all of them by default. */
  readonly only?: readonly EmittedArtifact[] | undefined;
  readonly onProgress?: ((part: string) => void) | undefined;
}

/** Runs the operation, and adds lines and columns to what it reports. */
async function run(given: EmitRun, check: boolean) {
  checkOptions('emit', given);
  const { schemas: files, mappingVersion, dialects, output, odsOverrides, only, onProgress } = given;
  const options = { output, odsOverrides, only: only && [...only], check };
  return located(files, async (locate) => {
    const source = { kind: 'schemas', files, mappingVersion } as const;
    const result = await emitOperation.run({ options, source, dialects }, { onProgress });
    return { result, diagnostics: result.diagnostics.map(locate) };
  });
}

export async function emit(given: EmitRun) {
  const { result, diagnostics } = await run(given, false);
  if (result.kind !== 'written') throw new Error('A comparison was made in place of the artifacts.');
  const { kind: _, ...written } = result;
  return { ...written, diagnostics };
}

export async function check(given: EmitRun) {
  const { result, diagnostics } = await run(given, true);
  if (result.kind !== 'compared') throw new Error('Artifacts were written in place of a comparison.');
  const { kind: _, failures: __, ...compared } = result;
  return { ...compared, diagnostics };
}
