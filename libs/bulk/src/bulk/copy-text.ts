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

const firstCapacity = 4_096;

/**
 * Rows in the text form of `COPY … FROM STDIN`, as bytes: rows that wait as strings would be moved by each collection of garbage.
 */
export class CopyText {
  private bytes = Buffer.allocUnsafe(firstCapacity);
  private used = 0;

  /** How many bytes the rows have. */
  get length(): number {
    return this.used;
  }

  get content(): Uint8Array {
    return this.bytes.subarray(0, this.used);
  }

  add(row: readonly (string | boolean | null)[]): void {
    const text = line(row);
    // a code unit has at most three bytes
    this.makeRoom(3 * text.length);
    this.used += this.bytes.write(text, this.used);
  }

  private makeRoom(wanted: number): void {
    const { length } = this.bytes;
    if (length - this.used >= wanted) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * length, this.used + wanted));
    this.bytes.copy(larger, 0, 0, this.used);
    this.bytes = larger;
  }
}
