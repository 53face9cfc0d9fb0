import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildEffectiveSchema, documentSchemas } from '@dms/api-schema';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import type { MappingVersion } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { ownSchema } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import type { SetWithScript } from '../src/index.ts';

const released = path.resolve(import.meta.dirname, '../../../../fixtures/released/athletics-0.8.0.json');

export function provisionedSet(
  schemas: readonly unknown[],
  dialect: SqlDialect,
  mappingVersion: MappingVersion = 'v1',
): SetWithScript {
  const documents = schemas.map((root, index) => ({ file: `schema-${index}.json`, root: toJsonValue(root) }));
  const set = buildEffectiveSchema(documents, { mappingVersion });
  const { model } = deriveModel(set, dialect);
  const inventory = deriveInventory(model);
  const { script, catalog } = emitDdl(model, inventory);
  return { info: model.effectiveSchema, model, inventory, script, catalog, schemas: documentSchemas(set) };
}

/** The schemas of this repository with the released version of the extension, and with the current one. */
export function releasedAndNow(dialect: SqlDialect): readonly [SetWithScript, SetWithScript] {
  const earlier = JSON.parse(readFileSync(released, 'utf8'));
  return [
    provisionedSet([ownSchema('campus'), earlier], dialect),
    provisionedSet([ownSchema('campus'), ownSchema('athletics')], dialect),
  ];
}
