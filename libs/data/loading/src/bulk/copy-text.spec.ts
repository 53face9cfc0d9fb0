import { describe, expect, it } from 'vitest';
import { CopyText } from './pgsql-bulk.ts';

type CopiedLine = Parameters<CopyText['addRow']>[0];

function textOf(...rows: readonly CopiedLine[]): string {
  const copied = new CopyText({ schema: 'a', name: 'b', columns: [] });
  for (const row of rows) copied.addRow(row);
  expect(copied.content.length).toBe(copied.length);
  return Buffer.from(copied.content).toString('utf8');
}

describe('rows as text of COPY', () => {
  it.each<readonly [what: string, row: CopiedLine, text: string]>([
    ['no text, first and last', ['', 'a', ''], '\ta\t\n'],
    ['no value', [null, 'a', null], '\\N\ta\t\\N\n'],
    ['truth values', [true, false], 't\tf\n'],
    ['what has a meaning there', ['\\N', 'a\tb', 'c\nd', 'e\rf'], '\\\\N\ta\\tb\tc\\nd\te\\rf\n'],
    ['one column', ['a'], 'a\n'],
  ])('have %s', (_, row, text) => {
    expect(textOf(row)).toBe(text);
  });

  it('have characters of any length, however many rows there are', () => {
    const rows = Array.from(
      { length: 3_000 },
      (_, index): CopiedLine => [String(index), 'aé€😀'.repeat(index % 50), null],
    );
    expect(textOf(...rows)).toBe(rows.map(([id, name]) => `${id}\t${name}\t\\N\n`).join(''));
  });

  it('are sent in parts', () => {
    const copied = new CopyText({ schema: 'a', name: 'b', columns: [] });
    for (const name of ['a', 'b', 'c']) copied.addRow([name]);
    const text = (...ranges: Parameters<CopyText['contentOf']>[0]) =>
      Buffer.from(copied.contentOf(ranges)).toString('utf8');
    expect([text([2, 4]), text([0, 2], [4, 6])]).toEqual(['b\n', 'a\nc\n']);
  });

  it('are none at first', () => {
    expect(textOf()).toBe('');
  });
});
