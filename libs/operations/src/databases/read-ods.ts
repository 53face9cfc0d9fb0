import path from 'node:path';
import { append, counted, type Diagnostic } from '@dms/diagnostics';
import { schemaCheck } from '@dms/documents';
import { changeLine, DocumentFolder } from '@dms/loading';
import { mustExist } from '@dms/model';
import { type OdsProgress, type OdsReading, type OdsReadOptions, readOds } from '@dms/ods';
import type { SqlDialect } from '@dms/sql';
import { type DatabaseSource, dialectsOf, reportingDesigns } from '../sources/source.ts';
import { alignedLines } from './aligned-lines.ts';
import { odsDialectOf } from './ods-source.ts';
import { connected, type DatabaseOptions, type DatabaseResult, limitedSession, withTarget } from './with-database.ts';

export interface ReadOdsOptions
  extends Omit<DatabaseOptions, 'dialect'>,
    Pick<OdsReadOptions, 'schemaSuffix' | 'allowMissing' | 'allowUnread' | 'since'> {
  readonly source: DatabaseSource;
  /** The engine that holds it; by default the one that its connection shows, otherwise PostgreSQL. */
  readonly odsDialect?: SqlDialect | undefined;
  /** A file of ODS overrides, for schemas. */
  readonly odsOverrides?: string | undefined;
  readonly outputDirectory: string;
  /** Whether the JSON schemas of the resources may refuse documents (design 14 §1.1); true without it. */
  readonly schemaChecks?: boolean | undefined;
  /** Whether documents keep the `Id` that the ODS has for them. */
  readonly keepIds?: boolean | undefined;
  /** Whether documents that can be made are written although others cannot. */
  readonly isContinued?: boolean | undefined;
  readonly onDocuments?: ((progress: OdsProgress) => void) | undefined;
}

/** Rows from which no document could be made, by code and table. */
export interface RefusedRows {
  readonly code: string;
  readonly table: string;
  readonly problems: number;
}

export interface ReadOds extends DatabaseResult, Omit<OdsReading, 'diagnostics'> {
  /** Deletes and changed keys after `since`. */
  readonly changes: number;
  readonly refused: readonly RefusedRows[];
  /** The first problems with rows. */
  readonly problems: readonly Diagnostic[];
  /** How many more there are. */
  readonly hiddenProblems: number;
  /** Whether the folder was written: always without problems, otherwise if that was allowed. */
  readonly isWritten: boolean;
}

/** The largest number of problems that are reported. */
const shownProblems = 100;

/** Collects what is wrong with rows: the first problems, and how many there are by code and table. */
function refusals() {
  const problems: Diagnostic[] = [];
  const counts = new Map<string, RefusedRows>();
  let all = 0;
  return {
    add: (found: readonly Diagnostic[]) => {
      all += found.length;
      append(problems, found.slice(0, shownProblems - problems.length));
      for (const { code, details } of found) {
        const table = String(details.table);
        const key = `${code} ${table}`;
        counts.set(key, { code, table, problems: (counts.get(key)?.problems ?? 0) + 1 });
      }
    },
    result: () => ({ problems, refused: [...counts.values()], hiddenProblems: all - problems.length }),
  };
}

/** Ends the writing of a folder, because rows were refused. */
class Unwanted extends Error {
  readonly reading: OdsReading;

  constructor(reading: OdsReading) {
    super('rows were refused');
    this.reading = reading;
  }
}

/**
 * `dms-ddl read-ods`: writes the documents of an ODS into a new folder that `load` reads (design 19 §10). If rows cannot be read and
 * `isContinued` is not set, there is no folder. Throws the codes of `reportingDesigns`, `readOds` and `DocumentFolder`; what is wrong
 * with rows is in the result.
 */
