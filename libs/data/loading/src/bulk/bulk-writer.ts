import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { resourceLabel } from '@dms/api-schema';
import type { Diagnostic } from '@dms/diagnostics';
import {
  type CheckedDocument,
  checkDocument,
  type DocumentPlans,
  type IdentityValue,
  identityLookup,
  type ResourcePlans,
  type SoughtIdentity,
  StoredLookalikes,
  takenIdentity,
  takenUuid,
  unresolved,
} from '@dms/documents';
import { mustExist, type QualifiedResourceName } from '@dms/model';
import { documentRulesOf } from '@dms/plans';
import { generations } from '../generations.ts';
import type { BatchOutcome, BatchWriter, SentDocument, SentOptions } from '../loading/batch-writer.ts';
import type { BulkRows, BulkRules } from './bulk-rules.ts';
import type { BulkSession } from './bulk-session.ts';
import { placeOf, RowBatch, RowBatchWriter, type RowBatchWriterOptions } from './row-batch.ts';

interface BulkWriterOptions extends RowBatchWriterOptions {
  readonly onWarning?: ((warning: Diagnostic) => void) | undefined;
}

/** A writer that must be finished before the transaction ends. */
type BulkWriter = Required<BatchWriter>;

/**
 * Writes documents many rows at a time (design 14a §3): checks the documents, resolves their references among the known
 * identities, and makes their core rows, identities and table rows itself. It writes the rows of one batch while it
 * checks the documents of the next, so a document that only the database refuses is reported later (`onLateReject`).
 * Throws `DOCUMENT_REFUSED` if the load cannot continue.
 */
export const bulkWriter = (plans: DocumentPlans, session: BulkSession, options: BulkWriterOptions = {}): BulkWriter =>
  new DocumentsInBulk(plans, session, options);

/** Documents per tick of the event loop: no answer of the server is read before a tick ends. */
const documentsPerTick = 10;

const documentTimes = ['ContentLastModifiedAt', 'IdentityLastModifiedAt', 'CreatedAt'];

interface BulkOptions extends SentOptions {
  /** The documents after this one. */
  next(): readonly SentDocument[];
}

/** The documents to which a document refers, and those that keep it from being written, by their ids. */
interface FoundIds {
  /** The ids of its targets, as far as they are known, by referential id. */
  readonly ids: ReadonlyMap<string, string>;
  readonly lacksTarget: boolean;
  /** The id of another document with the same uuid. */
  readonly sameUuid: number | undefined;
  /** The id of another document with the same identity of the superclass. */
  readonly sameSuperclass: number | undefined;
}

/** A checked document with its id and rows. */
interface BulkDocument {
  readonly checked: CheckedDocument;
  /** The ids of the documents to which it refers. */
  readonly ids: ReadonlyMap<string, string>;
  readonly sent: SentDocument;
  readonly documentId: string;
  readonly rows: BulkRows;
}

/** Writes documents by their rows, see {@link bulkWriter}. */
class DocumentsInBulk implements BulkWriter {
  private readonly plans: DocumentPlans;
  private readonly session: BulkSession;
  private readonly options: BulkWriterOptions;
  private readonly rules: BulkRules;
  /** Whether the database may regard a value as equal to one with another text; null if it never does. */
  private readonly isInDoubt: ((value: IdentityValue) => boolean) | null;
  /** The URIs in identities that the database found: memory may know them by other texts. */
  private readonly otherTexts = new Set<string>();
  private readonly writer: RowBatchWriter;
  private readonly batches: BatchesInTurn;
  private readonly timeColumns: readonly string[];
  private readonly times: readonly (string | null)[];
  private readonly labels: ReadonlyMap<number, string>;
  private readonly lookalikes = new StoredLookalikes();
  private pending: RowBatch | null = null;
  /** The identities of documents for which the database was asked since the last rows were handed over. */
  private asked: ReadonlySet<string> = new Set();
  /** The resource of the last rows. */
  private current: ResourcePlans | null = null;
  /** The failures that all open batches take into account. */
  private failures = 0;
  /** The first id of this load. */
  private firstId = Number.POSITIVE_INFINITY;

