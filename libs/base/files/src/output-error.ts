import { statSync } from 'node:fs';
import { counted, type DiagnosticCode, DmsError, diagnostic } from '@dms/diagnostics';
import { isFromSystem, ownerText } from './file-access.ts';
import { isMountPoint, isOfMount } from './mount-point.ts';
import { fileInTheWay, hasNul, inputError, nulCause, nulText } from './read-input.ts';

interface OutputErrorKind {
  readonly code: DiagnosticCode;
  /** The system codes of the causes. */
  readonly causes: readonly string[];
  /** The fault of the file, as the predicate of a sentence. */
  readonly text: string;
  readonly advice: string;
}

/** The meaning of system codes for a user; every other code is `OUTPUT_FAILED`. */
const kinds: readonly OutputErrorKind[] = [
  {
    code: 'OUTPUT_DENIED',
    causes: ['EACCES', 'EPERM', 'EROFS'],
    text: 'may not be written',
    advice: 'check its permissions, or choose another place',
  },
  {
    code: 'OUTPUT_FAILED',
    causes: ['EBUSY'],
    text: 'is open in another program',
    advice: 'close that program, or choose another place',
  },
  {
    code: 'OUTPUT_NO_SPACE',
    causes: ['ENOSPC', 'EDQUOT'],
    text: 'does not fit on the disk',
    advice: 'make room, or choose another place',
  },
  {
    code: 'OUTPUT_NOT_A_FOLDER',
    causes: ['ENOTDIR'],
    text: 'lies below something that is not a folder',
    advice: 'choose another place',
  },
  { code: 'OUTPUT_FAILED', causes: ['EISDIR'], text: 'is a folder', advice: 'name a file' },
];

/** The system code of a failure, such as `ENOSPC`, and its message. */
function causeOf(error: unknown): { readonly cause: string; readonly message: string } {
  const message = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : message;
  return { cause, message };
}

/**
 * Turns a failure to write `file` into a diagnostic, because a failing environment is not a bug (design 06 §9). Codes:
 * `OUTPUT_DENIED`, `OUTPUT_NO_SPACE`, `OUTPUT_NOT_A_FOLDER`, `OUTPUT_MOUNTED`, `OUTPUT_FAILED`, with the system code of
 * the cause.
 * Returns an error that is already a diagnostic unchanged.
 */
export function outputError(error: unknown, file: string): DmsError {
  if (error instanceof DmsError) return error;
  const { cause, message } = hasNul(file) ? { cause: nulCause, message: nulText } : causeOf(error);
  const obstacle = cause === 'ENOTDIR' ? (isSomething(file) ? file : fileInTheWay(file)) : undefined;
  if (obstacle !== undefined) return notAFolder(obstacle, file, cause);
  const kind = kinds.find(({ causes }) => causes.includes(cause));
  const isRefused = kind?.code === 'OUTPUT_DENIED';
  if ((isRefused || isOfMount(error)) && isMountPoint(file)) return mounted(file, isRefused, { cause, message });
  const { code, text, advice }: Omit<OutputErrorKind, 'causes'> = kind ?? {
    code: 'OUTPUT_FAILED',
    text: 'cannot be written',
    advice: `the system says: ${message}`,
  };
  // Windows does not distinguish the two causes
  const isOpen = process.platform === 'win32' && kind?.code === 'OUTPUT_DENIED' && cause !== 'EROFS';
  const owner = cause === 'EACCES' || cause === 'EPERM' ? ownerText(file) : '';
  const what = `${file} ${text}${isOpen ? ', or it is open in another program' : ''} (${cause}${owner === '' ? '' : `: ${owner}`}); ${advice}.`;
  return new DmsError([diagnostic(code, what, { file }, { path: file, cause, message })]);
}

/** `OUTPUT_MOUNTED`: a mount point that cannot be replaced, or not even be written in place. */
function mounted(file: string, isRefused: boolean, details: { readonly cause: string; readonly message: string }) {
  const [fault, advice] = isRefused
    ? ['and it may not be written', 'mount it so that it may be written, or choose another place']
    : ['so it cannot be replaced together with other files', 'mount the folder above it, or choose another place'];
  const text = `${file} is a mount point of its own, ${fault} (${details.cause}); ${advice}.`;
  return new DmsError([diagnostic('OUTPUT_MOUNTED', text, { file }, { path: file, ...details })]);
}

/** `OUTPUT_MOUNTED` for a set of files of which one is a mount point: the set cannot be replaced as a whole. */
export const mountedAmongOthers = (file: string): DmsError =>
  mounted(file, false, { cause: 'EBUSY', message: 'a mount point' });

/** The system calls that inspect a path and change nothing. */
const lookingCalls: ReadonlySet<string | undefined> = new Set([
  'access',
  'lstat',
  'read',
  'readlink',
  'realpath',
  'scandir',
  'stat',
  'statfs',
]);

/**
 * Turns a file system failure that no caller expected into a diagnostic: a missing or inaccessible temporary folder,
 * cache or lock file comes from the environment and is not a bug. Returns undefined for every other error. Codes: those
 * of `outputError`, and `INPUT_FILE_UNREADABLE`, `INPUT_FILE_NOT_FOUND` if a path was only inspected.
 */
export function fileSystemError(error: unknown): DmsError | undefined {
  // every relative path needs the current folder
  if (isFromSystem(error) && error.syscall === 'uv_cwd') return noCurrentFolder(String(error.code));
  // a program that cannot be started, or a socket, has no refused file
  if (!isFromSystem(error) || error.path === undefined || /^(?:spawn|connect|bind|listen)/.test(error.syscall ?? ''))
    return undefined;
  if (!lookingCalls.has(error.syscall)) return outputError(error, error.path);
  const read = inputError(error, error.path);
  return read instanceof DmsError ? read : undefined;
}

function noCurrentFolder(cause: string): DmsError {
  const what = cause === 'ENOENT' ? 'does not exist any more' : `may not be looked at (${cause})`;
  const text = `The current folder ${what}; change to another one, and run the command again.`;
  return new DmsError([diagnostic('INPUT_FILE_NOT_FOUND', text, {}, { path: '.', cause })]);
}

/** Runs an action that writes `file`, and converts its failures with `outputError`. */
export async function failingAs<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw outputError(error, file);
  }
}

/** `OUTPUT_NO_SPACE` for a write that stored too few bytes without a system error. */
export function shortWrite(file: string, written: number, expected: number): DmsError {
  const message = `Only ${written} of ${counted(expected, 'byte')} of ${file} were written; make room, or choose another place.`;
  return new DmsError([
    diagnostic('OUTPUT_NO_SPACE', message, { file }, { path: file, cause: 'short write', written, expected }),
  ]);
}

/** `OUTPUT_FAILED`: the path of a file leads to a folder, or has the form of a folder. */
export function isFolder(file: string): DmsError {
  return outputError(Object.assign(new Error('is a directory'), { code: 'EISDIR' }), file);
}

/** `OUTPUT_NOT_A_FOLDER`: at the path of an output folder is a file or a broken link. */
export function notAFolder(folder: string, written = folder, cause = 'EEXIST'): DmsError {
  const message = `${folder} is not a folder, but a file or a broken link; choose another place.`;
  return new DmsError([diagnostic('OUTPUT_NOT_A_FOLDER', message, { file: written }, { path: written, cause })]);
}

function isSomething(file: string): boolean {
  try {
    return statSync(file) !== undefined;
  } catch {
    return false;
  }
}
