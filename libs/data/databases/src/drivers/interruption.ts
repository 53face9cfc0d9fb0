import { fail } from '@dms/diagnostics';
import type { Limits } from './connection.ts';

/** Why the product gave up a statement: nothing works on it any more, or the task was cancelled. */
type Interruption = 'stalled' | 'cancelled';

/** How a statement failed. */
export interface Interrupted {
  readonly error: unknown;
  /** Null if the statement failed by itself. */
  readonly by: Interruption | null;
}

/** Watches a session from outside: a statement may take any time while the server works on it. */
export interface Watch {
  /**
   * Whether the session works on its statement, or waits for a session that works. An error means that this is unknown.
   */
  isAtWork(): Promise<boolean>;
  /** Milliseconds between two checks; shorter in tests. */
  readonly interval?: number | undefined;
}

/**
 * Throws `DB_CANCELLED` if the task was cancelled; called between the statements of long work. `text` says what ended.
 */
export function expectNotCancelled(signal: AbortSignal | undefined, text: string): void {
  if (signal?.aborted) fail('DB_CANCELLED', text);
}

/** How a statement is ended. */
export interface Interruptible {
  /**
   * Called once; must make the statement fail soon. The statement may have an answer before that: what is returned waits,
   * after its end, until nothing that was sent to end it can reach the next one.
   */
  interrupt(): (() => Promise<void>) | undefined;
  /** Without a watch the statement is never given up while the task continues. */
  readonly watch?: Watch | undefined;
}

/**
 * Runs a statement until it ends, the task is cancelled or the watch sees no work. Errors of `run` are replaced by the
 * result of `explain`, which also gets the reason for the interruption.
 */
export async function interruptibly<Result>(
  { signal }: Limits,
  run: () => Promise<Result>,
  { interrupt, watch }: Interruptible,
  explain: (interrupted: Interrupted) => Error | Promise<Error>,
): Promise<Result> {
  if (signal?.aborted) throw await explain({ error: new Error('cancelled before it began'), by: 'cancelled' });
  let by: Interruption | null = null;
  let untilHarmless: (() => Promise<void>) | undefined;
  const stop = (reason: Interruption) => {
    if (by !== null) return;
    by = reason;
    untilHarmless = interrupt();
  };
  const onAbort = () => stop('cancelled');
  const stopLooking = watch && look(watch, () => stop('stalled'));
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    try {
      return await run();
    } finally {
      stopLooking?.();
      signal?.removeEventListener('abort', onAbort);
      await untilHarmless?.();
    }
  } catch (error) {
    throw await explain({ error, by });
  }
}

/** Milliseconds between two checks of a session that has not answered yet. */
const usualInterval = 60_000;

/**
 * The number of checks without a sign of work after which a statement is given up: a single one may have fallen between
 * two steps of the work.
 */
const patience = 2;

/** Calls `giveUp` when a watch sees no work; returns a function that ends the watching. */
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
