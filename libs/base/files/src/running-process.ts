import { readFileSync } from 'node:fs';

/** Whether a process with this id runs on this machine. */
export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // it exists and belongs to another user
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * When a process began, in clock ticks of the machine; null where the system does not say, as everywhere but on Linux.
 * Together with the id it still names the process after the system has given its id to another one.
 */
export function processStart(pid: number): string | null {
  // elsewhere /proc may be a folder of another system, whose processes have other ids, as below Wine
  if (process.platform !== 'linux') return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // the name of its program, in parentheses, may have any characters
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[19] ?? null;
  } catch {
    return null;
  }
}

/** What names this process for `isStillRunning`: its id and, where it is known, when it began. */
export function ownProcess(): readonly [pid: string, ...start: string[]] {
  const start = processStart(process.pid);
  return [String(process.pid), ...(start === null ? [] : [start])];
}

/** Whether the process that had this id when it began at `start` still runs; by its id alone where that is not known. */
export function isStillRunning(pid: number, start: string | null): boolean {
  if (!isRunning(pid)) return false;
  const now = start === null ? null : processStart(pid);
  return now === null || now === start;
}
