import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { resourceLabel } from '@dms/api-schema';
import { type Diagnostic, type DiagnosticLocation, diagnostic } from '@dms/diagnostics';
import {
  type CheckedDocument,
  checkDocument,
  type DocumentPlans,
  type IncomingDocument,
  type OnExisting,
  type ResourcePlans,
  unresolved,
} from '@dms/documents';
import { core, promised, type QualifiedResourceName } from '@dms/model';
import type { BatchOutcome, BatchWriter } from '../loading/batch-writer.ts';
import type { WaitingRows } from './bulk-dialect.ts';
import { type BulkSession, bulkRules } from './bulk-session.ts';
import { refusedRows } from './refused-rows.ts';

/** The most documents whose rows are written together, and roughly how many bytes of rows. */
const lotDocuments = 2_000;
const lotLength = 4_000_000;

/** How many lots of rows may be written or wait for it, while the process goes on with the next. */
const openLots = 3;

/** How many documents to write before others get their turn: as long as this goes on, no answer of the server is read. */
const turn = 10;

/** Rows of documents of one resource that wait to be written. */
interface Pending {
  readonly plans: ResourcePlans;
  readonly documents: WaitingRows;
  readonly identities: WaitingRows;
  /** By table, in plan order. */
  readonly tables: readonly WaitingRows[];
  /** The positions of the tables in the order of their foreign keys. */
  readonly insertOrder: readonly number[];
  count: number;
  /** The bytes of the rows of {@link tables}. */
  length: number;
}

const documentKeys = ['DocumentId', 'DocumentUuid', 'ResourceKeyId'];
const documentTimes = ['ContentLastModifiedAt', 'IdentityLastModifiedAt', 'CreatedAt'];
const identityColumns = ['ReferentialId', 'DocumentId', 'ResourceKeyId'];

export interface BulkWriterOptions {
  readonly ignoreUnknown?: boolean | undefined;
  readonly onWarning?: ((warning: Diagnostic) => void) | undefined;
}

/** A writer that must be finished before the transaction ends. */
export interface BulkWriter extends BatchWriter {
  /** Waits until all rows are written. */
  flush(): Promise<void>;
}

/**
 * Writes documents many rows at a time (design 14 §8): checks the documents, resolves their references among the known
 * identities, and makes their core rows, identities and table rows itself. It writes the rows of one batch while it checks the
 * documents of the next. A row that the database refuses ends the run: `DOCUMENT_REFUSED`.
 */
