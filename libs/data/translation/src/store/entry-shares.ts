import { AppendedBytes } from './appended-bytes.ts';

interface EntryShare {
  readonly bytes: AppendedBytes;
  readonly block: Buffer;
  filled: number;
}

/** Entries of equal length, spread over files by a byte. The last entries of each share are in memory, in a block. */
export class EntryShares {
  private readonly file: string;
  private readonly entryLength: number;
  private readonly blockLength: number;
  private readonly byIndex = new Map<number, EntryShare>();

  constructor(file: string, entryLength: number, entriesInMemory: number) {
    this.file = file;
    this.entryLength = entryLength;
    this.blockLength = entryLength * entriesInMemory;
  }

  /** Reserves space for an entry at the end of a share. The caller writes the entry there at once. */
  room(index: number): { readonly block: Buffer; readonly at: number } {
    const share = this.byIndex.get(index) ?? this.newShare(index);
    if (share.filled === this.blockLength) {
      share.bytes.add(Buffer.from(share.block));
      share.filled = 0;
    }
    const at = share.filled;
    share.filled += this.entryLength;
    return { block: share.block, at };
  }

  private newShare(index: number): EntryShare {
    const bytes = new AppendedBytes(`${this.file}.${index}`, 0);
    const share = { bytes, block: Buffer.allocUnsafeSlow(this.blockLength), filled: 0 };
    this.byIndex.set(index, share);
    return share;
  }

  /** The shares that have entries. */
  indexes(): readonly number[] {
    return [...this.byIndex.keys()].sort((a, b) => a - b);
  }

  /** The entries of a share, in the order in which they were added. None may be added to it while they are read. */
  chunks(index: number): Iterable<Buffer> {
    const share = this.byIndex.get(index);
    if (!share) return [];
    return wholeEntries([...share.bytes.chunks(), share.block.subarray(0, share.filled)], this.entryLength);
  }
}

/** The same bytes in chunks of whole entries. */
export function* wholeEntries(chunks: Iterable<Buffer>, entryLength: number): Generator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for (const bytes of chunks) {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const end = all.length - (all.length % entryLength);
    if (end > 0) yield all.subarray(0, end);
    rest = all.subarray(end);
  }
}
