import { trusted } from '@dms/sql';
import {
  createScratchDatabase,
  openSession,
  type PostgresDatabase,
  type TestDatabase,
  transactionPooler,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, targetOf } from '../../test/engines.ts';
import { databaseError } from '../failures/failure.ts';
import { type Connection, rolledBack } from './connection.ts';
import { openDatabase } from './open-database.ts';
import { rowsOf } from './statement.ts';
import { atOneMoment } from './transactions.ts';

/* Results of several statements that see one moment (design 09 §1.5). */

const count = async (session: Connection) =>
  (await session.query<{ n: number }>(trusted('SELECT count(*)::int AS n FROM public.t')))[0]?.n;

describe('on a server, several sessions', () => {
  let database: PostgresDatabase;
  let writer: TestDatabase;
  const opened: Connection[] = [];
  const open = async (url = database.url) => {
    const connection = await openDatabase(targetOf(url));
    opened.push(connection);
    return connection;
  };
  beforeAll(async () => {
    database = await createScratchDatabase();
    writer = await openSession(database.url);
    await writer.exec('CREATE TABLE public.t (n int)');
  });
  afterAll(async () => {
    for (const connection of opened) await connection.close();
    await writer.close();
    await database.drop();
  });
  /** How many sessions keep a snapshot. */
  const snapshots = async () => {
    const [row] = await writer.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
    );
    return row?.n;
  };

  it('see what was there when the first began, and keep nothing afterwards', async () => {
    const first = await open();
    const second = await open();
    const seen = await atOneMoment(
      first,
      async (session, others) => {
        await writer.exec('INSERT INTO public.t VALUES (1)');
        const counts = [await count(session), ...(await Promise.all(others.map(count)))];
        // work that joins the transaction does not end it
        counts.push(await rolledBack(session, () => count(session), 'reading'));
        counts.push(await atOneMoment(session, count));
        return { counts, limit: await session.query(trusted('SHOW idle_in_transaction_session_timeout')) };
      },
      async () => [second],
    );
    expect(seen).toEqual({ counts: [0, 0, 0, 0], limit: [{ idle_in_transaction_session_timeout: '0' }] });
    expect([await count(first), await count(second), await snapshots()]).toEqual([1, 1, 0]);
  });

  it('refuse a text of two statements while reading', async () => {
    const session = await open();
    const two = () => rowsOf(session, trusted('COMMIT; DROP TABLE public.t'));
    expect(await failureOf(() => rolledBack(session, two, 'reading'))).toMatchObject({
      code: 'DB_SQL',
      diagnostics: [{ details: { driverCode: '42601' } }],
    });
    expect(await count(session)).toBe(1);
  });

  it('keep nothing after a failure', async () => {
    const first = await open();
    const second = await open();
    const work = async (session: Connection) => session.query(trusted('SELECT 1/0'));
    expect(await failureOf(() => atOneMoment(first, work, async () => [second]))).toMatchObject({ code: 'DB_SQL' });
    expect(await snapshots()).toBe(0);
    const noRoom = () => Promise.reject(new Error('no room'));
    expect(await failureOf(() => atOneMoment(first, work, noRoom))).toMatchObject({ message: 'no room' });
    expect(await snapshots()).toBe(0);
  });

  it('that another server answers are left out', async () => {
    const first = await open();
    const second = await open();
    const elsewhere = { ...first, exportSnapshot: async () => '00000003-00000001-1' };
    expect(
      await atOneMoment(
        elsewhere,
        async (_, others) => others.length,
        async () => [second],
      ),
    ).toBe(0);
    expect(await snapshots()).toBe(0);
  });

  it('behind a pooler are one', async () => {
    const pooler = await transactionPooler(database.url);
    try {
      const first = await open(pooler.url);
      const seen = await atOneMoment(
        first,
        async (session, others) => {
          const before = await count(session);
          await writer.exec('INSERT INTO public.t VALUES (2)');
          return [(await count(session)) === before, others.length];
        },
        () => Promise.reject(new Error('a second one')),
      );
      expect(seen).toEqual([true, 0]);
      expect(await snapshots()).toBe(0);
    } finally {
      await pooler.close();
    }
  });
});

describe('a session that cannot share its moment', () => {
  /** Records how transactions begin and end. */
  const recorded = (more: Partial<Connection>) => {
    const calls: string[] = [];
    const session = {
      begin: async (purpose?: string) => void calls.push(`begin ${purpose}`),
      rollback: async () => void calls.push('rollback'),
      ...more,
    } as unknown as Connection;
    return { session, calls };
  };
  const others = async () => [recorded({}).session];

  it('reads everything itself', async () => {
    const { session, calls } = recorded({ readsOneMoment: async () => true });
    expect(await atOneMoment(session, async (_, more) => more.length, others)).toBe(0);
    expect(calls).toEqual(['begin reading', 'rollback']);
  });

  it('reads without a transaction where the database allows no snapshots', async () => {
    const { session, calls } = recorded({ readsOneMoment: async () => false });
    expect(await atOneMoment(session, async (_, more) => more.length, others)).toBe(1);
    expect(calls).toEqual([]);
  });

  it('reports why another session does not begin, and ends its own', async () => {
    const { session, calls } = recorded({ exportSnapshot: async () => 'x' });
    const context = { label: 'there', redact: (text: string) => text };
    const failure = databaseError({ code: 'DB_SQL', message: 'too many', driverCode: '53300' }, context);
    const full = recorded({ begin: () => Promise.reject(failure) }).session;
    const work = async () => 'done';
    expect(await failureOf(() => atOneMoment(session, work, async () => [full]))).toBe(failure);
    expect(calls).toEqual(['begin reading', 'rollback']);
  });
});
