import { describe, expect, it } from 'vitest';
import {
  dialectRules,
  dialects,
  type EngineLimit,
  engineLimits,
  exceeded,
  exceededByEntry,
  exceededByRow,
} from './index.ts';

const limits: readonly EngineLimit[] = Object.values(engineLimits);
const text = (maxLength: number | null) => ({ kind: 'String', maxLength, decimal: null }) as const;
const flag = { kind: 'Boolean', maxLength: null, decimal: null } as const;
const long = { kind: 'Int64', maxLength: null, decimal: null } as const;

describe('the table of limits', () => {
  it('has a page of the documentation for every number, and no page without a number', () => {
    for (const { what, most, pages } of limits)
      for (const dialect of dialects) expect([what, most[dialect] === null]).toEqual([what, pages[dialect] === null]);
  });

  it('says of each limit what it counts, once', () => {
    expect(new Set(limits.map(({ what }) => what)).size).toBe(limits.length);
  });

  it('has a static check for everything that an engine refuses, unless a code refuses it earlier', () => {
    expect(
      limits.filter(
        ({ treatment, check, emits }) => treatment === 'refused' && check === null && !/`[A-Z_]+`/.test(emits),
      ),
    ).toEqual([]);
  });
});

describe('a text', () => {
  it.each([
    ['mssql', 4000, 'nvarchar(4000)', 4000],
    ['mssql', 4001, 'nvarchar(max)', null],
    ['mssql', null, 'nvarchar(max)', null],
    ['pgsql', 4001, 'varchar(4001)', 4001],
    ['pgsql', 10_485_760, 'varchar(10485760)', 10_485_760],
    ['pgsql', null, 'varchar', null],
  ] as const)('of %s with %s letters is %s', (dialect, length, type, declared) => {
    const rules = dialectRules[dialect];
    expect([rules.typeName(text(length)), rules.declaredLength(text(length))]).toEqual([type, declared]);
  });
});

describe('what is too much', () => {
  const { pgsql, mssql } = dialectRules;

  it('begins one above the limit, and nowhere without one', () => {
    expect(exceeded(mssql, 'tableColumns', 1024)).toEqual([]);
    expect(exceeded(mssql, 'tableColumns', 1025)).toEqual([{ limit: 'tableColumns', count: 1025, most: 1024 }]);
    expect(exceeded(pgsql, 'tableReferences', 1_000_000)).toEqual([]);
  });

  it('counts eight flags of SQL Server as a byte', () => {
    // 990 values of 8 bytes and the flags; the engine adds 6 bytes and a bit for each column
    const row = (flags: number) => [
      ...Array.from({ length: 990 }, () => long),
      ...Array.from({ length: flags }, () => flag),
    ];
    // 7,920 + 5 + 6 + 129 bytes
    expect(exceededByRow(mssql, row(40))).toEqual([]);
    expect(exceededByRow(mssql, row(41))).toEqual([{ limit: 'fixedRowBytes', count: 8061, most: 8060 }]);
    expect(exceededByRow(mssql, [...row(34), long])).toEqual([{ limit: 'fixedRowBytes', count: 8068, most: 8060 }]);
  });

  it('has no number for a text without a length', () => {
    expect(exceededByEntry(mssql, { columns: [text(4001)], included: [], isIndexed: true })).toEqual([]);
  });

  it('counts included columns on PostgreSQL, which stores them in the entry', () => {
    const measured = { columns: [text(600)], included: [text(100)], isIndexed: true };
    expect(exceededByEntry(pgsql, measured).map(({ count }) => count)).toEqual([8 + 4 + 2404 + 404]);
    expect(exceededByEntry(mssql, measured)).toEqual([]);
  });
});
