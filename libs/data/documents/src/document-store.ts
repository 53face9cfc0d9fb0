import { resourceLabel } from '@dms/api-schema';
import type { Connection, RetryOptions } from '@dms/databases';
import { type Diagnostic, DmsError, failIfAny } from '@dms/diagnostics';
import { mustExist, type QualifiedResourceName } from '@dms/model';
import type { JsonValue } from '@dms/values';
import { checkDocument } from './checking/check-document.ts';
import type { CheckOfDocument, CheckOptions } from './checking/checked-document.ts';
import { DescriptorUris } from './reading/descriptor-uris.ts';
import { documentReader, textReader } from './reading/document-reader.ts';
import {
  type Page,
  type Partitioning,
  partitionDocuments,
  type ReadContext,
  readDocuments,
  readDocumentsById,
  readPage,
  type Scan,
  scanDocuments,
} from './reading/read-documents.ts';
import type { IdentifiedDocument, StoredDocument, UnreadableOptions } from './reading/stored-document.ts';
import type { DocumentPlans } from './resource-plans.ts';
import type { BatchTurn } from './writing/assign-ids.ts';
import type { OnExisting, WriteCondition, WriteOutcome, Written } from './writing/outcome.ts';
import { removeDocuments } from './writing/remove-documents.ts';
import { replaceDocument } from './writing/replace-document.ts';
import { StoredLookalikes } from './writing/stored-lookalikes.ts';
import { KnownDescriptors } from './writing/targets.ts';
import { RejectRate, type UpsertItem } from './writing/upsert-attempt.ts';
import { upsertDocuments } from './writing/upsert-documents.ts';

/** A document to write. */
export interface IncomingDocument {
  readonly document: JsonValue;
  /** The uuid of a new document; random by default. An existing document keeps its own. */
  readonly uuid?: string | undefined;
  /** Its place, for messages. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  /** The result of a check with the plans and options of the store, so that it is not checked again. */
  readonly checked?: CheckOfDocument | undefined;
}

interface StoreOptions extends Pick<CheckOptions, 'ignoreUnknown' | 'nestingLimit'> {
  readonly retry?: RetryOptions | undefined;
  /** If false, each page is read with the projections of its plan, which shows whether they work. */
  readonly remembersUris?: boolean | undefined;
  /** Called for each warning of a check: members that are ignored because of `ignoreUnknown`. */
  readonly onWarning?: ((warning: Diagnostic) => void) | undefined;
  /**
   * Called after each transaction of a write with the number of documents that it inserted or replaced, even if the
   * write fails later.
   */
  readonly onCommitted?: ((documents: number) => void) | undefined;
}

export interface BatchOptions {
  /** How to handle existing documents; they are replaced by default. */
  readonly onExisting?: OnExisting | undefined;
  /**
   * Labels of resources of which documents may still be written: if targets in them are missing, no lookalikes are
   * sought.
   */
  readonly awaited?: ReadonlySet<string> | undefined;
  /** The turn among batches that are written at the same time; passed on at the end of the batch at the latest. */
  readonly turn?: BatchTurn | undefined;
}

/** The documents of a database, through one connection (design 14 §3). Calls must not overlap. */
export interface DocumentStore {
  readonly plans: DocumentPlans;
  /**
   * Writes one document, found by its identity. Throws the `DOCUMENT_*` codes; the diagnostics of the check are thrown all
   * together, before any SQL.
   */
  upsert(
    resource: QualifiedResourceName,
    document: JsonValue,
    options?: Omit<IncomingDocument, 'document'>,
  ): Promise<Written>;
  /**
   * Writes documents of one resource in one transaction. The outcome of a document has its diagnostics, which do not
   * affect other documents. Outcomes are in the order of the documents. Throws only diagnostics that are not about
   * documents: `DB_*`, `DOCUMENT_RESOURCE_UNKNOWN`.
   */
  upsertBatch(
    resource: QualifiedResourceName,
    documents: readonly IncomingDocument[],
    options?: BatchOptions,
  ): Promise<readonly WriteOutcome[]>;
  /**
   * Replaces a document by uuid, including its identity if the resource allows that. The document may repeat the uuid
   * as its `id`.
   */
  replace(
    resource: QualifiedResourceName,
    uuid: string,
    document: JsonValue,
    condition?: WriteCondition,
  ): Promise<Written>;
  remove(uuid: string, condition?: WriteCondition): Promise<void>;
  /** Removes documents of any resources together; they may refer to each other. */
  removeBatch(uuids: readonly string[]): Promise<void>;
  /**
   * Documents in the order of the uuids; missing documents are left out. This and the other reads throw
   * `DOCUMENT_UNREADABLE` for documents with a value that no document can hold, unless `onUnreadable` accepts them.
   */
  read(uuids: readonly string[], options?: UnreadableOptions): Promise<readonly IdentifiedDocument[]>;
  /** The documents of a resource with these document ids, by id; missing ones, and those without a root row, are left out. */
  readById(
    resource: QualifiedResourceName,
    documentIds: readonly string[],
    options?: UnreadableOptions,
  ): Promise<readonly StoredDocument[]>;
  readPage(resource: QualifiedResourceName, page: Page): Promise<readonly StoredDocument[]>;
  /** The first document id of each part of a resource, for parallel scans. */
  partition(resource: QualifiedResourceName, partitioning: Partitioning): Promise<readonly string[]>;
  /** The next documents by document id, for a scan of a whole resource. */
  scan(resource: QualifiedResourceName, scan: Scan): Promise<readonly StoredDocument[]>;
  /** The next documents by document id, as JSON on one line, in the form of `jsonText`. */
  scanTexts(resource: QualifiedResourceName, scan: Scan): Promise<readonly StoredDocument<string>[]>;
}

