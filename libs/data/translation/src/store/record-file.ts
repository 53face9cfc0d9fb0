import { appendFileSync, closeSync, openSync, readSync } from 'node:fs';
import {
  inputError,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  jsonText,
  outputError,
  parseJson,
} from '@dms/files';

/** How many bytes are read at once. */
const chunkLength = 1 << 18;

/** A document that waits, with what is known of it. */
export interface WaitingRecord {
  readonly facts: JsonValue;
  readonly document: JsonObject;
}

/** Ends the facts; in JSON text it is escaped. */
const tab = 9;
const lineFeed = 10;

/**
 * Documents that wait, in the order in which they were added: the last ones in memory, those before them in a file. A
 * document is found again by its number.
 */
export class RecordFile {
  private readonly file: string;
  private readonly bufferLimit: number;
  private texts: Buffer[] = [];
  private buffered = 0;
  /** How many bytes the file has. */
  private written = 0;
  /** How many documents there are. */
  length = 0;

  constructor(file: string, bufferLimit: number) {
    this.file = file;
    this.bufferLimit = bufferLimit;
  }

  /** Returns the number of the document. */
  add({ facts, document }: WaitingRecord): number {
    const number = this.written + this.buffered;
    const text = Buffer.from(`${jsonText(facts)}\t${jsonText(document)}\n`);
    this.texts.push(text);
    this.buffered += text.length;
    this.length += 1;
    if (this.buffered > this.bufferLimit) this.flush();
    return number;
  }

  private flush(): void {
    if (this.buffered === 0) return;
    try {
      appendFileSync(this.file, Buffer.concat(this.texts));
    } catch (error) {
      throw outputError(error, this.file);
    }
    this.written += this.buffered;
    this.texts = [];
    this.buffered = 0;
  }

  /** A document may nest as deep as a file, so it is a text of its own. */
  private record(bytes: Buffer): WaitingRecord {
    const end = bytes.indexOf(tab);
    const document = parseJson(bytes.toString('utf8', end + 1), this.file);
    if (!isJsonObject(document)) throw new Error(`${this.file} has a document that is no object`);
    return { facts: parseJson(bytes.toString('utf8', 0, end), this.file), document };
  }

  /** All documents with their numbers. None may be added meanwhile. */
  *all(): Generator<WaitingRecord & { readonly number: number }> {
    for (const { number, bytes } of this.lines(0, chunkLength)) yield { number, ...this.record(bytes) };
  }

  /** The document with a number. */
  at(number: number): WaitingRecord {
    for (const { bytes } of this.lines(number, 1 << 13)) return this.record(bytes);
    throw new Error(`${this.file} has no document ${number}`);
  }

  private *lines(from: number, chunk: number): Generator<{ readonly number: number; readonly bytes: Buffer }> {
    let at = from;
    let rest: Buffer = Buffer.alloc(0);
    for (const bytes of this.chunks(from, chunk)) {
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

  /** The bytes from a number on. */
  private *chunks(from: number, chunk: number): Generator<Buffer> {
    let at = from;
    if (at < this.written) {
      const handle = this.opened();
      try {
        while (at < this.written) {
          const bytes = Buffer.allocUnsafe(Math.min(chunk, this.written - at));
          const read = readSync(handle, bytes, 0, bytes.length, at);
          if (read === 0) throw new Error(`${this.file} is shorter than what was written to it`);
          at += read;
          yield bytes.subarray(0, read);
        }
      } finally {
        closeSync(handle);
      }
    }
    let place = this.written;
    for (const text of this.texts) {
      if (place >= at) yield text;
      place += text.length;
    }
  }

  private opened(): number {
    try {
      return openSync(this.file, 'r');
    } catch (error) {
      throw inputError(error, this.file);
    }
  }
}
