import { createReadStream, type ReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { counted, DmsError, fail } from '@dms/diagnostics';
import { defaultTextLimit, parseDocument, type TextLimits } from '@dms/documents';
import { decodeUtf8, expectUtf8, inputError, type JsonValue } from '@dms/files';
import { ElementSplitter, LineSplitter, type TextRecord } from './element-splitter.ts';

/** How a file is split into records. */
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
  return openCounted(file).content;
}

function openCounted(file: string): { readonly content: Readable; readonly disk: ReadStream } {
  const disk = createReadStream(file, { highWaterMark: 256 * 1024 });
  if (!/\.gz$/i.test(file)) return { content: disk, disk };
  const unpacked = createGunzip();
  disk.on('error', (error) => unpacked.destroy(error));
  unpacked.on('close', () => disk.destroy());
  return { content: disk.pipe(unpacked), disk };
}

/** Records may be slightly larger than documents, because a line holds more than the document. */
const defaultRecordLimit = defaultTextLimit + 64 * 1024;

export interface RecordOptions {
  /** Bytes of a record. */
  readonly recordLimit?: number | undefined;
  /** Called with the number of bytes read so far, counted as on disk. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * Streams the records of a file; memory does not grow with the file. Throws `INPUT_FILE_*` and, where the file cannot
 * be split, `INPUT_JSON_INVALID`.
 */
export async function* textRecords(
  file: string,
  form: RecordForm,
  { recordLimit = defaultRecordLimit, onBytes }: RecordOptions = {},
): AsyncGenerator<TextRecord> {
  const splitter = form === 'lines' ? new LineSplitter(recordLimit) : new ElementSplitter(file, recordLimit);
  try {
    const { content, disk } = openCounted(file);
    let isFirst = true;
    for await (const chunk of content) {
      // otherwise every record would report it, or fail with another error
      if (isFirst) expectUtf8(chunk as Buffer, file);
      isFirst = false;
      onBytes?.(disk.bytesRead);
      yield* splitter.push(chunk as Buffer);
    }
    yield* splitter.end();
  } catch (error) {
    throw inputError(error, file);
  }
}

/** The value of a record; messages give positions in the file. */
export function recordValue(
  { bytes, line }: Pick<TextRecord, 'bytes' | 'line'>,
  file: string,
  limits: TextLimits = {},
): JsonValue {
  const where = { file, line };
  if (bytes === null)
    return fail('DOCUMENT_TOO_LARGE', `A document has more than ${counted(defaultTextLimit, 'byte')}.`, where, {
      limit: defaultTextLimit,
    });
  try {
    return parseDocument(decodeUtf8(bytes, file), file, limits);
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    const [first, ...others] = error.diagnostics.map((entry) => {
      // the parser counts lines from the beginning of the record
      const own = (entry.where.line ?? 1) - 1;
      // so does the position in the message; `where` has the right one
      const message = entry.message.replace(/^Invalid JSON at \d+:\d+/, 'Invalid JSON');
      return {
        ...entry,
        message,
        where: { ...entry.where, file, line: line + own, ...(own === 0 ? { column: undefined } : {}) },
      };
    });
    throw first ? new DmsError([first, ...others]) : error;
  }
}
