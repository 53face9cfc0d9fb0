import { AppendedBytes } from './appended-bytes.ts';

/** An entry has two hashes of 8 bytes and a number of 8. */
const hashLength = 8;
const entryLength = 3 * hashLength;

/** How many entries of a share wait in memory before they go to its file. */
const blockEntries = 128;

/** What was added under a hash. */
export interface HashEntry {
  /** A second hash, which tells entries of one hash apart. */
  readonly of: string;
  readonly number: number;
}

interface Share {
  readonly bytes: AppendedBytes;
  readonly block: Buffer;
  filled: number;
}

/** Numbers by hash, spread over files: one is read to find the numbers of a hash. A hash is a latin1 text of 8 bytes. */
export class HashFile {
  private readonly file: string;
  private readonly shares = new Map<number, Share>();

  constructor(file: string) {
    this.file = file;
  }

  private shareOf(hash: string): Share | undefined {
    return this.shares.get(hash.charCodeAt(0));
  }

  add(hash: string, { of, number }: HashEntry): void {
    const share = this.shareOf(hash) ?? this.newShare(hash.charCodeAt(0));
    const at = share.filled * entryLength;
    share.block.write(hash, at, hashLength, 'latin1');
    share.block.write(of, at + hashLength, hashLength, 'latin1');
    share.block.writeDoubleLE(number, at + 2 * hashLength);
    share.filled += 1;
    if (share.filled < blockEntries) return;
    share.bytes.add(Buffer.from(share.block));
    share.filled = 0;
  }

  private newShare(index: number): Share {
    const share = {
      bytes: new AppendedBytes(`${this.file}.${index}`, 0),
      block: Buffer.alloc(blockEntries * entryLength),
      filled: 0,
    };
    this.shares.set(index, share);
    return share;
  }

  /** The entries of a hash, in the order in which they were added. */
  *find(hash: string): Generator<HashEntry> {
    const share = this.shareOf(hash);
    if (!share) return;
    const wanted = Buffer.from(hash, 'latin1');
    let rest: Buffer = Buffer.alloc(0);
    for (const bytes of [...share.bytes.chunks(), share.block.subarray(0, share.filled * entryLength)]) {
      const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      const end = all.length - (all.length % entryLength);
      for (let at = all.indexOf(wanted); at >= 0 && at < end; at = all.indexOf(wanted, at + 1))
        if (at % entryLength === 0)
          yield {
            of: all.toString('latin1', at + hashLength, at + 2 * hashLength),
            number: all.readDoubleLE(at + 2 * hashLength),
          };
      rest = all.subarray(end);
    }
  }
}
