import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { forgetFolders, makeFolder } from './make-folder.ts';
import { failingAs } from './output-error.ts';
import { isRunning } from './running-process.ts';
import { type NewFile, type WrittenFile, writeFiles } from './write-files.ts';

export interface Replacement {
  /** Who writes, in lower case and hyphens; of several files one writer of a name at a time in a folder. */
  readonly writer: string;
  readonly files: readonly NewFile[];
  /** Names of the set as an earlier run may have left it: what is not written anew goes. */
  readonly earlier: readonly string[];
  /** Names of those files that vouch for the others; the first of them is what readers look at first. */
  readonly vouching: readonly string[];
}

const stagingName = /^\.[a-z-]+\.staging-/;

/** Whether a name in a folder is that of the place where `replaceFiles` prepares files; a killed run leaves it behind. */
export function isStagingFolder(name: string): boolean {
  return stagingName.test(name);
}

/**
 * Replaces a set of files in a folder so that old and new are never there together, whenever the process is killed (design 06
 * §9):
 *
 * 1. All files are written, whole, into a folder of their own inside `folder`. Until then the old set is untouched.
 * 2. The old set is removed, the files that vouch for it first.
 * 3. The new files are moved into place, those that vouch for them last.
 *
 * So the first vouching file is there only with a whole set, and what is there without it is of one set. A second writer of the
 * same name takes away what the first has prepared, which then fails. A set of one file has nothing to be mixed with: the new one
 * takes the place of the old, which is there until then, and several writers do not disturb each other. A run that fails leaves no
 * folder that it has made. Throws `OUTPUT_*`.
 */
export async function replaceFiles(folder: string, { writer, files, earlier, vouching }: Replacement): Promise<WrittenFile[]> {
  for (const { name } of files) if (path.basename(name) !== name) throw new Error(`${name} is not a file name.`);
  const made = await makeFolder(folder);
  try {
    return await replaceIn(folder, { writer, files, earlier, vouching }, () => forgetFolders(made));
  } catch (error) {
    forgetFolders(made);
    throw error;
  }
}

/** The same in a folder that is there; `onExit` is called when a signal ends the process before all is done. */
async function replaceIn(
  folder: string,
  { writer, files, earlier, vouching }: Replacement,
  onExit: () => void,
): Promise<WrittenFile[]> {
  const isSingle = files.length === 1;
  await removeStaging(folder, writer, isSingle ? isRunning : () => false);
  const staging = await failingAs(folder, () => mkdtemp(path.join(folder, `.${writer}.staging-${process.pid}-`)));
  const forget = () => {
    rmSync(staging, { recursive: true, force: true });
    onExit();
  };
  // A signal ends the process without another turn of the event loop.
  process.once('exit', forget);
  try {
    const written = await writeFiles(staging, files, folder);
    const names = files.map(({ name }) => name);
    const isInPlace = (name: string) => isSingle && names.includes(name);
    await removeFiles(folder, {
      earlier: [...earlier, ...names].filter((name) => !isInPlace(name)),
      vouching: vouching.filter((name) => !isInPlace(name)),
    });
    const move = (name: string) => {
      const target = path.join(folder, name);
      return failingAs(target, () => rename(path.join(staging, name), target));
    };
    await together(
      names.filter((name) => !vouching.includes(name)),
      move,
    );
    for (const name of vouching.toReversed()) if (names.includes(name)) await move(name);
    return written;
  } finally {
    process.off('exit', forget);
    await rm(staging, { recursive: true, force: true });
  }
}

/** Removes a set of files, those that vouch for it first. Names that are not there are passed over. Throws `OUTPUT_*`. */
export async function removeFiles(
  folder: string,
  { earlier, vouching }: Pick<Replacement, 'earlier' | 'vouching'>,
): Promise<void> {
  const remove = (name: string) => {
    const file = path.join(folder, name);
    return failingAs(file, () => rm(file, { force: true }));
  };
  for (const name of vouching) await remove(name);
  await together(
    [...new Set(earlier)].filter((name) => !vouching.includes(name)),
    remove,
  );
}

/** Does something to each of several files at the same time. All is done, or given up, when it ends or throws for the first that failed. */
async function together(names: readonly string[], act: (name: string) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(names.map(act));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** Removes what runs of the same writer have prepared, but for those of the processes that are to be spared. */
async function removeStaging(folder: string, writer: string, isSpared: (pid: number) => boolean): Promise<void> {
  const start = `.${writer}.staging-`;
  const names = await failingAs(folder, () => readdir(folder));
  for (const name of names.filter((entry) => entry.startsWith(start))) {
    if (isSpared(Number.parseInt(name.slice(start.length), 10))) continue;
    const left = path.join(folder, name);
    await failingAs(left, () => rm(left, { recursive: true, force: true }));
  }
}
