import type { StoredRow } from '@dms/documents';
import { GrowingBytes } from '../files/growing-bytes.ts';
import type { ByteRange, FilledTable, WaitingRows } from './bulk-dialect.ts';

/** What stands between two rows. */
const separator = Buffer.from(',\n');

/** Rows as a JSON text: an array of arrays of values. */
export class JsonRows extends GrowingBytes implements WaitingRows {
  readonly table: FilledTable;
  /** The positions of columns that hold moments in UTC, which accept no zone. */
  private readonly moments: readonly number[];

  constructor(table: FilledTable) {
    super();
    this.table = table;
    this.moments = [...table.columns.entries()].flatMap(([index, { type }]) => (type.startsWith('datetime2') ? [index] : []));
  }

  contentOf(ranges: readonly ByteRange[]): Uint8Array {
    const rows = this.partsOf(ranges);
    // the first row of all has nothing before it
    const first = rows[0] === separator[0] ? rows.subarray(separator.length) : rows;
    return Buffer.concat([Buffer.from('['), first, Buffer.from(']')]);
  }

  addRow(row: StoredRow): number {
    const values = [...row];
    for (const index of this.moments) {
      const value = values[index];
      if (typeof value === 'string') values[index] = value.replace(/Z$/, '');
    }
    return this.add(`${this.length === 0 ? '' : separator}${JSON.stringify(values)}`);
  }
}
