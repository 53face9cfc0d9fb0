import path from 'node:path';
import { connected, limitedSession } from '@dms/databases';
import { append, counted, type Diagnostic, mostShown, numberTable } from '@dms/diagnostics';
import { documentPlans, schemaCheck } from '@dms/documents';
import { changeLine, countedDocuments, DocumentFolder, inputCheck } from '@dms/loading';
import { mustExist } from '@dms/model';
import { type OdsReading, readingLines, readingValue, readOds, versionLines } from '@dms/ods';
import { compileMappingSet } from '@dms/plans';
import { dialectsOf, reportingDesigns } from '../../sources/source.ts';
import { emptyInput } from '../../translated-files/translate-input.ts';
import type { ReadsOds } from './read-ods-options.ts';

/** Problems of rows from which no document could be made, by code and table. */
interface RefusedRows {
  readonly code: string;
  readonly table: string;
  readonly problems: number;
}

/** What was read of an ODS, and written. */
interface ReadOds extends OdsReading {
  /** Deletes and changed keys after `since`. */
  readonly changes: number;
  readonly refused: readonly RefusedRows[];
  /** The first problems of rows. */
  readonly failures: readonly Diagnostic[];
  /** The number of further problems. */
  readonly hiddenProblems: number;
  /** Whether the folder was written: not with problems or without documents, unless that was allowed. */
  readonly isWritten: boolean;
}

/** Thrown to stop writing a folder, because rows were refused. */
class Unwanted extends Error {
  readonly reading: OdsReading;

  constructor(reading: OdsReading) {
    super('rows were refused, or there were none');
    this.reading = reading;
  }
}

/** Reads an ODS, and writes its documents as those of the schema set. */
export const readAsStored: ReadsOds = async (target, source, options, context) => {
  const { odsOverrides, schemaSuffix, allowMissing, allowUnread, since, keepIds = false } = options;
  const { schemaChecks: withSchemas = true, allowEmpty = since !== undefined } = options;
  const { signal, onProgress } = context;
  // references in documents differ by dialect
  const dialects = (await dialectsOf(source)).slice(0, 1);
  const designs = { source, odsOverrides, dialects, withSchemas, onProgress };
  const { mapping, models, schemas, diagnostics } = await reportingDesigns(designs);
  const model = mustExist(models[0], 'a model');
  const found = refusedRows();
  const isEmpty = ({ documents }: OdsReading) => !allowEmpty && documents === 0 && found.result().failures.length === 0;
  let changes = 0;
  const unchecked: Diagnostic[] = [];
  const check = inputCheck(documentPlans(compileMappingSet(model)), {
    schemaCheck: schemas === null ? null : schemaCheck(schemas),
    onWarning: (warning) => void unchecked.push(warning),
  });
  const read = (folder: DocumentFolder) =>
    connected(target, context, async (session) => {
      if (since !== undefined) folder.beginChanges();
      const reading = await readOds(
        limitedSession(session, signal),
        mapping,
        model,
        ({ resource, document, uuid }) =>
          keepIds && uuid !== null ? folder.addIdentified(resource, uuid, document) : folder.add(resource, document),
        {
          schemaSuffix,
          allowMissing,
          allowUnread,
          since,
          keepIds,
          check,
          signal,
          onRefused: found.add,
          onProgress: ({ table, documents, rows, allRows }) =>
            context.onCount?.(`${table}: ${counted(documents, 'document')}, ${rows} of ${counted(allRows, 'row')}`),
          onChange: async (change) => {
            changes += 1;
            await folder.addChange(changeLine(change));
          },
        },
      );
      const isRefused = !options.continue && found.result().failures.length > 0;
      if (isRefused || isEmpty(reading)) throw new Unwanted(reading);
      return reading;
    });
  const [reading, isWritten] = await DocumentFolder.write(options.output, model, read).then(
    (each) => [each, true] as const,
    (error: unknown) => {
      if (error instanceof Unwanted) return [error.reading, false] as const;
      throw error;
    },
  );
  const refused = found.result();
  const result: ReadOds = { ...reading, ...refused, changes, isWritten };
  return {
    failures: isEmpty(reading) ? [emptyInput('ods')] : refused.failures,
    diagnostics: [...diagnostics, ...reading.diagnostics, ...unchecked],
    lines: () => readOdsLines(result, options.output),
    value() {
      const { failures: _, ...value } = readingValue(result);
      return { output: options.output, ...value };
    },
  };
};

/** Collects problems of rows: the first ones, and their number by code and table. */
function refusedRows() {
  const problems: Diagnostic[] = [];
  const counts = new Map<string, RefusedRows>();
  let all = 0;
  return {
    add: (found: readonly Diagnostic[]) => {
      all += found.length;
      append(problems, found.slice(0, mostShown - problems.length));
      for (const { code, details } of found) {
        const table = String(details.table);
        const key = `${code} ${table}`;
        counts.set(key, { code, table, problems: (counts.get(key)?.problems ?? 0) + 1 });
      }
    },
    result: () => ({ failures: problems, refused: [...counts.values()], hiddenProblems: all - problems.length }),
  };
}

/** The report of what was read and written. */
function readOdsLines(read: ReadOds, output: string): string[] {
  const { refused, hiddenProblems, documents, resources, isWritten, changes } = read;
  const lines = [...readingLines(read)];
  if (refused.length > 0) {
    const rows = refused.map(({ code, table, problems }) => [`${code} ${table}`, String(problems)]);
    lines.push('', ...numberTable(['refused', 'problems'], rows));
    if (hiddenProblems > 0) lines.push(`${counted(hiddenProblems, 'more problem is', 'more problems are')} not shown.`);
  }
  const what = countedDocuments(documents, resources.length);
  lines.push(
    '',
    isWritten
      ? `${what} written to ${output}`
      : refused.length > 0
        ? `Nothing was written, because rows were refused; --continue writes the ${what} that can be made.`
        : 'Nothing was written.',
  );
  if (changes > 0 && isWritten)
    lines.push(
      `${counted(changes, 'delete or changed key', 'deletes and changed keys')} written to ${path.join(output, 'changes.ndjson')}`,
    );
  lines.push(...versionLines(read));
  return lines;
}