  constructor(plans: DocumentPlans, session: BulkSession, options: BulkWriterOptions) {
    this.plans = plans;
    this.session = session;
    this.options = options;
    this.rules = generations[plans.version];
    const { isInDoubt } = plans.texts;
    const equality = documentRulesOf(plans.version).textEquality[plans.dialect];
    this.isInDoubt = isInDoubt && ((value) => isInDoubt(equality, value));
    this.writer = new RowBatchWriter(plans, session, options);
    this.batches = new BatchesInTurn(this.writer);
    this.timeColumns = session.time === null ? [] : documentTimes;
    this.times = this.timeColumns.map(() => session.time);
    this.labels = new Map(
      plans.mappingSet.model.effectiveSchema.resourceKeys.map((key) => [key.id, resourceLabel(key)]),
    );
  }

  async upsertBatch(
    name: QualifiedResourceName,
    documents: readonly SentDocument[],
    { onExisting = 'fail', awaited, onLateReject }: SentOptions = {},
  ): Promise<readonly BatchOutcome[]> {
    const outcomes: BatchOutcome[] = [];
    // whether documents are in doubt is asked for several at once, after they are checked
    const sent =
      this.isInDoubt === null ? documents : documents.map((each) => ({ ...each, checked: this.check(name, each) }));
    for (const [index, document] of sent.entries()) {
      const next = () => sent.slice(index + 1);
      outcomes.push(await this.write(name, document, { onExisting, awaited, onLateReject, next }));
      if (outcomes.length % documentsPerTick === 0) await setImmediate();
    }
    return outcomes;
  }

  /** Waits until all earlier documents are written or refused. */
  async flush(): Promise<void> {
    await this.start();
    await this.batches.ended();
    this.failures = this.writer.failures;
  }

  /** Hands the waiting rows over; they are written after all earlier rows. */
  private async start(): Promise<void> {
    const batch = this.pending;
    this.pending = null;
    if (!batch) return;
    this.asked = new Set();
    await this.batches.write(batch);
  }

  private check(name: QualifiedResourceName, { document, file, line, checked }: SentDocument) {
    const { ignoreUnknown } = this.options;
    return checked ?? checkDocument(this.plans, name, document, { ignoreUnknown, file, line });
  }

  private async write(name: QualifiedResourceName, sent: SentDocument, options: BulkOptions): Promise<BatchOutcome> {
    const { onWarning = () => undefined } = this.options;
    const { document, diagnostics, warnings } = this.check(name, sent);
    for (const warning of warnings) onWarning(warning);
    const [diagnostic, ...others] = diagnostics;
    if (diagnostic) return { kind: 'rejected', diagnostics: [diagnostic, ...others] };
    const checked = mustExist(document, 'a document that fits the model');
    for (;;) {
      if (this.writer.failures !== this.failures) await this.flush();
      const outcome = await this.attempt(checked, sent, options);
      if (outcome) return outcome;
      await this.flush();
    }
  }

  /**
   * Writes a document that fits the model; null if the database has refused documents meanwhile, so that it must be
   * checked again.
   */
  private async attempt(
    checked: CheckedDocument,
    sent: SentDocument,
    { onExisting, awaited, onLateReject, next }: BulkOptions,
  ): Promise<BatchOutcome | null> {
    let found = this.find(checked, sent);
    const inDoubt = found.lacksTarget
      ? this.inDoubt(checked.targets, ({ resource }) => !awaited?.has(resourceLabel(resource)))
      : [];
    if (inDoubt.length > 0) {
      // a target may be among the rows that wait
      if (this.isWaiting) return null;
      await this.askFor(inDoubt);
      found = this.find(checked, sent);
    }
    await this.askForOwn(checked, next);
    const existing = this.session.identities.get(checked.referentialId);
    if (existing !== undefined) {
      if (this.isUnsettled(existing)) return null;
      if (onExisting === 'skip') return { kind: 'skipped' };
      return this.taken(checked, existing, sent);
    }
    const { ids, lacksTarget, sameUuid, sameSuperclass } = found;
    const isDistinct = this.isInDoubt === null || new Set(ids.values()).size === ids.size;
    if (!isDistinct || lacksTarget || sameUuid !== undefined || sameSuperclass !== undefined) {
      const rejected = await this.rejected(checked, sent, found, awaited);
      if (rejected !== undefined) return rejected;
    }
    const isAdded = await this.addRows(checked, ids, sent, onLateReject);
    return isAdded ? { kind: 'inserted' } : null;
  }

