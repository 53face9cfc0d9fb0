import { scriptBatches } from '@dms/databases';
import { mssqlFrame } from '@dms/ddl';
import { textOf } from '@dms/sql';
import { type BatchFailure, carelessRun } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { compiled } from '../bench.ts';
import { evolutions } from '../evolutions.ts';
import { schools } from '../schools.ts';

/* An upgrade run by a client that sends every batch, even after a batch failed (design 12 §5). */

const before = schools();
const after = schools();
evolutions['other names for columns and a table']?.edit(after);
const { script } = planUpgrade(compiled(before.documents, 'mssql'), compiled(after.documents, 'mssql'));
const batches = scriptBatches(script ?? '').map(({ text }) => text.replace(/^--.*\n/gm, '').trim());

const changes = (done: readonly string[]) =>
  done.filter((batch) => /\b(?:ALTER|CREATE|DELETE|DROP|INSERT|UPDATE|sp_rename)\b/.test(batch));
const whole = changes(carelessRun(batches).done);

/** The changes and the session state after a client continued past one failed batch. */
const leftBy = (index: number, failure: BatchFailure) => {
  const { done, ...session } = carelessRun(batches, { failing: { index, failure } });
  return { changes: changes(done), ...session };
};

describe('a client that continues after an error', () => {
  const last = batches.length - 1;
  // a guard only queries the state of the session: it reads no table, and cannot fail
  const failing = batches.flatMap((batch, index) => (batch === mssqlFrame.guard ? [] : [index]));

  it('makes the whole upgrade if no batch fails, and writes the fingerprint in the batch that commits', () => {
    expect(whole.length).toBeGreaterThan(10);
    expect(carelessRun(batches)).toMatchObject({ openTransactions: 0, isArmed: true });
    expect(batches.flatMap((batch, index) => (batch.includes('INTO [dms].[EffectiveSchema]') ? [index] : []))).toEqual([
      last - 1,
    ]);
    expect(batches[last - 1]?.endsWith(mssqlFrame.commit)).toBe(true);
  });

  it.each<BatchFailure>(['run', 'compile', 'connection'])(
    'leaves the database as it was and no transaction open, whichever batch fails by %s',
    (failure) => {
      for (const index of failing.filter((each) => each < last))
        expect(leftBy(index, failure), batches[index]).toEqual({ changes: [], openTransactions: 0, isArmed: true });
      expect(leftBy(last, failure)).toMatchObject({ changes: whole, openTransactions: 0 });
    },
  );

  it('leaves a database of the later set as it is, and no transaction open', () => {
    expect(batches[2]).toMatch(/COMMIT TRANSACTION;\s+PRINT N'The database is of the later [^\n]+\s+SET NOEXEC ON;/);
  });

  it('compiles what may name lost columns only when it runs, so that a second run compiles too', () => {
    const earlier = schools();
    const later = schools();
    evolutions['one more part of an identity, copied by others']?.edit(later);
    const plan = planUpgrade(compiled(earlier.documents, 'mssql'), compiled(later.documents, 'mssql'));
    const ofRows = /^(?:UPDATE|INSERT|DELETE|DECLARE @objections)\b/;
    const texts = scriptBatches(plan.script ?? '').map(({ text }) => text);
    const late = texts.filter((text) => text.startsWith('EXEC (N'));
    expect(late.map((text) => text.slice(8, 14))).toEqual(['DECLAR', 'UPDATE', 'DELETE', 'INSERT', 'DELETE']);
    for (const text of late) expect(text).toMatch(/^EXEC \(N'[^']*(?:''[^']*)*'\);$/);
    // the last two batches change nothing but the fingerprint, whose columns every set has
    expect(texts.slice(0, -2).filter((text) => ofRows.test(text))).toEqual([]);
    expect(plan.statements.filter(({ sql }) => ofRows.test(textOf(sql))).length).toBeGreaterThanOrEqual(late.length);
  });

  it('leaves a database of another schema set as it was, and a session that works', () => {
    expect(batches[2]).toContain('UPGRADE_WRONG_DATABASE');
    expect(leftBy(2, 'refusal')).toEqual({ changes: [], openTransactions: 0, isArmed: true });
  });
});
