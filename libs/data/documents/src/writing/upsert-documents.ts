import { resourceLabel } from '@dms/api-schema';
import { failureKind, isRefusedRow, retriedWrite, savepointOf, withRetries } from '@dms/databases';
import { type Diagnostic, DmsError } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { chunk } from 'es-toolkit/array';
import { generations } from '../generations.ts';
import { answerTo, queryStatements } from '../statements/statement.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import type { WriteOutcome } from './outcome.ts';
import { isTakenUuid, rejectedDocument, takenIdentity, takenUuid } from './reject-diagnostics.ts';
import {
  EqualIdentities,
  Outdated,
  type RejectedItem,
  rejected,
  UpsertAttempt,
  type UpsertContext,
  type UpsertItem,
} from './upsert-attempt.ts';

/** The same context, but without passing the turn on: some documents of the batch still have no id afterwards. */
const partOf = (context: UpsertContext): UpsertContext =>
  context.turn ? { ...context, turn: { ...context.turn, release: () => undefined } } : context;

/** A unique constraint refused documents; `found` is the number of them that existed. */
interface UniqueFailure {
  readonly found: number;
  readonly error: DmsError;
}

/** The kind of the failure of an attempt. */
const kindOf = (error: unknown, { connection }: UpsertContext) =>
  error instanceof Outdated ? 'transient' : failureKind(error, connection.dialect);

/**
 * Whether the documents of a transaction that failed can be written in smaller parts: the database refused some, or
 * finds some equal.
 */
const isDivisible = (error: unknown, { connection }: UpsertContext): boolean =>
  error instanceof EqualIdentities || isRefusedRow(error, connection.dialect);

const changedOf = (outcomes: Iterable<WriteOutcome>) =>
  [...outcomes].filter(({ kind }) => kind === 'inserted' || kind === 'replaced').length;

/**
 * Retries the same documents after conflicts with other sessions; throws permanent failures. `before` is the failure of
 * an earlier attempt.
 */
async function upsertUndisturbed(
  context: UpsertContext,
  items: readonly UpsertItem[],
  before: UniqueFailure | null = null,
): Promise<WriteOutcome[]> {
  let attempt = new UpsertAttempt(context, items);
  let refused = before;
  const outcomes = await withRetries(
    (number) => {
      // a cached descriptor may have been deleted
      if (number > 1) context.descriptors.forget();
      attempt = new UpsertAttempt(context, items);
      return attempt.run((found) => {
        // no other writer has inserted these documents meanwhile: a document with another identity violates the
        // constraint
        if (refused && found <= refused.found) throw refused.error;
      });
    },
    (error) => {
      const kind = kindOf(error, context);
      if (refused?.error === error || !(kind === 'unique' || kind === 'foreign-key' || kind === 'transient'))
        return false;
      refused = kind === 'unique' && error instanceof DmsError ? { found: attempt.found, error } : null;
      return kind === 'unique' ? 'at once' : true;
    },
    context.retry,
  );
  context.onCommitted?.(changedOf(outcomes));
  return outcomes;
}

/** The diagnostic about a refused document. If another document has its identity or its uuid, the message says so. */
async function rejectedBy(
  { connection, all, plans }: UpsertContext,
  { document, uuid, where }: UpsertItem,
  error: DmsError,
): Promise<Diagnostic> {
  if (uuid !== null && isTakenUuid(error)) return takenUuid(document.plans.label, uuid, where);
  const diagnostic = rejectedDocument(all, plans, error, where);
  if (diagnostic.code !== 'DOCUMENT_EXISTS' || document.superclass === null) return diagnostic;
  const { findTargets } = generations[all.version].identities(all);
  const { documentsById } = documentStatements[connection.dialect];
  const [target] = await answerTo(connection, findTargets([document.superclass]));
  if (!target) return diagnostic;
  const [holder] = (await queryStatements(connection, documentsById([target.documentId]))).flat();
  const { resourceKeys } = all.mappingSet.model.effectiveSchema;
  const key = resourceKeys.find(({ id }) => id === holder?.ResourceKeyId);
  if (!holder || !key) return diagnostic;
  return takenIdentity(document, { label: resourceLabel(key), uuid: String(holder.DocumentUuid) }, where);
}

/** The outcomes of documents, in their order, and the number of documents that the database refused. */
interface WrittenPart {
  readonly outcomes: readonly WriteOutcome[];
  readonly refused: number;
}

const together = (first: WrittenPart, second: WrittenPart): WrittenPart => ({
  outcomes: [...first.outcomes, ...second.outcomes],
  refused: first.refused + second.refused,
});

const rejectedPart = async (context: UpsertContext, item: UpsertItem, error: DmsError): Promise<WrittenPart> => ({
  outcomes: [rejected(await rejectedBy(context, item, error))],
  refused: 1,
});

