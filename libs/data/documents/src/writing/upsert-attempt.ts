import { randomUUID } from 'node:crypto';
import { type Connection, isRefusedRow, type RetryOptions, type Row, type Statement } from '@dms/databases';
import { append, type Diagnostic, type DiagnosticLocation, DmsError } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { chunk } from 'es-toolkit/array';
import type { CheckedDocument } from '../checking/checked-document.ts';
import type { ReplacedPart, RowBatch, WrittenId } from '../document-generation.ts';
import { generations } from '../generations.ts';
import { hydrated, hydrationStatements, storedOf } from '../reading/hydration.ts';
import type { DocumentPlans, ResourcePlans } from '../resource-plans.ts';
import type { DocumentRow } from '../statements/identity-statements.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { Transaction } from '../statements/transaction.ts';
import { assignIds, type BatchTurn } from './assign-ids.ts';
import { changedIdentity } from './changed-identity.ts';
import type { OnExisting, WriteOutcome } from './outcome.ts';
import { takenIdentity } from './reject-diagnostics.ts';
import type { Lookalikes, StoredLookalikes } from './stored-lookalikes.ts';
import { type KnownDescriptors, resolvedIds, targetsOf, unresolved } from './targets.ts';

/** A checked document to be written. */
export interface UpsertItem {
  readonly document: CheckedDocument;
  /** The uuid for a new document; random by default. */
  readonly uuid: string | null;
  readonly where: DiagnosticLocation;
  /** Its id if it is new. It is kept between attempts, so that a retry does not change the order of ids. */
  readonly newId: WrittenId;
}

export interface UpsertContext {
  readonly connection: Connection;
  readonly all: DocumentPlans;
  readonly plans: ResourcePlans;
  readonly descriptors: KnownDescriptors;
  readonly lookalikes: StoredLookalikes;
  /**
   * Labels of resources of which documents may still be written: if targets in them are missing, no lookalikes are
   * sought.
   */
  readonly awaited?: ReadonlySet<string> | undefined;
  readonly onExisting: OnExisting;
  readonly retry: RetryOptions;
  /** The reject rate of the resource on this connection. */
  readonly rate: RejectRate;
  /** Null for a batch whose ids need no order. */
  readonly turn?: BatchTurn | null | undefined;
  /** Called after each transaction with the number of documents that it has changed. */
  readonly onCommitted?: ((documents: number) => void) | undefined;
}

type AttemptedIds = ReturnType<typeof resolvedIds>;

type ExistingRow = DocumentRow & { readonly documentId: string };

/** One transaction that writes documents with different identities. */
export class UpsertAttempt {
  /** The number of the documents that exist in the database; 0 before the lookup. */
  found = 0;
  private readonly context: UpsertContext;
  private readonly items: readonly UpsertItem[];
  private readonly transaction: Transaction;
  private readonly outcomes = new Map<UpsertItem, WriteOutcome>();

  constructor(context: UpsertContext, items: readonly UpsertItem[]) {
    this.context = context;
    this.items = items;
    this.transaction = new Transaction(context.connection);
  }

  private get statements() {
    return documentStatements[this.context.connection.dialect];
  }

  private get identities() {
    const { all } = this.context;
    return generations[all.version].identities(all);
  }

  /**
   * Writes all documents or none.
   *
   * @param checkFound may throw, depending on the number of documents that exist
   */
  run(checkFound: (found: number) => void): Promise<WriteOutcome[]> {
    return this.orNothing(async () => {
      const { ids, found } = await this.look();
      this.found = found.size;
      checkFound(found.size);
      await this.write(await this.sorted(found, ids), ids, (statements) => this.transaction.askAndCommit(statements));
      return this.items.map((item) => mustExist(this.outcomes.get(item), 'the outcome of a document'));
    });
  }

