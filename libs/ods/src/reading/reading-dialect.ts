import type { DbTableName } from '@dms/model';
import { type DialectRules, dialectRules, qualifiedName } from '@dms/sql';
import type { OdsColumn, OdsTable, OdsType } from '../mapping/ods-mapping.ts';

/** A column of the source, as its catalog has it. */
export interface CatalogColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  /** The name of the type; of a domain, that of the type below. */
  readonly type: string;
}

/** What differs between the engines that hold an ODS. */
export interface ReadingDialect {
  readonly rules: DialectRules;
  /** All columns of tables and views that are no part of the engine, as `CatalogColumn`s. */
  readonly catalogQuery: string;
  /** The names that tables and columns have in this engine. */
  tableName(table: OdsTable): string;
  columnName(column: OdsColumn): string;
  /** The types of the engine that can hold values of a type of an ODS. */
  readonly typesFor: Readonly<Record<OdsType['kind'], readonly string[]>>;
  /** The types that keep fewer decimal places than documents. */
  readonly roundedTypes: readonly string[];
  /** The value as the reader takes it: integers and booleans as such, everything else as text. */
  value(expression: string, type: OdsType['kind'], actual: string): string;
  /** What to sort by, so that the order is that of `compareKeys`. */
  sortKey(expression: string, type: OdsType['kind'], actual: string): string;
  /** The rows of a query in pieces: statements that open, continue and close it. */
  open(cursor: string, query: string): string;
  next(cursor: string, rows: number): string;
  close(cursor: string): string;
  /** How many rows there are, or values of a column. */
  count(table: DbTableName, column?: string): string;
  /** How many rows of a query there are. */
  countOf(query: string): string;
  /** The largest value of a column, as `version`. */
  largest(table: DbTableName, column: string): string;
  /** Lets a transaction wait between two pages for as long as it takes. */
  readonly keepOpen: string;
}

const rules = dialectRules.pgsql;

const integers = ['smallint', 'integer', 'bigint'];
const decimals = ['numeric', 'money', ...integers];

const isInteger = (type: OdsType['kind']) => type === 'int' || type === 'bigint' || type === 'smallint';

function value(expression: string, type: OdsType['kind'], actual: string): string {
  if (isInteger(type) || type === 'boolean') return expression;
  // the text of money depends on the locale of the server
  if (type === 'money' || type === 'decimal') return `${expression}::numeric::text`;
  if (actual === 'timestamp with time zone') return `(${expression} AT TIME ZONE 'UTC')::text`;
  return `${expression}::text`;
}

export const pgsqlReading: ReadingDialect = {
  rules,
  catalogQuery: `SELECT n.nspname::text AS schema, c.relname::text AS "table", a.attname::text AS "column",
  pg_catalog.format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, NULL) AS type
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum`,
  tableName: ({ pgsqlName }) => pgsqlName,
  columnName: ({ pgsqlName }) => pgsqlName,
  typesFor: {
    string: ['character varying', 'text', 'character', 'citext'],
    int: integers,
    bigint: integers,
    smallint: integers,
    decimal: decimals,
    money: decimals,
    boolean: ['boolean'],
    date: ['date'],
    time: ['time without time zone'],
    timestamp: ['timestamp without time zone', 'timestamp with time zone'],
    uuid: ['uuid'],
  },
  roundedTypes: ['money'],
  value,
  // bytes of UTF-8: the order does not depend on the collation, nor on the encoding of the database
  sortKey: (expression, type, actual) =>
    isInteger(type) ? expression : `pg_catalog.convert_to(${value(expression, type, actual)}::text, 'UTF8')`,
  open: (cursor, query) => `DECLARE ${rules.quote(cursor)} NO SCROLL CURSOR FOR ${query}`,
  next: (cursor, rows) => `FETCH ${rows} FROM ${rules.quote(cursor)}`,
  close: (cursor) => `CLOSE ${rules.quote(cursor)}`,
  count: (table, column) =>
    `SELECT count(${column === undefined ? '*' : rules.quote(column)}) AS rows FROM ${qualifiedName(rules, table)}`,
  countOf: (query) => `SELECT count(*) AS rows FROM (${query}) AS counted`,
  largest: (table, column) => `SELECT max(${rules.quote(column)}) AS version FROM ${qualifiedName(rules, table)}`,
  keepOpen: 'SET LOCAL idle_in_transaction_session_timeout = 0',
};
