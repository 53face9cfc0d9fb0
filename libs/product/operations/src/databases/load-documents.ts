import { type DatabaseResult, withKept } from '@dms/databases';
import { append, counted, type Diagnostic, mostShown, numberTable } from '@dms/diagnostics';
import type { DocumentSession } from '@dms/documents';
import {
  type DocumentFeed,
  type LoadOptions,
  type LoadProgress,
  type LoadReject,
  type LoadSummary,
  loadDocuments,
  RejectCauses,
  type RejectSummary,
  rejectsFile,
} from '@dms/loading';
import {
  type CopyVersion,
  copyLines,
  differenceDiagnostics,
  type OdsReading,
  type RowComparison,
  readingLines,
} from '@dms/ods';
import type { Context } from '../operation/operation.ts';
import { type OdsFeed, type OdsFeedOptions, withOdsFeed } from './ods-source.ts';

/** What is loaded, and how. */
export interface Loading extends Pick<LoadOptions, 'onExisting' | 'isContinued' | 'ignoreUnknown'> {
  /** Files and folders; none with an ODS. */
  readonly paths: readonly string[];
  /** Reads the documents of an ODS instead (design 19 §10). */
  readonly ods: Omit<OdsFeedOptions, 'isBulk'> | undefined;
  /** Compares the reporting views of the database with the ODS afterwards, table by table. */
  readonly verify: boolean;
  /** File for what was not loaded; once corrected it can be loaded itself. */
  readonly rejects: string | undefined;
  /** Writes all documents in one transaction, into a server (design 14 §8). */
  readonly isBulk: boolean;
  /** Connections; one with the embedded engine. */
  readonly jobs: number;
  readonly onDocuments: (progress: LoadProgress) => void;
}

/** The largest number of problems of one document that are reported; the file of rejects has all. */
const shownOfDocument = 5;

/** A warning about a document of no file says so. */
function withoutFile(entry: Diagnostic): Diagnostic {
  const { file, line: _line, ...where } = entry.where;
  return file === '' ? { ...entry, where } : entry;
}

/** Collects what is wrong with documents: the first problems, their number, and their causes. */
function findings({ plans, warnings }: DocumentSession) {
  const failures: Diagnostic[] = [];
  const diagnostics: Diagnostic[] = [...warnings];
  const causes = new RejectCauses(plans);
  let hiddenProblems = 0;
  return {
    failures,
    reject(rejected: LoadReject) {
      const shown = rejected.diagnostics.slice(0, Math.min(shownOfDocument, mostShown - failures.length));
      append(failures, shown);
      hiddenProblems += rejected.diagnostics.length - shown.length;
      causes.add(rejected);
    },
    warn(entry: Diagnostic) {
      if (diagnostics.length < mostShown) diagnostics.push(withoutFile(entry));
    },
    result: () => ({ failures, hiddenProblems, rejectSummary: causes.summary(), diagnostics }),
  };
}

/**
 * Loads documents into a database that is open (design 14 §4, 19 §10). Throws the codes of `withOdsFeed` and
 * `loadDocuments`, `OUTPUT_*` of the file of rejects; what is wrong with documents is in the result.
 */
export async function loadWith(session: DocumentSession, loading: Loading, context: Context): Promise<LoadedDatabase> {
  const { plans, schemas, connection, more, forCopies } = session;
  const { paths, ods, verify, rejects, isBulk, jobs, onDocuments: onProgress, ...options } = loading;
  const { signal } = context;
  const start = performance.now();
  const found = findings(session);
  const file = rejectsFile(rejects, signal);
  try {
    const connections = [connection, ...(isBulk ? [] : await more(jobs - 1))] as const;
    const bulk = isBulk ? await forCopies() : undefined;
    const written = (input: readonly string[] | DocumentFeed) =>
      loadDocuments(connections, plans, input, {
        ...options,
        onProgress,
        signal,
        bulk,
        schemas: schemas ?? undefined,
        onFiles: file.check,
        onReject: async (rejected) => {
          found.reject(rejected);
          await file.add(rejected);
        },
        onDiagnostic: found.warn,
      });
    const result = (
      summary: LoadSummary,
      read: OdsReading | null,
      ofOds: Pick<LoadedDatabase, 'copy' | 'comparison'>,
    ): LoadedDatabase => {
      const { diagnostics, ...told } = found.result();
      const all = { ...summary, isBulk, ...told, ...ofOds, seconds: (performance.now() - start) / 1000 };
      if (read === null) return { ...all, diagnostics, reading: null };
      const { diagnostics: notes, ...reading } = read;
      return { ...all, diagnostics: [...diagnostics, ...notes], reading };
    };
    if (ods === undefined) return result(await written(paths), null, { copy: null, comparison: null });
    const copied = async (feed: OdsFeed): Promise<LoadedDatabase> => {
      for (const warning of await feed.copy.begin(feed.lastVersion)) found.warn(warning);
      const summary = await written(feed);
      const copy = await feed.copy.end(feed.lastVersion, {
        isStopped: summary.isStopped,
        rejected: summary.total.rejected,
      });
      if (!verify || summary.isStopped) return result(summary, feed.reading(), { copy, comparison: null });
      const onTable = (table: string) => context.onProgress?.(`compare ${table}`);
      const comparison = await feed.compare(onTable).catch((error: unknown) => {
        throw withKept(error, 'The documents are loaded. Run it again to compare them.');
      });
      append(found.failures, differenceDiagnostics(comparison));
      return result(summary, feed.reading(), { copy, comparison });
    };
    return await withOdsFeed({ ...ods, isBulk }, context, plans.mappingSet.model, connection, copied);
  } finally {
    await file.close();
  }
}

