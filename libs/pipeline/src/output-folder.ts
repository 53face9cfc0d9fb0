import { readdir } from 'node:fs/promises';
import { compareOrdinal, isStagingFolder, outputError } from '@dms/canonical-json';
import { fail } from '@dms/diagnostics';

/** What stands in a folder beside the given files, sorted; nothing when it does not exist. */
async function foreignNames(folder: string, files: ReadonlySet<string>): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => (entry.isDirectory() ? !isStagingFolder(entry.name) : !files.has(entry.name)))
      .map(({ name }) => name)
      .sort(compareOrdinal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw outputError(error, folder);
  }
}

/** Refuses a folder that holds anything but artifacts: a command replaces what it finds (`DDL_OUTPUT_NOT_EMPTY`, `OUTPUT_*`). */
export async function checkOutputFolder(folder: string, artifacts: ReadonlySet<string>): Promise<void> {
  const foreign = await foreignNames(folder, artifacts);
  if (foreign.length === 0) return;
  const listed = foreign.slice(0, 5).join(', ') + (foreign.length > 5 ? `, … (${foreign.length} in all)` : '');
  const text = `The output folder ${folder} holds files that this command does not write: ${listed}; choose another folder.`;
  fail('DDL_OUTPUT_NOT_EMPTY', text, { file: folder }, { folder, found: foreign.slice(0, 20) });
}
