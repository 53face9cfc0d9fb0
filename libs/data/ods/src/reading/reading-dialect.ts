import { type Connection, query, rowsOf, run } from '@dms/databases';
import type { DbTableName } from '@dms/model';
import { type Dialect, dialectOf, join, type PlainSql, type SqlDialect, textOf } from '@dms/sql';
import type { OdsColumn, OdsTable, OdsType } from '../mapping/ods-mapping.ts';

/** A column of the source, as its catalog has it. */
export interface OdsCatalogColumn {
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
  readonly text: PlainSql;
  readonly isInteger: boolean;
}

/** A query for rows that are read in pieces. */
export interface SourceQuery {
  readonly text: PlainSql;
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
  readonly rules: Dialect;
  /** Query for all columns of tables and views as `OdsCatalogColumn`s, except those of the engine. */
  readonly catalogQuery: PlainSql;
  /**
   * Query that keeps, of the given schemas, those in which the server hides tables that the login has no right on: the
   * schema as `schema`, the login as `role`. Null if the server shows all tables to everybody.
   */
  readonly partlyShown: ((schemas: readonly string[]) => PlainSql) | null;
  /**
   * The table in the FROM of a query. In PostgreSQL, rows of tables that inherit from it are not its own; those of
   * partitions are.
   */
  from(table: OdsSourceTable): PlainSql;
  /** The names that tables and columns have in this engine. */
  tableName(table: OdsTable): string;
  columnName(column: OdsColumn): string;
  /** The types of the engine that can hold values of a type of an ODS. */
  readonly typesFor: Readonly<Record<OdsType['kind'], readonly string[]>>;
  /** The types that keep fewer decimal places than documents. */
  readonly roundedTypes: readonly string[];
  /** The value as the reader takes it: integers and booleans as such, everything else as text. */
  value(expression: PlainSql, type: OdsType['kind'], actual: string): PlainSql;
  /** The sort expression that gives rows the order of `compareKeys`. */
  sortKey(expression: PlainSql, type: OdsType['kind'], source: Pick<OdsCatalogColumn, 'type' | 'isNullable'>): PlainSql;
  /** An entry of a select list. */
  selected(value: PlainSql, index: number): PlainSql;
  /**
   * Runs a query once, and keeps its rows until they are asked for. No other open cursor of the session may have this
   * `name`.
   */
  open(connection: Connection, name: string, query: SourceQuery): Promise<SourceCursor>;
  /** Query for the number of rows, or of values of a column. */
  count(table: OdsSourceTable, column?: string): PlainSql;
  /** Query for the number of rows of a query. */
  countOf(query: PlainSql): PlainSql;
  /** Query for the largest value of a column, as `version`. */
  largest(table: OdsSourceTable, column: string): PlainSql;
  /** Statement that turns off the time limit of a transaction between two pages; null if there is none. */
  readonly keepOpen: PlainSql | null;
}

const isIntegerKind = (type: OdsType['kind']): boolean => type === 'int' || type === 'bigint' || type === 'smallint';

export const selectedValue = (
  dialect: ReadingDialect,
  expression: PlainSql,
  type: OdsType['kind'],
  actual: string,
): SelectedValue => ({ text: dialect.value(expression, type, actual), isInteger: isIntegerKind(type) });

/** The query of these values; `rest` begins with FROM. */
export function sourceQuery(dialect: ReadingDialect, values: readonly SelectedValue[], rest: PlainSql): SourceQuery {
  const list = values.map(({ text }, index) => dialect.selected(text, index));
  return { text: dialect.rules.sql`SELECT ${join(list)} ${rest}`, integers: values.map(({ isInteger }) => isInteger) };
}

const { mssql, pgsql } = dialectOf;

const pgsqlIntegers = ['smallint', 'integer', 'bigint'];
const pgsqlDecimals = ['numeric', 'money', ...pgsqlIntegers];

function pgsqlText(expression: PlainSql, type: OdsType['kind'], actual: string): PlainSql {
  const { sql } = pgsql;
  if (isIntegerKind(type) || type === 'boolean') return expression;
  // the text of money depends on the locale of the server
  if (type === 'money' || type === 'decimal') return sql`${expression}::numeric::text`;
  if (actual === 'timestamp with time zone') return sql`(${expression} AT TIME ZONE 'UTC')::text`;
  return sql`${expression}::text`;
}

