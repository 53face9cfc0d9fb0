import { AppendedBytes } from './appended-bytes.ts';
import { wholeEntries } from './entry-shares.ts';

const numberLength = 8;

/** Rows with the same number of numbers, in a file, or in memory while they are few. */
export class NumberFile {
  private readonly bytes: AppendedBytes;
  private readonly width: number;
  /** The number of rows. */
  length = 0;

  constructor(file: string, width: number, bufferLimit: number) {
    this.bytes = new AppendedBytes(file, bufferLimit);
    this.width = width;
  }

  add(...row: readonly number[]): void {
    const bytes = Buffer.alloc(this.width * numberLength);
    for (const [index, number] of row.entries()) bytes.writeDoubleLE(number, index * numberLength);
    this.bytes.add(bytes);
    this.length += 1;
  }

  *all(): Generator<readonly number[]> {
    const rowLength = this.width * numberLength;
    for (const bytes of wholeEntries(this.bytes.chunks(), rowLength))
      for (let at = 0; at < bytes.length; at += rowLength)
        yield Array.from({ length: this.width }, (_, index) => bytes.readDoubleLE(at + index * numberLength));
  }
}
