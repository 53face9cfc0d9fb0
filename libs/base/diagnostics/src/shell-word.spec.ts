import { expect, it } from 'vitest';
import { shellWord } from './shell-word.ts';

it.each([
  ['schemas/ed-fi', 'schemas/ed-fi', 'schemas/ed-fi'],
  ['C:\\sets\\x', "'C:\\sets\\x'", 'C:\\sets\\x'],
  ['My Documents', "'My Documents'", '"My Documents"'],
  ["it's", "'it'\\''s'", '"it\'s"'],
  ['a"b', `'a"b'`, '"a""b"'],
  ['pgsql,mssql', 'pgsql,mssql', '"pgsql,mssql"'],
  ['@state/dms', '@state/dms', '"@state/dms"'],
  ['', "''", '""'],
])('%s is one word in every shell', (text, elsewhere, onWindows) => {
  expect([shellWord(text, 'linux'), shellWord(text, 'win32')]).toEqual([elsewhere, onWindows]);
});
