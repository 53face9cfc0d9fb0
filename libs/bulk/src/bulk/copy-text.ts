import type { StoredRow } from '@dms/documents';
import { GrowingBytes } from '../files/growing-bytes.ts';
import type { ByteRange, FilledTable, WaitingRows } from './bulk-dialect.ts';

const special = /[\\\n\r\t]/;

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A value in the text form of `COPY`. */
function field(value: string | boolean | null): string {
  if (value === null) return '\\N';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  return special.test(value) ? value.replace(/[\\\n\r\t]/g, (match) => escapes[match] ?? match) : value;
}

/** A row in the text form of `COPY … FROM STDIN`. */
function line(row: StoredRow): string {
  let text = '';
  let separator = '';
  for (const value of row) {
    text += separator + field(value);
    separator = '\t';
  }
  return `${text}\n`;
}

/** Rows in the text form of `COPY … FROM STDIN`. */
export class CopyText extends GrowingBytes implements WaitingRows {
  readonly table: FilledTable;

  constructor(table: FilledTable) {
    super();
    this.table = table;
  }

  addRow(row: StoredRow): number {
    return this.add(line(row));
  }

  contentOf(ranges: readonly ByteRange[]): Uint8Array {
    return this.partsOf(ranges);
  }
}
