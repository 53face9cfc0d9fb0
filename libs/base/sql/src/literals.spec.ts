import { failureOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { dialectRules, type LogicalType } from './index.ts';

const { pgsql, mssql } = dialectRules;

describe('a string literal doubles single quotes and changes nothing else; mssql puts N before it', () => {
  it.each([
    ['', "''"],
    ['abc', "'abc'"],
    ["O'Brien", "'O''Brien'"],
    ["'", "''''"],
    ["''", "''''''"],
    ['a\\b\\n', "'a\\b\\n'"],
    ['"x" [y] $$ $& N', '\'"x" [y] $$ $& N\''],
    ['a\nb', "'a\nb'"],
    ['Ähre 😀', "'Ähre 😀'"],
  ])('%j', (text, literal) => {
    expect(pgsql.stringLiteral(text)).toBe(literal);
    expect(mssql.stringLiteral(text)).toBe(`N${literal}`);
  });
});

describe('a string literal of a text that would not arrive as it is', () => {
  it.each([
    ['NUL', 'a\0b'],
    ['a high surrogate alone', '\ud83d'],
    ['a low surrogate alone', 'a\ude00'],
    ['a very long text with NUL at its end', `${'a'.repeat(5000)}\0`],
  ])('is SQL_NOT_QUOTABLE in both dialects: %s', (_name, text) => {
    for (const rules of [pgsql, mssql]) {
      const error = failureOf(() => rules.stringLiteral(text));
      expect(error.code).toBe('SQL_NOT_QUOTABLE');
      expect(error.message).toContain(`${rules.name}: the literal`);
      expect(error.message.length).toBeLessThan(500);
    }
  });

  it.each(['a\\\nb', 'a\\\r\nb'])('is SQL_NOT_QUOTABLE in mssql, which would join the lines: %j', (text) => {
    expect(failureOf(() => mssql.stringLiteral(text)).code).toBe('SQL_NOT_QUOTABLE');
    expect(pgsql.stringLiteral(text)).toBe(`'${text}'`);
  });
});

describe('a boolean literal', () => {
  it('is true or false in pgsql, 1 or 0 in mssql', () => {
    expect([pgsql.booleanLiteral(true), pgsql.booleanLiteral(false)]).toEqual(['true', 'false']);
    expect([mssql.booleanLiteral(true), mssql.booleanLiteral(false)]).toEqual(['1', '0']);
  });
});

describe('a binary literal is upper-case hex', () => {
  it.each<[number[], string]>([
    [[], ''],
    [[0], '00'],
    [[0x0a, 0xbc, 0xff], '0ABCFF'],
    [[0, 0, 1], '000001'],
  ])('%j', (list, digits) => {
    expect(pgsql.binaryLiteral(Uint8Array.from(list))).toBe(`'\\x${digits}'::bytea`);
    expect(mssql.binaryLiteral(Uint8Array.from(list))).toBe(`0x${digits}`);
  });

  it('of a part of a larger buffer holds that part only', () => {
    const part = Uint8Array.of(1, 2, 3, 4).subarray(1, 3);
    expect(pgsql.binaryLiteral(part)).toBe("'\\x0203'::bytea");
    expect(mssql.binaryLiteral(part)).toBe('0x0203');
  });
});

describe('the type of a column', () => {
  const type = (kind: LogicalType['kind'], facts: Partial<LogicalType> = {}): LogicalType => ({
    kind,
    maxLength: null,
    decimal: null,
    ...facts,
  });

  it.each<[string, LogicalType, string, string]>([
    ['string of maximum length 60', type('String', { maxLength: 60 }), 'varchar(60)', 'nvarchar(60)'],
    ['string of maximum length 1', type('String', { maxLength: 1 }), 'varchar(1)', 'nvarchar(1)'],
    ['string of maximum length 4000', type('String', { maxLength: 4000 }), 'varchar(4000)', 'nvarchar(4000)'],
    ['string without maximum length', type('String'), 'varchar', 'nvarchar(max)'],
    ['32-bit integer', type('Int32'), 'integer', 'int'],
    ['64-bit integer', type('Int64'), 'bigint', 'bigint'],
    [
      'decimal of precision 9, scale 2',
      type('Decimal', { decimal: { precision: 9, scale: 2 } }),
      'numeric(9,2)',
      'decimal(9,2)',
    ],
    ['decimal of scale 0', type('Decimal', { decimal: { precision: 18, scale: 0 } }), 'numeric(18,0)', 'decimal(18,0)'],
    ['decimal without precision', type('Decimal'), 'numeric', 'decimal'],
    ['boolean', type('Boolean'), 'boolean', 'bit'],
    ['date', type('Date'), 'date', 'date'],
    ['date-time', type('DateTime'), 'timestamp with time zone', 'datetime2(7)'],
    ['time', type('Time'), 'time', 'time(7)'],
  ])('%s', (_name, logical, inPgsql, inMssql) => {
    expect(pgsql.typeName(logical)).toBe(inPgsql);
    expect(mssql.typeName(logical)).toBe(inMssql);
  });
});

describe('a scripting variable of sqlcmd', () => {
  it.each([
    ['$(SQLCMDUSER)', "(N'$' + N'(SQLCMDUSER)')"],
    ["it's $(a)$(b)", "(N'it''s $' + N'(a)$' + N'(b)')"],
    ['$ (a)', "N'$ (a)'"],
    ['$', "N'$'"],
  ])('is never in a literal: %s', (text, literal) => expect(dialectRules.mssql.stringLiteral(text)).toBe(literal));

  it('is refused in an identifier', () => {
    expect(() => dialectRules.mssql.quote('a$(b)')).toThrow(
      /^SQL_NOT_QUOTABLE: mssql: the identifier "a\$\(b\)" holds "\$\("/,
    );
    expect(dialectRules.pgsql.quote('a$(b)')).toBe('"a$(b)"');
    expect(dialectRules.pgsql.stringLiteral('$(b)')).toBe("'$(b)'");
  });
});

describe('names that the default collations of SQL Server take for equal', () => {
  const { comparedName } = dialectRules.mssql;

  it.each([
    ['Straße', 'STRASSE'],
    ['Straẞe', 'Strasse'],
    ['Ｓｃｈｏｏｌ', 'School'],
    ['ﬁle', 'File'],
    ['Æther', 'aether'],
    ['カナ', 'かな'],
    ['e\u0301', 'é'],
    ['Day😀', 'Day😁'],
    ['ΟΔΟΣ', 'οδος'],
  ])('%s and %s', (one, other) => expect(comparedName(one)).toBe(comparedName(other)));

  it.each([
    ['Cafe', 'Café'],
    ['o', 'ø'],
    ['a', 'b'],
  ])('but not %s and %s', (one, other) => expect(comparedName(one)).not.toBe(comparedName(other)));

  it('are different in PostgreSQL', () => {
    expect(dialectRules.pgsql.comparedName('Straße')).not.toBe(dialectRules.pgsql.comparedName('Strasse'));
  });
});
