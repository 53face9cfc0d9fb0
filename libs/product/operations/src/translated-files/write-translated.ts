import path from 'node:path';
import { resourceLabel } from '@dms/api-schema';
import { append, counted, type Diagnostic, mostExamples, mostShown, numberTable } from '@dms/diagnostics';
import { changeLine, type DocumentFeed, DocumentFolder, type LoadReject, rejectsFile } from '@dms/loading';
import { reportLines, reportValue, type TranslationReport } from '@dms/translation';
import type { Context, PrintedOutcome } from '../declaring/operation.ts';
import { keepHeapSmall } from '../incremental-build/short-run.ts';
import type { TranslationDesign } from '../sources/translations.ts';
import {
  type EmptySource,
  emptyInput,
  type TranslatedInput,
  type TranslatingOptions,
  translateInput,
} from './translate-input.ts';

/** The outcome of a translation into a folder. */
export interface WrittenTranslation {
  readonly design: TranslationDesign;
  readonly report: TranslationReport;
  readonly diagnostics: readonly Diagnostic[];
  /** The first problems of documents. */
  readonly failures: readonly Diagnostic[];
  /** The number of further problems. */
  readonly hiddenProblems: number;
  readonly rejected: number;
  /** Rejects by code and place. */
  readonly causes: readonly { readonly code: string; readonly place: string; readonly documents: number }[];
  readonly isWritten: boolean;
}

/** Whether a source held no document, and no change of an increment. Rules may drop documents, and give some. */
const isNothing = ({ rejected, changes, translated }: TranslatedInput): boolean =>
  rejected === 0 && changes === null && translated.report.documents.read === 0;

/** Thrown to leave the folder unwritten. */
class NotWritten extends Error {
  readonly outcome: TranslatedInput;

  constructor(outcome: TranslatedInput) {
    super('documents were rejected');
    this.outcome = outcome;
  }
}

/** Collects problems of documents: the first ones, and the number of documents by cause. */
function findings() {
  const failures: Diagnostic[] = [];
  const diagnostics: Diagnostic[] = [];
  const counts = new Map<string, { code: string; place: string; documents: number }>();
  let all = 0;
  return {
    reject: ({ diagnostics: found }: LoadReject) => {
      all += found.length;
      append(failures, found.slice(0, Math.max(0, mostShown - failures.length)));
      for (const { code, details, where } of found) {
        const { resource = '', path = '' } = where;
        const own = details.place ?? (path.startsWith('$') ? `${resource}.${path}` : resource);
        const place = String(own).replace(/\[\d+\]/g, '[*]');
        const cause = counts.get(`${code} ${place}`) ?? { code, place, documents: 0 };
        counts.set(`${code} ${place}`, cause);
        cause.documents += 1;
      }
    },
    warn: (entry: Diagnostic) => append(diagnostics, [entry].slice(0, mostShown - diagnostics.length)),
    result: () => ({
      failures,
      diagnostics,
      hiddenProblems: all - failures.length,
      causes: [...counts.values()].sort((a, b) => b.documents - a.documents),
    }),
  };
}

export interface WritingOptions extends Pick<TranslatingOptions, 'schemas' | 'ignoreUnknown'> {
  readonly output: string;
  readonly keepIds?: boolean | undefined;
  readonly continue?: boolean | undefined;
  readonly rejects?: string | undefined;
  /** Whether a source may have no documents. */
  readonly allowEmpty?: boolean | undefined;
  /** The source, for the message that it is empty; `files` by default. */
  readonly source?: EmptySource | undefined;
  /** Whether a task of Nx asks, for the message about files without a document. */
  readonly isOfTask?: boolean | undefined;
  /** The folder that file names in the file of rejects are relative to; by default they are as given. */
  readonly relativeTo?: string | undefined;
}

/** A reject with files relative to a folder, so that it does not depend on the location of the folder. */
function relativeReject(reject: LoadReject, folder: string): LoadReject {
  const relative = (text: string) => text.replaceAll(`${folder}${path.sep}`, '');
  const relativeEntry = (entry: Diagnostic): Diagnostic => ({ ...entry, message: relative(entry.message) });
  const [first, ...others] = reject.diagnostics;
  const diagnostics = [relativeEntry(first), ...others.map(relativeEntry)] as const;
  return { ...reject, file: relative(reject.file).replaceAll(path.sep, '/'), diagnostics };
}

/**
 * Translates documents into a new folder that `load` reads. Without `continue` there is no folder if a document is
 * rejected. Throws the codes of `translateInput` and `DocumentFolder`, `OUTPUT_*` of the file of rejects.
 */