  /**
   * Writes the documents in parts, each under a savepoint, and leaves out those that the database refuses: marks of
   * rows show which ones they are, otherwise the part is halved. The documents without an outcome are the refused ones.
   * Only for a dialect with savepoints and marks of rows.
   */
  runInParts(
    length: number,
  ): Promise<{ readonly outcomes: ReadonlyMap<UpsertItem, WriteOutcome>; readonly refused: readonly RejectedItem[] }> {
    return this.orNothing(async () => {
      const { ids, found } = await this.look();
      const refused: RejectedItem[] = [];
      for (const part of chunk(await this.sorted(found, ids), length))
        append(refused, await this.part(part, ids, { from: 0 }));
      await this.transaction.askAndCommit([]);
      return { outcomes: this.outcomes, refused };
    });
  }

  private async orNothing<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      await this.transaction.rollback();
      throw error;
    }
  }

  /**
   * Writes a part; returns the refused documents. `isBad`: one of them will certainly be refused, so they are not tried
   * together. `from`: marks before this position are ignored; null to ignore all.
   */
  private async part(
    documents: readonly Ready[],
    ids: AttemptedIds,
    { isBad = false, from }: { readonly isBad?: boolean; readonly from: number | null },
  ): Promise<readonly RejectedItem[]> {
    const isOnly = documents.length === 1;
    if (!isBad || isOnly) {
      this.transaction.setSavepoint();
      try {
        await this.write(documents, ids, (statements) => this.transaction.ask(statements), from !== null && !isOnly);
        this.transaction.releaseSavepoint();
        return [];
      } catch (error) {
        if (!isRefusedRow(error, this.context.connection.dialect)) throw error;
        this.transaction.undoToSavepoint();
        if (isOnly) return documents.map(({ item, row }) => ({ item, isKnown: row !== null, error }));
      }
      const at = from === null ? null : await this.marked(documents);
      // rows are read in order, so a mark before the last refused document is that of the last row of a statement that
      // failed after all its rows
      if (at !== null && from !== null && at >= from) {
        const others = await this.part(documents.toSpliced(at, 1), ids, { from: at });
        return [...others, ...(await this.part(documents.slice(at, at + 1), ids, { from: null }))];
      }
    }
    const half = Math.ceil(documents.length / 2);
    const first = await this.part(documents.slice(0, half), ids, { from: null });
    return [...first, ...(await this.part(documents.slice(half), ids, { isBad: first.length === 0, from: null }))];
  }

  /** The position of the document to which the last marked row belongs; null if it is unknown. */
  private async marked(documents: readonly Ready[]): Promise<number | null> {
    const { markedDocument } = this.statements;
    const idsOf = documents.map(({ item, row }) => row?.documentId ?? item.newId.id);
    const known = idsOf.filter((id) => id !== null);
    if (!markedDocument || known.length === 0) return null;
    const found = markedDocument.found(await this.transaction.ask(markedDocument.statements(known)));
    return found === null ? null : idsOf.indexOf(found);
  }

  /** Writes documents with `send`, which sends the last statements. */
  private async write(
    documents: readonly Ready[],
    ids: AttemptedIds,
    send: (statements: readonly Statement[]) => Promise<readonly (readonly Row[])[]>,
    isMarked = false,
  ): Promise<void> {
    const { plans } = this.context;
    const batch = generations[plans.version].writing.batch(plans);
    const fresh = documents.flatMap(({ item, row }) => (row ? [] : [item]));
    const known = documents.flatMap(({ item, row }) => (row ? [{ item, row }] : []));
    const replaced = known.length > 0 ? await this.replace(batch, known, ids) : [];
    const uuids = await this.insert(batch, fresh, ids);
    const changed = [
      ...fresh.map(({ newId }) => mustExist(newId.id, 'the id of a new document')),
      ...replaced.map(({ row }) => row.documentId),
    ];
    const versions = changed.length > 0 ? this.statements.contentVersions(changed) : [];
    const after = (await send([...batch.statements(isMarked), ...versions])).flat();
    const versionOf = new Map(
      after.map(({ DocumentId, ContentVersion }) => [String(DocumentId), BigInt(ContentVersion as string | number)]),
    );
    const written = (kind: 'inserted' | 'replaced', uuid: string, documentId: string): WriteOutcome => ({
      kind,
      uuid,
      documentId,
      contentVersion: mustExist(versionOf.get(documentId), 'the version of a document'),
    });
    fresh.forEach((item, index) => {
      const id = mustExist(item.newId.id, 'the id of a new document');
      this.outcomes.set(item, written('inserted', mustExist(uuids[index], 'the uuid of a new document'), id));
    });
    for (const { item, row } of replaced)
      this.outcomes.set(item, written('replaced', row.DocumentUuid, row.documentId));
  }

  /** Looks up the targets of references, and locks the documents that exist. */
  private async look(): Promise<{ readonly ids: AttemptedIds; readonly found: ReadonlyMap<string, ExistingRow> }> {
    const { descriptors } = this.context;
    const targets = targetsOf(this.items.map(({ document }) => document));
    const asked = [...targets.values()].filter(
      ({ reference, referentialId }) => reference !== null || descriptors.get(referentialId) === undefined,
    );
    const documents = this.items.map(({ document }) => document);
    const find = this.identities.findTargets(asked);
    const together = this.identities.lockOwn(documents, null);
    const count = find.statements.length;
    const statements = [...find.statements, ...(together?.statements ?? [])];
    const answers = statements.length > 0 ? await this.transaction.ask(statements) : [];
    const ids = resolvedIds(targets, find.read(answers.slice(0, count)), descriptors);
    const own = together ?? mustExist(this.identities.lockOwn(documents, ids), 'the statements that lock documents');
    const rows = together ? own.read(answers.slice(count)) : await this.transaction.answer(own);
    const found = new Map(
      [...rows].map(([id, row]): [string, ExistingRow] => [id, { ...row, documentId: String(row.DocumentId) }]),
    );
    if (new Set([...found.values()].map(({ documentId }) => documentId)).size < found.size) throw new EqualIdentities();
    return { ids, found };
  }

  /** The stored lookalikes of the missing targets of the documents. */
  private lookalikes(found: ReadonlyMap<string, ExistingRow>, ids: AttemptedIds): Promise<Lookalikes> {
    const { all, lookalikes, awaited, onExisting } = this.context;
    const targets = this.items.flatMap(({ document }) =>
      onExisting === 'replace' || !found.has(document.referentialId) ? document.targets : [],
    );
    return lookalikes.of({ all, targets, ids, awaited }, (statements) => this.transaction.ask(statements));
  }

  /** The documents to write, in the given order; the others get their outcomes. */
  private async sorted(found: ReadonlyMap<string, ExistingRow>, ids: AttemptedIds): Promise<readonly Ready[]> {
    const { plans, onExisting } = this.context;
    const lookalikes = await this.lookalikes(found, ids);
    const ready: Ready[] = [];
    for (const item of this.items) {
      const { document, where } = item;
      const row = found.get(document.referentialId) ?? null;
      if (row && onExisting === 'skip') {
        const { documentId, DocumentUuid: uuid, ContentVersion } = row;
        this.outcomes.set(item, { kind: 'skipped', uuid, documentId, contentVersion: BigInt(ContentVersion) });
        continue;
      }
      if (row && onExisting === 'fail') {
        this.outcomes.set(
          item,
          rejected(takenIdentity(document, { label: plans.label, uuid: row.DocumentUuid }, where)),
        );
        continue;
      }
      const [first, ...others] = unresolved(document, ids, where, lookalikes);
      if (first) this.outcomes.set(item, rejected(first, ...others));
      else ready.push({ item, row });
    }
    return ready;
  }

  /** Adds the changes of an existing document to a batch. Returns its outcome if there is nothing to write. */
  private replaceOne(batch: RowBatch, { item, row }: UpsertedRow, replacement: ReplacedPart): WriteOutcome | null {
    const { all, plans } = this.context;
    const changed = changedIdentity(all, plans, replacement, item.where);
    if (changed) return rejected(changed);
    try {
      if (batch.replace(replacement)) return null;
    } catch (error) {
      // the error concerns only this document
      if (!(error instanceof DmsError) || error.code !== 'DOCUMENT_STORED_DUPLICATE') throw error;
      return { kind: 'rejected', diagnostics: error.diagnostics };
    }
    const { documentId, DocumentUuid: uuid, ContentVersion } = row;
    return { kind: 'unchanged', uuid, documentId, contentVersion: BigInt(ContentVersion) };
  }

  /**
   * Adds the changes of existing documents to a batch; returns the documents that change, the others get their
   * outcomes.
   */
  private async replace(
    batch: RowBatch,
    known: readonly UpsertedRow[],
    ids: AttemptedIds,
  ): Promise<readonly UpsertedRow[]> {
    const { plans } = this.context;
    const documentIds = known.map(({ row }) => row.documentId);
    const documents = known.map(({ item }) => item.document);
    const { statements: current, read } = this.identities.findOwn(documents, ids);
    const answered = await this.transaction.ask([...current, ...hydrationStatements(plans, documentIds)]);
    const holders = read(answered.slice(0, current.length));
    const now = new Map(holders.map(({ referentialId, documentId }) => [referentialId, documentId]));
    const before = hydrated(plans, answered.slice(current.length));
    const replaced: UpsertedRow[] = [];
    for (const each of known) {
      const { item, row } = each;
      const { document } = item;
      // its identity was changed while this writer waited for its lock
      if (now.get(document.referentialId) !== row.documentId) throw new Outdated();
      const stored = storedOf(before, row.documentId);
      const outcome = this.replaceOne(batch, each, { found: row, document, ids, stored });
      if (outcome === null) replaced.push(each);
      else this.outcomes.set(item, outcome);
    }
    return replaced;
  }

  /** Adds new documents to a batch, and gives them ids in the order of the turn; returns their uuids. */
  private async insert(batch: RowBatch, fresh: readonly UpsertItem[], ids: AttemptedIds): Promise<readonly string[]> {
    const { plans, turn } = this.context;
    const uuids = fresh.map(({ uuid }) => (uuid ?? randomUUID()).toLowerCase());
    for (const { document, newId } of fresh) batch.insert(document, newId, ids);
    if (fresh.length > 0) await turn?.waitForTurn();
    const newIds = fresh.map(({ newId }) => newId);
    await assignIds(this.transaction, { resourceKeyId: plans.resourceKey.id, uuids, ids: newIds }, batch.newIds);
    turn?.release();
    return uuids;
  }
}

