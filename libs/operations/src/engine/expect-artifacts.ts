import { fail } from '@dms/diagnostics';
import { isThere } from '@dms/files';
import { shellWord } from '../operation/shell-word.ts';

/** Refuses a folder of artifacts that is not there: `INPUT_FILE_NOT_FOUND`. */
export function expectArtifacts(folder: string): void {
  if (isThere(folder)) return;
  const text = `The folder ${folder} does not exist; dms-ddl emit --schema … --output ${shellWord(folder)} writes it.`;
  fail('INPUT_FILE_NOT_FOUND', text, { file: folder }, { path: folder });
}
