import path from 'node:path';
import { fileName } from '@dms/files';
import { sha256Hex } from '@dms/values';
import type { FleetDatabase } from './fleet-databases.ts';

/**
 * The file of the rejects of a database of a fleet. Some systems ignore letter case in file names, so a name with
 * capitals gets a hash.
 */
export function rejectsFileOf(database: string): string {
  const mark = /[A-Z]/.test(database) ? `_${sha256Hex(database).slice(0, 6)}` : '';
  return fileName(`${database}${mark}.jsonl`, `the database ${database}`);
}

/** The file of rejects of a run; `rejects` names a folder if the database belongs to a fleet. */
export const rejectsPath = (
  rejects: string | undefined,
  entry: Pick<FleetDatabase, 'name'> | undefined,
): string | undefined =>
  rejects === undefined || entry === undefined ? rejects : path.join(rejects, rejectsFileOf(entry.name));
