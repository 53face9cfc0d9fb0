import { readFileSync, realpathSync } from 'node:fs';

/** Where Linux lists the mounts that this process sees; other systems have no such list. */
export const mountList = { file: '/proc/self/mountinfo' };

/** The paths of all mount points. */
function mountPoints(): ReadonlySet<string> {
  try {
    const lines = readFileSync(mountList.file, 'utf8').split('\n');
    // blanks and backslashes are written as octal numbers
    const decoded = (text: string) =>
      text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
    return new Set(lines.flatMap((line) => line.split(' ')[4] ?? []).map(decoded));
  } catch {
    return new Set();
  }
}

/**
 * The paths among `files` that are mount points of their own, as `docker run -v report.json:/report.json` makes them:
 * such a file can be neither replaced by a move nor removed, only written in place (design 06 §9.1).
 */
export function mountPointsAmong(files: readonly string[]): readonly string[] {
  const points = mountPoints();
  const isPoint = (file: string) => {
    try {
      return points.has(realpathSync(file));
    } catch {
      return false;
    }
  };
  return points.size === 0 ? [] : files.filter(isPoint);
}

export const isMountPoint = (file: string): boolean => mountPointsAmong([file]).length > 0;

/** Whether a failed move or removal may mean that the place is a mount point. */
export const isOfMount = (error: unknown): boolean =>
  process.platform !== 'win32' && ['EBUSY', 'EXDEV'].includes(String((error as NodeJS.ErrnoException).code));
