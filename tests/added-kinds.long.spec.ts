import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packageFolders } from '../tools/packages.ts';

/*
 * A new property type or a new kind of trigger compiles only once every place that distinguishes kinds has its case:
 * the files of their rows in docs/contributing.md, "Where each kind of thing is made". The test adds both to a copy of
 * the packages.
 */

const root = path.resolve(import.meta.dirname, '..');
const copy = mkdtempSync(path.join(tmpdir(), 'dms-added-kinds-'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Copies the code of the packages, without tests, and links everything that they import beside it. */
function copyPackages(): void {
  const folders = packageFolders(root).filter((folder) => folder.startsWith('libs/') && folder !== 'libs/testing');
  for (const folder of folders) {
    const isWanted = (file: string) => !/[/\\](?:node_modules|test|[^/\\]*\.spec\.ts)$/.test(file);
    cpSync(path.join(root, folder), path.join(copy, folder), { recursive: true, filter: isWanted });
  }
  mkdirSync(path.join(copy, 'node_modules'));
  for (const name of readdirSync(path.join(root, 'node_modules')))
    if (name !== '@dms') symlinkSync(path.join(root, 'node_modules', name), path.join(copy, 'node_modules', name));
  mkdirSync(path.join(copy, 'node_modules/@dms'));
  for (const folder of folders)
    symlinkSync(path.join(copy, folder), path.join(copy, 'node_modules/@dms', path.basename(folder)));
  const { compilerOptions } = JSON.parse(readFileSync(path.join(root, 'tsconfig.base.json'), 'utf8'));
  writeFileSync(
    path.join(copy, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, include: ['libs/*/*/src/**/*.ts'] }),
  );
}

/** The paths of the files that do not compile. */
function refused(): readonly string[] {
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', copy, '--pretty', 'false'], {
    cwd: copy,
    encoding: 'utf8',
  });
  const files = [...stdout.matchAll(/^(\S+)\(\d+,\d+\): error/gm)].map(([, file = '']) => file.replaceAll('\\', '/'));
  return [...new Set(files)].sort();
}

/** Changes a file of the copy; each text to replace must occur in it. */
function change(file: string, ...changes: readonly (readonly [text: string, later: string])[]): void {
  const place = path.join(copy, file);
  let text = readFileSync(place, 'utf8');
  for (const [before, later] of changes) {
    expect(text).toContain(before);
    text = text.replace(before, later);
  }
  writeFileSync(place, text);
}

function addPropertyType(): void {
  const file = 'libs/base/sql/src/logical-kinds.ts';
  const text = readFileSync(path.join(copy, file), 'utf8');
  const row = text.slice(text.indexOf('  Time: {'), text.indexOf('} as const satisfies'));
  expect(row).toContain("packName: 'time'");
  const added = row.replace('Time:', 'Added:').replace("packName: 'time'", "packName: 'added'");
  change(file, [row, `${row}${added}`]);
}

const addTrigger = () =>
  change(
    'libs/compiler/inventory/src/trigger-kinds.ts',
    ['    authHierarchyTrigger(),\n', '    authHierarchyTrigger(),\n    addedTrigger(),\n'],
    [
      'const authHierarchyTrigger = () =>',
      "const addedTrigger = () => z.object({ ...common(), kind: z.literal('Added') });\n\nconst authHierarchyTrigger = () =>",
    ],
  );

test('a new kind does not compile wherever code distinguishes kinds', () => {
  copyPackages();
  addPropertyType();
  addTrigger();
  expect(refused()).toEqual([
    'libs/compiler/ddl/src/trigger-bodies.ts',
    'libs/compiler/inventory/src/trigger-kinds.ts',
    // needs its number in mapping-pack.proto
    'libs/compiler/packs/src/wire/tokens.ts',
    'libs/data/documents/src/values/value-kinds.ts',
  ]);
});
