import { type SpawnOptions, spawn } from 'node:child_process';
import path from 'node:path';

/**
 * Runs a program until it exits, even if a server that it started goes on running. The program gets no pipes: on
 * Windows the server would inherit them, and waiting for them to close would mean waiting for the server. Fails if the
 * program fails.
 */
export function runUntilExit(
  program: string,
  parameters: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'signal' | 'uid' | 'gid'> = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { ...options, stdio: 'ignore', windowsHide: true });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${path.basename(program)} ended with ${code ?? signal}`));
    });
  });
}
