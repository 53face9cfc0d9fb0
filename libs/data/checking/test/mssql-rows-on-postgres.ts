import { type Connection, type Row, type Statement, statementText } from '@dms/databases';
import type { RelationalModelSet } from '@dms/model';
import { givenScript, type PlainSql, textOf, trusted } from '@dms/sql';

/*
 * Runs on PostgreSQL the statements that compare and rewrite derived rows on SQL Server. PostgreSQL refuses all syntax
 * that is not translated here.
 */

const types: Readonly<Record<string, string>> = {
  bigint: 'bigint',
  smallint: 'smallint',
  uniqueidentifier: 'uuid',
  'datetime2(7)': 'timestamptz',
};

/** Turns `CONVERT(type, value)` and `CONVERT(type, value, style)` into casts; every text type becomes text. */
function withoutConversions(text: string): string {
  const start = text.lastIndexOf('CONVERT(');
  if (start < 0) return text;
  const parts: string[] = [''];
  let depth = 1;
  let at = start + 'CONVERT('.length;
  for (; depth > 0; at += 1) {
    const character = text[at] ?? '';
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth === 0) break;
    if (character === ',' && depth === 1) parts.push('');
    else parts[parts.length - 1] += character;
    if (at > text.length) throw new Error(`CONVERT is not closed: ${text}`);
  }
  const [type = '', value = ''] = parts.map((part) => part.trim());
  const name = type.startsWith('nvarchar') ? 'text' : types[type];
  if (name === undefined) throw new Error(`no type: ${type}`);
  return withoutConversions(`${text.slice(0, start)}(${value})::${name}${text.slice(at + 1)}`);
}

const sequenceName = String.raw`OBJECT_ID\(N'(\[\w+\]\.\[\w+\])'\)`;
const name = String.raw`\[\w+\]\.\[\w+\]`;
const serial = (table: string) => `pg_get_serial_sequence('${table}', 'DocumentId')::regclass`;

