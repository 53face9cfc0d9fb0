import { failIfAny } from '@dms/diagnostics';
import { readInput } from '@dms/files';
import { type Rename, renameOf } from '@dms/upgrade';
import { configProblems, configValue } from '../read-config.ts';
import { innerRenamesMembers, renamesObject } from './renames-format.ts';

/** Where a task finds the renames of an upgrade (design 12 §11). */
export interface RenameOptions {
  /** Each in the form of an option: `<before>=<after>`. */
  readonly rename?: readonly string[] | undefined;
  /** A file with further renames. */
  readonly renames?: string | undefined;
}

/** The renames of a file. */
async function renamesOfFile(file: string): Promise<readonly Rename[]> {
  const read = configValue(await readInput(file), file);
  if ('problems' in read) {
    failIfAny(read.problems);
    return [];
  }
  const result = renamesObject.safeParse(read.value);
  const place = { file, pointer: '', title: 'A file of renames', members: innerRenamesMembers };
  failIfAny(configProblems(result.error?.issues ?? [], place));
  return (result.data?.renames ?? []).map(({ before, after }) => ({ before, after }));
}

/** The requested renames: first those in the file, then those in options. */
export async function requestedRenames({ rename = [], renames }: RenameOptions): Promise<readonly Rename[]> {
  return [...(renames === undefined ? [] : await renamesOfFile(renames)), ...rename.map(renameOf)];
}
