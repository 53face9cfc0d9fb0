import { constants } from 'node:buffer';
import { closeSync, openSync, readFileSync, readSync, type Stats, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { counted, DmsError, diagnostic, fail } from '@dms/diagnostics';
import { isFromSystem, isNowhere, ownerText } from './file-access.ts';

/** The maximum number of bytes that this runtime can hold as a text. */
const limit = constants.MAX_STRING_LENGTH;

/** The kind of a file that is neither a regular file nor a folder. */
function specialKind(found: Stats): string {
  if (found.isFIFO()) return 'a named pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}

/** The first part of a path, as written, that is a file instead of a folder; undefined if there is none. */
export function fileInTheWay(file: string): string | undefined {
  const parent = path.dirname(file);
  if (parent === file) return undefined;
  try {
    return statSync(parent).isDirectory() ? undefined : parent;
  } catch {
    return fileInTheWay(parent);
  }
}

function unreadable(name: string, cause: string, text: string): DmsError {
  return new DmsError([diagnostic('INPUT_FILE_UNREADABLE', text, { file: name }, { path: name, cause })]);
}

/** Whether a path contains NUL, which ends a path on every system; Node refuses it with a `TypeError`. */
export const hasNul = (file: string): boolean => file.includes('\0');

/** NUL in a path as a cause, and as a text for people. */
export const nulCause = 'ERR_INVALID_ARG_VALUE';
export const nulText = 'no path can hold the character U+0000';

/** Whether Node has replaced bytes of a name that are not UTF-8 by the replacement character. */
export const isUndecoded = (file: string): boolean => file.includes('\ufffd');

/** The message about a file whose name is not UTF-8: under the name that Node shows, nothing exists. */
export const undecodedText = (name: string): string =>
  `${name} cannot be opened, because its name is not UTF-8; rename it.`;

/**
 * Turns a failure to read a file into a diagnostic: `INPUT_FILE_NOT_FOUND`, `INPUT_FILE_UNREADABLE` with the cause.
 * Returns any other error unchanged, unless the path is invalid on every system.
 *
 * @param name the file's name in messages
 * @param advice the remedy if the file does not exist
 */
export function inputError(
  error: unknown,
  file: string,
  name: string = file,
  advice = () => 'check the path',
): unknown {
  if (hasNul(file)) return unreadable(name, nulCause, `${name} cannot be read: ${nulText}.`);
  if (!isFromSystem(error)) return error;
  const cause = String(error.code);
  if (cause === 'ENOENT') {
    // Windows reports the same code for a path below a file
    const above = fileInTheWay(file);
    if (above !== undefined) return unreadable(name, cause, `${name} cannot be read: ${above} is not a folder.`);
    const text = isUndecoded(file) ? undecodedText(name) : `${name} does not exist; ${advice()}.`;
    return new DmsError([diagnostic('INPUT_FILE_NOT_FOUND', text, { file: name }, { path: name })]);
  }
  if (cause === 'EISDIR') return unreadable(name, cause, `${name} is a folder; name a file.`);
  const obstacle = cause === 'ENOTDIR' ? fileInTheWay(file) : undefined;
  if (obstacle !== undefined) return unreadable(name, cause, `${name} cannot be read: ${obstacle} is not a folder.`);
  if (cause === 'EBUSY')
    return unreadable(
      name,
      cause,
      `${name} cannot be read: it is open in another program (EBUSY); close that program.`,
    );
  const owner = cause === 'EACCES' || cause === 'EPERM' ? ownerText(file) : '';
  return unreadable(name, cause, `${name} cannot be read (${cause})${owner === '' ? '' : `: ${owner}`}.`);
}

/**
 * The stats of a path; undefined if nothing exists there. If the system denies the look-up, the path may exist: throws
 * `INPUT_FILE_UNREADABLE`, which names the cause and the owner.
 */
export function statsAt(file: string, name: string = file): Stats | undefined {
  try {
    return statSync(file);
  } catch (error) {
    if (isNowhere(error)) return undefined;
    throw inputError(error, file, name);
  }
}

/** Whether anything exists at a path. Throws as {@link statsAt}. */
export const isThere = (file: string): boolean => statsAt(file) !== undefined;

/**
 * Refuses everything except regular files: opening a pipe waits for a writer, and no signal ends that; a device may
 * never end.
 */
function expectRegular(found: Stats, name: string): void {
  if (found.isFile()) return;
  if (found.isDirectory()) throw unreadable(name, 'EISDIR', `${name} is a folder; name a file.`);
  const kind = specialKind(found);
  throw unreadable(
    name,
    kind,
    `${name} is ${kind}, and only regular files are read; write its content to a file and name that.`,
  );
}

function tooLarge(name: string, size: number, has: string): never {
  const text = `${name} has ${has}, more than the ${limit} that this runtime can hold as a text; split it, or leave it out.`;
  return fail('INPUT_TOO_LARGE', text, { file: name }, { path: name, size, limit });
}

function expectReadable(found: Stats, name: string): void {
  expectRegular(found, name);
  if (found.size > limit) tooLarge(name, found.size, counted(found.size, 'byte'));
}

/** The size of a regular file that will be read in chunks. Throws `INPUT_FILE_NOT_FOUND`, `INPUT_FILE_UNREADABLE`. */
export async function inputSize(file: string): Promise<number> {
  try {
    const found = await stat(file);
    expectRegular(found, file);
    return found.size;
  } catch (error) {
    throw inputError(error, file);
  }
}

/**
 * Reads a whole regular file. Throws `INPUT_FILE_NOT_FOUND`, `INPUT_TOO_LARGE` and `INPUT_FILE_UNREADABLE` with the
 * cause.
 *
 * @param name the file's name in messages
 * @param advice the remedy if the file does not exist
 */
export async function readInput(file: string, name: string = file, advice?: () => string): Promise<Buffer> {
  try {
    expectReadable(await stat(file), name);
    return await readFile(file);
  } catch (error) {
    throw inputError(error, file, name, advice);
  }
}

/** The first bytes of a regular file, at most this many; none if it cannot be read, which reading it then reports. */
export function inputStart(file: string, length: number): Buffer {
  const start = Buffer.alloc(length);
  let descriptor: number | undefined;
  try {
    if (!statSync(file).isFile()) return Buffer.alloc(0);
    descriptor = openSync(file, 'r');
    return start.subarray(0, readSync(descriptor, start));
  } catch {
    return Buffer.alloc(0);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Like `readInput`, but synchronous, for a small file. */
export function readInputSync(file: string, name: string = file): Buffer {
  try {
    expectReadable(statSync(file), name);
    return readFileSync(file);
  } catch (error) {
    throw inputError(error, file, name);
  }
}

/**
 * Reads a whole stream, such as the standard input. Throws `INPUT_TOO_LARGE` as soon as it has more bytes than a text
 * can have, and `INPUT_FILE_UNREADABLE` with the cause.
 */
export async function readInputStream(stream: AsyncIterable<Uint8Array>, name: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > limit) tooLarge(name, size, `${counted(size, 'byte')} or more`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw inputError(error, name);
  }
  return Buffer.concat(chunks, size);
}
