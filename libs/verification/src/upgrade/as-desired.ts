import type { Catalog, CatalogTable } from '@dms/catalog';

const keyOf = ({ schema, name }: { readonly schema: string; readonly name: string }) => `${schema}.${name}`;

/** The entries of a live list that a desired one has by the same key, as the desired one states them. */
function stated<Entry>(
  live: readonly Entry[],
  desired: readonly Entry[],
  key: (entry: Entry) => string,
  same: (live: Entry, desired: Entry) => Entry,
): Entry[] {
  const known = new Map(desired.map((entry) => [key(entry), entry]));
  return live.map((entry) => {
    const other = known.get(key(entry));
    return other ? same(entry, other) : entry;
  });
}

function table(live: CatalogTable, desired: CatalogTable): CatalogTable {
  return {
    ...live,
    columns: stated(
      live.columns,
      desired.columns,
      ({ name }) => name,
      (column, other) => ({ ...column, collation: other.collation }),
    ),
  };
}

/**
 * A catalog that was read from a database, except for bodies of views, which an engine prints in its own words, and collations. These come
 * from the desired catalog; everything else is what the database has.
 */
export function asDesired(live: Catalog, desired: Catalog): Catalog {
  return {
    ...live,
    schemas: live.schemas.filter((name) => desired.schemas.includes(name)),
    tables: stated(live.tables, desired.tables, keyOf, table),
    views: stated(live.views, desired.views, keyOf, (view, other) => ({ ...view, body: other.body })),
  };
}
