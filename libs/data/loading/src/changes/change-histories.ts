import { labelledResource } from '@dms/api-schema';
import { append } from '@dms/diagnostics';
import { type DocumentPlans, keyIdentity, type SoughtIdentity } from '@dms/documents';
import { mustExist } from '@dms/model';
import { groupBy, type JsonObject } from '@dms/values';
import type { RecordedChange } from './recorded-change.ts';

/** A change with the referential ids of its keys; null for a key that lacks a value. */
export interface KeyedChange {
  readonly change: RecordedChange;
  readonly oldId: string | null;
  readonly newId: string | null;
}

/** The recorded changes of one document, by version. */
export interface ChangeHistory {
  readonly resource: string;
  /** The id of the document in the source. */
  readonly uuid: string;
  readonly changes: readonly KeyedChange[];
  readonly last: KeyedChange;
  /** The final key of the document; null if it was deleted. */
  readonly finalKey: JsonObject | null;
  readonly finalId: string | null;
  /** The referential ids of the earlier keys of the document, the latest first. */
  readonly earlierIds: readonly string[];
  /** All these keys, in the form for a search. */
  readonly identities: readonly SoughtIdentity[];
}

/** The histories of all documents of some changes, in the order of their last versions. */
export function changeHistories(plans: DocumentPlans, changes: readonly RecordedChange[]): readonly ChangeHistory[] {
  const compare = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);
  const ordered = changes.toSorted((a, b) => compare(a.changeVersion, b.changeVersion));
  const identityOf = ({ resource }: RecordedChange, key: JsonObject | null) =>
    key === null ? null : keyIdentity(plans, labelledResource(resource), key);
  const histories = [...groupBy(ordered, ({ uuid }) => uuid)].map(([uuid, ofDocument]): ChangeHistory => {
    const identities: SoughtIdentity[] = [];
    const keyed = ofDocument.map((change): KeyedChange => {
      const old = identityOf(change, change.oldKey);
      const now = identityOf(change, change.newKey);
      append(
        identities,
        [old, now].filter((identity) => identity !== null),
      );
      return { change, oldId: old?.referentialId ?? null, newId: now?.referentialId ?? null };
    });
    const last = mustExist(keyed.at(-1), 'the last change of a document');
    const earlier = keyed.flatMap(({ oldId }) => oldId ?? []).reverse();
    return {
      resource: last.change.resource,
      uuid,
      changes: keyed,
      last,
      finalKey: last.change.newKey,
      finalId: last.newId,
      earlierIds: [...new Set(earlier)].filter((id) => id !== last.newId),
      identities,
    };
  });
  return histories.sort((a, b) => compare(a.last.change.changeVersion, b.last.change.changeVersion));
}

/** A document of the target that has an earlier key of a source's document, and the key that it should have. */
interface KeyMove {
  readonly history: ChangeHistory;
  /** The document with the earlier key. */
  readonly uuid: string;
  readonly from: string;
  readonly to: string;
}

export interface KeyMoves {
  /** In an order in which each new key is free. */
  readonly ordered: readonly KeyMove[];
  /**
   * The moves of which the keys alone do not show whether they were made before: documents that have exchanged keys, or
   * took the key of a deleted one.
   */
  readonly undecided: readonly KeyMove[];
}

/**
 * The key changes that are still to be made in a target whose documents have ids of their own, so that only keys tell
 * them apart (design 19a §11). A change was already made if no document has an earlier key, or if a document that
 * keeps its key has the new key.
 *
 * @param holderOf the document of the target with a key, by its referential id
 */
export function keyMoves(histories: readonly ChangeHistory[], holderOf: (id: string) => string | undefined): KeyMoves {
  const deleted = new Set(histories.flatMap(({ finalKey, last }) => (finalKey === null ? (last.oldId ?? []) : [])));
  const moves = histories.flatMap((history): KeyMove[] => {
    const { finalId: to, earlierIds } = history;
    const from = earlierIds.find((id) => holderOf(id) !== undefined);
    const uuid = from === undefined ? undefined : holderOf(from);
    return to === null || from === undefined || uuid === undefined ? [] : [{ history, uuid, from, to }];
  });
  const { possible, taken } = withoutTakenKeys(moves, holderOf);
  const { ordered, circles } = inFreeOrder(possible);
  return { ordered, undecided: [...taken.filter(({ to }) => deleted.has(to)), ...circles] };
}

/** Leaves out the moves whose new key a document has that keeps it, and then those that wait for one of these. */
function withoutTakenKeys(moves: readonly KeyMove[], holderOf: (id: string) => string | undefined) {
  let possible = moves;
  const taken: KeyMove[] = [];
  for (let length = -1; length !== possible.length; ) {
    length = possible.length;
    const left = new Set(possible.map(({ from }) => from));
    const isTaken = ({ to }: KeyMove) => holderOf(to) !== undefined && !left.has(to);
    taken.push(...possible.filter(isTaken));
    possible = possible.filter((move) => !isTaken(move));
  }
  return { possible, taken };
}

/** Orders moves so that each new key is free; keys that were exchanged in a circle are never free. */
function inFreeOrder(moves: readonly KeyMove[]) {
  const ordered: KeyMove[] = [];
  const byTarget = new Map(moves.map((move) => [move.to, move]));
  const waiting = new Map(moves.map((move) => [move.from, move]));
  let free = moves.filter(({ to }) => !waiting.has(to));
  while (free.length > 0) {
    ordered.push(...free);
    for (const { from } of free) waiting.delete(from);
    free = free.flatMap(({ from }) => byTarget.get(from) ?? []);
  }
  return { ordered, circles: [...waiting.values()] };
}
