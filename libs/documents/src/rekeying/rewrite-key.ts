import { labelledResource, resourceLabel } from '@dms/api-schema';
import {
  type Connection,
  committed,
  failureKind,
  nestedConnection,
  type RetryOptions,
  withRetries,
} from '@dms/databases';
import { DmsError, diagnostic, fail } from '@dms/diagnostics';
import { groupBy, isJsonObject, type JsonObject } from '@dms/files';
import { mustExist } from '@dms/model';
import { type DocumentStore, openDocuments } from '../document-store.ts';
import type { IdentifiedDocument } from '../reading/stored-document.ts';
import type { DocumentPlans } from '../resource-plans.ts';
import { queryStatements } from '../statements/query-statements.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { storedReferrers } from '../writing/stored-referrers.ts';
import { type DocumentKey, keysOf, keyText, referencedKey, withReferences, withTarget } from './document-keys.ts';

/** The documents that refer to one of these, each once. */
async function findReferrers(
  connection: Connection,
  all: DocumentPlans,
  uuids: readonly string[],
): Promise<readonly string[]> {
  const places = (await storedReferrers(connection, all, uuids)).map(({ table, column }) => ({
    table: table.table,
    column,
    documentColumn: mustExist(table.identity.rootLocator[0], `the column of ${table.table.name} with its document`),
  }));
  if (places.length === 0) return [];
  const { referringDocuments } = documentStatements[connection.dialect];
  const [found = []] = await queryStatements(connection, [referringDocuments(places, uuids)]);
  return [...new Set(found.map(({ DocumentUuid }) => String(DocumentUuid).toLowerCase()))];
}

/** A document and all that refer to it, directly or through others. */
async function withAllReferrers(connection: Connection, all: DocumentPlans, uuid: string): Promise<readonly string[]> {
  const found = new Set([uuid]);
  for (let last: readonly string[] = [uuid]; last.length > 0; ) {
    last = (await findReferrers(connection, all, last)).filter((each) => !found.has(each));
    for (const each of last) found.add(each);
  }
  return [...found];
}

/**
 * A document with its new content, and how many documents of the same work must be written one after another before it.
 */
interface Rewritten {
  readonly resource: string;
  readonly uuid: string;
  readonly document: JsonObject;
  readonly level: number;
}

/** The documents with the new key wherever they repeat it, by what they refer to. */
function rewritten(
  all: DocumentPlans,
  documents: readonly IdentifiedDocument[],
  uuid: string,
  replacement: JsonObject,
): readonly Rewritten[] {
  const byKey = new Map<string, IdentifiedDocument>();
  const keysIn = ({ resource }: IdentifiedDocument, document: JsonObject) =>
    keysOf(all, all.of(labelledResource(resource)), document);
  for (const each of documents)
    for (const [label, key] of keysIn(each, each.document)) byKey.set(keyText(label, key), each);
  const made = new Map<string, Rewritten>();
  const newKeys = new Map<string, ReadonlyMap<string, DocumentKey>>();
  const open = new Set<string>();

  function rewrite(stored: IdentifiedDocument): Rewritten {
    const before = made.get(stored.uuid);
    if (before !== undefined) return before;
    if (open.has(stored.uuid)) {
      const text = `${stored.resource} ${stored.uuid} refers to itself through others, so the key of what they repeat cannot be changed. Remove one of these references first.`;
      return fail('DOCUMENT_IDENTITY_CHANGED', text, { resource: stored.resource }, { uuid: stored.uuid });
    }
    open.add(stored.uuid);
    let level = 0;
    const plans = all.of(labelledResource(stored.resource));
    const content = stored.uuid === uuid ? replacement : stored.document;
    const document = withReferences(plans.shape.root, content, (reference, object) => {
      const text = referencedKey(all, reference, object);
      const target = text === null ? undefined : byKey.get(text);
      if (target === undefined || target.uuid === stored.uuid) return object;
      level = Math.max(level, rewrite(target).level + 1);
      const key = newKeys.get(target.uuid)?.get(resourceLabel(reference.binding.targetResource));
      return key === undefined ? object : withTarget(reference, object, key);
    });
    if (!isJsonObject(document)) throw new Error('a document is an object');
    const done = { resource: stored.resource, uuid: stored.uuid, document, level };
    made.set(stored.uuid, done);
    newKeys.set(stored.uuid, keysIn(stored, document));
    open.delete(stored.uuid);
    return done;
  }

  return documents.map(rewrite).sort((a, b) => a.level - b.level);
}

/** Writes documents with their uuids: those of one level and resource together. */
async function write(store: DocumentStore, documents: readonly Rewritten[]): Promise<void> {
  for (const [, own] of groupBy(documents, ({ level, resource }) => `${level} ${resource}`)) {
    const [first] = own;
    if (first === undefined) continue;
    const outcomes = await store.upsertBatch(labelledResource(first.resource), own, { onExisting: 'fail' });
    for (const outcome of outcomes) if (outcome.kind === 'rejected') throw new DmsError(outcome.problems);
  }
}

async function attempt(
  connection: Connection,
  plans: DocumentPlans,
  uuid: string,
  document: JsonObject,
): Promise<number> {
  return committed(connection, async () => {
    const nested = nestedConnection(connection);
    const store = openDocuments(nested, plans, { retry: { retries: 0 } });
    const uuids = await withAllReferrers(nested, plans, uuid);
    const stored = await store.read(uuids);
    if (!stored.some((each) => each.uuid.toLowerCase() === uuid))
      fail('DOCUMENT_NOT_FOUND', `There is no document with the uuid ${uuid}.`, {}, { uuids: [uuid] });
    const lower = stored.map((each) => ({ ...each, uuid: each.uuid.toLowerCase() }));
    const all = rewritten(plans, lower, uuid, document);
    await store.removeBatch(uuids);
    await write(store, all);
    return all.length;
  });
}

/**
 * Gives a document another key although its resource keeps the keys of its documents (design 14 §3): the document and
 * all that refer to it, directly or through others, are written anew under their uuids, with the new key wherever they
 * repeat it, in one transaction. They get new document ids, times and versions. Returns how many there are. Throws
 * `DOCUMENT_NOT_FOUND`, the `DOCUMENT_*` codes of writing, and `DB_*`; then nothing has changed.
 */
export async function rewriteKey(
  connection: Connection,
  plans: DocumentPlans,
  uuid: string,
  document: JsonObject,
  retry: RetryOptions = {},
): Promise<number> {
  const isDisturbed = (error: unknown) =>
    failureKind(error, connection.dialect) === 'transient' ||
    // somebody has written another document that refers to one of these
    (error instanceof DmsError && error.code === 'DOCUMENT_IN_USE');
  try {
    return await withRetries(() => attempt(connection, plans, uuid.toLowerCase(), document), isDisturbed, retry);
  } catch (error) {
    if (!(error instanceof DmsError) || !error.code.startsWith('DOCUMENT_')) throw error;
    const [first, ...others] = error.diagnostics;
    const message = `The key of the document ${uuid} cannot be changed: ${first.message}`;
    throw new DmsError([diagnostic(first.code, message, first.where, { ...first.details, uuid }), ...others]);
  }
}
