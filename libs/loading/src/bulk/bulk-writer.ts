import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { resourceLabel } from '@dms/api-schema';
import type { Diagnostic } from '@dms/diagnostics';
import {
  type CheckedDocument,
  checkDocument,
  type DocumentPlans,
  type Holder,
  type ResourcePlans,
  takenIdentity,
  takenUuid,
  unresolved,
} from '@dms/documents';
import { mustExist, type QualifiedResourceName } from '@dms/model';
import type { BatchOutcome, BatchWriter, SentDocument, SentOptions } from '../loading/batch-writer.ts';
import type { BulkRows } from './bulk-rules.ts';
import { type BulkSession, bulkRules } from './bulk-session.ts';
import { RowBatch } from './row-batch.ts';
import { placeOf, RowBatchWriter, type RowBatchWriterOptions } from './row-batch-writer.ts';

/** How many batches of rows may be written or wait for it, while the process goes on with the next. */
const openLots = 3;

/** Documents per tick of the event loop: no answer of the server is read before a tick ends. */
const documentsPerTick = 10;

const documentTimes = ['ContentLastModifiedAt', 'IdentityLastModifiedAt', 'CreatedAt'];

export interface BulkWriterOptions extends RowBatchWriterOptions {
  readonly onWarning?: ((warning: Diagnostic) => void) | undefined;
}

/** A writer that must be finished before the transaction ends. */
export type BulkWriter = Required<BatchWriter>;

/**
 * Writes documents many rows at a time (design 14 §8): checks the documents, resolves their references among the known
 * identities, and makes their core rows, identities and table rows itself. It writes the rows of one batch while it
 * checks the documents of the next, so a document that only the database refuses is reported later (`onRefused`).
 * Throws `DOCUMENT_REFUSED` where the load cannot go on.
 */
