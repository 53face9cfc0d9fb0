import type { DatabaseResult } from '@dms/databases';
import { append, counted, type Diagnostic, mostShown, numberTable } from '@dms/diagnostics';
import type { DocumentSession } from '@dms/documents';
import {
  type DocumentComparison,
  type DocumentFeed,
  DocumentsInDatabase,
  type LoadDocumentsOptions,
  type LoadProgress,
  type LoadReject,
  type LoadSummary,
  loadDocuments,
  RejectCauses,
  type RejectSummary,
  rejectsFile,
} from '@dms/loading';
import { type CopyVersion, copyLines, type OdsReading, type RowComparison, readingLines } from '@dms/ods';
import { reportLines, reportValue, type TranslationReport } from '@dms/translation';
import { compareBy } from '@dms/values';
import type { Context } from '../declaring/operation.ts';
import type { TranslationDesign } from '../sources/translations.ts';
import {
  type EmptySource,
  emptyInput,
  placedDiagnostic,
  placedReject,
  type TranslatedInput,
  translatedFeed,
  translateInput,
} from '../translated-files/translate-input.ts';

/** The input and the options of a load. */
export interface Loading extends Pick<LoadDocumentsOptions, 'onExisting' | 'isContinued' | 'ignoreUnknown'> {
  readonly origin: LoadOrigin;
  /** Translates the documents for the schemas of the database (design 20 §6). */
  readonly translation?: TranslationDesign | undefined;
  /**
   * Compares after loading: the reporting views of the database with the ODS, table by table; or, after a translation,
   * each stored document with the translated one.
   */
  readonly verify: boolean;
  /** File for the rejected documents; it can be loaded once it is corrected. */
  readonly rejects: string | undefined;
  /** Writes all documents in one transaction; servers only (design 14a §3). */
  readonly isBulk: boolean;
  /** Number of connections; one with the embedded engine. */
  readonly jobs: number;
  readonly onDocuments: (progress: LoadProgress) => void;
  /** Whether a source may be empty. */
  readonly allowEmpty?: boolean | undefined;
}

/** A source of documents: passes them to a load, and completes its result. */
export type LoadOrigin = (load: LoadUnderWay, context: Context) => Promise<LoadedDatabase>;

/** A load into an open database, as its origin sees it. */
export interface LoadUnderWay extends Pick<Loading, 'translation' | 'verify' | 'isBulk'> {
  readonly session: DocumentSession;
  warn(entry: Diagnostic): void;
  /** Adds errors to the result. */
  report(errors: readonly Diagnostic[]): void;
  /** Writes the documents of files or of a feed. If there are none, it reports `source`, unless it may be empty. */
  write(input: readonly string[] | DocumentFeed, source: EmptySource | undefined): Promise<LoadSummary>;
  /** The result of a load; an ODS adds its facts. */
  result(summary: LoadSummary): LoadedDatabase;
}

/** Removes the place from a diagnostic about a document that is in no file. */
export function withoutFile(entry: Diagnostic): Diagnostic {
  const { file, line: _line, ...where } = entry.where;
  return file === '' ? { ...entry, where } : entry;
}

/**
 * Loads documents into a database that is open (design 14a §1, 19a). Throws the codes of the origin and
 * `loadDocuments`, `OUTPUT_*` of the file of rejects; problems of documents are in the result.
 */