  /**
   * The identities that memory does not know, but the database may know under another text. A URI in ASCII may be equal
   * to a stored one with other characters. For targets that would be unresolved the database is always asked.
   */
  private inDoubt<Sought extends SoughtIdentity>(
    identities: readonly Sought[],
    isUnresolved: (identity: Sought) => boolean = () => false,
  ): readonly Sought[] {
    const { isInDoubt, session } = this;
    if (isInDoubt === null) return [];
    return identities.filter((each) => {
      if (session.identities.get(each.referentialId) !== undefined) return false;
      const values = each.identity();
      return (
        values.some(isInDoubt) || this.urisOf(values).some((uri) => isUnresolved(each) || this.otherTexts.has(uri))
      );
    });
  }

  private urisOf(values: readonly IdentityValue[]): readonly string[] {
    const { uri } = this.plans.texts;
    return values.flatMap(({ kind, raw }) => (kind === 'Descriptor' ? uri(String(raw)) : []));
  }

  /**
   * Asks for the identity of a document if it is in doubt, and for those of the next ones, so that they need not be asked
   * for until more rows are handed over.
   */
  private async askForOwn(checked: CheckedDocument, next: BulkOptions['next']): Promise<void> {
    if (this.asked.has(checked.referentialId)) return;
    if (this.inDoubt([checked]).length === 0) return;
    const inDoubt = this.inDoubt([checked, ...next().flatMap((sent) => sent.checked?.document ?? [])]);
    await this.askFor(inDoubt);
    this.asked = new Set(inDoubt.map(({ referentialId }) => referentialId));
  }

  /** Asks the database, which sees the rows of this load, for identities. */
  private async askFor(identities: readonly SoughtIdentity[]): Promise<void> {
    const { statements, read } = identityLookup(this.plans, identities);
    if (statements.length === 0) return;
    const found = read(await this.session.ask(statements));
    const sought = new Map(identities.map((each) => [each.referentialId, each.identity]));
    for (const { referentialId, documentId } of found) {
      this.session.identities.set(referentialId, Number(documentId));
      for (const uri of this.urisOf(sought.get(referentialId)?.() ?? [])) this.otherTexts.add(uri);
    }
  }

  private find({ targets, superclass }: CheckedDocument, { uuid }: SentDocument): FoundIds {
    const { identities, uuids } = this.session;
    const ids = new Map<string, string>();
    let lacksTarget = false;
    for (const { referentialId } of targets) {
      const id = identities.get(referentialId);
      if (id === undefined) lacksTarget = true;
      else ids.set(referentialId, String(id));
    }
    const sameUuid = uuid === undefined ? undefined : uuids?.get(uuid);
    const sameSuperclass = superclass === null ? undefined : identities.get(superclass.referentialId);
    return { ids, lacksTarget, sameUuid, sameSuperclass };
  }

  /**
   * The reject of a document that cannot be written; null if that is not settled yet, undefined if it can be written.
   */
  private async rejected(
    checked: CheckedDocument,
    sent: SentDocument,
    { ids, sameUuid, sameSuperclass }: FoundIds,
    awaited: SentOptions['awaited'],
  ): Promise<BatchOutcome | null | undefined> {
    // all errors are known only when every document to which it refers is settled
    const named = [sameUuid, sameSuperclass, ...ids.values()];
    if (named.some((id) => id !== undefined && this.isUnsettled(Number(id)))) return null;
    const where = placeOf(sent);
    const { lookalikes, session } = this;
    const search = { all: this.plans, targets: checked.targets, ids, awaited };
    // a lookalike may be among the rows that wait
    if (this.isWaiting && lookalikes.asksFor(search)) return null;
    const stored = await lookalikes.of(search, (statements) => session.ask(statements));
    const [missing, ...more] = unresolved(checked, ids, where, stored);
    if (missing) return { kind: 'rejected', diagnostics: [missing, ...more] };
    if (sent.uuid !== undefined && sameUuid !== undefined)
      return { kind: 'rejected', diagnostics: [takenUuid(checked.plans.label, sent.uuid, where)] };
    return sameSuperclass === undefined ? undefined : this.taken(checked, sameSuperclass, sent);
  }

