import { changing, dialectOfSources, sourceNames } from '@dms/databases';
import { counted, type Diagnostic, diagnostic } from '@dms/diagnostics';
import { documentWork, onDocuments } from '@dms/documents';
import type { LoadProgress } from '@dms/loading';
import { mustExist } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import {
  type Loading,
  loadDetail,
  loadedLines,
  loadedValue,
  loadOutcome,
  loadWith,
} from '../database-documents/load-documents.ts';
import { databaseOrigin, filesOrigin, odsOrigin } from '../database-documents/load-origins.ts';
import { failIfSwapped, type OdsFeedOptions } from '../database-documents/ods-source.ts';
import { databaseOperation, type Input, type Misuse, type OptionsOf, type Place } from '../declaring/operation.ts';
import {
  choice,
  flag,
  flagOf,
  output,
  paths,
  related,
  text,
  usualFlag,
  versionOrLast,
  writtenOption,
} from '../declaring/option.ts';
import {
  asksTranslation,
  defaultJobs,
  jobsOption,
  odsOverridesOf,
  odsReadingOptions,
  translatingNames,
  translationOptions,
} from '../declaring/shared-options.ts';
import { dialectUses, writtenFleet } from '../declaring/subject.ts';
import type { FleetDatabase } from '../fleet/fleet-databases.ts';
import { rejectsPath } from '../fleet/rejects-of-fleet.ts';
import { keepHeapSmall } from '../incremental-build/short-run.ts';
import {
  artifactsIn,
  type DatabaseSource,
  documentDesign,
  type OdsDesign,
  odsDocumentDesign,
} from '../sources/source.ts';
import { translationDesign } from '../sources/translations.ts';

const fromOds = {
  fromOds: text(
    '<text>',
    'read the documents of an ODS instead of files: its connection, in the forms of --connection',
    {
      group: 'source',
    },
  ),
  fromOdsEnv: text('<NAME>', 'the same: environment variable that holds the connection text', { group: 'source' }),
  fromOdsFile: text('<path>', 'the same: file that holds the connection text', { group: 'source' }),
};

const odsNames = ['fromOds', 'fromOdsEnv', 'fromOdsFile'] as const;
const databaseNames = ['fromDatabase', 'fromDatabaseEnv', 'fromDatabaseFile'] as const;

const fromDatabase = related(
  {
    fromDatabase: text(
      '<text>',
      'read the documents of another database instead of files: its connection, in the forms of --connection',
      { group: 'source' },
    ),
    fromDatabaseEnv: text('<NAME>', 'the same: environment variable that holds the connection text', {
      group: 'source',
    }),
    fromDatabaseFile: text('<path>', 'the same: file that holds the connection text', { group: 'source' }),
  },
  { conflicts: odsNames },
);

/** The options for an ODS only. */
const ofOds = related(
  {
    since: versionOrLast(
      "of an ODS with change queries: only what has changed after this ChangeVersion, with changed keys and deletes; 'last': after the version that the database has recorded",
      { conflicts: ['bulk', ...translatingNames] },
    ),
    ...odsReadingOptions('of an ODS: keep the ids that clients know, as uuids of the documents'),
  },
  { needs: [[...odsNames, 'fleet']] },
);

const loadArguments = {
  paths: paths('[path...]', 'files or folders; none with --from-ods, --from-database or --fleet'),
};

const loadOptions = {
  ...fromOds,
  ...fromDatabase,
  before: text(
    '<dir>',
    'artifacts of the schemas of the documents, if the database has others; the documents are then translated',
    { group: 'source' },
  ),
  ...translationOptions,
  verify: flag('compare afterwards what is stored with what was read: each row of an ODS, otherwise each document', {
    needs: [[...odsNames, ...databaseNames, 'fleet']],
  }),
  ...ofOds,
  onExisting: choice(
    '<action>',
    'what to do with a document that exists already (default: fail, from an ODS: skip, for what has changed since a version: replace)',
    ['fail', 'skip', 'replace'],
  ),
  continue: flag('continue after a document that cannot be loaded'),
  rejects: output(
    '<file>',
    'file for the documents that are not loaded, with the reasons; correct it, and load reads it. With --fleet a folder, with <name>.jsonl of each database',
  ),
  ignoreUnknown: flag('leave out members and elements that the schema set does not have'),
  allowEmpty: flag('succeed if the files, the ODS or the other database hold no document'),
  schemaChecks: usualFlag('check documents against the model only, not against the JSON schemas of the resources'),
  bulk: flag(
    'write all documents in one transaction, after their descriptors: faster, for the owner of the tables, on servers that nobody else uses',
  ),
  jobs: jobsOption('connections; they share independent resources and the batches of a large one'),
};

type LoadOptions = OptionsOf<typeof loadOptions & typeof loadArguments>;

