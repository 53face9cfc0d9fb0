import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue, jsonText, outputError } from '@dms/canonical-json';
import type { RowPlace } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { recordValue, textRecords } from '../files/text-records.ts';

/** A document of an input, with its place. */
export interface InputDocument {
  readonly document: JsonValue;
  readonly uuid?: string | undefined;
  /** Empty for a document with a {@link row}. */
  readonly file: string;
  readonly line: number;
  /** The row that it was made from, if it is of no file. */
  readonly row?: (() => RowPlace) | undefined;
  /** The length of its text. */
  readonly size: number;
  /** Reads it again, so that the document need not be kept in memory. */
  readonly again: () => JsonValue;
}

/** A document that is to wait. */
export type WaitingDocument = Pick<InputDocument, 'document' | 'uuid' | 'file' | 'line' | 'row'>;

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

/** How many characters to buffer before a write. */
const bufferLimit = 2_000_000;

/** Documents that wait on disk, in the order in which they were added. */
export class DocumentQueue {
  private readonly file: string;
  private lines: string[] = [];
  private buffered = 0;
  private isWritten = false;
  length = 0;
  /** The length of all texts. */
  size = 0;

  constructor(file: string) {
    this.file = file;
  }

  async add({ document, uuid, file, line, row }: WaitingDocument): Promise<void> {
    const text = `${jsonText([file, String(line), uuid ?? null, document, row === undefined ? null : rowValue(row())])}\n`;
    this.lines.push(text);
    this.length += 1;
    this.size += text.length;
    this.buffered += text.length;
    if (this.buffered > bufferLimit) await this.flush();
  }

  private async flush(): Promise<void> {
    if (this.lines.length === 0) return;
    try {
      await appendFile(this.file, this.lines.join(''));
    } catch (error) {
      throw outputError(error, this.file);
    }
    this.lines = [];
    this.buffered = 0;
    this.isWritten = true;
  }

  async *read(): AsyncGenerator<InputDocument> {
    await this.flush();
    if (!this.isWritten) return;
    for await (const record of textRecords(this.file, 'lines', { recordLimit: Number.POSITIVE_INFINITY })) {
      const values = () => recordValue(record, this.file, { textLimit: Number.POSITIVE_INFINITY }) as readonly JsonValue[];
      const [file, line, uuid, document, row] = values();
      yield {
        document: document ?? null,
        uuid: typeof uuid === 'string' ? uuid : undefined,
        file: String(file),
        line: Number(line),
        row: isJsonObject(row) ? () => rowOfValue(row) : undefined,
        size: mustExist(record.bytes, 'the bytes of a document put aside').length,
        again: () => values()[3] ?? null,
      };
    }
  }

  remove(): Promise<void> {
    return rm(this.file, { force: true });
  }
}

/** A temporary folder for documents that must wait, so that memory does not grow with them. */
export class DocumentSpool {
  private readonly folder: string;
  private readonly queues = new Map<string, DocumentQueue>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Runs `work` with a spool and removes the spool afterwards. */
  static async use<Result>(work: (spool: DocumentSpool) => Promise<Result>): Promise<Result> {
    const folder = await mkdtemp(path.join(tmpdir(), 'dms-load-'));
    const forget = () => rmSync(folder, { recursive: true, force: true });
    // a signal ends the process without another turn of the event loop
    process.once('exit', forget);
    try {
      return await work(new DocumentSpool(folder));
    } finally {
      process.off('exit', forget);
      await rm(folder, { recursive: true, force: true });
    }
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

  /** The queue of a resource if it has waiting documents. */
  find(resource: string): DocumentQueue | undefined {
    return this.queues.get(resource);
  }
}
