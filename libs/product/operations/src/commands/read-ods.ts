import path from 'node:path';
import {
  connected,
  type DatabaseResult,
  limitedSession,
  type PersistentTarget,
  rolledBack,
  withTarget,
} from '@dms/databases';
import { append, counted, type Diagnostic, mostShown, numberTable } from '@dms/diagnostics';
import { documentPlans, schemaCheck } from '@dms/documents';
import { changeLine, DocumentFolder, inputCheck } from '@dms/loading';
import { mustExist } from '@dms/model';
import { type OdsReading, openOds, readOds as readDocuments, readingLines, versionLines } from '@dms/ods';
import { compileMappingSet } from '@dms/plans';
import { feedOf, odsDialectOf } from '../database-documents/ods-source.ts';
import { type Context, fileOperation, type OptionsOf } from '../declaring/operation.ts';
import { flag, output, required, text, usualFlag, version } from '../declaring/option.ts';
import {
  asksTranslation,
  odsOverridesOf,
  odsReadingOptions,
  translatingNames,
  translationOptions,
} from '../declaring/shared-options.ts';
import {
  type DatabaseSource,
  dialectsOf,
  documentDesign,
  odsDocumentDesign,
  reportingDesigns,
} from '../sources/source.ts';
import { translationBetween } from '../translated-files/translate-files.ts';
import { emptyInput } from '../translated-files/translate-input.ts';
import {
  type WrittenTranslation,
  writeTranslated,
  writtenLines,
  writtenValue,
} from '../translated-files/write-translated.ts';

/** Problems of rows from which no document could be made, by code and table. */
interface RefusedRows {
  readonly code: string;
  readonly table: string;
  readonly problems: number;
}

interface ReadOds extends DatabaseResult, Omit<OdsReading, 'diagnostics'> {
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

/** Thrown to stop writing a folder, because rows were refused. */
class Unwanted extends Error {
  readonly reading: OdsReading;

