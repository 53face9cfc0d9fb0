import { EntryShares } from './entry-shares.ts';

/** The length of an id and of a number, in bytes. */
const idLength = 16;
const numberLength = 8;

/** The number of bytes of a share that stay in memory before they are written to its file. */
const blockLength = 1 << 13;

/** Stored in place of an id or a number that is null. */
const noId = '\0'.repeat(idLength);
const noNumber = -1;

const shortening = Buffer.allocUnsafeSlow(idLength);

/**
 * Entries in shares by the first byte of their first id: a comparison of two lists by this id has only one share of
 * each in memory. The others are in files, except for their last entries.
 */
export class IdShares<Entry> {
  private readonly form: EntryForm<Entry>;
  private readonly entryLength: number;
  private readonly entries: EntryShares;
  /** The number of entries. */
  length = 0;

  constructor(file: string, form: EntryForm<Entry>) {
    this.form = form;
    this.entryLength = form.ids.length * idLength + form.numbers.length * numberLength;
    this.entries = new EntryShares(file, this.entryLength, Math.floor(blockLength / this.entryLength));
  }

  add(entry: Entry): void {
    const { ids, numbers } = this.form;
    const { block, at: start } = this.entries.room(ids[0](entry)?.charCodeAt(0) ?? 0);
    let at = start;
    for (const idOf of ids) at += block.write(idOf(entry) ?? noId, at, idLength, 'latin1');
    for (const numberOf of numbers) at = block.writeDoubleLE(numberOf(entry) ?? noNumber, at);
    this.length += 1;
  }

  /** The first bytes of the ids of entries. */
  shares(): readonly number[] {
    return this.entries.indexes();
  }

  /** The entries of a share, in the order in which they were added. None may be added to it while they are read. */
  *of(index: number): Generator<Entry> {
    for (const bytes of this.entries.chunks(index))
      for (let at = 0; at < bytes.length; at += this.entryLength) yield this.entry(bytes, at);
  }

  private entry(bytes: Buffer, start: number): Entry {
    const ids: (string | null)[] = [];
    const numbers: (number | null)[] = [];
    let at = start;
    for (; ids.length < this.form.ids.length; at += idLength) {
      const id = bytes.toString('latin1', at, at + idLength);
      ids.push(id === noId ? null : id);
    }
    for (; numbers.length < this.form.numbers.length; at += numberLength) {
      const number = bytes.readDoubleLE(at);
      numbers.push(number === noNumber ? null : number);
    }
    return this.form.entry(ids, numbers);
  }
}

/** An id as a short text with one letter for each byte. */
export function shortId(uuid: string): string {
  shortening.write(uuid.replaceAll('-', ''), 'hex');
  return shortening.toString('latin1');
}

/** How the entries of a list are stored: as ids in the form of {@link shortId}, and numbers from 0. */
export interface EntryForm<Entry> {
  /** The ids of an entry; the first decides its share. */
  readonly ids: readonly [(entry: Entry) => string | null, ...((entry: Entry) => string | null)[]];
  readonly numbers: readonly ((entry: Entry) => number | null)[];
  entry(ids: readonly (string | null)[], numbers: readonly (number | null)[]): Entry;
}
