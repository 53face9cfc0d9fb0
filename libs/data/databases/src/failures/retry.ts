import { setTimeout as wait } from 'node:timers/promises';
import type { Connection } from '../drivers/connection.ts';
import { failureKind } from './failure.ts';

/** How to repeat work that other sessions disturb. */
export interface RetryOptions {
  /** Number of retries; 3 by default (design 14 §3). */
  readonly retries?: number | undefined;
  /** Milliseconds before a retry, by the number of the failed attempt; attempts count from 1. */
  readonly delay?: ((attempt: number) => number) | undefined;
  /** Ends the waits early; the next attempt notices it. */
  readonly signal?: AbortSignal | undefined;
  /** Called before the wait for a retry. */
  readonly onRetry?: ((error: unknown, attempt: number) => void) | undefined;
}

/** Waits; a signal ends it early. */
export async function waited(milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (milliseconds > 0) await wait(milliseconds, undefined, { signal }).catch(() => undefined);
}

/**
 * Repeats a transaction or a statement that other sessions disturb: after a deadlock, a serialization failure, or a
 * failure to get a lock. `isDisturbed` gets a failure and the number of the attempt; `at once` repeats without a wait,
 * because the other session has finished. Throws the last failure.
 */
export async function withRetries<Result>(
  work: (attempt: number) => Promise<Result>,
  isDisturbed: (error: unknown, attempt: number) => boolean | 'at once',
  { retries = 3, delay = jittered, signal, onRetry }: RetryOptions = {},
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    let isAtOnce = false;
    try {
      return await work(attempt);
    } catch (error) {
      const disturbed = attempt <= retries && isDisturbed(error, attempt);
      if (!disturbed) throw error;
      isAtOnce = disturbed === 'at once';
      onRetry?.(error, attempt);
    }
    if (!isAtOnce) await waited(delay(attempt), signal);
  }
}

/** The wait grows with each failed attempt, and is random so that two writers differ. */
const jittered = (attempt: number) => 10 * 2 ** attempt * (0.5 + Math.random());

/**
 * Repeats a write of documents (design 14 §3): after each transient failure, and after any other that `isDisturbed` puts
 * down to another session. A lost connection is not transient: the commit may have succeeded (design 17 §7.11). Throws the
 * last failure.
 */
export const retriedWrite = <Result>(
  { dialect }: Pick<Connection, 'dialect'>,
  write: (attempt: number) => Promise<Result>,
  retry: RetryOptions,
  isDisturbed: (error: unknown, attempt: number) => boolean = () => false,
): Promise<Result> =>
  withRetries(
    write,
    (error, attempt) => failureKind(error, dialect) === 'transient' || isDisturbed(error, attempt),
    retry,
  );
