import { AppendedBytes } from './appended-bytes.ts';

/** The length of an id, in bytes. */
const idLength = 16;

/** A group has two numbers of 8 bytes, then the lengths of its two lists. */
const headLength = 24;

/** An id in few bytes: each letter is one of them. */
export const shortId = (uuid: string): string => Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('latin1');

/** The ids of a document: those that it has, and those that it names. */
export interface IdGroup {
  /** By which the document is found again: its file, and its number there. */
  readonly file: number;
  readonly number: number;
  /** In the form of {@link shortId}. */
  readonly own: readonly string[];
  readonly named: readonly string[];
}

/** Groups of ids that are read again and again, in a file, or in memory while they are few. */
export class IdFile {
  private readonly bytes: AppendedBytes;

  constructor(file: string, bufferLimit: number) {
    this.bytes = new AppendedBytes(file, bufferLimit);
  }

  add({ file, number, own, named }: IdGroup): void {
    const bytes = Buffer.alloc(headLength + idLength * (own.length + named.length));
    bytes.writeDoubleLE(file, 0);
    bytes.writeDoubleLE(number, 8);
    bytes.writeUInt32LE(own.length, 16);
    bytes.writeUInt32LE(named.length, 20);
    let at = headLength;
    for (const id of [...own, ...named]) {
      bytes.write(id, at, 'latin1');
      at += idLength;
    }
    this.bytes.add(bytes);
  }

  *all(): Generator<IdGroup> {
    let rest: Buffer = Buffer.alloc(0);
    for (const bytes of this.bytes.chunks()) {
      const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      let start = 0;
      while (start + headLength <= all.length) {
        const [owns, names] = [all.readUInt32LE(start + 16), all.readUInt32LE(start + 20)];
        const end = start + headLength + idLength * (owns + names);
        if (end > all.length) break;
        const ids = (first: number, count: number) =>
          Array.from({ length: count }, (_, index) => {
            const at = start + headLength + idLength * (first + index);
            return all.toString('latin1', at, at + idLength);
          });
        const [file, number] = [all.readDoubleLE(start), all.readDoubleLE(start + 8)];
        yield { file, number, own: ids(0, owns), named: ids(owns, names) };
        start = end;
      }
      rest = all.subarray(start);
    }
  }
}
