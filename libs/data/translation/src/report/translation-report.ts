import type { Problem } from '../file/problem.ts';

export interface ValueCounts {
  carried: number;
  dropped: number;
  rejected: number;
}

export type PlaceCounts = Omit<ValueCounts, 'carried'>;

/** What became of the documents of an earlier resource. */
export interface ResourceCounts {
  /** Documents of the earlier resource. */
  read: number;
  /** Documents of the later resource. */
  written: number;
  /** Those of them that no earlier document became. */
  made: number;
  /** Of the earlier resource. */
  rejects: number;
}

/** The accounting of a translation (design 20 §5.1). */
export interface TranslationReport {
  readonly values: ValueCounts & { read: number };
  readonly documents: ResourceCounts;
  /** By the name of the resource, of both sets. */
  readonly resources: ReadonlyMap<string, ResourceCounts>;
  readonly rules: ReadonlyMap<string, ValueCounts>;
  /** Places of the earlier set with values that were dropped or rejected. */
  readonly places: ReadonlyMap<string, PlaceCounts>;
  readonly filled: ReadonlyMap<string, number>;
  readonly descriptorsMerged: readonly { readonly resource: string; readonly stays: string; readonly goes: string }[];
  readonly notes: readonly Problem[];
}
