import { utimesSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryWorkspace } from '../../test/temporary-workspace.ts';
import { isOlderThanSources } from './tool-input.ts';

const bundle = 'plugins/nx-dms/dist/index.js';
const sources = [
  'libs/base/sql/src/index.ts',
  'libs/base/sql/src/deep/type.ts',
  'plugins/nx-dms/src/executors/x/schema.json',
];
const others = ['libs/base/sql/src/type.spec.ts', 'libs/base/sql/package.json', 'plugins/nx-dms/README.md'];

function repository(newest: string) {
  const files = [bundle, ...sources, ...others, 'libs/empty/package.json'];
  const root = temporaryWorkspace(Object.fromEntries(files.map((file) => [file, ''])));
  for (const file of files) utimesSync(path.join(root, file), 1000, file === newest ? 3000 : 1000);
  utimesSync(path.join(root, bundle), 2000, 2000);
  return root;
}

test.each(sources)('older than %s', (source) => {
  const root = repository(source);
  expect(isOlderThanSources(path.join(root, bundle), root)).toBe(true);
});

test.each(others)('%s is not in the bundle', (other) => {
  const root = repository(other);
  expect(isOlderThanSources(path.join(root, bundle), root)).toBe(false);
});

test('a bundle without sources beside it is not older than any', () => {
  const root = temporaryWorkspace({ [bundle]: '' });
  expect(isOlderThanSources(path.join(root, bundle), root)).toBe(false);
});
