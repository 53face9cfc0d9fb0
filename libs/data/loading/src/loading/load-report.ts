import type { DocumentSchemas } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { type Diagnostic, type RowPlace, rowText } from '@dms/diagnostics';
import type { OnExisting } from '@dms/documents';
import { compareOrdinal, type JsonObject, type JsonValue } from '@dms/values';
import type { ChangeCounts, RecordedChange } from '../changes/recorded-change.ts';

export interface LoadDocumentsOptions {
  /** `fail` by default, and `replace` for an input with deletes and changed keys. */
  readonly onExisting?: OnExisting | undefined;
  /** The most documents of one transaction; 500 by default. */
  readonly batchLength?: number | undefined;
  /** Continues after a reject; otherwise loading ends with the batch of the first reject. */
  readonly isContinued?: boolean | undefined;
  /** Members and elements that the model does not have are left out, with a warning. */
  readonly ignoreUnknown?: boolean | undefined;
  /** The schemas that an API checks documents with (design 14 §1.1); without them only the model is checked. */
  readonly schemas?: DocumentSchemas | undefined;
  /**
   * A session for copies (`forCopies`): it writes all documents in one transaction, or none (design 14a §3). Descriptors
   * are written before, as always.
   */
  readonly bulk?: Connection | undefined;
  /**
   * The bytes of input for a table from which a bulk load checks its foreign keys only when all rows are there; 256 KiB
   * by default.
   */
  readonly postponedFrom?: number | undefined;
  /** Called with the input files before they are read. */
  readonly onFiles?: ((files: readonly string[]) => Promise<void>) | undefined;
  readonly onReject?: ((reject: LoadReject) => Promise<void> | void) | undefined;
  readonly onDiagnostic?: ((entry: Diagnostic) => void) | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A document that was not loaded. */
export interface LoadReject {
  /** Empty for a document that does not come from a file. */
  readonly file: string;
  readonly line: number;
  /** The row that the document was made from, if it does not come from a file. */
  readonly row?: RowPlace | undefined;
  /** `Project:Resource`; null if unknown. */
  readonly resource: string | null;
  readonly diagnostics: readonly [Diagnostic, ...Diagnostic[]];
  /** Null if it cannot be read. */
  readonly document: JsonValue;
  readonly uuid: string | null;
  /**
   * The record as the input has it, if it was refused as a whole: with members of other types, other names, or without
   * a document.
   */
  readonly record?: JsonObject | undefined;
  /** The problems for the file of rejects, if they say more than the diagnostics. */
  readonly problems?: readonly JsonObject[] | undefined;
  /** The change that could not be applied; absent for documents. */
  readonly change?: RecordedChange | undefined;
}

/** Takes the reject of an element of the input that cannot be read. */
export type OnReject = (reject: LoadReject) => Promise<void>;

/** The origin of a document, in messages. */
export const originOf = ({ file, line, row }: Pick<LoadReject, 'file' | 'line' | 'row'>): string =>
  row === undefined ? `${file}:${line}` : rowText(row);

/** The outcomes of the documents of one resource. */
interface LoadCounts {
  readonly resource: string;
  readonly inserted: number;
  readonly replaced: number;
  /** Existed already with equal content. */
  readonly unchanged: number;
  /** Existed already and was left as it is. */
  readonly skipped: number;
  readonly rejected: number;
}

export interface LoadSummary {
  /** By resource; only resources that had documents. */
  readonly resources: readonly LoadCounts[];
  readonly total: Omit<LoadCounts, 'resource'>;
  /** Whether loading ended at a reject, with documents left. */
  readonly isStopped: boolean;
  /**
   * The number of keys of the input that are the same as other keys, of the input or of the database; absent if there
   * are none.
   */
  readonly mergedKeys?: number;
  /** Counts of deletes and changed keys; absent for inputs without them. */
  readonly changes?: ChangeCounts;
}

export interface LoadProgress {
  /**
   * The current activity: inputs are read, a bulk load waits until all other writers have finished, documents of a
   * resource are written, or the database checks the documents that a bulk load has written.
   */
  readonly phase: 'read' | 'wait' | 'write' | 'check';
  readonly resource: string;
  readonly documents: number;
  readonly rejected: number;
  /** The share of the input written so far, from 0 to 1. */
  readonly share: number;
}

export type LoadOutcome = Exclude<keyof LoadCounts, 'resource'>;

const none = { inserted: 0, replaced: 0, unchanged: 0, skipped: 0, rejected: 0 };

export class LoadTally {
  private readonly counts = new Map<string, Record<LoadOutcome, number>>();
  private readonly all: Record<LoadOutcome, number> = { ...none };

  add(resource: string, outcome: LoadOutcome, count = 1): void {
    const own = this.counts.get(resource) ?? { ...none };
    own[outcome] += count;
    this.all[outcome] += count;
    this.counts.set(resource, own);
  }

  /** Counts the written documents of some resources as not written, after a rollback. */
  takeBack(resources: Iterable<string>): void {
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

  /** The number of documents that were processed. */
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
