import { type Context, createContext, Script } from 'node:vm';

/** The result of a piece of work, or that it took too long. */
export type Limited<Result> = { readonly isDone: true; readonly result: Result } | { readonly isDone: false };

const call = new Script('work()');

let context: Context | undefined;

/** The error comes from the other context, so it is not an instance of this one's `Error`. */
const isTimeout = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/**
 * Runs synchronous work and ends it after some milliseconds, even in the middle of a regular expression: the patterns of a
 * schema are not trusted, and some of them never end. A call costs about 50 µs.
 */
export function withinTime<Result>(milliseconds: number, work: () => Result): Limited<Result> {
  let made: { readonly result: Result } | undefined;
  context ??= createContext({});
  context.work = () => {
    made = { result: work() };
  };
  try {
    call.runInContext(context, { timeout: milliseconds });
  } catch (error) {
    if (isTimeout(error)) return { isDone: false };
    throw error;
  } finally {
    context.work = undefined;
  }
  if (!made) throw new Error('work that ended has no result');
  return { isDone: true, result: made.result };
}
