import { markdownTable, printableLines } from '@dms/diagnostics';

/**
 * What a spreadsheet takes for the beginning of a formula, in the plain and the full width. OWASP's page on CSV
 * injection also names the tab, the carriage return and the line feed, after which a spreadsheet looks for one.
 */
const formula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/** An apostrophe makes a spreadsheet take a formula for a text. */
const asText = (cell: string) => (formula.test(cell) ? `'${cell}` : cell);

/** Quoted where RFC 4180 asks for it, or where a spreadsheet with another separator would begin a cell. */
const csvCell = (cell: string) => (/[",;\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const csv = (cells: readonly (readonly string[])[]) =>
  cells.map((row) => `${row.map((cell) => csvCell(asText(printableLines(cell)))).join(',')}\r\n`).join('');

const markdown = ([head = [], ...rows]: readonly (readonly string[])[]) =>
  markdownTable({ head, rows })
    .map((line) => `${line}\n`)
    .join('');

/** A workbook names the time of its parts in the local time of the machine; this is the earliest that it can name. */
const earliest = new Date(1980, 0, 1);

async function xlsx([head = [], ...rows]: readonly (readonly string[])[]): Promise<Uint8Array> {
  // loaded only here, so that other commands start faster
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  const { unzipSync, zipSync } = await import('fflate');
  const headings = head.map((value) => ({ value, fontWeight: 'bold' as const }));
  const data = [headings, ...rows.map((row) => row.map((value) => ({ value: printableLines(value), type: String })))];
  const columns = head.map((name) => ({ width: name === 'definition' ? 100 : 30 }));
  const workbook = await writeXlsxFile(data, { sheet: 'Dictionary', stickyRowsCount: 1, columns });
  return zipSync(unzipSync(await workbook.toBuffer()), { mtime: earliest });
}

/** How a dictionary is written, by the name of the format. */
export const dictionaryFormats = { csv, markdown, xlsx } as const satisfies Readonly<
  Record<string, (cells: readonly (readonly string[])[]) => string | Uint8Array | Promise<Uint8Array>>
>;

export type DictionaryFormat = keyof typeof dictionaryFormats;
