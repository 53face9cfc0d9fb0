import type { Problem } from '../file/problem.ts';

export interface ReportedValues {
  carried: number;
  dropped: number;
  rejected: number;
}

export type PlaceCounts = Omit<ReportedValues, 'carried'>;

/** The numbers of documents of a resource. */
export interface ResourceCounts {
  /** Documents of the resource in the earlier set. */
  read: number;
  /** Documents of the resource in the later set. */
  written: number;
  /** The written documents that are not the later form of an earlier document. */
  made: number;
  /** Rejected documents of the resource in the earlier set. */
  rejects: number;
}

/** The accounting of a translation (design 20 §5.1). */
export interface TranslationReport {
  readonly values: ReportedValues & { read: number };
  readonly documents: ResourceCounts;
  /** Counts by the name of the resource, in both sets. */
  readonly resources: ReadonlyMap<string, ResourceCounts>;
  readonly rules: ReadonlyMap<string, ReportedValues>;
  /** Places of the earlier set with values that were dropped or rejected. */
  readonly places: ReadonlyMap<string, PlaceCounts>;
  readonly filled: ReadonlyMap<string, number>;
  readonly descriptorsMerged: readonly { readonly resource: string; readonly stays: string; readonly goes: string }[];
  readonly notes: readonly Problem[];
}
