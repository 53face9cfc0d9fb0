import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { parseTar } from 'nanotar';
import { expect, test } from 'vitest';
import { tarGzip, zip } from './formats.ts';
import { placesOf } from './installed-packages.ts';
import { expectIntegrity } from './node-package.ts';

const long = `${'folder/'.repeat(18)}file.js`;
const files = [
  { name: 'top/dms-ddl', bytes: Buffer.from('#!/bin/sh\n'), isExecutable: true },
  { name: long, bytes: Buffer.alloc(1300, 7), isExecutable: false },
];

test('a tar archive has the paths, modes and bytes of its files, and a fixed time', () => {
  const parsed = parseTar(new Uint8Array(gunzipSync(tarGzip(files))));
  const [first, second] = parsed;
  expect(first).toMatchObject({ name: 'top/dms-ddl', attrs: { mode: '0000755', uid: 0, gid: 0, mtime: 315_532_800 } });
  expect(first?.text).toBe('#!/bin/sh\n');
  // the reader does not join the two fields of a long path
  expect(long.endsWith(`/${second?.name}`)).toBe(true);
  expect(second).toMatchObject({ attrs: { mode: '0000644' } });
  expect(Buffer.from(second?.data ?? [])).toEqual(files[1]?.bytes);
  expect(tarGzip(files)).toEqual(tarGzip(files));
  expect(() => tarGzip([{ ...files[1]!, name: 'x'.repeat(120) }])).toThrow('too long');
});

test('a zip archive has the same files, and the same bytes in each run', () => {
  const packed = zip(files);
  expect(Object.keys(unzipSync(packed))).toEqual(files.map(({ name }) => name));
  expect(packed).toEqual(zip(files));
});

test('the packages are those that are loaded, from the nearest place', () => {
  const packages = {
    'node_modules/a': { dependencies: { b: '^1', '@types/node': '*' } },
    'node_modules/a/node_modules/b': {},
    'node_modules/b': { dependencies: { c: '*' }, optionalDependencies: { 'd-linux': '*' } },
    'node_modules/c': { dependencies: { b: '*' } },
    'node_modules/unrelated': {},
  };
  expect(placesOf({ packages }, ['a', 'c'])).toEqual([
    'node_modules/a',
    'node_modules/a/node_modules/b',
    'node_modules/b',
    'node_modules/c',
  ]);
  expect(() => placesOf({ packages }, ['none'])).toThrow('no none');
});

test('another package than that of the table is refused', () => {
  const expected = 'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==';
  expect(() => expectIntegrity('node', Buffer.from(''), expected)).not.toThrow();
  expect(() => expectIntegrity('node', Buffer.from('x'), expected)).toThrow('node has the hash');
});
