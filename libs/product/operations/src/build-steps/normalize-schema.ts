import { type ApiSchemaDocument, loadApiSchemaFile, normalizedSchemaText } from '@dms/api-schema';
import type { Step } from '../incremental-build/step.ts';
import { type StepResult, stepInFolder } from '../incremental-build/stores.ts';

interface NormalizeSchemaOptions {
  /** The ApiSchema file. */
  readonly source: string;
  /** Its name in messages; the path by default. */
  readonly name?: string;
  readonly outputDirectory: string;
}

/** Checks one ApiSchema file and writes the hashed part of it canonically (design 01 §5.5). */
const normalizeSchemaStep: Step<'normalize-schema', ApiSchemaDocument> = {
  name: 'normalize-schema',
  async run(_context, document) {
    return { made: [{ artifact: 'normalizedSchema', content: normalizedSchemaText(document) }], diagnostics: [] };
  },
};

/** Runs the step `normalize-schema` in the folder of a schema project. */
export function normalizeSchemaInFolder({
  source,
  name = source,
  outputDirectory,
}: NormalizeSchemaOptions): Promise<StepResult> {
  return stepInFolder(normalizeSchemaStep, { outputDirectory, dialects: [] }, () => loadApiSchemaFile(source, name));
}
