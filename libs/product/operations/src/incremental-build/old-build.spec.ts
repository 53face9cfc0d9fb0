import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isInstalled, isOlderThanSources } from './old-build.ts';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

function folderOf(files: readonly string[]): string {
  const root = mkdtempSync(path.join(tmpdir(), 'dms-old-build-'));
  made.push(root);
  for (const file of files) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), '');
  }
  return root;
}

const folders = ['libs', 'plugins/nx-dms'];

const bundle = 'plugins/nx-dms/dist/index.js';
const sources = [
  'libs/base/sql/src/index.ts',
  'libs/base/sql/src/deep/type.ts',
  'plugins/nx-dms/src/executors/x/schema.json',
];
const others = ['libs/base/sql/src/type.spec.ts', 'libs/base/sql/package.json', 'plugins/nx-dms/README.md'];

function repository(newest: string) {
  const files = [bundle, ...sources, ...others, 'libs/empty/package.json'];
  const root = folderOf(files);
  for (const file of files) utimesSync(path.join(root, file), 1000, file === newest ? 3000 : 1000);
  utimesSync(path.join(root, bundle), 2000, 2000);
  return root;
}

test.each(sources)('older than %s', (source) => {
  const root = repository(source);
  expect(isOlderThanSources(path.join(root, bundle), root, folders)).toBe(true);
});

test.each(others)('%s is not in the bundle', (other) => {
  const root = repository(other);
  expect(isOlderThanSources(path.join(root, bundle), root, folders)).toBe(false);
});

test('a bundle without sources beside it is not older than any', () => {
  const root = folderOf([bundle]);
  expect(isOlderThanSources(path.join(root, bundle), root, folders)).toBe(false);
});

test('only folders whose sources become part of the bundle count', () => {
  const root = repository('plugins/nx-dms/src/executors/x/schema.json');
  expect(isOlderThanSources(path.join(root, bundle), root, ['libs'])).toBe(false);
});

test('an installed package is below node_modules', () => {
  expect([isInstalled(path.join('a', 'node_modules', 'b')), isInstalled(path.join('libs', 'b'))]).toEqual([
    true,
    false,
  ]);
});
