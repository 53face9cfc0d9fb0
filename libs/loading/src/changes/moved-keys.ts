import type { ChangeHistory } from './change-histories.ts';

/** A document of the target that has an earlier key of a source's document, and the key that it should have. */
export interface KeyMove {
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
   * Those of which the keys alone do not show whether they were made before: documents that have exchanged keys, or
   * took that of a deleted one.
   */
  readonly undecided: readonly KeyMove[];
}

/**
 * Which changes of keys are still to be made in a target whose documents have ids of their own, so that only keys tell
 * them apart (design 19 §10.11). A change was made if nothing has an earlier key, or if something has the new key that
 * does not leave it.
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
