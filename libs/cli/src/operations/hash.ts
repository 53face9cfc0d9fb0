import { hashSchemas, type SchemaInput } from '@dms/pipeline';
import { checkOptions } from './check-options.ts';
import { located } from './located.ts';

export interface HashRun {
  readonly schemas: readonly SchemaInput[];
}

export async function hash(run: HashRun) {
  checkOptions('hash', run);
  const { schemas } = run;
  return located(schemas, async () => {
    const { effectiveSchemaHash, resourceKeyCount, resourceKeySeedHash, schemaComponents } = await hashSchemas(schemas);
    const seedHash = Buffer.from(resourceKeySeedHash).toString('hex');
    return { effectiveSchemaHash, resourceKeySeedHash: seedHash, resourceKeyCount, projects: schemaComponents };
  });
}
