import type { StoredRow } from '@dms/documents';
import { describe, expect, it } from 'vitest';
import type { ByteRange } from './bulk-dialect.ts';
import { JsonRows } from './mssql-bulk.ts';

const column = (name: string, type: string) => ({ name, type, isIdentity: false });
const table = {
  schema: 'campus',
  name: 'Visit',
  columns: [column('Name', 'nvarchar(20)'), column('At', 'datetime2(7)')],
};

/** The rows after they were sent. */
function sent(...rows: readonly StoredRow[]): unknown {
  const waiting = new JsonRows(table);
  const lengths = rows.map((row) => waiting.addRow(row));
  expect(waiting.length).toBe(lengths.reduce((all, length) => all + length, 0));
  return parsed(waiting, [0, waiting.length]);
}

const parsed = (rows: JsonRows, ...ranges: readonly ByteRange[]): unknown =>
  JSON.parse(Buffer.from(rows.contentOf(ranges)).toString('utf8'));

describe('rows as JSON', () => {
  it('keep their values', () => {
    const rows: readonly StoredRow[] = [
      ['a"b\\c\nd\té😀', null],
      [true, null],
      [false, null],
      ['', null],
    ];
    expect(sent(...rows)).toEqual(rows);
  });

  it('have moments without a zone, and texts that only look like moments with theirs', () => {
    const moment = '2030-01-01T00:00:00.1234567Z';
    expect(sent([moment, moment], [null, null])).toEqual([
      [moment, '2030-01-01T00:00:00.1234567'],
      [null, null],
    ]);
  });

  it('are sent in parts', () => {
    const waiting = new JsonRows(table);
    let end = 0;
    const ranges = ['a', ',b', 'c', 'd'].map((name): ByteRange => {
      const from = end;
      end += waiting.addRow([name, null]);
      return [from, end];
    });
    const [a, b, c, d] = ranges as [ByteRange, ByteRange, ByteRange, ByteRange];
    expect(parsed(waiting, b)).toEqual([[',b', null]]);
    expect(parsed(waiting, a, c)).toEqual([
      ['a', null],
      ['c', null],
    ]);
    expect(parsed(waiting, b, d)).toEqual([
      [',b', null],
      ['d', null],
    ]);
  });
});
