import { isJsonArray, type JsonObject, type JsonValue } from '@dms/files';
import { type Contribution, contributionOf, contributionValue } from './draft-records.ts';
import type { WaitingRecord } from './record-file.ts';

/** A later document with all that it was made of. */
export interface Result {
  readonly resource: string;
  readonly uuid: string | null;
  readonly document: JsonObject;
  /** In their order; there is one at least. */
  readonly drafts: readonly Contribution[];
}

export const resultRecord = ({ uuid, drafts, document }: Result): WaitingRecord => ({
  facts: [uuid, drafts.map(contributionValue)],
  document,
});

export function resultOf(resource: string, { facts, document }: WaitingRecord): Result {
  const [uuid, drafts] = isJsonArray(facts) ? facts : [];
  const all: readonly JsonValue[] = drafts !== undefined && isJsonArray(drafts) ? drafts : [];
  return { resource, uuid: typeof uuid === 'string' ? uuid : null, document, drafts: all.map(contributionOf) };
}
