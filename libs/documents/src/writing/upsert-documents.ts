import { randomUUID } from 'node:crypto';
import { resourceLabel } from '@dms/api-schema';
import type { Connection, Row } from '@dms/databases';
import { type Diagnostic, type DiagnosticLocation, DmsError } from '@dms/diagnostics';
import { promised } from '@dms/model';
import type { CheckedDocument } from '../checking/checked-document.ts';
import { generations } from '../generations.ts';
import { hydrated, hydrationStatements, storedOf } from '../reading/hydration.ts';
import type { DocumentPlans, ResourcePlans } from '../resource-plans.ts';
import { askAll } from '../statements/ask-all.ts';
import type { DocumentRow } from '../statements/document-statements.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { Transaction } from '../statements/transaction.ts';
import { assignIds } from './assign-ids.ts';
import { changedIdentity } from './changed-identity.ts';
import type { IdTurn } from './id-turn.ts';
import type { OnExisting, Outcome } from './outcome.ts';
import { constraintOf, failureKind, refusedDocument } from './refusal.ts';
import { beforeRetry, Outdated, type RetryOptions, retryLimit } from './retry.ts';
import { takenIdentity, takenUuid } from './taken.ts';
import { type KnownDescriptors, resolvedIds, targetsOf, unresolved } from './targets.ts';
import type { WrittenId } from './writing-rules.ts';

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
  /** Null for a batch whose ids need no order. */
  readonly turn?: IdTurn | null | undefined;
}

/** The same without passing the turn: some documents of the batch are still without an id afterwards. */
const partOf = (context: UpsertContext): UpsertContext =>
  context.turn ? { ...context, turn: { ...context.turn, pass: () => undefined } } : context;

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

/** What one attempt passes on to the next. */
interface Attempts {
  /** How many of the documents existed when a unique constraint refused the others; null without such a refusal. */
  readonly foundBefore: { readonly count: number; readonly error: DmsError } | null;
  lastFound: number;
}

