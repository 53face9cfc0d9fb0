import { changing } from '@dms/databases';
import { onDocuments } from '@dms/documents';
import {
  type LoadedDatabase,
  type Loading,
  loadDetail,
  loadedLines,
  loadedValue,
  loadOutcome,
  loadWith,
} from '../database-documents/load-documents.ts';
import { databaseOperation, type Input, type ReportedOutcome, reportedAsGiven } from '../declaring/operation.ts';
import { defaultJobs } from '../declaring/shared-options.ts';
import { dialectUses } from '../declaring/subject.ts';
import { rejectsPath } from '../fleet/rejects-of-fleet.ts';
import { keepHeapSmall } from '../incremental-build/short-run.ts';
import { otherDatabase } from './load/from-database.ts';
import { inputFiles } from './load/from-files.ts';
import { namedOds, odsDiagnostics, odsOfFleet } from './load/from-ods.ts';
import {
  type LoadOptions,
  loadArguments,
  loadOptions,
  namesDatabase,
  namesOds,
  sourceOptions,
} from './load/load-options.ts';
import { progressOfFleet, progressTexts } from './load/load-progress.ts';
import type { PreparedLoad, PreparesLoad } from './load/prepared-load.ts';

/** The source of documents that the options choose. */
const sourceOf = ({ options, isFleet = false }: Pick<Input<LoadOptions>, 'options' | 'isFleet'>): PreparesLoad =>
  isFleet ? odsOfFleet : namesOds(options) ? namedOds : namesDatabase(options) ? otherDatabase : inputFiles;

/**
 * Loads documents and descriptors of files and folders, of an ODS or of another database, into a database (design 14a
 * §1, 19a). Throws the codes of the sources, `onDocuments` and `loadDocuments`, `OUTPUT_*` of the file of rejects;
 * problems of documents are in the result.
 */
export const load = databaseOperation({
  name: 'load',
  group: 'first',
  summary: 'load documents into a database',
  description:
    'Loads documents and descriptors from files and folders into a database that was provisioned for the schema set. The input ' +
    'may have any order: each resource is loaded after the resources that it refers to. Files are .jsonl or .json with {"resource", "document"}, ' +
    'or interchange XML of the standard (.xml). Folders have <project>/<endpoint>.jsonl or .json with plain documents. Each ' +
    'file can be compressed (.gz). With --from-ods the documents come from a database of the older Ed-Fi server (PostgreSQL; SQL Server is experimental), ' +
    'which is read as it is at one moment, and not changed. With --since, or from a folder of read-ods --since, the ' +
    'database gets what has changed in the ODS: changed keys first, then the documents, then the deletes. With --fleet each database gets ' +
    'the documents of the ODS that its entry names. With --from-database the documents come from another database, of another generation or engine too, ' +
    'and keep their ids. With --before and --translation documents of another version of the standard become those of the database.',
  examples: [
    'load sample --artifacts out --connection-env CAMPUS_DB --continue --rejects rejects.jsonl',
    'load Descriptors/*.xml Samples/*.xml --artifacts out --connection-env CAMPUS_DB',
    'load --from-ods-env ODS --artifacts out --connection-env CAMPUS_DB --continue --rejects rejects.jsonl',
    'load --from-ods-env ODS --since last --artifacts out --connection-env CAMPUS_DB --continue --rejects rejects.jsonl',
    'load --from-database-env OLD --before out-5.2 --artifacts out-6.1 --translation ed-fi-5.2-to-6.1 --connection-env NEW --continue --verify',
    'load --artifacts out --fleet fleet.json --continue --rejects rejects --verify',
  ],
  worksOn: {
    source: 'set',
    config: 'usual',
    dialect: dialectUses.ofArtifacts,
    connection: 'needed',
    fleet: { conflicts: sourceOptions },
  },
  arguments: loadArguments,
  options: loadOptions,
  skipsDone: true,
  missing: (input) =>
    sourceOf(input) === inputFiles && (input.options.paths ?? []).length === 0
      ? ["missing required argument 'path'"]
      : [],
  checkDatabases: odsDiagnostics,
  prepare(input, context) {
    keepHeapSmall();
    return sourceOf(input)(input, context);
  },
  dialectOf: ({ work }) => work.plans.dialect,
  async run({ target, prepared, entry }, { options }, context) {
    const { rejects, bulk: isBulk = false, verify = false, continue: isContinued = false } = options;
    const { jobs = defaultJobs, ignoreUnknown, allowEmpty } = options;
    const { origin, onExisting, explain } = prepared.documentsFor(entry);
    const progressText = entry === undefined ? progressTexts() : progressOfFleet;
    const loading: Loading = {
      origin,
      jobs,
      ignoreUnknown,
      allowEmpty,
      isBulk,
      isContinued,
      verify,
      onExisting: options.onExisting ?? onExisting,
      translation: prepared.translation,
      rejects: rejectsPath(rejects, entry),
      onDocuments: (progress) => context.onCount?.(progressText(progress)),
    };
    const loaded = await onDocuments(
      target,
      prepared.work,
      context,
      (session) => changing(() => loadWith(session, loading, context)),
      { isWriting: true },
    ).catch((error: unknown) => {
      if (explain === undefined) throw error;
      return explain(error, target, context);
    });
    return reported(loaded, prepared, options);
  },
  ...reportedAsGiven,
});

/** The result of a load with its reports. */
function reported(
  loaded: LoadedDatabase,
  { translation, ownValue }: PreparedLoad,
  { rejects, verify = false }: LoadOptions,
): ReportedOutcome {
  return {
    diagnostics: loaded.diagnostics,
    failures: loaded.failures,
    lines: () => loadedLines(loaded, rejects),
    value() {
      const all = loadedValue(loaded);
      const { reading: _, comparison: __, translation: ofTranslation, documents, ...value } = all;
      return {
        seconds: loaded.seconds,
        ...value,
        ...ownValue?.(all),
        ...(translation === undefined ? {} : { translation: ofTranslation, documents }),
      };
    },
    entry: () => ({
      outcome: loadOutcome(loaded),
      detail: loadDetail(loaded, verify),
      value: { ...loadedValue(loaded) },
    }),
  };
}
