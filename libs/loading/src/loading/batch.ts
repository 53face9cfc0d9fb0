import type { Diagnostic } from '@dms/diagnostics';
import type { CheckResult } from '@dms/documents';
import type { InputDocument } from './document-queue.ts';
import type { LoadReject } from './load-report.ts';

/** The most documents of one transaction, and the most bytes of their texts. */
const defaultLength = 500;
const batchBytes = 2_000_000;

/** A document, or an element of the input that cannot be read; entries are numbered throughout a run. */
export type BatchEntry = { readonly number: number } & (
  | {
      readonly kind: 'document';
      readonly input: InputDocument;
      /** Null where nothing depends on the check; the writer does it then. */
      readonly checked: CheckResult | null;
      /** What the schemas refuse; null where the batch is checked as a whole. */
      readonly ofSchema: readonly Diagnostic[] | null;
    }
  | { readonly kind: 'unreadable'; readonly reject: LoadReject }
);

export type DocumentEntry = Extract<BatchEntry, { readonly kind: 'document' }>;

/** Documents of one resource that are written in one transaction. */
export class Batch {
  readonly entries: BatchEntry[] = [];
  /** What no two documents can share: referential ids, those of their superclass, and uuids. */
  readonly keys = new Set<string>();
  private readonly length: number;
  private size = 0;

  constructor(length = defaultLength) {
    this.length = length;
  }

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  get isFull(): boolean {
    return this.entries.length >= this.length || this.size >= batchBytes;
  }

  get documents(): readonly DocumentEntry[] {
    return this.entries.filter((entry) => entry.kind === 'document');
  }

  add(entry: BatchEntry): void {
    this.entries.push(entry);
    if (entry.kind === 'unreadable') return;
    const { input, checked } = entry;
    this.size += input.size;
    if (!checked?.document) return;
    const { referentialId, superclass } = checked.document;
    this.keys.add(referentialId);
    if (superclass !== null) this.keys.add(superclass.referentialId);
    if (input.uuid !== undefined) this.keys.add(`uuid ${input.uuid.toLowerCase()}`);
  }
}
