import { labelledResource } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { type Diagnostic, DmsError, diagnostic, fail, listOfNames } from '@dms/diagnostics';
import {
  type DocumentPlans,
  type DocumentStore,
  identityMayChange,
  openDocuments,
  rewriteKey,
  type SoughtIdentity,
  storedUuids,
  uuidsByIdentity,
  type WriteOutcome,
  writeOrder,
} from '@dms/documents';
import { mustExist, type QualifiedResourceName } from '@dms/model';
import { isJsonObject, type JsonObject } from '@dms/values';
import { chunk } from 'es-toolkit/array';
import type { BatchOutcome, BatchWriter, SentDocument } from '../loading/batch-writer.ts';
import type { LoadReject } from '../loading/load-report.ts';
import type { KeptWork } from '../loading/load-reporter.ts';
import { type ChangeHistory, changeHistories, type KeyedChange, type KeyMoves, keyMoves } from './change-histories.ts';
import { type ChangeCounts, changedDocument, keyValues, type RecordedChange } from './recorded-change.ts';

/** The run that changes belong to. */
interface ChangeRun {
  readonly kept: KeptWork;
  /** Called before each step; may end the run. */
  begin(resource: string): void;
  rejectOrStop(reject: LoadReject): Promise<void>;
}

/** A document to remove, and the reason. */
interface AppliedRemoval {
  readonly uuid: string;
  readonly history: ChangeHistory;
}

/** How many documents to look up or to remove together. */
const together = 500;

/**
 * Applies the deletes and the changed keys of a source to a database that has its earlier documents, around the load of
 * the documents that have changed there (design 19a §11). A document with the id of the source follows each change of
 * its key. Other documents are found by their keys: the load writes a document under its new key, and the document with
 * an earlier key is removed. Changes that were applied before have no effect.
 */
export class ChangeApplication {
  private readonly connection: Connection;
  private readonly plans: DocumentPlans;
  private readonly run: ChangeRun;
  private known: Promise<ReadonlySet<string>> | undefined;
  private readonly store: DocumentStore;
  private readonly histories: readonly ChangeHistory[];
  private readonly positions: ReadonlyMap<string, number>;
  private readonly recorded: number;
  private keysChanged = 0;
  private rewritten = 0;
  private deleted = 0;
  /** The documents that had a recorded key or id before the load. */
  private readonly watched = new Set<string>();
  /** The watched documents that the load has written. */
  private readonly written = new Set<string>();
  private readonly earlierIds: ReadonlySet<string>;
  /** All recorded keys by their referential ids. */
  private readonly identities: ReadonlyMap<string, SoughtIdentity>;
  /** The recorded keys that descriptors of the load have. */
  private readonly ofDescriptors = new Set<string>();

  constructor(connection: Connection, plans: DocumentPlans, changes: readonly RecordedChange[], run: ChangeRun) {
    this.connection = connection;
    this.plans = plans;
    this.run = run;
    this.store = openDocuments(connection, plans);
    this.histories = changeHistories(plans, changes);
    this.earlierIds = new Set(this.histories.flatMap(({ earlierIds }) => earlierIds));
    const identities = this.histories.flatMap((history) => history.identities);
    this.identities = new Map(identities.map((identity) => [identity.referentialId, identity]));
    this.recorded = changes.length;
    this.positions = new Map(writeOrder(plans.mappingSet.model).map((label, position) => [label, position]));
  }

  get counts(): ChangeCounts {
    const { recorded, keysChanged, rewritten, deleted } = this;
    return { recorded, keysChanged, rewritten, deleted };
  }

  /**
   * Called before anything is written: throws `LOAD_KEYS_EXCHANGED` if nobody can tell which document should get which
   * key.
   */
  async assertDecided(): Promise<void> {
    const { undecided } = await this.movesByKey(await this.uuidsBefore());
    if (undecided.length === 0) return;
    const keys = undecided.map(({ history: { resource, last, finalKey } }) => {
      const key = finalKey === null ? '' : ` -> ${keyValues(finalKey)}`;
      return `${changedDocument(resource, last.change.oldKey)}${key}`;
    });
    const text = `The ODS has given keys of documents to other documents: ${listOfNames(keys)}. The target has ids of its own, so its keys do not show whether this was done before, and documents that name these would be mixed up. Load the ODS into a new database with --keep-ids; there documents are found by their ids.`;
    fail('LOAD_KEYS_EXCHANGED', text, {}, { keys });
  }

