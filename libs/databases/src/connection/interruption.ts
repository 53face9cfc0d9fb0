import type { Limits } from './connection.ts';

/** Why a statement was given up by us: nothing works on it any more, or the task was cancelled. */
export type Interruption = 'stalled' | 'cancelled';

/** What a statement ended with when it did not end well. */
export interface Interrupted {
  readonly error: unknown;
  /** Null when it failed by itself. */
  readonly by: Interruption | null;
}

/** Milliseconds between two looks at a session that has not answered yet. */
const usualInterval = 60_000;

/** Looks at a session from outside: a statement may take as long as it takes, while somebody works on it. */
export interface Watch {
  /** Whether the session works on its statement, or waits for one that works. An error means that nothing could be seen. */
  isAtWork(): Promise<boolean>;
  /** Milliseconds between two looks; tests look sooner. */
  readonly interval?: number | undefined;
}

/** Looks without a sign of work after which a statement is given up: one alone may have come between two steps of the work. */
const patience = 2;

/** Calls `giveUp` when a watch sees no work; returns what ends the looking. */
function look({ isAtWork, interval = usualInterval }: Watch, giveUp: () => void): () => void {
  let misses = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const next = () => {
    timer = setTimeout(async () => {
      const isWorking = await isAtWork().catch(() => false);
      if (isOver) return;
      misses = isWorking ? 0 : misses + 1;
      if (misses >= patience) giveUp();
      else next();
    }, interval);
  };
  next();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

/** How a statement is ended. */
export interface Interruptible {
  /** Called once; must make the statement fail soon. */
  interrupt(): void;
  /** Without one it is never given up while the task goes on. */
  readonly watch?: Watch | undefined;
}

/**
 * Runs a statement until it ends, the task is cancelled or the watch sees no work. Whatever `run` throws is passed on through
 * `explain`, together with who ended it.
 */
export async function interruptibly<Result>(
  { signal }: Limits,
  run: () => Promise<Result>,
  { interrupt, watch }: Interruptible,
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
  const stopLooking = watch && look(watch, () => stop('stalled'));
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await run();
  } catch (error) {
    throw explain({ error, by });
  } finally {
    stopLooking?.();
    signal?.removeEventListener('abort', onAbort);
  }
}
