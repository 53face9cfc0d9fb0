import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { catalogueText, documentedCodes, errorsFile } from './diagnostic-codes.ts';

const errors = readFileSync(errorsFile, 'utf8');

test('every code of errors.md has a meaning and names chapters that exist', () => {
  const codes = documentedCodes(errors);
  expect(codes.length).toBeGreaterThan(250);
  const chapters = new Set(readdirSync(path.dirname(errorsFile)).map((name) => name.split('-')[0]));
  const lost = codes.filter((entry) => !entry.chapters.split(', ').every((chapter) => chapters.has(chapter)));
  expect(lost.map(({ code, chapters: named }) => `${code}: ${named}`)).toEqual([]);
  expect(codes.filter(({ meaning }) => meaning === '')).toEqual([]);
});

test('the codes of a row share its class, meaning and chapters', () => {
  const codes = documentedCodes('## Files\n\n| code | class |\n|---|---|\n| `FILE_LOST`, `FILE_TORN` | I | Gone. | 01, 02 |\n');
  const common = { class: 'I', meaning: 'Gone.', chapters: '01, 02', section: 'Files' };
  expect(codes).toEqual([
    { code: 'FILE_LOST', ...common },
    { code: 'FILE_TORN', ...common },
  ]);
  expect(catalogueText(codes)).toContain("  // Files\n  FILE_LOST: 'I',\n  FILE_TORN: 'I',\n} as const");
});

test.each([
  ['a class that does not exist', '| `FILE_LOST` | X | Gone. | 01 |', '`FILE_LOST` has the class "X"'],
  ['a code of one word', '| `FILE` | I | Gone. | 01 |', 'FILE is not upper snake case'],
  ['a code that is listed twice', '| `FILE_LOST` | I | Gone. | 01 |\n| `FILE_LOST` | W | Gone. | 01 |', 'FILE_LOST twice'],
])('%s is refused', (_, rows, message) => {
  expect(() => documentedCodes(rows)).toThrow(message);
});
