import { open } from 'node:fs/promises';
import path from 'node:path';
import { failingAs, shortWrite } from './output-error.ts';
import { sha256Hex } from './sha256.ts';

/** A file to be written. */
export interface NewFile {
  readonly name: string;
  /** A text becomes UTF-8. */
  readonly content: string | Uint8Array;
}

/** A file that was written. */
export interface WrittenFile {
  readonly name: string;
  /** Where it lies, folder and name. */
  readonly file: string;
  /** Size in bytes. */
  readonly bytes: number;
  /** SHA-256 of the bytes, 64 lower-case hex digits; it is computed when it is asked for. */
  readonly sha256: string;
}

/** How many files are given to the system at the same time. */
const lanes = 4;

/**
 * Turns texts into bytes, by turns in as many places with room for the longest: what was made `lanes` before is overwritten. The
 * room is that of ASCII, which nearly all texts are; another one that finds it too small gets bytes of its own.
 */
function encoder(files: readonly NewFile[]): (content: string | Uint8Array) => Uint8Array {
  const size = Math.max(0, ...files.map(({ content }) => (typeof content === 'string' ? content.length : 0)));
  const places = Array.from({ length: Math.min(lanes, files.length) }, () => new Uint8Array(size));
  const utf8 = new TextEncoder();
  let next = 0;
  return (content) => {
    if (typeof content !== 'string') return content;
    const place = places[next++ % places.length] as Uint8Array;
    const { read, written } = utf8.encodeInto(content, place);
    return read === content.length ? place.subarray(0, written) : utf8.encode(content);
  };
}

/**
 * Writes new files, a few at a time while the next ones are encoded: the bytes of all of them at once would take more memory than
 * anything else in a run, and time with it. Throws `OUTPUT_*`.
 *
 * @param staging folder in which none of the files may be
 * @param folder where they will lie in the end, which is how messages call them
 */
export async function writeFiles(staging: string, files: readonly NewFile[], folder: string): Promise<WrittenFile[]> {
  const encoded = encoder(files);
  const writing: Promise<void>[] = [];
  const written: WrittenFile[] = [];
  try {
    for (const [index, { name, content }] of files.entries()) {
      await writing[index - lanes];
      const bytes = encoded(content);
      const file = path.join(folder, name);
      const whole = writeWhole(path.join(staging, name), bytes, file);
      // waited for below, but it may fail before
      whole.catch(() => {});
      writing.push(whole);
      written.push({
        name,
        file,
        bytes: bytes.length,
        get sha256() {
          return sha256Hex(content);
        },
      });
    }
    await Promise.all(writing);
  } finally {
    // a file that is still being written would come back after the folder is gone
    await Promise.allSettled(writing);
  }
  return written;
}

/** Writes one file, or throws: a system may take fewer bytes than it is given, and say so by a number only. */
function writeWhole(place: string, bytes: Uint8Array, file: string): Promise<void> {
  return failingAs(file, async () => {
    const handle = await open(place, 'wx');
    try {
      let written = 0;
      while (written < bytes.length) {
        const { bytesWritten } = await handle.write(bytes, written);
        if (bytesWritten === 0) throw shortWrite(file, written, bytes.length);
        written += bytesWritten;
      }
      const { size } = await handle.stat();
      if (size !== bytes.length) throw shortWrite(file, size, bytes.length);
    } finally {
      await handle.close();
    }
  });
}
