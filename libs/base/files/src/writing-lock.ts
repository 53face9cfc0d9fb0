import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DmsError, diagnostic } from '@dms/diagnostics';
import { failingAs } from './output-error.ts';
import { makeNewFolder, moveFile, removeFolder, removeFolderSync } from './patient-changes.ts';
import { isStillRunning, ownProcess } from './running-process.ts';
import { machine } from './this-machine.ts';

/**
 * In milliseconds: between two looks at a lock, between two signs of life of its holder, until silence is death, until
 * a wait ends.
 */
const times = { look: 20, sign: 5_000, silence: 20_000, patience: 60_000 };

/** The name of the lock of a writer in a folder, similar to its staging folder. */
export const lockName = (writer: string) => `.${writer}.staging-lock`;

/**
 * Whether the holder of a lock has ended without removing it. On this machine its process tells; on another one, or
 * where the system does not say that the id of the process now belongs to another program, it has given no sign of life
 * for a while.
 */
async function isLeft(lock: string): Promise<boolean> {
  const age = await stat(lock).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (age > times.silence) return true;
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

/** Of several runs that find the lock of an ended one, the first to rename it removes it. */
async function removeLeft(lock: string): Promise<void> {
  const away = `${lock}-${process.pid}-${Date.now()}`;
  await moveFile(lock, away).then(
    () => removeFolder(away),
    () => undefined,
  );
}

function stillLocked(folder: string, lock: string): DmsError {
  const text = `Another run is writing ${folder}, and has not finished in a minute. Wait for it; if there is none, remove ${lock}.`;
  return new DmsError([diagnostic('OUTPUT_FAILED', text, { file: folder }, { path: folder, cause: 'another run' })]);
}

/**
 * Does work in a folder while no other run of the same writer does: a second run waits for the first. Throws
 * `OUTPUT_FAILED` where it waits for a minute.
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
    clearInterval(sign);
    try {
      removeFolderSync(lock);
    } catch {
      // it gives no sign of life any more, so others take it for left; the work has its own outcome
    }
  };
  // a signal ends the process without another turn of the event loop
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/**
 * A set for the whole process. A program may contain this code several times, as the parts of a plugin do; all copies
 * share the set.
 */
export function processWide(name: string): Set<string> {
  const everywhere = globalThis as { [key: symbol]: Set<string> | undefined };
  const key = Symbol.for(`dms.${name}`);
  everywhere[key] ??= new Set();
  return everywhere[key];
}
