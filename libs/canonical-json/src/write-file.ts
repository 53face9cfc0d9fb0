import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';

/**
 * Writes a text file as UTF-8 to a temporary name and renames it, so that no reader ever sees half a file. Returns the bytes
 * that were written.
 */
export async function writeTextFile(file: string, text: string): Promise<Uint8Array> {
  const bytes = Buffer.from(text, 'utf8');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFileAtomic(file, bytes, { fsync: false });
  return bytes;
}
