import { randomBytes } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { forgetFolders, makeFolder } from './make-folder.ts';
import { compareOrdinal } from './ordinal.ts';
import { failingAs } from './output-error.ts';
import { isRunning, processWide } from './running-process.ts';

/** A folder that comes to be with everything that belongs into it, or not at all. */
export interface NewFolder {
  /** Where it is filled meanwhile. */
  readonly place: string;
  /**
   * Puts it in its place; `last` is the name of the file that tells others that it is whole. Throws `OUTPUT_*`.
   */
  keep(last?: string): Promise<void>;
  /** Removes it, with the folders above it that were made for it; after `keep` it does nothing. */
  discard(): void;
}

const unfinished = '.staging-';

/** In a place that is moved file by file: the names of all of them. */
const listOfNames = '.names';

/** The places of this process: another one may have had the same id before. */
const ownPlaces = processWide('new-folders');

function isLeft(place: string, start: string): boolean {
  const pid = Number.parseInt(path.basename(place).slice(start.length), 10);
  return pid === process.pid ? !ownPlaces.has(place) : !isRunning(pid);
}

/** Removes what a killed run has left: its place, and what it had moved out of that already. */
async function removeLeft(parent: string, start: string, names: readonly string[]): Promise<void> {
  for (const name of names.filter((each) => each.startsWith(start))) {
    const place = path.join(parent, name);
    if (!isLeft(place, start)) continue;
    const list = (await readFile(path.join(place, listOfNames), 'utf8').catch(() => ''))
      .split('\n')
      .filter((each) => each !== '');
    const waiting: readonly string[] = await readdir(place).catch(() => []);
    const moved = list.filter((each) => !waiting.includes(each));
    // where nothing waits any more the folder was whole, and is somebody's by now
    const isHalf = moved.length < list.length;
    for (const each of isHalf ? moved : []) await rm(path.join(parent, path.basename(each)), { recursive: true, force: true });
    await rm(place, { recursive: true, force: true });
  }
}

const startBeside = (folder: string) => `.${path.basename(folder)}${unfinished}`;

/**
 * The names in a folder, sorted; null when there is none. What a killed run has left of a new folder does not count, and is removed.
 * Throws `OUTPUT_*`.
 */
export async function contentsOf(folder: string): Promise<readonly string[] | null> {
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
 * Begins a folder that is not there yet, or is empty. One that is there stays the folder that it is, as it may be a link, another
 * disk or where somebody works: its contents are made inside it and moved when they are whole. Otherwise it is made beside its place
 * and renamed. A process that ends removes what it has not kept; what a killed one leaves is removed by the next. Throws `OUTPUT_*`.
 */
export async function newFolder(folder: string): Promise<NewFolder> {
  const resolved = path.resolve(folder);
  const isThere = (await contentsOf(folder)) !== null;
  const parent = isThere ? resolved : path.dirname(resolved);
  const made = await makeFolder(parent);
  const name = `${isThere ? unfinished : startBeside(resolved)}${process.pid}-${randomBytes(6).toString('hex')}`;
  const place = path.join(parent, name);
  try {
    await failingAs(folder, () => mkdir(place));
  } catch (error) {
    forgetFolders(made);
    throw error;
  }
  ownPlaces.add(place);
  const discard = () => {
    process.off('exit', discard);
    if (!ownPlaces.delete(place)) return;
    // a thread that was at work there may still write
    rmSync(place, { recursive: true, force: true, maxRetries: 5 });
    forgetFolders(made);
  };
  // a signal ends the process without another turn of the event loop
  process.once('exit', discard);
  const moveAll = async (last: string | undefined) => {
    const names = (await readdir(place)).sort((a, b) => Number(a === last) - Number(b === last));
    await writeFile(path.join(place, listOfNames), names.join('\n'));
    const moved: string[] = [];
    try {
      // in one turn of the event loop, so that no signal comes between
      for (const each of names) {
        renameSync(path.join(place, each), path.join(resolved, each));
        moved.push(each);
      }
    } catch (error) {
      for (const each of moved) rmSync(path.join(resolved, each), { recursive: true, force: true });
      throw error;
    }
    ownPlaces.delete(place);
    await rm(place, { recursive: true, force: true });
  };
  const keep = (last?: string) =>
    failingAs(folder, async () => {
      await (isThere ? moveAll(last) : rename(place, resolved));
      ownPlaces.delete(place);
      process.off('exit', discard);
    });
  return { place, keep, discard };
}
