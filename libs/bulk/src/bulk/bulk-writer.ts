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
import { core, type DbTableName, promised, type QualifiedResourceName } from '@dms/model';
import type { BatchOutcome, BatchWriter } from '../loading/batch-writer.ts';
import type { CopiedTables } from './bulk-rules.ts';
import { type BulkSession, bulkRules } from './bulk-session.ts';
import { CopyText } from './copy-text.ts';
import { refusedRows } from './refused-rows.ts';

/** The most documents whose rows are copied together, and roughly how many bytes of rows. */
const copiedDocuments = 2_000;
const copiedLength = 4_000_000;

/** How many lots of rows may be copied or wait for it, while the process goes on with the next. */
const openLots = 3;

/** How many documents to write before others get their turn: as long as this goes on, no answer of the server is read. */
const turn = 10;

/** Rows of documents of one resource that wait to be copied. */
interface Pending {
  readonly plans: ResourcePlans;
  readonly documents: CopyText;
  readonly identities: CopyText;
  readonly copied: CopiedTables;
  /** By table, in plan order. */
  readonly tables: readonly CopyText[];
  count: number;
  /** The bytes of the rows of {@link tables}. */
  length: number;
}

const documentKeys = ['DocumentId', 'DocumentUuid', 'ResourceKeyId'];
const identityColumns = ['ReferentialId', 'DocumentId', 'ResourceKeyId'];

export interface BulkWriterOptions {
  readonly ignoreUnknown?: boolean | undefined;
  readonly onWarning?: ((warning: Diagnostic) => void) | undefined;
}

/** A writer that must be finished before the transaction ends. */
export interface BulkWriter extends BatchWriter {
  /** Waits until all rows are copied. */
  flush(): Promise<void>;
}

/**
 * Writes documents by copying their rows (design 14 §8): checks the documents, resolves their references among the known
 * identities, and makes their core rows, identities and table rows itself. It copies the rows of one batch while it checks the
 * documents of the next. A row that the database refuses ends the run: `DOCUMENT_REFUSED`.
 */
export function bulkWriter(plans: DocumentPlans, session: BulkSession, options: BulkWriterOptions = {}): BulkWriter {
  const { identities } = session;
  const rules = bulkRules(plans.mappingSet.model.effectiveSchema.relationalMappingVersion);
  const { ignoreUnknown, onWarning = () => undefined } = options;
  const labels = new Map(plans.mappingSet.model.effectiveSchema.resourceKeys.map((key) => [key.id, resourceLabel(key)]));
  let pending: Pending | null = null;
  /** The resource of the last rows. */
  let current: ResourcePlans | null = null;
  /** The copies that have begun or wait, in their order. */
  const copies: Promise<void>[] = [];
  let last: Promise<void> = Promise.resolve();

  const copyAll = async ({ plans: own, documents, identities: identityRows, copied, tables }: Pending) => {
    const copy = (table: DbTableName, columns: readonly string[], rows: CopyText) =>
      rows.length > 0 ? session.copy(table, columns, rows.content) : Promise.resolve();
    try {
      await copy(core.document, [...documentKeys, ...rules.documentColumns], documents);
      await copy(core.referentialIdentity, identityColumns, identityRows);
      for (const index of copied.insertOrder) {
        const { table, columns } = promised(copied.tables[index], 'a table of the resource');
        await copy(table, columns, promised(tables[index], 'the rows of a table'));
      }
    } catch (error) {
      throw refusedRows(own.label, error);
    }
  };

  /** Does something after all copies before it. */
  const queue = (work: () => Promise<void>) => {
    last = last.then(work);
    // whoever awaits it gets the error; nobody has to await it
    last.catch(() => undefined);
  };

  /** Hands the waiting rows over to be copied after those before them. Waits while too many lots are open. */
  const start = async () => {
    const lot = pending;
    pending = null;
    if (!lot) return;
    queue(() => copyAll(lot));
    copies.push(last);
    if (copies.length >= openLots) await copies.shift();
  };

  /** Begins a lot for a resource. */
  const begin = async (own: ResourcePlans) => {
    await start();
    const before = current;
    current = own;
    if (before && before !== own) queue(() => session.complete(before.label));
    const copied = rules.tables(own);
    const tables = copied.tables.map(() => new CopyText());
    pending = { plans: own, documents: new CopyText(), identities: new CopyText(), copied, tables, count: 0, length: 0 };
  };

  const isFull = ({ count, length }: Pending) => count >= copiedDocuments || length >= copiedLength;

  const add = async (document: CheckedDocument, ids: ReadonlyMap<string, string>, uuid: string | undefined): Promise<void> => {
    const { plans: own, referentialId, superclassId } = document;
    const nextId = session.nextId();
    const documentId = nextId instanceof Promise ? await nextId : nextId;
    const number = Number(documentId);
    const made = rules.rows(document, documentId, ids, session.take);
    const rows = made instanceof Promise ? await made : made;
    if (pending?.plans !== own || isFull(pending)) await begin(own);
    const lot = promised(pending, 'the lot');
    const { identity, superclassIdentity } = own;
    const resourceKeyId = String(identity.resourceKeyId);
    lot.documents.addRow([documentId, (uuid ?? randomUUID()).toLowerCase(), resourceKeyId, ...rows.document]);
    lot.identities.addRow([referentialId, documentId, resourceKeyId]);
    identities.set(referentialId, number);
    if (superclassId !== null) {
      const superclass = promised(superclassIdentity, `the identity of the superclass of ${own.label}`);
      lot.identities.addRow([superclassId, documentId, String(superclass.resourceKeyId)]);
      identities.set(superclassId, number);
    }
    for (const [index, ofTable] of rows.tables.entries()) {
      const copied = promised(lot.tables[index], 'the rows of a table');
      for (const row of ofTable) lot.length += copied.addRow(row);
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
      // where a copy has failed, later statements fail too, and their errors say nothing
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
