/**
 * A set of this process, whatever it is used for: a program may hold this code several times, as the parts of a plugin do, and they share
 * it.
 */
export function processWide(name: string): Set<string> {
  const everywhere = globalThis as { [key: symbol]: Set<string> | undefined };
  const key = Symbol.for(`dms.${name}`);
  everywhere[key] ??= new Set();
  return everywhere[key];
}

/** Whether there is a process of this id on this machine. */
export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // it is there and belongs to somebody else
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
