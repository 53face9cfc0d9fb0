import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/* Data that several files of a test run read is made once, in a folder of the run. */

const variable = 'DMS_TEST_FOLDER_OF_RUN';

/** Sets up a test run; returns its end. */
export default function setup(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), 'dms-run-'));
  process.env[variable] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** A folder that the first test of the run has filled with `make`; nobody changes it. */
export async function madeOnce(name: string, make: (folder: string) => Promise<void> | void): Promise<string> {
  const ofRun = process.env[variable];
  if (!ofRun) throw new Error('There is a folder of the run only where folder-of-run.ts sets it up.');
  const folder = path.join(ofRun, name);
  if (existsSync(folder)) return folder;
  const unfinished = mkdtempSync(`${folder}-`);
  await make(unfinished);
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // another worker was faster
    if (!existsSync(folder)) throw error;
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}
