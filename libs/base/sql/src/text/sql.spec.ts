import { describe, expect, it } from 'vitest';
import {
  chained,
  dialectOf,
  empty,
  ended,
  group,
  hanging,
  join,
  joined,
  lineTexts,
  listed,
  type PlainSql,
  type Sql,
  separated,
  textOf,
  trusted,
  value,
  withoutParameters,
} from '../index.ts';

const { sql, lines, id, ids, literal } = dialectOf.pgsql;
const mssql = dialectOf.mssql;
const student = { schema: 'edfi', name: 'Student' };

describe('a fragment of SQL', () => {
  it('quotes static names, names of objects and identifiers in the spelling of the dialect', () => {
    const text = ({ sql, id }: typeof mssql) => textOf(sql`SELECT t."Id", ${id('a"]b')} FROM ${student} t`);
    expect(text(dialectOf.pgsql)).toBe('SELECT t."Id", "a""]b" FROM "edfi"."Student" t');
    expect(text(mssql)).toBe('SELECT t.[Id], [a"]]b] FROM [edfi].[Student] t');
  });

  it('leaves static literals and comments alone', () => {
    expect(textOf(mssql.sql`SELECT N'say "x" and ''y''', "a""b" -- "c"`)).toBe(
      `SELECT N'say "x" and ''y''', [a"b] -- "c"`,
    );
  });

  it.each([
    ['a text', "it's", "'it''s'", "N'it''s'"],
    ['a text with a variable of sqlcmd', '$(x)', "'$(x)'", "(N'$' + N'(x)')"],
    ['an integer', 7, '7', '7'],
    ['a large integer', 9007199254740993n, '9007199254740993', '9007199254740993'],
    ['true', true, 'true', '1'],
    ['NULL', null, 'NULL', 'NULL'],
    ['bytes', new Uint8Array([10, 255]), "'\\x0AFF'::bytea", '0x0AFF'],
  ])('writes a literal of %s', (_kind, given, pgsqlText, mssqlText) => {
    expect(textOf(literal(given))).toBe(pgsqlText);
    expect(textOf(mssql.literal(given))).toBe(mssqlText);
  });

  it('refuses a number that no literal is, and a name over the limit', () => {
    expect(() => literal(Number.NaN)).toThrow('NaN');
    expect(() => id('x'.repeat(64))).toThrow('SQL_NOT_QUOTABLE');
  });

  it('writes a literal of ASCII characters without the mark of other letters', () => {
    expect(textOf(dialectOf.pgsql.asciiLiteral("it's"))).toBe("'it''s'");
    expect(textOf(mssql.asciiLiteral("it's"))).toBe("'it''s'");
    expect(textOf(mssql.asciiLiteral('é'))).toBe("N'é'");
  });

  it('keeps parameters between its pieces, wherever a fragment stands', () => {
    const condition = sql`"Id" = ${value('7', 'bigint')} OR ${value(1)} > 0`;
    const twice = sql`SELECT ${condition} FROM ${student} WHERE ${condition};`;
    expect(twice.pieces).toEqual([
      'SELECT "Id" = ',
      ' OR ',
      ' > 0 FROM "edfi"."Student" WHERE "Id" = ',
      ' OR ',
      ' > 0;',
    ]);
    expect(twice.parameters).toEqual([
      { parameter: '7', type: 'bigint' },
      { parameter: 1, type: null },
      { parameter: '7', type: 'bigint' },
      { parameter: 1, type: null },
    ]);
  });

  it('joins fragments, with their parameters', () => {
    expect(textOf(join([]))).toBe('');
    expect(textOf(join([id('a'), id('b')], ' AND '))).toBe('"a" AND "b"');
    expect(textOf(ids(['a', 'b']))).toBe('"a", "b"');
    expect(join([value(1), value(2)]).pieces).toEqual(['', ', ', '']);
  });

  it('is plain only without parameters', () => {
    const plain: PlainSql = sql`SELECT ${id('a')}`;
    const other: Sql = sql`SELECT ${value(1)}`;
    // @ts-expect-error a text with parameters is no text of a script
    const wrong: PlainSql = sql`SELECT ${value(1)}`;
    expect(textOf(withoutParameters(plain))).toBe('SELECT "a"');
    expect(() => withoutParameters(other)).toThrow('SQL with parameters: SELECT …');
    expect(() => withoutParameters(wrong)).toThrow('SQL with parameters');
  });

  it('refuses strings, numbers and lists in its places', () => {
    // @ts-expect-error a string is no SQL
    expect(() => sql`SELECT ${'a'}`).toThrow();
    // @ts-expect-error a number is a literal or a parameter
    expect(() => sql`SELECT ${1}`).toThrow();
    // @ts-expect-error a list has a separator
    expect(() => sql`SELECT ${[id('a')]}`).toThrow();
  });

  it('refuses a template without a tag', () => {
    expect(() => `SELECT ${id('a')}`).toThrow('SQL in a template without a tag: "a"');
    expect(() => `SELECT ${lines`a`}`).toThrow('Lines of SQL in a template without a tag: a');
  });

  it.each([
    ['a literal', () => sql`GRANT 'x ${id('a')}'`],
    ['a name', () => sql`SELECT "x${id('a')}"`],
  ])('refuses a place inside %s', (_kind, write) => {
    expect(write).toThrow('A place of a SQL template is inside');
  });

  it('refuses an apostrophe in a comment', () => {
    expect(
      () => lines`
      -- the table's rows
      SELECT 1`,
    ).toThrow('A comment of a SQL template holds an apostrophe');
  });
});

