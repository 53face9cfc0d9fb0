import { readFileSync } from 'node:fs';

/** Whether a process with this id runs on this machine. */
export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // the process exists and belongs to another user
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * The start time of a process, in clock ticks of the machine; null if the system does not tell it, as on all systems
 * except Linux. Id and start time together identify a process even after the system has reused its id.
 */
export function processStart(pid: number): string | null {
  // on other systems /proc may belong to another system whose processes have other ids, as with Wine
  if (process.platform !== 'linux') return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // the program name, in parentheses, may contain any characters
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[19] ?? null;
  } catch {
    return null;
  }
}

/** The identity of this process for `isStillRunning`: its id and, if known, its start time. */
export function ownProcess(): readonly [pid: string, ...start: string[]] {
  const start = processStart(process.pid);
  return [String(process.pid), ...(start === null ? [] : [start])];
}

/** Whether the process with this id and start time still runs; only the id is compared if a start time is unknown. */
export function isStillRunning(pid: number, start: string | null): boolean {
  if (!isRunning(pid)) return false;
  const now = start === null ? null : processStart(pid);
  return now === null || now === start;
}
