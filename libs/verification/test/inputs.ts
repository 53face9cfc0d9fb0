import { buildEffectiveSchema, type EffectiveSchemaSet, loadApiSchemaFiles } from '@dms/api-schema';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import type { MappingVersion } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { ownSchema, ownSchemaFile, ownSchemas, schemaSetV2 } from '@dms/testing';
import type { VerificationInput } from '../src/index.ts';

/** What the steps before verification make of a set; not in strict mode, which small schemas do not pass (design 15 §7.4). */
function inputOfSet(set: EffectiveSchemaSet, dialect: SqlDialect): VerificationInput {
  const { model } = deriveModel(set, dialect, { strict: false });
  const inventory = deriveInventory(model, { strict: false });
  return { ...emitDdl(model, inventory), scriptSha256: null, model, inventory };
}

/** The same of ApiSchema files. */
export async function inputOf(
  files: readonly string[],
  dialect: SqlDialect,
  mappingVersion: MappingVersion = 'v1',
): Promise<VerificationInput> {
  const documents = await loadApiSchemaFiles(files.map((file) => ({ file })));
  return inputOfSet(buildEffectiveSchema(documents, { mappingVersion }), dialect);
}

const persons = ['Contact', 'Staff', 'Student'] as const;

/** A schema of this repository whose persons secure nothing: the second generation knows those of the data standard only. */
function withoutPersons(name: (typeof ownSchemas)[number]) {
  const schema = ownSchema(name);
  for (const { securableElements } of Object.values<Record<string, Record<string, unknown>>>(
    schema.projectSchema.resourceSchemas,
  ))
    for (const person of persons) if (securableElements) securableElements[person] = [];
  return schema;
}

/** The two projects of this repository. */
export async function ownInput(dialect: SqlDialect, mappingVersion: MappingVersion = 'v1'): Promise<VerificationInput> {
  if (mappingVersion === 'v2') return inputOfSet(schemaSetV2(...ownSchemas.map(withoutPersons)), dialect);
  return inputOf(ownSchemas.map(ownSchemaFile), dialect);
}
