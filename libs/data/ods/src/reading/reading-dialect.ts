import type { Connection } from '@dms/databases';
import type { DbTableName } from '@dms/model';
import { type DialectRules, dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';
import type { OdsColumn, OdsTable, OdsType } from '../mapping/ods-mapping.ts';

/** A column of the source, as its catalog has it. */
export interface CatalogColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  /** The name of the type. For a type that users have defined, the type it is made from. */
  readonly type: string;
  readonly isNullable: boolean;
  /** Whether the table is partitioned; absent where that has no effect on queries. */
  readonly isPartitioned?: boolean | undefined;
}

/** The name of a table of the source, and whether its rows are those of its partitions. */
export interface OdsSourceTable extends DbTableName {
  readonly isPartitioned: boolean;
}

/** Values in the order of the select list. */
export type SourceRow = readonly unknown[];

/** A value that a query selects. */
export interface SelectedValue {
  readonly text: string;
  readonly isInteger: boolean;
}

/** A query for rows that are read in pieces. */
export interface SourceQuery {
  readonly text: string;
  /** For each value of a row, whether it is an integer. */
  readonly integers: readonly boolean[];
}

/** The rows of a query that is open in a session. */
export interface SourceCursor {
  /** The next rows, fewer than `count` only at the end. Integers are numbers, `bigint` beyond 2^53. */
  next(count: number): Promise<readonly SourceRow[]>;
  close(): Promise<void>;
}

/** The parts of reading that depend on the engine of an ODS (design 19a §12). */
export interface ReadingDialect {
  readonly rules: DialectRules;
  /** Query for all columns of tables and views as `CatalogColumn`s, except those of the engine. */
  readonly catalogQuery: string;
  /**
   * The table in the FROM of a query. In PostgreSQL, rows of tables that inherit from it are not its own; those of
   * partitions are.
   */
  from(table: OdsSourceTable): string;
  /** The names that tables and columns have in this engine. */
  tableName(table: OdsTable): string;
  columnName(column: OdsColumn): string;
  /** The types of the engine that can hold values of a type of an ODS. */
  readonly typesFor: Readonly<Record<OdsType['kind'], readonly string[]>>;
  /** The types that keep fewer decimal places than documents. */
  readonly roundedTypes: readonly string[];
  /** The value as the reader takes it: integers and booleans as such, everything else as text. */
  value(expression: string, type: OdsType['kind'], actual: string): string;
  /** The sort expression that gives rows the order of `compareKeys`. */
  sortKey(expression: string, type: OdsType['kind'], source: Pick<CatalogColumn, 'type' | 'isNullable'>): string;
  /** An entry of a select list. */
  selected(value: string, index: number): string;
  /**
   * Runs a query once, and keeps its rows until they are asked for. No other open cursor of the session may have this
   * `name`.
   */
  open(connection: Connection, name: string, query: SourceQuery): Promise<SourceCursor>;
  /** Query for the number of rows, or of values of a column. */
  count(table: OdsSourceTable, column?: string): string;
  /** Query for the number of rows of a query. */
  countOf(query: string): string;
  /** Query for the largest value of a column, as `version`. */
  largest(table: OdsSourceTable, column: string): string;
  /** Statement that turns off the time limit of a transaction between two pages; null if there is none. */
  readonly keepOpen: string | null;
}

const isIntegerKind = (type: OdsType['kind']): boolean => type === 'int' || type === 'bigint' || type === 'smallint';

export const selectedValue = (
  dialect: ReadingDialect,
  expression: string,
  type: OdsType['kind'],
  actual: string,
): SelectedValue => ({ text: dialect.value(expression, type, actual), isInteger: isIntegerKind(type) });

/** The query of these values; `rest` begins with FROM. */
export function sourceQuery(dialect: ReadingDialect, values: readonly SelectedValue[], rest: string): SourceQuery {
  const list = values.map(({ text }, index) => dialect.selected(text, index));
  return { text: `SELECT ${list.join(', ')} ${rest}`, integers: values.map(({ isInteger }) => isInteger) };
}

const { mssql, pgsql } = dialectRules;

const pgsqlIntegers = ['smallint', 'integer', 'bigint'];
const pgsqlDecimals = ['numeric', 'money', ...pgsqlIntegers];

function pgsqlText(expression: string, type: OdsType['kind'], actual: string): string {
  if (isIntegerKind(type) || type === 'boolean') return expression;
  // the text of money depends on the locale of the server
  if (type === 'money' || type === 'decimal') return `${expression}::numeric::text`;
  if (actual === 'timestamp with time zone') return `(${expression} AT TIME ZONE 'UTC')::text`;
  return `${expression}::text`;
}

