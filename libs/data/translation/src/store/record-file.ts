import { isJsonObject, type JsonObject, type JsonValue, jsonText, parseJson } from '@dms/values';
import { AppendedBytes } from './appended-bytes.ts';

/** A stored document, with facts about it. */
export interface WaitingRecord {
  readonly facts: JsonValue;
  readonly document: JsonObject;
}

/** Ends the facts; in JSON texts it is escaped. */
const tab = 9;
const lineFeed = 10;

/** The number of bytes that are read at once for one document. */
const chunkOfOne = 1 << 13;

/**
 * Documents in the order in which they were added: the last ones in memory, those before them in a file. A document is
 * found by its number.
 */
export class RecordFile {
  private readonly bytes: AppendedBytes;
  /** The number of documents. */
  length = 0;

  constructor(file: string, bufferLimit: number) {
    this.bytes = new AppendedBytes(file, bufferLimit);
  }

  /** Adds a document; returns its number. */
  add({ facts, document }: WaitingRecord): number {
    this.length += 1;
    return this.bytes.add(Buffer.from(`${jsonText(facts)}\t${jsonText(document)}\n`));
  }

  /** Parses facts and document separately, because a document may nest as deep as a whole file. */
  private record(bytes: Buffer): WaitingRecord {
    const end = bytes.indexOf(tab);
    const document = parseJson(bytes.toString('utf8', end + 1), this.bytes.file);
    if (!isJsonObject(document)) throw new Error(`${this.bytes.file} has a document that is not an object`);
    return { facts: parseJson(bytes.toString('utf8', 0, end), this.bytes.file), document };
  }

  /** All documents with their numbers. None may be added while they are read. */
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
