import { resourceLabel } from '@dms/api-schema';
import { type Diagnostic, DmsError, diagnostic, nearestName, type RowPlace } from '@dms/diagnostics';
import { type FilePlace, idTexts, isUuid } from '@dms/documents';
import { mustExist, type RelationalModelSet, type ResourceModel } from '@dms/model';
import { groupBy, isJsonObject, type JsonObject, type JsonValue } from '@dms/values';
import { noChange, parseChange, type RecordedChange } from '../changes/recorded-change.ts';
import { openFile, readingError, recordValue, type TextRecord, textRecords } from '../files/text-records.ts';
import { type InterchangeReader, type InterchangeRecord, interchangeReader } from '../interchange/read-interchange.ts';
import { type RawDescriptor, rawDescriptor } from '../seeding/descriptor-files.ts';
import { type DocumentFeed, type FeedDocument, type OnFeedReject, rowOfDiagnostic } from './document-feed.ts';
import type { DocumentSpool, InputDocument, WaitingDocument, WrongMember } from './document-queue.ts';
import type { LoadReject } from './load-report.ts';
import type { LoadSource, ResourceSource } from './load-sources.ts';

/** The queue of descriptors found between documents; no resource has that name. */
const descriptorQueue = '';

/** The queue of documents whose resource the model does not have; no resource has that name. */
const unknownQueue = ':';

/** A descriptor, or the reason why there is none. */
export type DescriptorInput =
  | {
      readonly kind: 'descriptor';
      readonly raw: RawDescriptor;
      readonly document: JsonValue;
      readonly uuid?: string | undefined;
      /** The row that the descriptor was made from, if it does not come from a file. */
      readonly row?: RowPlace | undefined;
    }
  | { readonly kind: 'reject'; readonly reject: LoadReject };

interface InputOptions {
  /** Leaves out elements of interchanges without a property, with a warning. */
  readonly ignoreUnknown?: boolean | undefined;
  /** Documents that do not come from files. */
  readonly feed?: DocumentFeed | null | undefined;
  readonly onReject: (reject: LoadReject) => Promise<void>;
  readonly onWarning: (entry: Diagnostic) => void;
  /** Keeps documents of resources that the model does not have, for {@link LoadInputs.unknownDocuments}. */
  readonly keepsUnknown?: boolean | undefined;
}

/** Nominal size of a document without text, so that 500 of them are one batch. */
const documentBytes = 1_000;

/** The approximate bytes of documents that a row of another database becomes. */
const rowBytes = 150;

/** Reads the records of all inputs: documents by resource, and descriptors. */
export class LoadInputs {
  private readonly sources: readonly LoadSource[];
  private readonly feed: DocumentFeed | null;
  /** The files with documents of a single resource. */
  private readonly byResource: ReadonlyMap<string, readonly ResourceSource[]>;
  private readonly spool: DocumentSpool;
  private readonly interchanges: InterchangeReader;
  private readonly options: InputOptions;
  private readonly relational: ReadonlySet<string>;
  private readonly descriptors: ReadonlySet<string>;
  private readonly read = new Map<LoadSource, number>();
  /** The resources with documents that bring their uuids. */
  private readonly identified = new Set<string>();
  private unspooled = 0;
  /** Null if the input format cannot carry changes. */
  private recorded: RecordedChange[] | null = null;

  constructor(model: RelationalModelSet, sources: readonly LoadSource[], spool: DocumentSpool, options: InputOptions) {
    this.feed = options.feed ?? null;
    this.sources = sources;
    const ofDocuments = sources.flatMap((source) => (source.kind === 'documents' ? [source] : []));
    this.byResource = groupBy(ofDocuments, ({ resource }) => resource);
    this.spool = spool;
    this.options = options;
    this.interchanges = interchangeReader(model);
    const labels = (kind: ResourceModel['storageKind']) =>
      new Set(
        model.resources
          .filter(({ storageKind }) => storageKind === kind)
          .map(({ resourceKey }) => resourceLabel(resourceKey)),
      );
    this.relational = labels('RelationalTables');
    this.descriptors = labels('SharedDescriptorTable');
  }

