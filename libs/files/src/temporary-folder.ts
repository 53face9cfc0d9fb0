import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DmsError, diagnostic } from '@dms/diagnostics';
import { isFromSystem } from './file-access.ts';
import { outputError } from './output-error.ts';

/** The variables that may name the folder for temporary files, as Node reads them. */
const variables = process.platform === 'win32' ? ['TEMP', 'TMP'] : ['TMPDIR', 'TMP', 'TEMP'];

/**
 * Makes a new folder, for this user alone, in the folder for temporary files. Throws `OUTPUT_*`, which name the
 * variable that the place of that folder comes from.
 */
export async function temporaryFolder(prefix: string): Promise<string> {
  const parent = tmpdir();
  const variable = variables.find((name) => process.env[name]);
  try {
    return await mkdtemp(path.join(parent, prefix));
  } catch (error) {
    const source = variable === undefined ? '' : `, which the variable ${variable} names,`;
    const cause = isFromSystem(error) ? String(error.code) : 'unknown';
    if (cause !== 'ENOENT') throw outputError(error, parent);
    const text = `The folder for temporary files ${parent}${source} does not exist. Make it, or name another one with ${variables[0]}.`;
    throw new DmsError([
      diagnostic('OUTPUT_FAILED', text, { file: parent }, { path: parent, cause, variable: variable ?? null }),
    ]);
  }
}
