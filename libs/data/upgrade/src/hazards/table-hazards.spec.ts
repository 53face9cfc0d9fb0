import { treeText } from '@dms/diagnostics';
import { describe, expect, it } from 'vitest';
import { effectOn, effectOnNew, effectOnNone, statementWith as statement } from '../../test/effects.ts';
import { type RowCounts, rowsKey, type UpgradeEstimate } from './estimate.ts';
import { hazardLines, statementHazards, tableHazards, timeText } from './table-hazards.ts';

/** Writers of `a.U` wait from the first statement, readers of `a.T` from the third. */
const plan = {
  dialect: 'pgsql' as const,
  statements: [
    statement(effectOn('create index', 'a.U')),
    statement(effectOn('check rows', 'a.V')),
    statement(effectOn('change type', 'a.T'), effectOn('require value', 'a.T')),
    statement(effectOn('drop index', 'a.U')),
    statement(effectOnNew('create table', 'a.N')),
    statement(effectOnNone('create function')),
  ],
};

const estimateOf = (...statements: readonly number[]): UpgradeEstimate => {
  const rows: RowCounts = new Map([[rowsKey({ table: 'a.T' }), 1000]]);
  return { rows, time: { whole: 100, afterPreparation: 90, statements, afterwards: 2 }, bytes: null };
};

describe('the hazards of statements', () => {
  it('are one per table of a statement, with the number of the statement', () => {
    expect(
      statementHazards(plan).map(({ statement: number, table, lock, work }) => [number, table.name, lock, work]),
    ).toEqual([
      [1, 'a.U', 'SHARE', 'index build'],
      [2, 'a.V', 'ACCESS SHARE', 'scan'],
      [3, 'a.T', 'ACCESS EXCLUSIVE', 'rewrite'],
      [4, 'a.U', 'ACCESS EXCLUSIVE', 'none'],
      [5, 'a.N', 'ACCESS EXCLUSIVE', 'none'],
    ]);
  });
});

describe('the hazards of tables', () => {
  const brief = (...of: Parameters<typeof tableHazards>) =>
    tableHazards(...of).map(({ table, readersFrom, writersFrom, readersWait, writersWait }) => [
      ...[table, readersFrom, writersFrom, readersWait, writersWait],
    ]);

  it('run from the first lock to the commit, without tables that nobody waits for', () => {
    expect(brief(plan, estimateOf(1, 10, 20, 5, 0, 0))).toEqual([
      ['a.T', 3, 3, 27, 27],
      ['a.U', 4, 1, 7, 38],
    ]);
  });

  it('are ordered by how long readers wait, then by how long writers wait', () => {
    const early = [
      statement(effectOn('create trigger', 'a.W')),
      statement(effectOn('create trigger', 'a.X')),
      ...plan.statements,
    ];
    expect(brief({ ...plan, statements: early }, estimateOf(1, 1, 1, 1, 1, 1, 1, 1)).map(([table]) => table)).toEqual([
      ...['a.T', 'a.U', 'a.W', 'a.X'],
    ]);
  });

  it('without an estimate, are ordered by whom they block and by their work', () => {
    const early = [
      statement(effectOn('create trigger', 'a.W')),
      statement(effectOn('drop trigger', 'a.X')),
      ...plan.statements,
    ];
    expect(brief({ ...plan, statements: early })).toEqual([
      ['a.T', 5, 5, null, null],
      ['a.U', 6, 3, null, null],
      ['a.X', 2, 2, null, null],
      ['a.W', null, 1, null, null],
    ]);
  });

  it('have the strongest lock, the heaviest work and the rows of the table', () => {
    const [first, second] = tableHazards(plan, estimateOf(1, 10, 20, 5, 0, 0));
    expect(first).toMatchObject({
      lock: 'ACCESS EXCLUSIVE',
      work: 'rewrite',
      rows: 1000,
      blocks: 'readers and writers',
    });
    expect(second).toMatchObject({ lock: 'ACCESS EXCLUSIVE', work: 'index build', rows: null });
  });
});

describe('the hazards of a plan for people', () => {
  it('name only statements if the rows were not counted', () => {
    expect(treeText(hazardLines(plan))).toEqual([
      'Locks, held until the commit, the longest wait first:',
      '  a.T: readers and writers wait from statement 3 (ACCESS EXCLUSIVE); rewrite (statement 3)',
      '  a.U: readers and writers wait from statement 4; writers wait from statement 1 (ACCESS EXCLUSIVE); index build (statement 1)',
    ]);
  });

  it('say roughly how long others wait if the rows were counted', () => {
    expect(treeText(hazardLines(plan, estimateOf(1, 10, 20, 5, 0, 0)))).toEqual([
      'Locks, held until the commit, the longest wait first:',
      '  a.T: readers and writers wait from statement 3, about 30 s (ACCESS EXCLUSIVE); 1000 rows, rewrite (statement 3, about 20 s)',
      '  a.U: readers and writers wait from statement 4, about 7 s; writers wait from statement 1, about 40 s (ACCESS EXCLUSIVE); index build (statement 1, about 1 s)',
    ]);
    expect(timeText(plan, estimateOf(1, 10, 20, 5, 0, 0))).toBe(
      'about 2 min in this database, not counting time spent waiting for others',
    );
  });

  it('say that nobody waits, and that there is no estimate', () => {
    const quiet = { dialect: 'mssql' as const, statements: [statement(effectOnNone('create schema'))] };
    const unmeasured = { rows: new Map(), time: null, bytes: null };
    expect(treeText(hazardLines(quiet, unmeasured))).toEqual(['Nobody waits for a table']);
    expect(timeText(quiet, unmeasured)).toBe('no estimate for SQL Server: nothing was measured there');
    expect(treeText(hazardLines({ ...quiet, statements: [] }))).toEqual([]);
  });

  it('name a limited number of tables', () => {
    const statements = Array.from({ length: 14 }, (_, index) =>
      statement(effectOn('create index', `a.T${10 + index}`)),
    );
    const lines = treeText(hazardLines({ dialect: 'pgsql', statements }));
    expect(lines).toHaveLength(14);
    expect(lines.at(-1)).toBe('  … and 2 more tables');
  });
});
