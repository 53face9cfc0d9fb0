import { splitBatches } from '@dms/sql';
import { type BatchFailure, type CarelessOptions, carelessRun, usualGenerations } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { emitters } from '../../test/emitted.ts';
import { mssqlFrame } from '../index.ts';

/* Runs a script by a client that sends every batch, even after a batch failed (design 06 §2.4). */

const failures: readonly BatchFailure[] = ['run', 'compile', 'connection'];
const writesFingerprint = (batch: string) => batch.includes('INSERT INTO [dms].[EffectiveSchema]');

describe.each(usualGenerations())('a client that continues after an error, with a script of %s', (version) => {
  let batches: readonly string[];
  /** The changes that the whole script makes. */
  let whole: readonly string[];
  /** The batches that may fail. A guard cannot fail: it only queries the state of the session and reads no table. */
  let failing: readonly number[];

  beforeAll(async () => {
    const { script } = (await emitters[version].campusAndAthletics()).mssql;
    batches = splitBatches(script).map(({ text }) => text.trim());
    whole = carelessRun(batches).done;
    failing = batches.flatMap((batch, index) => (batch === mssqlFrame.guard ? [] : [index]));
  });

  const leftBy = (index: number, failure: BatchFailure, options: CarelessOptions = {}) =>
    carelessRun(batches, { ...options, failing: { index, failure } });

  it('makes everything if no batch fails, and ends its own transaction', () => {
    expect(whole.length).toBe(failing.length - 2);
    expect(whole.join('\n')).toContain('CREATE TABLE [dms].[Document]');
    expect(carelessRun(batches)).toMatchObject({ openTransactions: 0, isArmed: true });
  });

  it('writes the fingerprint only in the last batch with changes', () => {
    expect(batches.flatMap((batch, index) => (writesFingerprint(batch) ? [index] : []))).toEqual([batches.length - 2]);
    expect(batches[batches.length - 2]?.endsWith(mssqlFrame.commit)).toBe(true);
  });

  it.each(failures)('leaves nothing and no open transaction if any batch fails by %s', (failure) => {
    const before = failing.filter((index) => index < batches.length - 1);
    expect(before.length).toBeGreaterThan(20);
    for (const index of before) {
      const { done, openTransactions, isArmed } = leftBy(index, failure);
      expect(done, `batch ${index + 1}: ${batches[index]?.slice(0, 200)}`).toEqual([]);
      expect([openTransactions, isArmed]).toEqual([0, true]);
    }
  });

  it.each(failures)('leaves everything if the batch after the commit fails by %s', (failure) => {
    expect(leftBy(batches.length - 1, failure)).toMatchObject({ done: whole, openTransactions: 0 });
  });

  it('leaves nothing and a usable session if the preflight refuses', () => {
    const preflight = 2;
    expect(batches[preflight]).toContain('EffectiveSchemaHash mismatch');
    expect(leftBy(preflight, 'refusal')).toEqual({ done: [], openTransactions: 0, isArmed: true });
  });

  it('does not end a transaction of the client, but rolls it back after an error', () => {
    expect(carelessRun(batches, { isInTransaction: true })).toEqual({ done: [], openTransactions: 1, isArmed: true });
    for (const failure of ['run', 'compile'] as const)
      for (const index of [2, 4, batches.length - 2])
        expect(leftBy(index, failure, { isInTransaction: true })).toEqual({
          done: [],
          openTransactions: 0,
          isArmed: true,
        });
  });
});
