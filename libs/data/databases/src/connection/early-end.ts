import { DmsError } from '@dms/diagnostics';
import { type FailureCode, isFailure } from './failure.ts';

/*
 * What a run that a failure ends says about the database: who has committed something says so, and nobody else can
 * (design 09 §1.7.2).
 */

/**
 * With which a check inside one transaction ends its message; a run that has committed something before knows better.
 */
const unchanged = 'Nothing was changed.';

/** The failures after which it must be said whether something was changed: others are about what was found. */
const ending: readonly string[] = [
  'DB_CANCELLED',
  'DB_TIMEOUT',
  'DB_CONNECTION_LOST',
  'DB_SQL',
  'DB_LOCK_TIMEOUT',
  'DB_DEADLOCK',
  'UPGRADE_LOCKED',
];

/** Adds to a failure what the run had committed before it, and how to go on. Other errors stay as they are. */
export function withKept(error: unknown, kept: string): unknown {
  if (!(error instanceof DmsError)) return error;
  return reworded(error, (message) => `${message.replace(` ${unchanged}`, '')} ${kept}`, { kept: true });
}

/** Changes the first message of a failure. */
function reworded(
  error: DmsError,
  message: (before: string) => string,
  details: Readonly<Record<string, true>>,
): DmsError {
  const [first, ...rest] = error.diagnostics;
  return new DmsError([
    { ...first, message: message(first.message), details: { ...first.details, ...details } },
    ...rest,
  ]);
}

/** Whether a failure came while the session committed, so that nobody knows how that ended. */
export function isCommitUnknown(error: unknown): boolean {
  if (!(error instanceof DmsError)) return false;
  const { code, details } = error.diagnostics[0];
  return details.commitUnknown === true || code.endsWith('_COMMIT_UNKNOWN');
}

/**
 * Says of a session that was lost while it committed that nobody knows how that ended. Other failures stay as they are.
 *
 * @param others codes of further failures after which nobody knows either
 */
export function ofCommit(error: unknown, others: readonly FailureCode[] = []): unknown {
  if (!isFailure(error, 'DB_CONNECTION_LOST', 'DB_UNREACHABLE', ...others)) return error;
  const note = 'It was committing at that moment, so it may have been done. Run it again to find out.';
  return reworded(error, (message) => `${message.replace(/ ?[Uu]ncommitted work is lost\./, '')} ${note}`, {
    commitUnknown: true,
  });
}

/**
 * Runs work that changes a database, and adds to the failure that ended it that nothing was changed, unless the work
 * has kept something.
 */
export async function changing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DmsError) || !ending.includes(error.code)) throw error;
    if (isCommitUnknown(error) || error.diagnostics[0].details.kept === true) throw error;
    throw reworded(error, (message) => (message.includes(unchanged) ? message : `${message} ${unchanged}`), {});
  }
}
