import type { Connection, Row } from '@dms/databases';
import { givenScript, type PlainSql, textOf, trusted } from '@dms/sql';

/*
 * Runs statements for SQL Server on PostgreSQL: those that read an ODS, and those that compare its rows. Statements
 * without a translation are refused.
 */

/** The types of SQL Server by type of PostgreSQL. */
const typeNames: Readonly<Record<string, string>> = {
  varchar: 'nvarchar',
  text: 'nvarchar',
  bpchar: 'nchar',
  int2: 'smallint',
  int4: 'int',
  int8: 'bigint',
  numeric: 'decimal',
  money: 'money',
  bool: 'bit',
  date: 'date',
  time: 'time',
  timestamp: 'datetime2',
  timestamptz: 'datetimeoffset',
  uuid: 'uniqueidentifier',
};

const catalogText = `SELECT c.table_schema AS schema, c.table_name AS "table", c.column_name AS "column", c.udt_name AS type, c.is_nullable = 'YES' AS "isNullable"
FROM information_schema.columns c WHERE c.table_schema NOT LIKE 'pg\\_%' AND c.table_schema <> 'information_schema'
ORDER BY c.table_schema COLLATE "C", c.table_name COLLATE "C", c.ordinal_position`;

/** `CONVERT(type, value)` and `CONVERT(type, value, style)`, by type and style. */
const conversions: readonly (readonly [form: RegExp, translate: (value: string) => string])[] = [
  [/^nvarchar\(10\) 23$/, (value) => `to_char(${value}, 'YYYY-MM-DD')`],
  [/^nvarchar\(19\) 121$/, (value) => `to_char(${value}, 'YYYY-MM-DD HH24:MI:SS')`],
  [/^nvarchar\(16\) 121$/, (value) => `(to_char(${value}, 'HH24:MI:SS.US') || '0')`],
  [/^nvarchar\(15\) 121$/, (value) => `to_char(${value}, 'HH24:MI:SS.US')`],
  [/^nvarchar\(27\) 121$/, (value) => `(to_char(${value}, 'YYYY-MM-DD HH24:MI:SS.US') || '0')`],
  [/^nvarchar\(26\) 121$/, (value) => `to_char(${value}, 'YYYY-MM-DD HH24:MI:SS.US')`],
  [/^nvarchar\(30\) 2$/, (value) => `(${value})::numeric(19,4)::text`],
  [/^nvarchar\((?:\d+|max)\) $/, (value) => `(${value})::text`],
  [/^time\([67]\) $/, (value) => value],
  [/^datetime2\([67]\) $/, (value) => value],
  [/^decimal\(38,10\) $/, (value) => `(${value})::numeric(38,10)`],
  [/^varchar\((?:2550|max)\) $/, (value) => `(${value})`],
  [/^varbinary\(2550\) $/, (value) => `convert_to(${value}, 'UTF8')`],
  [/^int $/, (value) => `get_byte(${value}, 0)`],
  [/^bigint $/, (value) => `('x' || encode(${value}, 'hex'))::bit(56)::bigint`],
  [/^decimal\(38,0\) $/, (value) => `(${value})::numeric`],
];

/** The arguments of the call that begins at `start`, and its end. */
function argumentsAt(text: string, start: number): { readonly parts: readonly string[]; readonly end: number } {
  const parts: string[] = [''];
  let depth = 0;
  let isQuoted = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === "'") isQuoted = !isQuoted;
    if (!isQuoted && character === '(') depth += 1;
    if (!isQuoted && character === ')' && depth === 0) return { parts: parts.map((part) => part.trim()), end: at + 1 };
    if (!isQuoted && character === ')') depth -= 1;
    if (!isQuoted && character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  throw new Error(`a call is not closed: ${text}`);
}

const conversion = 'CONVERT(';

/** Translates conversions, inner ones first. */
function converted(text: string): string {
  const start = text.lastIndexOf(conversion);
  if (start < 0) return text;
  const { parts, end } = argumentsAt(text, start + conversion.length);
  const [type = '', value = '', style = ''] = parts;
  const found = conversions.find(([form]) => form.test(`${type} ${style}`));
  if (found === undefined) throw new Error(`no conversion: ${type} ${style} of ${value}`);
  return converted(`${text.slice(0, start)}${found[1](value)}${text.slice(end)}`);
}

/** The translations of other forms, in this order, before and after the conversions. */
const before: readonly (readonly [RegExp, string])[] = [
  [/CASE (\S+) WHEN 1 THEN N'true' WHEN 0 THEN N'false' END/g, '$1::text'],
  // the innermost text is hashed as UTF-8
  [/ COLLATE Latin1_General_100_CI_AS_SC_UTF8/g, ''],
];
const after: readonly (readonly [RegExp, string])[] = [
  [/ COLLATE Latin1_General_100_BIN2/g, ' COLLATE "C"'],
  [/HASHBYTES\('SHA2_256', (\(\w+\.\[\w+\]\))\)/g, "sha256(convert_to($1, 'UTF8'))"],
  [/ AS nvarchar\((\d+)\)\)/g, ' AS varchar($1))'],
  [/ AS bit\)/g, ' AS boolean)'],
  [/ AS datetime2\(7\)\)/g, ' AS timestamp)'],
  [/ AS time\(7\)\)/g, ' AS time)'],
  [/ AS uniqueidentifier\)/g, ' AS uuid)'],
  [/COUNT_BIG\(/g, 'count('],
  [/ \+ /g, ' || '],
  [/\bN'/g, "'"],
  [/\[([^\]]*)\]/g, '"$1"'],
];

