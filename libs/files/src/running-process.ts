/**
 * A set for the whole process. A program may contain this code several times, as the parts of a plugin do; all copies
 * share the set.
 */
export function processWide(name: string): Set<string> {
  const everywhere = globalThis as { [key: symbol]: Set<string> | undefined };
  const key = Symbol.for(`dms.${name}`);
  everywhere[key] ??= new Set();
  return everywhere[key];
}

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
