import { constants } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { fail } from '@dms/diagnostics';

/** The most bytes of a file that this runtime can hold as a text. */
const limit = constants.MAX_STRING_LENGTH;

/**
 * Reads a file whole. Throws `INPUT_FILE_NOT_FOUND`, `INPUT_TOO_LARGE` and `INPUT_FILE_UNREADABLE` with the cause.
 *
 * @param name how messages call the file
 * @param advice what to do when it is not there
 */
export async function readInput(file: string, name: string = file, advice = 'check the path'): Promise<Buffer> {
  const where = { file: name };
  try {
    const { size } = await stat(file);
    if (size <= limit) return await readFile(file);
    const message = `${name} has ${size} bytes, more than the ${limit} that this runtime can hold as a text; split it, or leave it out.`;
    fail('INPUT_TOO_LARGE', message, where, { path: name, size, limit });
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    const cause = String(error.code);
    if (cause === 'ENOENT') fail('INPUT_FILE_NOT_FOUND', `${name} does not exist; ${advice}.`, where, { path: name });
    return fail('INPUT_FILE_UNREADABLE', `${name} cannot be read (${cause}).`, where, { path: name, cause });
  }
}