export async function loadWith(session: DocumentSession, loading: Loading, context: Context): Promise<LoadedDatabase> {
  const { plans, schemas, connection, more, forCopies } = session;
  const { origin, translation, verify, rejects, isBulk, jobs, ...rest } = loading;
  const { onDocuments: onProgress, allowEmpty = false, ...options } = rest;
  const { signal } = context;
  const start = performance.now();
  const collected = findings(session);
  const file = rejectsFile(rejects, signal);
  try {
    const connections = [connection, ...(isBulk ? [] : await more(jobs - 1))] as const;
    const bulk = isBulk ? await forCopies() : undefined;
    const reject = async (rejected: LoadReject) => {
      collected.reject(rejected);
      await file.add(rejected);
    };
    const writing = { onProgress, signal, bulk };
    const ofTranslation: { report: TranslationReport | null; documents: DocumentComparison | null } = {
      report: null,
      documents: null,
    };
    const write = async (input: readonly string[] | DocumentFeed): Promise<LoadSummary> => {
      if (translation === undefined)
        return loadDocuments(connections, plans, input, {
          ...options,
          ...writing,
          schemas: schemas ?? undefined,
          onFiles: file.check,
          onReject: reject,
          onDiagnostic: collected.warn,
        });
      for (const note of translation.notes) collected.warn(note);
      const counts = new Map<string, number>();
      const told = async (rejected: LoadReject) => {
        const name = rejected.resource ?? rejected.row?.table ?? rejected.file;
        counts.set(name, (counts.get(name) ?? 0) + 1);
        await reject(rejected);
      };
      const { ignoreUnknown, isContinued } = options;
      const translating = {
        schemas,
        ignoreUnknown,
        isContinued,
        onFiles: file.check,
        onDiagnostic: collected.warn,
        onReject: told,
      };
      return translateInput(translation, input, translating, context, async ({ translated, rejected }) => {
        ofTranslation.report = translated.report;
        if (rejected > 0 && isContinued !== true) return withRejects(noDocuments, counts);
        const { ignoreUnknown: _, ...more } = options;
        const summary = await loadDocuments(connections, plans, translatedFeed(translated, plans.mappingSet), {
          ...more,
          ...writing,
          // the documents were checked when they were translated
          schemas: undefined,
          onReject: (each) => reject(placedReject(each, translated)),
          onDiagnostic: (each) => collected.warn(placedDiagnostic(each, translated)),
        });
        if (verify && !summary.isStopped) ofTranslation.documents = await compared(translated);
        return withRejects(summary, counts);
      });
    };
    const written: LoadUnderWay['write'] = async (input, source) => {
      const summary = await write(input);
      await file.end();
      if (!allowEmpty && source !== undefined && isNothing(summary, ofTranslation.report, source === 'ods'))
        collected.report([emptyInput(source)]);
      return summary;
    };
    const compared = async (translated: TranslatedInput['translated']): Promise<DocumentComparison> => {
      const comparison = new DocumentsInDatabase(connection, plans);
      for (const resource of translated.counts.keys()) {
        context.onProgress?.(`compare ${resource}`);
        await comparison.compare(resource, translated.documents(resource));
      }
      const result = comparison.result();
      collected.report(result.differences);
      return result;
    };
    const result = (summary: LoadSummary): LoadedDatabase => {
      const seconds = (performance.now() - start) / 1000;
      const { report, documents } = ofTranslation;
      const translated = report && translation ? { report, design: translation } : null;
      const ofNoOds = { copy: null, comparison: null, reading: null };
      return { ...summary, isBulk, ...collected.result(), ...ofNoOds, translated, documents, seconds };
    };
    const { warn, report } = collected;
    return await origin({ session, translation, verify, isBulk, warn, report, write: written, result }, context);
  } finally {
    await file.close();
  }
}

/** The maximum number of reported problems of one document; the file of rejects has all. */
const shownOfDocument = 5;

/** Collects problems of documents: the first ones, their number, and their causes. */
function findings({ plans, warnings, notes }: DocumentSession) {
  const failures: Diagnostic[] = [];
  const diagnostics: Diagnostic[] = [...warnings];
  const causes = new RejectCauses(plans);
  let hiddenProblems = 0;
  return {
    reject(rejected: LoadReject) {
      const shown = rejected.diagnostics.slice(0, Math.min(shownOfDocument, mostShown - failures.length));
      append(failures, shown);
      hiddenProblems += rejected.diagnostics.length - shown.length;
      causes.add(rejected);
    },
    warn(entry: Diagnostic) {
      if (diagnostics.length < mostShown) diagnostics.push(withoutFile(entry));
    },
    report: (errors: readonly Diagnostic[]) => append(failures, errors),
    result: () => ({
      failures,
      hiddenProblems,
      rejectSummary: causes.summary(),
      diagnostics: [...diagnostics, ...notes],
    }),
  };
}

/** Adds the documents that were rejected before loading to a summary. */
function withRejects(summary: LoadSummary, counts: ReadonlyMap<string, number>): LoadSummary {
  const resources = new Map(summary.resources.map((each) => [each.resource, each]));
  let rejected = 0;
  for (const [resource, count] of counts) {
    const own = resources.get(resource) ?? { ...noDocuments.total, resource };
    resources.set(resource, { ...own, rejected: own.rejected + count });
    rejected += count;
  }
  return {
    ...summary,
    resources: [...resources.values()].sort(compareBy(({ resource }) => resource)),
    total: { ...summary.total, rejected: summary.total.rejected + rejected },
  };
}

