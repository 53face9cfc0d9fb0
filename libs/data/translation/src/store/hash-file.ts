import { EntryShares } from './entry-shares.ts';

/** An entry has two hashes and a number of 8 bytes each. */
const hashLength = 8;
const entryLength = 3 * hashLength;

/** The number of entries of a share that stay in memory before they are written to its file. */
const blockEntries = 128;

/** An entry that was added under a hash. */
interface HashEntry {
  /** A second hash, which distinguishes entries with the same first hash. */
  readonly of: string;
  readonly number: number;
}

/**
 * Numbers by hash, spread over files, so that only one file is read to find the numbers of a hash. A hash is a latin1
 * text of 8 bytes.
 */
export class HashFile {
  private readonly shares: EntryShares;

  constructor(file: string) {
    this.shares = new EntryShares(file, entryLength, blockEntries);
  }

  add(hash: string, { of, number }: HashEntry): void {
    const { block, at } = this.shares.room(hash.charCodeAt(0));
    block.write(hash, at, hashLength, 'latin1');
    block.write(of, at + hashLength, hashLength, 'latin1');
    block.writeDoubleLE(number, at + 2 * hashLength);
  }

  /** The entries of a hash, in the order in which they were added. */
  *find(hash: string): Generator<HashEntry> {
    const wanted = Buffer.from(hash, 'latin1');
    for (const bytes of this.shares.chunks(hash.charCodeAt(0)))
      for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1))
        if (at % entryLength === 0)
          yield {
            of: bytes.toString('latin1', at + hashLength, at + 2 * hashLength),
            number: bytes.readDoubleLE(at + 2 * hashLength),
          };
  }
}
