import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { filesOfFolders, matchingFiles, matchingInputs, matchingPath, matchingPaths } from './schema-files.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'dms-patterns-'));
for (const name of ['a', 'b', 'c']) {
  mkdirSync(path.join(folder, 'schemas', name), { recursive: true });
  writeFileSync(path.join(folder, 'schemas', name, 'ApiSchema.json'), '{}');
}
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const found = async (pattern: string, platform: NodeJS.Platform) =>
  (await matchingFiles(pattern, { platform })).map((file) => path.win32.basename(path.win32.dirname(file)));

describe('patterns with the backslashes of Windows', () => {
  const below = (rest: string) => `${folder.replaceAll('/', '\\')}\\${rest}`;

  it.each([
    ['schemas\\*\\ApiSchema.json', ['a', 'b', 'c']],
    ['schemas\\{a,b}\\ApiSchema.json', ['a', 'b']],
    ['schemas\\[bc]\\*.json', ['b', 'c']],
    ['**\\ApiSchema.json', ['a', 'b', 'c']],
    ['schemas/?\\*.json', ['a', 'b', 'c']],
  ])('%s finds the files', async (pattern, expected) => {
    expect(await found(below(pattern), 'win32')).toEqual(expected);
  });

  it('files are named as the pattern is', async () => {
    const [file] = await matchingFiles(below('schemas\\[a]\\*.json'), { platform: 'win32' });
    expect(file?.endsWith('\\schemas\\a\\ApiSchema.json')).toBe(true);
    expect(file).not.toContain('/');
  });

  it('a path that is no pattern stays as it was typed', async () => {
    expect(await matchingFiles('schemas\\none\\ApiSchema.json', { platform: 'win32' })).toEqual([
      'schemas\\none\\ApiSchema.json',
    ]);
  });

  it('a pattern that finds nothing is named as it was typed', async () => {
    await expect(matchingFiles(below('none\\*.json'), { platform: 'win32' })).rejects.toMatchObject({
      code: 'INPUT_FILE_NOT_FOUND',
      message: expect.stringContaining('none\\*.json'),
    });
  });

  it('elsewhere a backslash makes a character plain', async () => {
    const [file = ''] = await matchingFiles(`${folder}/schemas/\\*/*.json`, { platform: 'linux' }).catch(({ code }) => [
      code,
    ]);
    expect(file).toBe('INPUT_FILE_NOT_FOUND');
  });
});

describe('paths of documents', () => {
  const below = (...names: string[]) => names.map((name) => path.join(folder, 'schemas', name));

  it.each([
    ['files', ['*/ApiSchema.json'], ['a/ApiSchema.json', 'b/ApiSchema.json', 'c/ApiSchema.json']],
    ['folders, as those of a shell', ['{b,a}'], ['a', 'b']],
    ['what is named before once', ['b', '[bc]'], ['b', 'c']],
    ['and what is no pattern, even if it is not there', ['none.xml', 'c*'], ['none.xml', 'c']],
  ])('match %s', async (_, patterns, expected) => {
    expect(await matchingPaths(below(...patterns))).toEqual(below(...expected));
  });

  it('are those with exactly the name of a pattern', async () => {
    writeFileSync(path.join(folder, '[a].xml'), '');
    expect(await matchingPaths([path.join(folder, '[a].xml')])).toEqual([path.join(folder, '[a].xml')]);
  });
});

describe('the path of one file', () => {
  const below = (pattern: string) => path.join(folder, 'schemas', pattern);

  it('is that of the one that matches, or stays as it is', async () => {
    expect(await matchingPath(below('[b]/*.json'))).toBe(below('b/ApiSchema.json'));
    expect(await matchingPath(below('none.json'))).toBe(below('none.json'));
  });

  it('cannot be that of several, which are named', async () => {
    const [b, c] = [below('b/ApiSchema.json'), below('c/ApiSchema.json')];
    await expect(matchingPath(below('[bc]/*.json'))).rejects.toMatchObject({
      code: 'INPUT_FILE_NOT_FOUND',
      message: expect.stringContaining(`${below('[bc]/*.json')} matches several files: ${b}, ${c}; name one of them.`),
    });
  });
});

describe('a file that links lead to', () => {
  const linked = mkdtempSync(path.join(tmpdir(), 'dms-linked-'));
  const place = (...names: string[]) => path.join(linked, ...names);
  mkdirSync(place('one'));
  writeFileSync(place('one', 'ApiSchema.json'), '{}');
  symlinkSync(place('one', 'ApiSchema.json'), place('one', 'later-ApiSchema.json'));
  symlinkSync(place('one'), place('two'));
  afterAll(() => rmSync(linked, { recursive: true, force: true }));

  it('is the one file of its folder', async () => {
    expect(await filesOfFolders([place('one'), place('two')])).toEqual([
      place('one', 'ApiSchema.json'),
      place('two', 'ApiSchema.json'),
    ]);
  });

  it.each([
    ['files', ['one/*.json'], ['one/ApiSchema.json']],
    ['folders', ['*/ApiSchema.json'], ['one/ApiSchema.json']],
    ['both', ['two/later-ApiSchema.json', '*/*.json'], ['two/later-ApiSchema.json']],
  ])('is found once by a pattern: links to %s', async (_, patterns, expected) => {
    const files = expected.map((each) => place(each));
    expect(await matchingInputs(patterns.map((each) => place(each)))).toEqual(files);
    expect(await matchingPaths(patterns.map((each) => place(each)))).toEqual(files);
  });

  it('is reported where it is named twice itself', async () => {
    const names = [place('one/ApiSchema.json'), place('two/ApiSchema.json')];
    expect(await matchingInputs(names)).toEqual(names);
  });
});
