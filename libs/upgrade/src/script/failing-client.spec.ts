import { scriptBatches } from '@dms/databases';
import { describe, expect, it } from 'vitest';
import { compiled } from '../../test/bench.ts';
import { evolutions } from '../../test/evolutions.ts';
import { schools } from '../../test/schools.ts';
import { planUpgrade } from '../index.ts';

/* SSMS, and sqlcmd without -b, send every batch of a script, whatever happened to the ones before it. */

/** How a batch fails: while it runs, where XACT_ABORT ends the transaction, or while it is compiled, where nothing of it runs. */
type Failure = 'run' | 'compile';

/** A SQL Server that knows what decides over the end of a script: transactions, XACT_ABORT, NOEXEC and @@ERROR. */
class Server {
  /** Batches whose work is in the database. */
  readonly done: string[] = [];
  private pending: string[] = [];
  private isInTransaction = false;
  private isExecuting = true;
  private abortsTransactions = false;
  private error = 0;

  send(batch: string, failure: Failure | null): void {
    if (!this.isExecuting) {
      if (/^SET NOEXEC OFF;$/m.test(batch)) this.isExecuting = true;
      return;
    }
    if (failure === null) this.run(batch);
    else if (failure === 'run' && this.abortsTransactions) this.rollBack();
    this.error = failure === null ? 0 : 8134;
  }

  private rollBack(): void {
    this.pending = [];
    this.isInTransaction = false;
  }

  private run(batch: string): void {
    if (batch.startsWith('IF @@ERROR <> 0 OR XACT_STATE() <> 1\nBEGIN')) {
      if (this.error === 0 && this.isInTransaction) return;
      this.rollBack();
      this.isExecuting = false;
    } else if (batch.startsWith('IF @@ERROR <> 0')) this.isExecuting = this.error === 0;
    else if (batch === 'SET XACT_ABORT ON;') this.abortsTransactions = true;
    else if (batch === 'BEGIN TRANSACTION;') this.isInTransaction = true;
    else {
      (this.isInTransaction ? this.pending : this.done).push(batch);
      if (!batch.endsWith('COMMIT TRANSACTION;')) return;
      this.done.push(...this.pending);
      this.rollBack();
    }
  }
}

const [before, after] = [schools(), schools()];
evolutions['other names for columns and a table']?.edit(after);
const { script } = planUpgrade(compiled(before.documents, 'mssql'), compiled(after.documents, 'mssql'));
const batches = scriptBatches(script ?? '').map(({ text }) => text.replace(/^--.*\n/gm, '').trim());

/** What a client that never stops leaves in the database when one batch fails. */
function leftBy(failing: number | null, failure: Failure): readonly string[] {
  const server = new Server();
  batches.forEach((batch, index) => {
    server.send(batch, index === failing ? failure : null);
  });
  return server.done;
}

const changes = (done: readonly string[]) =>
  done.filter((batch) => /\b(?:ALTER|CREATE|DELETE|DROP|INSERT|UPDATE|sp_rename)\b/.test(batch));

describe('a client that goes on after an error', () => {
  const commit = batches.findIndex((batch) => batch.endsWith('COMMIT TRANSACTION;'));

  it('without an error leaves all of the upgrade', () => {
    expect(changes(leftBy(null, 'run')).length).toBeGreaterThan(10);
    expect(batches[commit]).toContain('INSERT INTO [dms].[EffectiveSchema]');
    expect(batches.filter((batch) => batch.includes('INTO [dms].[EffectiveSchema]'))).toHaveLength(1);
    expect(batches.at(-1)).toBe('SET NOEXEC OFF;');
  });

  // a guard asks the session what it is like: it reads no table, and cannot fail
  const failing = batches.flatMap((batch, index) => (index <= commit && !batch.startsWith('IF @@ERROR') ? [index] : []));

  it.each(['run', 'compile'] as const)(
    'leaves the database as it was, or all of the upgrade, whichever batch fails to %s',
    (failure) => {
      const whole = changes(leftBy(null, failure));
      // without its options a session goes on with those that it has
      expect(failing.filter((index) => changes(leftBy(index, failure)).length > 0).map((index) => batches[index])).toEqual(
        batches.filter((batch) => batch.startsWith('SET ')).slice(0, 2),
      );
      for (const index of failing) expect([[], whole]).toContainEqual(changes(leftBy(index, failure)));
    },
  );
});