/** The reads of a store. */
function reads(
  context: () => ReadContext,
): Pick<DocumentStore, 'read' | 'readById' | 'readPage' | 'partition' | 'scan' | 'scanTexts'> {
  const { connection, all } = context();
  return {
    read: (uuids, options) => readDocuments(context(), uuids, options),
    readById: (resource, documentIds, options = {}) =>
      readDocumentsById(context(), all.of(resource), documentIds, options),
    readPage: (resource, page) => readPage(context(), all.of(resource), page),
    partition: (resource, partitioning) => partitionDocuments(connection, all.of(resource), partitioning),
    scan: (resource, scan) => {
      const plans = all.of(resource);
      return scanDocuments(context(), plans, documentReader(plans), scan);
    },
    scanTexts: (resource, scan) => {
      const plans = all.of(resource);
      return scanDocuments(context(), plans, textReader(plans), scan);
    },
  };
}

/**
 * Opens the documents of a database that was provisioned for the mapping set of `plans` (checked by the gate, design 09c
 * §3).
 */
export function openDocuments(connection: Connection, plans: DocumentPlans, options: StoreOptions = {}): DocumentStore {
  if (connection.dialect !== plans.dialect)
    throw new Error(`plans of ${plans.dialect} do not run on a connection of ${connection.dialect}`);
  const descriptors = new KnownDescriptors();
  const lookalikes = new StoredLookalikes();
  const { retry = {}, remembersUris = true, onWarning = () => undefined, onCommitted = () => undefined } = options;
  const seen = new DescriptorUris();
  const reading = () => ({ connection, all: plans, uris: remembersUris ? seen : new DescriptorUris(), remembersUris });
  const rates = new Map<string, RejectRate>();
  const rateOf = (resource: QualifiedResourceName) => {
    const label = resourceLabel(resource);
    const known = rates.get(label) ?? new RejectRate();
    rates.set(label, known);
    return known;
  };
  const contextOf = (
    resource: QualifiedResourceName,
    { onExisting = 'replace', awaited, turn }: BatchOptions = {},
  ) => ({
    connection,
    all: plans,
    plans: plans.of(resource),
    descriptors,
    lookalikes,
    awaited,
    onExisting,
    retry,
    rate: rateOf(resource),
    turn,
    onCommitted,
  });
  const checked = (
    resource: QualifiedResourceName,
    { document, file, line, checked: before }: IncomingDocument,
    replaced?: string,
  ) => {
    const { ignoreUnknown, nestingLimit } = options;
    const checkOptions = { ignoreUnknown, nestingLimit, file, line, uuid: replaced };
    const result = before ?? checkDocument(plans, resource, document, checkOptions);
    for (const warning of result.warnings) onWarning(warning);
    return result;
  };

  const upsertBatch = async (
    resource: QualifiedResourceName,
    documents: readonly IncomingDocument[],
    batchOptions: BatchOptions = {},
  ): Promise<readonly WriteOutcome[]> => {
    const outcomes: (WriteOutcome | undefined)[] = [];
    const items: UpsertItem[] = [];
    const places: number[] = [];
    for (const [index, incoming] of documents.entries()) {
      const { document, diagnostics } = checked(resource, incoming);
      const [first, ...others] = diagnostics;
      if (first) outcomes[index] = { kind: 'rejected', diagnostics: [first, ...others] };
      if (!document) continue;
      const { uuid = null, file, line } = incoming;
      items.push({
        document,
        uuid,
        where: { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }) },
        newId: { id: null },
      });
      places.push(index);
    }
    const written = await upsertDocuments(contextOf(resource, batchOptions), items).finally(() =>
      batchOptions.turn?.release(),
    );
    for (const [index, outcome] of written.entries())
      outcomes[mustExist(places[index], 'the place of a document in its batch')] = outcome;
    return outcomes.map((outcome) => mustExist(outcome, 'the outcome of a document'));
  };

  return {
    plans,
    upsertBatch,
    upsert: async (resource, document, incoming = {}) => {
      const [outcome] = await upsertBatch(resource, [{ ...incoming, document }]);
      if (outcome?.kind === 'rejected') throw new DmsError(outcome.diagnostics);
      if (!outcome || outcome.kind === 'skipped') throw new Error('a document was not written');
      return outcome;
    },
    replace: async (resource, uuid, document, condition) => {
      const result = checked(resource, { document }, uuid);
      failIfAny(result.diagnostics);
      if (!result.document) throw new Error('a document that fits the model was not made');
      const wanted = { uuid: uuid.toLowerCase(), document: result.document, where: {}, condition };
      const written = await replaceDocument(contextOf(resource), wanted);
      if (written.kind !== 'unchanged') onCommitted(1);
      return written;
    },
    remove: (uuid, condition) => removeDocuments(connection, plans, [uuid], { retry, condition }),
    removeBatch: (uuids) => removeDocuments(connection, plans, uuids, { retry }),
    ...reads(reading),
  };
}