interface LoadedDatabase extends DatabaseResult, LoadSummary {
  /** What is wrong with the documents that were not loaded, the first of them. */
  readonly failures: readonly Diagnostic[];
  /** How many more there are. */
  readonly hiddenProblems: number;
  readonly rejectSummary: RejectSummary;
  readonly seconds: number;
  /** Documents were written in one transaction. */
  readonly isBulk: boolean;
  /** What was read of an ODS; null for files, and if loading ended before. */
  readonly reading: Omit<OdsReading, 'diagnostics'> | null;
  /** The versions of a load from an ODS; null for files. */
  readonly copy: CopyVersion | null;
  /** What a comparison with the ODS has seen; null without one. */
  readonly comparison: RowComparison | null;
}

/** One word or a few for how the load of a database ended. */
export function loadOutcome({ total, isStopped, comparison, changes }: LoadedDatabase): string {
  if (isStopped) return 'stopped';
  if (total.rejected > 0) return 'loaded in part';
  if (comparison !== null && comparison.differences.length > 0) return 'differs from the ODS';
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

/** {@link loadedValue}. */
type LoadedValue = Pick<LoadedDatabase, 'resources' | 'total' | 'isStopped' | 'hiddenProblems' | 'comparison'> &
  RejectSummary & {
    readonly changes: LoadedDatabase['changes'] | undefined;
    readonly mergedKeys: number;
    readonly reading:
      | (Omit<NonNullable<LoadedDatabase['reading']>, 'lastVersion'> & { readonly lastVersion: string | null })
      | null;
  };

/** What became of the documents, for machines. */
export function loadedValue({
  resources,
  total,
  isStopped,
  hiddenProblems,
  rejectSummary,
  changes,
  ...loaded
}: LoadedDatabase): LoadedValue {
  const { reading, copy, comparison, mergedKeys = 0 } = loaded;
  return {
    resources,
    total,
    isStopped,
    hiddenProblems,
    ...rejectSummary,
    changes,
    mergedKeys,
    // from where the next increment goes on, whatever this run has read
    reading: reading && { ...reading, lastVersion: copy?.kept?.toString() ?? null },
    comparison,
  };
}

const columns = ['inserted', 'replaced', 'unchanged', 'skipped', 'rejected'] as const;

/** A table of what became of the documents, resource by resource; `rejects` is the file that got those not loaded. */
export function loadedLines(loaded: LoadedDatabase, rejects?: string): string[] {
  const { resources, total, isStopped, isBulk, seconds, hiddenProblems, rejectSummary } = loaded;
  const { reading, copy, comparison, changes, mergedKeys } = loaded;
  const rows = [
    ...resources.map((counts) => [counts.resource, ...columns.map((name) => String(counts[name]))]),
    ['total', ...columns.map((name) => String(total[name]))],
  ];
  const lines = [
    ...(reading === null ? [] : [...readingLines(reading), '']),
    ...numberTable(['resource', ...columns], rows),
  ];
  const written = total.inserted + total.replaced;
  // nobody compares speeds below one document a second
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
  if (isStopped) {
    const what = isBulk
      ? 'No document was loaded, because one was rejected'
      : 'Ended at the first document that was not loaded';
    const left = isBulk || written === 0 ? '' : ', with --on-existing skip to leave what was written';
    lines.push(`${what}; --continue loads the others${left}.`);
  }
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
