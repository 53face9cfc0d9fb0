import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository of the plugin. */
export const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** A folder for caches: a test must not use shapes that another build has proved. */
const caches = mkdtempSync(path.join(tmpdir(), 'dms-caches-'));
process.once('exit', () => rmSync(caches, { recursive: true, force: true }));

/** The environment of a user, without the variables by which Nx or npm influence a test that they started. */
export function cleanEnvironment(more: Readonly<Record<string, string>>): Record<string, string> {
  const isForeign = (name: string) =>
    /^(NX_|VITEST|GIT_)|^(NODE_ENV|NODE_OPTIONS|FORCE_COLOR|INIT_CWD|DMS_TEST_REPORT)$/.test(name);
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || isForeign(name) ? [] : [[name, value] as const],
  );
  const caching = { XDG_CACHE_HOME: caches, LOCALAPPDATA: caches };
  const wanted = { NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false', CI: 'true', NO_COLOR: '1' };
  return { ...Object.fromEntries(kept), ...wanted, ...caching, ...more };
}

/**
 * Copies a folder `node_modules`, as links to its files if the system supports them; nobody changes such a file in
 * place.
 */
export function copyPackages(from: string, to: string): void {
  if (spawnSync('cp', ['-al', from, to]).status === 0) return;
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}

/** Runs a program; `output` is its stdout and stderr. */
export function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  user: { readonly uid?: number; readonly gid?: number } = {},
) {
  return new Promise<{ exitCode: number | null; output: string }>((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], ...user });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, output }));
  });
}
