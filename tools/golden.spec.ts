import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { accept, differences, emitBreakingRelease, goldenSets } from './golden.ts';

function workspaceWith(files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(path.join(tmpdir(), 'golden-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
  return root;
}

const files = {
  'fixtures/mapping-sets/a/dms.json': '{ "golden": "../../../golden/a" }',
  'fixtures/mapping-sets/b/dms.json': '{ "golden": "own", "outputDirectory": "out" }',
  'fixtures/mapping-sets/c/dms.json': '{ "golden": null }',
  'golden/a/same.json': '1',
  'golden/a/changed.json': '1',
  'golden/a/README.md': '',
  'dist/fixtures/mapping-sets/a/same.json': '1',
  'dist/fixtures/mapping-sets/a/changed.json': '2',
  'dist/fixtures/mapping-sets/a/pgsql.sql': '3',
  'dist/fixtures/mapping-sets/a/mssql.sql': '4',
};
const a = { project: 'a', artifacts: 'dist/fixtures/mapping-sets/a', golden: 'golden/a' };

test('the mapping sets with a golden folder', () => {
  expect(goldenSets(workspaceWith(files))).toEqual([
    a,
    { project: 'b', artifacts: 'out', golden: 'fixtures/mapping-sets/b/own' },
  ]);
});

test('only what is committed is compared, and what is named is added', () => {
  const root = workspaceWith(files);
  const changed = {
    kind: 'changed',
    artifact: `${a.artifacts}/changed.json`,
    golden: 'golden/a/changed.json',
  } as const;
  expect(differences(root, a)).toEqual([changed]);
  expect(differences(root, a, ['pgsql.sql', 'same.json'])).toEqual([
    changed,
    { kind: 'added', artifact: `${a.artifacts}/pgsql.sql`, golden: 'golden/a/pgsql.sql' },
  ]);
});

test('what is accepted differs no more', () => {
  const root = workspaceWith(files);
  accept(root, differences(root, a, ['pgsql.sql']));
  expect(differences(root, a)).toEqual([]);
  expect(readFileSync(path.join(root, 'golden/a/changed.json'), 'utf8')).toBe('2');
  expect(readFileSync(path.join(root, 'golden/a/pgsql.sql'), 'utf8')).toBe('3');
});

test('the views of an earlier version are those that were accepted', async () => {
  const root = workspaceWith({});
  const golden = path.resolve(import.meta.dirname, '../golden/standard');
  await emitBreakingRelease(path.join(root, 'standard'));
  const names = ['earlier-mapping.json', 'reporting-earlier.mssql.sql', 'reporting-earlier.pgsql.sql'];
  expect(readdirSync(golden).sort()).toEqual(names);
  for (const name of names)
    expect(readFileSync(path.join(root, 'standard', name), 'utf8'), `${name}; npm run golden:accept accepts it`).toBe(
      readFileSync(path.join(golden, name), 'utf8'),
    );
});