function translated(text: string): string {
  let result = text;
  for (const [form, replacement] of before) result = result.replace(form, replacement);
  result = converted(result);
  for (const [form, replacement] of after) result = result.replace(form, replacement);
  const left = /\b(?:CONVERT|TOP|ISNULL|HASHBYTES|SWITCHOFFSET|sys\.)|@/.exec(result.replace(/'(?:[^']|'')*'/g, "''"));
  if (left) throw new Error(`not translated: ${left[0]} in ${result}`);
  return result;
}

const opening =
  /^DECLARE @cursor int, @scroll int = 8, @lock int = 1, @rows int; EXEC sys\.sp_cursoropen @cursor OUTPUT, N'((?:[^']|'')*)', @scroll OUTPUT, @lock OUTPUT, @rows OUTPUT; SELECT @cursor AS \[cursor\]$/s;
const fetching = /^EXEC sys\.sp_cursorfetch (\d+), 2, 0, (\d+)$/;
const closing = /^EXEC sys\.sp_cursorclose (\d+)$/;

const cursorName = (cursor: string | number) => `"mssql${cursor}"`;

/** A row as the SQL Server client returns it: `bigint` is a text, and each row of a cursor also has its state. */
function asClient(row: Row): Row {
  const values = Object.entries(row).map(([name, value]) => {
    const isText = typeof value === 'bigint' || (typeof value === 'number' && value % 2 !== 0);
    return [name, isText ? String(value) : value] as const;
  });
  return Object.fromEntries([...values, ['ROWSTAT', 1]]);
}

interface NameWithShort {
  readonly name: string;
  readonly pgsqlName: string;
}

/** The names of a mapping that PostgreSQL shortens, in lower case, each with its full name. */
export const shortenedNames = ({
  tables,
}: {
  readonly tables: readonly (NameWithShort & { readonly columns: readonly NameWithShort[] })[];
}): ReadonlyMap<string, string> =>
  new Map(
    tables
      .flatMap((table) => [table, ...table.columns])
      .flatMap(({ name, pgsqlName }) => (name === pgsqlName ? [] : [[pgsqlName.toLowerCase(), name] as const])),
  );

export interface MssqlOdsOnPostgres extends Connection {
  /** The SQL Server texts, in order. */
  readonly sent: readonly string[];
  /** The numbers of the open cursors. */
  readonly cursors: ReadonlySet<string>;
}

/**
 * A session that accepts SQL Server statements and runs them in a PostgreSQL session.
 *
 * @param names made by {@link shortenedNames}
 */
export function mssqlOdsOnPostgres(
  inner: Connection,
  names: ReadonlyMap<string, string> = new Map(),
): MssqlOdsOnPostgres {
  const shortNames = new Map([...names].map(([short, whole]) => [whole, short]));
  const renamed = (text: string) =>
    translated(text.replace(/\[([^\]]{30,})\]/g, (_all, name: string) => `[${shortNames.get(name) ?? name}]`));
  const sent: string[] = [];
  const cursors = new Set<string>();
  let opened = 0;
  const execute: Connection['execute'] = async (statement) => {
    const text = textOf(statement);
    sent.push(text);
    const [, cursor] = closing.exec(text) ?? [];
    if (cursor === undefined || !cursors.delete(cursor)) throw new Error(`not translated: ${text}`);
    await inner.execute(givenScript(`CLOSE ${cursorName(cursor)}`));
  };
  const query: Connection['query'] = async <Result>(statement: PlainSql, parameters: readonly unknown[] = []) => {
    const text = textOf(statement);
    sent.push(text);
    if (parameters.length > 0) throw new Error(`parameters: ${text}`);
    if (text.includes('FROM sys.objects')) {
      const columns = await inner.query<{ readonly table: string; readonly column: string; readonly type: string }>(
        trusted(catalogText),
      );
      const nameOf = (name: string) => names.get(name) ?? name;
      return columns.map((each) => ({
        ...each,
        table: nameOf(each.table),
        column: nameOf(each.column),
        type: typeNames[each.type] ?? each.type,
      })) as unknown as readonly Result[];
    }
    const [, cursor, count] = fetching.exec(text) ?? [];
    if (cursor === undefined) return inner.query<Result>(trusted(renamed(text)));
    if (!cursors.has(cursor)) throw new Error(`no cursor: ${cursor}`);
    const rows = await inner.query(trusted(`FETCH ${count} FROM ${cursorName(cursor)}`));
    return rows.map(asClient) as readonly unknown[] as readonly Result[];
  };
  const queryAll: Connection['queryAll'] = async (statements) => {
    const rows = [];
    for (const { pieces, parameters } of statements) rows.push(await query(trusted(pieces.join('')), parameters));
    return rows;
  };
  const queryEach: Connection['queryEach'] = async (statements) => {
    const texts = statements.map(textOf);
    sent.push(...texts);
    const [, literal] = opening.exec(texts[0] ?? '') ?? [];
    if (literal === undefined) return inner.queryEach(texts.map((text) => trusted(renamed(text))));
    opened += 1;
    cursors.add(String(opened));
    const text = renamed(literal.replaceAll("''", "'"));
    await inner.execute(givenScript(`DECLARE ${cursorName(opened)} NO SCROLL CURSOR FOR ${text}`));
    return [[], [{ cursor: opened }]];
  };
  return {
    ...inner,
    sent,
    cursors,
    dialect: 'mssql',
    execute,
    query,
    queryEach,
    readsOneMoment: async () => true,
    queryAll,
    copyIn: undefined,
  };
}
