import { EntryShares } from './entry-shares.ts';

/** The length of an id and of a number, in bytes. */
const idLength = 16;
const numberLength = 8;

/** How many bytes of a share wait in memory before they go to its file. */
const blockLength = 1 << 13;

const shortening = Buffer.allocUnsafeSlow(idLength);

/**
 * Entries by the first byte of their first id: of two lists that are compared by it, one share of each is in memory. The
 * others wait in files, but for their last ones.
 */
export class IdShares {
  private readonly form: EntryForm;
  private readonly entryLength: number;
  private readonly entries: EntryShares;
  /** How many entries there are. */
  length = 0;

  constructor(file: string, form: EntryForm) {
    this.form = form;
    this.entryLength = form.ids * idLength + form.numbers * numberLength;
    this.entries = new EntryShares(file, this.entryLength, Math.floor(blockLength / this.entryLength));
  }

  add(ids: readonly string[], numbers: readonly number[]): void {
    const { block, at: start } = this.entries.room(ids[0]?.charCodeAt(0) ?? 0);
    let at = start;
    for (const id of ids) at += block.write(id, at, idLength, 'latin1');
    for (const number of numbers) at = block.writeDoubleLE(number, at);
    this.length += 1;
  }

  /** The first bytes that entries have. */
  shares(): readonly number[] {
    return this.entries.indexes();
  }

  /** The entries of a share, in the order in which they were added. None may be added to it meanwhile. */
  *of(index: number): Generator<IdEntry> {
    for (const bytes of this.entries.chunks(index))
      for (let at = 0; at < bytes.length; at += this.entryLength) yield this.entry(bytes, at);
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

/** An id in few bytes: each letter is one of them. */
export function shortId(uuid: string): string {
  shortening.write(uuid.replaceAll('-', ''), 'hex');
  return shortening.toString('latin1');
}

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
