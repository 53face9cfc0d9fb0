import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryWorkspace } from '../test/temporary-workspace.ts';
import { linkedMappingSet, linkOfPlaces, linkOnTheWay, linkToArtifacts } from './unseen-files.ts';

test('a link is found wherever it is on the way to a file, and whether or not it leads anywhere', () => {
  const root = temporaryWorkspace({ 'real/a.json': '1', 'links/b.json': '2', 'links/x/c.json': '3' });
  symlinkSync('../real/a.json', path.join(root, 'links/inside.json'));
  symlinkSync('/nowhere/at/all', path.join(root, 'links/broken'));
  symlinkSync('real', path.join(root, 'folder'));
  symlinkSync('loop', path.join(root, 'loop'));
  const found = (file: string) => linkOnTheWay(root, file);
  expect(found('real/a.json')).toBeUndefined();
  expect(found('links/x/c.json')).toBeUndefined();
  expect(found('.')).toBeUndefined();
  expect(found('links/none/c.json')).toBeUndefined();
  expect(found('links/b.json/c.json')).toBeUndefined();
  expect(found('links/inside.json')).toBe('links/inside.json');
  expect(found('links/broken')).toBe('links/broken');
  expect(found('links/broken/c.json')).toBe('links/broken');
  expect(found('folder')).toBe('folder');
  expect(found('folder/a.json')).toBe('folder');
  expect(found('loop/a.json')).toBe('loop');
});

test('a link above the workspace is not looked at', () => {
  const real = temporaryWorkspace({ 'workspace/golden/pgsql.sql': '' });
  symlinkSync('workspace', path.join(real, 'link'));
  const root = path.join(real, 'link');
  expect(linkOnTheWay(root, 'golden/pgsql.sql')).toBeUndefined();
  expect(linkToArtifacts(root, 'golden')).toBeUndefined();
  expect(linkToArtifacts(root, '.')).toBeUndefined();
});

test('of the files in a folder only artifacts are read, and looked at', () => {
  const root = temporaryWorkspace({ 'golden/pgsql.sql': '', 'elsewhere/x': '' });
  const link = (name: string) => symlinkSync('../elsewhere/x', path.join(root, 'golden', name));
  expect(linkToArtifacts(root, 'golden')).toBeUndefined();
  expect(linkToArtifacts(root, 'not/there')).toBeUndefined();
  link('README.md');
  mkdirSync(path.join(root, 'golden/more'));
  link('more/mssql.sql');
  expect(linkToArtifacts(root, 'golden')).toBeUndefined();
  link('mssql.sql');
  link('catalog.mssql.json');
  expect(linkToArtifacts(root, 'golden')).toBe('golden/catalog.mssql.json');
  symlinkSync('golden', path.join(root, 'released'));
  expect(linkToArtifacts(root, 'released')).toBe('released');
});

test('of a folder of documents every link counts, at any depth', () => {
  const root = temporaryWorkspace({ 'documents/a.jsonl': '', 'documents/more/b.jsonl': '', 'rules.json': '{}' });
  const places = { folder: null, documents: 'documents', files: ['rules.json'] };
  expect(linkOfPlaces(root, places)).toBeUndefined();
  symlinkSync('../a.jsonl', path.join(root, 'documents/more/c.jsonl'));
  expect(linkOfPlaces(root, places)).toBe('documents/more/c.jsonl');
  symlinkSync('rules.json', path.join(root, 'linked.json'));
  expect(linkOfPlaces(root, { ...places, documents: null, files: ['rules.json', 'linked.json'] })).toBe('linked.json');
});

test('a dms.json behind a link is reported with the link', () => {
  const root = temporaryWorkspace({ 'real/dms.json': '{}', 'sets/b/x': '' });
  symlinkSync('../real', path.join(root, 'sets/a'));
  symlinkSync('../../real/dms.json', path.join(root, 'sets/b/dms.json'));
  expect(linkedMappingSet(root, 'real/dms.json')).toBeUndefined();
  expect(linkedMappingSet(root, 'sets/a/dms.json')).toMatchObject({
    code: 'TASK_INPUT_LINKED',
    where: { file: 'sets/a/dms.json' },
    details: { link: 'sets/a' },
  });
  expect(linkedMappingSet(root, 'sets/b/dms.json')?.message).toContain('sets/b/dms.json is a symbolic link');
});
