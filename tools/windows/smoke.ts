/**
 * Runs commands on Windows with each way of typing a path there, and expects the same files each time. On other systems
 * it uses their paths, to test the list itself.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TypedPath, typedCommands, windowsPaths } from './typed-commands.ts';
import { differences, writtenFiles } from './written-files.ts';

const root = path.resolve(import.meta.dirname, '../..');
const program = path.join(root, 'libs/product/cli/bin/dms-ddl.mjs');
const isWindows = process.platform === 'win32';
const ways: Readonly<Record<string, (folder: string, file: string) => string>> = isWindows
  ? windowsPaths
  : { 'from the current folder': (_, file) => file, 'from the root': (folder, file) => path.join(folder, file) };

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-smoke-'));
const first = new Map<string, ReadonlyMap<string, string>>();
let failed = 0;

function ranIn(folder: string, args: readonly string[]): boolean {
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) console.error(`exit ${status}: dms-ddl ${args.join(' ')}\n${stderr}`);
  return status === 0;
}

/** Whether a command wrote the same files as with the first way of typing. */
function isSame(folder: string, written: string): boolean {
  const files = writtenFiles(path.join(folder, written));
  const before = first.get(written);
  if (before === undefined) first.set(written, files);
  const different = before === undefined ? [] : differences(before, files);
  if (different.length > 0) console.error(`${written} differs: ${different.join(', ')}`);
  return different.length === 0 && files.size > 0;
}

try {
  for (const [index, [name, way]] of Object.entries(ways).entries()) {
    const folder = path.join(scratch, String(index));
    for (const schema of ['campus', 'athletics']) {
      mkdirSync(path.join(folder, 'schemas', schema), { recursive: true });
      cpSync(
        path.join(root, 'fixtures/schemas', schema, 'ApiSchema.json'),
        path.join(folder, 'schemas', schema, 'ApiSchema.json'),
      );
    }
    const typed: TypedPath = (file) => way(folder, file);
    for (const { args, written } of typedCommands(typed)) {
      const isGood = ranIn(folder, args) && (written === undefined || isSame(folder, written));
      if (!isGood) failed += 1;
      console.log(`${isGood ? 'ok    ' : 'failed'}  ${name}: ${args.slice(0, 2).join(' ')}`);
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
