import { expect, test } from 'vitest';
import { projectNames } from './project-names.ts';

/** A folder, written as `folder`, or as `folder=name` if its files give it a name. */
function find(...folders: string[]) {
  const named = folders.map((text) => {
    const [root = '', explicit] = text.split('=');
    return { root, explicit };
  });
  const found = projectNames(named, 'Work Space');
  return named.map(({ root }) => found.get(root));
}

const names = (...folders: string[]) => find(...folders).map((found) => found?.name);

test('a project has the base name of its folder', () => {
  expect(names('schemas/ed-fi', 'schemas/TPDM 1.1', 'a/_x_')).toEqual(['ed-fi', 'tpdm-1-1', 'x']);
});

test('a project in the workspace itself is named after it', () => {
  expect(names('.')).toEqual(['work-space']);
});

test('a name that a file gives is used as it is', () => {
  expect(find('schemas/ed-fi=@state/Core', 'sets/ed-fi')).toEqual([
    { name: '@state/Core', namesakes: [] },
    { name: 'ed-fi', namesakes: [] },
  ]);
});

test('of folders of one base name one keeps it, and each knows of the others', () => {
  expect(find('other/ed-fi', 'schemas/Ed_Fi', 'schemas/tpdm')).toEqual([
    { name: 'ed-fi', namesakes: ['schemas/Ed_Fi'] },
    { name: 'schemas-ed-fi', namesakes: ['other/ed-fi'] },
    { name: 'tpdm', namesakes: [] },
  ]);
});

test.each([
  [['a/b/s1', 's1', 'sets/s1'], 's1'],
  [['a/b/s1', 'z/s1'], 'z/s1'],
  [['a/work-space', '.'], '.'],
  [['a/b/x=s1', 'c/x=s1'], 'c/x'],
  [['b/s1', 'a/s1'], 'a/s1'],
])('of the folders %j the topmost keeps the name, and of several the first', (folders, keeper) => {
  const roots = folders.map((text) => text.replace(/=.*/, ''));
  const short = find(...folders).map((found) => ['s1', 'work-space'].includes(found?.name ?? ''));
  expect(roots.filter((_, index) => short[index])).toEqual([keeper]);
});

test('a name that a file gives is right, and the folder that happens to have it is not', () => {
  expect(find('a/core', 'b/x=core')).toEqual([
    { name: 'a-core', namesakes: ['b/x'] },
    { name: 'core', namesakes: [] },
  ]);
});

test('a name that two files give is right for neither', () => {
  expect(find('a/x=core', 'b/x=core', 'c/core')).toEqual([
    { name: 'core', namesakes: ['b/x', 'c/core'] },
    { name: 'b-x', namesakes: ['a/x', 'c/core'] },
    { name: 'c-core', namesakes: ['a/x', 'b/x'] },
  ]);
});

test('a further folder renames none that is named otherwise, nor the first of its own name', () => {
  const before = names('a/core', 'b/tpdm', 'c/dms=state');
  expect(names('a/core', 'b/tpdm', 'c/dms=state', 'z/core', 'z/tpdm', 'z/state').slice(0, 3)).toEqual(before);
});

test('a path that gives a name that is taken gets a hash', () => {
  const found = names('a-b', 'a/b', 'c/b');
  expect(found).toEqual(['a-b', 'b', 'c-b']);
  expect(names('a-b', 'a/b=x', 'b/x', 'b-x')).toEqual(['a-b', 'x', expect.stringMatching(/^b-x-[0-9a-f]{8}$/), 'b-x']);
});

test('a folder without a letter or digit has a name too', () => {
  expect(names('schemas/日本')).toEqual(['schemas']);
  expect(names('日本')).toEqual(['project']);
});

test('no name depends on the order of the folders', () => {
  const roots = ['a/b', 'a-b', 'c/b', 'd', 'e/d', 'x=d'];
  const there = find(...roots);
  const back = find(...[...roots].reverse());
  expect(back.reverse()).toEqual(there);
});
