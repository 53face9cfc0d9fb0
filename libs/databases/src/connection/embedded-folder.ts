import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fail } from '@dms/diagnostics';
import { type DatabaseTarget, targetLabel } from '../target/target.ts';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // a process of another user is one that lives
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function holderOf(file: string): number | null {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 && isAlive(pid) ? pid : null;
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
    throw error;
  }
}

function holdsDatabase(folder: string): boolean {
  return existsSync(path.join(folder, 'PG_VERSION'));
}

/**
 * For what works on a database that is there: the engine would make a new one in any folder, also in one of other files. A server
 * says it itself. Throws `DB_NO_DATABASE`.
 */
export function expectDatabase(target: DatabaseTarget): void {
  if (target.kind !== 'embedded' || target.folder === null || holdsDatabase(target.folder)) return;
  const text = `${targetLabel(target)}: there is no embedded database in ${target.folder}. Name another folder, or create one with dms-ddl provision.`;
  fail('DB_NO_DATABASE', text, { file: target.folder });
}

/** Whether a database is new in its folder, which it is not put into among other files. Throws `DB_NO_DATABASE`. */
export function isNewIn(folder: string): boolean {
  if (holdsDatabase(folder)) return false;
  if (readdirSync(folder).length === 0) return true;
  return fail('DB_NO_DATABASE', `${folder} holds other files and no embedded database. Choose a new or an empty folder.`, {
    file: folder,
  });
}

/**
 * Takes the folder of an embedded database: the engine itself would let two processes open it and destroy it. The lock is a
 * file beside the folder with the id of the process; one whose process is gone is taken over (design 09 §1.6). Returns what
 * gives it back. Throws `DB_EMBEDDED_IN_USE`.
 */
export function takeFolder(folder: string): () => void {
  const file = `${folder}.lock`;
  mkdirSync(path.dirname(folder), { recursive: true });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    if (created(file)) return () => rmSync(file, { force: true });
    const holder = holderOf(file);
    if (holder !== null) {
      const text = `The folder of the embedded database is in use by process ${holder}. Wait for its end, or choose another folder.`;
      return fail('DB_EMBEDDED_IN_USE', text, { file: folder }, { process: holder });
    }
    rmSync(file, { force: true });
  }
  return fail('DB_EMBEDDED_IN_USE', 'The folder of the embedded database was taken just now. Choose another one.', {
    file: folder,
  });
}