  /**
   * Called before the load: removes deleted documents that have the id of the source, so that their keys are free
   * again, and changes keys.
   */
  async before(): Promise<void> {
    const known = await this.uuidsBefore();
    const gone = this.histories.filter(({ uuid, finalKey }) => finalKey === null && known.has(uuid));
    // documents to which others still refer are removed after the load
    await this.removeAll(gone.map((history) => ({ uuid: history.uuid, history })));
    const living = this.histories.filter(({ uuid, finalKey }) => finalKey !== null && known.has(uuid));
    const changed = living.flatMap(({ changes }) => changes);
    changed.sort((a, b) => (a.change.changeVersion < b.change.changeVersion ? -1 : 1));
    for (const each of changed) await this.followKey(each);
    for (const { uuid, history } of (await this.movesByKey(known)).ordered)
      if (history.finalKey !== null) await this.changeKey(uuid, history.last, history.finalKey);
    for (const uuid of (await this.readUuids([...this.earlierIds])).values()) this.watched.add(uuid);
    for (const uuid of known) this.watched.add(uuid);
  }

  /** Keeps a descriptor of the load from being removed. */
  keepDescriptor(referentialId: string): void {
    if (this.earlierIds.has(referentialId)) this.ofDescriptors.add(referentialId);
  }

  /**
   * A writer for the documents that have changed. If a stored document has the id, but another key that could not be
   * changed before, it is replaced as a whole.
   */
  writer(store: DocumentStore): BatchWriter {
    return {
      upsertBatch: async (resource, documents, options) => {
        const outcomes = [...(await store.upsertBatch(resource, documents, options))];
        this.remember(outcomes);
        for (const [index, outcome] of outcomes.entries()) {
          const sent = documents[index];
          const uuid = takenUuidOf(outcome);
          // another document of the load may have taken its place
          if (sent === undefined || uuid === undefined || this.written.has(uuid)) continue;
          outcomes[index] = (await replaceWhole(store, resource, uuid, sent)) ?? outcome;
        }
        this.remember(outcomes);
        return outcomes;
      },
    };
  }

  /**
   * Called after the load: removes deleted documents and documents under outdated keys, each before the documents to
   * which it refers.
   */
  async after(): Promise<void> {
    const { histories } = this;
    const ids = histories.flatMap(({ earlierIds, finalId }) => [...earlierIds, ...(finalId === null ? [] : [finalId])]);
    const now = await this.readUuids(ids);
    const known = await this.existing(histories.map(({ uuid }) => uuid));
    const living = new Set([...histories.flatMap(({ finalId }) => finalId ?? []), ...this.ofDescriptors]);
    const removals = new Map<string, AppliedRemoval>();
    for (const history of histories) {
      const { uuid, finalKey, finalId, earlierIds, last } = history;
      const found = earlierIds.filter((id) => !living.has(id)).flatMap((id) => now.get(id) ?? []);
      const old = found.filter((each) => this.watched.has(each) && !this.written.has(each));
      if (finalKey === null && known.has(uuid) && !this.written.has(uuid)) old.push(uuid);
      if (finalKey === null && last.oldId === null && !known.has(uuid)) await this.rejectIncomplete(history);
      if (finalKey !== null && old.length > 0 && (finalId === null || !now.has(finalId))) {
        const text = `${changedDocument(history.resource, finalKey)} is not there, so the document with its earlier key stays.`;
        await this.reject(history, diagnostic('DOCUMENT_NOT_FOUND', text, { resource: history.resource }, { uuid }));
        continue;
      }
      for (const each of old) removals.set(each, { uuid: each, history });
    }
    const left = await this.removeAll([...removals.values()]);
    for (const [{ history }, entry] of left) {
      const { resource, last } = history;
      const message = `${changedDocument(resource, last.change.oldKey)} cannot be removed: ${entry.message}`;
      await this.reject(history, { ...entry, message, where: { ...entry.where, resource } });
    }
  }

  private remember(outcomes: readonly BatchOutcome[]): void {
    for (const outcome of outcomes) {
      const uuid = 'uuid' in outcome && typeof outcome.uuid === 'string' ? outcome.uuid.toLowerCase() : undefined;
      if (uuid !== undefined && this.watched.has(uuid)) this.written.add(uuid);
    }
  }