  /** Throws if the feed is incomplete, once all of it was read. */
  assertComplete(): void {
    this.feed?.finish();
  }

  /** The share of the inputs that was processed, from 0 to 1. Documents put aside count when they are read back. */
  get share(): number {
    if (this.feed !== null) return this.feed.share;
    const plain = this.sources.filter(({ kind }) => kind !== 'mixed' && kind !== 'xml');
    const all = plain.reduce((sum, { bytes }) => sum + bytes, this.spool.size);
    const done = plain.reduce((sum, source) => sum + (this.read.get(source) ?? 0), this.unspooled);
    return all === 0 ? 1 : Math.min(done / all, 1);
  }

  /** The deletes and changed keys of the inputs; null if the input format cannot carry changes. */
  get changes(): readonly RecordedChange[] | null {
    return this.recorded;
  }

  /** Spools the documents of files that hold several resources, by resource, and reads changes. */
  async sort(): Promise<void> {
    const { feed } = this;
    if (feed !== null) {
      for await (const { resource, document, uuid, line = 0, row } of this.fed((refuse) => feed.descriptors(refuse)))
        await this.keep(descriptorQueue, {
          document: [resource, document],
          uuid: keptUuid(feed, uuid),
          file: '',
          line,
          row,
        });
      for await (const { resource, document, uuid, line = 0, row } of this.fed((refuse) => feed.mixed(refuse)))
        await this.keep(resource, { document, uuid: keptUuid(feed, uuid), file: '', line, row });
      if (feed.changes !== undefined) {
        this.recorded = [];
        for await (const change of feed.changes()) this.recorded.push(change);
      }
    }
    for (const source of this.sources) {
      if (source.kind === 'xml') await this.sortInterchange(source.file);
      if (source.kind === 'changes') {
        this.recorded ??= [];
        for await (const { value, record } of this.values(source, null))
          await this.putChange(value, new Map([['change', value]]), record.line, source.file);
      }
      if (source.kind !== 'mixed') continue;
      for await (const { value, record } of this.values(source, null)) await this.putAside(value, record, source.file);
    }
  }

  hasDocuments(resource: string): boolean {
    return this.spool.find(resource) !== undefined || this.byResource.has(resource) || this.fedRows(resource) > 0;
  }

  /** The approximate bytes of the documents of a resource; compressed files count with their compressed size. */
  bytesOf(resource: string): number {
    const own = this.byResource.get(resource) ?? [];
    const waiting = (this.spool.find(resource)?.size ?? 0) + this.fedRows(resource) * rowBytes;
    return own.reduce((sum, { bytes }) => sum + bytes, waiting);
  }

  private fedRows(resource: string): number {
    return this.feed?.rowsOf(resource) ?? 0;
  }

  /** The documents of a feed. Rejects the rows from which no document could be made, in their order. */
  private async *fed(
    read: (refuse: OnFeedReject) => AsyncIterable<FeedDocument>,
    onReject = this.options.onReject,
  ): AsyncGenerator<FeedDocument> {
    let refused: (readonly Diagnostic[])[] = [];
    const rejectFound = async () => {
      const found = refused;
      refused = [];
      for (const [first, ...others] of found) {
        if (!first) continue;
        const resource = first.where.resource ?? null;
        const place = { file: '', line: 0, row: rowOfDiagnostic(first) };
        await onReject({ ...place, resource, diagnostics: [first, ...others], document: null, uuid: null });
      }
    };
    for await (const document of read((diagnostics) => void refused.push(diagnostics))) {
      if (refused.length > 0) await rejectFound();
      yield document;
    }
    await rejectFound();
  }

  /** Whether any document brings its uuid. */
  get hasAnyUuids(): boolean {
    return this.identified.size > 0 || this.feed?.hasUuids === true;
  }

