import { createReadStream, type ReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { decodeUtf8, expectUtf8, inputError, type JsonValue } from '@dms/canonical-json';
import { DmsError, fail } from '@dms/diagnostics';
import { defaultTextLimit, parseDocument, type TextLimits } from '@dms/documents';
import { ElementSplitter, LineSplitter, type TextRecord } from './element-splitter.ts';

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

/** Records may be a little larger than documents: what stands around one in a line. */
const defaultRecordLimit = defaultTextLimit + 64 * 1024;

export interface RecordOptions {
  /** Bytes of a record. */
  readonly recordLimit?: number | undefined;
  /** Told how many bytes of the file were read so far, as it is on disk. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * The records of a file, one after another: memory does not grow with the file. Throws `INPUT_FILE_*` and, where the file cannot
 * be divided, `INPUT_JSON_INVALID`.
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
      // otherwise each record would say it, or something else
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

/**
 * The value of a record; places in messages are those of the file. Throws `DOCUMENT_TOO_LARGE` and the `INPUT_*` codes of JSON.
 */
export function recordValue(
  { bytes, line }: Pick<TextRecord, 'bytes' | 'line'>,
  file: string,
  limits: TextLimits = {},
): JsonValue {
  const where = { file, line };
  if (bytes === null)
    return fail('DOCUMENT_TOO_LARGE', `A document has more than ${defaultTextLimit} bytes.`, where, {
      limit: defaultTextLimit,
    });
  try {
    return parseDocument(decodeUtf8(bytes, file), file, limits);
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    const [first, ...others] = error.diagnostics.map((entry) => {
      // the lines of a record count from its own beginning
      const own = (entry.where.line ?? 1) - 1;
      // as does the place in the message; where it is stands beside it
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
