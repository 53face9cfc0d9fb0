import { rmSync } from 'node:fs';
import { chmod, chown, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '@dms/diagnostics';
import { forgetFolders, makeFolder } from './make-folder.ts';
import { failingAs } from './output-error.ts';
import { type NewFile, type WrittenFile, writeFiles } from './write-files.ts';
import { alone, isRunning, lockName } from './writing-lock.ts';

interface Replacement {
  /**
   * The name of the writer, in lower case and hyphens. Writers with one name replace several files in a folder one
   * after the other.
   */
  readonly writer: string;
  readonly files: readonly NewFile[];
  /** Names of the set that an earlier run may have left. Files that are not written again are removed. */
  readonly earlier: readonly string[];
  /** Names of the files that mark the set as complete. Readers look for the first of them first. */
  readonly markers: readonly string[];
  /** Ends the replacement before the old set is touched: `OUTPUT_CANCELLED`. */
  readonly signal?: AbortSignal | undefined;
}

/** Throws `OUTPUT_CANCELLED` if a signal has ended the run, whose files were not changed so far. */
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
 * Replaces a set of files in a folder. Old and new files are never there together, whenever the process is killed
 * (design 06 §9):
 *
 * 1. All files are written completely into a staging folder inside `folder`. Until then the old set is untouched. A file
 *    that replaces another gets its mode, and its owner where that is allowed.
 * 2. The old set is removed, its markers first.
 * 3. The new files are moved into place, the markers last.
 *
 * So the first marker exists only with a complete set, and files without it belong to a single set. A second writer
 * with the same name waits for the first. A set of one file cannot be mixed: the new file replaces the old one
 * directly, and several writers do not disturb each other. A failed run removes the folders that it made. Throws
 * `OUTPUT_*`.
 */
export async function replaceFiles(
  folder: string,
  { writer, files, earlier, markers, signal }: Replacement,
): Promise<WrittenFile[]> {
  for (const { name } of files) if (path.basename(name) !== name) throw new Error(`${name} is not a file name.`);
  const made = await makeFolder(folder);
  try {
    const replace = () => replaceIn(folder, { writer, files, earlier, markers, signal }, () => forgetFolders(made));
    return await (files.length === 1 ? replace() : alone(folder, writer, replace));
  } catch (error) {
    forgetFolders(made);
    throw error;
  }
}

/** The same in an existing folder. `onExit` is called if a signal ends the process before all is done. */
async function replaceIn(
  folder: string,
  { writer, files, earlier, markers, signal }: Replacement,
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
    expectUncancelled(signal);
    const names = files.map(({ name }) => name);
    await together(names, (name) => keepAccess(path.join(folder, name), path.join(staging, name)));
    const isInPlace = (name: string) => isSingle && names.includes(name);
    await removeFiles(folder, {
      earlier: [...earlier, ...names].filter((name) => !isInPlace(name)),
      markers: markers.filter((name) => !isInPlace(name)),
    });
    const move = (name: string) => {
      const target = path.join(folder, name);
      return failingAs(target, () => rename(path.join(staging, name), target));
    };
    await together(
      names.filter((name) => !markers.includes(name)),
      move,
    );
    for (const name of markers.toReversed()) if (names.includes(name)) await move(name);
    return written;
  } finally {
    process.off('exit', forget);
    await rm(staging, { recursive: true, force: true });
  }
}

/** Gives a new file the mode of the one that it replaces, and its owner and group where the system allows that. */
async function keepAccess(old: string, replacement: string): Promise<void> {
  const [before, now] = await Promise.all([stat(old).catch(() => undefined), stat(replacement)]);
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
  const remove = (name: string) => {
    const file = path.join(folder, name);
    return failingAs(file, () => rm(file, { force: true }));
  };
  for (const name of markers) await remove(name);
  await together(
    [...new Set(earlier)].filter((name) => !markers.includes(name)),
    remove,
  );
}

/**
 * Runs an action on several files in parallel. When it returns, or throws the first failure, no action is still
 * running.
 */
async function together(names: readonly string[], act: (name: string) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(names.map(act));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** Removes the staging folders of the same writer, except those of the given processes. */
async function removeStaging(folder: string, writer: string, isSpared: (pid: number) => boolean): Promise<void> {
  const start = `.${writer}.staging-`;
  const names = await failingAs(folder, () => readdir(folder));
  for (const name of names.filter((entry) => entry.startsWith(start) && !entry.startsWith(lockName(writer)))) {
    if (isSpared(Number.parseInt(name.slice(start.length), 10))) continue;
    const left = path.join(folder, name);
    await failingAs(left, () => rm(left, { recursive: true, force: true }));
  }
}
