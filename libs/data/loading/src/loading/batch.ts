import { resourceLabel } from '@dms/api-schema';
import type { Diagnostic } from '@dms/diagnostics';
import {
  type CheckOfDocument,
  checkDocument,
  type DocumentPlans,
  mergedDiagnostics,
  type OnExisting,
  type SchemaCheck,
} from '@dms/documents';
import { mustExist, type QualifiedResourceName } from '@dms/model';
import type { BatchOutcome, BatchWriter, SentOptions } from './batch-writer.ts';
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
      /** Null if nothing depends on the check; then the writer makes it. */
      readonly checked: CheckOfDocument | null;
      /** The diagnostics of the schemas; null if the batch is checked as a whole. */
      readonly ofSchema: readonly Diagnostic[] | null;
    }
  | { readonly kind: 'unreadable'; readonly reject: LoadReject }
);

type DocumentEntry = Extract<BatchEntry, { readonly kind: 'document' }>;

/** Documents of one resource that are written in one transaction. */
export class Batch {
  readonly entries: BatchEntry[] = [];
  /** The keys that no two documents can share: referential ids, those of their superclass, and uuids. */
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

export interface BatchRules {
  readonly plans: DocumentPlans;
  readonly ignoreUnknown: boolean | undefined;
  readonly onExisting: OnExisting;
  /** Null where documents are checked against the model only. */
  readonly schemaCheck: SchemaCheck | null;
  readonly onWarning: (warning: Diagnostic) => void;
}

/** Checks a document against the model, as the writers do. */
export const checkedInput = (
  { plans, ignoreUnknown }: BatchRules,
  name: QualifiedResourceName,
  { document, file, line }: InputDocument,
): CheckOfDocument => checkDocument(plans, name, document, { ignoreUnknown, file, line });

/**
 * Writes documents of a resource, and returns their outcomes. Documents that the schemas refuse are not sent to the
 * database.
 */
export async function batchOutcomes(
  rules: BatchRules,
  writer: BatchWriter,
  name: QualifiedResourceName,
  documents: readonly DocumentEntry[],
  options: Pick<SentOptions, 'turn' | 'awaited' | 'onLateReject'>,
): Promise<readonly BatchOutcome[]> {
  if (documents.length === 0) return [];
  const waiting = documents.filter(({ ofSchema }) => ofSchema === null).map(({ input }) => input);
  const found = rules.schemaCheck?.diagnosticsOf(resourceLabel(name), waiting, rules.onWarning).values();
  const refused = documents.map(({ input, checked, ofSchema: before }): BatchOutcome | null => {
    const ofSchema = before ?? found?.next().value ?? [];
    if (ofSchema.length === 0) return null;
    const { diagnostics } = checked ?? checkedInput(rules, name, input);
    const [first, ...others] = mergedDiagnostics(diagnostics, ofSchema);
    return { kind: 'rejected', diagnostics: [mustExist(first, 'a diagnostic of the schema'), ...others] };
  });
  const sent = documents.flatMap(({ input, checked, number }, index) =>
    refused[index] ? [] : [{ ...input, number, checked: checked ?? undefined }],
  );
  const written = await writer.upsertBatch(name, sent, { onExisting: rules.onExisting, ...options });
  let position = 0;
  return documents.map((_, index) => refused[index] ?? mustExist(written[position++], 'the outcome of a document'));
}
