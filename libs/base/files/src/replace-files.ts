import { readdirSync, readFileSync } from 'node:fs';
import { chmod, chown, copyFile, lstat, mkdir, mkdtemp, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DmsError, fail } from '@dms/diagnostics';
import { forgetFolders, makeFolder } from './make-folder.ts';
import { isOfMount, mountPointsAmong } from './mount-point.ts';
import { failingAs, isFolder, mountedAmongOthers, outputError } from './output-error.ts';
import { moveFile, moveFileSync, removeFile, removeFolder, removeFolderSync } from './patient-changes.ts';
import { isRunning } from './running-process.ts';
import { expectOutputName } from './usable-output.ts';
import { type NewFile, type WrittenFile, writeFiles } from './write-files.ts';
import { alone, lockName } from './writing-lock.ts';

interface Replacement {
  /**
   * The name of the writer, in lower case and hyphens. Writers with the same name replace several files in a folder one
   * after the other.
   */
  readonly writer: string;
  readonly files: readonly NewFile[];
  /** The names of the set that an earlier run may have left. Files that are not written again are removed. */
  readonly earlier: readonly string[];
  /** Names of the files that mark the set as complete. Readers look for the first of them first. */
  readonly markers: readonly string[];
  /** Cancels the replacement before the old set is touched: `OUTPUT_CANCELLED`. */
  readonly signal?: AbortSignal | undefined;
}

/** Throws `OUTPUT_CANCELLED` if a signal has cancelled the run, which has not changed any files yet. */
export function expectUncancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    fail('OUTPUT_CANCELLED', 'The run was cancelled before it wrote its files. Nothing was changed.');
}

const stagingName = /^\.[a-z-]+\.staging-/;

/** Whether a name in a folder belongs to a staging folder of `replaceFiles`, which a killed run leaves behind. */
export function isStagingFolder(name: string): boolean {
  return stagingName.test(name);
}

/**
 * Replaces a set of files in a folder. Old and new files never exist there together, even if the process is killed
 * (design 06 §9):
 *
 * 1. All files are written completely into a staging folder inside `folder`. Until then the old set is untouched. A
 *    file that replaces another gets its mode, and its owner if that is allowed.
 * 2. The old set is moved aside, its markers first. This can fail for a file that another program has open.
 * 3. The new files are moved into place, the markers last.
 *
 * So the first marker exists only with a complete set, and files without it belong to a single set. After a failed move
 * or a signal, the old set is put back; after a kill, the next run puts it back. A second writer with the same name
 * waits for the first. A set of one file cannot be mixed: the new file replaces the old one directly, and several
 * writers do not disturb each other. If it is a mount point, which no move can replace, it is written in place. A failed
 * run removes the folders that it made. Throws `OUTPUT_*`, for a set with a mount point `OUTPUT_MOUNTED`.
 */
export async function replaceFiles(
  folder: string,
  { writer, files, earlier, markers, signal }: Replacement,
): Promise<WrittenFile[]> {
  for (const { name } of files) if (path.basename(name) !== name) throw new Error(`${name} is not a file name.`);
  expectOutputName(folder, 'folder');
  const written = files.map(({ name }) => name);
  const removed = [...earlier, ...markers].filter((name) => !written.includes(name));
  expectNoMount(folder, files.length === 1 ? removed : [...removed, ...written]);
  const made = await makeFolder(folder);
  try {
    const replace = () => replaceIn(folder, { writer, files, earlier, markers, signal }, () => forgetFolders(made));
    return await (files.length === 1 ? replace() : alone(folder, writer, replace));
  } catch (error) {
    forgetFolders(made);
    throw error;
  }
}

/** Refuses a set in which a file that is replaced or removed is a mount point, before anything is changed. */
function expectNoMount(folder: string, names: readonly string[]): void {
  const [mount] = mountPointsAmong(names.map((name) => path.join(folder, name)));
  if (mount !== undefined) throw mountedAmongOthers(mount);
}

/**
 * Replaces files in an existing folder. `onExit` is called if a signal ends the process before the replacement is
 * complete.
 */
async function replaceIn(
  folder: string,
  { writer, files, earlier, markers, signal }: Replacement,
  onExit: () => void,
): Promise<WrittenFile[]> {
  const isSingle = files.length === 1;
  await removeStaging(folder, writer, isSingle ? isRunning : () => false);
  const staging = await failingAs(folder, () => mkdtemp(path.join(folder, `.${writer}.staging-${process.pid}-`)));
  const forget = () => {
    try {
      putBack(folder, staging);
    } catch {
      // the next run puts the old set back
      return;
    }
    removeFolderSync(staging);
    onExit();
  };
  // At a signal, the process ends without another turn of the event loop.
  process.once('exit', forget);
  try {
    const written = await writeFiles(staging, files, folder);
    expectUncancelled(signal);
    const names = files.map(({ name }) => name);
    await together(names, (name) => keepAccess(path.join(folder, name), path.join(staging, name)));
    const isInPlace = (name: string) => isSingle && names.includes(name);
    const old = [...new Set([...markers, ...earlier, ...names])].filter((name) => !isInPlace(name));
    await exchange(folder, staging, { old, names, markers, isSingle });
    await removeIfPossible(staging);
    return written;
  } catch (error) {
    if (!(error instanceof NotPutBack)) await removeIfPossible(staging);
    throw error;
  } finally {
    process.off('exit', forget);
  }
}

/** Removes the staging folder, or leaves it to the next run: a failure does not change the outcome of this one. */
const removeIfPossible = (staging: string) => removeFolder(staging).catch(() => undefined);

/** The entries of a staging folder besides the new files: the old files, and the list of the set. */
const oldFolder = '.old';
const setFile = '.set';

