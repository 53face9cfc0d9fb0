import { pathToFileURL } from 'node:url';
import { sharedFile, type TestDatabase } from '@dms/testing';

/* Catalogs of the second generation in the form of the published data: a flat list of rows for each kind of object. */

type PublishedRows = readonly Readonly<Record<string, unknown>>[];

export type PublishedCatalog = Readonly<Record<string, PublishedRows>>;

/** The tools that define "0 differences"; they are not part of the project. */
export interface CatalogTools {
  /** Only in the tool for PostgreSQL: a query for each kind of object. */
  readonly QUERIES: Readonly<Record<string, string>>;
  /** The differences; by default without functions and types. */
  readonly diff: (
    expected: PublishedCatalog,
    actual: PublishedCatalog,
    options?: { readonly ignoreSets: readonly string[] },
  ) => unknown[];
  /** Only in the tool for SQL Server: the catalog that a script states. */
  readonly catalogOf: (script: string) => PublishedCatalog;
}

export async function loadCatalogTools(): Promise<CatalogTools> {
  const load = (name: string) => import(/* @vite-ignore */ pathToFileURL(sharedFile('tools', name)).href);
  const { QUERIES } = await load('catalog_pg_v2.mjs');
  const { diff } = await load('catalog_diff_v2.mjs');
  const { catalogOf } = await load('catalog_mssql_v2.mjs');
  return { QUERIES, diff, catalogOf };
}

const present = (row: Readonly<Record<string, unknown>>, isAbsent: (value: unknown) => boolean) =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => !isAbsent(value)));

/** The catalog of a PostgreSQL database. */
export async function catalogOfDatabase(database: TestDatabase, { QUERIES }: CatalogTools): Promise<PublishedCatalog> {
  const catalog: Record<string, PublishedRows> = {};
  for (const [name, query] of Object.entries(QUERIES)) {
    const rows = await database.query<Record<string, unknown>>(query);
    catalog[name] = rows.map((row) => present(row, (value) => value === null));
  }
  return catalog;
}

/** Some schemas of a published catalog with nested objects, as in the core catalogs. */
export interface NestedCatalog {
  readonly schemas: readonly string[];
  readonly tables: readonly {
    readonly schema: string;
    readonly name: string;
    readonly columns: PublishedRows;
    readonly constraints: PublishedRows;
    readonly indexes: PublishedRows;
    readonly triggers: PublishedRows;
  }[];
  readonly [list: string]: unknown;
}

/** A nested catalog as flat lists. */
export function flatCatalog({ schemas, tables, ...lists }: NestedCatalog): PublishedCatalog {
  const rows = (
    kind: 'columns' | 'constraints' | 'indexes' | 'triggers',
    flat: (row: PublishedRows[number], index: number) => object,
  ) =>
    tables.flatMap(({ schema, name, [kind]: found }) =>
      found.map((row, index) =>
        present({ schema, table: name, ...row, ...flat(row, index) }, (value) => value === null || value === undefined),
      ),
    );
  const withoutEmpty = (list: readonly unknown[] | undefined) => (list?.length ? list : undefined);
  return {
    ...(lists as Record<string, PublishedRows>),
    schemas: schemas.map((name) => ({ name })),
    tables: tables.map(({ schema, name }) => ({ schema, name })),
    columns: rows('columns', ({ nullable, identity, defaultConstraint }, index) => ({
      position: index + 1,
      nullable: undefined,
      notNull: !nullable,
      identity: identity === false ? undefined : identity,
      defaultConstraint: undefined,
      defaultName: defaultConstraint,
    })),
    constraints: rows('constraints', ({ kind, refTable, refColumns }) => ({
      kind: String(kind).toLowerCase(),
      refTable: undefined,
      references: refTable,
      refColumns: undefined,
      referencedColumns: refColumns,
    })),
    // the constraints tell which indexes belong to primary keys
    indexes: rows('indexes', ({ include }) => ({
      fromConstraint: undefined,
      include: withoutEmpty(include as readonly unknown[]),
    })),
    triggers: rows('triggers', () => ({})),
  };
}

/** The rows of one schema. */
export function inSchema(catalog: PublishedCatalog, schema: string): PublishedCatalog {
  return Object.fromEntries(
    Object.entries(catalog).map(([name, rows]) => [name, rows.filter((row) => (row.schema ?? row.name) === schema)]),
  );
}
