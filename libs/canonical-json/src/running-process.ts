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
