import { expect, it } from 'vitest';
import { markdownCell, markdownCode } from './report.ts';

it.each([
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['[a](javascript:alert(1))', '\\[a\\](javascript:alert(1))'],
  ['<javascript:alert(1)>', '&lt;javascript:alert(1)&gt;'],
  ['![a][b]', '!\\[a\\]\\[b\\]'],
  ['a|b\\|c', 'a\\|b\\\\\\|c'],
  ['&lt;b&gt; &#60; R&D', '&amp;lt;b&amp;gt; &amp;#60; R&D'],
  ['`<b>`', '\\`&lt;b&gt;\\`'],
  ['a\r\nb\tc', 'a b c'],
  ['\u001b[31mred\u202e', '\\[31mred'],
  ['a_b * c', 'a_b * c'],
])('%j is shown as it is by the cell %s', (text, cell) => {
  expect(markdownCell(text)).toBe(cell);
});

it.each([
  ['a.b', '`a.b`'],
  ['a`b', '`` a`b ``'],
  ['a``b`', '``` a``b` ```'],
  ['<b>|\u001b\n', '`<b>\\| `'],
])('%j is the code %s', (text, code) => {
  expect(markdownCode(text)).toBe(code);
});