  /** The uuids of the documents that exist before the load; `before` changes no document until then. */
  private uuidsBefore(): Promise<ReadonlySet<string>> {
    this.known ??= this.existing(this.histories.map(({ uuid }) => uuid));
    return this.known;
  }

  private async existing(uuids: readonly string[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const piece of chunk(uuids, together))
      for (const uuid of await storedUuids(this.connection, this.plans, piece)) found.add(uuid);
    return found;
  }

  private async readUuids(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for (const piece of chunk([...new Set(ids)], together)) {
      const sought = piece.map((id) => mustExist(this.identities.get(id), `the identity ${id}`));
      for (const [id, uuid] of await uuidsByIdentity(this.connection, this.plans, sought)) found.set(id, uuid);
    }
    return found;
  }

  /**
   * The key changes of documents whose ids are those of the target, for resources whose keys may not change. The
   * documents that refer to them have not changed in the source, so the load does not write those again under the new
   * key.
   */
  private async movesByKey(known: ReadonlySet<string>): Promise<KeyMoves> {
    const keepsKeys = (label: string) =>
      this.positions.has(label) &&
      !identityMayChange(this.plans.mappingSet.model, this.plans.of(labelledResource(label)).shape.model);
    const histories = this.histories.filter(({ uuid, resource }) => !known.has(uuid) && keepsKeys(resource));
    const holders = await this.readUuids(
      histories.flatMap(({ finalId, earlierIds }) => [...earlierIds, ...(finalId ? [finalId] : [])]),
    );
    return keyMoves(histories, (id) => holders.get(id));
  }

  /** Changes the key of a document that has the id of the source, if its key is the old key of the change. */
  private async followKey(keyed: KeyedChange): Promise<void> {
    const { change, oldId } = keyed;
    const { uuid, newKey } = change;
    if (newKey === null || oldId === null) return;
    const holder = (await this.readUuids([oldId])).get(oldId);
    if (holder === uuid) await this.changeKey(uuid, keyed, newKey);
  }

  private async changeKey(uuid: string, { change }: KeyedChange, key: JsonObject): Promise<void> {
    const { resource: label } = change;
    // descriptors keep their keys
    if (!this.positions.has(label)) return;
    this.run.begin(label);
    const [found] = await this.store.read([uuid]);
    if (found === undefined || found.resource !== label) return;
    const document = withKey(found.document, key);
    try {
      await this.store.replace(labelledResource(label), uuid, document);
    } catch (error) {
      if (!isAboutDocument(error)) throw error;
      // otherwise the load writes the document as it is now, and the document with the old key is removed
      if (error.code !== 'DOCUMENT_IDENTITY_CHANGED' || !(await this.rewrite(uuid, change, document))) return;
    }
    this.keysChanged += 1;
    this.run.kept.keysChanged += 1;
  }

  /**
   * Changes a key that may not change in its resource, with all documents that repeat it; rejects the change if that is
   * not possible.
   */
  private async rewrite(uuid: string, change: RecordedChange, document: JsonObject): Promise<boolean> {
    try {
      this.rewritten += (await rewriteKey(this.connection, this.plans, uuid, document)) - 1;
      return true;
    } catch (error) {
      if (!isAboutDocument(error)) throw error;
      const { resource } = change;
      const [entry] = error.diagnostics;
      const message = `${changedDocument(resource, change.oldKey)} cannot follow its key in the source: ${entry.message}`;
      await this.rejectChange(change, uuid, { ...entry, message, where: { ...entry.where, resource } });
      return false;
    }
  }

  /** Removes documents in the reverse order of loading; returns those to which others refer, with the reason. */
  private async removeAll(
    removals: readonly AppliedRemoval[],
  ): Promise<readonly (readonly [AppliedRemoval, Diagnostic])[]> {
    const positionOf = ({ history }: AppliedRemoval) => this.positions.get(history.resource) ?? -1;
    let waiting = removals.toSorted((a, b) => positionOf(b) - positionOf(a));
    for (;;) {
      const left: (readonly [AppliedRemoval, Diagnostic])[] = [];
      for (const piece of chunk(waiting, together)) left.push(...(await this.removed(piece)));
      if (left.length === 0 || left.length === waiting.length) return left;
      waiting = left.map(([removal]) => removal);
    }
  }

