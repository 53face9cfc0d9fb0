import { rmdirSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { notAFolder, outputError } from './output-error.ts';

/**
 * Makes a folder and those above it, all or none. Returns those that were not there, the outermost first, for `forgetFolders`. Throws
 * the codes of `outputError`.
 */
export async function makeFolder(folder: string): Promise<readonly string[]> {
  const made: string[] = [];
  try {
    await make(folder, made);
  } catch (error) {
    forgetFolders(made);
    throw error;
  }
  return made;
}

/** Removes folders that `makeFolder` has made, as far as nothing was put into them. */
export function forgetFolders(made: readonly string[]): void {
  try {
    for (const folder of made.toReversed()) rmdirSync(folder);
  } catch {
    // somebody else uses it, and so those above it
  }
}

/** Not by `recursive`: where the system refuses a name with `ENOENT` although the folder above is there, as in `/proc`, Node tries for ever. */
async function make(folder: string, made: string[]): Promise<void> {
  const first = await refusal(folder, made);
  if (first === undefined) return;
  const parent = path.dirname(folder);
  if (first !== 'ENOENT' || parent === folder) return;
  await make(parent, made);
  await refusal(folder, made, true);
}

/** Tries to make one folder; `ENOENT` is returned when the one above may be missing, and thrown when it is known to be there. */
async function refusal(folder: string, made: string[], isParentThere = false): Promise<'ENOENT' | undefined> {
  try {
    await mkdir(folder);
    made.push(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !isParentThere) return code;
    // A place that may not be written is good enough when it is there: what follows fails for what it needs itself.
    if (await isFolder(folder)) return undefined;
    throw code === 'EEXIST' ? notAFolder(folder) : outputError(error, folder);
  }
  return undefined;
}

async function isFolder(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isDirectory();
  } catch {
    return false;
  }
}
