import { EntryShares } from './entry-shares.ts';

/** The length of an id and of a number, in bytes. */
const idLength = 16;
const numberLength = 8;

/** The number of bytes of a share that stay in memory before they are written to its file. */
const blockLength = 1 << 13;

const shortening = Buffer.allocUnsafeSlow(idLength);

/**
 * Entries in shares by the first byte of their first id: a comparison of two lists by this id has only one share of
 * each in memory. The others are in files, except for their last entries.
 */
export class IdShares {
  private readonly form: EntryForm;
  private readonly entryLength: number;
  private readonly entries: EntryShares;
  /** The number of entries. */
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

  /** The first bytes of the ids of entries. */
  shares(): readonly number[] {
    return this.entries.indexes();
  }

  /** The entries of a share, in the order in which they were added. None may be added to it while they are read. */
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

/** An id as a short text with one letter for each byte. */
export function shortId(uuid: string): string {
  shortening.write(uuid.replaceAll('-', ''), 'hex');
  return shortening.toString('latin1');
}

/** The numbers of ids and numbers in each entry; at least one id. */
export interface EntryForm {
  readonly ids: number;
  readonly numbers: number;
}

export interface IdEntry {
  /** The ids in the form of {@link shortId}. */
  readonly ids: readonly string[];
  readonly numbers: readonly number[];
}
