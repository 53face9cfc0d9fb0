import { hashSchemas, type MappingVersion, type SchemaInput } from '@dms/operations';
import { checkOptions } from './check-options.ts';
import { located } from './located.ts';

export interface HashRun {
  readonly schemas: readonly SchemaInput[];
  /** The generation of the mapping; `v1` by default. */
  readonly mappingVersion?: MappingVersion | undefined;
}

export async function hash(run: HashRun) {
  checkOptions('hash', run);
  const { schemas, mappingVersion } = run;
  return located(schemas, async () => {
    const { effectiveSchemaHash, resourceKeyCount, resourceKeySeedHash, schemaComponents } = await hashSchemas(
      schemas,
      mappingVersion,
    );
    const seedHash = Buffer.from(resourceKeySeedHash).toString('hex');
    return { effectiveSchemaHash, resourceKeySeedHash: seedHash, resourceKeyCount, projects: schemaComponents };
  });
}