interface ExchangedSet {
  readonly names: readonly string[];
  readonly markers: readonly string[];
}

/** Thrown if the old set could not be put back: the staging folder stays, because the next run needs it. */
class NotPutBack extends DmsError {}

/** Moves the old files aside and the new ones into place; after a failure, restores the folder. */
async function exchange(
  folder: string,
  staging: string,
  { old, names, markers, isSingle }: ExchangedSet & { readonly old: readonly string[]; readonly isSingle: boolean },
): Promise<void> {
  const aside = path.join(staging, oldFolder);
  await failingAs(folder, async () => {
    await mkdir(aside);
    await writeFile(path.join(staging, setFile), JSON.stringify({ names, markers } satisfies ExchangedSet));
  });
  const setAside = async (name: string) => {
    const file = path.join(folder, name);
    const found = await failingAs(file, () => lstat(file).catch(missing));
    if (found?.isDirectory()) throw isFolder(file);
    if (found) await failingAs(file, () => moveFile(file, path.join(aside, name)));
  };
  const move = (name: string) => {
    const target = path.join(folder, name);
    return failingAs(target, async () => {
      try {
        await moveFile(path.join(staging, name), target);
      } catch (error) {
        if (!isSingle || !isOfMount(error)) throw error;
        await copyFile(path.join(staging, name), target);
      }
    });
  };
  const isMarker = (name: string) => markers.includes(name);
  try {
    for (const name of old.filter(isMarker)) await setAside(name);
    await together(
      old.filter((name) => !isMarker(name)),
      setAside,
    );
    await together(
      names.filter((name) => !isMarker(name)),
      move,
    );
    for (const name of markers.toReversed()) if (names.includes(name)) await move(name);
  } catch (error) {
    try {
      putBack(folder, staging);
    } catch (reason) {
      throw notPutBack(folder, staging, error, reason);
    }
    throw error;
  }
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function notPutBack(folder: string, staging: string, error: unknown, reason: unknown): NotPutBack {
  const [first, ...others] = outputError(error, folder).diagnostics;
  const [second] = outputError(reason, folder).diagnostics;
  const text = `${first.message} The earlier files of ${folder} could not all be put back: ${second.message} They are in ${staging}; run the command again, which puts them back first.`;
  return new NotPutBack([{ ...first, message: text }, ...others]);
}

/** Restores the old set of an unfinished exchange; does nothing if the new set is complete. */
function putBack(folder: string, staging: string): void {
  const set = readSet(staging);
  if (set === null) return;
  const { names, markers } = set;
  const waiting = new Set(readdirSync(staging));
  if (names.every((name) => !waiting.has(name))) return;
  const markersFirst = (list: readonly string[]) => [
    ...markers.filter((name) => list.includes(name)),
    ...list.filter((name) => !markers.includes(name)),
  ];
  for (const name of markersFirst(names.filter((each) => !waiting.has(each))))
    moveFileSync(path.join(folder, name), path.join(staging, name));
  const aside = path.join(staging, oldFolder);
  for (const name of markersFirst(readdirSync(aside)).toReversed())
    moveFileSync(path.join(aside, name), path.join(folder, name));
}

/** Reads the list of the set; null if no file has been moved yet. */
function readSet(staging: string): ExchangedSet | null {
  try {
    return JSON.parse(readFileSync(path.join(staging, setFile), 'utf8')) as ExchangedSet;
  } catch {
    return null;
  }
}

/** Gives a new file the mode of the one that it replaces, and its owner and group if the system allows that. */
async function keepAccess(old: string, replacement: string): Promise<void> {
  const [before, now] = await Promise.all([stat(old).catch(() => undefined), stat(replacement)]);
  // on Windows, the later error would be a refused write
  if (before?.isDirectory()) throw isFolder(old);
  if (!before?.isFile()) return;
  if (before.uid !== now.uid || before.gid !== now.gid)
    await chown(replacement, before.uid, before.gid)
      .catch(() => chown(replacement, now.uid, before.gid))
      .catch(() => undefined);
  const mode = before.mode & 0o777;
  if (mode !== (now.mode & 0o777)) await failingAs(old, () => chmod(replacement, mode));
}

/** Removes a set of files, the markers first. Skips missing names. Throws `OUTPUT_*`. */
export async function removeFiles(
  folder: string,
  { earlier, markers }: Pick<Replacement, 'earlier' | 'markers'>,
): Promise<void> {
  expectNoMount(folder, [...markers, ...earlier]);
  const remove = (name: string) => {
    const file = path.join(folder, name);
    return failingAs(file, () => removeFile(file));
  };
  for (const name of markers) await remove(name);
  await together(
    [...new Set(earlier)].filter((name) => !markers.includes(name)),
    remove,
  );
}

/**
 * Runs an action on several files in parallel. When it returns, or throws the first failure, all actions have ended.
 */
async function together(names: readonly string[], act: (name: string) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(names.map(act));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/**
 * Removes the staging folders of the same writer, except those of spared processes. If a folder holds an old set, that
 * set is put back first.
 */
async function removeStaging(folder: string, writer: string, isSpared: (pid: number) => boolean): Promise<void> {
  const start = `.${writer}.staging-`;
  const names = await failingAs(folder, () => readdir(folder));
  for (const name of names.filter((entry) => entry.startsWith(start) && !entry.startsWith(lockName(writer)))) {
    if (isSpared(Number.parseInt(name.slice(start.length), 10))) continue;
    const left = path.join(folder, name);
    await failingAs(folder, async () => putBack(folder, left));
    await failingAs(left, () => removeFolder(left));
  }
}
