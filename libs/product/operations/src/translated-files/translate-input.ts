import type { DocumentSchemas } from '@dms/api-schema';
import { labelledResource, resourceLabel } from '@dms/api-schema';
import { expectNotCancelled } from '@dms/databases';
import { counted, type Diagnostic, diagnostic, fail } from '@dms/diagnostics';
import { checkDocument, schemaCheck } from '@dms/documents';
import {
  type DocumentFeed,
  diagnosticOfRow,
  type FeedDocument,
  inputCheck,
  type LoadDocumentsOptions,
  type LoadReject,
  type RecordedChange,
  type SourceDocuments,
  withSourceDocuments,
} from '@dms/loading';
import type { RelationalModelSet } from '@dms/model';
import {
  type EarlierDocument,
  problemText,
  rejectValue,
  type TranslateDocumentsOptions,
  type TranslatedDocuments,
  type TranslationReject,
  translateDocuments,
} from '@dms/translation';
import { isJsonObject } from '@dms/values';
import type { Context } from '../declaring/operation.ts';
import type { TranslationDesign } from '../sources/translations.ts';

export interface TranslatingOptions
  extends Pick<LoadDocumentsOptions, 'ignoreUnknown' | 'isContinued' | 'onFiles' | 'onDiagnostic'> {
  /** The schemas against which an API checks documents of the later set; null to skip this check. */
  readonly schemas: DocumentSchemas | null;
  readonly onReject: (reject: LoadReject) => Promise<void>;
}

/** The outcome of a translation of files or of a feed. */
export interface TranslatedInput {
  readonly translated: TranslatedDocuments;
  /** Deletes and changed keys, allowed only in a plain translation; null if the input format cannot carry changes. */
  readonly changes: readonly RecordedChange[] | null;
  /** The number of rejected documents: unreadable ones, and those that cannot be translated. */
  readonly rejected: number;
}

/** What permits a source without a document. */
const allowing = {
  command: 'If that is intended, write --allow-empty.',
  task: 'If that is intended, set "allowEmpty" of "translate" in dms.json to true.',
  nothing: 'Name files with descriptors.',
} as const;

const emptySentences = {
  files: 'The files hold no document.',
  ods: 'The ODS holds no document.',
  database: 'The other database holds no document.',
  descriptors: 'The files hold no descriptor of the schema set.',
} as const;

/** A source of documents that may be empty. */
export type EmptySource = keyof typeof emptySentences;

/** `DOCUMENT_INPUT_EMPTY`: there is no document to read. */
export const emptyInput = (source: EmptySource = 'files', by: keyof typeof allowing = 'command'): Diagnostic =>
  diagnostic('DOCUMENT_INPUT_EMPTY', `${emptySentences[source]} ${allowing[by]}`);

/**
 * Translates the documents of files and folders that `load` reads, or of a feed, and runs `use` with the outcome, after
 * all rejects are reported. Throws the codes of `withSourceDocuments`, `TRANSLATION_CHANGES`.
 */
export function translateInput<Result>(
  design: TranslationDesign,
  input: readonly string[] | DocumentFeed,
  { schemas, ignoreUnknown, isContinued, onFiles, onReject, onDiagnostic = () => undefined }: TranslatingOptions,
  { signal, onCount }: Context,
  use: (outcome: TranslatedInput) => Promise<Result>,
): Promise<Result> {
  let rejected = 0;
  const reject = async (each: LoadReject) => {
    rejected += 1;
    await onReject(each);
  };
  const model: RelationalModelSet = design.before.mappingSet.model;
  const read = { ignoreUnknown, isContinued, onFiles, onDiagnostic, onReject: reject };
  return withSourceDocuments(model, input, read, async (source) => {
    if (source.changes !== null && !design.isPlain) {
      const text =
        'The input has deletes and changed keys (changes.ndjson), which no translation carries. Translate the documents of a whole copy.';
      fail('TRANSLATION_CHANGES', text, {}, { changes: source.changes.length });
    }
    const schemaChecks = schemas === null ? null : schemaCheck(schemas);
    const check = inputCheck(design.after, { schemaCheck: schemaChecks, onWarning: onDiagnostic });
    const options: TranslateDocumentsOptions = {
      ignoresUnknown: ignoreUnknown,
      check,
      onTurn: async (step, documents) => {
        onCount?.(`${step}: ${step === 'check' ? `round ${documents}` : counted(documents, 'document')}`);
        // let signals arrive
        await new Promise(setImmediate);
        expectNotCancelled(signal, 'The translation was cancelled. Nothing was written.');
      },
    };
    return translateDocuments(
      design.compiled,
      earlierDocuments(source, design, reject),
      options,
      async (translated) => {
        for (const rejects of translated.rejects())
          await reject(translationReject(rejects, translated.earlier(rejects[0].source)));
        return use({ translated, changes: source.changes, rejected });
      },
    );
  });
}

