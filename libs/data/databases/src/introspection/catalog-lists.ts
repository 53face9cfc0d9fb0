import { type Catalog, type Grant, type Routine, shapeOfCatalog, type WithOptions } from '@dms/catalog';
import { byName, bySchemaAndName, compareBy, compareOrdinal } from '@dms/values';

const byArgumentsToo = compareBy<Routine>(
  ({ schema }) => schema,
  ({ name }) => name,
  ({ arguments: list }) => list,
);

const byObject = compareBy<Grant>(
  ({ kind }) => kind,
  ({ schema }) => schema,
  ({ name }) => name,
  ({ grantee }) => grantee,
);

/** Parts of a table by name. */
export const named = <Part extends { readonly name: string }>(parts: readonly Part[]): Part[] =>
  [...parts].sort(byName);

/** The entries of each owner, in the order in which they came. */
export function grouped<Entry>(
  entries: readonly Entry[],
  owner: (entry: Entry) => string | number,
): Map<string | number, Entry[]> {
  const groups = new Map<string | number, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(owner(entry));
    if (group) group.push(entry);
    else groups.set(owner(entry), [entry]);
  }
  return groups;
}

/**
 * A catalog in the order of design 09a §1.1, with the generation whose tables it has. `common` is the schema that every database has: it is listed only when it
 * owns an object.
 */
export function orderedCatalog(catalog: Omit<Catalog, 'mappingVersion'>, common: string): Catalog {
  const { tables, views, functions, sequences, tableTypes, roles, grants } = catalog;
  const owners = new Set([...tables, ...views, ...functions, ...sequences, ...tableTypes].map(({ schema }) => schema));
  return {
    ...catalog,
    mappingVersion: shapeOfCatalog(catalog)?.generation ?? null,
    schemas: catalog.schemas.filter((name) => name !== common || owners.has(name)).sort(compareOrdinal),
    extensions: named(catalog.extensions),
    sequences: [...sequences].sort(bySchemaAndName),
    tables: [...tables].sort(bySchemaAndName),
    views: [...views].sort(bySchemaAndName),
    functions: [...functions].sort(byArgumentsToo),
    tableTypes: [...tableTypes].sort(bySchemaAndName),
    roles: named(roles),
    grants: [...grants].sort(byObject),
  };
}

/** The options of an object, sorted; values that are not text are left out. */
export function withOptions(...options: readonly (string | false | undefined)[]): WithOptions {
  const found = options.filter((option) => typeof option === 'string').sort(compareOrdinal);
  return found.length === 0 ? {} : { options: found };
}
