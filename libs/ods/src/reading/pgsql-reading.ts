import { dialectRules, qualifiedName } from '@dms/sql';
import type { OdsType } from '../mapping/ods-mapping.ts';
import { isIntegerKind, type ReadingDialect, type SourceRow } from './reading-dialect.ts';

const rules = dialectRules.pgsql;

const integers = ['smallint', 'integer', 'bigint'];
const decimals = ['numeric', 'money', ...integers];

function value(expression: string, type: OdsType['kind'], actual: string): string {
  if (isIntegerKind(type) || type === 'boolean') return expression;
  // the text of money depends on the locale of the server
  if (type === 'money' || type === 'decimal') return `${expression}::numeric::text`;
  if (actual === 'timestamp with time zone') return `(${expression} AT TIME ZONE 'UTC')::text`;
  return `${expression}::text`;
}

export const pgsqlReading: ReadingDialect = {
  rules,
  catalogQuery: `SELECT n.nspname::text AS schema, c.relname::text AS "table", a.attname::text AS "column",
  pg_catalog.format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, NULL) AS type, NOT a.attnotnull AS "isNullable"
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
  sortKey: (expression, type, { type: actual }) =>
    isIntegerKind(type) ? expression : `pg_catalog.convert_to(${value(expression, type, actual)}::text, 'UTF8')`,
  selected: (text) => text,
  async open(connection, name, { text }) {
    const cursor = rules.quote(name);
    await connection.execute(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${text}`);
    return {
      async next(count) {
        const statement = { pieces: [`FETCH ${count} FROM ${cursor}`], parameters: [], hasRows: true, asArrays: true };
        const [rows = []] = await connection.queryAll([statement]);
        return rows as readonly unknown[] as readonly SourceRow[];
      },
      close: () => connection.execute(`CLOSE ${cursor}`),
    };
  },
  count: (table, column) =>
    `SELECT count(${column === undefined ? '*' : rules.quote(column)}) AS rows FROM ${qualifiedName(rules, table)}`,
  countOf: (query) => `SELECT count(*) AS rows FROM (${query}) AS counted`,
  largest: (table, column) => `SELECT max(${rules.quote(column)}) AS version FROM ${qualifiedName(rules, table)}`,
  keepOpen: 'SET LOCAL idle_in_transaction_session_timeout = 0',
};
