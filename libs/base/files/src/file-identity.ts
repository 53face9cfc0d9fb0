import { statSync } from 'node:fs';
import { isNowhere } from './file-access.ts';

/**
 * Which file or folder is at a path, in any spelling: links and letter case do not matter. Undefined where nothing is. The
 * numbers of Windows do not fit a double.
 */
export function fileIdentity(file: string): string | undefined {
  try {
    const found = statSync(file, { bigint: true });
    return `${found.dev}:${found.ino}`;
  } catch (error) {
    if (isNowhere(error)) return undefined;
    throw error;
  }
}
