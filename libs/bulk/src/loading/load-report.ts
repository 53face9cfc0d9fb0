import { compareOrdinal, type JsonValue } from '@dms/canonical-json';
import type { Diagnostic } from '@dms/diagnostics';

/** A document that was not loaded. */
export interface LoadReject {
  readonly file: string;
  readonly line: number;
  /** `Project:Resource`; null where it is not known. */
  readonly resource: string | null;
  readonly problems: readonly [Diagnostic, ...Diagnostic[]];
  /** Null where it cannot be read. */
  readonly document: JsonValue;
  readonly uuid: string | null;
}

/** What became of the documents of one resource. */
export interface LoadCounts {
  readonly resource: string;
  readonly inserted: number;
  readonly replaced: number;
  /** There already, and the same. */
  readonly unchanged: number;
  /** There already, and left. */
  readonly skipped: number;
  readonly rejected: number;
}

export interface LoadSummary {
  /** By resource, those that had documents. */
  readonly resources: readonly LoadCounts[];
  readonly total: Omit<LoadCounts, 'resource'>;
  /** Ended at a reject, with documents left. */
  readonly isStopped: boolean;
}

export interface LoadProgress {
  /** What is done: inputs are read, or documents of a resource are written. */
  readonly phase: 'read' | 'write';
  readonly resource: string;
  readonly documents: number;
  readonly rejected: number;
  /** Of the input, of what was written so far, from 0 to 1. */
  readonly share: number;
}

export type LoadOutcome = Exclude<keyof LoadCounts, 'resource'>;

const none = { inserted: 0, replaced: 0, unchanged: 0, skipped: 0, rejected: 0 };

/** Counts outcomes by resource. */
export class LoadTally {
  private readonly counts = new Map<string, Record<LoadOutcome, number>>();
  private readonly all: Record<LoadOutcome, number> = { ...none };

  add(resource: string, outcome: LoadOutcome, count = 1): void {
    const own = this.counts.get(resource) ?? { ...none };
    own[outcome] += count;
    this.all[outcome] += count;
    this.counts.set(resource, own);
  }

  /** Counts what was written of some resources as not written: it was rolled back. */
  takeBack(resources: ReadonlySet<string>): void {
    for (const resource of resources) {
      const own = this.counts.get(resource);
      if (!own) continue;
      this.all.inserted -= own.inserted;
      own.inserted = 0;
    }
  }

  get total(): Readonly<Record<LoadOutcome, number>> {
    return this.all;
  }

  /** How many documents were looked at. */
  get documents(): number {
    return Object.values(this.all).reduce((sum, count) => sum + count, 0);
  }

  summary(isStopped: boolean): LoadSummary {
    const resources = [...this.counts]
      .sort(([a], [b]) => compareOrdinal(a, b))
      .map(([resource, counts]) => ({ resource, ...counts }));
    return { resources, total: { ...this.all }, isStopped };
  }
}