export function bulkWriter(plans: DocumentPlans, session: BulkSession, options: BulkWriterOptions = {}): BulkWriter {
  const { identities } = session;
  const rules = bulkRules(plans.version);
  const { time } = session;
  const timeColumns = time === null ? [] : documentTimes;
  const times = timeColumns.map(() => time);
  const documentColumns = [...documentKeys, ...timeColumns, ...rules.documentColumns];
  const { ignoreUnknown, onWarning = () => undefined } = options;
  const labels = new Map(plans.mappingSet.model.effectiveSchema.resourceKeys.map((key) => [key.id, resourceLabel(key)]));
  let pending: Pending | null = null;
  /** The resource of the last rows. */
  let current: ResourcePlans | null = null;
  /** The lots that are being written or wait for it, in their order. */
  const open: Promise<void>[] = [];
  let last: Promise<void> = Promise.resolve();

  const writeLot = async ({ plans: own, documents, identities: identityRows, tables, insertOrder }: Pending) => {
    const ofTables = insertOrder.map((index) => promised(tables[index], 'the rows of a table'));
    try {
      for (const rows of [documents, identityRows, ...ofTables]) if (rows.length > 0) await session.write(rows);
    } catch (error) {
      throw refusedRows(own.label, error);
    }
  };

  /** Does something after all lots before it. */
  const queue = (work: () => Promise<void>) => {
    last = last.then(work);
    // whoever awaits it gets the error; nobody has to await it
    last.catch(() => undefined);
  };

  /** Hands the waiting rows over to be written after those before them. Waits while too many lots are open. */
  const start = async () => {
    const lot = pending;
    pending = null;
    if (!lot) return;
    queue(() => writeLot(lot));
    open.push(last);
    if (open.length >= openLots) await open.shift();
  };

  /** Begins a lot for a resource. */
  const begin = async (own: ResourcePlans) => {
    await start();
    const before = current;
    current = own;
    if (before && before !== own) queue(() => session.complete(before.label));
    const { tables, insertOrder } = rules.tables(own, session);
    pending = {
      plans: own,
      documents: session.newRows(core.document, documentColumns),
      identities: session.newRows(core.referentialIdentity, identityColumns),
      tables: tables.map(({ table, columns }) => session.newRows(table, columns)),
      insertOrder,
      count: 0,
      length: 0,
    };
  };

  const isFull = ({ count, length }: Pending) => count >= lotDocuments || length >= lotLength;

  const add = async (document: CheckedDocument, ids: ReadonlyMap<string, string>, uuid: string | undefined): Promise<void> => {
    const { plans: own, referentialId, superclassId } = document;
    const nextId = session.nextId();
    const documentId = nextId instanceof Promise ? await nextId : nextId;
    const number = Number(documentId);
    const made = rules.rows(document, documentId, ids, session);
    const rows = made instanceof Promise ? await made : made;
    if (pending?.plans !== own || isFull(pending)) await begin(own);
    const lot = promised(pending, 'the lot');
    const { identity, superclassIdentity } = own;
    const resourceKeyId = String(identity.resourceKeyId);
    lot.documents.addRow([documentId, (uuid ?? randomUUID()).toLowerCase(), resourceKeyId, ...times, ...rows.document]);
    lot.identities.addRow([referentialId, documentId, resourceKeyId]);
    identities.set(referentialId, number);
    if (superclassId !== null) {
      const superclass = promised(superclassIdentity, `the identity of the superclass of ${own.label}`);
      lot.identities.addRow([superclassId, documentId, String(superclass.resourceKeyId)]);
      identities.set(superclassId, number);
    }
    for (const [index, ofTable] of rows.tables.entries()) {
      const waiting = promised(lot.tables[index], 'the rows of a table');
      for (const row of ofTable) lot.length += waiting.addRow(row);
    }
    lot.count += 1;
  };

  const write = async (
    name: QualifiedResourceName,
    { document: value, uuid, file, line, checked: before }: IncomingDocument,
    onExisting: OnExisting,
  ): Promise<BatchOutcome> => {
    const { document, problems, warnings } = before ?? checkDocument(plans, name, value, { ignoreUnknown, file, line });
    for (const warning of warnings) onWarning(warning);
    const [problem, ...others] = problems;
    if (problem) return { kind: 'rejected', problems: [problem, ...others] };
    const checked = promised(document, 'a document without problems');
    const { referentialId, superclassId, targets } = checked;
    const where: DiagnosticLocation = { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }) };
    const own = identities.get(referentialId);
    if (own !== undefined && onExisting === 'skip') return { kind: 'skipped' };
    const holder = own ?? (superclassId === null ? undefined : identities.get(superclassId));
    if (holder !== undefined) return { kind: 'rejected', problems: [await existing(plans.of(name), where, holder)] };
    const ids = new Map<string, string>();
    for (const target of targets) {
      const id = identities.get(target.referentialId);
      if (id !== undefined) ids.set(target.referentialId, String(id));
    }
    const [missing, ...more] = unresolved(checked, ids, where);
    if (missing) return { kind: 'rejected', problems: [missing, ...more] };
    try {
      await add(checked, ids, uuid);
    } catch (error) {
      // where a lot has failed, later statements fail too, and their errors say nothing
      await last;
      throw error;
    }
    return { kind: 'inserted' };
  };

  /** Another document has the same identity: one of this resource, or of another resource with the same superclass. */
  const existing = async ({ label, identity }: ResourcePlans, where: DiagnosticLocation, id: number): Promise<Diagnostic> => {
    await start();
    await last;
    const found = promised(await session.stored(id), `the document ${id}`);
    const holder = promised(labels.get(found.resourceKeyId), `the resource ${found.resourceKeyId}`);
    const paths = identity.identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical);
    const text = `${label}: ${holder} ${found.uuid} has the same identity (${paths.join(', ')}).`;
    const details = { resource: label, paths, holder, uuid: found.uuid };
    return diagnostic('DOCUMENT_EXISTS', text, { ...where, resource: label }, details);
  };

  return {
    upsertBatch: async (name, documents, { onExisting = 'fail' } = {}) => {
      const outcomes: BatchOutcome[] = [];
      for (const document of documents) {
        outcomes.push(await write(name, document, onExisting));
        if (outcomes.length % turn === 0) await setImmediate();
      }
      return outcomes;
    },
    flush: async () => {
      await start();
      await last;
    },
  };
}
