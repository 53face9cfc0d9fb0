interface OpenBatch<Result> {
  readonly keys: ReadonlySet<string>;
  readonly done: Promise<Result>;
  isOver: boolean;
}

/** Batches of one resource that are written at the same time. Their results are handled in the order of the batches. */
export class OpenBatches<Result> {
  private readonly batches: OpenBatch<Result>[] = [];
  private readonly limit: number;
  private readonly handle: (result: Result) => Promise<void>;

  /** `limit` is the number of batches whose results may wait to be handled. */
  constructor(limit: number, handle: (result: Result) => Promise<void>) {
    this.limit = limit;
    this.handle = handle;
  }

  /** Waits for the batches that have one of the keys. */
  async without(keys: ReadonlySet<string>): Promise<void> {
    for (const { keys: own, done, isOver } of [...this.batches])
      if (!isOver && [...keys].some((key) => own.has(key))) await done;
  }

  /** Adds a batch that is being written, and handles results that have come. */
  async add(keys: ReadonlySet<string>, done: Promise<Result>): Promise<void> {
    const batch: OpenBatch<Result> = { keys, done, isOver: false };
    const end = () => {
      batch.isOver = true;
    };
    done.then(end, end);
    this.batches.push(batch);
    while (this.batches.length > this.limit || this.batches[0]?.isOver) await this.handleFirst();
  }

  private async handleFirst(): Promise<void> {
    const first = this.batches.shift();
    if (first) await this.handle(await first.done);
  }

  /** Waits for all batches and handles their results, even after one that fails. Throws the first failure. */
  async finish(): Promise<void> {
    const failures: unknown[] = [];
    while (this.batches.length > 0) await this.handleFirst().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }
}
