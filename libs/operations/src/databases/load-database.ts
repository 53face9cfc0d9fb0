import { access, constants, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { changing, withKept } from '@dms/databases';
import { append, counted, type Diagnostic, fail, type RowPlace } from '@dms/diagnostics';
import { forgetFolders, JsonNumber, type JsonValue, jsonText, makeFolder, outputError, waitForReader } from '@dms/files';
import {
  changeValue,
  type DocumentFeed,
  type LoadOptions,
  type LoadProgress,
  type LoadReject,
  type LoadSummary,
  loadDocuments,
  RejectCauses,
  type RejectSummary,
} from '@dms/loading';
import { differenceProblems, type OdsReading, type RowComparison } from '@dms/ods';
import { alignedLines } from './aligned-lines.ts';
import { type DocumentSession, type DocumentTaskOptions, withDocuments } from './document-database.ts';
import { type OdsFeed, type OdsSourceOptions, withOdsFeed } from './ods-source.ts';
import { readingLines, versionLines } from './read-ods.ts';
import type { DatabaseResult } from './with-database.ts';

export interface LoadDatabaseOptions
  extends DocumentTaskOptions,
    Pick<LoadOptions, 'onExisting' | 'isContinued' | 'ignoreUnknown'> {
  /** Files and folders; none with {@link fromOds}. */
  readonly paths: readonly string[];
  /** Reads the documents of an ODS instead (design 19 §10). */
  readonly fromOds?: OdsSourceOptions | undefined;
  /** Compares the reporting views of the database with the ODS afterwards, table by table. */
  readonly verify?: boolean | undefined;
  /** File for what was not loaded; once corrected it can be loaded itself. */
  readonly rejects?: string | undefined;
  /** Whether the JSON schemas of the resources may refuse documents (design 14 §1.1); true without it. */
  readonly schemaChecks?: boolean | undefined;
  /** Writes all documents in one transaction, into a server (design 14 §8). */
  readonly isBulk?: boolean | undefined;
  /** Connections; two by default, one with the embedded engine. */
  readonly jobs?: number | undefined;
  readonly onDocuments?: ((progress: LoadProgress) => void) | undefined;
}

export interface LoadedDatabase extends DatabaseResult, LoadSummary {
  /** What is wrong with the documents that were not loaded, the first of them. */
  readonly problems: readonly Diagnostic[];
  /** How many more there are. */
  readonly hiddenProblems: number;
  readonly rejectSummary: RejectSummary;
  readonly seconds: number;
  /** Documents were written in one transaction. */
  readonly isBulk: boolean;
  /** What was read of an ODS; null for files, and if loading ended before. */
  readonly reading: Omit<OdsReading, 'diagnostics'> | null;
  /** What a comparison with the ODS has seen; null without one. */
  readonly comparison: RowComparison | null;
}

/** The largest number of problems that are reported, in all and for one document; the file of rejects has all. */
const shownProblems = 100;
const shownOfDocument = 5;

type Members = readonly (readonly [string, JsonValue])[];

const inFile = (file: string, line: number): Members => [
  ['file', file],
  ['line', new JsonNumber(String(line))],
];

const ofRow = ({ table, key }: RowPlace): Members => [
  ['table', table],
  ['key', new Map(Object.entries(key))],
];

/** One line of the file of rejects: what `load` reads, and why it was not loaded. */
function rejectLine({ file, line, row, resource, problems, document, uuid, record, change }: LoadReject): string {
  const told = problems.map(({ code, message, where: { path } }) => {
    return new Map([['code', code], ...(path === undefined ? [] : [['path', path] as const]), ['message', message]] as const);
  });
  // members of an earlier file of rejects are replaced
  const ofRecord = record && [...record].filter(([name]) => !['file', 'line', 'table', 'key', 'problems'].includes(name));
  const ofDocument: Members = [
    ['resource', resource],
    ...(uuid === null ? [] : [['uuid', uuid] as const]),
    ['document', document],
  ];
  return `${jsonText(
    new Map<string, JsonValue>([
      ...(ofRecord ?? (change === undefined ? ofDocument : ([['change', changeValue(change)]] as const))),
      ...(row === undefined ? inFile(file, line) : ofRow(row)),
      ['problems', told],
    ]),
  )}\n`;
}

/** What exists at a place, in any spelling; undefined where nothing does. */
async function identityOf(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found && `${found.dev}:${found.ino}`;
}

/** Appends lines to a new file, which is created with the first line. */
function rejectsFile(file: string | undefined, signal: AbortSignal | undefined) {
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  let made: readonly string[] = [];
  return {
    /** Checked before anything is loaded: the file can be written, and is not one of the inputs. */
    check: async (inputs: readonly string[]) => {
      if (file === undefined) return;
      const own = await identityOf(file);
      if (own === undefined) made = await makeFolder(path.dirname(file));
      else if ((await stat(file)).isFIFO()) await waitForReader(file, signal);
      try {
        await access(own === undefined ? path.dirname(file) : file, constants.W_OK);
      } catch (error) {
        throw outputError(error, file);
      }
      if (own === undefined) return;
      for (const input of inputs) {
        if ((await identityOf(input)) !== own) continue;
        const text = `${file} is an input of this run, which would be lost; choose another file for the rejects.`;
        fail('OUTPUT_FAILED', text, { file }, { path: file, cause: 'an input' });
      }
    },
    add: async (reject: LoadReject) => {
      if (file === undefined) return;
      try {
        handle ??= await open(file, 'w');
        await handle.appendFile(rejectLine(reject));
      } catch (error) {
        throw outputError(error, file);
      }
    },
    close: async () => {
      if (handle) await handle.close();
      else forgetFolders(made);
    },
  };
}

/** A warning about a document of no file says so. */
function withoutFile(entry: Diagnostic): Diagnostic {
  const { file, line: _line, ...where } = entry.where;
  return file === '' ? { ...entry, where } : entry;
}

/**
 * `dms-ddl load`: loads documents and descriptors of files and folders, or of an ODS, into a database (design 14 §4, 19 §10). Throws the
 * codes of `withDocuments`, `withOdsFeed` and `loadDocuments`, `OUTPUT_*` of the file of rejects; what is wrong with documents is in the
 * result.
 */
export function loadDatabase(options: LoadDatabaseOptions): Promise<LoadedDatabase> {
  const { paths, fromOds, rejects, jobs = 2, isContinued, ignoreUnknown, onDocuments: onProgress, signal } = options;
  const { schemaChecks: withSchemas = true, isBulk = false, verify = false } = options;
  // what an earlier run has loaded is there already; what has changed since a version replaces it
  const { onExisting = fromOds === undefined || fromOds.since !== undefined ? undefined : 'skip' } = options;
  const load = async (session: DocumentSession): Promise<LoadedDatabase> => {
    const { plans, schemas, connection, warnings, more, forCopies } = session;
    const start = performance.now();
    const problems: Diagnostic[] = [];
    const diagnostics: Diagnostic[] = [...warnings];
    const causes = new RejectCauses(plans);
    let hiddenProblems = 0;
    const file = rejectsFile(rejects, signal);
    try {
      const connections = [connection, ...(isBulk ? [] : await more(jobs - 1))] as const;
      const bulk = isBulk ? await forCopies() : undefined;
      const written = (input: readonly string[] | DocumentFeed) =>
        loadDocuments(connections, plans, input, {
          ...{ onExisting, isContinued, ignoreUnknown, onProgress, signal },
          schemas: schemas ?? undefined,
          bulk,
          onFiles: file.check,
          onReject: async (reject) => {
            const shown = reject.problems.slice(0, Math.min(shownOfDocument, shownProblems - problems.length));
            append(problems, shown);
            hiddenProblems += reject.problems.length - shown.length;
            causes.add(reject);
            await file.add(reject);
          },
          onDiagnostic: (entry) => {
            if (diagnostics.length < shownProblems) diagnostics.push(withoutFile(entry));
          },
        });
      const result = (summary: LoadSummary, read: OdsReading | null, comparison: RowComparison | null): LoadedDatabase => {
        const told = { problems, hiddenProblems, rejectSummary: causes.summary() };
        const seconds = (performance.now() - start) / 1000;
        if (read === null) return { ...summary, isBulk, ...told, diagnostics, seconds, reading: null, comparison };
        const { diagnostics: notes, ...reading } = read;
        return { ...summary, isBulk, ...told, diagnostics: [...diagnostics, ...notes], seconds, reading, comparison };
      };
      if (fromOds === undefined) return result(await written(paths), null, null);
      const compared = async (summary: LoadSummary, feed: OdsFeed): Promise<LoadedDatabase> => {
        if (!verify || summary.isStopped) return result(summary, feed.reading(), null);
        const onTable = (table: string) => options.onProgress?.(`compare ${table}`);
        const comparison = await feed.compare(connection, onTable).catch((error: unknown) => {
          throw withKept(error, 'The documents are loaded. Run it again to compare them.');
        });
        append(problems, differenceProblems(comparison));
        return result(summary, feed.reading(), comparison);
      };
      const source = { ...fromOds, source: options.source, signal, onProgress: options.onProgress };
      return await withOdsFeed(source, plans.mappingSet.model, async (feed) => compared(await written(feed), feed));
    } finally {
      await file.close();
    }
  };
  return withDocuments({ ...options, withSchemas, isWriting: true }, (session) => changing(() => load(session)));
}

/** {@link loadedValue}. */
export type LoadedValue = Pick<LoadedDatabase, 'resources' | 'total' | 'isStopped' | 'hiddenProblems' | 'comparison'> &
  RejectSummary & {
    readonly changes: LoadedDatabase['changes'] | undefined;
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
  const { reading, comparison } = loaded;
  return {
    ...{ resources, total, isStopped, hiddenProblems, ...rejectSummary, changes },
    reading: reading && { ...reading, lastVersion: reading.lastVersion?.toString() ?? null },
    comparison,
  };
}

const columns = ['inserted', 'replaced', 'unchanged', 'skipped', 'rejected'] as const;

/** A table of what became of the documents, resource by resource. */
export function loadedLines(loaded: LoadedDatabase): string[] {
  const { resources, total, isStopped, isBulk, seconds, hiddenProblems, rejectSummary, reading, comparison, changes } = loaded;
  const rows = [
    ['resource', ...columns],
    ...resources.map((counts) => [counts.resource, ...columns.map((name) => String(counts[name]))]),
    ['total', ...columns.map((name) => String(total[name]))],
  ];
  const lines = [...(reading === null ? [] : [...readingLines(reading), '']), ...alignedLines(rows)];
  const written = total.inserted + total.replaced;
  const rate = seconds > 0 ? Math.round(written / seconds) : written;
  lines.push(`${counted(written, 'document')} written in ${seconds.toFixed(1)} s, ${rate} per second`);
  if (changes !== undefined) {
    const { recorded, keysChanged, deleted } = changes;
    const what = counted(recorded, 'recorded delete or changed key', 'recorded deletes and changed keys');
    lines.push(`${what}: ${counted(keysChanged, 'key')} changed, ${counted(deleted, 'document')} deleted`);
  }
  if (reading !== null) append(lines, versionLines(reading));
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
  if (hiddenProblems > 0)
    lines.push(
      `${counted(hiddenProblems, 'more problem is', 'more problems are')} not shown; --rejects <file> writes all of them.`,
    );
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
