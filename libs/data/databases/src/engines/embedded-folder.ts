import { randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '@dms/diagnostics';
import {
  closeFolder,
  type FolderInMaking,
  forgetFolders,
  isNowhere,
  isThere,
  makeFolder,
  newFolder,
  notAFolder,
  outputError,
  readContents,
  realNameSync,
  removeFileIfPossible,
} from '@dms/files';
import { type DatabaseTarget, targetLabel } from '../addressing/target.ts';
import { takeFolder } from './embedded-lock.ts';

/**
 * The data of a new embedded database, kept as a packed archive: creating them takes most of the time of a start
 * (design 09 §1.6).
 */
export interface EmbeddedArchive {
  /** Null where there is none. */
  read(): Uint8Array | null;
  /** Stores the archive. A failure to do so is ignored, so that the database opens all the same. */
  keep(data: Uint8Array): void;
}

/** An archive in a file, which is written completely or not at all. */
export function archiveFile(file: string): EmbeddedArchive {
  return {
    read: () => {
      try {
        return readFileSync(file);
      } catch {
        return null;
      }
    },
    keep: (data) => {
      const part = `${file}.${randomUUID()}`;
      try {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(part, data);
        renameSync(part, file);
      } catch {
        // the file may not have been created
        removeFileIfPossible(part);
      }
    },
  };
}

const noArchive: EmbeddedArchive = { read: () => null, keep: () => undefined };

/**
 * The archive of an engine, in `.cache` of the `node_modules` that contains the engine: anyone who can write there
 * could change the engine itself. Each version of the engine has its own archive.
 *
 * @param engine path of the entry file of the engine
 */
export function embeddedArchive(engine: string): EmbeddedArchive {
  const ofPackage = path.dirname(path.dirname(engine));
  const modules = path.resolve(ofPackage, '..', '..');
  // other ways to install the package have no such folder
  if (path.basename(modules) !== 'node_modules') return noArchive;
  const { version } = JSON.parse(readFileSync(path.join(ofPackage, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return archiveFile(path.join(modules, '.cache', 'dms', `pglite-${version}.tar.gz`));
}

/** The file by which the engine knows its database. */
const marker = 'PG_VERSION';

export const holdsDatabase = (folder: string): boolean => isThere(path.join(folder, marker));

/** Copies the data of a database on which no statement runs to a new or empty folder. Throws `OUTPUT_*`. */
export async function copyFolder(from: string, to: string): Promise<void> {
  try {
    await cp(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
  } catch (error) {
    throw outputError(error, to);
  }
}

/**
 * Checks the target of a task that needs an existing database: the engine would create a new one in any folder, even
 * one with other files. A server reports this itself. Throws `DB_NO_DATABASE`, and `INPUT_FILE_UNREADABLE` for a folder
 * that may not be looked into.
 */
export function expectDatabase(target: DatabaseTarget): void {
  if (target.kind !== 'embedded' || target.folder === null || holdsDatabase(target.folder)) return;
  const text = `${targetLabel(target)}: there is no embedded database in ${target.folder}. Name another folder, or create one with dms-ddl provision.`;
  fail('DB_NO_DATABASE', text, { file: target.folder });
}

/**
 * Whether a folder holds no database and can get one. Throws `DB_NO_DATABASE` for a folder of other files, and
 * `OUTPUT_*`.
 */
export async function isUnused(folder: string): Promise<boolean> {
  const found = await readContents(folder);
  if (found?.includes(marker)) return false;
  if (found === null || found.length === 0) return true;
  return fail(
    'DB_NO_DATABASE',
    `${folder} holds other files and no embedded database. Choose a new or an empty folder.`,
    {
      file: folder,
    },
  );
}

/** Prepares a new database, unless the folder already holds one. */
const newDatabaseIn = async (folder: string): Promise<FolderInMaking | null> =>
  (await isUnused(folder)) ? newFolder(folder, { isPrivate: true }) : null;

/** The folder that a path leads to: a link to it means the same database, and takes the same lock. */
function realFolder(folder: string): string {
  try {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found?.isDirectory()) return realNameSync(folder);
    if (found || lstatSync(folder, { throwIfNoEntry: false })) throw notAFolder(folder);
    return folder;
  } catch (error) {
    throw outputError(error, folder);
  }
}

/**
 * Refuses a database with files that this process may not use: the engine would call the database damaged, or change
 * only a part of it. Throws `OUTPUT_DENIED`, which names the first such file and its owner.
 */
function expectUsable(folder: string): void {
  const { R_OK, W_OK, X_OK } = constants;
  const use = (place: string, rights: number) => {
    try {
      accessSync(place, rights);
    } catch (error) {
      // another process has removed the file meanwhile
      if (!isNowhere(error)) throw outputError(error, place);
    }
  };
  use(folder, R_OK | W_OK | X_OK);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) expectUsable(place);
    else use(place, R_OK | W_OK);
  }
}

/** The folder of an embedded database that is open. */
interface OpenFolder {
  /** The folder in which the engine works: that of the database, or the place in which a new database is made. */
  readonly place: string;
  readonly isNew: boolean;
  /**
   * Releases the folder when the engine has ended. A new database is then moved to its place, if it is to be kept;
   * otherwise nothing is left of it.
   */
  release(isKept: boolean): Promise<void>;
}

/**
 * Locks the folder of an embedded database for this process, and begins a new database where there is none: it appears
 * completely or not at all, and only its owner may look into it (design 09 §1.6).
 */
export async function openFolder(written: string): Promise<OpenFolder> {
  const folder = realFolder(written);
  const made = await makeFolder(path.dirname(folder));
  let giveBack = () => {};
  let database: FolderInMaking | null = null;
  const leave = () => {
    process.off('exit', leave);
    database?.discard();
    giveBack();
    forgetFolders(made);
  };
  const release = async (isKept: boolean) => {
    try {
      if (isKept) await database?.keep(marker);
    } finally {
      leave();
    }
  };
  // a signal ends the process without another turn of the event loop
  process.once('exit', leave);
  try {
    giveBack = takeFolder(folder);
    database = await newDatabaseIn(folder);
    if (database === null) {
      expectUsable(folder);
      await closeFolder(folder);
    }
    return { place: database?.place ?? folder, isNew: database !== null, release };
  } catch (error) {
    leave();
    throw error;
  }
}
