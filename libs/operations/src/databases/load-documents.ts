import { withKept } from '@dms/databases';
import { append, type Diagnostic, mostShown } from '@dms/diagnostics';
import type { DocumentSession } from '@dms/documents';
import {
  type DocumentFeed,
  type LoadOptions,
  type LoadProgress,
  type LoadReject,
  type LoadSummary,
  loadDocuments,
  RejectCauses,
  rejectsFile,
} from '@dms/loading';
import { differenceProblems, type OdsReading } from '@dms/ods';
import type { Context } from '../operation/context.ts';
import type { LoadedDatabase } from './loaded-report.ts';
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
      const shown = rejected.problems.slice(0, Math.min(shownOfDocument, mostShown - failures.length));
      append(failures, shown);
      hiddenProblems += rejected.problems.length - shown.length;
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
      append(found.failures, differenceProblems(comparison));
      return result(summary, feed.reading(), { copy, comparison });
    };
    return await withOdsFeed({ ...ods, isBulk }, context, plans.mappingSet.model, connection, copied);
  } finally {
    await file.close();
  }
}