  /** Whether some rows are not written yet. */
  private get isWaiting(): boolean {
    return this.pending !== null || this.batches.hasOpen;
  }

  /** Whether the database may still refuse the document with this id. */
  private isUnsettled(id: number): boolean {
    return id >= this.firstId && id > this.writer.writtenUpTo && this.isWaiting;
  }

  /** The reject of a document whose identity another document has. */
  private async taken(checked: CheckedDocument, other: number, sent: SentDocument): Promise<BatchOutcome> {
    const found = mustExist(await this.session.stored(other), `the document ${other}`);
    const label = mustExist(this.labels.get(found.resourceKeyId), `the resource ${found.resourceKeyId}`);
    return { kind: 'rejected', diagnostics: [takenIdentity(checked, { label, uuid: found.uuid }, placeOf(sent))] };
  }

  /** Adds the rows of a document to a batch; false if the database has refused documents meanwhile. */
  private async addRows(
    checked: CheckedDocument,
    ids: ReadonlyMap<string, string>,
    sent: SentDocument,
    onLateReject: SentOptions['onLateReject'],
  ): Promise<boolean> {
    const { plans: own } = checked;
    const { pending, session } = this;
    try {
      const batch = pending?.plans === own && !pending.isFull ? pending : await this.beginBatch(own, onLateReject);
      const nextId = session.nextId();
      const documentId = nextId instanceof Promise ? await nextId : nextId;
      const made = this.rules.rows(checked, documentId, ids, session);
      const rows = made instanceof Promise ? await made : made;
      if (this.writer.failures !== this.failures) return false;
      this.add(batch, { checked, ids, sent, documentId, rows });
      return true;
    } catch (error) {
      // after a failed batch later statements fail too, so the error of the batch is thrown first
      await this.batches.ended();
      throw error;
    }
  }

  /** A batch with room for documents of a resource. */
  private async beginBatch(own: ResourcePlans, onLateReject: SentOptions['onLateReject']): Promise<RowBatch> {
    await this.start();
    const { rules, timeColumns, current: before } = this;
    this.current = own;
    if (before && before !== own) this.batches.after(() => this.session.complete(before.label));
    const batch = new RowBatch(own, this.session, { rules, timeColumns, onLateReject });
    this.pending = batch;
    return batch;
  }

  private add(batch: RowBatch, { checked, ids, sent, documentId, rows: made }: BulkDocument): void {
    const { plans: own, referentialId, superclass, targets } = checked;
    const { identities, uuids } = this.session;
    const id = Number(documentId);
    this.firstId = Math.min(this.firstId, id);
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
        document: [documentId, uuid, key, ...this.times, ...made.document],
        identities: this.rules.identities.rows(checked, documentId),
        tables: made.tables,
      },
    );
  }
}

/** How many batches may be written or wait to be written while the process continues with the next. */
const openLots = 3;

/** Batches of rows that are written one after the other, while the process continues with the next. */
class BatchesInTurn {
  private readonly writer: RowBatchWriter;
  private readonly open: Promise<void>[] = [];
  private last: Promise<void> = Promise.resolve();

  constructor(writer: RowBatchWriter) {
    this.writer = writer;
  }

  get hasOpen(): boolean {
    return this.open.length > 0;
  }

  /** Does something after all batches before it. */
  after(work: () => Promise<void>): void {
    this.last = this.last.then(work);
    // a caller that awaits it gets the error, but nobody has to await it
    this.last.catch(() => undefined);
  }

  /** Hands a batch over to be written. Waits while too many batches are open. */
  async write(batch: RowBatch): Promise<void> {
    this.after(() => this.writer.write(batch));
    this.open.push(this.last);
    if (this.open.length >= openLots) await this.open.shift();
  }

  /** Waits until all batches are written; throws the failure of one of them. */
  async ended(): Promise<void> {
    await this.last;
    this.open.length = 0;
  }
}
