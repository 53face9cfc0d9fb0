import { append } from './append.ts';
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
      append(found, error.diagnostics);
    }
  }
  failIfAny(found);
}

/** Collects the diagnostics of work that goes on after a mistake. */
export class Faults {
  readonly found: Diagnostic[] = [];
  private readonly known: readonly Diagnostic[];

  /** @param known what was found before this work, and is not repeated in `found` */
  constructor(known: readonly Diagnostic[] = []) {
    this.known = known;
  }

  /** The diagnostics that are known and those found so far. */
  get all(): readonly Diagnostic[] {
    return [...this.known, ...this.found];
  }

  add(diagnostics: readonly Diagnostic[]): void {
    append(this.found, diagnostics);
  }

  /**
   * The result of `work`, or undefined if it throws diagnostics, which are kept. Any other exception is a bug and passes through,
   * unless something was found: then what the work reads may be incomplete, and the exception says nothing more.
   */
  attempt<Result>(work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      if (error instanceof DmsError) this.add(error.diagnostics);
      else if (this.known.length === 0 && this.found.length === 0) throw error;
      return undefined;
    }
  }

  /** Runs `check` for every item and keeps the diagnostics of all items, in item order. */
  forEach<Item>(items: Iterable<Item>, check: (item: Item) => void): void {
    for (const item of items) this.attempt(() => check(item));
  }
}
