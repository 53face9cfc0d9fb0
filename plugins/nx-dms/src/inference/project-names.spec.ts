import { expect, test } from 'vitest';
import { projectNames } from './project-names.ts';

const names = (...roots: string[]) => [...projectNames(roots, 'Work Space').values()];

test('a project has the base name of its folder', () => {
  expect(names('schemas/ed-fi', 'schemas/TPDM 1.1', 'a/_x_')).toEqual(['ed-fi', 'tpdm-1-1', 'x']);
});

test('a project in the workspace itself is named after it', () => {
  expect(names('.')).toEqual(['work-space']);
});

test('folders of one base name are named by their paths, and all others are not', () => {
  expect(names('other/ed-fi', 'schemas/Ed_Fi', 'schemas/tpdm')).toEqual(['other-ed-fi', 'schemas-ed-fi', 'tpdm']);
});

test('what is still the same after that gets a hash of its path', () => {
  const found = names('x-y/core', 'x/y/core', 'z/core');
  expect(found).toEqual([
    expect.stringMatching(/^x-y-core-[0-9a-f]{8}$/),
    expect.stringMatching(/^x-y-core-[0-9a-f]{8}$/),
    'z-core',
  ]);
  expect(new Set(found).size).toBe(3);
  const clash = names('a/b', 'a-b', 'c/b');
  expect(clash).toEqual([expect.stringMatching(/^a-b-[0-9a-f]{8}$/), expect.stringMatching(/^a-b-[0-9a-f]{8}$/), 'c-b']);
});

test('a folder without a letter or digit has a name too', () => {
  expect(names('schemas/日本')).toEqual(['schemas']);
  expect(names('日本')).toEqual(['project']);
});

test('no name depends on the order of the folders', () => {
  const roots = ['a/b', 'a-b', 'c/b', 'd', 'e/d', 'x'];
  const there = projectNames(roots, 'w');
  const back = projectNames([...roots].reverse(), 'w');
  for (const root of roots) expect(back.get(root)).toBe(there.get(root));
});
