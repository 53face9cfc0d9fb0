import { atOneMoment } from '@dms/databases';
import { counted, type Diagnostic } from '@dms/diagnostics';
import { documentWork, onDocuments, readingWork, warnOfMoments } from '@dms/documents';
import { databaseFeed, dumpDocuments } from '@dms/loading';
import { databaseOperation } from '../declaring/operation.ts';
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
import { type DatabaseSource, openMappingSet } from '../sources/source.ts';
import { type ReadTranslation, readTranslation } from '../translated-files/translate-files.ts';
import {
  type WrittenTranslation,
  writeTranslated,
  writtenLines,
  writtenValue,
} from '../translated-files/write-translated.ts';

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

/** The options for untranslated documents only. */
const ofDocuments = related(
  {
    resource: resourceOption(),
    since: version('only documents that changed after this content version'),
    jobs: jobsOption('connections'),
  },
  { conflicts: translatingNames },
);

const dumpOptions = {
  output: required(output('<dir>', 'folder for the files; new or empty')),
  ...ofDocuments,
  // a pack has not all that a translation needs
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

/** The written documents: as stored, or translated. */
type Dumped = {
  readonly diagnostics: readonly Diagnostic[];
  readonly failures: readonly Diagnostic[];
} & (
  | { readonly documents: number; readonly resources: Awaited<ReturnType<typeof dumpDocuments>>['resources'] }
  | { readonly written: WrittenTranslation }
);

/**
 * Writes the documents and descriptors of a database into a new folder (design 14a §1), translated if a translation is
 * given (design 20 §6). Throws the codes of `mappingSetOf`, `onDocuments`, `dumpDocuments`, `readTranslation` and
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
  async prepare({ source, dialect, options }, context) {
    if (!asksTranslation(options)) {
      const set = await openMappingSet(source, dialect, context.onProgress);
      return { ...readingWork(set), translating: null as ReadTranslation | null };
    }
    const { after, translation, rename, schemaChecks } = options;
    const translating = await readTranslation(
      {
        before: source as DatabaseSource,
        ...(after === undefined ? {} : { after: { kind: 'artifacts', folder: after } as const }),
        dialects: { before: dialect },
        translation,
        rename,
        schemaChecks,
      },
      context,
    );
    return { ...documentWork(translating.earlier), translating };
  },
  dialectOf: ({ plans }) => plans.dialect,
  run: ({ target, prepared }, { options }, context) =>
    onDocuments(target, prepared, context, async ({ plans, connection, notes, more }): Promise<Dumped> => {
      const { output: folder, resource: resources, since, jobs = defaultJobs } = options;
      const warnings = await warnOfMoments(connection, context);
      if (prepared.translating !== null) {
        const { design, schemas } = prepared.translating;
        const written = await atOneMoment(connection, async (moment) =>
          writeTranslated(
            design,
            await databaseFeed(moment, plans),
            { ...options, schemas, allowEmpty: true },
            context,
          ),
        );
        const { diagnostics, failures } = written;
        return { written, failures, diagnostics: [...warnings, ...diagnostics, ...notes] };
      }
      const { resources: dumped, unreadable } = await dumpDocuments(connection, plans, folder, {
        resources,
        since,
        signal: context.signal,
        more: () => more(jobs - 1),
        onProgress: (resource, documents) => context.onCount?.(`${resource}: ${counted(documents, 'document')}`),
      });
      const documents = dumped.reduce((sum, each) => sum + each.documents, 0);
      return { resources: dumped, documents, failures: unreadable, diagnostics: [...warnings, ...notes] };
    }),
  lines(dumped, { options }) {
    if ('written' in dumped) return writtenLines(dumped.written, options);
    const { documents, resources } = dumped;
    return [
      `${counted(documents, 'document')} of ${counted(resources.length, 'resource or descriptor', 'resources and descriptors')} written to ${options.output}`,
    ];
  },
  value(dumped, { options }) {
    if ('written' in dumped) return writtenValue(dumped.written, options);
    const { documents, resources } = dumped;
    return { output: options.output, documents, resources };
  },
});
