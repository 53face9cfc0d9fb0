import type { Connection } from '@dms/databases';
import type { MappingVersion, QualifiedResourceName } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import { type Document, ownSchema, scriptedSet } from '@dms/testing';
import { parseJson } from '@dms/values';
import { type DocumentPlans, documentPlans, insertDescriptors } from '../src/index.ts';

/** A schema set, ready for a database. */
export interface CompiledClub {
  readonly plans: DocumentPlans;
  readonly script: string;
}

export function compiled(
  schemas: readonly Document[],
  dialect: SqlDialect = 'pgsql',
  version: MappingVersion = 'v1',
): CompiledClub {
  const { model, inventory, script } = scriptedSet(schemas, dialect, version);
  return { plans: documentPlans(compileMappingSet(model), inventory), script };
}

let own: CompiledClub | undefined;

/** The schemas of this repository, for PostgreSQL. */
export function ownSet(): CompiledClub {
  own ??= compiled([ownSchema('campus'), ownSchema('athletics')]);
  return own;
}

export { type DatabaseOfSpec as Bench, provisionedEngines, usualProvisionedEngines } from '@dms/testing';

export function named(label: string): QualifiedResourceName {
  const [projectName = '', resourceName = ''] = label.split(':');
  return { projectName, resourceName };
}

/** Parses JSON; numbers keep their digits. */
export const json = (text: string) => parseJson(text, 'test.json');

/** Descriptors from their URIs. */
export async function seedDescriptors(
  connection: Connection,
  plans: DocumentPlans,
  uris: readonly { readonly resource: string; readonly uri: string }[],
): Promise<void> {
  const descriptors = uris.map(({ resource, uri }) => {
    const [namespace = '', codeValue = ''] = uri.split('#');
    return { resource: named(resource), namespace, codeValue, shortDescription: codeValue };
  });
  await connection.begin();
  await insertDescriptors(connection, plans, descriptors);
  await connection.commit();
}
