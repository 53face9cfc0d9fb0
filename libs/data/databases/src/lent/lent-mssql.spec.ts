import { dialectOf, givenScript, trusted, value } from '@dms/sql';
import { brokenConnections, RecordedMssql, serverError } from '@dms/testing';
import { beforeEach, expect, it } from 'vitest';
import { failureOf } from '../../test/engines.ts';
import { command } from '../drivers/statement.ts';
import { isFailure } from '../failures/failure.ts';
import { isMssqlClient, type LentMssqlPool, onLentMssql } from './lent-mssql.ts';

/* The requests that the driver of a program receives (design 09 §1.5.1). */

let recorded: RecordedMssql;
let pool: LentMssqlPool;
let allowed: number;
let failure: Error | null;

beforeEach(() => {
  allowed = 1;
  failure = null;
  recorded = new RecordedMssql((text) => {
    if (text.includes('snapshot_isolation_state')) return [[{ allowed }]];
    if (failure && text.includes('INSERT')) throw failure;
    return [[{ a: 1 }]];
  });
  pool = recorded.pool() as unknown as LentMssqlPool;
  recorded.sent.length = 0;
});

const sent = () => recorded.sent.filter((line) => !line.includes('snapshot_isolation_state'));

it('a pool: each transaction is one of the driver, and no setting is changed', async () => {
  await onLentMssql(pool, async (connection) => {
    expect(await connection.query(trusted('SELECT 1 AS a'))).toEqual([{ a: 1 }]);
    await connection.begin();
    await connection.queryAll([command(dialectOf.mssql.sql`INSERT ${value('x')}, ${value(true)};`)]);
    await connection.commit();
    await connection.close();
  });
  expect(sent()).toEqual(['batch SELECT 1 AS a', 'begin 2', 'query INSERT @p1, @p2; {"p1":"x","p2":true}', 'commit']);
  expect(recorded.queries[0]?.declarations).toBe('@p1 nvarchar(50), @p2 bit');
});

it('a pool: a transaction that reads sees one moment, and leaves the level of its session as it was', async () => {
  await onLentMssql(pool, async (connection) => {
    await connection.begin('reading');
    await connection.query(trusted('SELECT 1 AS a'));
    await connection.rollback();
  });
  expect(sent()).toEqual([
    'begin 5',
    'batch SELECT 1 AS a',
    'batch SET TRANSACTION ISOLATION LEVEL READ COMMITTED;',
    'rollback',
  ]);
});

it('a pool: where the database allows no snapshots, the level is the usual one', async () => {
  allowed = 0;
  await onLentMssql(pool, async (connection) => {
    expect(await connection.readsOneMoment?.()).toBe(false);
    await connection.begin('reading');
    await connection.rollback();
  });
  expect(sent()).toEqual(['begin 2', 'rollback']);
});

it('a transaction of the program: the work is a part of it, which a failure undoes', async () => {
  const transaction = pool.transaction();
  await transaction.begin();
  const work = (text: string) =>
    onLentMssql(transaction, async (connection) => {
      await connection.begin();
      await connection.execute(givenScript(text));
      await connection.commit();
    });
  await work('UPDATE a');
  failure = serverError(2627, 'Violation of UNIQUE KEY constraint.');
  await expect(work('INSERT b')).rejects.toMatchObject({ code: expect.stringMatching(/^DB_/) });
  await transaction.commit();
  expect(sent()).toEqual([
    'begin 2',
    'batch SAVE TRANSACTION dms_lent',
    'batch SAVE TRANSACTION dms_nested',
    'batch UPDATE a',
    'batch SAVE TRANSACTION dms_lent',
    'batch SAVE TRANSACTION dms_nested',
    'batch INSERT b',
    'batch ROLLBACK TRANSACTION dms_lent',
    'commit',
  ]);
});

it('a transaction of the program: pieces of work wait for each other', async () => {
  const transaction = pool.transaction();
  await transaction.begin();
  const work = (text: string) => onLentMssql(transaction, (connection) => connection.execute(givenScript(text)));
  await Promise.all([work('UPDATE a'), work('UPDATE b')]);
  expect(sent().slice(1)).toEqual([
    'batch SAVE TRANSACTION dms_lent',
    'batch UPDATE a',
    'batch SAVE TRANSACTION dms_lent',
    'batch UPDATE b',
  ]);
});

it.each(Object.entries(brokenConnections))(
  'a connection that is lost (%s) fails the work, and nothing is left listening',
  async (_form, form) => {
    const own = recorded.pool();
    const transaction = own.transaction();
    await transaction.begin();
    for (const [lent, count] of [
      [own, () => own.listenerCount('error')],
      [transaction, () => transaction.listenerCount('error')],
    ] as const) {
      const before = count();
      const failure = await failureOf(() =>
        onLentMssql(lent as unknown as LentMssqlPool, async (connection) => {
          // the driver emits errors of the session on the pool; without a listener this would throw
          expect(lent.emit('error', form())).toBe(true);
          await connection.begin();
          recorded.broken = form;
          recorded.breaks = (line) => (line.includes('UPDATE') ? 'during' : null);
          await connection.execute(givenScript('UPDATE a'));
        }),
      );
      expect([isFailure(failure, 'DB_CONNECTION_LOST'), count()]).toEqual([true, before]);
      recorded.breaks = () => null;
    }
  },
);

it('pieces of work on one pool listen together', async () => {
  const own = recorded.pool();
  const work = () =>
    onLentMssql(own as unknown as LentMssqlPool, async (connection) => {
      expect(own.listenerCount('error')).toBe(1);
      await connection.query(trusted('SELECT 1 AS a'));
    });
  await Promise.all(Array.from({ length: 20 }, work));
  expect(own.listenerCount('error')).toBe(0);
});

it('a pool whose requests stream, or return arrays, works as any other', async () => {
  const own = recorded.pool({ stream: true, arrayRowMode: true });
  const query = (lent: unknown) =>
    onLentMssql(lent as LentMssqlPool, (connection) => connection.query(trusted('SELECT 1 AS a')));
  expect(await query(own)).toEqual([{ a: 1 }]);
  const transaction = own.transaction();
  await transaction.begin();
  expect(await query(transaction)).toEqual([{ a: 1 }]);
});

it('a pool that changes the names of columns is refused with the setting', async () => {
  const own = recorded.pool({ options: { camelCaseColumns: true } });
  for (const lent of [own, own.transaction()]) {
    const failure = await failureOf(() => onLentMssql(lent as unknown as LentMssqlPool, async () => undefined));
    expect(failure).toMatchObject({ code: 'DB_SESSION_SETTING', message: expect.stringContaining('camelCaseColumns') });
  }
  expect(recorded.sent).toEqual([]);
});

it('clients are told apart', () => {
  expect([pool, pool.transaction(), { query: () => undefined }].map(isMssqlClient)).toEqual([true, true, false]);
});
