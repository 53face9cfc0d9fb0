import {
  buildEffectiveSchema,
  type EffectiveSchemaInfo,
  loadApiSchemaFiles,
  type MappingVersion,
} from '@dms/api-schema';
import type { Catalog } from '@dms/catalog';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import type { SqlDialect } from '@dms/sql';
import { build } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import type { ProvisionInput } from '../src/index.ts';

const { integer, object, project, resource, string } = build;

type BuiltSchemaSet = ReturnType<typeof buildEffectiveSchema>;

export interface EmittedInput extends ProvisionInput {
  readonly catalog: Catalog;
  readonly info: EffectiveSchemaInfo;
}

/** The input of provisioning for one dialect of a schema set. */
export function emitted(
  set: BuiltSchemaSet,
  dialect: SqlDialect,
  change: Partial<EffectiveSchemaInfo> = {},
): EmittedInput {
  const { model } = deriveModel(set, dialect);
  const inventory = deriveInventory(model);
  const changed = { ...model, effectiveSchema: { ...model.effectiveSchema, ...change } };
  const { script, catalog } = emitDdl(changed, inventory);
  return { script, catalog, scriptSha256: null, info: changed.effectiveSchema };
}

export const setOf = (...documents: readonly object[]): BuiltSchemaSet => setOfVersion('v1', ...documents);

/** The set for a version of the mapping. */
export function setOfVersion(mappingVersion: MappingVersion, ...documents: readonly object[]): BuiltSchemaSet {
  return buildEffectiveSchema(
    documents.map((document, index) => ({ file: `document-${index}.json`, root: toJsonValue(document) })),
    { mappingVersion },
  );
}

export async function setOfFiles(...files: readonly string[]): Promise<BuiltSchemaSet> {
  return buildEffectiveSchema(await loadApiSchemaFiles(files.map((file) => ({ file }))));
}

const person = resource('Person', {
  identityJsonPaths: ['$.personId'],
  jsonSchemaForInsert: object({ personId: integer(), firstName: string(40) }, ['personId']),
});

/** One project with one resource; another version gives another fingerprint. */
export const smallSet = (version = '5.0.0', mappingVersion: MappingVersion = 'v1') =>
  setOfVersion(mappingVersion, project('Ed-Fi', [person], { endpoint: 'ed-fi', version }));

export const small = emitted(smallSet(), 'pgsql');

const room = resource('Room', {
  identityJsonPaths: ['$.roomId'],
  jsonSchemaForInsert: object({ roomId: integer() }, ['roomId']),
});

/** The same resource and one more. */
export const larger = emitted(
  setOf(project('Ed-Fi', [person, room], { endpoint: 'ed-fi', version: '5.0.0' })),
  'pgsql',
);

/** The same resource, another fingerprint. */
export const later = emitted(smallSet('6.0.0'), 'pgsql');
