import { buildEffectiveSchema, type DocumentSchemas, documentSchemas } from '@dms/api-schema';
import { type DocumentPlans, documentPlans } from '@dms/documents';
import type { MappingVersion } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import { type Document, ownSchema, scriptedSet } from '@dms/testing';
import { toJsonValue } from '@dms/values';

export {
  type DatabaseOfSpec as Bench,
  embeddedEngine as embedded,
  provisionedEngines,
  serverEngine as server,
  usualProvisionedEngines,
} from '@dms/testing';

/** A schema set, ready for a database of its dialect. */
export interface LoadableSet {
  readonly plans: DocumentPlans;
  readonly script: string;
  /** The schemas that an API would check documents with. */
  readonly schemas: DocumentSchemas;
}

export function compiled(
  schemas: readonly Document[],
  mappingVersion: MappingVersion = 'v1',
  dialect: SqlDialect = 'pgsql',
): LoadableSet {
  const { model, inventory, script } = scriptedSet(schemas, dialect, mappingVersion);
  const files = schemas.map((schema, index) => ({ file: `${index}.json`, root: toJsonValue(schema) }));
  return {
    plans: documentPlans(compileMappingSet(model), inventory),
    script,
    schemas: documentSchemas(buildEffectiveSchema(files, { mappingVersion })),
  };
}

let own: LoadableSet | undefined;

/** The schemas of this repository. */
export function ownSet(): LoadableSet {
  own ??= compiled([ownSchema('campus'), ownSchema('athletics')]);
  return own;
}
