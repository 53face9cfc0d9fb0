/**
 * The turn of a batch to get the ids of its new documents. Batches that are written at the same time take turns, so
 * that ids have the order of the batches (design 14 §3).
 */
export interface BatchTurn {
  /** Resolves once every batch before it has passed. */
  waitForTurn(): Promise<void>;
  /** Lets the next batch come; calls after the first have no effect. */
  release(): void;
}