describe('lines of SQL', () => {
  it('have the margin of the first line, and begin and end without a blank line', () => {
    expect(
      lineTexts(lines`
        BEGIN
            RETURN;

        END;
      `),
    ).toEqual(['BEGIN', '    RETURN;', '', 'END;']);
    expect(lineTexts(lines`SELECT 1;`)).toEqual(['SELECT 1;']);
  });

  it('refuse a line left of the margin', () => {
    expect(
      () => lines`
        BEGIN
      END`,
    ).toThrow('left of its margin');
  });

  it('place lines where they stand, the later ones with the indent of the line', () => {
    const condition = lines`
      a = 1
          AND b = 2

      AND c = 3`;
    expect(
      lineTexts(lines`
        SELECT *
            FROM t WHERE ${condition};
        ${condition}`),
    ).toEqual([
      'SELECT *',
      '    FROM t WHERE a = 1',
      '        AND b = 2',
      '',
      '    AND c = 3;',
      'a = 1',
      '    AND b = 2',
      '',
      'AND c = 3',
    ]);
  });

  it('lose a line whose only place holds nothing', () => {
    expect(
      lineTexts(lines`
        a
            ${group()}
        ${empty}
        b ${empty}
        `),
    ).toEqual(['a', 'b ']);
  });

  it('do not end at a line break inside a literal', () => {
    const text = lines`
      SELECT 'a
      b', ${literal('c\nd')}`;
    expect(lineTexts(text)).toEqual(["SELECT 'a\n      b', 'c\nd'"]);
    expect(
      lineTexts(lines`
        BEGIN
            ${text}
        END`),
    ).toEqual(['BEGIN', "    SELECT 'a\n      b', 'c\nd'", 'END']);
  });

  it('are grouped, listed and joined', () => {
    expect(lineTexts(group(id('a'), lines`b`, group()))).toEqual(['"a"', 'b']);
    expect(
      lineTexts(
        listed([
          id('a'),
          lines`
            b
            c`,
          id('d'),
        ]),
      ),
    ).toEqual(['"a",', 'b', 'c,', '"d"']);
    expect(textOf(joined(group(id('a'), id('b'))))).toBe('"a"\n"b"');
    expect(textOf(ended(group(id('a'), id('b'))))).toBe('"a"\n"b"\n');
    expect(lineTexts(listed([id('a'), group(), id('b')]))).toEqual(['"a",', '"b"']);
    expect(lineTexts(listed([]))).toEqual([]);
  });

  it('are separated by a line, chained by a word, and hang from their first line', () => {
    const block = lines`
      b

      c`;
    expect(lineTexts(separated([id('a'), block, id('d')], sql`UNION`))).toEqual([
      '"a"',
      'UNION',
      'b',
      '',
      'c',
      'UNION',
      '"d"',
    ]);
    expect(lineTexts(chained([block, block, id('d')], 'AND'))).toEqual([
      'b',
      '',
      'c',
      '    AND b',
      '',
      '    c',
      '    AND "d"',
    ]);
    expect(lineTexts(lines`SET ${hanging(listed([block, id('d')]))}`)).toEqual(['SET b', '', '    c,', '    "d"']);
    expect(lineTexts(group(separated([], sql`UNION`), chained([], 'OR'), hanging(group())))).toEqual([]);
  });

  it('keep parameters', () => {
    const text = joined(lines`
      SELECT 1
      WHERE ${lines`
        a = ${value(1)}
        AND b = ${value(2)}`};`);
    expect(text.pieces).toEqual(['SELECT 1\nWHERE a = ', '\nAND b = ', ';']);
  });

  it('hold texts that are SQL already', () => {
    expect(lineTexts(group(trusted('SELECT 1')))).toEqual(['SELECT 1']);
  });
});
