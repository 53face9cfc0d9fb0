import { labelledResource, resourceLabel, valueAt } from '@dms/api-schema';
import { type Connection, committed, nestedConnection, type RetryOptions, retriedWrite } from '@dms/databases';
import { DmsError, diagnostic, fail } from '@dms/diagnostics';
import { type DocumentNode, type DocumentReference, lastPart, mustExist } from '@dms/model';
import { groupBy, isJsonObject, type JsonObject, type JsonValue, jsonText } from '@dms/values';
import { type DocumentStore, openDocuments } from '../document-store.ts';
import { targetSourceOf } from '../identity/identity-sources.ts';
import { storedReferrers } from '../reading/find-documents.ts';
import type { IdentifiedDocument } from '../reading/stored-document.ts';
import type { DocumentPlans, ResourcePlans } from '../resource-plans.ts';
import { queryStatements } from '../statements/statement.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';

/**
 * Gives a document another key although the keys of its resource are immutable (design 14 §3): the document and all
 * documents that refer to it, directly or through others, are written again under their uuids, with the new key in all
 * copies, in one transaction. They get new document ids, times and versions. Returns the number of rewritten documents.
 * Throws `DOCUMENT_NOT_FOUND`, the `DOCUMENT_*` codes of writing, and `DB_*`; then nothing has changed.
 */
export async function rewriteKey(
  connection: Connection,
  plans: DocumentPlans,
  uuid: string,
  document: JsonObject,
  retry: RetryOptions = {},
): Promise<number> {
  const write = () => attempt(connection, plans, uuid.toLowerCase(), document);
  // another session has written a document that refers to one of these
  const isReferredTo = (error: unknown) => error instanceof DmsError && error.code === 'DOCUMENT_IN_USE';
  try {
    return await retriedWrite(connection, write, retry, isReferredTo);
  } catch (error) {
    if (!(error instanceof DmsError) || !error.code.startsWith('DOCUMENT_')) throw error;
    const [first, ...others] = error.diagnostics;
    const message = `The key of the document ${uuid} cannot be changed: ${first.message}`;
    throw new DmsError([diagnostic(first.code, message, first.where, { ...first.details, uuid }), ...others]);
  }
}

/**
 * A document with its new content, and the number of rewritten documents in the longest chain of references before it.
 */
interface Rewritten {
  readonly resource: string;
  readonly uuid: string;
  readonly document: JsonObject;
  readonly level: number;
}

/** Writes documents with their uuids, all documents of one level and resource together. */
async function write(store: DocumentStore, documents: readonly Rewritten[]): Promise<void> {
  for (const [, own] of groupBy(documents, ({ level, resource }) => `${level} ${resource}`)) {
    const [first] = own;
    if (first === undefined) continue;
    const outcomes = await store.upsertBatch(labelledResource(first.resource), own, { onExisting: 'fail' });
    for (const outcome of outcomes) if (outcome.kind === 'rejected') throw new DmsError(outcome.diagnostics);
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

/** A document and all documents that refer to it, directly or through others. */
async function withAllReferrers(connection: Connection, all: DocumentPlans, uuid: string): Promise<readonly string[]> {
  const found = new Set([uuid]);
  for (let last: readonly string[] = [uuid]; last.length > 0; ) {
    last = (await findReferrers(connection, all, last)).filter((each) => !found.has(each));
    for (const each of last) found.add(each);
  }
  return [...found];
}

/** The documents that refer to one of these, without duplicates. */
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

/** The documents with the new key in all copies, with their levels. */
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
  const newKeys = new Map<string, ReadonlyMap<string, RewrittenKey>>();
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

/* The keys of stored documents, in the documents themselves and in documents that refer to them. */

/** The values of an identity, by its paths. */
type RewrittenKey = ReadonlyMap<string, JsonValue>;

/**
 * A key as text, which is unique among documents of all resources; `label` is the resource or abstract resource of the
 * key.
 */
const keyText = (label: string, key: RewrittenKey): string => `${label} ${jsonText(key)}`;

/** The keys by which others may refer to a document, by label: its own, and that of its abstract resource. */
function keysOf(
  all: DocumentPlans,
  { label, shape, identity, superclassIdentity }: ResourcePlans,
  document: JsonObject,
): ReadonlyMap<string, RewrittenKey> {
  const byColumn = new Map<string, JsonValue>();
  const own = new Map<string, JsonValue>();
  for (const { column, identityJsonPath } of identity.identityElements) {
    const value = mustExist(valueAt(document, identityJsonPath), `the value of ${identityJsonPath.canonical}`);
    byColumn.set(column, value);
    own.set(identityJsonPath.canonical, value);
  }
  const keys = new Map<string, RewrittenKey>([[label, own]]);
  const { superclass } = shape.model;
  if (superclass === null || superclassIdentity === null) return keys;
  const columns = new Map(
    superclassIdentity.identityElements.map(({ column, identityJsonPath }) => [identityJsonPath.canonical, column]),
  );
  // references to the abstract resource use the paths of its identity with the fewest values
  const paths = all
    .identityOf(superclass.resource)
    .identityElements.map(({ identityJsonPath: { canonical } }) => canonical);
  const general = paths.map((path) => {
    const column = mustExist(columns.get(path), `the column of ${path}`);
    return [path, mustExist(byColumn.get(column), `the value of ${path}`)] as const;
  });
  return keys.set(resourceLabel(superclass.resource), new Map(general));
}

/** The key in a reference object; null if it lacks a value. */
function referencedKey(all: DocumentPlans, reference: DocumentReference, object: JsonObject): string | null {
  const { targetResource } = reference.binding;
  const { leaves } = targetSourceOf(all, reference);
  const key = new Map<string, JsonValue>();
  for (const { identityJsonPath } of all.identityOf(targetResource).identityElements) {
    const leaf = leaves.get(identityJsonPath.canonical);
    const value = leaf && object.get(lastPart(leaf.path));
    if (value === undefined) return null;
    key.set(identityJsonPath.canonical, value);
  }
  return keyText(resourceLabel(targetResource), key);
}

/** A reference object with the values of another key. */
function withTarget(reference: DocumentReference, object: JsonObject, key: RewrittenKey): JsonObject {
  const changed = new Map(object);
  for (const { name, identityPaths } of reference.parts)
    for (const path of identityPaths) {
      const value = key.get(path);
      if (value !== undefined) changed.set(name, value);
    }
  return changed;
}

/** A document, or a part of one, with `change` applied to each reference object in it. */
function withReferences(
  shape: DocumentNode,
  value: JsonValue,
  change: (reference: DocumentReference, object: JsonObject) => JsonObject,
): JsonValue {
  switch (shape.kind) {
    case 'leaf':
      return value;
    case 'array':
      return Array.isArray(value) ? value.map((item: JsonValue) => withReferences(shape.element, item, change)) : value;
    case 'object': {
      if (!isJsonObject(value)) return value;
      const object = shape.reference === null ? value : change(shape.reference, value);
      return new Map(
        [...object].map(([name, member]) => {
          const inner = shape.members.get(name);
          return [name, inner === undefined ? member : withReferences(inner, member, change)];
        }),
      );
    }
  }
}