  private count(deleted: number): void {
    this.deleted += deleted;
    this.run.kept.deleted += deleted;
  }

  /** Removes documents together, and halves them to find those to which others refer. */
  private async removed(part: readonly AppliedRemoval[]): Promise<(readonly [AppliedRemoval, Diagnostic])[]> {
    const [first] = part;
    if (first === undefined) return [];
    this.run.begin(first.history.resource);
    try {
      await this.store.removeBatch(part.map(({ uuid }) => uuid));
      this.count(part.length);
      return [];
    } catch (error) {
      const code = error instanceof DmsError ? error.code : null;
      if (error instanceof DmsError && code === 'DOCUMENT_NOT_FOUND') {
        // another session has removed some of them, and this call the others
        const { uuids } = error.diagnostics[0].details ?? {};
        this.count(part.length - (Array.isArray(uuids) ? uuids.length : part.length));
        return [];
      }
      if (!(error instanceof DmsError) || code !== 'DOCUMENT_IN_USE') throw error;
      if (part.length === 1) return [[first, error.diagnostics[0]]];
      const half = Math.ceil(part.length / 2);
      return [...(await this.removed(part.slice(0, half))), ...(await this.removed(part.slice(half)))];
    }
  }

  private rejectIncomplete(history: ChangeHistory): Promise<void> {
    const { resource, uuid, last } = history;
    const { oldKey } = last.change;
    const what =
      oldKey.size === 0
        ? `A delete of ${resource} is recorded without a key`
        : `The recorded key of ${changedDocument(resource, oldKey)} lacks a value`;
    const text = `${what}, so the document that was deleted cannot be found.`;
    return this.reject(history, diagnostic('DOCUMENT_VALUE_MISSING', text, { resource }, { uuid }));
  }

  private reject({ uuid, last: { change } }: ChangeHistory, entry: Diagnostic): Promise<void> {
    return this.rejectChange(change, uuid, entry);
  }

  private rejectChange(change: RecordedChange, uuid: string, entry: Diagnostic): Promise<void> {
    const { resource, file, line, row } = change;
    const where = row === undefined ? { ...entry.where, file, line } : entry.where;
    return this.run.rejectOrStop({
      file,
      line,
      row,
      resource,
      document: null,
      uuid,
      change,
      diagnostics: [{ ...entry, where }],
    });
  }
}

/** The uuid that kept a new document from being written; undefined for other reasons. */
function takenUuidOf(outcome: BatchOutcome): string | undefined {
  if (outcome.kind !== 'rejected') return undefined;
  const [{ code, where, details }] = outcome.diagnostics;
  return code === 'DOCUMENT_REFUSED' && where.path === '$.uuid' && typeof details.uuid === 'string'
    ? details.uuid
    : undefined;
}

/**
 * Writes a document in place of the one that has its id. Undefined if the id belongs to a document of another resource,
 * which the first diagnostic says.
 */
async function replaceWhole(
  store: DocumentStore,
  resource: QualifiedResourceName,
  uuid: string,
  sent: SentDocument,
): Promise<WriteOutcome | undefined> {
  try {
    return await store.replace(resource, uuid, sent.document ?? sent.again());
  } catch (error) {
    if (!isAboutDocument(error)) throw error;
    return error.code === 'DOCUMENT_NOT_FOUND' ? undefined : { kind: 'rejected', diagnostics: error.diagnostics };
  }
}

/** Whether a single document was refused, and not the whole work. */
const isAboutDocument = (error: unknown): error is DmsError =>
  error instanceof DmsError && error.diagnostics.every(({ code }) => code.startsWith('DOCUMENT_'));

/** A document with other values at some paths of its root. */
function withKey(document: JsonObject, key: JsonObject): JsonObject {
  const changed = new Map(document);
  for (const [path, value] of key) {
    const [name = '', ...inner] = path.split('.');
    if (inner.length === 0) changed.set(name, value);
    else {
      const around = changed.get(name);
      changed.set(
        name,
        withKey(around !== undefined && isJsonObject(around) ? around : new Map(), new Map([[inner.join('.'), value]])),
      );
    }
  }
  return changed;
}
