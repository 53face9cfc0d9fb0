import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { changesOf } from './changes.ts';
import { nearestSpecs, usersOf } from './imports.ts';

test.each([
  ['an operator', 'const a = b === c;', ['const a = b !== c;']],
  ['a negation', 'f(!a);', [';', 'f(a);']],
  [
    'a constant',
    'const a = [1, true, null];',
    ['const a = [2, true, null];', 'const a = [1, false, null];', 'const a = [1, true, undefined];'],
  ],
  ['a text, and none', "const a = ['b', ''];", ["const a = ['', ''];", "const a = ['b', 'changed'];"]],
  ['a statement', 'if (a) f();', [';', 'if (a) ;']],
  ['the text of a template', 'const a = `b`;', ['const a = ``;']],
  [
    'no type, import, directive or name of a member',
    "'use strict'; import a from 'b'; type C = 'd' | 1; const e = { 'f': g };",
    [],
  ],
  ['nothing that lies on two lines', 'f(\n  a,\n);', []],
])('changes %s', (_, source, changed) => {
  expect(changesOf(source).map((change) => change.changed)).toEqual(changed);
});

test('the nearest specs come first, and the index of a package leads to the file of a name', () => {
  const files = {
    'libs/a/package.json': '{ "name": "@x/a" }',
    'libs/a/src/index.ts':
      "export { one } from './one.ts';\nexport * from './two.ts';\nexport type { Three } from './three.ts';",
    'libs/a/src/one.ts': 'export const one = 1;',
    'libs/a/src/two.ts': 'export const two = 2;',
    'libs/a/src/three.ts': 'export type Three = 3;',
    'libs/a/src/one.spec.ts': "import { one } from './one.ts';",
    'libs/b/package.json': '{ "name": "@x/b" }',
    'libs/b/src/user.ts': "import { one, type Three } from '@x/a';",
    'libs/b/src/user.spec.ts': "import './user.ts';",
    'libs/b/src/all.long.spec.ts': "import * as all from '@x/a';",
    'libs/b/src/later.spec.ts': "const load = () => import('../../a/src/two.ts');",
  };
  const root = mkdtempSync(path.join(tmpdir(), 'mutants-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
  const users = usersOf(
    root,
    Object.keys(files).filter((name) => name.endsWith('.ts')),
  );
  expect(nearestSpecs('libs/a/src/one.ts', users)).toEqual([
    'libs/a/src/one.spec.ts',
    'libs/b/src/all.long.spec.ts',
    'libs/b/src/user.spec.ts',
  ]);
  expect(nearestSpecs('libs/a/src/two.ts', users)).toEqual(['libs/b/src/all.long.spec.ts', 'libs/b/src/later.spec.ts']);
  expect(nearestSpecs('libs/a/src/three.ts', users)).toEqual([]);
});