const pgsqlFrom = (table: OdsSourceTable) => (table.isPartitioned ? pgsql.sql`${table}` : pgsql.sql`ONLY ${table}`);

export const pgsqlReading: ReadingDialect = {
  rules: pgsql,
  from: pgsqlFrom,
  catalogQuery: pgsql.sql`SELECT n.nspname::text AS schema, c.relname::text AS "table", a.attname::text AS "column",
  pg_catalog.format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, NULL) AS type, NOT a.attnotnull AS "isNullable", c.relkind = 'p' AS "isPartitioned"
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum`,
  partlyShown: null,
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
    isIntegerKind(type)
      ? expression
      : pgsql.sql`pg_catalog.convert_to(${pgsqlText(expression, type, actual)}::text, 'UTF8')`,
  selected: (text) => text,
  async open(connection, name, { text }) {
    const { sql, id, literal } = pgsql;
    await run(connection, sql`DECLARE ${id(name)} NO SCROLL CURSOR FOR ${text}`);
    return {
      async next(count) {
        const fetched = query(sql`FETCH ${literal(count)} FROM ${id(name)}`);
        const [rows = []] = await connection.queryAll([{ ...fetched, asArrays: true }]);
        return rows as readonly unknown[] as readonly SourceRow[];
      },
      close: () => run(connection, sql`CLOSE ${id(name)}`),
    };
  },
  count: (table, column) =>
    pgsql.sql`SELECT count(${column === undefined ? pgsql.sql`*` : pgsql.id(column)}) AS rows FROM ${pgsqlFrom(table)}`,
  countOf: (counted) => pgsql.sql`SELECT count(*) AS rows FROM (${counted}) AS counted`,
  largest: (table, column) => pgsql.sql`SELECT max(${pgsql.id(column)}) AS version FROM ${pgsqlFrom(table)}`,
  keepOpen: pgsql.sql`SET LOCAL idle_in_transaction_session_timeout = 0`,
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
export function mssqlMoment(expression: PlainSql, actual: string): PlainSql {
  const { sql } = mssql;
  if (actual === 'datetimeoffset') return sql`CONVERT(datetime2(7), SWITCHOFFSET(${expression}, N'+00:00'))`;
  if (actual === 'datetime') return sql`CONVERT(datetime2(7), CONVERT(datetime2(3), ${expression}))`;
  return sql`CONVERT(datetime2(7), ${expression})`;
}

function textIn(expression: PlainSql, actual: string): PlainSql {
  if (actual === 'nvarchar') return expression;
  const whole = mssql.sql`CONVERT(nvarchar(max), ${expression})`;
  return actual === 'nchar' || actual === 'char' ? mssql.sql`RTRIM(${whole})` : whole;
}

/** The value of a column as text, with all its digits, in every language of the session. */
export function mssqlText(expression: PlainSql, type: OdsType['kind'], actual: string): PlainSql {
  const { sql, text } = mssql;
  switch (type) {
    case 'int':
    case 'bigint':
    case 'smallint':
      return text(expression, 'bigint');
    case 'boolean':
      return sql`CASE ${expression} WHEN 1 THEN N'true' WHEN 0 THEN N'false' END`;
    case 'decimal':
    case 'money':
      // style 2 has four places, and no commas
      return moneyTypes.includes(actual)
        ? sql`CONVERT(nvarchar(30), ${expression}, 2)`
        : sql`CONVERT(nvarchar(50), ${expression})`;
    case 'date':
    case 'uuid':
      return text(expression, type);
    case 'time':
      return sql`CONVERT(nvarchar(16), CONVERT(time(7), ${expression}), 121)`;
    case 'timestamp':
      return sql`CONVERT(nvarchar(27), ${mssqlMoment(expression, actual)}, 121)`;
    case 'string':
      return textIn(expression, actual);
  }
}

/** Texts in the code page UTF-8, which SQL Server has since 2019. How it compares has no effect: bytes are compared. */
export const inUtf8 = (value: PlainSql): PlainSql => mssql.sql`${value} COLLATE Latin1_General_100_CI_AS_SC_UTF8`;

/** A key has at most 1,700 bytes, which are 850 characters of at most three bytes each in UTF-8: 2,550. */
const keyBytes = (value: PlainSql) => mssql.sql`CONVERT(varbinary(2550), CONVERT(varchar(2550), ${inUtf8(value)}))`;

const orderOf = (expression: PlainSql, type: OdsType['kind'], actual: string) => {
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
      return keyBytes(mssqlText(expression, type, actual));
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
  from: (table) => mssql.sql`${table}`,
  catalogQuery: mssql.sql`SELECT s.name AS "schema", o.name AS "table", c.name AS "column", COALESCE(t.name, N'CLR') AS "type", c.is_nullable AS "isNullable"
FROM sys.objects AS o
INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
INNER JOIN sys.columns AS c ON c.object_id = o.object_id
LEFT JOIN sys.types AS t ON t.user_type_id = c.system_type_id
WHERE o.type IN (N'U', N'V') AND o.is_ms_shipped = 0
ORDER BY s.name COLLATE Latin1_General_100_BIN2, o.name COLLATE Latin1_General_100_BIN2, c.column_id`,
  partlyShown(schemas) {
    const { sql, literal, id } = mssql;
    const names = schemas.map((schema) => sql`(${literal(schema)}, ${literal(textOf(id(schema)))})`);
    const sees = (place: PlainSql, kind: string) =>
      join(
        ['SELECT', 'VIEW DEFINITION'].map(
          (right) => sql`HAS_PERMS_BY_NAME(${place}, ${literal(kind)}, ${literal(right)}) = 1`,
        ),
        ' OR ',
      );
    return sql`SELECT v.name AS "schema", USER_NAME() AS "role" FROM (VALUES ${join(names)}) AS v(name, quoted)
WHERE NOT (${sees(sql`QUOTENAME(DB_NAME())`, 'DATABASE')} OR ${sees(sql`v.quoted`, 'SCHEMA')})`;
  },
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
    return isNullable ? mssql.sql`CASE WHEN ${expression} IS NULL THEN 1 ELSE 0 END, ${order}` : order;
  },
  selected: (value, index) => mssql.sql`${value} AS ${mssql.id(nameAt(index))}`,
  async open(connection, _name, { text, integers: isInteger }) {
    const { sql, literal } = mssql;
    const opening = join(
      [
        sql`DECLARE @cursor int, @scroll int = ${literal(staticCursor)}, @lock int = ${literal(readOnly)}, @rows int`,
        sql`EXEC sys.sp_cursoropen @cursor OUTPUT, ${literal(textOf(text))}, @scroll OUTPUT, @lock OUTPUT, @rows OUTPUT`,
        sql`SELECT @cursor AS "cursor"`,
      ],
      '; ',
    );
    // the procedure also returns a result, with the columns of the query
    const answers = await connection.queryEach([opening]);
    const cursor = literal(Number(answers.at(-1)?.[0]?.cursor));
    const names = isInteger.map((_, index) => nameAt(index));
    return {
      async next(count) {
        // each row has one more column, its state
        const fetched = sql`EXEC sys.sp_cursorfetch ${cursor}, ${literal(nextRows)}, 0, ${literal(count)}`;
        const rows = await rowsOf(connection, fetched);
        return rows.map(
          (row): SourceRow =>
            names.map((name, index) => (isInteger[index] ? integerOf(row[name]) : (row[name] ?? null))),
        );
      },
      close: () => run(connection, sql`EXEC sys.sp_cursorclose ${cursor}`),
    };
  },
  count: (table, column) =>
    mssql.sql`SELECT COUNT_BIG(${column === undefined ? mssql.sql`*` : mssql.id(column)}) AS "rows" FROM ${table}`,
  countOf: (counted) => mssql.sql`SELECT COUNT_BIG(*) AS "rows" FROM (${counted}) AS counted`,
  largest: (table, column) => mssql.sql`SELECT MAX(${mssql.id(column)}) AS "version" FROM ${table}`,
  keepOpen: null,
};

export const readingDialects: Readonly<Record<SqlDialect, ReadingDialect>> = {
  pgsql: pgsqlReading,
  mssql: mssqlReading,
};
