/** The first number of a run of consecutive ones, and the last. */
export type NumberRange = readonly [first: bigint, last: bigint];

/** Reserves so many numbers. */
export type ReserveNumbers = (count: number) => Promise<readonly NumberRange[]>;

const firstBlock = 256;
const largestBlock = 32_768;

/**
 * Numbers of a sequence, reserved in blocks. Each block is twice as large as the one before, so that a small load
 * wastes few numbers and a large one seldom waits for them.
 */
export class ReservedNumbers {
  private readonly reserve: ReserveNumbers;
  private readonly ranges: { next: bigint; readonly last: bigint }[] = [];
  private left = 0;
  private block = firstBlock;

  constructor(reserve: ReserveNumbers) {
    this.reserve = reserve;
  }

  /**
   * The next numbers, as text, in ascending order; a promise of them where they must be reserved first. Must not be
   * called again before they are there.
   */
  take(count: number): readonly string[] | Promise<readonly string[]> {
    return this.left < count ? this.takeReserved(count) : this.taken(count);
  }

  private async takeReserved(count: number): Promise<readonly string[]> {
    while (this.left < count) await this.reserveMore(count - this.left);
    return this.taken(count);
  }

  private taken(count: number): readonly string[] {
    this.left -= count;
    const taken: string[] = [];
    while (taken.length < count) {
      const [range] = this.ranges;
      if (!range) throw new Error('fewer numbers are reserved than counted');
      for (; range.next <= range.last && taken.length < count; range.next += 1n) taken.push(String(range.next));
      if (range.next > range.last) this.ranges.shift();
    }
    return taken;
  }

  private async reserveMore(missing: number): Promise<void> {
    const ranges = await this.reserve(Math.max(missing, this.block));
    this.block = Math.min(2 * this.block, largestBlock);
    const before = this.left;
    for (const [first, last] of ranges) {
      this.ranges.push({ next: first, last });
      this.left += Number(last - first) + 1;
    }
    if (this.left === before) throw new Error('the sequence gives no numbers');
  }
}
