import type { StoredRow } from '@dms/documents';
import { GrowingBytes } from '../files/growing-bytes.ts';
import type { FilledTable, WaitingRows } from './bulk-dialect.ts';

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

  override get content(): Uint8Array {
    return Buffer.concat([Buffer.from('['), super.content, Buffer.from(']')]);
  }

  addRow(row: StoredRow): number {
    const values = [...row];
    for (const index of this.moments) {
      const value = values[index];
      if (typeof value === 'string') values[index] = value.replace(/Z$/, '');
    }
    return this.add(`${this.length === 0 ? '' : ',\n'}${JSON.stringify(values)}`);
  }
}
