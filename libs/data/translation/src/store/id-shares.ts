import { AppendedBytes } from './appended-bytes.ts';

/** The length of an id and of a number, in bytes. */
const idLength = 16;
const numberLength = 8;

/** How many bytes of a share wait in memory before they go to its file. */
const blockLength = 1 << 13;

/** An id in few bytes: each letter is one of them. */
export const shortId = (uuid: string): string => Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('latin1');

/** How many ids and numbers each entry has; one id at least. */
export interface EntryForm {
  readonly ids: number;
  readonly numbers: number;
}

export interface IdEntry {
  /** In the form of {@link shortId}. */
  readonly ids: readonly string[];
  readonly numbers: readonly number[];
}

interface Share {
  readonly bytes: AppendedBytes;
  readonly block: Buffer;
  filled: number;
}

/**
 * Entries by the first byte of their first id: of two lists that are compared by it, one share of each is in memory. The
 * others wait in files, but for their last ones.
 */
export class IdShares {
  private readonly file: string;
  private readonly form: EntryForm;
  private readonly entryLength: number;
  private readonly blockLength: number;
  private readonly byShare = new Map<number, Share>();
  /** How many entries there are. */
  length = 0;

  constructor(file: string, form: EntryForm) {
    this.file = file;
    this.form = form;
    this.entryLength = form.ids * idLength + form.numbers * numberLength;
    this.blockLength = blockLength - (blockLength % this.entryLength);
  }

  private shareOf(id: string): Share {
    const index = id.charCodeAt(0);
    const known = this.byShare.get(index);
    if (known) return known;
    const bytes = new AppendedBytes(`${this.file}.${index}`, 0);
    const share = { bytes, block: Buffer.allocUnsafeSlow(this.blockLength), filled: 0 };
    this.byShare.set(index, share);
    return share;
  }

  add(ids: readonly string[], numbers: readonly number[]): void {
    const share = this.shareOf(ids[0] ?? '');
    let at = share.filled;
    for (const id of ids) at += share.block.write(id, at, idLength, 'latin1');
    for (const number of numbers) at = share.block.writeDoubleLE(number, at);
    share.filled += this.entryLength;
    this.length += 1;
    if (share.filled < this.blockLength) return;
    share.bytes.add(Buffer.from(share.block));
    share.filled = 0;
  }

  /** The first bytes that entries have. */
  shares(): readonly number[] {
    return [...this.byShare.keys()].sort((a, b) => a - b);
  }

  /** The entries of a share, in the order in which they were added. None may be added to it meanwhile. */
  *of(index: number): Generator<IdEntry> {
    const share = this.byShare.get(index);
    if (!share) return;
    let rest: Buffer = Buffer.alloc(0);
    for (const bytes of [...share.bytes.chunks(), share.block.subarray(0, share.filled)]) {
      const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      const end = all.length - (all.length % this.entryLength);
      for (let at = 0; at < end; at += this.entryLength) yield this.entry(all, at);
      rest = all.subarray(end);
    }
  }

  private entry(bytes: Buffer, start: number): IdEntry {
    const ids: string[] = [];
    const numbers: number[] = [];
    let at = start;
    for (; ids.length < this.form.ids; at += idLength) ids.push(bytes.toString('latin1', at, at + idLength));
    for (; numbers.length < this.form.numbers; at += numberLength) numbers.push(bytes.readDoubleLE(at));
    return { ids, numbers };
  }
}
