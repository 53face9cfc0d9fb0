import {
  type CircleWatch,
  type Connection,
  circleWatch,
  lockWaits,
  type NamedHolder,
  pgsqlSavepoint,
  rowsOf,
  run,
  waited,
} from '@dms/databases';
import { pgsqlBlock } from '@dms/ddl';
import { core, mustExist, qualified, unqualified } from '@dms/model';
import { dialectOf, group, joined, type PlainSql, type SqlDialect, trusted } from '@dms/sql';
import { type LockedUpgrade, locksAtStart, type StartLock } from '../hazards/locks-at-start.ts';
import { isLockedOut, lockedOut } from './bounded-statements.ts';
import type { LockingRun } from './upgrade-run.ts';

const { sql, id, literal } = dialectOf.pgsql;

/**
 * Takes locks on PostgreSQL in their order. It is one statement, so that one time limit holds for all of them together.
 */
export function lockStatement(locks: readonly StartLock[]): PlainSql {
  return joined(pgsqlBlock(group(), group(...locks.map(lockText))));
}

function lockText({ name, kind, lock }: StartLock): PlainSql {
  const object = unqualified(name);
  // LOCK TABLE would lock the tables of a view too; this leaves the view where it is
  if (kind === 'view') return sql`ALTER VIEW ${object} SET SCHEMA ${id(object.schema)};`;
  return sql`LOCK TABLE ${object} IN ${trusted(lock)} MODE;`;
}

/* All locks of an upgrade are taken before its first statement, or none is kept (design 12a §2.1). */

type Taken = Pick<LockingRun, 'connection' | 'statements' | 'locks'>;

interface LockTaker {
  take<Result>(run: Taken, upgrade: LockedUpgrade, more: () => Promise<Result>): Promise<Result>;
}

const what = 'taking the locks of the upgrade';

/** Milliseconds between two attempts, in which waiting sessions go on. */
const rest = (attempt: number) => Math.min(25 * 1.5 ** attempt, 500);

const savepoint = pgsqlSavepoint('dms_locks');

const documents = qualified(core.document);

interface LockSession {
  /** The session's own limit of a statement. */
  readonly limit: string;
  /** Milliseconds after which the server looks for deadlocks. */
  readonly deadlock: number;
}

async function readSession(connection: Connection): Promise<LockSession> {
  const [row] = await rowsOf<LockSession>(
    connection,
    sql`SELECT current_setting('statement_timeout') AS limit,
  (extract(epoch FROM current_setting('deadlock_timeout')::interval) * 1000)::int4 AS deadlock`,
  );
  return mustExist(row, 'the session of an upgrade');
}

/** Takes the locks of one attempt, or fails. */
type Attempt = () => Promise<void>;

/**
 * The kinds of attempts, which take turns. A session that replaces documents in a single statement locks its tables
 * before the core, so the order of the locks suits it. A session that writes in several statements reads the documents
 * first, and may go on with the documents or with a table, so the documents are closed to it until the other locks are
 * taken (design 12a §2.1).
 */
function attempts(
  { connection, statements }: Taken,
  locks: readonly StartLock[],
  watch: CircleWatch | null,
): readonly Attempt[] {
  const limits = { signal: statements.bounds.signal };
  const taken = (list: readonly StartLock[]) => run(connection, lockStatement(list), limits);
  const watched = (action: Attempt) => (watch === null ? action() : watch.run(action));
  const others = locks.filter(({ name }) => name !== documents);
  const ofDocuments = locks.filter(({ name }) => name === documents);
  const inOrder = () => watched(() => taken(locks));
  // this lock closes the documents by itself
  if (ofDocuments.some(({ lock }) => lock === 'ACCESS EXCLUSIVE'))
    return [() => watched(() => taken([...ofDocuments, ...others])), inOrder];
  if (watch === null) return [inOrder];
  const { watcher } = watch;
  const behindGate = async () => {
    await watcher.begin();
    try {
      await run(watcher, sql`SET LOCAL statement_timeout = ${literal(lockWaits.attempt / 2)}`);
      await run(watcher, lockStatement([{ name: documents, kind: 'table', lock: 'ACCESS EXCLUSIVE' }]), limits);
      await run(connection, sql`SET LOCAL statement_timeout = ${literal(lockWaits.attempt / 4)}`);
      await watched(() => taken(others));
      let isOver = false;
      const asking = taken(ofDocuments).finally(() => {
        isOver = true;
      });
      asking.catch(() => undefined);
      // sessions that wait for the documents only read them; their next statement waits behind this lock
      await watch.untilItWaits(() => isOver).finally(() => watcher.rollback());
      await watched(() => asking);
    } finally {
      await watcher.rollback();
    }
  };
  return [inOrder, behindGate];
}