/** `1 h 02 min`, `3 min 20 s`, `12 s`. */
function duration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = Math.round(seconds) % 60;
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} min`;
  return minutes > 0 ? `${minutes} min ${String(rest).padStart(2, '0')} s` : `${rest} s`;
}

/** Formats the progress of a load, with the time left at that speed. */
function progressTexts(): (progress: LoadProgress) => string {
  let start: number | undefined;
  return ({ phase, resource, documents, rejected, share }) => {
    if (phase === 'read') return 'read …';
    if (phase === 'wait') return 'wait until nobody else writes …';
    if (phase === 'check') return `${counted(documents, 'document')}, ${rejected} rejected; check all keys …`;
    start ??= performance.now();
    const seconds = (performance.now() - start) / 1000;
    const rate = seconds > 1 ? `, ${Math.round(documents / seconds)} per second` : '';
    const left = seconds > 1 && share > 0.01 ? `, ${duration((seconds * (1 - share)) / share)} left` : '';
    return `${resource}: ${counted(documents, 'document')}, ${rejected} rejected${rate}${left}`;
  };
}

/** Formats the progress for the line of a fleet. */
const progressOfFleet = ({ phase, resource, documents, rejected }: LoadProgress): string =>
  phase === 'write' ? `${resource}: ${counted(documents, 'document')}, ${rejected} rejected` : phase;

/** Whether an option names a database to read documents from. */
const namesDatabase = (options: LoadOptions) => databaseNames.some((name) => options[name] !== undefined);

/** Whether documents are translated. Documents of a database always are, even if no rule changes them. */
const isTranslated = (options: LoadOptions) => namesDatabase(options) || asksTranslation(options);

/** Whether an option names an ODS. */
const namesOds = (options: LoadOptions) => odsNames.some((name) => options[name] !== undefined);

/** The ODS that a database gets its documents from: named by its entry in the fleet, or by the options. */
function odsOf(
  { options, placeOf, isFleet = false }: Input<LoadOptions>,
  design: OdsDesign | undefined,
  entry: Pick<FleetDatabase, 'ods'> | undefined,
): Omit<OdsFeedOptions, 'isBulk'> | undefined {
  if (design === undefined) return undefined;
  const { odsDialect, schemaSuffix, keepIds, allowMissing, allowUnread, since } = options;
  const reading = { design, odsDialect, schemaSuffix, keepIds, allowMissing, allowUnread };
  if (isFleet) {
    const { place, since: ofEntry } = mustExist(entry?.ods, 'the ODS of a database, which was reported before');
    return { ...reading, ...place, since: ofEntry?.version ?? since };
  }
  const { fromOds: connection, fromOdsEnv: connectionEnv, fromOdsFile: connectionFile } = options;
  const sources = { names: sourceNames.ods, connection, connectionEnv, connectionFile };
  return { ...reading, ...mustExist(placeOf?.(), 'a place'), sources, since };
}

/** The database that documents are read from. */
function databasePlace({ options, placeOf }: Pick<Input<LoadOptions>, 'options' | 'placeOf'>): Place {
  const { fromDatabase: connection, fromDatabaseEnv: connectionEnv, fromDatabaseFile: connectionFile } = options;
  const sources = { names: sourceNames.otherDatabase, connection, connectionEnv, connectionFile };
  return { ...mustExist(placeOf?.(), 'a place'), sources };
}

function checkLoad({ options, isFleet = false }: Input<LoadOptions>, misuse: Misuse): void {
  const { paths: [first] = [], since, onExisting } = options;
  const source = isFleet
    ? writtenFleet
    : namesOds(options)
      ? writtenOption('fromOds', fromOds.fromOds)
      : namesDatabase(options)
        ? writtenOption('fromDatabase', fromDatabase.fromDatabase)
        : undefined;
  if (first !== undefined && source !== undefined)
    misuse(`name one source, not both '${first}' and '${source}'`, 'OPTION_CONFLICT');
  if (since !== undefined && onExisting !== undefined && onExisting !== 'replace')
    misuse(
      `option '${writtenOption('since', ofOds.since)}' replaces documents that have changed, and not '${flagOf('onExisting')} ${onExisting}'`,
      'OPTION_CONFLICT',
    );
}

/** The errors of databases of a fleet that cannot be loaded from their ODSs (design 18 §7). */
function odsDiagnostics(
  { bulk, onExisting }: LoadOptions,
  databases: readonly FleetDatabase[],
  { file }: { readonly file: string },
): readonly Diagnostic[] {
  return databases.flatMap(({ name, ods, odsAdvice }) => {
    if (ods === undefined) {
      const message = `${file}: the database ${name} names no ODS to load documents from. ${odsAdvice}, or leave the database out (${flagOf('only')}).`;
      return [diagnostic('FLEET_ODS_MISSING', message, { file }, { name })];
    }
    if (ods.since === undefined) return [];
    const { origin } = ods.since;
    const report = (fault: string) => {
      const where = origin.startsWith('/') ? { file, path: origin } : { file };
      return [diagnostic('CONFIG_INVALID', `${origin} cannot be used ${fault}`, where, { name })];
    };
    if (bulk) return report(`with ${flagOf('bulk')}; remove one of them.`);
    return onExisting === undefined || onExisting === 'replace'
      ? []
      : report(
          `with ${flagOf('onExisting')} ${onExisting}: documents that have changed are replaced. Remove one of them.`,
        );
  });
}

/**
 * Loads documents and descriptors of files and folders, or of an ODS, into a database (design 14a §1, 19a). Throws
 * the codes of `documentDesign`, `onDocuments`, `withOdsFeed` and `loadDocuments`, `OUTPUT_*` of the file of rejects;
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
    fleet: { conflicts: [...Object.keys(fromOds), ...Object.keys(fromDatabase)] },
  },
  arguments: loadArguments,
  options: loadOptions,
  skipsDone: true,
  check: checkLoad,
  missing: ({ options, isFleet }) =>
    isFleet || namesOds(options) || namesDatabase(options) || (options.paths ?? []).length > 0
      ? []
      : ["missing required argument 'path'"],
  checkDatabases: odsDiagnostics,
  async prepare({ source, set, dialect, options, isFleet, placeOf }, { onProgress }) {
    keepHeapSmall();
    const { schemaChecks = true } = options;
    const odsOverrides = odsOverridesOf({ options, set });
    const isFromOds = isFleet || namesOds(options);
    const earlierSource = artifactsIn(options.before) ?? source;
    const read = async (of: DatabaseSource, each: SqlDialect | undefined, withSchemas: boolean) =>
      isFromOds && of === earlierSource
        ? odsDocumentDesign(of, each, { odsOverrides, withSchemas, onProgress })
        : { design: await documentDesign(of, each, onProgress, withSchemas), ods: undefined };
    const { design: later, ods: odsOfSet } = await read(source, dialect, schemaChecks || isTranslated(options));
    const design = schemaChecks ? later : { ...later, schemas: null };
    if (!isTranslated(options)) return { ...documentWork(design), ods: odsOfSet, translating: undefined };
    const named = namesDatabase(options) ? dialectOfSources(databasePlace({ options, placeOf })) : undefined;
    const isSame = options.before === undefined && (named === undefined || named === later.model.dialect);
    const { design: earlier, ods } = isSame ? { design: later, ods: odsOfSet } : await read(earlierSource, named, true);
    const translation = await translationDesign(earlier, later, options);
    return { ...documentWork(design), ods, translating: { earlier, translation } };
  },
  dialectOf: ({ plans }) => plans.dialect,
  run({ target, prepared, entry }, input, context) {
    const { rejects, bulk: isBulk = false, verify = false, continue: isContinued = false } = input.options;
    const { paths = [], jobs = defaultJobs, ignoreUnknown, allowEmpty } = input.options;
    const ods = odsOf(input, prepared.ods, entry);
    // documents of an earlier run exist already; changes since a version replace documents
    const isCopy = namesDatabase(input.options) || (ods !== undefined && ods.since === undefined);
    const { onExisting = isCopy ? 'skip' : undefined } = input.options;
    const progressText = entry === undefined ? progressTexts() : progressOfFleet;
    const { translating } = prepared;
    const origin =
      ods !== undefined
        ? odsOrigin(ods)
        : translating !== undefined && namesDatabase(input.options)
          ? databaseOrigin({ ...databasePlace(input), design: translating.earlier })
          : filesOrigin(paths);
    const loading: Loading = {
      origin,
      jobs,
      ignoreUnknown,
      allowEmpty,
      isBulk,
      isContinued,
      verify,
      onExisting,
      translation: translating?.translation,
      rejects: rejectsPath(rejects, entry),
      onDocuments: (progress) => context.onCount?.(progressText(progress)),
    };
    const loaded = onDocuments(
      target,
      prepared,
      context,
      (session) => changing(() => loadWith(session, loading, context)),
      { isWriting: true },
    );
    return ods === undefined ? loaded : loaded.catch((error: unknown) => failIfSwapped(error, target, ods, context));
  },
  lines: (loaded, { options: { rejects } }) => loadedLines(loaded, rejects),
  value(loaded, { options }) {
    const { reading, comparison, translation, documents, ...value } = loadedValue(loaded);
    return {
      seconds: loaded.seconds,
      ...value,
      ...(namesOds(options) ? { reading, comparison } : {}),
      ...(isTranslated(options) ? { translation, documents } : {}),
    };
  },
  entry: (loaded, { options: { verify = false } }) => ({
    outcome: loadOutcome(loaded),
    detail: loadDetail(loaded, verify),
    value: { ...loadedValue(loaded) },
  }),
});