/** Runs one transaction over documents with different identities. */
async function attempt(context: UpsertContext, items: readonly UpsertItem[], attempts: Attempts): Promise<Outcome[]> {
  const { connection, plans, descriptors, onExisting } = context;
  const statements = documentStatements[connection.dialect];
  const transaction = new Transaction(connection);
  try {
    const outcomes = new Map<UpsertItem, Outcome>();
    const targets = targetsOf(items.map(({ document }) => document));
    const asked = [...targets.values()]
      .filter(({ reference, referentialId }) => reference !== null || descriptors.get(referentialId) === undefined)
      .map(({ referentialId }) => referentialId);
    const find = asked.length > 0 ? statements.findTargets(asked) : [];
    const own = statements.lockByReferentialId(items.map(({ document }) => document.referentialId));
    const answers = await transaction.ask([...find, ...own]);
    const ids = resolvedIds(targets, answers.slice(0, find.length).flat(), descriptors);
    const found = rowsByReferentialId(answers.slice(find.length).flat());
    attempts.lastFound = found.size;
    // no other writer was faster: a document with another identity violates the constraint
    if (attempts.foundBefore && found.size <= attempts.foundBefore.count) throw attempts.foundBefore.error;

    const fresh: UpsertItem[] = [];
    const known: { readonly item: UpsertItem; readonly row: Found }[] = [];
    for (const item of items) {
      const { document, where } = item;
      const row = found.get(document.referentialId);
      if (row && onExisting === 'skip') {
        const { documentId, DocumentUuid: uuid, ContentVersion } = row;
        outcomes.set(item, { kind: 'skipped', uuid, documentId, contentVersion: BigInt(ContentVersion) });
        continue;
      }
      if (row && onExisting === 'fail') {
        outcomes.set(item, rejected(takenIdentity(document, { label: plans.label, uuid: row.DocumentUuid }, where)));
        continue;
      }
      const [first, ...others] = unresolved(document, ids, where);
      if (first) outcomes.set(item, rejected(first, ...others));
      else if (row) known.push({ item, row });
      else fresh.push(item);
    }

    const batch = generations[plans.version].writing.batch(plans);
    const replaced: Found[] = [];
    if (known.length > 0) {
      const documentIds = known.map(({ row }) => row.documentId);
      const current = statements.documentsById(documentIds);
      const answered = await transaction.ask([...current, ...hydrationStatements(plans, documentIds)]);
      const now = rowsByReferentialId(answered.slice(0, current.length).flat());
      const before = hydrated(plans, answered.slice(current.length));
      for (const { item, row } of known) {
        const { document, where } = item;
        // its identity was changed while this writer waited for its lock
        if (now.get(document.referentialId)?.documentId !== row.documentId) throw new Outdated();
        const { documentId, DocumentUuid: uuid, ContentVersion } = row;
        const replacement = { found: row, document, ids, stored: storedOf(before, documentId) };
        const refusal = changedIdentity(context.all, plans, replacement, where);
        if (refusal) outcomes.set(item, rejected(refusal));
        else
          try {
            if (batch.replace(replacement)) replaced.push(row);
            else outcomes.set(item, { kind: 'unchanged', uuid, documentId, contentVersion: BigInt(ContentVersion) });
          } catch (error) {
            // affects only this document
            if (!(error instanceof DmsError) || error.code !== 'DOCUMENT_STORED_DUPLICATE') throw error;
            outcomes.set(item, { kind: 'rejected', problems: error.diagnostics });
          }
      }
    }

    const uuids = fresh.map(({ uuid }) => (uuid ?? randomUUID()).toLowerCase());
    const inserted = fresh.map(({ newId }) => newId);
    for (const { document, newId } of fresh) batch.insert(document, newId, ids);
    if (fresh.length > 0) await context.turn?.come();
    await assignIds(transaction, { resourceKeyId: plans.resourceKey.id, uuids, ids: inserted }, batch.newIds);
    context.turn?.pass();

    const changed = [
      ...inserted.map(({ id }) => promised(id, 'the id of a new document')),
      ...replaced.map((row) => row.documentId),
    ];
    const writes = batch.statements();
    const versions = changed.length > 0 ? statements.contentVersions(changed) : [];
    const after = (await transaction.askAndCommit([...writes, ...versions])).flat();
    const versionOf = new Map(
      after.map(({ DocumentId, ContentVersion }) => [String(DocumentId), BigInt(ContentVersion as string | number)]),
    );
    const written = (kind: 'inserted' | 'replaced', uuid: string, documentId: string): Outcome => ({
      kind,
      uuid,
      documentId,
      contentVersion: promised(versionOf.get(documentId), 'the version of a document'),
    });
    fresh.forEach((item, index) => {
      outcomes.set(item, written('inserted', uuids[index] ?? '', inserted[index]?.id ?? ''));
    });
    for (const { item, row } of known)
      if (!outcomes.has(item)) outcomes.set(item, written('replaced', row.DocumentUuid, row.documentId));
    return items.map((item) => promised(outcomes.get(item), 'the outcome of a document'));
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
}

/** Retries the same documents after conflicts with other sessions; throws permanent refusals. */
async function upsertUndisturbed(context: UpsertContext, items: readonly UpsertItem[]): Promise<Outcome[]> {
  const before: { refused: Attempts['foundBefore'] } = { refused: null };
  for (let number = 1; ; number += 1) {
    const attempts: Attempts = { foundBefore: before.refused, lastFound: 0 };
    try {
      return await attempt(context, items, attempts);
    } catch (error) {
      const kind = error instanceof Outdated ? 'transient' : failureKind(error, context.connection.dialect);
      const isRepeated = before.refused?.error === error || number > retryLimit;
      if (isRepeated || kind === 'other' || kind === 'row') throw error;
      // a cached descriptor may have been deleted
      context.descriptors.forget();
      before.refused = kind === 'unique' && error instanceof DmsError ? { count: attempts.lastFound, error } : null;
      if (kind !== 'unique') await beforeRetry(number, context.retry);
    }
  }
}

/** Why the database refused a document. If another document has its identity or its uuid, the message says so. */
async function refusal(
  { connection, all, plans }: UpsertContext,
  { document, uuid, where }: UpsertItem,
  error: DmsError,
): Promise<Diagnostic> {
  if (uuid !== null && constraintOf(error) === uuidKey) return takenUuid(document, uuid, where);
  const problem = refusedDocument(all, plans, error, where);
  if (problem.code !== 'DOCUMENT_EXISTS' || document.superclassId === null) return problem;
  const { findTargets, documentsById } = documentStatements[connection.dialect];
  const [target] = (await askAll(connection, findTargets([document.superclassId]))).flat();
  if (!target) return problem;
  const [holder] = (await askAll(connection, documentsById([String(target.DocumentId)]))).flat();
  const { resourceKeys } = all.mappingSet.model.effectiveSchema;
  const key = resourceKeys.find(({ id }) => id === holder?.ResourceKeyId);
  if (!holder || !key) return problem;
  return takenIdentity(document, { label: resourceLabel(key), uuid: String(holder.DocumentUuid) }, where);
}

/** Writes documents with different identities; finds those that the database refuses by halving. */
async function upsertDistinct(context: UpsertContext, items: readonly UpsertItem[]): Promise<Outcome[]> {
  try {
    return await upsertUndisturbed(context, items);
  } catch (error) {
    const kind = failureKind(error, context.connection.dialect);
    if (!(error instanceof DmsError) || kind === 'other' || kind === 'transient') throw error;
    const [only] = items;
    if (only && items.length === 1) return [rejected(await refusal(context, only, error))];
    const half = Math.ceil(items.length / 2);
    const part = partOf(context);
    const first = await upsertDistinct(part, items.slice(0, half));
    return [...first, ...(await upsertDistinct(part, items.slice(half)))];
  }
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
    const results = await upsertDistinct(isAll ? context : partOf(context), round);
    round.forEach((item, index) => {
      outcomes.set(item, promised(results[index], 'the outcome of a document'));
    });
    waiting = later;
  }
  return items.map((item) => promised(outcomes.get(item), 'the outcome of a document'));
}
