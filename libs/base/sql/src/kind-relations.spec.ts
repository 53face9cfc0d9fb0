import { describe, expect, it } from 'vitest';
import { declaredType, formIn, kindFormats, kindOfSchema, logicalKinds, textFormats } from './kind-relations.ts';

describe('the kind of a JSON schema (design 02 §7.3)', () => {
  it.each([
    ['string', undefined, 'String'],
    ['string', 'date', 'Date'],
    ['string', 'date-time', 'DateTime'],
    ['string', 'time', 'Time'],
    ['string', 'uri', 'String'],
    ['integer', undefined, 'Int32'],
    ['integer', 'int32', 'Int32'],
    ['integer', 'int64', 'Int64'],
    ['number', 'double', 'Decimal'],
    ['number', 'date', 'Decimal'],
    ['boolean', undefined, 'Boolean'],
    ['object', undefined, undefined],
    [undefined, 'date', undefined],
  ])('%s with the format %s is %s', (type, format, kind) => {
    expect(kindOfSchema(type, format)).toBe(kind);
  });

  it('follows from these formats', () => {
    expect([...textFormats].sort()).toEqual(['date', 'date-time', 'time']);
    expect([...kindFormats].sort()).toEqual(['date', 'date-time', 'double', 'float', 'int32', 'int64', 'time']);
  });
});

describe('the form of values in another kind (design 12 §3.2)', () => {
  const noLimits = { maxLength: null, decimal: null };
  const decimal = (scale: number) => ({ maxLength: null, decimal: { precision: 9, scale } });
  const trimmed = (value: string) => `REPLACE(RTRIM(REPLACE(${value}, N'0', N' ')), N' ', N'0')`;
  const withoutPoint = (value: string) => `REPLACE(RTRIM(REPLACE(${value}, N'.', N' ')), N' ', N'.')`;

  it.each([
    ['Int32', 'String', noLimits, 'v::text', 'CAST(v AS nvarchar(60))'],
    ['Int64', 'String', noLimits, 'v::text', 'CAST(v AS nvarchar(60))'],
    ['Decimal', 'String', decimal(0), 'v::text', 'CAST(v AS nvarchar(60))'],
    ['Decimal', 'String', decimal(2), 'trim_scale(v)::text', withoutPoint(trimmed('CAST(v AS nvarchar(60))'))],
    ['Boolean', 'String', noLimits, 'v::text', `CASE v WHEN 1 THEN N'true' WHEN 0 THEN N'false' END`],
    ['Date', 'String', noLimits, `to_char(v, 'YYYY-MM-DD')`, 'CONVERT(nvarchar(10), v, 23)'],
    ['Date', 'DateTime', noLimits, `(v::timestamp AT TIME ZONE 'UTC')`, 'CAST(v AS datetime2(7))'],
  ] as const)('of %s in %s with the limits %o is %s and %s', (from, into, limits, pgsql, mssql) => {
    const form = formIn(from, into);
    expect([form?.pgsql('v', limits), form?.mssql('v', limits)]).toEqual([pgsql, mssql]);
  });

  it('is the same value for a wider number', () => {
    expect([formIn('Int32', 'Int64'), formIn('Int32', 'Decimal'), formIn('Int64', 'Decimal')]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('does not exist for all other pairs', () => {
    const pairs = logicalKinds.flatMap((from) => logicalKinds.map((into) => [from, into] as const));
    expect(pairs.filter(([from, into]) => formIn(from, into) !== undefined)).toHaveLength(9);
  });
});

describe('the logical type of a declared type', () => {
  it.each([
    ['varchar', ['60'], { kind: 'String', maxLength: 60, decimal: null }],
    ['nvarchar', ['max'], { kind: 'String', maxLength: null, decimal: null }],
    ['integer', [], { kind: 'Int32', maxLength: null, decimal: null }],
    ['int', [], { kind: 'Int32', maxLength: null, decimal: null }],
    ['numeric', ['9', '2'], { kind: 'Decimal', maxLength: null, decimal: { precision: 9, scale: 2 } }],
    ['decimal', ['9'], { kind: 'Decimal', maxLength: null, decimal: { precision: 9, scale: 0 } }],
    ['bit', [], { kind: 'Boolean', maxLength: null, decimal: null }],
    ['timestamp with time zone', [], { kind: 'DateTime', maxLength: null, decimal: null }],
    ['datetime2', ['7'], { kind: 'DateTime', maxLength: null, decimal: null }],
    ['uuid', [], undefined],
  ])('%s (%o) is %o', (name, given, logical) => {
    expect(declaredType({ name, arguments: given })).toEqual(logical);
  });
});
