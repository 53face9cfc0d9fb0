import { access, constants, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { type LoadOptions, type LoadProgress, type LoadReject, type LoadSummary, loadDocuments } from '@dms/bulk';
import {
  forgetFolders,
  JsonNumber,
  type JsonValue,
  jsonText,
  makeFolder,
  outputError,
  waitForReader,
} from '@dms/canonical-json';
import { isFailure } from '@dms/databases';
import { type Diagnostic, DmsError, fail } from '@dms/diagnostics';
import { type DocumentTaskOptions, withDocuments } from './document-database.ts';
import type { DatabaseResult } from './with-database.ts';

export interface LoadDatabaseOptions
  extends DocumentTaskOptions,
    Pick<LoadOptions, 'onExisting' | 'isContinued' | 'ignoreUnknown'> {
  readonly paths: readonly string[];
  /** File for what was not loaded; it can be loaded itself when it is corrected. */
  readonly rejects?: string | undefined;
  /** Whether the JSON schemas of the resources may refuse documents (design 14 §1.1); true without it. */
  readonly schemaChecks?: boolean | undefined;
  /** Copies all documents in one transaction, into a PostgreSQL server (design 14 §8). */
  readonly isBulk?: boolean | undefined;
  /** Connections; two unless said otherwise, one with the embedded engine. */
  readonly jobs?: number | undefined;
  readonly onDocuments?: ((progress: LoadProgress) => void) | undefined;
}

export interface LoadedDatabase extends DatabaseResult, LoadSummary {
  /** What is wrong with the documents that were not loaded, the first of them. */
  readonly problems: readonly Diagnostic[];
  readonly seconds: number;
  /** Documents were copied in one transaction. */
  readonly isBulk: boolean;
}

/** Most problems that are told; the file of rejects has all. */
const shownProblems = 100;

/** One line of the file of rejects: what `load` reads, and why it was not loaded. */
function rejectLine({ file, line, resource, problems, document, uuid }: LoadReject): string {
  const told = problems.map(({ code, message, where: { path } }) => {
    return new Map([['code', code], ...(path === undefined ? [] : [['path', path] as const]), ['message', message]] as const);
  });
  return `${jsonText(
    new Map<string, JsonValue>([
      ['resource', resource],
      ...(uuid === null ? [] : [['uuid', uuid] as const]),
      ['document', document],
      ['file', file],
      ['line', new JsonNumber(String(line))],
      ['problems', told],
    ]),
  )}\n`;
}

/** What is at a place, whatever it is called there; undefined where nothing is. */
async function identityOf(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found && `${found.dev}:${found.ino}`;
}

/** Appends lines to a new file, made with the first. Throws `OUTPUT_*`. */
function rejectsFile(file: string | undefined, signal: AbortSignal | undefined) {
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  let made: readonly string[] = [];
  return {
    /** Before anything is loaded: whether the file can be written, and is not one of those that are read. */
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

/** What is committed stays, so a load whose connection broke goes on where it ended. */
function withAdvice(error: unknown): unknown {
  if (!isFailure(error, 'DB_CONNECTION_LOST')) return error;
  const [first, ...rest] = error.diagnostics;
  const advice = 'Documents that were committed stay: run it again with --on-existing skip.';
  return new DmsError([{ ...first, message: `${first.message} ${advice}` }, ...rest]);
}

/**
 * `dms-ddl load`: loads documents and descriptors of files and folders into a database (design 14 §4). Throws the codes of
 * `withDocuments` and `loadDocuments`, `OUTPUT_*` of the file of rejects; what is wrong with documents is in the result.
 */
export function loadDatabase(options: LoadDatabaseOptions): Promise<LoadedDatabase> {
  const { paths, rejects, jobs = 2, onExisting, isContinued, ignoreUnknown, onDocuments: onProgress, signal } = options;
  const { schemaChecks: withSchemas = true, isBulk = false } = options;
  return withDocuments({ ...options, withSchemas }, async ({ plans, schemas, connection, more, forCopies }) => {
    const start = performance.now();
    const problems: Diagnostic[] = [];
    const diagnostics: Diagnostic[] = [];
    const file = rejectsFile(rejects, signal);
    try {
      const connections = [connection, ...(isBulk ? [] : await more(jobs - 1))] as const;
      const bulk = isBulk ? await forCopies() : undefined;
      const summary = await loadDocuments(connections, plans, paths, {
        ...{ onExisting, isContinued, ignoreUnknown, onProgress, signal },
        schemas: schemas ?? undefined,
        bulk,
        onFiles: file.check,
        onReject: async (reject) => {
          problems.push(...reject.problems.slice(0, Math.max(0, shownProblems - problems.length)));
          await file.add(reject);
        },
        onDiagnostic: (entry) => {
          if (diagnostics.length < shownProblems) diagnostics.push(entry);
        },
      });
      return { ...summary, isBulk, problems, diagnostics, seconds: (performance.now() - start) / 1000 };
    } catch (error) {
      throw isBulk ? error : withAdvice(error);
    } finally {
      await file.close();
    }
  });
}

const columns = ['inserted', 'replaced', 'unchanged', 'skipped', 'rejected'] as const;

/** A table of what became of the documents, resource by resource. */
export function loadedLines({ resources, total, isStopped, isBulk, seconds }: LoadedDatabase): string[] {
  const rows = [
    ['resource', ...columns],
    ...resources.map((counts) => [counts.resource, ...columns.map((name) => String(counts[name]))]),
    ['total', ...columns.map((name) => String(total[name]))],
  ];
  const widths = rows[0]?.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row.map((text, index) => (index === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[index] ?? 0))).join('  '),
  );
  const written = total.inserted + total.replaced;
  const rate = seconds > 0 ? Math.round(written / seconds) : written;
  lines.push(`${written} documents written in ${seconds.toFixed(1)} s, ${rate} per second`);
  if (isStopped) {
    const what = isBulk
      ? 'No document was loaded, because one was rejected'
      : 'Ended at the first document that was not loaded';
    lines.push(`${what}; --continue goes on.`);
  }
  return lines;
}