export function readOdsDatabase(options: ReadOdsOptions): Promise<ReadOds> {
  const { source, odsOverrides, outputDirectory, keepIds = false, isContinued = false, signal, onProgress } = options;
  const { schemaChecks: withSchemas = true } = options;
  return withTarget({ ...options, dialect: odsDialectOf(options) }, 'check', async (target) => {
    // the references of documents differ by dialect
    const dialects = (await dialectsOf(source)).slice(0, 1);
    const designs = { source, odsOverrides, dialects, withSchemas, onProgress };
    const { mapping, models, schemas, diagnostics } = await reportingDesigns(designs);
    const model = mustExist(models[0], 'a model');
    const found = refusals();
    let changes = 0;
    const checks = schemas === null ? undefined : schemaCheck(schemas);
    const check: OdsReadOptions['check'] =
      checks && ((resource, document) => checks.problems(resource, [{ document, file: '', line: 0 }])[0] ?? []);
    const read = (folder: DocumentFolder) =>
      connected(target, options, async (session) => {
        const { schemaSuffix, allowMissing, allowUnread, since, onDocuments } = options;
        if (since !== undefined) folder.beginChanges();
        const reading = await readOds(
          limitedSession(session, signal),
          mapping,
          model,
          ({ resource, document, uuid }) =>
            keepIds && uuid !== null ? folder.addIdentified(resource, uuid, document) : folder.add(resource, document),
          {
            ...{ schemaSuffix, allowMissing, allowUnread, since, keepIds, check, signal },
            ...{ onRefused: found.add, onProgress: onDocuments },
            onChange: async (change) => {
              changes += 1;
              await folder.addChange(changeLine(change));
            },
          },
        );
        if (!isContinued && found.result().problems.length > 0) throw new Unwanted(reading);
        return reading;
      });
    const [reading, isWritten] = await DocumentFolder.write(outputDirectory, model, read).then(
      (each) => [each, true] as const,
      (error: unknown) => {
        if (error instanceof Unwanted) return [error.reading, false] as const;
        throw error;
      },
    );
    return { ...reading, ...found.result(), changes, isWritten, diagnostics: [...diagnostics, ...reading.diagnostics] };
  });
}

/** What was read, table by table, and what is lost or added. */
export function readingLines({ tables, losses }: Pick<OdsReading, 'tables' | 'losses'>): string[] {
  const sum = (name: 'rows' | 'written' | 'refused' | 'left') =>
    String(tables.reduce((total, table) => total + table[name], 0));
  const lines = alignedLines([
    ['table', 'rows', 'in documents', 'refused', 'left behind'],
    ...tables.map(({ table, rows, written, refused: out, left }) => [table, ...[rows, written, out, left].map(String)]),
    ['total', sum('rows'), sum('written'), sum('refused'), sum('left')],
  ]);
  if (losses.length > 0) {
    const rows = losses.map(({ code, resource, path, count }) => [`${code} ${resource} ${path}`, String(count)]);
    lines.push('', ...alignedLines([['lost or added', 'count'], ...rows]));
  }
  return lines;
}

/** Where the next run can go on. */
export const versionLines = ({ lastVersion }: Pick<OdsReading, 'lastVersion'>): string[] =>
  lastVersion === null ? [] : [`Last version of the ODS: ${lastVersion}; --since ${lastVersion} reads what changes after it.`];

/** What was read and written. */
export function readOdsLines(read: ReadOds, output: string): string[] {
  const { refused, hiddenProblems, documents, resources, isWritten, changes } = read;
  const lines = readingLines(read);
  if (refused.length > 0) {
    const rows = refused.map(({ code, table, problems }) => [`${code} ${table}`, String(problems)]);
    lines.push('', ...alignedLines([['refused', 'problems'], ...rows]));
    if (hiddenProblems > 0) lines.push(`${counted(hiddenProblems, 'more problem is', 'more problems are')} not shown.`);
  }
  const what = `${counted(documents, 'document')} of ${counted(resources.length, 'resource or descriptor', 'resources and descriptors')}`;
  lines.push(
    '',
    isWritten
      ? `${what} written to ${output}`
      : `Nothing was written, because rows were refused; --continue writes the ${what} that can be made.`,
  );
  if (changes > 0 && isWritten)
    lines.push(
      `${counted(changes, 'delete or changed key', 'deletes and changed keys')} written to ${path.join(output, 'changes.ndjson')}`,
    );
  lines.push(...versionLines(read));
  return lines;
}
