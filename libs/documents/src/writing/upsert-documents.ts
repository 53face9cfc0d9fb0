import { randomUUID } from 'node:crypto';
import { resourceLabel } from '@dms/api-schema';
import { type Connection, failureKind, isRefusedRow, type RetryOptions, type Row, withRetries } from '@dms/databases';
import { type Diagnostic, type DiagnosticLocation, DmsError } from '@dms/diagnostics';
import { piecesOf } from '@dms/files';
import { mustExist } from '@dms/model';
import type { CheckedDocument } from '../checking/checked-document.ts';
import { generations } from '../generations.ts';
import { hydrated, hydrationStatements, storedOf } from '../reading/hydration.ts';
import type { DocumentPlans, ResourcePlans } from '../resource-plans.ts';
import type { DocumentRow } from '../statements/identity-statements.ts';
import { queryStatements } from '../statements/query-statements.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { Transaction } from '../statements/transaction.ts';
import { assignIds } from './assign-ids.ts';
import type { BatchTurn } from './batch-turn.ts';
import { changedIdentity } from './changed-identity.ts';
import type { OnExisting, Outcome } from './outcome.ts';
import { constraintOf, refusedDocument } from './refusal.ts';
import type { RefusalRate } from './refusal-rate.ts';
import { takenIdentity, takenUuid } from './taken.ts';
import { type KnownDescriptors, resolvedIds, targetsOf, unresolved } from './targets.ts';
import type { RowBatch, WrittenId } from './writing-rules.ts';

/** A checked document on its way into the database. */
export interface UpsertItem {
  readonly document: CheckedDocument;
  /** The uuid for a new document; random by default. */
  readonly uuid: string | null;
  readonly where: DiagnosticLocation;
  /** Its id as a new document. It is kept between attempts, so that a retry does not change the order of ids. */
  readonly newId: WrittenId;
}

export interface UpsertContext {
  readonly connection: Connection;
  readonly all: DocumentPlans;
  readonly plans: ResourcePlans;
  readonly descriptors: KnownDescriptors;
  readonly onExisting: OnExisting;
  readonly retry: RetryOptions;
  /** Of the resource, on this connection. */
  readonly rate: RefusalRate;
  /** Null for a batch whose ids need no order. */
  readonly turn?: BatchTurn | null | undefined;
  /** Called after each transaction with how many documents it has changed. */
  readonly onCommitted?: ((documents: number) => void) | undefined;
}

/** The same without passing the turn: some documents of the batch are still without an id afterwards. */
const partOf = (context: UpsertContext): UpsertContext =>
  context.turn ? { ...context, turn: { ...context.turn, release: () => undefined } } : context;

type ResolvedIds = ReturnType<typeof resolvedIds>;

type Found = DocumentRow & { readonly documentId: string };

const rejected = (first: Diagnostic, ...others: Diagnostic[]): Outcome => ({ kind: 'rejected', problems: [first, ...others] });

function rowsByReferentialId(rows: readonly Row[]): Map<string, Found> {
  return new Map(
    (rows as readonly unknown[] as readonly DocumentRow[]).flatMap((row): [string, Found][] =>
      row.ReferentialId === null ? [] : [[row.ReferentialId, { ...row, documentId: String(row.DocumentId) }]],
    ),
  );
}

/** The key of `dms.Document` over the uuid, in both generations. */
const uuidKey = 'UX_Document_DocumentUuid';

/** Documents in the order given, by what an attempt does with them. */
interface Sorted {
  readonly fresh: readonly UpsertItem[];
  readonly known: readonly { readonly item: UpsertItem; readonly row: Found }[];
}

/** Thrown if a value that was read is outdated, so that the transaction must be repeated. */
class Outdated extends Error {}

/** One transaction over documents with different identities. */
class Attempt {
  /** How many of the documents the database has; 0 before it was asked. */
  found = 0;
  private readonly context: UpsertContext;
  private readonly items: readonly UpsertItem[];
  private readonly transaction: Transaction;
  private readonly outcomes = new Map<UpsertItem, Outcome>();
  private readonly batch: RowBatch;

