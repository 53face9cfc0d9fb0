import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { typedCommands, windowsPaths } from './typed-commands.ts';
import { differences, writtenFiles } from './written-files.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'dms-written-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('what two runs wrote is compared byte for byte', () => {
  for (const [run, texts] of Object.entries({
    a: { x: '1', 'in/y': '2', z: '3' },
    b: { x: '1', 'in/y': '2\r', v: '4' },
  }))
    for (const [name, text] of Object.entries(texts)) {
      mkdirSync(path.dirname(path.join(folder, run, name)), { recursive: true });
      writeFileSync(path.join(folder, run, name), text);
    }
  const [a, b] = ['a', 'b'].map((run) => writtenFiles(path.join(folder, run)));
  expect([...(a?.keys() ?? [])]).toEqual(['in/y', 'x', 'z']);
  expect(a && b && differences(a, b)).toEqual(['in/y', 'v', 'z']);
  expect(writtenFiles(path.join(folder, 'a', 'x')).size).toBe(1);
});

it.each([
  ['from the current folder', '.\\schemas\\*\\a.json', '.\\out'],
  ['with a drive letter', 'C:\\w\\schemas\\*\\a.json', 'C:\\w\\out'],
  ['with slashes', 'C:/w/schemas/*/a.json', 'C:/w/out'],
  ['as a long path', 'C:\\w\\schemas\\*\\a.json', '\\\\?\\C:\\w\\out'],
])('paths are typed %s', (name, pattern, place) => {
  const typed = windowsPaths[name];
  expect([typed?.('C:\\w', 'schemas/*/a.json'), typed?.('C:\\w', 'out')]).toEqual([pattern, place]);
});

it('a command is tried for each file that is written', () => {
  const written = typedCommands((file) => file).flatMap((each) => each.written ?? []);
  expect(written).toContain('out');
  expect(new Set(written).size).toBe(written.length);
});
