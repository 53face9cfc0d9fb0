import { DmsError } from '@dms/diagnostics';
import { driverCodeOf, type FailureCode, isFailure } from './failure.ts';

/*
 * What a failed run reports about the database: only the code that committed something can report that, so it does
 * (design 09 §1.7.2).
 */

/** The end of a message of a check inside one transaction; replaced if the run has committed something before. */
const unchanged = 'Nothing was changed.';

/** The end of a message about a session that was lost during a commit. */
const mayBeDone = 'It was committing at that moment, so it may have been done. Run it again to find out.';

/** Failures whose message must say whether anything was changed; other failures are about findings. */
const ending: readonly string[] = [
  'DB_CANCELLED',
  'DB_TIMEOUT',
  'DB_CONNECTION_LOST',
  'DB_SQL',
  'DB_LOCK_TIMEOUT',
  'DB_DEADLOCK',
  'UPGRADE_LOCKED',
];

/** Whether the server refused a statement for want of a right; a finding of the product's own checks does not count. */
const isRefusedRight = (error: DmsError) => isFailure(error, 'DB_PERMISSION') && driverCodeOf(error) !== null;

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

/** Whether a failure came during a commit, so that the outcome of the commit is unknown. */
export function isCommitUnknown(error: unknown): boolean {
  if (!(error instanceof DmsError)) return false;
  const { code, details } = error.diagnostics[0];
  return details.commitUnknown === true || code.endsWith('_COMMIT_UNKNOWN');
}

/**
 * Adds to the loss of a session during a commit that the outcome is unknown. Other failures stay unchanged.
 *
 * @param others codes of further failures after which the outcome is unknown
 */
export function ofCommit(error: unknown, others: readonly FailureCode[] = []): unknown {
  if (!isFailure(error, 'DB_CONNECTION_LOST', 'DB_UNREACHABLE', ...others)) return error;
  return reworded(error, (message) => `${message.replace(/ ?[Uu]ncommitted work is lost\./, '')} ${mayBeDone}`, {
    commitUnknown: true,
  });
}

/**
 * The message of the loss of a session during a commit, for a caller that has asked the database how the commit ended:
 * without the note of {@link ofCommit} that nobody knows.
 */
export function causeOfCommit({ diagnostics: [{ message }] }: DmsError): string {
  return message.replace(` ${mayBeDone}`, '');
}

/**
 * Runs work that changes a database. If a failure ends it, adds to the message that nothing was changed, unless the
 * work has committed something.
 */
export async function changing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DmsError) || !(ending.includes(error.code) || isRefusedRight(error))) throw error;
    if (isCommitUnknown(error) || error.diagnostics[0].details.kept === true) throw error;
    throw reworded(error, (message) => (message.includes(unchanged) ? message : `${message} ${unchanged}`), {});
  }
}
