import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { dictionaryFormats } from './dictionary.ts';

/* Texts of a schema have no effect in the program that opens a dictionary (design 13 §7). */

const csvOf = (cell: string) => dictionaryFormats.csv([[cell]]);

describe('CSV', () => {
  it.each([
    ['=1+1', `'=1+1`],
    ['+1', `'+1`],
    ['-1', `'-1`],
    ['@SUM(A1)', `'@SUM(A1)`],
    ['\t=1', `'  =1`],
    ['\r=1', `'=1`],
    ['\n=1', `"'\n=1"`],
    ['\u001b=1', `'=1`],
    ['\u200b-1', `'-1`],
    ['\uff1d1', `'\uff1d1`],
    ['=cmd|"/c calc"!A1', `"'=cmd|""/c calc""!A1"`],
    ['a;=1', '"a;=1"'],
    ['a=1', 'a=1'],
    ['a\u202eb\u001b[31mc\u0085', 'ab[31mc'],
    ['two\r\nlines', '"two\nlines"'],
  ])('of %j is %s', (cell, written) => {
    expect(csvOf(cell)).toBe(`${written}\r\n`);
  });
});

it('Markdown shows HTML and links as they are written', () => {
  const cell = '<script>x</script> [a](javascript:x) \u001b\u202e|\n';
  expect(dictionaryFormats.markdown([['definition'], [cell]])).toBe(
    '| definition |\n|---|\n| &lt;script&gt;x&lt;/script&gt; \\[a\\](javascript:x) \\|  |\n',
  );
});

it('a workbook has texts, without characters that XML refuses', async () => {
  const files = unzipSync(await dictionaryFormats.xlsx([['definition'], ['=1+1\u001b\u0000']]));
  const text = Object.values(files)
    .map((file) => new TextDecoder().decode(file))
    .join('\n');
  expect(text).toContain('=1+1');
  for (const absent of ['<f>', '\u001b', '\u0000']) expect(text).not.toContain(absent);
});
