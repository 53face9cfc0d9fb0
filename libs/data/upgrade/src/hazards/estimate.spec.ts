import { type SqlDialect, trusted } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { effectOn, effectOnNew, effectOnNone, statementWith as statement } from '../../test/effects.ts';
import type { UpgradeStatement } from '../ops/statement.ts';
import {
  affectedRows,
  allDocuments,
  costs,
  durationText,
  estimateUpgrade,
  type RowCounts,
  roughSeconds,
  rowsKey,
} from './estimate.ts';

const planOf = (...statements: readonly UpgradeStatement[]) => ({
  dialect: 'pgsql' as SqlDialect,
  statements,
  documentChecks: [],
});

const counts = (tables: Readonly<Record<string, number>>): RowCounts =>
  new Map(Object.entries(tables).map(([table, n]) => [rowsKey({ table }), n]));

const { pgsql } = costs;
if (!pgsql) throw new Error('PostgreSQL has costs');
const { millionRows, statement: fixed, planTable, catalogTable } = pgsql;

const noTables = { before: 0, after: 0 };
/** How many milliseconds the first statement of a plan takes. */
const firstOf = (plan: ReturnType<typeof planOf>, rows: RowCounts) =>
  1000 * (estimateUpgrade(plan, rows, noTables).time?.statements[0] ?? Number.NaN);

const million = counts({ 'a.T': 1_000_000, 'a.U': 2_000_000, [allDocuments.table]: 0 });

describe('the estimate of a statement', () => {
  it('adds the time of its kind and the time of the rows of its table', () => {
    expect(firstOf(planOf(statement(effectOn('create index', 'a.T'))), million)).toBeCloseTo(
      fixed.other + millionRows['index build'],
    );
    expect(firstOf(planOf(statement(effectOnNone('create schema'))), million)).toBeCloseTo(fixed.other);
    expect(firstOf(planOf(statement(effectOn('add foreign key', 'a.U'))), million)).toBeCloseTo(
      (fixed['add foreign key'] ?? 0) + 2 * millionRows['key validation'],
    );
  });

  it('counts one pass over the rows for everything that a statement changes in a table', () => {
    const all = statement(
      effectOn('drop columns', 'a.T'),
      effectOn('add computed columns', 'a.T'),
      effectOn('require value', 'a.T'),
    );
    expect(firstOf(planOf(all), million)).toBeCloseTo(fixed.other + millionRows.rewrite);
  });

  it('counts one pass for every query', () => {
    const checks = statement(
      effectOn('check rows', 'a.T'),
      effectOn('check rows', 'a.T'),
      effectOn('check rows', 'a.U'),
    );
    expect(firstOf(planOf(checks), million)).toBeCloseTo(fixed.other + 4 * millionRows.scan);
  });

  it('ignores the rows of a table that the upgrade creates', () => {
    const created = statement(effectOnNew('add unique', 'a.T'));
    expect(firstOf(planOf(created), million)).toBeCloseTo(fixed.other);
  });

  it('counts the rows that the effect names', () => {
    const rows = { table: 'a.T', condition: trusted('t."A" IN (1)') };
    const some = new Map([...million, [rowsKey(rows), 1000]]);
    const moved = statement({ ...effectOn('update rows', 'a.T'), rows });
    expect(firstOf(planOf(moved), some)).toBeCloseTo(fixed.other + millionRows['row writes'] / 1000);
  });
});

describe('the estimate of an upgrade', () => {
  const plan = planOf(statement(effectOnNone('create schema')), statement(effectOn('change type', 'a.T')));
  const rows = new Map([...million, [rowsKey(allDocuments), 3_000_000]]);

  it('adds planning, two readings of the database and the statements', () => {
    const time = estimateUpgrade(plan, rows, { before: 100, after: 200 }).time;
    const statements = 2 * fixed.other + millionRows.rewrite;
    const after = 200 * catalogTable + 3 * millionRows.scan;
    expect(1000 * (time?.afterwards ?? 0)).toBeCloseTo(after);
    expect(1000 * (time?.whole ?? 0)).toBeCloseTo(
      300 * planTable + 100 * catalogTable + 3 * millionRows.scan + statements + after,
    );
  });

  it('is missing for SQL Server, where nothing was measured', () => {
    expect(estimateUpgrade({ ...plan, dialect: 'mssql' }, rows, noTables)).toEqual({ rows, time: null });
  });
});

describe('the rows that a plan works on', () => {
  it('are the rows of each table that it reads or writes, all rows beside those that are written, and all documents', () => {
    const some = { table: 'a.T', condition: trusted('t."A" IN (1)') };
    const plan = planOf(
      statement(effectOn('drop trigger', 'a.V'), effectOn('create index', 'a.U')),
      statement(effectOn('add check', 'a.U'), { ...effectOn('update rows', 'a.T'), rows: some }),
      statement(effectOnNew('create index', 'a.W')),
    );
    expect(affectedRows(plan)).toEqual([{ table: 'a.T' }, some, { table: 'a.U' }, { table: 'dms.Document' }]);
  });
});

describe('a duration for people', () => {
  it.each([
    [0, 'less than 1 s'],
    [0.99, 'less than 1 s'],
    [1, 'about 1 s'],
    [2.6, 'about 3 s'],
    [38.2, 'about 40 s'],
    [94, 'about 90 s'],
    [100, 'about 2 min'],
    [44 * 60, 'about 40 min'],
    [2.4 * 3600, 'about 2 h'],
  ])('of %s s is: %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });

  it('has one digit in files, and is at least 1', () => {
    expect([0, 0.2, 1.4, 38.2, 96, 1234].map(roughSeconds)).toEqual([1, 1, 1, 40, 100, 1000]);
  });
});
