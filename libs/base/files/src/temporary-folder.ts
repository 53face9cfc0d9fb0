import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DmsError, diagnostic } from '@dms/diagnostics';
import { isFromSystem } from './file-access.ts';
import { outputError } from './output-error.ts';
import { removeFolder, removeFolderSync } from './patient-changes.ts';
import { isStillRunning, ownProcess } from './running-process.ts';
import { machine } from './this-machine.ts';

/** The variables that may name the folder for temporary files, as Node reads them. */
const variables = process.platform === 'win32' ? ['TEMP', 'TMP'] : ['TMPDIR', 'TMP', 'TEMP'];

/** Removes the folders of ended processes of this machine, for example after a kill or a power failure. */
async function removeLeft(parent: string, prefix: string): Promise<void> {
  const ofMachine = `${prefix}${machine()}-`;
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const found = name.startsWith(ofMachine)
      ? /^(\d+)-(?:(\d+)-)?[A-Za-z0-9]{6}$/.exec(name.slice(ofMachine.length))
      : null;
    if (!found || isStillRunning(Number(found[1]), found[2] ?? null)) continue;
    // the folder of another user stays
    await rm(path.join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/**
 * Makes a new folder, private to this user, in the folder for temporary files, and removes the folders with the same
 * prefix of ended processes. Throws `OUTPUT_*`, which name the variable with the folder for temporary files.
 */
export async function temporaryFolder(prefix: string): Promise<string> {
  const parent = tmpdir();
  const variable = variables.find((name) => process.env[name]);
  await removeLeft(parent, prefix);
  try {
    return await mkdtemp(path.join(parent, `${prefix}${[machine(), ...ownProcess()].join('-')}-`));
  } catch (error) {
    const source = variable === undefined ? '' : `, which the variable ${variable} names,`;
    const cause = isFromSystem(error) ? String(error.code) : 'unknown';
    if (cause !== 'ENOENT') throw outputError(error, parent);
    const text = `The folder for temporary files ${parent}${source} does not exist. Make it, or name another one with ${variables[0]}.`;
    throw new DmsError([
      diagnostic('OUTPUT_FAILED', text, { file: parent }, { path: parent, cause, variable: variable ?? null }),
    ]);
  }
}

/** Runs `work` with a temporary folder, which is removed afterwards, even if a signal ends the process. */
export async function inTemporaryFolder<Result>(
  prefix: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await temporaryFolder(prefix);
  const forget = () => removeFolderSync(folder);
  // at a signal, the process ends without another turn of the event loop
  process.once('exit', forget);
  try {
    return await work(folder);
  } finally {
    process.off('exit', forget);
    await removeFolder(folder);
  }
}
