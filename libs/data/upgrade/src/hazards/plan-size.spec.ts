import { trusted } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { effectOn, effectOnNew as onNew, statementWith } from '../../test/effects.ts';
import type { StatementEffect } from '../ops/effect.ts';
import { affectedRows, rowsKey } from './estimate.ts';
import { planSize, planSizeText, type TableSizes, writtenBytes } from './plan-size.ts';

const planOf = (...statements: readonly (readonly StatementEffect[])[]) => ({
  dialect: 'pgsql' as const,
  statements: statements.map((effects) => statementWith(...effects)),
  documentChecks: [],
});

/** A thousand rows of 100 bytes, with two indexes of 20 bytes for each row. */
const sizes: TableSizes = new Map([['a.T', { bytes: 100_000, indexBytes: 40_000, indexes: 2 }]]);
const condition = trusted('t."A" = 1');
const rows = new Map([
  [rowsKey({ table: 'a.T' }), 1000],
  [rowsKey({ table: 'a.T', condition }), 10],
]);
const bytesOf = (...statements: readonly (readonly StatementEffect[])[]) =>
  writtenBytes(planOf(...statements), rows, sizes);

describe('what a plan adds and writes again', () => {
  it('counts new tables, indexes of tables that were there, and the tables whose rows are written', () => {
    const plan = planOf(
      [onNew('create table', 'a.N')],
      [onNew('create index', 'a.N')],
      [effectOn('create index', 'a.T')],
      [effectOn('add unique', 'a.T'), effectOn('change type', 'a.T')],
      [effectOn('change type', 'a.T')],
      [effectOn('update rows', 'a.T'), effectOn('delete rows', 'a.U')],
      [effectOn('add foreign key', 'a.V'), effectOn('check rows', 'a.V')],
    );
    expect(planSize(plan)).toEqual({ newTables: 1, indexes: 2, rewrittenTables: 1, writtenTables: 2 });
    const what = '1 table is new, 2 indexes are built, 1 table is rewritten, rows of 2 tables are written';
    expect(planSizeText(plan, null)).toBe(`${what}; a database says how large they are`);
    expect(planSizeText(plan, { bytes: 1_449_000_000 })).toBe(
      `${what}; about 1000 MB more in this database until the commit`,
    );
    expect(planSizeText({ ...plan, dialect: 'mssql' }, { bytes: null })).toMatch(
      /; no estimate for SQL Server: nothing was measured there$/,
    );
  });

  it('is nothing where only code changes', () => {
    expect(planSizeText(planOf([effectOn('drop trigger', 'a.T')]), null)).toBe('nothing is added or written again');
  });
});

describe('the bytes that a plan writes', () => {
  it('are the share of a table that is written, with its indexes', () => {
    expect(bytesOf([effectOn('update rows', 'a.T')])).toBe(140_000);
    expect(bytesOf([{ ...effectOn('update rows', 'a.T'), rows: { table: 'a.T', condition } }])).toBe(1400);
    expect(bytesOf([effectOn('delete rows', 'a.T')])).toBe(0);
  });

  it('are as large as the rows that they are made of, where their table is new', () => {
    expect(bytesOf([{ ...onNew('insert rows', 'a.N'), rows: { table: 'a.T' } }])).toBe(140_000);
  });

  it('are those of referential ids, where a move makes their table', () => {
    expect(bytesOf([{ ...onNew('insert rows', 'dms.ReferentialIdentity'), rows: { table: 'a.T' } }])).toBe(130_000);
  });

  it('are the whole table once for each statement that rewrites it, and one index of its size', () => {
    expect(bytesOf([effectOn('change type', 'a.T'), effectOn('add computed columns', 'a.T')])).toBe(140_000);
    expect(bytesOf([effectOn('create index', 'a.T')])).toBe(20_000);
  });

  it('are some pages for what is empty', () => {
    expect(bytesOf([onNew('create table', 'a.N')], [onNew('create index', 'a.N')])).toBe(4 * 8192);
  });
});

it('the rows of a table are counted as a whole where some of them are written', () => {
  const some = { table: 'a.T', condition };
  expect(affectedRows(planOf([{ ...effectOn('update rows', 'a.T'), rows: some }]))).toEqual([
    { table: 'a.T' },
    some,
    { table: 'dms.Document' },
  ]);
});
