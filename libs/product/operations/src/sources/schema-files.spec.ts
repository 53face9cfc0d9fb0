import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { caselessName } from '@dms/files';
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

describe('what exists is taken as it is written', () => {
  const named = mkdtempSync(path.join(tmpdir(), 'dms-named-'));
  const folders = ['Downloads (1)', '!new', 'a,b', '{x}', '[1]', 'Program Files (x86)/set', '@(y)', 'plain'];
  for (const each of folders) {
    mkdirSync(path.join(named, each), { recursive: true });
    for (const file of ['one.json', 'two.json']) writeFileSync(path.join(named, each, file), '{}');
  }
  mkdirSync(path.join(named, 'plain/node_modules/x'), { recursive: true });
  writeFileSync(path.join(named, 'plain/node_modules/x/three.json'), '{}');
  afterAll(() => rmSync(named, { recursive: true, force: true }));

  it.each(folders)('before a pattern: %s', async (each) => {
    for (const rest of ['*.json', '{one,two}.json', '**/t*.json', '[ot]*.json']) {
      const expected = (rest.includes('t*') ? ['two.json'] : ['one.json', 'two.json']).map((file) =>
        path.join(named, each, file),
      );
      expect(await matchingFiles(`${named}/${each}/${rest}`), rest).toEqual(expected);
    }
  });

  it('behind a pattern too', async () => {
    const found = await matchingFiles(`${named}/Prog*/set/../../{x}/o*.json`);
    expect(found.map((file) => path.normalize(file))).toEqual([path.join(named, '{x}/one.json')]);
    expect(await matchingFiles(`${named}/Program*/s?t/*.json`)).toHaveLength(2);
  });

  it('other names with these characters are patterns', async () => {
    expect(await matchingFiles(`${named}/{plain,nothing}/one.json`)).toEqual([path.join(named, 'plain/one.json')]);
    expect(await matchingFiles(`${named}/@(plain|other)/*.json`)).toHaveLength(2);
    expect(await matchingFiles(`${named}/{plain/one,{x}/two}.json`)).toContain(path.join(named, 'plain/one.json'));
  });

  it('packages of npm match no pattern, and are found where they are named', async () => {
    for (const rest of ['*/x/*.json', '**/x/*.json'])
      await expect(matchingFiles(`${named}/plain/${rest}`)).rejects.toThrow('INPUT_FILE_NOT_FOUND');
    expect(await matchingFiles(`${named}/plain/node_modules/x/*.json`)).toHaveLength(1);
  });
});

describe('a pattern on Windows', () => {
  const disk = mkdtempSync(path.join(tmpdir(), 'dms-disk-'));
  // the current folder is C:\work, that of the drive D: is D:\data
  for (const file of ['C/Set/One.json', 'C/work/Set/One.json', 'D/data/Set/One.json', 'share/Set/One.json']) {
    mkdirSync(path.dirname(path.join(disk, file)), { recursive: true });
    writeFileSync(path.join(disk, file), '{}');
  }
  afterAll(() => rmSync(disk, { recursive: true, force: true }));

  /** Where a path of Windows is in the folder. */
  const real = (place: string) => {
    const { root } = path.win32.parse(place);
    const folders: Readonly<Record<string, string>> = {
      '': 'C/work',
      '/': 'C',
      'C:/': 'C',
      'C:': 'C/work',
      'D:': 'D/data',
      '//server/share/': 'share',
      '//?/C:/': 'C',
    };
    return path.join(disk, folders[root] ?? `no root ${root}`, place.slice(root.length));
  };

  it.each([
    ['\\set\\*.json', '\\Set\\One.json'],
    ['C:set\\*.json', 'C:Set\\One.json'],
    ['D:set\\*.json', 'D:Set\\One.json'],
    ['C:\\SET\\*.JSON', 'C:\\Set\\One.json'],
    ['\\\\server\\share\\set\\*.json', '\\\\server\\share\\Set\\One.json'],
    ['\\\\?\\C:\\set\\*.json', '\\\\?\\C:\\Set\\One.json'],
    ['set\\o*.json', 'Set\\One.json'],
    ['.\\s*\\{one,two}.json', 'Set\\One.json'],
    ['**\\ONE.json', 'Set\\One.json'],
    ['C:/set/*.json', 'C:/Set/One.json'],
  ])('%s finds %s', async (pattern, expected) => {
    const files = await matchingFiles(pattern, { platform: 'win32', real });
    // where letter case does not count on this disk either, a folder that exists is taken as it is written
    const spelt = existsSync(path.join(disk, 'c')) ? caselessName : (file: string) => file;
    expect(files.map(spelt)).toEqual([spelt(expected)]);
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

describe('a pattern of schemas', () => {
  it('that matches no file means the folders with an ApiSchema file, which a shell would name', async () => {
    const below = (name: string) => path.join(folder, 'schemas', name);
    mkdirSync(below('d/empty'), { recursive: true });
    expect(await matchingInputs([below('[bcd]')])).toEqual([below('b'), below('c')]);
    expect(await matchingInputs([below('*/ApiSchema.json')])).toEqual(await matchingFiles(below('*/ApiSchema.json')));
    await expect(matchingInputs([below('d/*')])).rejects.toMatchObject({ code: 'INPUT_FILE_NOT_FOUND' });
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
