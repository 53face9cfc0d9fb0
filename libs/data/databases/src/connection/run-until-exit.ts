import { type SpawnOptions, spawn } from 'node:child_process';
import path from 'node:path';

/**
 * Runs a program until it ends, whatever it leaves running. A server that it starts inherits its pipes on Windows, so there
 * are none: who waits for them to close waits for the server. Fails where the program does.
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
