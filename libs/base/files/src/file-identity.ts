import { statSync } from 'node:fs';
import { isNowhere } from './file-access.ts';

/**
 * Identifies the file or folder at a path, independent of links and letter case. Undefined if nothing exists there. The
 * numbers are `bigint`, because those of Windows do not fit a double.
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
