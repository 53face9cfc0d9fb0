import type { Problem } from '../file/problem.ts';
import type { Source } from '../translate/draft.ts';

export interface ValueCounts {
  carried: number;
  dropped: number;
  rejected: number;
}

/** The accounting of a translation (design 20 §5.1). */
export interface TranslationReport {
  readonly values: ValueCounts & { read: number };
  readonly documents: { read: number; written: number; made: number; rejects: number };
  readonly rules: ReadonlyMap<string, ValueCounts>;
  readonly filled: ReadonlyMap<string, number>;
  readonly descriptorsMerged: readonly { readonly resource: string; readonly stays: string; readonly goes: string }[];
  readonly notes: readonly Problem[];
}

/** Counts the values of documents under their rules. Needs the results of all documents. */
export function countedValues(sources: readonly Source[]): Pick<TranslationReport, 'values' | 'rules'> {
  const values = { read: 0, carried: 0, dropped: 0, rejected: 0 };
  const rules = new Map<string, ValueCounts>();
  for (const { tallies, groups, replacedBy } of sources)
    for (const { rule, fate, group, count } of tallies.values()) {
      const drafts = group === null ? [] : (groups.get(group) ?? []);
      const made = drafts.some(({ result }) => result !== null && result.problem === null) ? 'carried' : 'rejected';
      const isUnmade = group?.startsWith('identity ') && drafts.length === 0;
      const kind = replacedBy !== null || isUnmade ? 'dropped' : fate === 'made' ? made : fate;
      const name = replacedBy ?? rule;
      const own = rules.get(name) ?? { carried: 0, dropped: 0, rejected: 0 };
      rules.set(name, own);
      own[kind] += count;
      values[kind] += count;
      values.read += count;
    }
  return { values, rules };
}
