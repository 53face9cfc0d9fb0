import { isJsonObject, type JsonObject, type JsonValue, jsonText, parseJson } from '@dms/files';
import { AppendedBytes } from './appended-bytes.ts';

/** A document that waits, with what is known of it. */
export interface WaitingRecord {
  readonly facts: JsonValue;
  readonly document: JsonObject;
}

/** Ends the facts; in JSON text it is escaped. */
const tab = 9;
const lineFeed = 10;

/** How many bytes are read at once for one document. */
const chunkOfOne = 1 << 13;

/**
 * Documents that wait, in the order in which they were added: the last ones in memory, those before them in a file. A
 * document is found again by its number.
 */
export class RecordFile {
  private readonly bytes: AppendedBytes;
  /** How many documents there are. */
  length = 0;

  constructor(file: string, bufferLimit: number) {
    this.bytes = new AppendedBytes(file, bufferLimit);
  }

  /** Returns the number of the document. */
  add({ facts, document }: WaitingRecord): number {
    this.length += 1;
    return this.bytes.add(Buffer.from(`${jsonText(facts)}\t${jsonText(document)}\n`));
  }

  /** A document may nest as deep as a file, so it is a text of its own. */
  private record(bytes: Buffer): WaitingRecord {
    const end = bytes.indexOf(tab);
    const document = parseJson(bytes.toString('utf8', end + 1), this.bytes.file);
    if (!isJsonObject(document)) throw new Error(`${this.bytes.file} has a document that is not an object`);
    return { facts: parseJson(bytes.toString('utf8', 0, end), this.bytes.file), document };
  }

  /** All documents with their numbers. None may be added meanwhile. */
  *all(): Generator<WaitingRecord & { readonly number: number }> {
    for (const { number, bytes } of this.lines(0)) yield { number, ...this.record(bytes) };
  }

  /** The document with a number. */
  at(number: number): WaitingRecord {
    for (const { bytes } of this.lines(number, chunkOfOne)) return this.record(bytes);
    throw new Error(`${this.bytes.file} has no document ${number}`);
  }

  private *lines(from: number, chunk?: number): Generator<{ readonly number: number; readonly bytes: Buffer }> {
    let at = from;
    let rest: Buffer = Buffer.alloc(0);
    for (const bytes of this.bytes.chunks(from, chunk)) {
      const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      let start = 0;
      for (let end = all.indexOf(lineFeed, rest.length); end >= 0; end = all.indexOf(lineFeed, start)) {
        yield { number: at + start, bytes: all.subarray(start, end) };
        start = end + 1;
      }
      rest = all.subarray(start);
      at += start;
    }
  }
}
