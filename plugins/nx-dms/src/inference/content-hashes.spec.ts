import { readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sha256Hex } from '@dms/values';
import { expect, test } from 'vitest';
import { temporaryWorkspace } from '../../test/temporary-workspace.ts';
import { ContentHashes } from './file-cache.ts';

const muchLater = () => Date.now() + 60_000;

async function readAt(now: () => number) {
  const folder = temporaryWorkspace({ file: 'one' });
  const file = path.join(folder, 'file');
  const hashes = new ContentHashes(now);
  expect(hashes.unlessChanged(file)).toBeUndefined();
  const read = await hashes.read(file, async () => readFileSync(file));
  expect(read).toEqual({ bytes: Buffer.from('one'), hash: sha256Hex('one') });
  return { folder, file, hashes };
}

test('the hash of a file is known as long as the file is what it was', async () => {
  const { file, hashes } = await readAt(muchLater);
  expect(hashes.unlessChanged(file)).toBe(sha256Hex('one'));
  expect(hashes.unlessChanged(`${file}.gone`)).toBeUndefined();
});

test('a change of the same length shows, also when the time of the file is put back, and when another file takes its place', async () => {
  const changes = {
    write: (file: string) => writeFileSync(file, 'two'),
    'write and put the time back': (file: string) => {
      const { atime, mtime } = statSync(file);
      writeFileSync(file, 'two');
      utimesSync(file, atime, mtime);
    },
    replace: (file: string) => {
      writeFileSync(`${file}.new`, 'two');
      renameSync(`${file}.new`, file);
    },
  };
  for (const [name, change] of Object.entries(changes)) {
    const { file, hashes } = await readAt(muchLater);
    // longer than the resolution of file times
    await new Promise((resolve) => setTimeout(resolve, 20));
    change(file);
    expect(hashes.unlessChanged(file), name).toBeUndefined();
  }
});

test('a file that has just changed is read again: it may change once more and look the same', async () => {
  const { file, hashes } = await readAt(Date.now);
  expect(hashes.unlessChanged(file)).toBeUndefined();
});
