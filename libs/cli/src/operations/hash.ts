import { hashSchemas, type SchemaInput } from '@dms/pipeline';
import { located } from './located.ts';

export function hash(schemas: readonly SchemaInput[]) {
  return located(schemas, async () => {
    const { effectiveSchemaHash, resourceKeyCount, resourceKeySeedHash, schemaComponents } = await hashSchemas(schemas);
    const seedHash = Buffer.from(resourceKeySeedHash).toString('hex');
    return { effectiveSchemaHash, resourceKeySeedHash: seedHash, resourceKeyCount, projects: schemaComponents };
  });
}
