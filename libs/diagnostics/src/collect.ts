import { type Diagnostic, DmsError, failIfAny } from './diagnostic.ts';

/**
 * Runs `check` for every item and throws the diagnostics of all failed items together, in item order, so that a user sees every
 * independent mistake at once. Exceptions that are not `DmsError` are bugs and pass through.
 */
export function forEachReported<Item>(items: Iterable<Item>, check: (item: Item) => void): void {
  const found: Diagnostic[] = [];
  for (const item of items) {
    try {
      check(item);
    } catch (error) {
      if (!(error instanceof DmsError)) throw error;
      found.push(...error.diagnostics);
    }
  }
  failIfAny(found);
}