export function bulkWriter(plans: DocumentPlans, session: BulkSession, options: BulkWriterOptions = {}): BulkWriter {
  const { identities, uuids, time } = session;
  const rules = bulkRules(plans.version);
  const timeColumns = time === null ? [] : documentTimes;
  const times = timeColumns.map(() => time);
  const { ignoreUnknown, onWarning = () => undefined } = options;
  const labels = new Map(
    plans.mappingSet.model.effectiveSchema.resourceKeys.map((key) => [key.id, resourceLabel(key)]),
  );
  const writer = new RowBatchWriter(plans, session, options);
  let pending: RowBatch | null = null;
  /** The resource of the last rows. */
  let current: ResourcePlans | null = null;
  /** The batches that are being written or wait for it, in their order. */
  const open: Promise<void>[] = [];
  let last: Promise<void> = Promise.resolve();
  /** The refusals that all open batches take into account. */
  let refusals = 0;

  /** Does something after all batches before it. */
  const queue = (work: () => Promise<void>) => {
    last = last.then(work);
    // a caller that awaits it gets the error, and none has to
    last.catch(() => undefined);
  };

  /** Hands the waiting rows over to be written after those before them. Waits while too many batches are open. */
  const start = async () => {
    const batch = pending;
    pending = null;
    if (!batch) return;
    queue(() => writer.write(batch));
    open.push(last);
    if (open.length >= openLots) await open.shift();
  };

  /** Waits until all documents before are written or refused. */
  const flush = async () => {
    await start();
    await last;
    open.length = 0;
    refusals = writer.refusals;
  };

  /** A batch with room for documents of a resource. */
  const batchOf = async (own: ResourcePlans, onRefused: SentOptions['onRefused']): Promise<RowBatch> => {
    await start();
    const before = current;
    current = own;
    if (before && before !== own) queue(() => session.complete(before.label));
    pending = new RowBatch(own, session, rules, timeColumns, onRefused);
    return pending;
  };

  /** The first id of this load. */
  let firstId = Number.POSITIVE_INFINITY;

  /** The database may still refuse the document with this id. */
  const isUnsettled = (id: number) => id >= firstId && id > writer.writtenUpTo && (pending !== null || open.length > 0);

  const holderOf = async (id: number): Promise<Holder> => {
    const found = mustExist(await session.stored(id), `the document ${id}`);
    return {
      label: mustExist(labels.get(found.resourceKeyId), `the resource ${found.resourceKeyId}`),
      uuid: found.uuid,
    };
  };

  const add = (
    batch: RowBatch,
    checked: CheckedDocument,
    ids: ReadonlyMap<string, string>,
    sent: SentDocument,
    documentId: string,
    made: BulkRows,
  ) => {
    const { plans: own, referentialId, superclass, targets } = checked;
    const id = Number(documentId);
    firstId = Math.min(firstId, id);
    const key = String(own.identity.resourceKeyId);
    const uuid = (sent.uuid ?? randomUUID()).toLowerCase();
    identities.set(referentialId, id);
    if (superclass !== null) identities.set(superclass.referentialId, id);
    if (sent.uuid !== undefined) uuids?.set(uuid, id);
    const named = targets.flatMap((target) => (target.reference === null ? [] : Number(ids.get(target.referentialId))));
    const { number, file, line, row, again } = sent;
    batch.add(
      { id, targets: named, sent: { number, uuid: sent.uuid, file, line, row, again } },
      {
        document: [documentId, uuid, key, ...times, ...made.document],
        identities: rules.identities.rows(checked, documentId),
        tables: made.tables,
      },
    );
  };

  /**
   * Writes a document that fits the model; null if the database has refused documents meanwhile, so that it must be
   * looked at again.
   */
  const attempt = async (
    checked: CheckedDocument,
    sent: SentDocument,
    { onExisting, onRefused }: SentOptions,
  ): Promise<BatchOutcome | null> => {
    const { plans: own, referentialId, superclass, targets } = checked;
    const where = placeOf(sent);
    const existing = identities.get(referentialId);
    if (existing !== undefined) {
      if (isUnsettled(existing)) return null;
      if (onExisting === 'skip') return { kind: 'skipped' };
      return { kind: 'rejected', problems: [takenIdentity(checked, await holderOf(existing), where)] };
    }
    const ids = new Map<string, string>();
    let isMissing = false;
    for (const target of targets) {
      const id = identities.get(target.referentialId);
      if (id === undefined) isMissing = true;
      else ids.set(target.referentialId, String(id));
    }
    const sameUuid = sent.uuid === undefined ? undefined : uuids?.get(sent.uuid);
    const held = superclass === null ? undefined : identities.get(superclass.referentialId);
    if (isMissing || sameUuid !== undefined || held !== undefined) {
      // all that is wrong is known when everything that it names is settled
      if ([sameUuid, held, ...ids.values()].some((id) => id !== undefined && isUnsettled(Number(id)))) return null;
      const [missing, ...more] = unresolved(checked, ids, where);
      if (missing) return { kind: 'rejected', problems: [missing, ...more] };
      if (sent.uuid !== undefined && sameUuid !== undefined)
        return { kind: 'rejected', problems: [takenUuid(checked, sent.uuid, where)] };
      if (held !== undefined)
        return { kind: 'rejected', problems: [takenIdentity(checked, await holderOf(held), where)] };
    }
    try {
      const batch = pending?.plans === own && !pending.isFull ? pending : await batchOf(own, onRefused);
      const nextId = session.nextId();
      const documentId = nextId instanceof Promise ? await nextId : nextId;
      const made = rules.rows(checked, documentId, ids, session);
      const rows = made instanceof Promise ? await made : made;
      if (writer.refusals !== refusals) return null;
      add(batch, checked, ids, sent, documentId, rows);
    } catch (error) {
      // where a batch has failed, later statements fail too, and their errors say nothing
      await last;
      throw error;
    }
    return { kind: 'inserted' };
  };

  const write = async (
    name: QualifiedResourceName,
    sent: SentDocument,
    options: SentOptions,
  ): Promise<BatchOutcome> => {
    const { document: value, file, line, checked: before } = sent;
    const { document, problems, warnings } = before ?? checkDocument(plans, name, value, { ignoreUnknown, file, line });
    for (const warning of warnings) onWarning(warning);
    const [problem, ...others] = problems;
    if (problem) return { kind: 'rejected', problems: [problem, ...others] };
    const checked = mustExist(document, 'a document without problems');
    for (;;) {
      if (writer.refusals !== refusals) await flush();
      const outcome = await attempt(checked, sent, options);
      if (outcome) return outcome;
      await flush();
    }
  };

  return {
    upsertBatch: async (name, documents, { onExisting = 'fail', onRefused } = {}) => {
      const outcomes: BatchOutcome[] = [];
      for (const document of documents) {
        outcomes.push(await write(name, document, { onExisting, onRefused }));
        if (outcomes.length % documentsPerTick === 0) await setImmediate();
      }
      return outcomes;
    },
    flush,
  };
}
