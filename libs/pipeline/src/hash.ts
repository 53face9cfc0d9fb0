import { buildEffectiveSchema, coreFirst, type EffectiveSchemaInfo, loadApiSchemaFiles } from '@dms/api-schema';

/** `dms-ddl hash`: the fingerprints of a set of files. */
export async function hashSchemas(schemas: readonly string[]): Promise<EffectiveSchemaInfo> {
  return buildEffectiveSchema(coreFirst(await loadApiSchemaFiles(schemas.map((file) => ({ file }))))).info;
}
