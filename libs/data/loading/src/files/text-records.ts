import { createReadStream, type ReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { counted, DmsError, diagnostic, fail } from '@dms/diagnostics';
import { defaultTextLimit, parseDocument, type TextLimits } from '@dms/documents';
import { inputError, inputStart } from '@dms/files';
import { mustExist } from '@dms/model';
import { decodeUtf8, expectNoPointer, expectUtf8, type JsonValue, pointerLength } from '@dms/values';

/** How a file is split into records. */
export type RecordForm = 'lines' | 'elements';

/**
 * Streams the records of a file; memory does not grow with the file. Throws `INPUT_FILE_*`, `INPUT_LFS_POINTER` and, where the
 * file cannot be split, `INPUT_JSON_INVALID`.
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
    throw readingError(error, file);
  }
}

function openCounted(file: string): { readonly content: Readable; readonly disk: ReadStream } {
  // before a pointer in place of a compressed file is unpacked
  expectNoPointer(inputStart(file, pointerLength), file);
  const disk = createReadStream(file, { highWaterMark: 256 * 1024 });
  if (!/\.gz$/i.test(file)) return { content: disk, disk };
  const unpacked = createGunzip();
  disk.on('error', (error) => unpacked.destroy(error));
  unpacked.on('close', () => disk.destroy());
  return { content: disk.pipe(unpacked), disk };
}

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

/** The bytes of a file, unpacked where its name ends in `.gz`. Throws `INPUT_LFS_POINTER`. */
export function openFile(file: string): Readable {
  return openCounted(file).content;
}

/**
 * A failure to read a file as a diagnostic, {@link inputError} and `INPUT_FILE_UNREADABLE` for a compressed file that is
 * damaged. Returns other errors unchanged.
 */
export function readingError(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!code.startsWith('Z_')) return inputError(error, file);
  const cause = code === 'Z_BUF_ERROR' ? 'it ends too early' : 'its compressed bytes are damaged';
  const text = `${file} cannot be unpacked: ${cause}. Compress it again with gzip, or copy it again.`;
  return new DmsError([diagnostic('INPUT_FILE_UNREADABLE', text, { file }, { path: file, cause: code })]);
}

/** Records may be slightly larger than documents, because a line holds more than the document. */
const defaultRecordLimit = defaultTextLimit + 64 * 1024;

interface RecordOptions {
  /** Bytes of a record. */
  readonly recordLimit?: number | undefined;
  /** Called with the number of bytes read so far, counted as on disk. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
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

/** The text of one value in a larger file. */
export interface TextRecord {
  /** The member of the file's object whose array holds the value; null in an array or in lines. */
  readonly key: string | null;
  /** Bytes of JSON in UTF-8; null if there are more than the limit. */
  readonly bytes: Buffer | null;
  /** The line where it begins, from 1. */
  readonly line: number;
}

/** Takes the next bytes of a file and returns the records that are complete. */
export interface RecordSplitter {
  push(chunk: Buffer): TextRecord[];
  /** Returns the last record at the end of the file. Throws `INPUT_JSON_INVALID` if the file is incomplete. */
  end(): TextRecord[];
}

const code = (character: string) => character.charCodeAt(0);
const lineFeed = 0x0a;
const quote = code('"');
const backslash = code('\\');
const openObject = code('{');
const closeObject = code('}');
const openArray = code('[');
const closeArray = code(']');
const comma = code(',');
const colon = code(':');

/** One record per line; blank lines are skipped. */
export class LineSplitter implements RecordSplitter {
  private readonly bytes: RecordBytes;
  private line = 1;

  constructor(limit: number) {
    this.bytes = new RecordBytes(limit);
  }

  push(chunk: Buffer): TextRecord[] {
    const found: TextRecord[] = [];
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      this.bytes.add(chunk.subarray(start, end));
      this.finish(found);
      this.line += 1;
      start = end + 1;
    }
    if (start < chunk.length) this.bytes.add(chunk.subarray(start));
    return found;
  }

  end(): TextRecord[] {
    const found: TextRecord[] = [];
    if (!this.bytes.isEmpty) this.finish(found);
    return found;
  }

  private finish(found: TextRecord[]): void {
    const bytes = this.bytes.take();
    if (bytes === null || !bytes.every((byte) => isBlank(byte))) found.push({ key: null, bytes, line: this.line });
  }
}

/** The bytes of an incomplete record, up to a limit. */
class RecordBytes {
  private parts: Buffer[] = [];
  private size = 0;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  add(part: Buffer): void {
    this.size += part.length;
    if (this.size <= this.limit) this.parts.push(part);
    else this.parts = [];
  }

  take(): Buffer | null {
    const bytes =
      this.size > this.limit ? null : this.parts.length === 1 ? (this.parts[0] ?? null) : Buffer.concat(this.parts);
    this.parts = [];
    this.size = 0;
    return bytes;
  }

  get isEmpty(): boolean {
    return this.size === 0;
  }
}
const isBlank = (byte: number) => byte === 0x20 || byte === lineFeed || byte === 0x0d || byte === 0x09;

const filesOfDocuments =
  ' Documents are an array, or an object with an array per resource. Keep other files, such as a dms.json, in another folder.';

