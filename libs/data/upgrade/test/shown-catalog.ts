import type { Catalog, CatalogTable } from '@dms/catalog';
import { qualified } from '@dms/model';

/** The objects of a catalog that hold rows, a line each: schemas, tables, columns, keys, checks and indexes. */
function objectLines({ schemas, tables }: Catalog): readonly string[] {
  return [...schemas.map((name) => `schema ${name}`), ...tables.flatMap((table) => tableLines(table))];
}

function tableLines(table: CatalogTable): readonly string[] {
  const key = qualified(table);
  const { columns, primaryKey, uniques, foreignKeys, checks, indexes } = table;
  const of = (names: readonly string[]) => `(${names.join(', ')})`;
  return [
    `table ${key}`,
    ...columns.map(
      ({ name, type, nullable, generated }) =>
        `${key}.${name} ${type}${generated ? ' generated' : ''}${nullable ? '' : ' not null'}`,
    ),
    ...[...(primaryKey ? [primaryKey] : []), ...uniques].map((each) => `${key}.${each.name} ${of(each.columns)}`),
    ...foreignKeys.map(
      ({ name, columns: own, target }) => `${key}.${name} ${of(own)} → ${target.schema}.${target.table}`,
    ),
    ...checks.map(({ name }) => `${key}.${name} check`),
    ...indexes.map(({ name, columns: own }) => `${key}.${name} ${of(own)}`),
  ];
}

/** The lines that only one of two catalogs has; of a table that only one has, the first. */
export function shownDifference(catalog: Catalog, other: Catalog): readonly string[] {
  const known = new Set(objectLines(other));
  const own = objectLines(catalog).filter((text) => !known.has(text));
  const tables = own.flatMap((text) => (text.startsWith('table ') ? [text.slice('table '.length)] : []));
  return own.filter((text) => !tables.some((table) => text.startsWith(`${table}.`)));
}
