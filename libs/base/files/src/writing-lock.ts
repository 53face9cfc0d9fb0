import { mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DmsError, diagnostic } from '@dms/diagnostics';
import { failingAs } from './output-error.ts';
import { makeNewFolder, removeFolder, removeFolderSync } from './patient-changes.ts';
import { isStillRunning, ownProcess } from './running-process.ts';
import { machine } from './this-machine.ts';

/**
 * In milliseconds: the interval between checks of a lock, the interval between signs of life of its holder, the silence
 * after which the holder counts as ended, and the maximum wait.
 */
const times = { look: 20, sign: 5_000, silence: 20_000, patience: 60_000 };

/** The name of the lock of a writer in a folder, similar to its staging folder. */
export const lockName = (writer: string) => `.${writer}.staging-lock`;

/** The milliseconds since the last sign of life of a folder; 0 if the folder does not exist. */
const ageOf = (folder: string): Promise<number> =>
  stat(folder).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );

/**
 * Whether the holder of a lock has ended without removing it: the lock has had no sign of life for a while or, on this
 * machine, the holder's process no longer runs, as far as the system distinguishes it from another process with the
 * same id.
 */
async function isLeft(lock: string): Promise<boolean> {
  if ((await ageOf(lock)) > times.silence) return true;
  const [pid = '', host, start = null] = (await readFile(path.join(lock, 'holder'), 'utf8').catch(() => '')).split(' ');
  return host === machine() && !isStillRunning(Number(pid), start);
}

async function makeLock(lock: string): Promise<boolean> {
  try {
    await makeNewFolder(lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  // the folder is the lock; this file only names the holder in messages
  const [pid, ...start] = ownProcess();
  await writeFile(path.join(lock, 'holder'), [pid, machine(), ...start].join(' ')).catch(() => undefined);
  return true;
}

/**
 * Removes the lock of an ended run. Several runs may find it, and the first of them may already hold the next lock: so
 * one run at a time checks again and removes it, while its own guard folder excludes the others.
 */
async function removeLeft(lock: string): Promise<void> {
  const guard = `${lock}-removal`;
  try {
    await mkdir(guard);
  } catch {
    const isOld = (await ageOf(guard)) > times.silence;
    await (isOld ? removeFolder(guard).catch(() => undefined) : wait(times.look));
    return;
  }
  try {
    if (await isLeft(lock)) await removeFolder(lock);
  } catch {
    // the lock is checked again
  } finally {
    await removeFolder(guard).catch(() => undefined);
  }
}

function stillLocked(folder: string, lock: string): DmsError {
  const text = `Another run is writing ${folder}, and has not finished in a minute. Wait for it; if there is none, remove ${lock}.`;
  return new DmsError([diagnostic('OUTPUT_FAILED', text, { file: folder }, { path: folder, cause: 'another run' })]);
}

/**
 * Does work in a folder while no other run of the same writer does: a second run waits for the first. Throws
 * `OUTPUT_FAILED` after waiting for a minute.
 */
export async function alone<Result>(folder: string, writer: string, work: () => Promise<Result>): Promise<Result> {
  const lock = path.join(path.resolve(folder), lockName(writer));
  const end = Date.now() + times.patience;
  while (!(await failingAs(folder, () => makeLock(lock)))) {
    if (await isLeft(lock)) await removeLeft(lock);
    else if (Date.now() > end) throw stillLocked(folder, lock);
    else await wait(times.look);
  }
  const sign = setInterval(() => utimes(lock, new Date(), new Date()).catch(() => undefined), times.sign);
  sign.unref();
  const release = () => {
    try {
      removeFolderSync(lock);
    } catch {
      // ignored for the reason given below
    }
  };
  // at a signal, the process ends without another turn of the event loop
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(sign);
    // on Windows, another run in this process that checks the lock keeps it open until a later turn of the event loop
    await removeFolder(lock).catch(() => {
      // without further signs of life, others will remove the lock; the outcome of the work is independent of that
    });
    process.off('exit', release);
  }
}

/**
 * A set for the whole process. A program may contain several copies of this code, such as the parts of a plugin; all
 * copies share the set.
 */
export function processWide(name: string): Set<string> {
  const everywhere = globalThis as { [key: symbol]: Set<string> | undefined };
  const key = Symbol.for(`dms.${name}`);
  everywhere[key] ??= new Set();
  return everywhere[key];
}
