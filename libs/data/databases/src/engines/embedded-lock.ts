import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { fail } from '@dms/diagnostics';
import {
  fileIdentity,
  isStillRunning,
  outputError,
  ownProcess,
  processWide,
  removeFileIfPossible,
  removeFileSync,
} from '@dms/files';

/** In milliseconds: the interval between signs of life of a holder, and the silence after which it counts as ended. */
export const signsOfLife = { interval: 5_000, silence: 60_000 };

/** The second word of a lock whose holder shows signs of life, because the system does not tell start times. */
const showsSigns = 'signs';

/**
 * Shows signs of life of the holder of a lock: the time of the file. A thread does it, because the process may be busy
 * for longer than the interval.
 */
const signing = `
  const { workerData: { file, interval } } = require('node:worker_threads');
  const { utimesSync } = require('node:fs');
  setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {}
  }, interval);
`;

/**
 * The locks that this process holds. The id in a lock is not enough to tell: an earlier process may have had the same
 * id, as in a restarted container.
 */
const held = processWide('embedded-folders');

/** The identity of a lock file, however its path is spelled. */
const heldName = (file: string) => fileIdentity(file) ?? file;

/** The process of a lock, unless the lock is left. */
interface FolderHolder {
  readonly pid: number;
  /** Whether the system tells that it is the process that took the lock, and not another one with the same id. */
  readonly isSure: boolean;
}

function findHolder(file: string): FolderHolder | null {
  try {
    const [id, second = null] = readFileSync(file, 'utf8').split(' ');
    const pid = Number(id);
    if (pid === process.pid) return held.has(heldName(file)) ? { pid, isSure: true } : null;
    const hasSigns = second === showsSigns;
    if (!isStillRunning(pid, hasSigns ? null : second)) return null;
    if (hasSigns) return isSilent(file) ? null : { pid, isSure: false };
    return { pid, isSure: second !== null };
  } catch {
    return null;
  }
}

/**
 * Whether a lock has had no sign of life for a while, and has none now: a machine that has slept wakes a holder together
 * with whoever looks at its lock.
 */
function isSilent(file: string): boolean {
  const last = statSync(file).mtimeMs;
  if (Date.now() - last <= signsOfLife.silence) return false;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1.2 * signsOfLife.interval);
  return statSync(file).mtimeMs === last;
}

function removeLock(file: string): void {
  try {
    removeFileSync(file);
  } catch (error) {
    throw outputError(error, file);
  }
}

function created(file: string): boolean {
  try {
    const [pid, start = showsSigns] = ownProcess();
    writeFileSync(file, `${pid} ${start}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    const failure = outputError(error, file);
    // on a full disk the lock file exists, but is empty
    removeLock(file);
    throw failure;
  }
}

/** Begins to show signs of life, where the system does not tell when a process started; returns how to end them. */
function showSigns(file: string): () => void {
  if (ownProcess().length > 1) return () => undefined;
  const { interval } = signsOfLife;
  const thread = new Worker(signing, { eval: true, workerData: { file, interval }, execArgv: [], stdout: false });
  thread.unref();
  // without signs of life the lock still protects the folder for a while
  thread.on('error', () => undefined);
  return () => void thread.terminate();
}

/**
 * Locks the folder of an embedded database, since the engine itself would let two processes open it and destroy it. The
 * lock is a file beside the folder. It contains the id of the process and, where the system tells it, its start time;
 * elsewhere the holder shows signs of life. A lock whose process has ended, or whose holder is silent, is taken over
 * (design 09 §1.6). Returns a function that releases the lock. Throws `DB_EMBEDDED_IN_USE`, which names the file, and
 * `OUTPUT_*` for a lock of another user.
 */
export function takeFolder(folder: string): () => void {
  const file = `${folder}.lock`;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    if (created(file)) {
      const name = heldName(file);
      held.add(name);
      const endSigns = showSigns(file);
      return () => {
        // the second time there is nothing to release
        if (!held.delete(name)) return;
        endSigns();
        // a lock file that stays is taken over later: this process no longer holds it, and ends
        removeFileIfPossible(file);
      };
    }
    const holder = findHolder(file);
    if (holder !== null)
      return fail('DB_EMBEDDED_IN_USE', inUse(file, holder), { file: folder }, { process: holder.pid, lock: file });
    removeLock(file);
  }
  const text = `The folder of the embedded database was taken just now (lock ${file}). Choose another one.`;
  return fail('DB_EMBEDDED_IN_USE', text, { file: folder }, { lock: file });
}

function inUse(file: string, { pid, isSure }: FolderHolder): string {
  const advice = isSure ? '' : ` If process ${pid} is another program, remove that file.`;
  return `The folder of the embedded database is in use by process ${pid}, which holds the lock ${file}. Wait for it to end, or choose another folder.${advice}`;
}
