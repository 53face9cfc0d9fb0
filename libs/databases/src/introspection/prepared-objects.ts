import type { Catalog, CatalogTable } from '@dms/catalog';
import { qualified } from '@dms/model';

/** The kinds of objects that a preparation makes. */
export const preparedKinds = ['schema', 'table', 'column', 'constraint', 'index'] as const;

/**
 * An object of the later set in a database of the earlier set. A schema has the name of its schema, a table that of its
 * table.
 */
export interface PreparedObject {
  readonly kind: (typeof preparedKinds)[number];
  readonly schema: string;
  /** The table; null for a schema. */
  readonly table: string | null;
  /** The column, constraint or index; null for others. */
  readonly name: string | null;
}

export const preparedSchema = (schema: string): PreparedObject => ({ kind: 'schema', schema, table: null, name: null });

export const preparedTable = ({
  schema,
  name,
}: {
  readonly schema: string;
  readonly name: string;
}): PreparedObject => ({
  kind: 'table',
  schema,
  table: name,
  name: null,
});

export const preparedPart = (
  kind: 'column' | 'constraint' | 'index',
  { schema, name: table }: { readonly schema: string; readonly name: string },
  name: string,
): PreparedObject => ({ kind, schema, table, name });

/** The table of a column, constraint, index or table. */
export function preparedTableName({ kind, schema, table }: PreparedObject): {
  readonly schema: string;
  readonly name: string;
} {
  if (table === null) throw new Error(`a prepared ${kind} of the schema ${schema} has no table`);
  return { schema, name: table };
}

/** The name of a column, constraint or index. */
export function preparedPartName({ kind, schema, table, name }: PreparedObject): string {
  if (name === null) throw new Error(`a prepared ${kind} of ${schema}.${table} has no name`);
  return name;
}

/** `index core.Room.IX_Room_Floor` */
export const preparedText = ({ kind, schema, table, name }: PreparedObject): string =>
  `${kind} ${[schema, table, name].filter((part) => part !== null).join('.')}`;

/** A catalog without the objects of a preparation: what a database of the earlier set has otherwise (design 12 §14). */
export function withoutPrepared(catalog: Catalog, objects: readonly PreparedObject[]): Catalog {
  if (objects.length === 0) return catalog;
  const gone = new Set(objects.map(preparedText));
  const stays = (object: PreparedObject) => !gone.has(preparedText(object));
  const reduced = (table: CatalogTable): CatalogTable => {
    const isConstraint = ({ name }: { readonly name: string }) => stays(preparedPart('constraint', table, name));
    return {
      ...table,
      columns: table.columns.filter(({ name }) => stays(preparedPart('column', table, name))),
      uniques: table.uniques.filter(isConstraint),
      foreignKeys: table.foreignKeys.filter(isConstraint),
      checks: table.checks.filter(isConstraint),
      indexes: table.indexes.filter(({ name }) => stays(preparedPart('index', table, name))),
    };
  };
  const touched = new Set(objects.flatMap(({ schema, table }) => (table === null ? [] : [`${schema}.${table}`])));
  return {
    ...catalog,
    schemas: catalog.schemas.filter((name) => stays(preparedSchema(name))),
    tables: catalog.tables
      .filter((table) => stays(preparedTable(table)))
      .map((table) => (touched.has(qualified(table)) ? reduced(table) : table)),
  };
}
