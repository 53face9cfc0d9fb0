import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sha256Hex } from '@dms/values';
import { expect, test } from 'vitest';
import { temporaryWorkspace } from '../../test/temporary-workspace.ts';
import { openFileCache } from './file-cache.ts';

/** Reads `texts` through a cache file; returns those that had to be inferred. */
function inferred(cacheFile: string, context: readonly string[], texts: Readonly<Record<string, string>>) {
  const done: string[] = [];
  const cache = openFileCache<string>(cacheFile, context);
  for (const [file, text] of Object.entries(texts)) {
    const facts = cache.read(file, sha256Hex(text), () => {
      done.push(file);
      return `facts of ${text}`;
    });
    expect(facts).toBe(`facts of ${text}`);
  }
  cache.save();
  return done;
}

test('a file is read again when its bytes, its path or the context change', () => {
  const cacheFile = path.join(temporaryWorkspace(), 'deep/cache.json');
  expect(inferred(cacheFile, ['tool'], { a: '1', b: '2' })).toEqual(['a', 'b']);
  expect(inferred(cacheFile, ['tool'], { a: '1', b: '2' })).toEqual([]);
  expect(inferred(cacheFile, ['tool'], { a: '1', b: '3', c: '1' })).toEqual(['b', 'c']);
  expect(inferred(cacheFile, ['new tool'], { a: '1', b: '3', c: '1' })).toEqual(['a', 'b', 'c']);
});

test('only what was used is kept, in one file', () => {
  const folder = temporaryWorkspace();
  const cacheFile = path.join(folder, 'cache.json');
  inferred(cacheFile, [], { a: '1', b: '2' });
  inferred(cacheFile, [], { a: '1' });
  expect(Object.values(JSON.parse(readFileSync(cacheFile, 'utf8')))).toEqual(['facts of 1']);
  expect(readdirSync(folder)).toEqual(['cache.json']);
});

test('a damaged cache is not a cache, and one that cannot be written does no harm', () => {
  const folder = temporaryWorkspace({ 'cache.json': '{"a":', file: '' });
  const cacheFile = path.join(folder, 'cache.json');
  expect(inferred(cacheFile, [], { a: '1' })).toEqual(['a']);
  expect(inferred(cacheFile, [], { a: '1' })).toEqual([]);
  writeFileSync(cacheFile, '[]');
  expect(inferred(cacheFile, [], { a: '1' })).toEqual(['a']);
  expect(inferred(path.join(folder, 'file/cache.json'), [], { a: '1' })).toEqual(['a']);
});