export async function writeTranslated(
  design: TranslationDesign,
  input: readonly string[] | DocumentFeed,
  options: WritingOptions,
  context: Context,
): Promise<WrittenTranslation> {
  keepHeapSmall();
  const { schemas, output, keepIds, continue: isContinued = false, ignoreUnknown, rejects, relativeTo } = options;
  const collected = findings();
  const file = rejectsFile(rejects, context.signal);
  const translating: TranslatingOptions = {
    schemas,
    ignoreUnknown,
    isContinued,
    onFiles: file.check,
    onDiagnostic: collected.warn,
    onReject: async (reject) => {
      collected.reject(reject);
      await file.add(relativeTo === undefined ? reject : relativeReject(reject, relativeTo));
    },
  };
  const isEmpty = (outcome: TranslatedInput) => !options.allowEmpty && isNothing(outcome);
  const write = (folder: DocumentFolder) =>
    translateInput(design, input, translating, context, async (outcome) => {
      if ((outcome.rejected > 0 && !isContinued) || isEmpty(outcome)) throw new NotWritten(outcome);
      const { translated, changes } = outcome;
      for (const resource of translated.counts.keys())
        for (const { uuid, document } of translated.documents(resource))
          await (keepIds ? folder.addIdentified(resource, uuid, document) : folder.add(resource, document));
      if (changes !== null) folder.beginChanges();
      for (const change of changes ?? []) await folder.addChange(changeLine(change));
      return { outcome, isWritten: true };
    });
  try {
    if (!Array.isArray(input)) await file.check([]);
    const { model } = design.after.mappingSet;
    const { outcome, isWritten } = await DocumentFolder.write(output, model, write).catch((error: unknown) => {
      if (error instanceof NotWritten) return { outcome: error.outcome, isWritten: false };
      throw error;
    });
    await file.end();
    const { diagnostics, failures, ...told } = collected.result();
    const { rejected, translated } = outcome;
    return {
      ...told,
      failures: isEmpty(outcome) ? [emptyInput(options.source, options.isOfTask ? 'task' : 'command')] : failures,
      design,
      report: translated.report,
      rejected,
      isWritten,
      diagnostics: [...design.notes, ...diagnostics],
    };
  } finally {
    await file.close();
  }
}

function writtenLine({ report, design, rejected, isWritten }: WrittenTranslation, folder: string): string {
  if (!isWritten) return `Nothing was written${rejected === 0 ? '.' : '; --continue writes the other documents.'}`;
  const written = [...report.resources].filter(([, each]) => each.written > 0);
  const descriptors = design.after.mappingSet.model.resources
    .filter(({ storageKind }) => storageKind === 'SharedDescriptorTable')
    .reduce((sum, { resourceKey }) => sum + (report.resources.get(resourceLabel(resourceKey))?.written ?? 0), 0);
  const documents = report.documents.written - descriptors;
  return `${counted(documents, 'document')} and ${counted(descriptors, 'descriptor')} of ${counted(written.length, 'resource')} written to ${folder}`;
}

/** The result of a translation, with its report. */
export const printedTranslation = (
  written: WrittenTranslation,
  options: Pick<WritingOptions, 'output' | 'rejects'>,
): PrintedOutcome => ({
  diagnostics: written.diagnostics,
  failures: written.failures,
  lines: () => writtenLines(written, options),
  value: () => writtenValue(written, options),
});

/** The result of a translation, for people. */
export function writtenLines(
  written: WrittenTranslation,
  { output, rejects }: Pick<WritingOptions, 'output' | 'rejects'>,
): string[] {
  const { design, report, rejected, causes, hiddenProblems } = written;
  const lines = design.hasRules ? [...reportLines(report, design.compiled), ''] : [];
  if (causes.length > 0) {
    const rows = causes.slice(0, mostExamples).map((each) => [`${each.code} ${each.place}`, String(each.documents)]);
    lines.push(...numberTable(['rejected because of', 'documents'], rows), '');
  }
  lines.push(writtenLine(written, output));
  if (rejected > 0)
    lines.push(
      rejects === undefined
        ? `${counted(rejected, 'document')} rejected; --rejects <file> writes them with their reasons.`
        : `${counted(rejected, 'document')} rejected and written to ${rejects}`,
    );
  if (hiddenProblems > 0) lines.push(`${counted(hiddenProblems, 'more problem is', 'more problems are')} not shown.`);
  return lines;
}

/** The result of a translation, for machines. */
export const writtenValue = (
  { report, rejected, hiddenProblems, causes, isWritten }: WrittenTranslation,
  { output }: Pick<WritingOptions, 'output'>,
) => ({
  output,
  isWritten,
  rejected,
  hiddenProblems,
  causes,
  ...reportValue(report),
});