  /** Whether documents of a resource bring their uuids. */
  hasUuids(resource: string): boolean {
    return this.identified.has(resource) || (this.feed?.hasUuids === true && this.fedRows(resource) > 0);
  }

  /**
   * The documents of a resource, in the order of the inputs. `onReject` gets the records that cannot be read, in the
   * same order.
   */
  async *documents(resource: string, onReject = this.options.onReject): AsyncGenerator<InputDocument> {
    const { feed } = this;
    if (feed !== null && this.fedRows(resource) > 0) {
      const read = (refuse: OnFeedReject) => feed.documents(resource, refuse);
      for await (const { document, uuid, line = 0, row } of this.fed(read, onReject)) {
        const size = documentBytes;
        yield { document, uuid: keptUuid(feed, uuid), file: '', line, row, size, again: () => document };
      }
    }
    for (const source of this.byResource.get(resource) ?? []) {
      for await (const { value, record } of this.values(source, resource, onReject))
        yield {
          document: value,
          file: source.file,
          line: record.line,
          size: mustExist(record.bytes, 'the bytes of a document that was read').length,
          again: () => recordValue(record, source.file),
        };
    }
    for await (const document of this.spool.find(resource)?.read() ?? []) {
      this.unspooled += document.size;
      if (document.wrongMember === undefined) yield document;
      else await onReject(recordReject(document, document.wrongMember, resource));
    }
  }

  /** All descriptors, in the order of the inputs. */
  async *allDescriptors(): AsyncGenerator<DescriptorInput> {
    for (const source of this.sources) {
      if (source.kind !== 'descriptors') continue;
      for await (const { value, record } of this.values(source, source.resource))
        yield this.descriptorInput(value, source.resource, { file: source.file, line: record.line });
    }
    for await (const waiting of this.spool.find(descriptorQueue)?.read() ?? []) {
      const { document, uuid, file, line, row, size, wrongMember } = waiting;
      this.unspooled += size;
      const [name, object] = document as readonly [string, JsonValue];
      if (wrongMember !== undefined)
        yield { kind: 'reject', reject: recordReject({ ...waiting, document: object }, wrongMember, name) };
      else yield this.descriptorInput(object, name, { file, line }, { row: row?.(), uuid });
    }
  }

  /** The documents whose resource the model does not have, if they are kept, in the order of the inputs. */
  async *unknownDocuments(): AsyncGenerator<InputDocument & { readonly resource: string }> {
    for await (const waiting of this.spool.find(unknownQueue)?.read() ?? []) {
      const [resource, document] = waiting.document as readonly [string, JsonValue];
      const own = { ...waiting, document };
      this.unspooled += waiting.size;
      if (waiting.wrongMember === undefined) yield { ...own, resource };
      else await this.options.onReject(recordReject(own, waiting.wrongMember, resource));
    }
  }

  private descriptorInput(
    value: JsonValue,
    name: string,
    place: FilePlace,
    further: { readonly row?: RowPlace | undefined; readonly uuid?: string | undefined } = {},
  ): DescriptorInput {
    const refused = (entry: Diagnostic): DescriptorInput => {
      return {
        kind: 'reject',
        reject: { ...place, resource: name, diagnostics: [entry], document: value, uuid: further.uuid ?? null },
      };
    };
    if (!isJsonObject(value))
      return refused(diagnostic('SEED_NOT_DESCRIPTORS', 'This is not an object, so it is not a descriptor.', place));
    if (value.has('id')) {
      const where = { ...place, resource: name, path: '$.id' };
      if (!this.options.ignoreUnknown)
        return refused(diagnostic('DOCUMENT_PROPERTY_UNKNOWN', `${name} $.id ${idTexts.refused}.`, where));
      const ignored = diagnostic('DOCUMENT_PROPERTY_UNKNOWN', `${name} $.id ${idTexts.ignored} and is ignored.`, where);
      this.options.onWarning({ ...ignored, class: 'W' });
    }
    return { kind: 'descriptor', raw: rawDescriptor(value, name, place), document: value, ...further };
  }