  constructor(context: UpsertContext, items: readonly UpsertItem[]) {
    this.context = context;
    this.items = items;
    this.transaction = new Transaction(context.connection);
    this.batch = generations[context.plans.version].writing.batch(context.plans);
  }

  private get statements() {
    return documentStatements[this.context.connection.dialect];
  }

  private get identities() {
    const { all } = this.context;
    return generations[all.version].identities(all);
  }

  /** @param checkFound may refuse to go on, by the number of documents that exist */
  async run(checkFound: (found: number) => void): Promise<Outcome[]> {
    try {
      const { ids, found } = await this.look();
      this.found = found.size;
      checkFound(found.size);
      const { fresh, known } = this.sorted(found, ids);
      const replaced = known.length > 0 ? await this.replace(known, ids) : [];
      const uuids = await this.insert(fresh, ids);
      const versionOf = await this.write([
        ...fresh.map(({ newId }) => mustExist(newId.id, 'the id of a new document')),
        ...replaced.map((row) => row.documentId),
      ]);
      const written = (kind: 'inserted' | 'replaced', uuid: string, documentId: string): Outcome => ({
        kind,
        uuid,
        documentId,
        contentVersion: mustExist(versionOf.get(documentId), 'the version of a document'),
      });
      fresh.forEach((item, index) => {
        const id = mustExist(item.newId.id, 'the id of a new document');
        this.outcomes.set(item, written('inserted', mustExist(uuids[index], 'the uuid of a new document'), id));
      });
      for (const { item, row } of known)
        if (!this.outcomes.has(item)) this.outcomes.set(item, written('replaced', row.DocumentUuid, row.documentId));
      return this.items.map((item) => mustExist(this.outcomes.get(item), 'the outcome of a document'));
    } catch (error) {
      await this.transaction.rollback();
      throw error;
    }
  }

  /** Looks up the targets of references, and locks the documents that exist. */
  private async look(): Promise<{ readonly ids: ResolvedIds; readonly found: ReadonlyMap<string, Found> }> {
    const { descriptors } = this.context;
    const targets = targetsOf(this.items.map(({ document }) => document));
    const asked = [...targets.values()].filter(
      ({ reference, referentialId }) => reference !== null || descriptors.get(referentialId) === undefined,
    );
    const find = asked.length > 0 ? this.identities.findTargets(asked) : [];
    const own = this.identities.lockByIdentity(this.items.map(({ document }) => document));
    const answers = await this.transaction.ask([...find, ...own]);
    return {
      ids: resolvedIds(targets, answers.slice(0, find.length).flat(), descriptors),
      found: rowsByReferentialId(answers.slice(find.length).flat()),
    };
  }

  private sorted(found: ReadonlyMap<string, Found>, ids: ResolvedIds): Sorted {
    const { plans, onExisting } = this.context;
    const fresh: UpsertItem[] = [];
    const known: { readonly item: UpsertItem; readonly row: Found }[] = [];
    for (const item of this.items) {
      const { document, where } = item;
      const row = found.get(document.referentialId);
      if (row && onExisting === 'skip') {
        const { documentId, DocumentUuid: uuid, ContentVersion } = row;
        this.outcomes.set(item, { kind: 'skipped', uuid, documentId, contentVersion: BigInt(ContentVersion) });
        continue;
      }
      if (row && onExisting === 'fail') {
        this.outcomes.set(item, rejected(takenIdentity(document, { label: plans.label, uuid: row.DocumentUuid }, where)));
        continue;
      }
      const [first, ...others] = unresolved(document, ids, where);
      if (first) this.outcomes.set(item, rejected(first, ...others));
      else if (row) known.push({ item, row });
      else fresh.push(item);
    }
    return { fresh, known };
  }

