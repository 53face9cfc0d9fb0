import { rmdirSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { notAFolder, outputError } from './output-error.ts';

/**
 * Makes a folder and the missing folders above it, all or none. Returns the new folders, the outermost first, for
 * `forgetFolders`. Throws the codes of `outputError`.
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

/** Removes folders that `makeFolder` made, unless they are no longer empty. */
export function forgetFolders(made: readonly string[]): void {
  try {
    for (const folder of made.toReversed()) rmdirSync(folder);
  } catch {
    // another program uses the folder, and therefore the folders above it
  }
}

/**
 * Does not use `recursive`: where the system refuses a name with `ENOENT` although the folder above exists, as in
 * `/proc`, Node retries forever.
 */
async function make(folder: string, made: string[]): Promise<void> {
  const first = await tryMaking(folder, made);
  if (first === undefined) return;
  const parent = path.dirname(folder);
  if (first !== 'ENOENT' || parent === folder) return;
  await make(parent, made);
  await tryMaking(folder, made, true);
}

/**
 * Tries to make one folder. Returns `ENOENT` if the folder above may be missing, and throws it if that folder is known
 * to exist.
 */
async function tryMaking(folder: string, made: string[], isParentThere = false): Promise<'ENOENT' | undefined> {
  try {
    await mkdir(folder);
    made.push(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !isParentThere) return code;
    // An existing folder is enough, even if it is read-only: later steps fail if they need more.
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
