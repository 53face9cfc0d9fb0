const firstCapacity = 4_096;

/**
 * Text that grows, as UTF-8. Thousands of waiting strings would be moved by each collection of garbage; bytes are not.
 */
export class GrowingBytes {
  private bytes = Buffer.allocUnsafe(firstCapacity);
  private used = 0;

  /** The number of bytes. */
  get length(): number {
    return this.used;
  }

  get content(): Uint8Array {
    return this.bytes.subarray(0, this.used);
  }

  /** The bytes of some ranges, one after the other; at least one. A single range is not copied. */
  protected partsOf(ranges: readonly (readonly [from: number, to: number])[]): Buffer {
    const parts = ranges.map(([from, to]) => this.bytes.subarray(from, to));
    const [only] = parts;
    return only && parts.length === 1 ? only : Buffer.concat(parts);
  }

  /** Adds a text; returns its number of bytes. */
  add(text: string): number {
    // a code unit has at most three bytes
    this.makeRoom(3 * text.length);
    const added = this.bytes.write(text, this.used);
    this.used += added;
    return added;
  }

  private makeRoom(wanted: number): void {
    const { length } = this.bytes;
    if (length - this.used >= wanted) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * length, this.used + wanted));
    this.bytes.copy(larger, 0, 0, this.used);
    this.bytes = larger;
  }
}