/** Replacements, in the order in which they are made. */
const rules: readonly (readonly [RegExp, string])[] = [
  [/^SET NOCOUNT ON;\n/, ''],
  [new RegExp(`^(DISABLE|ENABLE) TRIGGER ALL ON (${name});$`), 'ALTER TABLE $2 $1 TRIGGER USER;'],
  [
    new RegExp(`^SELECT TOP \\(1\\) t\\.\\[DocumentId\\] FROM (${name}) AS t WITH \\(TABLOCKX, HOLDLOCK\\);$`),
    'LOCK TABLE $1 IN SHARE ROW EXCLUSIVE MODE;',
  ],
  [
    new RegExp(
      `\\(SELECT CONVERT\\(bigint, q\\.current_value\\) FROM sys\\.sequences AS q WHERE q\\.object_id = ${sequenceName}\\)`,
      'g',
    ),
    "coalesce(pg_sequence_last_value('$1'::regclass), 0)",
  ],
  [
    new RegExp(
      `COALESCE\\(\\(SELECT CONVERT\\(bigint, q\\.last_value\\) FROM sys\\.identity_columns AS q WHERE q\\.object_id = ${sequenceName}\\), 0\\)`,
      'g',
    ),
    `coalesce(pg_sequence_last_value(${serial('$1')}), 0)`,
  ],
  [
    new RegExp(
      `^DECLARE @count bigint = (.*);\\nDECLARE @first sql_variant;\\nEXEC sys\\.sp_sequence_get_range @sequence_name = N'(${name})', @range_size = @count, @range_first_value = @first OUTPUT;$`,
      's',
    ),
    "SELECT setval('$2'::regclass, coalesce(pg_sequence_last_value('$2'::regclass), 0) + $1);",
  ],
  [
    new RegExp(`^DBCC CHECKIDENT \\(N'(${name})', RESEED\\) WITH NO_INFOMSGS;$`),
    `SELECT setval(${serial('$1')}, (SELECT max("DocumentId") FROM $1));`,
  ],
  [/JSON_VALUE\(j\.\[value\], N'\$\[(\d)\]'\)/g, 'j.item ->> $1'],
  [/(j\.item .*) FROM OPENJSON\(@p1\) AS j/gs, '$1 FROM jsonb_array_elements(@p1::jsonb) AS j (item)'],
  [/FROM OPENJSON\(@p1\) AS j/g, 'FROM jsonb_array_elements_text(@p1::jsonb) AS j ("value")'],
  [
    new RegExp(
      `^UPDATE (\\w) SET (.*?) FROM (${name}) AS \\1 INNER JOIN (${name} AS \\w) ON (\\S+ = \\S+)( INNER JOIN .*?)? WHERE (.*);$`,
      's',
    ),
    'UPDATE $3 AS $1 SET $2 FROM $4$6 WHERE $5 AND ($7);',
  ],
  [new RegExp(`^DELETE (\\w)\\sFROM (${name}) AS \\1\\s`), 'DELETE FROM $2 AS $1 '],
  [/SELECT TOP \((\d+)\) ((?:(?!SELECT TOP)[\s\S])*);$/, 'SELECT $2 LIMIT $1;'],
  [/COLLATE Latin1_General_100_BIN2/g, 'COLLATE "C"'],
  [/SYSUTCDATETIME\(\)/g, 'clock_timestamp()'],
  [/DATALENGTH\(/g, 'octet_length('],
  [/ \+ (?=N'|CASE WHEN )/g, ' || '],
  [/(?<=') \+ /g, ' || '],
  [/\bN'/g, "'"],
  [/@p1/g, '$1'],
  [/\[([^\]]*)\]/g, '"$1"'],
];

/** Removes the table name before each assigned column of an UPDATE, which PostgreSQL does not accept. */
const withoutAlias = (text: string) =>
  text.replace(/^(UPDATE \S+ AS \w SET )(.*?)( FROM )/s, (_all, head: string, set: string, from: string) => {
    return head + set.replace(/(^|, )\w\.(?="\w+" = )/g, '$1') + from;
  });

function translated(text: string): string {
  let result = text.trim();
  for (const [pattern, replacement] of rules.slice(0, 7)) result = result.replace(pattern, replacement);
  result = withoutConversions(result);
  for (const [pattern, replacement] of rules.slice(7)) result = result.replace(pattern, replacement);
  return withoutAlias(result);
}

/** Turns the statements with `@closure` into a plpgsql block over a temporary table. */
function closureBlock(text: string): string {
  const body = text
    .replace(/^SET NOCOUNT ON;\n/, '')
    .replace(/DECLARE @closure TABLE/, 'CREATE TEMPORARY TABLE closure_rows')
    .replace(/DECLARE @round int = 0;/, 'round := 0;')
    .replace(/WHILE @@ROWCOUNT > 0\nBEGIN/g, 'GET DIAGNOSTICS found = ROW_COUNT;\nWHILE found > 0 LOOP')
    .replace(/\);\nEND;/g, ');\n    GET DIAGNOSTICS found = ROW_COUNT;\nEND LOOP;')
    .replace(/SET @round = @round \+ 1;/g, 'round := round + 1;')
    .replace(/DELETE t\nFROM (\S+) AS t\n/g, 'DELETE FROM $1 AS t\n')
    .replaceAll('@closure', 'closure_rows')
    .replaceAll('@round', 'round')
    .replaceAll(/\[([^\]]*)\]/g, '"$1"');
  return `DROP TABLE IF EXISTS pg_temp.closure_rows;\nDO $closure$ DECLARE round int; found bigint; BEGIN\n${body}\nEND $closure$;`;
}

/** The SQL Server names that PostgreSQL shortens, each with its shorter form. */
export function shortenedNames(mssql: RelationalModelSet, pgsql: RelationalModelSet): ReadonlyMap<string, string> {
  const namesIn = ({ resources }: RelationalModelSet) =>
    resources.flatMap(({ tablesInDependencyOrder }) =>
      tablesInDependencyOrder.flatMap(({ table, columns }) => [table.name, ...columns.map(({ name }) => name)]),
    );
  const short = namesIn(pgsql);
  return new Map(
    namesIn(mssql).flatMap((name, index) => (name === short[index] ? [] : [[name, short[index] ?? name] as const])),
  );
}

/**
 * A connection that takes SQL Server statements and runs them on a PostgreSQL database; `sent` receives each text.
 * `names` is the result of {@link shortenedNames}.
 */
export function mssqlRowsOnPostgres(
  inner: Connection,
  sent: (text: string) => void,
  names: ReadonlyMap<string, string> = new Map(),
): Connection {
  const renamed = (text: string) =>
    text.replace(/\[([^\]]{30,})\]/g, (_all, name: string) => `[${names.get(name) ?? name}]`);
  const execute: Connection['execute'] = async (statement, limits) => {
    const text = textOf(statement);
    if (text.startsWith('SET LOCK_TIMEOUT')) return;
    sent(text);
    await inner.execute(
      givenScript(text.includes('@closure') ? closureBlock(renamed(text)) : translated(renamed(text))),
      limits,
    );
  };
  const query: Connection['query'] = async <Result>(
    statement: PlainSql,
    parameters: readonly unknown[] = [],
    limits = {},
  ) => {
    const text = textOf(statement);
    if (text.includes('sp_getapplock')) return [{ r: 0 }] as unknown as readonly Result[];
    sent(text);
    const place = text.includes('@closure') ? text.indexOf('SELECT TOP (') : 0;
    if (place > 0) await inner.execute(givenScript(closureBlock(renamed(text.slice(0, place)).trimEnd())), limits);
    const own = translated(renamed(text.slice(place))).replaceAll('@closure', 'closure_rows');
    return inner.query<Result>(trusted(own), parameters, limits);
  };
  const queryAll = async (statements: readonly Statement[], limits = {}) => {
    const results: (readonly Row[])[] = [];
    for (const each of statements) {
      const text = statementText(each, (number) => `@p${number}`);
      results.push(await query<Row>(trusted(text), each.parameters, limits));
    }
    return results;
  };
  const changed: Partial<Record<keyof Connection, unknown>> = {
    dialect: 'mssql',
    execute,
    query,
    queryAll,
    // a read-only transaction of PostgreSQL cannot create a temporary table
    begin: () => inner.begin(),
  };
  return new Proxy(inner, {
    get(target, property) {
      if (property in changed) return changed[property as keyof Connection];
      const value = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