  /** Adds to the batch what changes in documents that exist; returns those that change. */
  private async replace(known: Sorted['known'], ids: ResolvedIds): Promise<readonly Found[]> {
    const { all, plans } = this.context;
    const documentIds = known.map(({ row }) => row.documentId);
    const current = this.identities.findTargets(known.map(({ item }) => item.document));
    const answered = await this.transaction.ask([...current, ...hydrationStatements(plans, documentIds)]);
    const holders = answered.slice(0, current.length).flat();
    const now = new Map(holders.map(({ ReferentialId, DocumentId }) => [String(ReferentialId), String(DocumentId)]));
    const before = hydrated(plans, answered.slice(current.length));
    const replaced: Found[] = [];
    for (const { item, row } of known) {
      const { document, where } = item;
      // its identity was changed while this writer waited for its lock
      if (now.get(document.referentialId) !== row.documentId) throw new Outdated();
      const { documentId, DocumentUuid: uuid, ContentVersion } = row;
      const replacement = { found: row, document, ids, stored: storedOf(before, documentId) };
      const refusal = changedIdentity(all, plans, replacement, where);
      if (refusal) this.outcomes.set(item, rejected(refusal));
      else
        try {
          if (this.batch.replace(replacement)) replaced.push(row);
          else this.outcomes.set(item, { kind: 'unchanged', uuid, documentId, contentVersion: BigInt(ContentVersion) });
        } catch (error) {
          // affects only this document
          if (!(error instanceof DmsError) || error.code !== 'DOCUMENT_STORED_DUPLICATE') throw error;
          this.outcomes.set(item, { kind: 'rejected', problems: error.diagnostics });
        }
    }
    return replaced;
  }

  /** Adds new documents to the batch, and gives them ids in the order of the turn; returns their uuids. */
  private async insert(fresh: Sorted['fresh'], ids: ResolvedIds): Promise<readonly string[]> {
    const { plans, turn } = this.context;
    const uuids = fresh.map(({ uuid }) => (uuid ?? randomUUID()).toLowerCase());
    for (const { document, newId } of fresh) this.batch.insert(document, newId, ids);
    if (fresh.length > 0) await turn?.waitForTurn();
    const newIds = fresh.map(({ newId }) => newId);
    await assignIds(this.transaction, { resourceKeyId: plans.resourceKey.id, uuids, ids: newIds }, this.batch.newIds);
    turn?.release();
    return uuids;
  }

  /** Sends the batch and commits; returns the versions of the changed documents. */
  private async write(changed: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
    const versions = changed.length > 0 ? this.statements.contentVersions(changed) : [];
    const after = (await this.transaction.askAndCommit([...this.batch.statements(), ...versions])).flat();
    return new Map(
      after.map(({ DocumentId, ContentVersion }) => [String(DocumentId), BigInt(ContentVersion as string | number)]),
    );
  }
}

/** A unique constraint refused documents; `found` is how many of them existed. */
interface Refused {
  readonly found: number;
  readonly error: DmsError;
}

/** Retries the same documents after conflicts with other sessions; throws permanent refusals. */
async function upsertUndisturbed(context: UpsertContext, items: readonly UpsertItem[]): Promise<Outcome[]> {
  let attempt = new Attempt(context, items);
  let refused = null as Refused | null;
  const outcomes = await withRetries(
    (number) => {
      // a cached descriptor may have been deleted
      if (number > 1) context.descriptors.forget();
      attempt = new Attempt(context, items);
      return attempt.run((found) => {
        // no other writer was faster: a document with another identity violates the constraint
        if (refused && found <= refused.found) throw refused.error;
      });
    },
    (error) => {
      const kind = error instanceof Outdated ? 'transient' : failureKind(error, context.connection.dialect);
      if (refused?.error === error || !(kind === 'unique' || kind === 'foreign-key' || kind === 'transient')) return false;
      refused = kind === 'unique' && error instanceof DmsError ? { found: attempt.found, error } : null;
      return kind === 'unique' ? 'at once' : true;
    },
    context.retry,
  );
  context.onCommitted?.(outcomes.filter(({ kind }) => kind === 'inserted' || kind === 'replaced').length);
  return outcomes;
}

