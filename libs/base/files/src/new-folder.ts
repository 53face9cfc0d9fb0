import { randomBytes } from 'node:crypto';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail, mostExamples } from '@dms/diagnostics';
import { compareOrdinal } from '@dms/values';
import { forgetFolders, makeFolder } from './make-folder.ts';
import { failingAs } from './output-error.ts';
import { makeNewFolder, moveFile, moveFileSync, removeFolder, removeFolderSync } from './patient-changes.ts';
import { isRunning } from './running-process.ts';
import { expectOutputName } from './usable-output.ts';
import { processWide } from './writing-lock.ts';

/** A folder that appears with its complete contents, or not at all. */
export interface FolderInMaking {
  /** The path at which to fill the folder before it is kept. */
  readonly place: string;
  /** Moves the folder into place. `last` is the file that marks the folder as complete. Throws `OUTPUT_*`. */
  keep(last?: string): Promise<void>;
  /** Removes the folder and the new folders above it; does nothing after `keep`. */
  discard(): void;
}

const unfinished = '.staging-';

/** The file that lists the names in a staging folder that is moved file by file. */
const listOfNames = '.names';

/** The staging folders of this process. An earlier process may have had the same id. */
const ownPlaces = processWide('new-folders');

function isLeft(place: string, start: string): boolean {
  const pid = Number.parseInt(path.basename(place).slice(start.length), 10);
  return pid === process.pid ? !ownPlaces.has(place) : !isRunning(pid);
}

/** Removes the remains of a killed run: its staging folder, and the files that it had already moved. */
async function removeLeft(parent: string, start: string, names: readonly string[]): Promise<void> {
  for (const name of names.filter((each) => each.startsWith(start))) {
    const place = path.join(parent, name);
    if (!isLeft(place, start)) continue;
    const list = (await readFile(path.join(place, listOfNames), 'utf8').catch(() => ''))
      .split('\n')
      .filter((each) => each !== '');
    const waiting: readonly string[] = await readdir(place).catch(() => []);
    const moved = list.filter((each) => !waiting.includes(each));
    // if no file is left to move, the folder was complete and may be in use
    const isHalf = moved.length < list.length;
    for (const each of isHalf ? moved : []) await removeFolder(path.join(parent, path.basename(each)));
    await removeFolder(place);
  }
}

const startBeside = (folder: string) => `.${path.basename(folder)}${unfinished}`;

/**
 * The names in a folder, sorted; null if the folder does not exist. Removes the remains of a new folder whose run was
 * killed. Throws `OUTPUT_*`.
 */
export async function readContents(folder: string): Promise<readonly string[] | null> {
  const resolved = path.resolve(folder);
  const parent = path.dirname(resolved);
  await removeLeft(parent, startBeside(resolved), await readdir(parent).catch(() => []));
  const read = () =>
    failingAs(folder, async () => {
      try {
        return await readdir(resolved);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    });
  const found = await read();
  if (found === null) return null;
  await failingAs(folder, () => removeLeft(resolved, unfinished, found));
  return ((await read()) ?? []).filter((name) => !name.startsWith(unfinished)).sort(compareOrdinal);
}

/**
 * Checks a folder that is written as a whole: throws `DDL_OUTPUT_NOT_EMPTY` if it contains anything, and `OUTPUT_*`.
 */
export async function expectEmptyFolder(folder: string): Promise<void> {
  const found = (await readContents(folder)) ?? [];
  if (found.length === 0) return;
  const listed = found.slice(0, 5).join(', ');
  const text = `The folder ${folder} is not empty (${listed}); choose another one, or empty it.`;
  fail('DDL_OUTPUT_NOT_EMPTY', text, { file: folder }, { folder, found: found.slice(0, mostExamples) });
}

interface NewFolderOptions {
  /** Whether only the user of this process may access the folder, even if it existed before. Default: false. */
  readonly isPrivate?: boolean | undefined;
}

/** Denies other users the access to a folder, if it belongs to the user of this process. */
export async function closeFolder(folder: string): Promise<void> {
  const uid = process.geteuid?.();
  if (uid === undefined) return;
  await failingAs(folder, async () => {
    const found = await stat(folder);
    if (found.uid === uid && (found.mode & 0o077) !== 0) await chmod(folder, 0o700);
  });
}

function tryRemoving(place: string): boolean {
  try {
    removeFolderSync(place);
    return true;
  } catch {
    return false;
  }
}

/**
 * Begins a folder that does not exist yet, or is empty. An existing folder is kept, because it may be a link, another
 * disk or somebody's current folder: its contents are made inside it and moved when complete. Otherwise the folder is
 * made beside its place and renamed. When a process ends, it removes the folders that it has not kept; the next run
 * removes the remains of a killed one. Throws `OUTPUT_*`.
 */
export async function newFolder(folder: string, { isPrivate = false }: NewFolderOptions = {}): Promise<FolderInMaking> {
  expectOutputName(folder, 'folder');
  const resolved = path.resolve(folder);
  const isThere = (await readContents(folder)) !== null;
  const parent = isThere ? resolved : path.dirname(resolved);
  const made = await makeFolder(parent);
  const name = `${isThere ? unfinished : startBeside(resolved)}${process.pid}-${randomBytes(6).toString('hex')}`;
  const newPlace = path.join(parent, name);
  try {
    await failingAs(folder, () => makeNewFolder(newPlace, isPrivate ? 0o700 : 0o777));
  } catch (error) {
    forgetFolders(made);
    throw error;
  }
  ownPlaces.add(newPlace);
  const discard = () => {
    process.off('exit', discard);
    if (!ownPlaces.delete(newPlace)) return;
    removeFolderSync(newPlace);
    forgetFolders(made);
  };
  // at a signal, the process ends without another turn of the event loop
  process.once('exit', discard);
  const moveAll = async (last: string | undefined) => {
    const names = (await readdir(newPlace)).sort((a, b) => Number(a === last) - Number(b === last));
    await writeFile(path.join(newPlace, listOfNames), names.join('\n'));
    const moved: string[] = [];
    try {
      // in one turn of the event loop, so that no signal can interrupt it
      for (const each of names) {
        moveFileSync(path.join(newPlace, each), path.join(resolved, each));
        moved.push(each);
      }
    } catch (error) {
      const isGone = moved.map((each) => tryRemoving(path.join(resolved, each)));
      // the next run removes the other files, which the list in the staging folder names
      if (isGone.includes(false)) ownPlaces.delete(newPlace);
      throw error;
    }
    ownPlaces.delete(newPlace);
    // the folder is complete; the next run removes the staging folder if it is left
    await removeFolder(newPlace).catch(() => undefined);
  };
  const keep = (last?: string) =>
    failingAs(folder, async () => {
      if (isPrivate && isThere) await closeFolder(resolved);
      await (isThere ? moveAll(last) : moveFile(newPlace, resolved));
      ownPlaces.delete(newPlace);
      process.off('exit', discard);
    });
  return { place: newPlace, keep, discard };
}
