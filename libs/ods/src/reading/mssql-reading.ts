import { dialectRules, qualifiedName } from '@dms/sql';
import type { OdsColumn, OdsTable, OdsType } from '../mapping/ods-mapping.ts';
import { isIntegerKind, type ReadingDialect, type SourceRow } from './reading-dialect.ts';

const rules = dialectRules.mssql;

const integers = ['tinyint', 'smallint', 'int', 'bigint'];
const decimals = ['decimal', 'numeric', 'money', 'smallmoney', ...integers];
const moneyTypes = ['money', 'smallmoney'];

/** The whole name where SQL Server takes it. */
const nameOf = ({ name, pgsqlName }: OdsTable | OdsColumn) =>
  rules.identifierLength(name) <= rules.identifierLimit ? name : pgsqlName;

/**
 * A moment in UTC with all seven digits. The last digit of `datetime` is a third of what it is read as, so it is
 * rounded as it is shown.
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

/** A key has at most 1,700 bytes, 850 characters, which have at most three bytes each in UTF-8. */
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

/** The client has `bigint` as text. */
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
  rules,
  catalogQuery: `SELECT s.name AS [schema], o.name AS [table], c.name AS [column], COALESCE(t.name, N'CLR') AS [type], c.is_nullable AS [isNullable]
FROM sys.objects AS o
INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
INNER JOIN sys.columns AS c ON c.object_id = o.object_id
LEFT JOIN sys.types AS t ON t.user_type_id = c.system_type_id
WHERE o.type IN (N'U', N'V') AND o.is_ms_shipped = 0
ORDER BY s.name COLLATE Latin1_General_100_BIN2, o.name COLLATE Latin1_General_100_BIN2, c.column_id`,
  tableName: nameOf,
  columnName: nameOf,
  typesFor: {
    string: ['nvarchar', 'varchar', 'nchar', 'char'],
    int: integers,
    bigint: integers,
    smallint: integers,
    decimal: decimals,
    money: decimals,
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
  selected: (value, index) => `${value} AS ${rules.quote(nameAt(index))}`,
  async open(connection, _name, { text: query, integers: isInteger }) {
    const opening = [
      `DECLARE @cursor int, @scroll int = ${staticCursor}, @lock int = ${readOnly}, @rows int`,
      `EXEC sys.sp_cursoropen @cursor OUTPUT, ${rules.stringLiteral(query)}, @scroll OUTPUT, @lock OUTPUT, @rows OUTPUT`,
      'SELECT @cursor AS [cursor]',
    ];
    // the procedure answers too, with the columns of the query
    const answers = await connection.queryEach([opening.join('; ')]);
    const cursor = Number(answers.at(-1)?.[0]?.cursor);
    const names = isInteger.map((_, index) => nameAt(index));
    return {
      async next(count) {
        // each row has a column more, its state
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
    `SELECT COUNT_BIG(${column === undefined ? '*' : rules.quote(column)}) AS [rows] FROM ${qualifiedName(rules, table)}`,
  countOf: (query) => `SELECT COUNT_BIG(*) AS [rows] FROM (${query}) AS counted`,
  largest: (table, column) => `SELECT MAX(${rules.quote(column)}) AS [version] FROM ${qualifiedName(rules, table)}`,
  keepOpen: null,
};
