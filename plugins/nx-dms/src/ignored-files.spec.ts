import { ignoredFile } from '@dms/operations';
import { expect, test } from 'vitest';
import { temporaryWorkspace } from '../test/temporary-workspace.ts';
import { adviceOnIgnored, ignoredFleet, unhashedFile } from './unseen-files.ts';

const patterns = {
  '.gitignore': 'dist\n*.sql\n/deep/kept/\n',
  '.nxignore': '/golden/\n!wanted.sql\n',
  'deep/.gitignore': '*.json\n',
  'deep/.nxignore': '!fleet.json\n',
};

test.each([
  ['dist/a.json', 'dist', '.'],
  ['sets/dist/a/b.json', 'sets/dist', '.'],
  ['golden/dms/a.json', 'golden', '.'],
  ['deep/a.sql', 'deep/a.sql', '.'],
  ['deep/a.json', 'deep/a.json', 'deep'],
  // files in an ignored folder cannot be included again
  ['deep/kept/fleet.json', 'deep/kept', '.'],
])('a pattern names a file, or a folder on the way to it: %s', (file, place, patternFolder) => {
  expect(ignoredFile(temporaryWorkspace(patterns), file)).toEqual({ file, place, patternFolder });
});

test.each(['.', 'a.json', 'sets/golden/a.json', 'wanted.sql', 'deep/fleet.json'])('no pattern ignores %s', (file) => {
  expect(ignoredFile(temporaryWorkspace(patterns), file)).toBeUndefined();
});

test('the advice is the pattern that finds the place again, where the other pattern is', () => {
  const root = temporaryWorkspace(patterns);
  const adviceOn = (file: string) => {
    const ignored = ignoredFile(root, file);
    return ignored && adviceOnIgnored(ignored);
  };
  expect(adviceOn('golden/dms/a.json')).toBe('add "!golden" to .nxignore');
  expect(adviceOn('deep/a.json')).toBe('add "!a.json" to deep/.nxignore');
});

test('a newer Nx hashes ignored files, but for a folder that holds more than artifacts', () => {
  const root = temporaryWorkspace({
    ...patterns,
    'golden/pgsql.sql': '',
    'sets/b/pgsql.sql': '',
    'sets/b/notes.txt': '',
  });
  const places = {
    folder: 'golden',
    documents: null,
    files: ['seen.json', 'deep/a.json'],
    root: 'sets/b',
    outputDirectory: 'dist/sets/b',
  };
  expect(unhashedFile(root, places, true)).toBeUndefined();
  expect(unhashedFile(root, places, false)?.file).toBe('deep/a.json');
  expect(unhashedFile(root, { ...places, files: [] }, false)?.file).toBe('golden/pgsql.sql');
  expect(unhashedFile(root, { ...places, folder: 'sets/b' }, true)?.file).toBe('sets/b/pgsql.sql');
  expect(unhashedFile(root, { ...places, folder: 'sets/nowhere', files: [] }, false)).toBeUndefined();
});

test('of a folder of documents every file counts, at any depth', () => {
  const root = temporaryWorkspace({ ...patterns, 'documents/a.jsonl': '', 'documents/more/b.sql': '' });
  const places = { folder: null, documents: 'documents', files: [], root: 'sets/b', outputDirectory: 'dist/sets/b' };
  expect(unhashedFile(root, places, false)?.file).toBe('documents/more/b.sql');
  expect(unhashedFile(root, places, true)).toBeUndefined();
  expect(unhashedFile(root, { ...places, documents: '.' }, true)?.file).toBe('documents/more/b.sql');
  expect(unhashedFile(root, { ...places, documents: 'nowhere' }, false)).toBeUndefined();
});

test('the warning about an ignored list of databases says when its targets are those of an earlier list', () => {
  const ignored = ignoredFile(temporaryWorkspace({ '.gitignore': '/fleet.json\n' }), 'fleet.json');
  expect(ignored && ignoredFleet(ignored)).toMatchObject({
    code: 'TASK_INPUT_IGNORED',
    message:
      'fleet.json is ignored by a pattern, and the daemon of Nx does not see when it changes: the targets may be those of an earlier list. Run npx nx reset after a change, or add "!fleet.json" to .nxignore.',
  });
});
