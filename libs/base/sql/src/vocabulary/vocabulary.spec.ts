import { describe, expect, it } from 'vitest';
import { dialectOf, dialects, type Sql, type SqlDialect, textOf, trusted } from '../index.ts';

/** The text of a statement with `?` for each parameter, and the parameters. */
const shown = ({ pieces, parameters }: Sql) => ({
  text: pieces.join('?'),
  parameters: parameters.map(({ parameter }) => parameter),
});

const student = { schema: 'edfi', name: 'Student' };

describe('the expressions of a dialect', () => {
  it.each([
    ['pgsql', 'uuid', '"a"::text'],
    ['pgsql', 'bigint', '"a"::text'],
    ['mssql', 'uuid', 'LOWER(CONVERT(nvarchar(36), [a]))'],
    ['mssql', 'date', 'CONVERT(nvarchar(10), [a], 23)'],
    ['mssql', 'time', 'CONVERT(nvarchar(27), [a], 126)'],
    ['mssql', 'bigint', 'CONVERT(nvarchar(20), [a])'],
  ] as const)('%s reads a %s as text', (dialect, kind, text) => {
    const { id, text: asText } = dialectOf[dialect];
    expect(textOf(asText(id('a'), kind))).toBe(text);
  });

  it('casts a value to a type', () => {
    const cast = (dialect: SqlDialect) => textOf(dialectOf[dialect].cast(dialectOf[dialect].id('a'), trusted('int')));
    expect(dialects.map(cast)).toEqual(['"a"::int', 'CAST([a] AS int)']);
  });

  it.each([
    ['pgsql', 'bigint', '"a" = ANY(?::bigint[])', [['1', '2']]],
    ['pgsql', 'text', '"a" = ANY(?::text[])', [['1', '2']]],
    ['mssql', 'bigint', '[a] IN (SELECT CAST(j.[value] AS bigint) FROM OPENJSON(?) AS j)', ['["1","2"]']],
    ['mssql', 'uuid', '[a] IN (SELECT CAST(j.[value] AS uniqueidentifier) FROM OPENJSON(?) AS j)', ['["1","2"]']],
    ['mssql', 'text', '[a] IN (SELECT j.[value] COLLATE DATABASE_DEFAULT FROM OPENJSON(?) AS j)', ['["1","2"]']],
  ] as const)('%s compares a %s with a list as one parameter', (dialect, type, text, parameters) => {
    const { id, among } = dialectOf[dialect];
    expect(shown(among(id('a'), ['1', '2'], type))).toEqual({ text, parameters });
  });

  it.each([
    ['pgsql', `"a" = ANY('{1,2}'::bigint[])`],
    ['mssql', "[a] IN (SELECT CAST(j.[value] AS bigint) FROM OPENJSON(N'[1,2]') AS j)"],
  ] as const)('%s compares ids with a list in the text', (dialect, text) => {
    const { id, amongIds } = dialectOf[dialect];
    expect(textOf(amongIds(id('a'), [1, 2]))).toBe(text);
  });

  it.each([
    ['pgsql', 'json_to_recordset(?::json) AS w ("n" bigint, "u" uuid, "t" text)'],
    ['mssql', "OPENJSON(?) WITH ([n] bigint '$.n', [u] uniqueidentifier '$.u', [t] nvarchar(max) '$.t') AS w"],
  ] as const)('%s takes rows as one parameter', (dialect, text) => {
    const { given } = dialectOf[dialect];
    const rows = [{ n: 1, u: 'x', t: null }];
    const columns = [
      ['n', 'bigint'],
      ['u', 'uuid'],
      ['t', 'text'],
    ] as const;
    expect(shown(given(rows, columns, 'w'))).toEqual({ text, parameters: ['[{"n":1,"u":"x","t":null}]'] });
  });

  it.each([
    ['pgsql', '("a", "b") IS DISTINCT FROM ("c", "d")'],
    ['mssql', 'EXISTS (SELECT [a], [b] EXCEPT SELECT [c], [d])'],
  ] as const)('%s compares values of which NULL is one', (dialect, text) => {
    const { id, differs } = dialectOf[dialect];
    expect(textOf(differs(['a', 'b'].map(id), ['c', 'd'].map(id)))).toBe(text);
  });

  it.each([
    ['pgsql', '("a", "b") IS DISTINCT FROM ("c", "d")'],
    [
      'mssql',
      'EXISTS (SELECT [a] COLLATE Latin1_General_100_BIN2, DATALENGTH([a]), [b] EXCEPT SELECT [c] COLLATE Latin1_General_100_BIN2, DATALENGTH([c]), [d])',
    ],
  ] as const)('%s compares texts by code units', (dialect, text) => {
    const { id, differsExactly } = dialectOf[dialect];
    const [left, right] = [
      { left: id('a'), right: id('c'), isText: true },
      { left: id('b'), right: id('d'), isText: false },
    ];
    expect(textOf(differsExactly([left, right]))).toBe(text);
  });

  it.each([
    ['pgsql', `to_regclass('"edfi"."Student"') IS NULL`],
    ['mssql', "OBJECT_ID(N'[edfi].[Student]', N'U') IS NULL"],
  ] as const)('%s looks for a table', (dialect, text) => {
    expect(textOf(dialectOf[dialect].isMissing(student))).toBe(text);
  });

  it.each([
    ['pgsql', 'UPDATE "edfi"."Student" AS t SET "A" = w."B" FROM "edfi"."Student" AS w WHERE w."Id" = t."Id"'],
    [
      'mssql',
      'UPDATE t SET t.[A] = w.[B] FROM [edfi].[Student] AS t INNER JOIN [edfi].[Student] AS w ON w.[Id] = t.[Id]',
    ],
  ] as const)('%s updates rows from others', (dialect, text) => {
    const { sql, updateFrom } = dialectOf[dialect];
    const set = [['A', sql`w."B"`]] as const;
    const update = updateFrom({ table: student, set, from: sql`${student} AS w`, on: sql`w."Id" = t."Id"` });
    expect(textOf(update)).toBe(text);
  });

  it.each([
    ['pgsql', '"a"', 'lower("a" COLLATE "pg_c_utf8")'],
    ['mssql', '[a] COLLATE SQL_Latin1_General_CP1_CI_AS', 'LOWER([a] COLLATE SQL_Latin1_General_CP1_CI_AS)'],
  ] as const)('%s compares texts of keys and folds URIs of descriptors', (dialect, operand, uri) => {
    const { id, collated, folded } = dialectOf[dialect];
    expect([collated(id('a')), folded(id('a'))].map(textOf)).toEqual([operand, uri]);
  });

  it('draws numbers and has a time', () => {
    const drawn = (dialect: SqlDialect) => textOf(dialectOf[dialect].next(student));
    expect(dialects.map(drawn)).toEqual([`nextval('"edfi"."Student"')`, 'NEXT VALUE FOR [edfi].[Student]']);
    expect(dialects.map((dialect) => textOf(dialectOf[dialect].now))).toEqual(['now()', 'sysutcdatetime()']);
  });
});
