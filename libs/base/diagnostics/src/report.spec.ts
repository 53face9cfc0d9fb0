import { expect, it } from 'vitest';
import { alignedText, firstOf, plainLines, type Report, reportMarkdown, reportText } from './index.ts';

const report: Report = [
  { kind: 'heading', level: 2, text: 'Changes of [a]' },
  { kind: 'paragraph', text: ['by ', { marked: '`upgrade`' }] },
  {
    kind: 'lines',
    lines: [{ text: [{ strong: 'Lost' }, ': 2'], below: [{ text: { code: 'a|b' }, below: plainLines(['x < y']) }] }],
  },
  { kind: 'commands', commands: ['dms-ddl check'] },
  { kind: 'table', head: ['name', 'rows'], rows: [[{ code: 'School' }, '12']], numbers: [1] },
  { kind: 'table', head: ['name', 'kind'], rows: [['a', '']] },
];

it('a report is lines of a tree and aligned tables in text', () => {
  expect(reportText(report)).toEqual([
    'Changes of [a]',
    'by `upgrade`',
    'Lost: 2',
    '  a|b',
    '    x < y',
    '  dms-ddl check',
    'name    rows',
    'School    12',
    'name  kind',
    'a',
  ]);
});

it('a report is headings, lists, code and tables in Markdown, which show what was written', () => {
  expect(reportMarkdown(report)).toEqual([
    ...['## Changes of \\[a\\]', ''],
    ...['by `upgrade`', ''],
    ...['- **Lost**: 2', '  - `a\\|b`', '    - x &lt; y', ''],
    ...['```sh', 'dms-ddl check', '```', ''],
    ...['| name | rows |', '| --- | ---: |', '| `School` | 12 |', ''],
    ...['| name | kind |', '|---|---|', '| a |  |', ''],
  ]);
});

it('no character of a name steers the terminal', () => {
  expect(reportText([{ kind: 'lines', lines: plainLines(['a\u001b[31m', 'b\u202e']) }])).toEqual(['a[31m', 'b']);
});

it('the first entries are shown, and how many there are more', () => {
  const rest = (count: number) => `… and ${count} more`;
  expect(firstOf([1, 2, 3], 2, String, rest)).toEqual(['1', '2', '… and 1 more']);
  expect(firstOf([1, 2], 2, String, rest)).toEqual(['1', '2']);
});

it('columns have the width of their longest cell', () => {
  expect(alignedText([['a', 'b'], ['long', 'c'], ['x']])).toEqual(['a     b', 'long  c', 'x']);
});
