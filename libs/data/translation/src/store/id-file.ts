import { appendFileSync, closeSync, openSync, readSync } from 'node:fs';
import { inputError, outputError } from '@dms/files';

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
  private readonly file: string;
  private readonly bufferLimit: number;
  private groups: Buffer[] = [];
  private buffered = 0;
  private written = 0;

  constructor(file: string, bufferLimit: number) {
    this.file = file;
    this.bufferLimit = bufferLimit;
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
    this.groups.push(bytes);
    this.buffered += bytes.length;
    if (this.buffered > this.bufferLimit) this.flush();
  }

  private flush(): void {
    try {
      appendFileSync(this.file, Buffer.concat(this.groups));
    } catch (error) {
      throw outputError(error, this.file);
    }
    this.written += this.buffered;
    this.groups = [];
    this.buffered = 0;
  }

  *all(): Generator<IdGroup> {
    let rest: Buffer = Buffer.alloc(0);
    for (const bytes of this.chunks()) {
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

  private *chunks(): Generator<Buffer> {
    let at = 0;
    if (this.written > 0) {
      const handle = this.opened();
      try {
        while (at < this.written) {
          const bytes = Buffer.allocUnsafe(Math.min(1 << 18, this.written - at));
          const read = readSync(handle, bytes, 0, bytes.length, at);
          if (read === 0) throw new Error(`${this.file} is shorter than what was written to it`);
          at += read;
          yield bytes.subarray(0, read);
        }
      } finally {
        closeSync(handle);
      }
    }
    yield* this.groups;
  }

  private opened(): number {
    try {
      return openSync(this.file, 'r');
    } catch (error) {
      throw inputError(error, this.file);
    }
  }
}
