import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openShapesFile, usualShapesFile } from './known-shapes-file.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-shapes-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const one = '1'.repeat(64);
// the key of a run, and what it counted
const other = `${'2'.repeat(64)} ${'3'.repeat(64)} {"documents":1}`;

it('keeps the keys of runs, and reads none of another version or from another file', async () => {
  const file = path.join(scratch, 'cache', 'shapes.txt');
  const open = () => openShapesFile(file, {}, '1.0.0 hash');
  const opened = async () => (await open())?.known.keys;
  expect(await opened()).toEqual(new Set());
  await (await open())?.add([other]);
  await (await open())?.add([one, other]);
  expect(await opened()).toEqual(new Set([one, other]));
  const text = readFileSync(file, 'utf8');
  expect(text.split('\n')).toEqual(['shapes proved by dms 1.0.0 hash', one, other, '']);
  writeFileSync(file, text.replace('hash', 'other'));
  expect(await opened()).toEqual(new Set());
  for (const content of [`${one}\n`, '{"keys":[]}']) {
    writeFileSync(file, content);
    await expect(opened(), content).rejects.toThrow('holds no shapes, and is not overwritten');
  }
  await expect(openShapesFile(scratch, {}, '1.0.0 hash')).rejects.toThrow('is a folder');
});

it('is in the folder for caches of the user, but not in a checkout', async () => {
  expect(usualShapesFile({ XDG_CACHE_HOME: '/c', HOME: '/h' }, 'linux')).toBe(path.join('/c', 'dms', 'shapes.txt'));
  expect(usualShapesFile({ HOME: '/h' }, 'linux')).toBe(path.join('/h', '.cache', 'dms', 'shapes.txt'));
  expect(usualShapesFile({ HOME: '/h' }, 'darwin')).toBe(path.join('/h', 'Library', 'Caches', 'dms', 'shapes.txt'));
  expect(usualShapesFile({ LOCALAPPDATA: 'C:' }, 'win32')).toBe(path.join('C:', 'dms', 'shapes.txt'));
  expect(usualShapesFile({}, 'linux')).toBeUndefined();
  expect(await openShapesFile(undefined, { HOME: scratch })).toBeNull();
  await expect(openShapesFile(path.join(scratch, 'named.txt'), {})).rejects.toThrow('omit --shapes, or run a build');
});
