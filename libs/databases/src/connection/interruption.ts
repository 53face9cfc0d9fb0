import type { Limits } from './connection.ts';

/** Why a statement was given up by us. */
export type Interruption = 'timeout' | 'cancelled';

/** What a statement ended with when it did not end well. */
export interface Interrupted {
  readonly error: unknown;
  /** Null when it failed by itself. */
  readonly by: Interruption | null;
}

/**
 * Runs a statement within its limits: `interrupt` is called once when the time is over or the task is cancelled, and must make
 * `run` fail soon. Whatever `run` throws is passed on through `explain`, together with who ended it.
 */
export async function withinLimits<Result>(
  { timeout, signal }: Limits,
  run: () => Promise<Result>,
  interrupt: () => void,
  explain: (interrupted: Interrupted) => Error,
): Promise<Result> {
  if (signal?.aborted) throw explain({ error: new Error('cancelled before it began'), by: 'cancelled' });
  let by: Interruption | null = null;
  const stop = (reason: Interruption) => {
    if (by !== null) return;
    by = reason;
    interrupt();
  };
  const onAbort = () => stop('cancelled');
  const timer = timeout === undefined ? undefined : setTimeout(() => stop('timeout'), timeout);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await run();
  } catch (error) {
    throw explain({ error, by });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