  constructor(reading: OdsReading) {
    super('rows were refused, or there were none');
    this.reading = reading;
  }
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
  const what = `${counted(documents, 'document')} of ${counted(resources.length, 'resource or descriptor', 'resources and descriptors')}`;
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

const readOdsOptions = {
  ...odsReadingOptions('keep the ids that clients know: documents.jsonl has each document with its Id as uuid'),
  output: required(output('<dir>', 'folder for the files; new or empty')),
  since: version('only what has changed after this ChangeVersion of the ODS, and the deletes that it records', {
    conflicts: translatingNames,
  }),
  continue: flag('write the other documents if some rows cannot be read'),
  allowEmpty: flag('succeed if the ODS holds no document; with --since there may be none'),
  before: text('<dir>', 'artifacts of the schemas of the ODS, if the documents get others; they are then translated', {
    group: 'source',
  }),
  ...translationOptions,
  rejects: output('<file>', 'file for the documents that a translation rejects, with the reasons', {
    needs: [translatingNames],
  }),
  schemaChecks: usualFlag('do not check documents against the JSON schemas of the resources, which load does anyway'),
};

type ReadOdsOptions = OptionsOf<typeof readOdsOptions>;

/** The documents of an ODS after a translation. */
interface TranslatedOds extends DatabaseResult {
  readonly written: WrittenTranslation;
  readonly reading: OdsReading;
  readonly failures: readonly Diagnostic[];
}

/** Reads an ODS of an earlier version of the standard, as of one moment, and writes the translated documents. */
async function readTranslated(
  target: PersistentTarget,
  source: DatabaseSource,
  options: ReadOdsOptions,
  context: Context,
): Promise<TranslatedOds> {
  const { before, odsOverrides, schemaSuffix, allowMissing, allowUnread, keepIds = false } = options;
  const { signal, onProgress } = context;
  const earlierSource = before === undefined ? source : ({ kind: 'artifacts', folder: before } as const);
  const reading = { odsOverrides, withSchemas: true, onProgress };
  const { design: earlier, ods: odsDesign } = await odsDocumentDesign(earlierSource, undefined, reading);
  const { mapping, diagnostics: notes } = odsDesign;
  const later = before === undefined ? earlier : await documentDesign(source, undefined, onProgress, true);
  const { design, schemas } = await translationBetween(earlier, later, options, context);
  return connected(target, context, (session) => {
    const connection = limitedSession(session, signal);
    const read = async () => {
      onProgress?.('compare the ODS with the schema set');
      const ods = await openOds(connection, mapping, earlier.model, {
        schemaSuffix,
        allowMissing,
        allowUnread,
        keepIds,
      });
      const feed = feedOf(ods, keepIds);
      const written = await writeTranslated(design, feed, { ...options, schemas, source: 'ods' }, context);
      const reading = mustExist(feed.reading(), 'what was read of the ODS');
      const { diagnostics, failures } = written;
      return { written, reading, failures, diagnostics: [...notes, ...reading.diagnostics, ...diagnostics] };
    };
    return rolledBack(connection, read, 'reading');
  });
}

/**
 * Writes the documents of an ODS into a new folder that `load` reads (design 19a). If rows cannot be read and
 * `continue` is not set, there is no folder. Throws the codes of `reportingDesigns`, `readOds` and `DocumentFolder`;
 * problems of rows are in the result.
 */
export const readOds = fileOperation({
  name: 'read-ods',
  group: 'ods',
  summary: 'write the documents of an ODS',
  description:
    'Reads a database of the older Ed-Fi server (PostgreSQL; SQL Server is experimental) and writes its documents and descriptors as files that load reads, ' +
    '<project>/<endpoint>.jsonl. The ODS is read in one transaction, as it is at one moment, and not changed. Before that, its ' +
    'tables and columns are compared with the schema set; at the end, its rows with what was written. With --before and --translation the documents ' +
    'of an ODS of another version of the standard become those of the schema set.',
  examples: [
    'read-ods --schema core/ApiSchema.json --connection-env ODS --output documents',
    'load documents --artifacts out --connection-env CAMPUS_DB --continue --rejects rejects.jsonl',
    'read-ods --artifacts out-6.1 --before out-5.2 --translation ed-fi-5.2-to-6.1 --connection-env ODS --output documents --continue --rejects rejects.jsonl',
  ],
  worksOn: { source: 'set', config: 'usual', connection: 'needed' },
  options: readOdsOptions,
  run({ source, set, options: given, placeOf }, context): Promise<ReadOds | TranslatedOds> {
    const options = { ...given, odsOverrides: odsOverridesOf({ options: given, set }) };
    const { odsDialect, odsOverrides, schemaSuffix, allowMissing, allowUnread, since, keepIds = false } = options;
    const { schemaChecks: withSchemas = true, allowEmpty = since !== undefined } = options;
    const { signal, onProgress } = context;
    const place = mustExist(placeOf?.(), 'a connection');
    return withTarget(
      { ...place, signal, dialect: odsDialectOf({ ...place, odsDialect }) },
      'check',
      async (target): Promise<ReadOds | TranslatedOds> => {
        if (asksTranslation(options)) return readTranslated(target, source, options, context);
        // references in documents differ by dialect
        const dialects = (await dialectsOf(source)).slice(0, 1);
        const designs = { source, odsOverrides, dialects, withSchemas, onProgress };
        const { mapping, models, schemas, diagnostics } = await reportingDesigns(designs);
        const model = mustExist(models[0], 'a model');
        const found = refusedRows();
        const isEmpty = ({ documents }: OdsReading) =>
          !allowEmpty && documents === 0 && found.result().failures.length === 0;
        let changes = 0;
        const unchecked: Diagnostic[] = [];
        const check = inputCheck(documentPlans(compileMappingSet(model)), {
          schemaCheck: schemas === null ? null : schemaCheck(schemas),
          onWarning: (warning) => void unchecked.push(warning),
        });
        const read = (folder: DocumentFolder) =>
          connected(target, context, async (session) => {
            if (since !== undefined) folder.beginChanges();
            const reading = await readDocuments(
              limitedSession(session, signal),
              mapping,
              model,
              ({ resource, document, uuid }) =>
                keepIds && uuid !== null
                  ? folder.addIdentified(resource, uuid, document)
                  : folder.add(resource, document),
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
                  context.onCount?.(
                    `${table}: ${counted(documents, 'document')}, ${rows} of ${counted(allRows, 'row')}`,
                  ),
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
        return {
          ...reading,
          ...refused,
          failures: isEmpty(reading) ? [emptyInput('ods')] : refused.failures,
          changes,
          isWritten,
          diagnostics: [...diagnostics, ...reading.diagnostics, ...unchecked],
        };
      },
    );
  },
  lines: (read, { options }) =>
    'written' in read
      ? [...readingLines(read.reading), '', ...writtenLines(read.written, options)]
      : readOdsLines(read, options.output),
  value(read, { options }) {
    if ('written' in read) {
      const { diagnostics: _, lastVersion, ...reading } = read.reading;
      const version = lastVersion === null ? null : String(lastVersion);
      return { ...writtenValue(read.written, options), reading: { ...reading, lastVersion: version } };
    }
    const { diagnostics: _, failures: __, lastVersion, ...value } = read;
    return { output: options.output, ...value, lastVersion: lastVersion === null ? null : String(lastVersion) };
  },
});
