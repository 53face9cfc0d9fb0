import { setTimeout as wait } from 'node:timers/promises';

/** How often to retry a transaction that failed because of another one (design 14 §3). */
export const retryLimit = 3;

/** The parts that tests replace. */
export interface RetryOptions {
  /** Milliseconds before an attempt; attempts count from 1. */
  readonly delay?: ((attempt: number) => number) | undefined;
}

/** Longer after each failed attempt, and never the same for two writers. */
const jittered = (attempt: number) => 10 * 2 ** attempt * (0.5 + Math.random());

export const beforeRetry = (attempt: number, { delay = jittered }: RetryOptions): Promise<void> => wait(delay(attempt));

/**
 * Repeats work that other transactions disturb, at most `retryLimit` times. `isDisturbed` looks at a failure and at the number of the
 * attempt; attempts count from 1. Throws the last failure.
 */
export async function withRetries<Result>(
  work: (attempt: number) => Promise<Result>,
  isDisturbed: (error: unknown, attempt: number) => boolean,
  options: RetryOptions = {},
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt > retryLimit || !isDisturbed(error, attempt)) throw error;
    }
    await beforeRetry(attempt, options);
  }
}

/** Thrown if a value that was read is outdated, so that the transaction must be repeated. */
export class Outdated extends Error {}
