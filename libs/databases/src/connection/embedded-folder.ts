import { existsSync, lstatSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  contentsOf,
  forgetFolders,
  isRunning,
  makeFolder,
  type NewFolder,
  newFolder,
  notAFolder,
  outputError,
  processWide,
} from '@dms/canonical-json';
import { fail } from '@dms/diagnostics';
import { type DatabaseTarget, targetLabel } from '../target/target.ts';

/** The locks of this process: an earlier process may have had the same id, as in a restarted container. */
const held = processWide('embedded-folders');

function holderOf(file: string): number | null {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return (pid === process.pid ? held.has(file) : isRunning(pid)) ? pid : null;
  } catch {
    return null;
  }
}

function created(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // on a full disk it is there and empty
    rmSync(file, { force: true });
    throw outputError(error, file);
  }
}

/** The file by which the engine knows its database. */
const marker = 'PG_VERSION';

const holdsDatabase = (folder: string) => existsSync(path.join(folder, marker));

/**
 * For tasks that need an existing database: the engine would create a new one in any folder, even one with other files. A
 * server reports this itself. Throws `DB_NO_DATABASE`.
 */
export function expectDatabase(target: DatabaseTarget): void {
  if (target.kind !== 'embedded' || target.folder === null || holdsDatabase(target.folder)) return;
  const text = `${targetLabel(target)}: there is no embedded database in ${target.folder}. Name another folder, or create one with dms-ddl provision.`;
  fail('DB_NO_DATABASE', text, { file: target.folder });
}

/**
 * Locks the folder of an embedded database: the engine itself would let two processes open it and destroy it. The lock is a
 * file beside the folder with the id of the process; a lock whose process has ended is taken over (design 09 §1.6). Returns a
 * function that releases it. Throws `DB_EMBEDDED_IN_USE`.
 */
export function takeFolder(folder: string): () => void {
  const file = `${folder}.lock`;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    if (created(file)) {
      held.add(file);
      return () => {
        if (held.delete(file)) rmSync(file, { force: true });
      };
    }
    const holder = holderOf(file);
    if (holder !== null) {
      const text = `The folder of the embedded database is in use by process ${holder}. Wait for it to end, or choose another folder.`;
      return fail('DB_EMBEDDED_IN_USE', text, { file: folder }, { process: holder });
    }
    rmSync(file, { force: true });
  }
  return fail('DB_EMBEDDED_IN_USE', 'The folder of the embedded database was taken just now. Choose another one.', {
    file: folder,
  });
}

/**
 * Prepares a new database, unless the folder already holds one. Throws `DB_NO_DATABASE` for a folder of other files, and
 * `OUTPUT_*`.
 */
async function newDatabaseIn(folder: string): Promise<NewFolder | null> {
  const found = await contentsOf(folder);
  if (found?.includes(marker)) return null;
  if (found === null || found.length === 0) return newFolder(folder);
  return fail('DB_NO_DATABASE', `${folder} holds other files and no embedded database. Choose a new or an empty folder.`, {
    file: folder,
  });
}

/** The folder that a path leads to: a link to it means the same database, and takes the same lock. Throws `OUTPUT_*`. */
function realFolder(folder: string): string {
  try {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found?.isDirectory()) return realpathSync(folder);
    if (found || lstatSync(folder, { throwIfNoEntry: false })) throw notAFolder(folder);
    return folder;
  } catch (error) {
    throw outputError(error, folder);
  }
}

/** The folder of an embedded database that is open. */
export interface OpenFolder {
  /** Where the engine works: in the folder, or in the place in which a new database is made. */
  readonly place: string;
  readonly isNew: boolean;
  /**
   * Releases the folder when the engine has ended. A new database is then moved to its place, if it is to be kept; otherwise
   * nothing is left of it. Throws `OUTPUT_*`.
   */
  release(isKept: boolean): Promise<void>;
}

/**
 * Locks the folder of an embedded database for this process, and begins a new database where there is none: it appears
 * completely or not at all (design 09 §1.6). Throws `DB_EMBEDDED_IN_USE`, `DB_NO_DATABASE` and `OUTPUT_*`.
 */
export async function openFolder(written: string): Promise<OpenFolder> {
  const folder = realFolder(written);
  const made = await makeFolder(path.dirname(folder));
  let giveBack = () => {};
  let database: NewFolder | null = null;
  const leave = () => {
    process.off('exit', leave);
    database?.discard();
    giveBack();
    forgetFolders(made);
  };
  // a signal ends the process without another turn of the event loop
  process.once('exit', leave);
  try {
    giveBack = takeFolder(folder);
    database = await newDatabaseIn(folder);
    const release = async (isKept: boolean) => {
      try {
        if (isKept) await database?.keep(marker);
      } finally {
        leave();
      }
    };
    return { place: database?.place ?? folder, isNew: database !== null, release };
  } catch (error) {
    leave();
    throw error;
  }
}
