import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Whether an error is a failure of the system, with a system code (`ENOENT`). */
export const isFromSystem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error && 'errno' in error;

/** The system codes for a path at which nothing exists. */
const nowhere: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP']);

/**
 * Whether an error means that nothing exists at a path. If the system denies the look-up, the error says nothing about
 * the path.
 */
export const isNowhere = (error: unknown): boolean => !isFromSystem(error) || nowhere.has(error.code);

/** The name of a user of this machine; `user` and the number if there is no name. */
function userName(uid: number): string {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((each) => each.split(':')[2] === String(uid));
    return line?.split(':')[0] || `user ${uid}`;
  } catch {
    return `user ${uid}`;
  }
}

/**
 * The owner of the file or folder at which the system denies the access to `file`: the path itself, or the nearest
 * accessible folder above it. `/data/db/base belongs to root, mode 700; this process runs as app`. Empty if the system
 * has no users.
 */
export function ownerText(file: string): string {
  const uid = process.geteuid?.();
  if (uid === undefined) return '';
  for (let place = path.resolve(file); ; place = path.dirname(place)) {
    try {
      const found = statSync(place);
      const mode = (found.mode & 0o7777).toString(8);
      const owner = found.uid === uid ? `${userName(uid)}, who runs this process` : userName(found.uid);
      const runner = found.uid === uid ? '' : `; this process runs as ${userName(uid)}`;
      return `${place} belongs to ${owner}, mode ${mode}${runner}`;
    } catch {
      if (place === path.dirname(place)) return '';
    }
  }
}
