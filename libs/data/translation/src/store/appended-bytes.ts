import { appendFileSync, closeSync, openSync, readSync } from 'node:fs';
import { inputError, outputError } from '@dms/files';

/** The number of bytes that are read at once. */
const usualChunk = 1 << 18;

/** Bytes in the order in which they were added: the last ones in memory, those before them in a file. */
export class AppendedBytes {
  readonly file: string;
  private readonly bufferLimit: number;
  private parts: Buffer[] = [];
  private buffered = 0;
  /** The number of bytes in the file. */
  private written = 0;

  constructor(file: string, bufferLimit: number) {
    this.file = file;
    this.bufferLimit = bufferLimit;
  }

  /** Adds bytes; returns the position of the first. */
  add(bytes: Buffer): number {
    const start = this.written + this.buffered;
    this.parts.push(bytes);
    this.buffered += bytes.length;
    if (this.buffered > this.bufferLimit) this.flush();
    return start;
  }

  private flush(): void {
    try {
      appendFileSync(this.file, Buffer.concat(this.parts));
    } catch (error) {
      throw outputError(error, this.file);
    }
    this.written += this.buffered;
    this.parts = [];
    this.buffered = 0;
  }

  /** The bytes from the start of an addition on. None may be added while they are read. */
  *chunks(from = 0, chunk = usualChunk): Generator<Buffer> {
    if (from < this.written) yield* this.chunksOfFile(from, chunk);
    let start = this.written;
    for (const part of this.parts) {
      if (start >= from) yield part;
      start += part.length;
    }
  }

  private *chunksOfFile(from: number, chunk: number): Generator<Buffer> {
    const handle = this.opened();
    try {
      for (let at = from; at < this.written; ) {
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

  private opened(): number {
    try {
      return openSync(this.file, 'r');
    } catch (error) {
      throw inputError(error, this.file);
    }
  }
}
