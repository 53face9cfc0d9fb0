import type { EntryForm } from '../store/id-shares.ts';

/* The lists of ids that a translation compares: which documents are there, which are named, which are lost. */

/** Where a later document is: its file, its index there, and the number by which it is read. */
export interface IdPlace {
  readonly file: number;
  readonly index: number;
  readonly number: number;
}

/** A reject by its number; null if a rule drops the document. */
type RejectNumber = number | null;

/** The id of a document, or an id to which it refers. */
export interface PlacedId {
  readonly id: string;
  readonly place: IdPlace;
}

/** The id of a document that is not written. */
export interface LostId {
  readonly id: string;
  readonly reject: RejectNumber;
}

/** A reference whose later target is another one, with the identities of both targets. */
export interface RetargetedId {
  readonly earlier: string;
  readonly later: string;
  readonly place: IdPlace;
}

/** A document that is not written because it refers to a lost document or is made from one. */
export interface Affected {
  readonly place: IdPlace;
  /** The id to which it refers; null if it is made of the lost document. */
  readonly named: string | null;
  /** The identity of the earlier target, if it is another one. */
  readonly earlier: string | null;
  readonly reject: RejectNumber;
}

/** The place of a document as an id, whose first byte differs from document to document. */
export function placeId({ file, number }: Pick<IdPlace, 'file' | 'number'>): string {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64LE(BigInt(number));
  bytes.writeUInt32LE(file, 8);
  return bytes.toString('latin1');
}

interface PlacedIds {
  readonly place: IdPlace;
}

const placeNumbers = [
  ({ place }: PlacedIds) => place.file,
  ({ place }: PlacedIds) => place.index,
  ({ place }: PlacedIds) => place.number,
] as const;

const placeOf = ([file, index, number]: readonly (number | null)[]): IdPlace => ({
  file: file ?? 0,
  index: index ?? 0,
  number: number ?? 0,
});

const placed: EntryForm<PlacedId> = {
  ids: [({ id }) => id],
  numbers: placeNumbers,
  entry: ([id], numbers) => ({ id: id ?? '', place: placeOf(numbers) }),
};

const identity: EntryForm<string> = {
  ids: [(id) => id],
  numbers: [],
  entry: ([id]) => id ?? '',
};

const lost: EntryForm<LostId> = {
  ids: [({ id }) => id],
  numbers: [({ reject }) => reject],
  entry: ([id], [reject]) => ({ id: id ?? '', reject: reject ?? null }),
};

const byEarlier: EntryForm<RetargetedId> = {
  ids: [({ earlier }) => earlier, ({ later }) => later],
  numbers: placeNumbers,
  entry: ([earlier, later], numbers) => ({ earlier: earlier ?? '', later: later ?? '', place: placeOf(numbers) }),
};

const byLater: EntryForm<RetargetedId> = {
  ids: [({ later }) => later, ({ earlier }) => earlier],
  numbers: placeNumbers,
  entry: ([later, earlier], numbers) => ({ earlier: earlier ?? '', later: later ?? '', place: placeOf(numbers) }),
};

const affected: EntryForm<Affected> = {
  ids: [({ place }) => placeId(place), ({ named }) => named, ({ earlier }) => earlier],
  numbers: [({ reject }) => reject, ...placeNumbers],
  entry: ([, named, earlier], [reject, ...place]) => ({
    place: placeOf(place),
    named: named ?? null,
    earlier: earlier ?? null,
    reject: reject ?? null,
  }),
};

/** The forms of the lists, by what decides the share of an entry. */
export const idLists = { placed, identity, lost, byEarlier, byLater, affected } as const;
