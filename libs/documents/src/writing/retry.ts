import { setTimeout as wait } from 'node:timers/promises';

/** How often a transaction is tried again that another one got in the way of (design 14 §3). */
export const retryLimit = 3;

/** What the tests replace. */
export interface RetryOptions {
  /** Milliseconds before the attempt of that number, from 1. */
  readonly delay?: ((attempt: number) => number) | undefined;
}

/** The longer the more attempts failed, and never the same for two writers. */
const jittered = (attempt: number) => 10 * 2 ** attempt * (0.5 + Math.random());

export const beforeRetry = (attempt: number, { delay = jittered }: RetryOptions): Promise<void> => wait(delay(attempt));

/** What was read is no longer so: the transaction has to be repeated. */
export class Outdated extends Error {}