  /** Spools the documents of an interchange, by resource. */
  private async sortInterchange(file: string): Promise<void> {
    const { ignoreUnknown, onWarning } = this.options;
    const records = this.interchanges.read({ file, open: () => openFile(file) }, { ignoreUnknown, onWarning });
    try {
      for (;;) {
        const record = await this.nextRecord(records, file, null);
        if (!record) return;
        await this.putElementAside(record, file);
      }
    } finally {
      // even if the consumer stops early
      await records.return(undefined);
    }
  }

  private async putElementAside(record: InterchangeRecord, file: string): Promise<void> {
    const place = { file, line: record.line };
    if (record.kind === 'rejected') {
      const { resource, diagnostics } = record;
      await this.options.onReject({ ...place, resource, diagnostics, document: null, uuid: null });
    } else if (record.kind === 'descriptor')
      await this.keep(descriptorQueue, { document: [record.name, record.document], ...place });
    else await this.keep(record.resource, { document: record.document, ...place });
  }

  /** The values of a file. Rejects a record that cannot be read, and the rest of a file that cannot be split. */
  private async *values(
    source: Exclude<LoadSource, { readonly kind: 'xml' }>,
    resource: string | null,
    onReject = this.options.onReject,
  ): AsyncGenerator<{ readonly value: JsonValue; readonly record: TextRecord }> {
    const { file, form } = source;
    const records = textRecords(file, form, { onBytes: (bytes) => this.read.set(source, bytes) });
    try {
      for (;;) {
        const record = await this.nextRecord(records, file, resource, onReject);
        if (!record) return;
        let value: JsonValue;
        try {
          value = recordValue(record, file);
        } catch (error) {
          await onReject({ ...fileReject(error, file, resource), line: record.line });
          continue;
        }
        yield { value, record };
      }
    } finally {
      // even if the consumer stops early
      await records.return(undefined);
    }
  }

  private async nextRecord<Item>(
    records: AsyncGenerator<Item>,
    file: string,
    resource: string | null,
    onReject = this.options.onReject,
  ): Promise<Item | undefined> {
    try {
      const next = await records.next();
      return next.done ? undefined : next.value;
    } catch (error) {
      await onReject(fileReject(readingError(error, file), file, resource));
      return undefined;
    }
  }

  /** Reads a record of a mixed file: a document with its resource, or a descriptor in one of its forms. */
  private async putAside(value: JsonValue, { key, line }: TextRecord, file: string): Promise<void> {
    const place = { file, line };
    const refuse = (text: string, resource: string | null = null, details = {}) => {
      const where = { ...place, ...(resource === null ? {} : { resource }) };
      const entry = diagnostic('DOCUMENT_RESOURCE_UNKNOWN', text, where, details);
      return this.options.onReject({ ...place, ...rejectedRecord(value), resource, diagnostics: [entry] });
    };
    if (!isJsonObject(value)) return refuse('This is not an object with the members "resource" and "document".');
    const change = key === null ? value.get('change') : undefined;
    if (change !== undefined) return this.putChange(change, value, line, file);
    const document = value.get('document');
    const resource = key ?? value.get('resource');
    if (typeof resource !== 'string')
      return refuse('This object has no member "resource" that names one, as in "Ed-Fi:Student".');
    if (document === undefined || key !== null) {
      if (key !== null) return this.keep(descriptorQueue, { document: [resource, value], ...place });
      if (value.has('codeValue')) {
        const own = new Map([...value].filter(([name]) => name !== 'resource'));
        return this.keep(descriptorQueue, { document: [resource, own], ...place });
      }
      if (this.descriptors.has(resource))
        return this.keep(descriptorQueue, { document: [resource, value], ...place, wrongMember: 'document' });
      if (this.relational.has(resource))
        return this.keep(resource, { document: value, ...place, wrongMember: 'document' });
      return this.rejectUnknown(resource, value, place);
    }
    const uuid = value.get('uuid') ?? null;
    if (this.descriptors.has(resource)) {
      if (uuid !== null && !(typeof uuid === 'string' && isUuid(uuid)))
        return this.keep(descriptorQueue, { document: [resource, value], ...place, wrongMember: 'uuid' });
      return this.keep(descriptorQueue, { document: [resource, document], uuid: uuid ?? undefined, ...place });
    }
    const isKnown = this.relational.has(resource);
    if (!isKnown && this.options.keepsUnknown !== true) return this.rejectUnknown(resource, value, place);
    const queue = isKnown ? resource : unknownQueue;
    const entry = (each: JsonValue) => (isKnown ? each : [resource, each]);
    // reported in its turn, after the rejects of the documents before it
    if (uuid !== null && !(typeof uuid === 'string' && isUuid(uuid)))
      return this.keep(queue, { document: entry(value), ...place, wrongMember: 'uuid' });
    return this.keep(queue, { document: entry(document), uuid: uuid ?? undefined, ...place });
  }

