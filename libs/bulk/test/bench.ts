import { buildEffectiveSchema, type DocumentSchemas, documentSchemas } from '@dms/api-schema';
import { toJsonValue } from '@dms/canonical-json';
import { type DocumentPlans, documentPlans } from '@dms/documents';
import { type MappingVersion, mustExist } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import { type Document, ownSchema, type ProvisionedEngine, provisionedEngines, scriptedSet } from '@dms/testing';

export { type ProvisionedDatabase as Bench, provisionedEngines as engines } from '@dms/testing';

const engineThat = (isServer: boolean): ProvisionedEngine =>
  mustExist(
    provisionedEngines.find((engine) => engine.isServer === isServer),
    'an engine',
  );

/** The engine with one session. */
export const embedded = engineThat(false);

/** The engine with as many sessions as wanted. */
export const server = engineThat(true);

/** A schema set, ready for a database of its dialect. */
export interface Compiled {
  readonly plans: DocumentPlans;
  readonly script: string;
  /** The schemas that an API would check documents with. */
  readonly schemas: DocumentSchemas;
}

export function compiled(
  schemas: readonly Document[],
  mappingVersion: MappingVersion = 'v1',
  dialect: SqlDialect = 'pgsql',
): Compiled {
  const { model, inventory, script } = scriptedSet(schemas, dialect, mappingVersion);
  const files = schemas.map((schema, index) => ({ file: `${index}.json`, root: toJsonValue(schema) }));
  return {
    plans: documentPlans(compileMappingSet(model), inventory),
    script,
    schemas: documentSchemas(buildEffectiveSchema(files, { mappingVersion })),
  };
}

let own: Compiled | undefined;

/** The schemas of this repository. */
export function ownSet(): Compiled {
  own ??= compiled([ownSchema('campus'), ownSchema('athletics')]);
  return own;
}
