import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeTextFile } from './index.ts';

describe('writing a text file', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'dms-write-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('writes the text as UTF-8 without a byte order mark and leaves nothing else in the folder', async () => {
    const file = path.join(folder, 'a.json');
    await writeTextFile(file, 'é😀\n');
    expect([...(await readFile(file))]).toEqual([0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80, 0x0a]);
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  it('changes no line end', async () => {
    const file = path.join(folder, 'a.txt');
    await writeTextFile(file, 'a\nb\r\nc');
    expect(await readFile(file, 'latin1')).toBe('a\nb\r\nc');
  });

  it('creates the folders of the file', async () => {
    const file = path.join(folder, 'x', 'y', 'a.json');
    await writeTextFile(file, '{}');
    expect(await readFile(file, 'utf8')).toBe('{}');
    expect(await readdir(path.dirname(file))).toEqual(['a.json']);
  });

  it('replaces a longer file completely', async () => {
    const file = path.join(folder, 'a.json');
    await writeFile(file, 'a much longer text than the next');
    await writeTextFile(file, 'short');
    expect(await readFile(file, 'utf8')).toBe('short');
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  it('never changes the file that a reader has open: the new one takes its place by renaming', async () => {
    const file = path.join(folder, 'a.json');
    await writeFile(file, 'old text');
    const reader = await open(file, 'r');
    try {
      await writeTextFile(file, 'new');
      expect(await reader.readFile('utf8')).toBe('old text');
      expect(await readFile(file, 'utf8')).toBe('new');
    } finally {
      await reader.close();
    }
  });

  it('leaves no temporary file behind when it fails', async () => {
    const occupied = path.join(folder, 'a.json');
    await mkdir(occupied);
    await expect(writeTextFile(occupied, 'text')).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['a.json']);
    expect(await readdir(occupied)).toEqual([]);
  });

  it('leaves one whole text and no temporary file after writers at the same time', async () => {
    const file = path.join(folder, 'a.json');
    const texts = Array.from({ length: 8 }, (_, index) => `${index}`.repeat(100_000));
    await Promise.all(texts.map((text) => writeTextFile(file, text)));
    expect(texts).toContain(await readFile(file, 'utf8'));
    expect(await readdir(folder)).toEqual(['a.json']);
  });
});
