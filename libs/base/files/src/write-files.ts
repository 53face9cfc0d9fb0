import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { sha256Hex } from '@dms/values';
import { failingAs, shortWrite } from './output-error.ts';

/** A file to be written. */
export interface NewFile {
  readonly name: string;
  /** A text is written as UTF-8. */
  readonly content: string | Uint8Array;
}

/** A file that was written. */
export interface WrittenFile {
  readonly name: string;
  /** Its path: folder and name. */
  readonly file: string;
  /** Size in bytes. */
  readonly bytes: number;
  /** SHA-256 of the bytes, 64 lower-case hex digits; computed on demand. */
  readonly sha256: string;
}

/** The number of files that are written in parallel. */
const lanes = 4;

/**
 * Encodes texts into bytes, in rotating buffers with room for the longest text: each result is overwritten `lanes`
 * calls later. The buffers are sized for ASCII, which nearly all texts are; a text that does not fit gets its own
 * bytes.
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
 * Writes new files, a few at a time while the next ones are encoded. The bytes of all files at once would take more
 * memory than anything else in a run, and also more time.
 *
 * @param staging folder that holds none of the files yet
 * @param folder their final folder, for messages
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
      // awaited below, but the promise may be rejected before that
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
    // a file that is still being written would reappear after the folder is removed
    await Promise.allSettled(writing);
  }
  return written;
}

/** Writes all bytes, even if the system accepts only a part of them at a time. */
async function writeBytes(handle: FileHandle, bytes: Uint8Array, file: string): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written);
    if (bytesWritten === 0) throw shortWrite(file, written, bytes.length);
    written += bytesWritten;
  }
}

/** Writes one file, or throws. A system may store fewer bytes than requested and report that only as a number. */
function writeWhole(place: string, bytes: Uint8Array, file: string): Promise<void> {
  return failingAs(file, async () => {
    const handle = await open(place, 'wx');
    try {
      await writeBytes(handle, bytes, file);
      const { size } = await handle.stat();
      if (size !== bytes.length) throw shortWrite(file, size, bytes.length);
    } finally {
      await handle.close();
    }
  });
}
