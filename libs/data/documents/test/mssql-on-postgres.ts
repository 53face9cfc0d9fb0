import type { Connection, Row, Statement } from '@dms/databases';

/*
 * Runs on PostgreSQL the SQL Server statements that write and read documents. Syntax that is not translated fails
 * there.
 */

/** Replaces a parameter while the text around it is translated. */
const mark = '\uE000';

const rules: readonly (readonly [RegExp, string])[] = [
  // the ids of a sequence are reserved as a range
  [
    /^DECLARE @first .*@range_size = \uE000, .*CONVERT\(int, \uE000\) AS \[Count\];$/s,
    `SELECT min(i)::text AS "First", ${mark}::int AS "Count" FROM (SELECT nextval('"dms"."CollectionItemIdSequence"') i FROM generate_series(1, ${mark}::int)) n`,
  ],
  [/CREATE TABLE \[#page\]/g, 'CREATE TEMPORARY TABLE [#page]'],
  [/LOWER\(CONVERT\(nvarchar\(36\), ([^()]+)\)\)/g, '$1::text'],
  [/CONVERT\(nvarchar\(10\), ([^(),]+), 23\)/g, "to_char($1, 'YYYY-MM-DD')"],
  [/CONVERT\(nvarchar\(16\), ([^(),]+), 121\)/g, '$1::text'],
  [
    /CONVERT\(nvarchar\(27\), ([^(),]+), 126\) \+ N'Z'/g,
    `to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || 'Z'`,
  ],
  [/CONVERT\(nvarchar\(\d+\), ([^(),]+)\)/g, '$1::text'],
  [/CONVERT\(int, \uE000\)/g, `${mark}::int`],
  // the locks are taken one after the other by id, which PostgreSQL does in one statement
  [
    /^DECLARE @own1 TABLE .*? INSERT INTO @own1 \(\[DocumentId\]\) (SELECT .*?); DECLARE @locked1 .*? END; (SELECT .*) FROM @own1 o (.*);$/s,
    '$2 FROM ($1) o $3 FOR NO KEY UPDATE OF d;',
  ],
  [/SELECT TOP \(\uE000\) (.*);$/s, `SELECT $1 LIMIT ${mark};`],
  [/FETCH NEXT \uE000 ROWS ONLY/g, `FETCH NEXT (${mark})::bigint ROWS ONLY`],
  [/\[([^\]]*)\]/g, '"$1"'],
];

/** The PostgreSQL type of a parameter in rows without a table; otherwise PostgreSQL infers the type from a column. */
const typeNames: Readonly<Record<string, string>> = {
  uniqueidentifier: 'uuid',
  bigint: 'bigint',
  smallint: 'smallint',
  date: 'date',
};

/** The pieces of a statement with a mark for each parameter; in rows without a table each mark has its type. */
function marked({ pieces, types }: Statement): string {
  const hasRowsOfItsOwn = pieces[0]?.includes('(VALUES ') ?? false;
  const placeholder = (index: number) =>
    `${mark}${hasRowsOfItsOwn ? `::${typeNames[types?.[index] ?? ''] ?? 'text'}` : ''}`;
  return pieces.reduce((text, piece, index) => `${text}${placeholder(index - 1)}${piece}`);
}

function translated(statement: Statement): Statement[] {
  const { parameters, hasRows } = statement;
  let text = marked(statement);
  for (const [pattern, replacement] of rules) text = text.replace(pattern, replacement);
  // the text of a statement without parameters may contain several statements
  const texts = parameters.length > 0 ? [text] : text.split(/;\s*(?=\S)/);
  return texts.map((each, index) => ({
    pieces: each.split(mark) as readonly string[] as Statement['pieces'],
    parameters,
    hasRows: hasRows && index === texts.length - 1,
  }));
}

/** A connection that accepts SQL Server statements and runs them on a PostgreSQL database. */
export function mssqlOnPostgres(inner: Connection): Connection {
  const queryAll = async (statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> => {
    const groups = statements.map(translated);
    const answers = await inner.queryAll(groups.flat());
    let next = 0;
    return groups.map((group) => {
      next += group.length;
      return answers[next - 1] ?? [];
    });
  };
  return new Proxy(inner, {
    get(target, name) {
      if (name === 'dialect') return 'mssql';
      if (name === 'queryAll') return queryAll;
      // a page is read over a temporary table, which a read-only transaction of PostgreSQL cannot create
      if (name === 'begin') return () => inner.begin();
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