export const rejected = (first: Diagnostic, ...others: Diagnostic[]): WriteOutcome => ({
  kind: 'rejected',
  diagnostics: [first, ...others],
});

/** A document to write, with its row if it exists. */
interface Ready {
  readonly item: UpsertItem;
  readonly row: ExistingRow | null;
}

/** A document that exists. */
interface UpsertedRow extends Ready {
  readonly row: ExistingRow;
}

/** A document that the database refused when it was written by itself. */
export interface RejectedItem {
  readonly item: UpsertItem;
  /** Whether the document exists. */
  readonly isKnown: boolean;
  readonly error: DmsError;
}

/** Thrown if a value that was read is outdated; the transaction must then be repeated. */
export class Outdated extends Error {}

/** Thrown if two documents of a batch have one identity, which only the database could tell. */
export class EqualIdentities extends Error {}

/**
 * The rate at which the database refuses documents of a resource, and the best number of documents to write together:
 * each refused one makes the others of its part be written again.
 */
export class RejectRate {
  private documents = 0;
  private refused = 0;

  add(documents: number, refused: number): void {
    this.documents += documents;
    this.refused += refused;
  }

  /** Infinite until a document is refused; grows again while no document is. */
  get partLength(): number {
    return this.refused === 0 ? Number.POSITIVE_INFINITY : lengthOf(this.documents, this.refused);
  }

  /** The length of the parts of a batch of which at least one document is refused. */
  lengthAfterReject(documents: number): number {
    return lengthOf(this.documents + documents, this.refused + 1);
  }
}

/** The fixed cost of a part, in documents: a savepoint, the round trips, the start of each statement. */
const costOfPart = 25;

const lengthOf = (documents: number, refused: number) => Math.ceil(Math.sqrt((costOfPart * documents) / refused));
