import type { JsonObject } from '@dms/values';
import { type Contribution, contributionOf, contributionValue } from './draft-records.ts';
import type { WaitingRecord } from './record-file.ts';
import { listOf, textOf, textOrNull } from './stored-values.ts';

/** A later document with all drafts from which it was made. */
export interface Result {
  readonly resource: string;
  readonly uuid: string | null;
  readonly document: JsonObject;
  /** The drafts in their order, at least one. */
  readonly drafts: readonly Contribution[];
  /** The identities by which references name it, in the form of referential ids: its own, then that of a superclass. */
  readonly identities: readonly string[];
}

export const resultRecord = ({ uuid, drafts, identities, document }: Result): WaitingRecord => ({
  facts: [uuid, drafts.map(contributionValue), identities],
  document,
});

export function resultOf(resource: string, { facts, document }: WaitingRecord): Result {
  const [uuid, drafts, identities] = listOf(facts);
  return {
    resource,
    uuid: textOrNull(uuid),
    document,
    drafts: listOf(drafts).map(contributionOf),
    identities: listOf(identities).map(textOf),
  };
}
