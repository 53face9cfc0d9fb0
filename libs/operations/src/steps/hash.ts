import { buildEffectiveSchema, coreFirst, defaultMappingVersion, type EffectiveSchemaInfo } from '@dms/api-schema';
import type { MappingVersion } from '@dms/model';
import { loadSchemas, type SchemaInput } from '../sources/schema-input.ts';

/** `dms-ddl hash`: the fingerprints of a set of files, under the rules of a generation. */
export async function hashSchemas(
  schemas: readonly SchemaInput[],
  mappingVersion: MappingVersion = defaultMappingVersion,
): Promise<EffectiveSchemaInfo> {
  return buildEffectiveSchema(coreFirst(await loadSchemas(schemas)), { mappingVersion }).info;
}
