import { fail } from '@dms/diagnostics';
import { compareOrdinal, isThere } from '@dms/files';

/**
 * The files of a path or pattern: a file with exactly that name, otherwise the files that match, in ordinal order.
 * Throws `INPUT_FILE_NOT_FOUND` for a pattern without matches; for a missing path the reader reports the error.
 */
export async function matchingFiles(pattern: string): Promise<readonly string[]> {
  // a file whose name looks like a pattern takes precedence
  if (isThere(pattern)) return [pattern];
  // loaded on demand, because few runs need it
  const { glob, isDynamicPattern } = await import('tinyglobby');
  if (!isDynamicPattern(pattern)) return [pattern];
  const slashed = process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
  const files = await glob(slashed, { ignore: '**/node_modules/**', expandDirectories: false });
  if (files.length > 0) return files.sort(compareOrdinal);
  return fail('INPUT_FILE_NOT_FOUND', `No file matches ${pattern}; check the pattern.`, {}, { path: pattern });
}
