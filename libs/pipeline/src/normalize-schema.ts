import { rm } from 'node:fs/promises';
import path from 'node:path';
import { loadApiSchemaFile, normalizedSchemaText } from '@dms/api-schema';
import { type StepResult, writeArtifacts } from './step-files.ts';

export interface NormalizeSchemaOptions {
  /** The ApiSchema file. */
  readonly source: string;
  /** How messages name it; the path itself by default. */
  readonly name?: string;
  /** The file to write, usually `<output folder>/schema.normalized.json`. */
  readonly output: string;
}

/** Checks one ApiSchema file and writes the hashed part of it canonically (design 01 §5.5). */
export async function normalizeSchema({ source, name = source, output }: NormalizeSchemaOptions): Promise<StepResult> {
  await rm(output, { force: true });
  const text = normalizedSchemaText(await loadApiSchemaFile(source, name));
  const artifacts = await writeArtifacts(path.dirname(output), [{ name: path.basename(output), text }]);
  return { artifacts, diagnostics: [] };
}