/**
 * Writes a document by itself; its outcome has the diagnostic if the database refuses it. `before` is the failure of an
 * earlier attempt.
 */
async function upsertAlone(
  context: UpsertContext,
  item: UpsertItem,
  before: UniqueFailure | null = null,
): Promise<WrittenPart> {
  try {
    return { outcomes: await upsertUndisturbed(context, [item], before), refused: 0 };
  } catch (error) {
    if (!isRefusedRow(error, context.connection.dialect)) throw error;
    return rejectedPart(context, item, error);
  }
}

/**
 * Writes documents with different identities; finds those that are refused or equal by halving, each half in its own
 * transaction. `isBad`: one of them is probably such a document, so they are not tried together.
 */
async function upsertByHalves(
  context: UpsertContext,
  items: readonly UpsertItem[],
  isBad = false,
): Promise<WrittenPart> {
  const [only] = items;
  if (only && items.length === 1) return upsertAlone(context, only);
  if (!isBad)
    try {
      return { outcomes: await upsertUndisturbed(context, items), refused: 0 };
    } catch (error) {
      if (!isDivisible(error, context)) throw error;
    }
  const half = Math.ceil(items.length / 2);
  const part = partOf(context);
  const first = await upsertByHalves(part, items.slice(0, half));
  return together(first, await upsertByHalves(part, items.slice(half), first.refused === 0));
}

/** Another session may have caused the failure of a document, so it is tried again by itself. */
async function settled(context: UpsertContext, { item, isKnown, error }: RejectedItem): Promise<WrittenPart> {
  const kind = kindOf(error, context);
  if (kind === 'row') return rejectedPart(context, item, error);
  return upsertAlone(context, item, kind === 'unique' ? { found: isKnown ? 1 : 0, error } : null);
}

/**
 * Writes documents with different identities, some of which will probably be refused, in one transaction: in parts,
 * each under a savepoint.
 */
async function upsertInParts(context: UpsertContext, items: readonly UpsertItem[]): Promise<WrittenPart> {
  const { connection, rate, retry, descriptors } = context;
  const length = Math.min(rate.partLength, rate.lengthAfterReject(items.length));
  let written: Awaited<ReturnType<UpsertAttempt['runInParts']>>;
  try {
    const write = (number: number) => {
      if (number > 1) descriptors.forget();
      return new UpsertAttempt(context, items).runInParts(length);
    };
    written = await retriedWrite(connection, write, retry, (error) => error instanceof Outdated);
  } catch (error) {
    if (!isDivisible(error, context)) throw error;
    // a failure at the end of a transaction does not belong to any of its parts
    return upsertByHalves(context, items, true);
  }
  context.onCommitted?.(changedOf(written.outcomes.values()));
  const outcomes = new Map(written.outcomes);
  let refused = 0;
  for (const each of written.refused) {
    const part = await settled(context, each);
    for (const outcome of part.outcomes) outcomes.set(each.item, outcome);
    refused += part.refused;
  }
  return { outcomes: items.map((item) => mustExist(outcomes.get(item), 'the outcome of a document')), refused };
}

/** Writes documents with different identities together or, if the database refuses or has refused some, in parts. */
async function upsertDistinct(context: UpsertContext, items: readonly UpsertItem[]): Promise<WrittenPart> {
  const { connection, rate } = context;
  if (items.length === 1) return upsertByHalves(context, items);
  const part = partOf(context);
  if (!savepointOf(connection.dialect)) {
    if (items.length <= rate.partLength) return upsertByHalves(context, items);
    let all: WrittenPart = { outcomes: [], refused: 0 };
    for (const piece of chunk(items, rate.partLength)) all = together(all, await upsertByHalves(part, piece));
    return all;
  }
  if (items.length > rate.partLength) return upsertInParts(part, items);
  try {
    return { outcomes: await upsertUndisturbed(context, items), refused: 0 };
  } catch (error) {
    if (!isDivisible(error, context)) throw error;
    return upsertInParts(part, items);
  }
}

/**
 * Writes documents of one resource in one transaction, or in several if some are refused or an identity occurs twice.
 * Later documents with the same identity replace earlier ones.
 */
export async function upsertDocuments(context: UpsertContext, items: readonly UpsertItem[]): Promise<WriteOutcome[]> {
  const outcomes = new Map<UpsertItem, WriteOutcome>();
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
    const written = await upsertDistinct(isAll ? context : partOf(context), round);
    context.rate.add(round.length, written.refused);
    round.forEach((item, index) => {
      outcomes.set(item, mustExist(written.outcomes[index], 'the outcome of a document'));
    });
    waiting = later;
  }
  return items.map((item) => mustExist(outcomes.get(item), 'the outcome of a document'));
}