type RecordState = 'start' | 'member' | 'key' | 'colon' | 'list' | 'element' | 'done';

/**
 * Cuts out the bytes of each element of an array, or of the arrays in an object. It looks only at brackets, quotes and
 * separators, because elements are parsed one by one, with a line number that stream parsers do not provide.
 */
export class ElementSplitter implements RecordSplitter {
  private readonly file: string;
  private readonly bytes: RecordBytes;
  private state: RecordState = 'start';
  private line = 1;
  private elementLine = 1;
  private isInObject = false;
  private key: string | null = null;
  private depth = 0;
  private isInString = false;
  private isEscaped = false;
  /** Whether a separator must come before the next element or member. */
  private needsComma = false;
  /** Whether an element or member must follow a separator. */
  private needsNext = false;

  constructor(file: string, limit: number) {
    this.file = file;
    this.bytes = new RecordBytes(limit);
  }

  push(chunk: Buffer): TextRecord[] {
    const found: TextRecord[] = [];
    let start = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = mustExist(chunk[index], 'a byte of the file');
      if (byte === lineFeed) this.line += 1;
      if (this.state === 'element' || this.state === 'key') {
        const isPart = this.advance(byte);
        if (isPart === 'more') continue;
        this.bytes.add(chunk.subarray(start, isPart === 'last' ? index + 1 : index));
        this.finish(found);
        if (isPart === 'last') continue;
      }
      if (this.between(byte)) start = index;
    }
    if (this.state === 'element' || this.state === 'key') this.bytes.add(chunk.subarray(start));
    return found;
  }

  end(): TextRecord[] {
    if (this.state !== 'done') this.invalid('the end of the file comes too early');
    return [];
  }

  private invalid(text: string, advice = ''): never {
    return fail('INPUT_JSON_INVALID', `Invalid JSON: ${text}.${advice}`, { file: this.file, line: this.line });
  }

  /** Takes a byte of an element or key: more bytes follow, it is the last one, or it comes after the end. */
  private advance(byte: number): 'more' | 'last' | 'behind' {
    if (this.isInString) {
      if (this.isEscaped) this.isEscaped = false;
      else if (byte === backslash) this.isEscaped = true;
      else if (byte === quote) {
        this.isInString = false;
        if (this.depth === 0) return 'last';
      }
      return 'more';
    }
    if (byte === quote) this.isInString = true;
    else if (byte === openObject || byte === openArray) this.depth += 1;
    else if (byte === closeObject || byte === closeArray) {
      if (this.depth === 0) return 'behind';
      this.depth -= 1;
      if (this.depth === 0) return 'last';
    } else if (this.depth === 0 && (byte === comma || isBlank(byte))) return 'behind';
    return 'more';
  }

  private finish(found: TextRecord[]): void {
    const bytes = this.bytes.take();
    if (this.state === 'key') {
      try {
        this.key = String(JSON.parse(bytes?.toString('utf8') ?? ''));
      } catch {
        this.invalid('the name of a member cannot be read');
      }
      this.state = 'colon';
      return;
    }
    found.push({ key: this.key, bytes, line: this.elementLine });
    this.state = 'list';
    this.needsComma = true;
  }

  /** Takes a byte outside of elements and keys; true if an element or key begins with it. */
  private between(byte: number): boolean {
    if (isBlank(byte)) return false;
    switch (this.state) {
      case 'start':
        // a byte order mark
        if (byte === 0xef || byte === 0xbb || byte === 0xbf) return false;
        this.isInObject = byte === openObject;
        if (!this.isInObject && byte !== openArray)
          this.invalid('the file is neither an array nor an object', filesOfDocuments);
        this.state = this.isInObject ? 'member' : 'list';
        return false;
      case 'colon':
        if (byte === colon) return false;
        if (byte !== openArray)
          this.invalid(
            `the member ${JSON.stringify(this.key)} is not an array, so this is not a file of documents`,
            filesOfDocuments,
          );
        this.enter('list');
        return false;
      case 'member':
      case 'list':
        return this.next(byte);
      default:
        return this.invalid('something follows the end');
    }
  }

  private enter(state: RecordState): void {
    this.state = state;
    this.needsComma = false;
    this.needsNext = false;
  }

  private next(byte: number): boolean {
    const isMember = this.state === 'member';
    if (byte === comma) {
      if (!this.needsComma) this.invalid('a separator stands where a value should be');
      this.needsComma = false;
      this.needsNext = true;
      return false;
    }
    if (byte === (isMember ? closeObject : closeArray)) {
      if (this.needsNext) this.invalid('nothing follows a separator');
      this.enter(isMember || !this.isInObject ? 'done' : 'member');
      if (!isMember && this.isInObject) this.needsComma = true;
      return false;
    }
    if (this.needsComma) this.invalid('a separator is missing');
    if (isMember && byte !== quote) this.invalid('the name of a member is missing');
    if (byte === closeArray || byte === closeObject || byte === colon) this.invalid('a value is missing');
    this.needsNext = false;
    this.state = isMember ? 'key' : 'element';
    this.elementLine = this.line;
    this.depth = byte === openObject || byte === openArray ? 1 : 0;
    this.isInString = byte === quote;
    this.isEscaped = false;
    return true;
  }
}
