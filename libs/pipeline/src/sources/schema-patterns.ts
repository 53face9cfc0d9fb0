import { existsSync } from 'node:fs';
import { compareOrdinal } from '@dms/canonical-json';
import { fail } from '@dms/diagnostics';

/**
 * The files that a path or pattern means: a file of that very name, else those that match, in ordinal order. Throws
 * `INPUT_FILE_NOT_FOUND` for a pattern that nothing matches; a path that leads to nothing is left to who reads it.
 */
export async function matchingFiles(pattern: string): Promise<readonly string[]> {
  // a name that is written like a pattern is a name first
  if (existsSync(pattern)) return [pattern];
  // needed by few, and loaded by them alone
  const { glob, isDynamicPattern } = await import('tinyglobby');
  if (!isDynamicPattern(pattern)) return [pattern];
  const slashed = process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
  const files = await glob(slashed, { ignore: '**/node_modules/**', expandDirectories: false });
  if (files.length > 0) return files.sort(compareOrdinal);
  return fail('INPUT_FILE_NOT_FOUND', `No file matches ${pattern}; check the pattern.`, {}, { path: pattern });
}
