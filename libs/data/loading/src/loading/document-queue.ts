import { randomUUID } from 'node:crypto';
import { appendFile, type FileHandle, open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { RowPlace } from '@dms/diagnostics';
import { inputError, inTemporaryFolder, outputError } from '@dms/files';
import { mustExist } from '@dms/model';
import { isJsonObject, type JsonObject, type JsonValue, jsonText } from '@dms/values';
import { recordValue, textRecords } from '../files/text-records.ts';

/** The member of a record that is wrong or missing. */
export type WrongMember = 'uuid' | 'document';

export interface InputDocument {
  readonly document: JsonValue;
  readonly uuid?: string | undefined;
  /** Empty for a document with a {@link row}. */
  readonly file: string;
  readonly line: number;
  /** The row that the document was made from, if it does not come from a file. */
  readonly row?: (() => RowPlace) | undefined;
  /** The wrong member of the record; `document` is then the whole record. */
  readonly wrongMember?: WrongMember | undefined;
  /** The length of its text. */
  readonly size: number;
  /** Reads it again, so that the document need not be kept in memory. */
  readonly again: () => JsonValue;
}

export type WaitingDocument = Pick<InputDocument, 'document' | 'uuid' | 'file' | 'line' | 'row' | 'wrongMember'>;

/** The place of the text of a document in a queue, in bytes. */
export interface QueuePlace {
  readonly offset: number;
  readonly length: number;
}

/** The largest gap between texts of the file that are read at once, and the most bytes to read at once. */
const nearby = 16_384;
const chunkLimit = 1_000_000;

/** Some bytes of the file. */
interface Chunk {
  readonly from: number;
  readonly bytes: Buffer;
}

/** Documents that wait, in the order in which they were added: the last ones in memory, those before them in a file. */
export class DocumentQueue {
  private readonly file: string;
  private readonly bufferLimit: number;
  /** The texts that the file does not have yet, by their offset. */
  private readonly texts = new Map<number, string>();
  /** How many bytes the file has. */
  private written = 0;
  private flushed: Promise<void> = Promise.resolve();
  private handle: FileHandle | null = null;
  /** The bytes of all texts. */
  size = 0;

  /** `bufferLimit`: how many bytes may be in memory before they go to the file. */
  constructor(file: string, bufferLimit = 2_000_000) {
    this.file = file;
    this.bufferLimit = bufferLimit;
  }

  async add({ document, uuid, file, line, row, wrongMember }: WaitingDocument): Promise<QueuePlace> {
    const ofRow = row === undefined ? null : rowValue(row());
    const text = `${jsonText([file, String(line), uuid ?? null, document, ofRow, wrongMember ?? null])}\n`;
    const place = { offset: this.size, length: Buffer.byteLength(text) };
    this.texts.set(place.offset, text);
    this.size += place.length;
    if (this.size - this.written > this.bufferLimit) await this.flush();
    return place;
  }

  private flush(): Promise<void> {
    this.flushed = this.flushed.then(() => this.append());
    return this.flushed;
  }

  private async append(): Promise<void> {
    // more texts may be added before these are in the file
    const texts = [...this.texts];
    const end = this.size;
    if (texts.length === 0) return;
    try {
      await appendFile(this.file, texts.map(([, text]) => text).join(''));
    } catch (error) {
      throw outputError(error, this.file);
    }
    this.written = end;
    for (const [offset] of texts) this.texts.delete(offset);
  }

  async *read(): AsyncGenerator<InputDocument> {
    await this.flush();
    if (this.written === 0) return;
    for await (const { bytes } of textRecords(this.file, 'lines', { recordLimit: Number.POSITIVE_INFINITY }))
      yield this.parseInput(mustExist(bytes, 'the bytes of a document put aside'));
  }

  /** The documents at some places, given in ascending order. Others may be added meanwhile. */
  async *readAt(places: readonly QueuePlace[]): AsyncGenerator<InputDocument> {
    let chunk: Chunk = { from: 0, bytes: Buffer.alloc(0) };
    for (const [index, { offset, length }] of places.entries()) {
      const text = this.texts.get(offset);
      if (text !== undefined) {
        yield this.parseInput(Buffer.from(text));
        continue;
      }
      if (offset + length > chunk.from + chunk.bytes.length) chunk = await this.chunkAt(places, index);
      yield this.parseInput(chunk.bytes.subarray(offset - chunk.from, offset - chunk.from + length));
    }
  }

  /** The bytes of the file that hold a document and those of the next places that are near. */
  private async chunkAt(places: readonly QueuePlace[], first: number): Promise<Chunk> {
    const { offset: from, length } = mustExist(places[first], 'a place of the queue');
    let end = from + length;
    for (let next = first + 1; next < places.length; next += 1) {
      const { offset, length: more } = mustExist(places[next], 'a place of the queue');
      const isNear = offset - end <= nearby && offset + more - from <= chunkLimit;
      if (!isNear || offset + more > this.written) break;
      end = offset + more;
    }
    const bytes = Buffer.allocUnsafe(end - from);
    try {
      this.handle ??= await open(this.file);
      for (let done = 0; done < bytes.length; ) {
        const { bytesRead } = await this.handle.read(bytes, done, bytes.length - done, from + done);
        if (bytesRead === 0) throw new Error(`${this.file} is shorter than what was written to it`);
        done += bytesRead;
      }
    } catch (error) {
      throw inputError(error, this.file);
    }
    return { from, bytes };
  }

  private parseInput(bytes: Buffer): InputDocument {
    const values = () =>
      recordValue({ bytes, line: 1 }, this.file, { textLimit: Number.POSITIVE_INFINITY }) as readonly JsonValue[];
    const [file, line, uuid, document, row, wrongMember] = values();
    return {
      document: document ?? null,
      uuid: typeof uuid === 'string' ? uuid : undefined,
      file: String(file),
      line: Number(line),
      row: isJsonObject(row) ? () => rowOfValue(row) : undefined,
      wrongMember: wrongMember === 'uuid' || wrongMember === 'document' ? wrongMember : undefined,
      size: bytes.length,
      again: () => values()[3] ?? null,
    };
  }

  /** Forgets all documents. */
  async remove(): Promise<void> {
    await this.handle?.close();
    this.handle = null;
    this.texts.clear();
    await rm(this.file, { force: true });
  }
}

const rowValue = ({ table, key }: RowPlace): JsonObject =>
  new Map<string, JsonValue>([
    ['table', table],
    ['key', new Map(Object.entries(key))],
  ]);

function rowOfValue(value: JsonObject): RowPlace {
  const key = value.get('key');
  const values = isJsonObject(key) ? [...key].map(([name, each]) => [name, String(each)] as const) : [];
  return { table: String(value.get('table')), key: Object.fromEntries(values) };
}

/** A temporary folder for documents that must wait, so that memory does not grow with them. */
export class DocumentSpool {
  private readonly folder: string;
  private readonly queues = new Map<string, DocumentQueue>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Runs `work` with a spool and removes the spool afterwards. */
  static use<Result>(work: (spool: DocumentSpool) => Promise<Result>): Promise<Result> {
    return inTemporaryFolder('dms-load-', (folder) => work(new DocumentSpool(folder)));
  }

  /** The length of the texts in the queues of all resources. */
  get size(): number {
    return [...this.queues.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** A new queue. */
  queue(): DocumentQueue {
    return new DocumentQueue(path.join(this.folder, `${randomUUID()}.jsonl`));
  }

  /** The queue of a resource, created at its first use. */
  queueOf(resource: string): DocumentQueue {
    const known = this.queues.get(resource) ?? this.queue();
    this.queues.set(resource, known);
    return known;
  }

  find(resource: string): DocumentQueue | undefined {
    return this.queues.get(resource);
  }
}
