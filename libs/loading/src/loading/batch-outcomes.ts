import {
  type CheckResult,
  checkDocument,
  type DocumentPlans,
  mergedProblems,
  type OnExisting,
  type SchemaCheck,
} from '@dms/documents';
import { mustExist, type QualifiedResourceName } from '@dms/model';
import type { DocumentEntry } from './batch.ts';
import type { BatchOutcome, BatchWriter, SentOptions } from './batch-writer.ts';
import type { InputDocument } from './document-queue.ts';

export interface BatchRules {
  readonly plans: DocumentPlans;
  readonly ignoreUnknown: boolean | undefined;
  readonly onExisting: OnExisting;
  /** Null where documents are checked against the model only. */
  readonly schemaCheck: SchemaCheck | null;
}

/** Checks a document against the model, as the writers do. */
export const checkedInput = (
  { plans, ignoreUnknown }: BatchRules,
  name: QualifiedResourceName,
  { document, file, line }: InputDocument,
): CheckResult => checkDocument(plans, name, document, { ignoreUnknown, file, line });

/** Writes documents of a resource; their outcomes. Documents that the schemas refuse are not sent to the database. */
export async function batchOutcomes(
  rules: BatchRules,
  writer: BatchWriter,
  label: string,
  name: QualifiedResourceName,
  documents: readonly DocumentEntry[],
  options: Pick<SentOptions, 'turn' | 'onRefused'>,
): Promise<readonly BatchOutcome[]> {
  if (documents.length === 0) return [];
  const waiting = documents.filter(({ ofSchema }) => ofSchema === null).map(({ input }) => input);
  const found = rules.schemaCheck?.problems(label, waiting)?.values();
  const refused = documents.map(({ input, checked, ofSchema: before }): BatchOutcome | null => {
    const ofSchema = before ?? found?.next().value ?? [];
    if (ofSchema.length === 0) return null;
    const { problems } = checked ?? checkedInput(rules, name, input);
    const [first, ...others] = mergedProblems(problems, ofSchema);
    return { kind: 'rejected', problems: [mustExist(first, 'a problem of the schema'), ...others] };
  });
  const sent = documents.flatMap(({ input, checked, number }, index) =>
    refused[index] ? [] : [{ ...input, number, checked: checked ?? undefined }],
  );
  const written = await writer.upsertBatch(name, sent, { onExisting: rules.onExisting, ...options });
  let position = 0;
  return documents.map((_, index) => refused[index] ?? mustExist(written[position++], 'the outcome of a document'));
}