  /** Rejects a record of a resource that the mapping set does not have. */
  private rejectUnknown(resource: string, record: JsonObject, place: FilePlace): Promise<void> {
    const { nearest, hint } = nearestName(resource, [...this.relational, ...this.descriptors]);
    const text = `The mapping set has no resource ${resource}${hint}`;
    const entry = diagnostic('DOCUMENT_RESOURCE_UNKNOWN', text, { ...place, resource }, { nearest });
    return this.options.onReject({ ...place, ...rejectedRecord(record), resource, diagnostics: [entry] });
  }

  /** Keeps a delete or a changed key; `record` is its record in the input. */
  private putChange(value: JsonValue, record: JsonObject, line: number, file: string): Promise<void> | void {
    const change = parseChange(value);
    const where = { file, line };
    const resource = change?.resource ?? null;
    if (change === undefined || resource === null)
      return this.options.onReject({ ...where, ...rejectedRecord(record), resource, diagnostics: [noChange(where)] });
    if (!this.relational.has(resource) && !this.descriptors.has(resource))
      return this.rejectUnknown(resource, record, where);
    this.recorded ??= [];
    this.recorded.push({ ...change, ...where });
  }

  private async keep(queue: string, document: WaitingDocument): Promise<void> {
    // descriptors are written before all documents
    if (document.uuid !== undefined && queue !== descriptorQueue) this.identified.add(queue);
    await this.spool.queueOf(queue).add(document);
  }
}

const keptUuid = ({ hasUuids }: DocumentFeed, uuid: string | null) => (hasUuids && uuid !== null ? uuid : undefined);

function recordReject(
  { document: record, file, line }: InputDocument,
  wrongMember: WrongMember,
  resource: string,
): LoadReject {
  const place = { file, line };
  const where = { ...place, resource };
  const entry =
    wrongMember === 'uuid'
      ? diagnostic('DOCUMENT_VALUE_INVALID', 'The member "uuid" is not a uuid; correct it, or leave it out.', {
          ...where,
          path: '$.uuid',
        })
      : diagnostic('DOCUMENT_RESOURCE_UNKNOWN', 'This object has no member "document".', where);
  return { ...place, ...rejectedRecord(record), resource, diagnostics: [entry] };
}

/**
 * The parts of a record that a reject keeps, so that it can be corrected and loaded again: the record as it was
 * written.
 */
function rejectedRecord(value: JsonValue): Pick<LoadReject, 'document' | 'uuid' | 'record'> {
  if (!isJsonObject(value)) return { document: value, uuid: null };
  return { document: value.get('document') ?? null, uuid: null, record: value };
}

export function fileReject(error: unknown, file: string, resource: string | null): LoadReject {
  if (!(error instanceof DmsError)) throw error;
  const [first, ...others] = error.diagnostics.map((entry) => ({
    ...entry,
    where: { ...entry.where, file, ...(resource === null ? {} : { resource }) },
  }));
  if (!first) throw error;
  return { file, line: first.where.line ?? 1, resource, diagnostics: [first, ...others], document: null, uuid: null };
}
