const special = /[\\\n\r\t]/;

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A value in the text form of `COPY`. */
function field(value: string | boolean | null): string {
  if (value === null) return '\\N';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  return special.test(value) ? value.replace(/[\\\n\r\t]/g, (match) => escapes[match] ?? match) : value;
}

/** A row in the text form of `COPY … FROM STDIN`. */
export const copyLine = (row: readonly (string | boolean | null)[]): string => `${row.map(field).join('\t')}\n`;
