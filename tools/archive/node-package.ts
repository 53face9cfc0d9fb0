/**
 * Node 22 from npm, for the systems of `node-packages.json`, which holds the name and the hash of each package.
 *
 *   npx tsx tools/archive/node-package.ts <folder>    unpacks the one of this system into a folder
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

interface NodePackages {
  readonly version: string;
  readonly systems: Readonly<Record<string, { readonly package: string; readonly integrity: string }>>;
}

const table: NodePackages = JSON.parse(readFileSync(new URL('node-packages.json', import.meta.url), 'utf8'));

export const nodeVersion = table.version;

/** The systems, in ordinal order. */
export const systems: readonly string[] = Object.keys(table.systems).sort();

/** Unpacks Node for a system into `folder`. Fails if npm has no such package, or if its hash is not that of the table. */
export function unpackNode(system: string, folder: string): void {
  const entry = table.systems[system];
  if (entry === undefined) throw new Error(`There is no Node for ${system}; there is for ${systems.join(', ')}.`);
  const download = mkdtempSync(path.join(tmpdir(), 'dms-node-'));
  try {
    const name = `${entry.package}@${table.version}`;
    const packed = succeeded('npm', ['pack', name, '--json', '--prefer-offline', '--pack-destination', download]);
    const file = path.join(download, JSON.parse(packed)[0].filename);
    expectIntegrity(name, readFileSync(file), entry.integrity);
    mkdirSync(folder, { recursive: true });
    succeeded('tar', ['-xzf', file, '-C', folder, '--strip-components', '1']);
  } finally {
    rmSync(download, { recursive: true, force: true });
  }
}

/** Throws if the SHA-512 of a package is not the expected one. */
export function expectIntegrity(name: string, bytes: Uint8Array, expected: string): void {
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (integrity !== expected) throw new Error(`${name} has the hash ${integrity}, and node-packages.json ${expected}.`);
}

/** Runs a program that must succeed; returns its output. */
export function succeeded(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { ...options, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  unpackNode(`${process.platform.replace('win32', 'win')}-${process.arch}`, process.argv[2] ?? '.');
