import { counted } from '@dms/diagnostics';
import { onDocuments, readingWork, warnOfMoments } from '@dms/documents';
import { dumpDocuments } from '@dms/loading';
import { databaseOperation } from '../operation/operation.ts';
import { output, required, version } from '../operation/option.ts';
import { defaultJobs, jobsOption, resourceOption } from '../operation/shared-options.ts';
import { dialectUses } from '../operation/subject.ts';
import { openMappingSet } from '../sources/source.ts';

/**
 * Writes the documents and descriptors of a database into a new folder (design 14 §4). Throws the codes of
 * `mappingSetOf`, `onDocuments` and `dumpDocuments`.
 */
export const dump = databaseOperation({
  name: 'dump',
  group: 'documents',
  summary: 'write the documents of a database',
  description:
    'Writes the documents and descriptors of a database as files that load reads, <project>/<endpoint>.jsonl, one per line in ' +
    'the order in which they were first written.',
  examples: ['dump --artifacts out --connection-env CAMPUS_DB --output documents'],
  worksOn: { source: 'plans', dialect: dialectUses.ofPlans, connection: 'needed' },
  options: {
    output: required(output('<dir>', 'folder for the files; new or empty')),
    resource: resourceOption(),
    since: version('only documents that changed after this content version'),
    jobs: jobsOption('connections'),
  },
  prepare: async ({ source, dialect }, { onProgress }) =>
    readingWork(await openMappingSet(source, dialect, onProgress)),
  dialectOf: ({ plans }) => plans.dialect,
  run: ({ target, prepared }, { options }, context) =>
    onDocuments(target, prepared, context, async ({ plans, connection, notes, more }) => {
      const { output: folder, resource: resources, since, jobs = defaultJobs } = options;
      const diagnostics = await warnOfMoments(connection, context);
      const { resources: dumped, unreadable } = await dumpDocuments(connection, plans, folder, {
        resources,
        since,
        signal: context.signal,
        more: () => more(jobs - 1),
        onProgress: (resource, documents) => context.onCount?.(`${resource}: ${counted(documents, 'document')}`),
      });
      const documents = dumped.reduce((sum, each) => sum + each.documents, 0);
      return { resources: dumped, documents, failures: unreadable, diagnostics: [...diagnostics, ...notes] };
    }),
  lines: ({ documents, resources }, { options }) => [
    `${counted(documents, 'document')} of ${counted(resources.length, 'resource or descriptor', 'resources and descriptors')} written to ${options.output}`,
  ],
  value: ({ documents, resources }, { options }) => ({ output: options.output, documents, resources }),
});
