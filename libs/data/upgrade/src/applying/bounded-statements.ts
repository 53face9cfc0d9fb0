import {
  type BlockerWatch,
  blockerWatch,
  type Connection,
  hasPrepared,
  holdersAdvice,
  isFailure,
  type Limits,
  type NamedHolder,
} from '@dms/databases';
import { DmsError, diagnostic } from '@dms/diagnostics';
import { mustExist } from '@dms/model';

/** Runs statements of an upgrade, each within its time limit. */
export interface BoundedStatements {
  readonly bounds: StatementBounds;
  /** Runs `action` within its limits; `what` names it in messages. */
  run<Result>(what: string, action: (limits: Limits) => Promise<Result>): Promise<Result>;
}

export interface StatementBounds {
  readonly signal: AbortSignal | undefined;
  /** How many milliseconds a statement waits for a lock; the session has this setting. */
  readonly lock: number;
  /** How many milliseconds a statement may take; unlimited if undefined. */
  readonly statement: number | undefined;
  /** Opens another session, to see who holds a lock; undefined where the database has one session. */
  readonly open: (() => Promise<Connection>) | undefined;
}

/** A wait for a lock that timed out: its length, the holders of the lock and the error of the server. */
interface VainWait {
  readonly milliseconds: number;
  readonly holders: readonly NamedHolder[];
  readonly cause: DmsError;
}

/** Creates the object that runs the statements of a session within limits. */
export async function boundedStatements(connection: Connection, bounds: StatementBounds): Promise<BoundedStatements> {
  const { signal, lock, statement, open } = bounds;
  const delay = Math.min(lock, statement ?? lock) / 2;
  const watch = open && connection.engine === 'server' ? await blockerWatch(connection, { delay, open }) : unwatched;
  return {
    bounds,
    run(what, action) {
      const clock = statement === undefined ? undefined : AbortSignal.timeout(statement);
      const signals = [signal, clock].filter((each) => each !== undefined);
      const limits: Limits = { signal: signals.length === 0 ? undefined : AbortSignal.any(signals) };
      return watch(
        () => action(limits),
        (error, holders) => {
          if (isFailure(error, 'DB_LOCK_TIMEOUT'))
            return lockedOut(connection, what, { milliseconds: lock, holders, cause: error });
          if (isFailure(error, 'DB_DEADLOCK')) return deadlocked(connection, what, error);
          const isOver = clock?.aborted === true && signal?.aborted !== true;
          if (isOver && isFailure(error, 'DB_CANCELLED'))
            return tooSlow(connection, what, mustExist(statement, 'the time limit of a statement'), holders);
          return error;
        },
      );
    },
  };
}

const unwatched: BlockerWatch = async (action, onFailure) => {
  try {
    return await action();
  } catch (error) {
    throw onFailure(error, []);
  }
};

/** `UPGRADE_LOCKED` for a deadlock in which the database ended the upgrade. */
function deadlocked({ label }: Connection, what: string, cause: DmsError) {
  const text = `${label}: ${what} and a session that writes waited for each other, so the database ended the upgrade. Nothing was changed. Stop the writers, and run it again.`;
  return new DmsError([diagnostic('UPGRADE_LOCKED', text, {}, { holders: [], cause: cause.diagnostics[0].message })]);
}

function tooSlow({ label }: Connection, what: string, milliseconds: number, holders: readonly NamedHolder[]) {
  const texts = holders.map((each) => each.text);
  const waiting = texts.length === 0 ? '' : ` It waited for ${texts.join(' and ')}.`;
  const advice = hasPrepared(holders) ? `${holdersAdvice(holders)}, or allow` : 'Allow';
  const text = `${label}: ${what} took longer than ${milliseconds} ms.${waiting} Nothing was changed. ${advice} more time with --statement-timeout.`;
  return new DmsError([diagnostic('UPGRADE_TIMEOUT', text, {}, { ...holderDetails(holders), milliseconds })]);
}

/** Whether a lock was not granted in time, or a deadlock ended the statement; another attempt may succeed. */
export const isLockedOut = (error: unknown): error is DmsError =>
  isFailure(error, 'DB_LOCK_TIMEOUT', 'DB_DEADLOCK', 'DB_TIMEOUT') ||
  (error instanceof DmsError && error.code === 'UPGRADE_LOCKED');

/** `UPGRADE_LOCKED` for a lock that was not granted in time. */
export function lockedOut({ label }: Connection, what: string, { milliseconds, holders, cause }: VainWait): DmsError {
  const holder = holders.length === 0 ? 'another session' : holders.map((each) => each.text).join(' and ');
  const text = `${label}: ${what} waited ${milliseconds} ms for a lock that ${holder} holds. Nothing was changed. ${holdersAdvice(holders)}, or wait longer with --lock-timeout.`;
  const details = { ...holderDetails(holders), milliseconds, cause: cause.diagnostics[0].message };
  return new DmsError([diagnostic('UPGRADE_LOCKED', text, {}, details)]);
}

/** The holders of a lock in the details of a diagnostic; `endings` only if a prepared transaction is among them. */
function holderDetails(holders: readonly NamedHolder[]) {
  const endings = holders.flatMap((each) => each.endings);
  return { holders: holders.map(({ text }) => text), ...(endings.length === 0 ? {} : { endings }) };
}
