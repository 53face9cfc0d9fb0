import { cmdWords, powershellEditions, powershellWords } from '@dms/testing';
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
  ['My out\\', "'My out\\'", '"My out/"'],
  ['C:\\out\\', "'C:\\out\\'", 'C:\\out\\'],
  ['a$b', "'a$b'", 'a$"b"'],
  ['C:\\My sets\\$x', "'C:\\My sets\\$x'", 'C:\\My" sets"\\$"x"'],
  ['50%', '50%', '50%'],
  ['%TEMP%', '%TEMP%', '%"TEMP"%'],
])('%s is one word in every shell', (text, elsewhere, onWindows) => {
  expect([shellWord(text, 'linux'), shellWord(text, 'win32')]).toEqual([elsewhere, onWindows]);
});

const hardWords = [
  'My out',
  'My out\\',
  'C:\\My out\\',
  'a$b',
  'a$b c\\',
  'My $out',
  'C:\\a b\\$x\\y',
  '%TEMP%',
  'a %TEMP% b',
  '100%',
]
  .concat(
    'a$(b)',
    `a${'$'}{b}`,
    '$x',
    '$x y',
    'x$',
    '$$',
    'pgsql,mssql',
    '@state/dms',
    "it's",
    'a & b',
    'a;b',
    '(1)',
    'a (1)\\b',
    '{x}',
  )
  .concat('a|b', '#a', 'a^b', 'Downloads (1)', 'Program Files (x86)\\dms', 'a=b', '~x');

it.each(hardWords)('cmd and both editions of PowerShell read %j as one word', (text) => {
  const line = `--output ${shellWord(text, 'win32')} --force`;
  // a folder is the same with either sign at its end
  const expected = ['--output', text.includes(' ') || /[$%]/.test(text) ? text.replace(/\\$/, '/') : text, '--force'];
  expect(cmdWords(line, { temp: 'C:\\T', b: 'x' })).toEqual(expected);
  for (const edition of powershellEditions) expect(powershellWords(line, edition), edition).toEqual(expected);
});
