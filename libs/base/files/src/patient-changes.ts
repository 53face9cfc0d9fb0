import { renameSync, rmSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/*
 * Windows refuses to move or remove a file that another program has open, and virus scanners hold new files for
 * moments. So on Windows a change is retried for some seconds; elsewhere such a refusal is final (design 06 §9.1).
 */

/**
 * The sum of the pauses between the attempts of a change on Windows, and the longest of them, in milliseconds. A busy
 * machine, whose pauses last longer, makes as many attempts.
 */
export const patience = { milliseconds: 5_000, longestPause: 200 };

const passing: ReadonlySet<string | undefined> = new Set(['EPERM', 'EBUSY', 'EACCES', 'ENOTEMPTY']);

/** The pauses between the attempts of a change. */
function* pauses(): Generator<number> {
  if (process.platform !== 'win32') return;
  let waited = 0;
  for (let pause = Math.min(5, patience.longestPause); waited < patience.milliseconds; ) {
    yield pause;
    waited += pause;
    pause = Math.min(2 * pause, patience.longestPause);
  }
}

const mayPass = (error: unknown) => passing.has((error as NodeJS.ErrnoException).code);

async function patiently<Result>(change: () => Promise<Result>): Promise<Result> {
  const left = pauses();
  for (;;) {
    try {
      return await change();
    } catch (error) {
      const { value: pause } = left.next();
      if (pause === undefined || !mayPass(error)) throw error;
      await wait(pause);
    }
  }
}

function patientlySync(change: () => void): void {
  const left = pauses();
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      return change();
    } catch (error) {
      const { value: pause } = left.next();
      if (pause === undefined || !mayPass(error)) throw error;
      Atomics.wait(sleeper, 0, 0, pause);
    }
  }
}

export const moveFile = (from: string, to: string): Promise<void> => patiently(() => rename(from, to));

/** For exit handlers, and for moves that no signal may interrupt. */
export const moveFileSync = (from: string, to: string): void => patientlySync(() => renameSync(from, to));

/** Makes a folder that must not exist. A folder that is being removed still exists for a moment. */
export const makeNewFolder = (folder: string, mode?: number): Promise<unknown> =>
  patiently(() => mkdir(folder, mode === undefined ? {} : { mode }));

/** Removes a file; a missing file is not an error. */
export const removeFile = (file: string): Promise<void> => patiently(() => rm(file, { force: true }));

/** For work that must end without another turn of the event loop. */
export const removeFileSync = (file: string): void => patientlySync(() => rmSync(file, { force: true }));

/** Removes a file; one that another program has open stays. */
export function removeFileIfPossible(file: string): void {
  try {
    removeFileSync(file);
  } catch {
    // the caller does without
  }
}

export const removeFolder = (folder: string): Promise<void> =>
  patiently(() => rm(folder, { recursive: true, force: true }));

export const removeFolderSync = (folder: string): void =>
  // a thread that worked in the folder may still write
  patientlySync(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
