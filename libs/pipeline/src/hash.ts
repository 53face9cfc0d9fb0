import { buildEffectiveSchema, coreFirst, type EffectiveSchemaInfo } from '@dms/api-schema';
import { loadSchemas, type SchemaInput } from './schema-input.ts';

/** `dms-ddl hash`: the fingerprints of a set of files. */
export async function hashSchemas(schemas: readonly SchemaInput[]): Promise<EffectiveSchemaInfo> {
  return buildEffectiveSchema(coreFirst(await loadSchemas(schemas))).info;
}
