import { labelledResource } from '@dms/api-schema';
import { append } from '@dms/diagnostics';
import { type DocumentPlans, keyIdentity, type SoughtIdentity } from '@dms/documents';
import { groupBy, type JsonObject } from '@dms/files';
import { mustExist } from '@dms/model';
import type { RecordedChange } from './recorded-change.ts';

/** A change with the referential ids of its keys; null for a key that lacks a value. */
export interface KeyedChange {
  readonly change: RecordedChange;
  readonly oldId: string | null;
  readonly newId: string | null;
}

/** What was recorded of one document, by version. */
export interface ChangeHistory {
  readonly resource: string;
  /** The id that the source has for it. */
  readonly uuid: string;
  readonly changes: readonly KeyedChange[];
  readonly last: KeyedChange;
  /** The key that it has in the end; null if it was deleted. */
  readonly finalKey: JsonObject | null;
  readonly finalId: string | null;
  /** The keys that it had before, the latest first. */
  readonly earlierIds: readonly string[];
  /** All these keys, as they are looked up. */
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