async function inAttempts<Result>(
  { connection, locks, statements: { bounds } }: Taken,
  { watch, made }: { readonly watch: CircleWatch | null; readonly made: readonly Attempt[] },
  more: () => Promise<Result>,
): Promise<Result> {
  const { lock, signal, statement = lockWaits.attempt } = bounds;
  const { limit, deadlock } = await readSession(connection);
  // without a watch, an attempt is over before the server looks for deadlocks and ends a writer
  const longest = Math.min(lockWaits.attempt, statement, watch === null ? Math.floor(deadlock / 2) : lockWaits.attempt);
  const end = performance.now() + lock;
  let holders: readonly NamedHolder[] = [];
  for (let number = 0; ; number += 1) {
    const left = Math.max(1, Math.min(longest, Math.floor(end - performance.now())));
    await run(connection, sql`${savepoint.set}; SET LOCAL statement_timeout = ${literal(left)}`);
    locks.begin();
    try {
      await mustExist(made[number % made.length], 'an attempt')();
      // the reads that follow may take longer
      await run(
        connection,
        sql`SET LOCAL statement_timeout = ${literal(limit)}; SET LOCAL lock_timeout = ${literal(left)}`,
      );
      const result = await (watch === null ? more() : watch.run(more));
      await run(connection, sql`${savepoint.release}; SET LOCAL lock_timeout = ${literal(lock)}`);
      return result;
    } catch (error) {
      if (!isLockedOut(error) || signal?.aborted) throw error;
      await run(connection, savepoint.undo);
      holders = watch === null || watch.holders.length === 0 ? holders : watch.holders;
      if (performance.now() + rest(number) >= end)
        throw lockedOut(connection, what, { milliseconds: lock, holders, cause: error });
    }
    await waited(rest(number), signal);
  }
}

const takers: Readonly<Record<SqlDialect, LockTaker>> = {
  pgsql: {
    async take(upgradeRun, upgrade, more) {
      const { connection, statements } = upgradeRun;
      const watch = await circleWatch(connection, statements.bounds.open);
      try {
        const made = attempts(upgradeRun, locksAtStart(upgrade), watch);
        return await inAttempts(upgradeRun, { watch, made }, more);
      } finally {
        await watch?.close();
      }
    },
  },
  mssql: {
    // Sch-M cannot be asked for beforehand, so statements take it themselves; nobody writes documents meanwhile
    async take({ connection, statements, locks }, _upgrade, more) {
      const text = dialectOf.mssql
        .sql`DECLARE @held int; SELECT TOP (1) @held = 1 FROM ${core.document} WITH (TABLOCK, HOLDLOCK);`;
      const keeping = `keeping writers away from ${documents}`;
      locks.begin();
      await statements.run(keeping, (limits) => run(connection, text, limits));
      return more();
    },
  },
};

/**
 * Takes all locks of an upgrade in the transaction of the run, then runs `more`, which takes further locks. An attempt
 * that is held up releases all its locks and is repeated until the time for a lock is over. On SQL Server only writers
 * of documents are kept away, without attempts.
 */
export const takeLocks = <Result>(run: Taken, upgrade: LockedUpgrade, more: () => Promise<Result>): Promise<Result> =>
  takers[run.connection.dialect].take(run, upgrade, more);
