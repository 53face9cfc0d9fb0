import { type Catalog, type CatalogTable, columnType } from '@dms/catalog';
import { qualified } from '@dms/model';
import {
  dialectRules,
  engineLimits,
  isOperator,
  isWord,
  type LimitName,
  type SqlDialect,
  type SqlToken,
} from '@dms/sql';
import type { ScriptCheck } from './mssql/tsql-script.ts';
import type { ScriptFinding } from './text-form.ts';

/*
 * S18: counts of a catalog or a script that exceed the limits of the engine (design 02 §19). The counts are made from
 * the types and names of the script, not from the model, so that they find errors of the derivation.
 */

/** `s.T has 1030 columns of a table, at most 1024 fit`. */
function tooMany(dialect: SqlDialect, limit: LimitName, count: number, subject: string): string[] {
  const most: number | null = engineLimits[limit].most[dialect];
  return most === null || count <= most
    ? []
    : [`${subject} has ${count} ${engineLimits[limit].what}, at most ${most} fit`];
}

type LimitedColumn = CatalogTable['columns'][number];

function typeFindings(dialect: SqlDialect, name: string, { type, name: column }: LimitedColumn): string[] {
  const { name: base, arguments: list } = columnType(type);
  const [first = ''] = list;
  if (first === '' || first === 'max') return [];
  const subject = `${name}.${column}`;
  if (base === 'varchar' || base === 'nvarchar') return tooMany(dialect, 'declaredLength', Number(first), subject);
  if (base === 'numeric' || base === 'decimal') return tooMany(dialect, 'decimalDigits', Number(first), subject);
  return [];
}

/** Bytes of the SQL Server types with a fixed size; the other types may take none in a row. */
const fixedBytes: Readonly<Record<string, number>> = {
  bit: 1 / 8,
  smallint: 2,
  int: 4,
  bigint: 8,
  date: 3,
  time: 5,
  datetime2: 8,
  uniqueidentifier: 16,
};

function fixedBytesOf({ type }: LimitedColumn): number {
  const { name, arguments: list } = columnType(type);
  if (name === 'binary') return Number(list[0]);
  if (name !== 'decimal') return fixedBytes[name] ?? 0;
  const digits = Number(list[0] ?? 18);
  return [9, 19, 28].filter((most) => digits > most).length * 4 + 5;
}

function rowFindings(dialect: SqlDialect, name: string, { columns }: CatalogTable): string[] {
  const own = columns.reduce((sum, column) => sum + fixedBytesOf(column), 0);
  return tooMany(dialect, 'fixedRowBytes', Math.ceil(own + 6 + Math.ceil(columns.length / 8)), name);
}

function keyFindings(dialect: SqlDialect, { columns: all, ...table }: CatalogTable): string[] {
  const types = new Map(all.map(({ name, type }) => [name, type]));
  const keys = [...(table.primaryKey ? [table.primaryKey] : []), ...table.uniques];
  const own = table.indexes.map(({ name, columns, include }) => ({
    name,
    columns,
    count: columns.length + (dialectRules[dialect].storage.countsIncludedColumns ? include.length : 0),
  }));
  const withIndex = [...keys.map((key) => ({ ...key, count: key.columns.length })), ...own];
  const references = table.foreignKeys.map((key) => ({ ...key, count: key.columns.length }));
  return [
    ...[...withIndex, ...references].flatMap(({ name, count }) => tooMany(dialect, 'keyColumns', count, name)),
    ...[...withIndex, ...references].flatMap(({ name, columns }) =>
      columns
        .filter((column) => types.get(column)?.endsWith('(max)'))
        .map((column) => `${name}: ${column} has no limit`),
    ),
  ];
}

function referenceFindings(dialect: SqlDialect, { tables }: Catalog): string[] {
  const counts = new Map<string, { count: number; refersToItself: boolean }>();
  for (const table of tables)
    for (const { target } of table.foreignKeys) {
      const name = qualified({ schema: target.schema, name: target.table });
      const known = counts.get(name) ?? { count: 0, refersToItself: false };
      const isOwn = name === qualified(table);
      counts.set(name, { count: known.count + 1, refersToItself: known.refersToItself || isOwn });
    }
  return [...counts].flatMap(([name, { count, refersToItself }]) =>
    tooMany(dialect, refersToItself ? 'referencesToSelf' : 'referencesToTable', count, name),
  );
}

/** S18 of a catalog: types, columns, keys, indexes, foreign keys and rows. */
export function catalogLimits(catalog: Catalog): ScriptFinding[] {
  const { dialect, tables } = catalog;
  const texts = [
    ...tables.flatMap((table) => {
      const name = qualified(table);
      const { columns, uniques, indexes, foreignKeys } = table;
      return [
        ...columns.flatMap((column) => typeFindings(dialect, name, column)),
        ...tooMany(dialect, 'tableColumns', columns.length, name),
        ...keyFindings(dialect, table),
        ...tooMany(dialect, 'tableIndexes', uniques.length + indexes.length, name),
        ...tooMany(dialect, 'tableReferences', foreignKeys.length, name),
        ...rowFindings(dialect, name, table),
      ];
    }),
    ...referenceFindings(dialect, catalog),
  ];
  return texts.map((text) => ({ id: 'S18', text }));
}

/** The deepest nesting of `CASE`. */
function caseDepth(tokens: readonly SqlToken[]): number {
  let deepest = 0;
  const open: boolean[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (isWord(token, 'CASE', 'BEGIN')) {
      open.push(isWord(token, 'CASE'));
      if (isWord(token, 'CASE')) depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (isWord(token, 'END') && open.pop()) depth -= 1;
  }
  return deepest;
}

/** The largest number of names, variables and constants between two semicolons; no expression has more. */
function mostParts(tokens: readonly SqlToken[]): number {
  let most = 0;
  let parts = 0;
  for (const token of tokens) {
    if (isOperator(token, ';')) parts = 0;
    else if (token.kind !== 'operator' && token.kind !== 'word') parts += 1;
    most = Math.max(most, parts);
  }
  return most;
}

/** S18 of the batches of a script: nested `CASE`, parts of an expression, bytes (design 02 §19). */
export const batchLimits: ScriptCheck = ({ batches }) =>
  batches.flatMap(({ tokens, firstLine, text }) => {
    const subject = `line ${firstLine}: the batch`;
    return [
      ...tooMany('mssql', 'caseNesting', caseDepth(tokens), subject),
      ...tooMany('mssql', 'expressionParts', mostParts(tokens), subject),
      // the server counts UTF-16
      ...tooMany('mssql', 'batchBytes', 2 * text.length, subject),
    ];
  });
