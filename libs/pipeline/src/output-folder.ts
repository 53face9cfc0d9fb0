import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { compareOrdinal } from '@dms/canonical-json';
import { fail } from '@dms/diagnostics';

/** Names in a folder, sorted; none when it does not exist. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort(compareOrdinal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    return fail(
      'INPUT_FILE_UNREADABLE',
      `The output folder ${folder} cannot be read.`,
      { file: folder },
      { path: folder, cause: String(error) },
    );
  }
}

/** Refuses a folder that holds anything but artifacts: a command clears what it finds (`DDL_OUTPUT_NOT_EMPTY`). */
export async function checkOutputFolder(folder: string, artifacts: ReadonlySet<string>): Promise<void> {
  const foreign = (await namesIn(folder)).filter((name) => !artifacts.has(name));
  if (foreign.length === 0) return;
  const listed = foreign.slice(0, 5).join(', ') + (foreign.length > 5 ? `, … (${foreign.length} in all)` : '');
  const text = `The output folder ${folder} holds files that this command does not write: ${listed}; choose another folder.`;
  fail('DDL_OUTPUT_NOT_EMPTY', text, { file: folder }, { folder, found: foreign.slice(0, 20) });
}

/** Removes the artifacts of an earlier run, of both dialects. */
export async function clearArtifacts(folder: string, artifacts: ReadonlySet<string>): Promise<void> {
  for (const name of await namesIn(folder)) if (artifacts.has(name)) await rm(path.join(folder, name), { force: true });
}