const noDocuments: LoadSummary = {
  resources: [],
  total: { inserted: 0, replaced: 0, unchanged: 0, skipped: 0, rejected: 0 },
  isStopped: true,
};

/**
 * Whether no document was read, and no change of an increment. With a translation `total` counts what it gives.
 *
 * @param isWhole whether the source is read as a whole: it then has changes only if it continues an earlier copy
 */
const isNothing = ({ total, changes }: LoadSummary, report: TranslationReport | null, isWhole: boolean): boolean =>
  (changes === undefined || (isWhole && changes.recorded === 0)) &&
  (report === null ? Object.values(total).every((count) => count === 0) : report.documents.read + total.rejected === 0);

export interface LoadedDatabase extends DatabaseResult, LoadSummary {
  /** The first problems of documents that were not loaded. */
  readonly failures: readonly Diagnostic[];
  /** The number of further problems. */
  readonly hiddenProblems: number;
  readonly rejectSummary: RejectSummary;
  readonly seconds: number;
  /** Whether the documents were written in one transaction. */
  readonly isBulk: boolean;
  /** Statistics of reading an ODS; null for files, and if loading ended early. */
  readonly reading: OdsReading | null;
  /** The versions of a load from an ODS; null for files. */
  readonly copy: CopyVersion | null;
  /** The result of the comparison with the ODS; null without one. */
  readonly comparison: RowComparison | null;
  /** The result of the translation; null without one. */
  readonly translated: { readonly report: TranslationReport; readonly design: TranslationDesign } | null;
  /** The result of the comparison with the translated documents; null without one. */
  readonly documents: DocumentComparison | null;
}

/** The outcome of loading a database, in a few words. */
export function loadOutcome({ total, isStopped, comparison, documents, changes }: LoadedDatabase): string {
  if (isStopped) return 'stopped';
  if (total.rejected > 0) return 'loaded in part';
  if (comparison !== null && comparison.differences.length > 0) return 'differs from the ODS';
  if (documents !== null && documents.different > 0) return 'differs';
  const changed = changes === undefined ? 0 : changes.keysChanged + changes.deleted;
  return total.inserted + total.replaced + changed > 0 ? 'loaded' : 'unchanged';
}

export function loadDetail({ total, isStopped, comparison, changes, copy }: LoadedDatabase, verify: boolean): string {
  const different = comparison === null ? 0 : comparison.differences.length;
  const verified =
    comparison === null ? 'not verified' : `verified (${counted(comparison.tables, 'table')}, ${different} different)`;
  return [
    `${counted(total.inserted + total.replaced, 'document')} written`,
    ...(changes === undefined
      ? []
      : [`${counted(changes.keysChanged, 'key')} changed`, `${counted(changes.deleted, 'document')} deleted`]),
    `${total.rejected} rejected`,
    ...(verify ? [verified] : []),
    ...(isStopped || copy === null || copy.kept === null ? [] : [`version ${copy.kept}`]),
  ].join('; ');
}

/** The value that {@link loadedValue} returns. */
export type LoadedValue = Pick<
  LoadedDatabase,
  'resources' | 'total' | 'isStopped' | 'hiddenProblems' | 'comparison'
> & {
  readonly translation: ReturnType<typeof reportValue> | null;
  readonly documents: Omit<DocumentComparison, 'differences'> | null;
} & RejectSummary & {
    readonly changes: LoadedDatabase['changes'] | undefined;
    readonly mergedKeys: number;
    readonly reading: ReturnType<typeof readingOfLoad> | null;
  };

/** What was read of an ODS. Its version is that from which the next increment continues, whatever this run has read. */
const readingOfLoad = ({ diagnostics: _, ...reading }: OdsReading, copy: CopyVersion | null) => ({
  ...reading,
  lastVersion: copy?.kept?.toString() ?? null,
});

/** The result of a load, for machines. */
export function loadedValue({
  resources,
  total,
  isStopped,
  hiddenProblems,
  rejectSummary,
  changes,
  ...loaded
}: LoadedDatabase): LoadedValue {
  const { reading, copy, comparison, translated, documents, mergedKeys = 0 } = loaded;
  return {
    resources,
    total,
    isStopped,
    hiddenProblems,
    ...rejectSummary,
    changes,
    mergedKeys,
    reading: reading && readingOfLoad(reading, copy),
    comparison,
    translation: translated && reportValue(translated.report),
    documents: documents && { documents: documents.documents, different: documents.different },
  };
}

