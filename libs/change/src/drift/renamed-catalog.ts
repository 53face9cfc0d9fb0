import type { Catalog, CatalogTable } from '@dms/catalog';
import type { RenameHint } from './difference.ts';

/** New names by old names: tables by `schema.name`, columns by the table's old `schema.name`. */
interface Names {
  readonly tables: ReadonlyMap<string, string>;
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

function namesOf(renames: readonly RenameHint[]): Names {
  const tables = new Map<string, string>();
  const columns = new Map<string, Map<string, string>>();
  for (const { object, expected, actual } of renames) {
    const [table = '', column = ''] = expected;
    if (object === 'table') tables.set(table, (actual[0] ?? '').slice(table.indexOf('.') + 1));
    if (object === 'column') columns.set(table, (columns.get(table) ?? new Map<string, string>()).set(column, actual[1] ?? ''));
  }
  return { tables, columns };
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

function renamedTable(table: CatalogTable, names: Names): CatalogTable {
  const key = `${table.schema}.${table.name}`;
  const columns = names.columns.get(key);
  const column = (name: string) => columns?.get(name) ?? name;
  const expression = <Text extends string | null>(text: Text): Text => {
    if (text === null || columns === undefined) return text;
    return text.replace(/"(?:[^"]|"")*"/g, (found) => quoted(column(found.slice(1, -1).replaceAll('""', '"')))) as Text;
  };
  const renamedKey = <Entry extends { readonly columns: readonly string[] }>(entry: Entry): Entry => ({
    ...entry,
    columns: entry.columns.map(column),
  });
  return {
    ...table,
    name: names.tables.get(key) ?? table.name,
    columns: table.columns.map((entry) => ({
      ...entry,
      name: column(entry.name),
      generated: entry.generated && { ...entry.generated, expression: expression(entry.generated.expression) },
    })),
    primaryKey: table.primaryKey && renamedKey(table.primaryKey),
    uniques: table.uniques.map(renamedKey),
    foreignKeys: table.foreignKeys.map((entry) => {
      const target = `${entry.target.schema}.${entry.target.table}`;
      const targetColumns = names.columns.get(target);
      return {
        ...renamedKey(entry),
        target: { ...entry.target, table: names.tables.get(target) ?? entry.target.table },
        targetColumns: entry.targetColumns.map((name) => targetColumns?.get(name) ?? name),
      };
    }),
    checks: table.checks.map((entry) => ({ ...entry, expression: expression(entry.expression) })),
    indexes: table.indexes.map((entry) => ({
      ...renamedKey(entry),
      include: entry.include.map(column),
      predicate: expression(entry.predicate),
    })),
    triggers: table.triggers.map((entry) => ({ ...entry, updateOf: entry.updateOf.map(column) })),
  };
}

/** A catalog with the tables and columns renamed as the hints say, wherever they are named. */
export function renamedCatalog(catalog: Catalog, renames: readonly RenameHint[]): Catalog {
  const names = namesOf(renames);
  return { ...catalog, tables: catalog.tables.map((table) => renamedTable(table, names)) };
}