/** Why the database refused a document. If another document has its identity or its uuid, the message says so. */
async function refusal(
  { connection, all, plans }: UpsertContext,
  { document, uuid, where }: UpsertItem,
  error: DmsError,
): Promise<Diagnostic> {
  if (uuid !== null && constraintOf(error) === uuidKey) return takenUuid(document, uuid, where);
  const problem = refusedDocument(all, plans, error, where);
  if (problem.code !== 'DOCUMENT_EXISTS' || document.superclass === null) return problem;
  const { findTargets } = generations[all.version].identities(all);
  const { documentsById } = documentStatements[connection.dialect];
  const [target] = (await queryStatements(connection, findTargets([document.superclass]))).flat();
  if (!target) return problem;
  const [holder] = (await queryStatements(connection, documentsById([String(target.DocumentId)]))).flat();
  const { resourceKeys } = all.mappingSet.model.effectiveSchema;
  const key = resourceKeys.find(({ id }) => id === holder?.ResourceKeyId);
  if (!holder || !key) return problem;
  return takenIdentity(document, { label: resourceLabel(key), uuid: String(holder.DocumentUuid) }, where);
}

/** The documents of a part, how they ended, and how many of them the database refused. */
interface WrittenPart {
  readonly outcomes: readonly Outcome[];
  readonly refused: number;
}

const together = (first: WrittenPart, second: WrittenPart): WrittenPart => ({
  outcomes: [...first.outcomes, ...second.outcomes],
  refused: first.refused + second.refused,
});

/**
 * Writes documents with different identities; finds those that the database refuses by halving. `isBad`: one of them is refused for sure, so
 * they are not tried together.
 */
async function upsertDistinct(context: UpsertContext, items: readonly UpsertItem[], isBad: boolean): Promise<WrittenPart> {
  if (!isBad || items.length === 1)
    try {
      return { outcomes: await upsertUndisturbed(context, items), refused: 0 };
    } catch (error) {
      if (!isRefusedRow(error, context.connection.dialect)) throw error;
      const [only] = items;
      if (only && items.length === 1) return { outcomes: [rejected(await refusal(context, only, error))], refused: 1 };
    }
  const half = Math.ceil(items.length / 2);
  const part = partOf(context);
  const first = await upsertDistinct(part, items.slice(0, half), false);
  return together(first, await upsertDistinct(part, items.slice(half), first.refused === 0));
}

/** Writes documents with different identities: together or, where earlier ones were refused, in parts. */
async function upsertInParts(context: UpsertContext, items: readonly UpsertItem[]): Promise<readonly Outcome[]> {
  const { rate } = context;
  const length = rate.partLength;
  const isWhole = items.length <= length;
  let all: WrittenPart = { outcomes: [], refused: 0 };
  for (const piece of isWhole ? [items] : piecesOf(items, length))
    all = together(all, await upsertDistinct(isWhole ? context : partOf(context), piece, false));
  rate.add(items.length, all.refused);
  return all.outcomes;
}

/**
 * Writes documents of one resource in one transaction, or in several if some are refused or an identity occurs twice. Later
 * documents with the same identity replace earlier ones.
 */
export async function upsertDocuments(context: UpsertContext, items: readonly UpsertItem[]): Promise<Outcome[]> {
  const outcomes = new Map<UpsertItem, Outcome>();
  let waiting = items;
  while (waiting.length > 0) {
    const now = new Map<string, UpsertItem>();
    const later: UpsertItem[] = [];
    for (const item of waiting) {
      if (now.has(item.document.referentialId)) later.push(item);
      else now.set(item.document.referentialId, item);
    }
    const round = [...now.values()];
    const isAll = round.length === items.length;
    const results = await upsertInParts(isAll ? context : partOf(context), round);
    round.forEach((item, index) => {
      outcomes.set(item, mustExist(results[index], 'the outcome of a document'));
    });
    waiting = later;
  }
  return items.map((item) => mustExist(outcomes.get(item), 'the outcome of a document'));
}
