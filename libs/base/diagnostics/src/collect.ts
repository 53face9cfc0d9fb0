import { type Diagnostic, DmsError, failIfAny } from './diagnostic.ts';

/**
 * Runs `check` for every item and throws the diagnostics of all failed items together, in item order, so that a user
 * sees every independent error at once. Exceptions that are not `DmsError` are bugs and pass through.
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

/** Collects the diagnostics of work that continues after an error. */
export class DiagnosticCollector {
  private collected: Diagnostic[] = [];
  private readonly known: readonly Diagnostic[];

  /** @param known diagnostics that were found before this work; `found` does not repeat them */
  constructor(known: readonly Diagnostic[] = []) {
    this.known = known;
  }

  /** The diagnostics found so far. */
  get found(): readonly Diagnostic[] {
    return this.collected;
  }

  /** The known diagnostics, and the diagnostics found so far. */
  get all(): readonly Diagnostic[] {
    return [...this.known, ...this.collected];
  }

  add(diagnostics: readonly Diagnostic[]): void {
    append(this.collected, diagnostics);
  }

  /** Runs `work`, and replaces the diagnostics that it adds by the result of `kept`. */
  sift(work: () => void, kept: (added: readonly Diagnostic[]) => readonly Diagnostic[]): void {
    const count = this.collected.length;
    work();
    const added = this.collected.slice(count);
    if (added.length > 0) this.collected = [...this.collected.slice(0, count), ...kept(added)];
  }

  /**
   * The result of `work`, or undefined if it throws diagnostics, which are kept. Any other exception is a bug and
   * passes through, unless there are diagnostics already: the input of the work may then be incomplete, and the
   * exception adds no information.
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

/**
 * Adds the items of a list to another one. `list.push(...items)` passes them as arguments, and a list of more than
 * about 100,000 is then a `RangeError`.
 */
export function append<Item>(list: Item[], items: Iterable<Item>): void {
  for (const item of items) list.push(item);
}