const columns = ['inserted', 'replaced', 'unchanged', 'skipped', 'rejected'] as const;

/** A table of the loaded documents by resource; `rejects` is the file of the documents that were not loaded. */
export function loadedLines(loaded: LoadedDatabase, rejects?: string): string[] {
  const { resources, total, isStopped, isBulk, seconds, hiddenProblems, rejectSummary } = loaded;
  const { reading, copy, comparison, changes, mergedKeys, translated, documents } = loaded;
  const rows = [
    ...resources.map((counts) => [counts.resource, ...columns.map((name) => String(counts[name]))]),
    ['total', ...columns.map((name) => String(total[name]))],
  ];
  const lines = [
    ...(reading === null ? [] : [...readingLines(reading), '']),
    ...(translated?.design.hasRules ? [...reportLines(translated.report, translated.design.compiled), ''] : []),
    ...numberTable(['resource', ...columns], rows),
  ];
  const written = total.inserted + total.replaced;
  // a rate below one document per second is not shown
  const rate =
    written > 0 && written >= seconds ? `, ${Math.round(written / Math.max(seconds, 0.001))} per second` : '';
  lines.push(`${counted(written, 'document')} written in ${seconds.toFixed(1)} s${rate}`);
  if (mergedKeys !== undefined) {
    const what = counted(mergedKeys, 'key of the input is', 'keys of the input are');
    lines.push(`${what} one with another key, in other letters or white space; each is named once.`);
  }
  if (changes !== undefined && (changes.recorded > 0 || copy?.since !== null)) {
    const { recorded, keysChanged, rewritten, deleted } = changes;
    const what = counted(recorded, 'recorded delete or changed key', 'recorded deletes and changed keys');
    const anew = rewritten === 0 ? '' : ` (with ${counted(rewritten, 'document')} that repeat them)`;
    lines.push(`${what}: ${counted(keysChanged, 'key')} changed${anew}, ${counted(deleted, 'document')} deleted`);
  }
  if (copy !== null) append(lines, copyLines(copy, { isStopped, rejected: total.rejected }));
  if (comparison !== null) {
    const { tables, rows, differences } = comparison;
    const end = differences.length === 0 ? 'all equal' : `${counted(differences.length, 'table')} different`;
    lines.push(`Compared with the ODS: ${counted(tables, 'table')} with ${counted(rows, 'row')}, ${end}`);
  }
  if (documents !== null) {
    const end = documents.different === 0 ? 'all equal' : `${counted(documents.different, 'document')} different`;
    lines.push(`Compared with what was read: ${counted(documents.documents, 'document')}, ${end}`);
  }
  if (isStopped) {
    const what = isBulk
      ? 'No document was loaded, because one was rejected'
      : 'Ended at the first document that was not loaded';
    const left = isBulk || written === 0 ? '' : ', with --on-existing skip to leave what was written';
    lines.push(`${what}; --continue loads the others${left}.`);
  }
  if (rejectSummary.causes.some(({ code }) => code === 'DOCUMENT_EXISTS'))
    lines.push(
      '--on-existing replace overwrites documents that already exist; --on-existing skip leaves them as they are.',
    );
  if (total.rejected > 1) append(lines, causeLines(rejectSummary));
  if (hiddenProblems > 0) {
    const more = counted(hiddenProblems, 'more problem is', 'more problems are');
    lines.push(
      `${more} not shown; ${rejects === undefined ? '--rejects <file> writes all of them' : `all are in ${rejects}`}.`,
    );
  }
  if (total.rejected > 0 && rejects !== undefined) lines.push(`Rejected documents written to ${rejects}`);
  return lines;
}

/** Rejected documents by cause. */
function causeLines({ causes, others }: RejectSummary): string[] {
  const counts = [...causes.map(({ documents }) => documents), others];
  const width = Math.max(...counts.map((count) => String(count).length)) + 2;
  const line = (count: number, text: string) => `${String(count).padStart(width)}  ${text}`;
  return [
    'Rejected documents by cause:',
    ...causes.map(({ documents, text }) => line(documents, text)),
    ...(others > 0 ? [line(others, 'other causes')] : []),
  ];
}
