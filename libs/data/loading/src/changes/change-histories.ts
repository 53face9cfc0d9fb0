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
  const histories = [...groupBy(ordered, ({ uuid }) => uuid)].map(([uuid, own]): ChangeHistory => {
    const identities: SoughtIdentity[] = [];
    const keyed = own.map((change): KeyedChange => {
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
  let moves = histories.flatMap((history): KeyMove[] => {
    const { finalId: to, earlierIds } = history;
    const from = earlierIds.find((id) => holderOf(id) !== undefined);
    const uuid = from === undefined ? undefined : holderOf(from);
    return to === null || from === undefined || uuid === undefined ? [] : [{ history, uuid, from, to }];
  });
  const undecided: KeyMove[] = [];
  for (let length = -1; length !== moves.length; ) {
    length = moves.length;
    const left = new Set(moves.map(({ from }) => from));
    const isTaken = ({ to }: KeyMove) => holderOf(to) !== undefined && !left.has(to);
    undecided.push(...moves.filter((move) => isTaken(move) && deleted.has(move.to)));
    moves = moves.filter((move) => !isTaken(move));
  }
  const ordered: KeyMove[] = [];
  const byTarget = new Map(moves.map((move) => [move.to, move]));
  const waiting = new Map(moves.map((move) => [move.from, move]));
  let free = moves.filter(({ to }) => !waiting.has(to));
  while (free.length > 0) {
    ordered.push(...free);
    for (const { from } of free) waiting.delete(from);
    free = free.flatMap(({ from }) => byTarget.get(from) ?? []);
  }
  return { ordered, undecided: [...undecided, ...waiting.values()] };
}
