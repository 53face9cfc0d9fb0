import { constants } from 'node:buffer';
import { readFileSync, type Stats, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { counted, DmsError, diagnostic, fail } from '@dms/diagnostics';
import { isFromSystem, isNowhere, ownerText } from './file-access.ts';

/** The most bytes that this runtime can hold as a text. */
const limit = constants.MAX_STRING_LENGTH;

/** The kinds of things at a path that are neither regular files nor folders. */
function specialKind(found: Stats): string {
  if (found.isFIFO()) return 'a named pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}

/** The part of a path, as written, that is a file where a folder must be; undefined if there is none. */
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

/** Whether a path holds a character that ends it for every system; Node refuses it with a `TypeError`. */
export const hasNul = (file: string): boolean => file.includes('\0');

/** The same as a cause, and for people. */
export const nulCause = 'ERR_INVALID_ARG_VALUE';
export const nulText = 'no path can hold the character U+0000';

/** Whether Node has put the replacement character in place of bytes of a name that are not UTF-8. */
export const isUndecoded = (file: string): boolean => file.includes('\ufffd');

/** What is wrong with a file whose name is not UTF-8: nothing that Node calls by this name exists. */
export const undecodedText = (name: string): string =>
  `${name} cannot be opened, because its name is not UTF-8; rename it.`;

/**
 * A failure to read a file as a diagnostic: `INPUT_FILE_NOT_FOUND`, `INPUT_FILE_UNREADABLE` with the cause. Returns any
 * error that comes neither from the system nor from a path that no system has unchanged.
 *
 * @param name the file's name in messages
 * @param advice what to do if it does not exist
 */
export function inputError(error: unknown, file: string, name: string = file, advice = 'check the path'): unknown {
  if (hasNul(file)) return unreadable(name, nulCause, `${name} cannot be read: ${nulText}.`);
  if (!isFromSystem(error)) return error;
  const cause = String(error.code);
  if (cause === 'ENOENT') {
    // Windows says the same of a path below a file
    const above = fileInTheWay(file);
    if (above !== undefined) return unreadable(name, cause, `${name} cannot be read: ${above} is not a folder.`);
    const text = isUndecoded(file) ? undecodedText(name) : `${name} does not exist; ${advice}.`;
    return new DmsError([diagnostic('INPUT_FILE_NOT_FOUND', text, { file: name }, { path: name })]);
  }
  if (cause === 'EISDIR') return unreadable(name, cause, `${name} is a folder; name a file.`);
  const obstacle = cause === 'ENOTDIR' ? fileInTheWay(file) : undefined;
  if (obstacle !== undefined) return unreadable(name, cause, `${name} cannot be read: ${obstacle} is not a folder.`);
  const owner = cause === 'EACCES' || cause === 'EPERM' ? ownerText(file) : '';
  return unreadable(name, cause, `${name} cannot be read (${cause})${owner === '' ? '' : `: ${owner}`}.`);
}

/**
 * What is at a path; undefined if nothing is. A path at which the system does not let us look is not empty: throws
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

/** Whether something is at a path. Throws as {@link statsAt}. */
export const isThere = (file: string): boolean => statsAt(file) !== undefined;

/**
 * Refuses anything but a regular file: opening a pipe waits for a writer, and no signal ends that; a device may never
 * end.
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
 * Reads a regular file whole. Throws `INPUT_FILE_NOT_FOUND`, `INPUT_TOO_LARGE` and `INPUT_FILE_UNREADABLE` with the
 * cause.
 *
 * @param name the file's name in messages
 * @param advice what to do if it does not exist
 */
export async function readInput(file: string, name: string = file, advice?: string): Promise<Buffer> {
  try {
    expectReadable(await stat(file), name);
    return await readFile(file);
  } catch (error) {
    throw inputError(error, file, name, advice);
  }
}

/** The same, synchronously, for a small file. */
export function readInputSync(file: string, name: string = file): Buffer {
  try {
    expectReadable(statSync(file), name);
    return readFileSync(file);
  } catch (error) {
    throw inputError(error, file, name);
  }
}

/**
 * Reads a stream whole, such as the standard input. Throws `INPUT_TOO_LARGE` once it has more bytes than a text can
 * have, and `INPUT_FILE_UNREADABLE` with the cause.
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
