import type { Connection, Row, Statement } from '@dms/databases';

/* The statements that documents are written and read with on SQL Server, run on PostgreSQL. What is not translated here fails there. */

/** Stands for a parameter while the text around it is translated. */
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
  [/CONVERT\(nvarchar\(27\), ([^(),]+), 126\) \+ N'Z'/g, `to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || 'Z'`],
  [/CONVERT\(nvarchar\(\d+\), ([^(),]+)\)/g, '$1::text'],
  [/CONVERT\(uniqueidentifier, \uE000\)/g, `${mark}::uuid`],
  [/CONVERT\((smallint|bigint|int), \uE000\)/g, `${mark}::$1`],
  [/ WITH \([A-Z]*LOCK[A-Z, ]*\)(.*);$/s, '$1 FOR NO KEY UPDATE OF d;'],
  [/SELECT TOP \(\uE000\) (.*);$/s, `SELECT $1 LIMIT ${mark};`],
  [/FETCH NEXT \uE000 ROWS ONLY/g, `FETCH NEXT (${mark})::bigint ROWS ONLY`],
  [/\[([^\]]*)\]/g, '"$1"'],
];

function translated({ pieces, parameters, hasRows }: Statement): Statement[] {
  let text = pieces.join(mark);
  for (const [pattern, replacement] of rules) text = text.replace(pattern, replacement);
  // a statement without parameters may be several
  const texts = parameters.length > 0 ? [text] : text.split(/;\s*(?=\S)/);
  return texts.map((each, index) => ({ pieces: each.split(mark), parameters, hasRows: hasRows && index === texts.length - 1 }));
}

/** A connection that takes the statements of SQL Server and runs them on a database of PostgreSQL. */
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
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
