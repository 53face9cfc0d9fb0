import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { decodeUtf8, type JsonValue } from '@dms/canonical-json';
import { DmsError, fail } from '@dms/diagnostics';
import { defaultTextLimit, parseDocument } from '../checking/parse-document.ts';
import { ElementSplitter, LineSplitter, type TextRecord } from './element-splitter.ts';
import { inputError } from './input-error.ts';

/** How a file is divided into records. */
export type RecordForm = 'lines' | 'elements';

/** The form of a file by its name, without `.gz`; undefined for other files. */
export function formOf(file: string): 'lines' | 'elements' | 'xml' | undefined {
  const [, extension] = /\.(jsonl|json|xml)(?:\.gz)?$/i.exec(file) ?? [];
  switch (extension?.toLowerCase()) {
    case 'jsonl':
      return 'lines';
    case 'json':
      return 'elements';
    case 'xml':
      return 'xml';
    default:
      return undefined;
  }
}

/** The bytes of a file, unpacked where its name ends in `.gz`. */
export function openFile(file: string): Readable {
  const stream = createReadStream(file, { highWaterMark: 256 * 1024 });
  if (!/\.gz$/i.test(file)) return stream;
  const unpacked = createGunzip();
  stream.on('error', (error) => unpacked.destroy(error));
  unpacked.on('close', () => stream.destroy());
  return stream.pipe(unpacked);
}

/** Records may be a little larger than documents: what stands around one in a line. */
const recordLimit = defaultTextLimit + 64 * 1024;

/**
 * The records of a file, one after another: memory does not grow with the file. Throws `INPUT_FILE_*` and, where the file cannot
 * be divided, `INPUT_JSON_INVALID`.
 */
export async function* textRecords(file: string, form: RecordForm): AsyncGenerator<TextRecord> {
  const splitter = form === 'lines' ? new LineSplitter(recordLimit) : new ElementSplitter(file, recordLimit);
  try {
    for await (const chunk of openFile(file)) yield* splitter.push(chunk as Buffer);
    yield* splitter.end();
  } catch (error) {
    throw inputError(error, file);
  }
}

/**
 * The value of a record; places in messages are those of the file. Throws `DOCUMENT_TOO_LARGE` and the `INPUT_*` codes of JSON.
 */
export function recordValue({ bytes, line }: Pick<TextRecord, 'bytes' | 'line'>, file: string): JsonValue {
  const where = { file, line };
  if (bytes === null)
    return fail('DOCUMENT_TOO_LARGE', `A document has more than ${defaultTextLimit} bytes.`, where, {
      limit: defaultTextLimit,
    });
  try {
    return parseDocument(decodeUtf8(bytes, file), file);
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    const [first, ...others] = error.diagnostics.map((entry) => {
      // the lines of a record count from its own beginning
      const own = (entry.where.line ?? 1) - 1;
      return { ...entry, where: { ...entry.where, file, line: line + own, ...(own === 0 ? { column: undefined } : {}) } };
    });
    throw first ? new DmsError([first, ...others]) : error;
  }
}