/** The documents of an input that are objects; the others are rejected. */
async function* earlierDocuments(
  { documents }: SourceDocuments,
  { before }: TranslationDesign,
  onReject: (reject: LoadReject) => Promise<void>,
): AsyncGenerator<EarlierDocument> {
  for await (const { resource, document, uuid, file, line, row } of documents) {
    const origin = { file, line, row: row?.() };
    if (isJsonObject(document)) {
      yield { resource, uuid, document, origin };
      continue;
    }
    const name = labelledResource(resource);
    const [first, ...others] = before.labels.includes(resource)
      ? checkDocument(before, name, document, { file, line }).diagnostics
      : [];
    const plain = diagnostic('DOCUMENT_VALUE_INVALID', `${resource} $ is not an object.`, { file, line, resource });
    await onReject({ ...origin, resource, diagnostics: [first ?? plain, ...others], document, uuid });
  }
}

/** The rejects of one earlier document, as a record of the file of rejects. */
export function translationReject(rejects: readonly TranslationReject[], earlier: EarlierDocument): LoadReject {
  const { resource, uuid, document, origin = { file: '', line: 0 } } = earlier;
  const { file, line, row } = origin;
  const [first, ...others] = rejects.map(({ problem, rule, part }): Diagnostic => {
    const details = { place: problem.place, rule, part };
    const entry = diagnostic(problem.code, problemText(problem), { file, line, resource }, details);
    return row === undefined ? entry : diagnosticOfRow(entry, row);
  });
  if (!first) throw new Error('A document was rejected without a problem.');
  const problems = rejects.map(rejectValue);
  return { file, line, row, resource, diagnostics: [first, ...others], document, uuid, problems };
}

/** The translated documents as a feed; their line numbers identify the earlier documents ({@link placedReject}). */
export function translatedFeed(
  translated: TranslatedDocuments,
  { model }: TranslationDesign['after']['mappingSet'],
): DocumentFeed {
  const descriptors = new Set(
    model.resources
      .filter(({ storageKind }) => storageKind === 'SharedDescriptorTable')
      .map(({ resourceKey }) => resourceLabel(resourceKey)),
  );
  const all = [...translated.counts.values()].reduce((sum, count) => sum + count, 0);
  let done = 0;
  async function* documents(resource: string): AsyncGenerator<FeedDocument> {
    for (const { uuid, document, source } of translated.documents(resource)) {
      done += 1;
      yield { resource, document, uuid, line: source === null ? 0 : source + 1 };
    }
  }
  return {
    hasUuids: true,
    get share() {
      return all === 0 ? 1 : done / all;
    },
    rowsOf: (resource) => (descriptors.has(resource) ? 0 : (translated.counts.get(resource) ?? 0)),
    async *descriptors() {
      for (const resource of descriptors) yield* documents(resource);
    },
    async *mixed() {},
    documents,
    finish() {},
  };
}

/** Moves a diagnostic about a translated document to the place of the earlier one. */
export function placedDiagnostic<Entry extends Diagnostic>(entry: Entry, { earlier }: TranslatedDocuments): Entry {
  const { file, line = 0, ...where } = entry.where;
  const origin = file === '' && line > 0 ? earlier(line - 1).origin : undefined;
  if (origin === undefined) return entry;
  if (origin.row !== undefined) return diagnosticOfRow(entry, origin.row);
  return { ...entry, where: { ...where, file: origin.file, line: origin.line } };
}

/**
 * Turns a reject of a translated document into a record of the earlier one, so that the same run can load it once it is
 * corrected.
 */
export function placedReject(reject: LoadReject, translated: TranslatedDocuments): LoadReject {
  if (reject.line === 0) return reject;
  const { resource, document, uuid, origin = { file: '', line: 0 } } = translated.earlier(reject.line - 1);
  const [first, ...others] = reject.diagnostics;
  const diagnostics = [
    placedDiagnostic(first, translated),
    ...others.map((each) => placedDiagnostic(each, translated)),
  ] as const;
  return { ...reject, ...origin, resource, document, uuid, diagnostics };
}