const pgsqlFrom = (table: OdsSourceTable) => `${table.isPartitioned ? '' : 'ONLY '}${qualifiedName(pgsql, table)}`;

export const pgsqlReading: ReadingDialect = {
  rules: pgsql,
  from: pgsqlFrom,
  catalogQuery: `SELECT n.nspname::text AS schema, c.relname::text AS "table", a.attname::text AS "column",
  pg_catalog.format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, NULL) AS type, NOT a.attnotnull AS "isNullable", c.relkind = 'p' AS "isPartitioned"
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
    int: pgsqlIntegers,
    bigint: pgsqlIntegers,
    smallint: pgsqlIntegers,
    decimal: pgsqlDecimals,
    money: pgsqlDecimals,
    boolean: ['boolean'],
    date: ['date'],
    time: ['time without time zone'],
    timestamp: ['timestamp without time zone', 'timestamp with time zone'],
    uuid: ['uuid'],
  },
  roundedTypes: ['money'],
  value: pgsqlText,
  // bytes of UTF-8: the order does not depend on the collation, nor on the encoding of the database
  sortKey: (expression, type, { type: actual }) =>
    isIntegerKind(type) ? expression : `pg_catalog.convert_to(${pgsqlText(expression, type, actual)}::text, 'UTF8')`,
  selected: (text) => text,
  async open(connection, name, { text }) {
    const cursor = pgsql.quote(name);
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
    `SELECT count(${column === undefined ? '*' : pgsql.quote(column)}) AS rows FROM ${pgsqlFrom(table)}`,
  countOf: (query) => `SELECT count(*) AS rows FROM (${query}) AS counted`,
  largest: (table, column) => `SELECT max(${pgsql.quote(column)}) AS version FROM ${pgsqlFrom(table)}`,
  keepOpen: 'SET LOCAL idle_in_transaction_session_timeout = 0',
};

const mssqlIntegers = ['tinyint', 'smallint', 'int', 'bigint'];
const mssqlDecimals = ['decimal', 'numeric', 'money', 'smallmoney', ...mssqlIntegers];
const moneyTypes = ['money', 'smallmoney'];

/** The full name if SQL Server accepts its length, else the name in PostgreSQL. */
const mssqlName = ({ name, pgsqlName }: OdsTable | OdsColumn) =>
  mssql.identifierLength(name) <= mssql.identifierLimit ? name : pgsqlName;

/**
 * A moment in UTC with all seven digits. `datetime` has steps of 1/300 s, so it is rounded to the milliseconds that it
 * shows.
 */
export function mssqlMoment(expression: string, actual: string): string {
  if (actual === 'datetimeoffset') return `CONVERT(datetime2(7), SWITCHOFFSET(${expression}, N'+00:00'))`;
  if (actual === 'datetime') return `CONVERT(datetime2(7), CONVERT(datetime2(3), ${expression}))`;
  return `CONVERT(datetime2(7), ${expression})`;
}

function text(expression: string, actual: string): string {
  if (actual === 'nvarchar') return expression;
  const whole = `CONVERT(nvarchar(max), ${expression})`;
  return actual === 'nchar' || actual === 'char' ? `RTRIM(${whole})` : whole;
}

/** The value of a column as text, with all its digits, in every language of the session. */
export function mssqlText(expression: string, type: OdsType['kind'], actual: string): string {
  switch (type) {
    case 'int':
    case 'bigint':
    case 'smallint':
      return `CONVERT(nvarchar(20), ${expression})`;
    case 'boolean':
      return `CASE ${expression} WHEN 1 THEN N'true' WHEN 0 THEN N'false' END`;
    case 'decimal':
    case 'money':
      // style 2 has four places, and no commas
      return moneyTypes.includes(actual)
        ? `CONVERT(nvarchar(30), ${expression}, 2)`
        : `CONVERT(nvarchar(50), ${expression})`;
    case 'date':
      return `CONVERT(nvarchar(10), ${expression}, 23)`;
    case 'time':
      return `CONVERT(nvarchar(16), CONVERT(time(7), ${expression}), 121)`;
    case 'timestamp':
      return `CONVERT(nvarchar(27), ${mssqlMoment(expression, actual)}, 121)`;
    case 'uuid':
      return `LOWER(CONVERT(nvarchar(36), ${expression}))`;
    case 'string':
      return text(expression, actual);
  }
}

/** Texts in the code page UTF-8, which SQL Server has since 2019. How it compares has no effect: bytes are compared. */
export const utf8Collation = 'Latin1_General_100_CI_AS_SC_UTF8';

/** A key has at most 1,700 bytes, which are 850 characters of at most three bytes each in UTF-8. */
const keyBytes = 2550;

const utf8 = (value: string) =>
  `CONVERT(varbinary(${keyBytes}), CONVERT(varchar(${keyBytes}), ${value} COLLATE ${utf8Collation}))`;

const orderOf = (expression: string, type: OdsType['kind'], actual: string) => {
  switch (type) {
    // these sort like their texts, and an index may have the order already
    case 'boolean':
    case 'date':
    case 'time':
    case 'int':
    case 'bigint':
    case 'smallint':
      return expression;
    default:
      return utf8(mssqlText(expression, type, actual));
  }
};

/** The client returns `bigint` as text. */
function integerOf(value: unknown): unknown {
  if (typeof value !== 'string') return value ?? null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
}

const nameAt = (index: number) => `c${index}`;

/**
 * Options of `sp_cursoropen`: a copy of all rows when the cursor is opened, for reading only; and of `sp_cursorfetch`:
 * the next rows.
 */
const staticCursor = 8;
const readOnly = 1;
const nextRows = 2;

export const mssqlReading: ReadingDialect = {
  rules: mssql,
  from: (table) => qualifiedName(mssql, table),
  catalogQuery: `SELECT s.name AS [schema], o.name AS [table], c.name AS [column], COALESCE(t.name, N'CLR') AS [type], c.is_nullable AS [isNullable]
FROM sys.objects AS o
INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
INNER JOIN sys.columns AS c ON c.object_id = o.object_id
LEFT JOIN sys.types AS t ON t.user_type_id = c.system_type_id
WHERE o.type IN (N'U', N'V') AND o.is_ms_shipped = 0
ORDER BY s.name COLLATE Latin1_General_100_BIN2, o.name COLLATE Latin1_General_100_BIN2, c.column_id`,
  tableName: mssqlName,
  columnName: mssqlName,
  typesFor: {
    string: ['nvarchar', 'varchar', 'nchar', 'char'],
    int: mssqlIntegers,
    bigint: mssqlIntegers,
    smallint: mssqlIntegers,
    decimal: mssqlDecimals,
    money: mssqlDecimals,
    boolean: ['bit'],
    date: ['date'],
    time: ['time'],
    timestamp: ['datetime2', 'datetime', 'smalldatetime', 'datetimeoffset'],
    uuid: ['uniqueidentifier'],
  },
  // money has four places, as documents have
  roundedTypes: [],
  value: (expression, type, actual) =>
    isIntegerKind(type) || type === 'boolean' ? expression : mssqlText(expression, type, actual),
  sortKey(expression, type, { type: actual, isNullable }) {
    const order = orderOf(expression, type, actual);
    // NULL would be first
    return isNullable ? `CASE WHEN ${expression} IS NULL THEN 1 ELSE 0 END, ${order}` : order;
  },
  selected: (value, index) => `${value} AS ${mssql.quote(nameAt(index))}`,
  async open(connection, _name, { text: query, integers: isInteger }) {
    const opening = [
      `DECLARE @cursor int, @scroll int = ${staticCursor}, @lock int = ${readOnly}, @rows int`,
      `EXEC sys.sp_cursoropen @cursor OUTPUT, ${mssql.stringLiteral(query)}, @scroll OUTPUT, @lock OUTPUT, @rows OUTPUT`,
      'SELECT @cursor AS [cursor]',
    ];
    // the procedure also returns a result, with the columns of the query
    const answers = await connection.queryEach([opening.join('; ')]);
    const cursor = Number(answers.at(-1)?.[0]?.cursor);
    const names = isInteger.map((_, index) => nameAt(index));
    return {
      async next(count) {
        // each row has one more column, its state
        const rows = await connection.query(`EXEC sys.sp_cursorfetch ${cursor}, ${nextRows}, 0, ${count}`);
        return rows.map(
          (row): SourceRow =>
            names.map((name, index) => (isInteger[index] ? integerOf(row[name]) : (row[name] ?? null))),
        );
      },
      close: () => connection.execute(`EXEC sys.sp_cursorclose ${cursor}`),
    };
  },
  count: (table, column) =>
    `SELECT COUNT_BIG(${column === undefined ? '*' : mssql.quote(column)}) AS [rows] FROM ${qualifiedName(mssql, table)}`,
  countOf: (query) => `SELECT COUNT_BIG(*) AS [rows] FROM (${query}) AS counted`,
  largest: (table, column) => `SELECT MAX(${mssql.quote(column)}) AS [version] FROM ${qualifiedName(mssql, table)}`,
  keepOpen: null,
};

export const readingDialects: Readonly<Record<SqlDialect, ReadingDialect>> = {
  pgsql: pgsqlReading,
  mssql: mssqlReading,
};
