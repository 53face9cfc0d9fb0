import { type Diagnostic, DmsError, diagnostic, hideSecrets } from '@dms/diagnostics';
import { dialects } from '@dms/sql';
import { parseTarget } from './parse-target.ts';

/** Whether a connection text holds a password. If no dialect can read the text, a possible password counts. */
function holdsPassword(text: string): boolean {
  const read = dialects.flatMap((dialect) => {
    try {
      return [parseTarget(text, dialect).target];
    } catch (error) {
      if (!(error instanceof DmsError)) throw error;
      return [];
    }
  });
  if (read.length === 0) return hideSecrets(text) !== text;
  return read.some((target) => target.kind === 'server' && target.password !== null);
}

/**
 * The members that say where a connection is. Each is checked: people also write the connection into `env` by mistake.
 */
const places = ['env', 'file', 'target'];

/**
 * Finds every password in a value of a project file (design 09 §1.1), at any depth: `DB_SECRET_IN_PROJECT_FILE`, with
 * the JSON pointer of the text. Such a file is usually committed.
 *
 * @param pointer JSON pointer of the value, as in `/databases`
 */
export function secretsInFile(value: unknown, file: string, pointer: string): Diagnostic[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const path = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (typeof inner !== 'string') return secretsInFile(inner, file, path);
    if (!places.includes(name) || !holdsPassword(inner)) return [];
    const member = (each: string) => each.slice(1).replaceAll('/', '.');
    const entry = pointer === '' ? 'env' : `${member(pointer)}.env`;
    const message = `${member(path)} holds a password. Put the connection into an environment variable and name it in ${entry}.`;
    return [diagnostic('DB_SECRET_IN_PROJECT_FILE', message, { file, path })];
  });
}
