import type { Diagnostic } from '@dms/diagnostics';
import {
  dialects as allDialects,
  compareEmitted,
  type EmittedArtifact,
  emit as emitArtifacts,
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
  /** The artifacts to write, with their manifests; all of them by default. */
  readonly only?: readonly EmittedArtifact[] | undefined;
  readonly onProgress?: ((part: string) => void) | undefined;
}

const emitOptions = ({ output, dialects = allDialects, ...run }: EmitRun) => {
  return { ...run, outputDirectory: output, dialects };
};

export async function emit(run: EmitRun) {
  checkOptions('emit', run);
  return located(run.schemas, async (locate) => {
    const { info, artifacts, diagnostics } = await emitArtifacts(emitOptions(run));
    const { effectiveSchemaHash, resourceKeyCount } = info;
    const files = artifacts.map((artifact) => ({
      name: artifact.name,
      bytes: artifact.bytes,
      // computed on demand, because it costs as much as writing the files
      get sha256() {
        return artifact.sha256;
      },
    }));
    return { output: run.output, effectiveSchemaHash, resourceKeyCount, files, diagnostics: diagnostics.map(locate) };
  });
}

export async function check(run: EmitRun) {
  checkOptions('emit', run);
  return located(run.schemas, async (locate) => {
    const { info, compared, changes, diagnostics } = await compareEmitted(emitOptions(run));
    const { effectiveSchemaHash, resourceKeyCount } = info;
    const found: readonly Diagnostic[] = diagnostics.map(locate);
    return { output: run.output, effectiveSchemaHash, resourceKeyCount, compared, changes, diagnostics: found };
  });
}
