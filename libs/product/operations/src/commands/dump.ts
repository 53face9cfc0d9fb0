import { atOneMoment } from '@dms/databases';
import { counted } from '@dms/diagnostics';
import {
  type DocumentSession,
  type DocumentWork,
  documentWork,
  onDocuments,
  readingWork,
  warnOfMoments,
} from '@dms/documents';
import { countedDocuments, databaseFeed, dumpDocuments } from '@dms/loading';
import {
  type Context,
  databaseOperation,
  type Input,
  type OptionsOf,
  type PrintedOutcome,
  printedAsGiven,
} from '../declaring/operation.ts';
import { flag, output, related, required, text, usualFlag, version } from '../declaring/option.ts';
import {
  asksTranslation,
  defaultJobs,
  jobsOption,
  resourceOption,
  translatingNames,
  translationOptions,
} from '../declaring/shared-options.ts';
import { dialectUses } from '../declaring/subject.ts';
import { artifactsIn, type DatabaseSource, type MappingSetSource, openMappingSet } from '../sources/source.ts';
import { readTranslation } from '../translated-files/translate-files.ts';
import { printedTranslation, writeTranslated } from '../translated-files/write-translated.ts';

/** The options for translated documents only. */
const ofTranslation = related(
  {
    keepIds: flag('write records with the uuids of the documents, into documents.jsonl'),
    continue: flag('write the other documents if a translation rejects some'),
    rejects: output('<file>', 'file for the documents that a translation rejects, with the reasons'),
    schemaChecks: usualFlag(
      'check documents against the later model only, not against the JSON schemas of the resources',
    ),
  },
  { needs: [translatingNames] },
);

/** The options for documents as they are stored. */
const ofStoredDocuments = related(
  {
    resource: resourceOption(),
    since: version('only documents that changed after this content version'),
    jobs: jobsOption('connections'),
  },
  { conflicts: translatingNames },
);

const dumpOptions = {
  output: required(output('<dir>', 'folder for the files; new or empty')),
  ...ofStoredDocuments,
  // a pack lacks parts that a translation needs
  ...related(
    {
      after: text(
        '<dir>',
        'artifacts of other schemas than those of the database, into which the documents are then translated',
        { group: 'source' },
      ),
      ...translationOptions,
    },
    { conflicts: ['pack'] },
  ),
  ...ofTranslation,
};

type DumpOptions = OptionsOf<typeof dumpOptions>;

/** A dump of one kind, whose input is read before the database is opened. */
interface PreparedDump {
  readonly work: DocumentWork;
  /** Writes the documents of the database into the folder of the options. */
  write(session: DocumentSession, context: Context): Promise<PrintedOutcome>;
}

/**
 * Writes the documents and descriptors of a database into a new folder (design 14a §1), translated if a translation is
 * given (design 20 §6). Throws the codes of `openMappingSet`, `onDocuments`, `dumpDocuments`, `readTranslation` and
 * `writeTranslated`; problems of documents are in the result.
 */
export const dump = databaseOperation({
  name: 'dump',
  group: 'documents',
  summary: 'write the documents of a database',
  description:
    'Writes the documents and descriptors of a database as files that load reads, <project>/<endpoint>.jsonl, one per line in ' +
    'the order in which they were first written. With --after and --translation they are written as documents of another version of the standard; ' +
    'the database is read as it is at one moment.',
  examples: [
    'dump --artifacts out --connection-env CAMPUS_DB --output documents',
    'dump --artifacts out-5.2 --after out-6.1 --translation ed-fi-5.2-to-6.1 --connection-env CAMPUS_DB --output documents --continue --rejects rejects.jsonl',
  ],
  worksOn: { source: 'plans', config: 'usual', dialect: dialectUses.ofPlans, connection: 'needed' },
  options: dumpOptions,
  prepare: (input, context) => (asksTranslation(input.options) ? translatedDump : storedDump)(input, context),
  dialectOf: ({ work }) => work.plans.dialect,
  run: ({ target, prepared }, _, context) =>
    onDocuments(target, prepared.work, context, async (session) => {
      const warnings = await warnOfMoments(session.connection, context);
      const dumped = await prepared.write(session, context);
      return { ...dumped, diagnostics: [...warnings, ...dumped.diagnostics, ...session.notes] };
    }),
  ...printedAsGiven,
});

/** A dump of the documents as they are stored. Throws the codes of `openMappingSet` and `dumpDocuments`. */
async function storedDump(
  { source, dialect, options }: Input<DumpOptions, MappingSetSource>,
  { onProgress }: Pick<Context, 'onProgress'>,
): Promise<PreparedDump> {
  const work = readingWork(await openMappingSet(source, dialect, onProgress));
  const { output: folder, resource, since, jobs = defaultJobs } = options;
  return {
    work,
    async write({ connection, plans, more }, { signal, onCount }) {
      const { resources, unreadable } = await dumpDocuments(connection, plans, folder, {
        resources: resource,
        since,
        signal,
        more: () => more(jobs - 1),
        onProgress: (name, documents) => onCount?.(`${name}: ${counted(documents, 'document')}`),
      });
      const documents = resources.reduce((sum, each) => sum + each.documents, 0);
      return {
        diagnostics: [],
        failures: unreadable,
        lines: () => [`${countedDocuments(documents, resources.length)} written to ${folder}`],
        value: () => ({ output: folder, documents, resources }),
      };
    },
  };
}

/**
 * A dump of the documents as those of other schemas (design 20 §6). Throws the codes of `readTranslation` and
 * `writeTranslated`.
 */
async function translatedDump(
  { source, dialect, options }: Input<DumpOptions, MappingSetSource>,
  context: Context,
): Promise<PreparedDump> {
  const { after, translation, rename, schemaChecks } = options;
  const sets = { before: source as DatabaseSource, after: artifactsIn(after), dialects: { before: dialect } };
  const { design, earlier, schemas } = await readTranslation({ ...sets, translation, rename, schemaChecks }, context);
  return {
    work: documentWork(earlier),
    write: ({ connection, plans }, ofRun) =>
      atOneMoment(connection, async (moment) => {
        const writing = { ...options, schemas, allowEmpty: true };
        const written = await writeTranslated(design, await databaseFeed(moment, plans), writing, ofRun);
        return printedTranslation(written, options);
      }),
  };
}
