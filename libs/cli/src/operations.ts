import path from 'node:path';
import { type Diagnostic, DmsError } from '@dms/diagnostics';
import {
  dialects as allDialects,
  compareEmitted,
  emit as emitArtifacts,
  hashSchemas,
  readMappingSet as readConfig,
  type SchemaInput,
  type SourcePositions,
  type SqlDialect,
  sourcePositions,
} from '@dms/pipeline';

/* What the commands and the library do alike: the pipeline, and where in a file a mistake is. */

export interface EmitRun {
  readonly schemas: readonly SchemaInput[];
  readonly output: string;
  readonly dialects?: readonly SqlDialect[] | undefined;
  readonly onProgress?: ((part: string) => void) | undefined;
}

/** Runs an operation on schemas; what it reports, thrown or returned, gets lines and columns. */
async function located<Result>(
  schemas: readonly SchemaInput[],
  work: (locate: SourcePositions['locate']) => Promise<Result>,
): Promise<Result> {
  const texts = schemas.filter((schema) => typeof schema !== 'string');
  const { locate } = sourcePositions({ texts: () => texts });
  try {
    return await work(locate);
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    const [first, ...rest] = error.diagnostics;
    throw new DmsError([locate(first), ...rest.map(locate)]);
  }
}

const emitOptions = ({ schemas, output, dialects = allDialects, onProgress }: EmitRun) => {
  return { schemas, outputDirectory: output, dialects, onProgress };
};

export function emit(run: EmitRun) {
  return located(run.schemas, async (locate) => {
    const { info, artifacts, diagnostics } = await emitArtifacts(emitOptions(run));
    const { effectiveSchemaHash, resourceKeyCount } = info;
    const files = artifacts.map(({ file, bytes, sha256 }) => ({ name: path.basename(file), bytes, sha256 }));
    return { output: run.output, effectiveSchemaHash, resourceKeyCount, files, diagnostics: diagnostics.map(locate) };
  });
}

export function check(run: EmitRun) {
  return located(run.schemas, async (locate) => {
    const { info, compared, changes, diagnostics } = await compareEmitted(emitOptions(run));
    const { effectiveSchemaHash, resourceKeyCount } = info;
    const found: readonly Diagnostic[] = diagnostics.map(locate);
    return { output: run.output, effectiveSchemaHash, resourceKeyCount, compared, changes, diagnostics: found };
  });
}

export function hash(schemas: readonly SchemaInput[]) {
  return located(schemas, async () => {
    const { effectiveSchemaHash, resourceKeyCount, resourceKeySeedHash, schemaComponents } = await hashSchemas(schemas);
    const seedHash = Buffer.from(resourceKeySeedHash).toString('hex');
    return { effectiveSchemaHash, resourceKeySeedHash: seedHash, resourceKeyCount, projects: schemaComponents };
  });
}

export function readMappingSet(file: string) {
  return located([], async () => {
    const { schemas, dialects, outputDirectory } = await readConfig(file);
    return { schemas, dialects, output: outputDirectory };
  });
}
