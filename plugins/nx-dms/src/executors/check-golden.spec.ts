import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DmsError } from '@dms/diagnostics';
import { expect, test } from 'vitest';
import { temporaryWorkspace } from '../../test/temporary-workspace.ts';
import { compareWithGolden } from './check-golden.ts';

const compare = (root: string) =>
  compareWithGolden({
    root,
    outputDirectory: 'built',
    file: 'dms.json',
    golden: 'golden',
    artifacts: ['a.json', 'b.json'],
    known: ['a.json', 'b.json', 'c.sql'],
    acceptCommand: undefined,
  });

const codesOf = (root: string) =>
  compare(root).then(
    () => [],
    (error: unknown) =>
      error instanceof DmsError ? error.diagnostics.map(({ code, where }) => [code, where.file]) : error,
  );

test('only what is committed is compared', async () => {
  const same = temporaryWorkspace({ 'golden/a.json': { a: 1 }, 'built/a.json': { a: 1 }, 'built/b.json': {} });
  expect(await compare(same)).toBe('golden  1 of 2 artifacts compared');
});

test.each([
  [{}, 'GOLDEN_MISSING', 'dms.json'],
  [{ golden: 'a file' }, 'GOLDEN_MISSING', 'dms.json'],
  [{ 'golden/README.md': 'none' }, 'GOLDEN_EMPTY', 'dms.json'],
  // a run of another dialect compares it
  [{ 'golden/c.sql': '' }, 'GOLDEN_EMPTY', 'dms.json'],
  [{ 'golden/a.json': {}, 'golden/c.sq.sql': '' }, 'GOLDEN_UNKNOWN', 'golden/c.sq.sql'],
  [{ 'golden/A.JSON': {} }, 'GOLDEN_UNKNOWN', 'golden/A.JSON'],
])('a comparison with nothing fails: %j', async (files, code, file) => {
  expect(await codesOf(temporaryWorkspace({ 'built/a.json': {}, ...files }))).toEqual([[code, file]]);
});

test('a folder of other files too may hold any', async () => {
  const root = temporaryWorkspace({ 'golden/a.json': {}, 'golden/dms.json': {}, 'built/a.json': {} });
  const comparison = { root, outputDirectory: 'built', golden: 'golden', acceptCommand: undefined };
  expect(await compareWithGolden({ ...comparison, file: 'golden/dms.json', artifacts: ['a.json'], known: null })).toBe(
    'golden  1 of 1 artifact compared',
  );
});

test('what differs, or was not built, is reported for every file', async () => {
  const other = temporaryWorkspace({ 'golden/a.json': { a: 1 }, 'golden/b.json': {}, 'built/a.json': { a: 2 } });
  expect(await codesOf(other)).toEqual([
    ['GOLDEN_DIFFERS', 'golden/a.json'],
    ['GOLDEN_DIFFERS', 'golden/b.json'],
  ]);
});

test.each([
  ['committed', 'golden/a.json'],
  ['built', 'built/a.json'],
])('%s lines that end otherwise are the same lines', async (_, changed) => {
  const text = JSON.stringify({ a: 1, b: ['x'] }, null, 2);
  const root = temporaryWorkspace({ 'golden/a.json': {}, 'built/a.json': {} });
  for (const name of ['golden/a.json', 'built/a.json'])
    writeFileSync(path.join(root, name), name === changed ? text.replaceAll('\n', '\r\n') : text);
  expect(await compare(root)).toBe('golden  1 of 2 artifacts compared');
});

test('a difference shows no line whose end alone is another', async () => {
  const root = temporaryWorkspace({ 'golden/a.json': {}, 'built/a.json': {} });
  writeFileSync(path.join(root, 'golden/a.json'), '{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n');
  writeFileSync(path.join(root, 'built/a.json'), '{\n  "a": 1,\n  "b": 3\n}\n');
  const error = await compare(root).catch((reason: unknown) => reason);
  expect(String(error)).toContain('-  "b": 2\n+  "b": 3');
  expect(String(error)).not.toContain('-  "a"');
});

test.skipIf(process.platform === 'win32')('a named pipe is refused, and not waited for', async () => {
  const root = temporaryWorkspace({ 'golden/a.json': {}, 'built/b.json': {} });
  execFileSync('mkfifo', [path.join(root, 'built/a.json')]);
  expect(await codesOf(root)).toEqual([['INPUT_FILE_UNREADABLE', 'built/a.json']]);
});
