import { setTimeout as wait } from 'node:timers/promises';
import type { DmsError } from '@dms/diagnostics';
import { dialectOf, type PlainSql, type SqlDialect } from '@dms/sql';
import type { Connection } from '../drivers/connection.ts';
import { lockWaits } from '../drivers/lock-waits.ts';
import { expectOwnSession } from '../drivers/pgsql-session.ts';
import { rowsOf } from '../drivers/statement.ts';
import { databaseError, isFailure } from '../failures/failure.ts';
import { advisoryHolder, holderText } from '../failures/lock-holders.ts';
import { preparingLock } from '../introspection/preparation-record.ts';
import { type OnWaiting, type ProvisionLimits, provisioningDialects } from './provisioning-dialects.ts';

/** Times of design 09 §1.4, in milliseconds. */
export const provisionLimits: ProvisionLimits = { provisioningLock: lockWaits.provisioner, lock: lockWaits.change };

export interface LockedOptions<Result = unknown> {
  readonly signal?: AbortSignal | undefined;
  readonly onWaiting?: OnWaiting | undefined;
  readonly limits?: Partial<ProvisionLimits> | undefined;
  /** Whether the work is committed; true by default. */
  readonly keeps?: ((result: Result) => boolean) | undefined;
  /** Called if the connection broke while committing, to find out the outcome; throws if the commit did not succeed. */
  readonly onCommitLost?: ((lost: DmsError) => Promise<void>) | undefined;
}

/**
 * Runs `work` in one transaction under the provisioning lock (design 09 §2.5): no other session provisions meanwhile.
 * If it throws, everything is rolled back. Throws `PROVISION_LOCKED`, `DB_*`.
 */
export async function lockedTransaction<Result>(
  connection: Connection,
  work: () => Promise<Result>,
  { signal, onWaiting = () => undefined, limits, keeps = () => true, onCommitLost }: LockedOptions<Result> = {},
): Promise<Result> {
  const dialect = provisioningDialects[connection.dialect];
  const times = { ...provisionLimits, ...limits };
  let result: Result;
  try {
    await dialect.begin(connection, times);
    await dialect.takeLock(connection, times, signal, onWaiting);
    result = await work();
  } catch (error) {
    await connection.rollback();
    throw error;
  }
  if (!keeps(result)) {
    await connection.rollback();
    return result;
  }
  try {
    // a commit is not given up halfway: a cancelled task waits until it ends
    await connection.commit();
  } catch (error) {
    if (!onCommitLost || !isFailure(error, 'DB_CONNECTION_LOST', 'DB_UNREACHABLE')) {
      await connection.rollback();
      throw error;
    }
    await onCommitLost(error);
  }
  return result;
}

type LockScope = 'session' | 'transaction';

interface PreparingLock {
  /**
   * Tries to take the lock, which is held until it is given back or the transaction ends. Returns the other holder;
   * null if the lock was free.
   */
  tried(connection: Connection, scope: LockScope): Promise<string | null>;
  /** Gives the lock of the session back. */
  readonly giveBack: PlainSql;
}

/**
 * The first eight bytes of SHA-256 of `dms:prepare`, as a signed number; advisory locks are per database (design 12a
 * §5.2).
 */
const advisoryLock = '4546265115111786573';

const { sql, literal } = dialectOf.pgsql;
const mssql = dialectOf.mssql;

const lockNumber = literal(BigInt(advisoryLock));
const lockName = mssql.literal(preparingLock);

const unknownHolder = 'another session';

const locks: Readonly<Record<SqlDialect, PreparingLock>> = {
  pgsql: {
    async tried(connection, scope) {
      const take = scope === 'transaction' ? sql`pg_try_advisory_xact_lock` : sql`pg_try_advisory_lock`;
      const [row] = await rowsOf<{ taken: boolean }>(connection, sql`SELECT ${take}(${lockNumber}) AS taken`);
      if (row?.taken) return null;
      const holder = await advisoryHolder(connection, advisoryLock);
      return holder === null ? unknownHolder : holderText(holder);
    },
    giveBack: sql`SELECT pg_advisory_unlock(${lockNumber})`,
  },
  mssql: {
    async tried(connection, scope) {
      const owner = mssql.literal(scope === 'transaction' ? 'Transaction' : 'Session');
      const [row] = await rowsOf<{ r: number }>(
        connection,
        mssql.sql`DECLARE @r int; EXEC @r = sp_getapplock @Resource = ${lockName}, @LockMode = N'Exclusive', @LockOwner = ${owner}, @LockTimeout = 0; SELECT @r AS r`,
      );
      const result = row?.r ?? Number.NaN;
      if (result >= 0) return null;
      // -1: the lock was not granted in time
      if (result === -1) return unknownHolder;
      const message = 'the lock of preparations was not granted';
      throw databaseError({ code: 'DB_SQL', driverCode: String(result), message }, connection);
    },
    giveBack: mssql.sql`EXEC sys.sp_releaseapplock ${lockName}, N'Session'`,
  },
};

/**
 * How often the lock is tried again. An ending transaction gives its locks back one after another, so an upgrade that
 * has ended may hold this one for a moment longer.
 */
const momentsOfEnding = 10;

/**
 * Takes the lock of preparations in the open transaction; returns the other holder, null if the lock was free. Waits
 * only as long as an ending transaction needs: a session that waits in a transaction would stop the indexes that the
 * holder builds.
 */
export async function takePreparingLock(connection: Connection): Promise<string | null> {
  const lock = locks[connection.dialect];
  let holder = await lock.tried(connection, 'transaction');
  for (let moment = 0; holder !== null && moment < momentsOfEnding; moment += 1) {
    await wait(50);
    holder = await lock.tried(connection, 'transaction');
  }
  return holder;
}

interface PreparingLockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once when another session holds the lock. */
  readonly onWaiting?: ((holder: string) => void) | undefined;
  /** Milliseconds between two attempts. */
  readonly interval?: number | undefined;
}

/**
 * Runs `work` while no other session prepares or upgrades the database. Waits as long as the holder works: a session
 * whose client was killed ends with its statement. Throws `DB_POOLER` behind a pooler, and the `DB_*` codes.
 */
export async function withPreparingLock<Result>(
  connection: Connection,
  work: () => Promise<Result>,
  { signal, onWaiting, interval = 250 }: PreparingLockOptions = {},
): Promise<Result> {
  expectOwnSession(connection, 'The lock of upgrade prepare');
  const lock = locks[connection.dialect];
  let isTold = false;
  for (;;) {
    const holder = await lock.tried(connection, 'session');
    if (holder === null) break;
    if (!isTold) onWaiting?.(holder);
    isTold = true;
    // the query notices the signal
    await rowsOf(connection, sql`SELECT 1`, { signal });
    await wait(interval);
  }
  try {
    return await work();
  } finally {
    await rowsOf(connection, lock.giveBack).catch(() => []);
  }
}
