import { GrowingBytes } from '../files/growing-bytes.ts';

const special = /[\\\n\r\t]/;

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A value in the text form of `COPY`. */
function field(value: string | boolean | null): string {
  if (value === null) return '\\N';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  return special.test(value) ? value.replace(/[\\\n\r\t]/g, (match) => escapes[match] ?? match) : value;
}

/** A row in the text form of `COPY … FROM STDIN`. */
function line(row: readonly (string | boolean | null)[]): string {
  let text = '';
  let separator = '';
  for (const value of row) {
    text += separator + field(value);
    separator = '\t';
  }
  return `${text}\n`;
}

/** Rows in the text form of `COPY … FROM STDIN`. */
export class CopyText extends GrowingBytes {
  /** Returns how many bytes the row has. */
  addRow(row: readonly (string | boolean | null)[]): number {
    return this.add(line(row));
  }
}
