import { counted } from '@dms/diagnostics';
import { readingWork } from '@dms/documents';
import { dumpDocuments } from '@dms/loading';
import type { Context, Input } from '../../declaring/operation.ts';
import { defaultJobs } from '../../declaring/shared-options.ts';
import { type MappingSetSource, openMappingSet } from '../../sources/source.ts';
import type { DumpOptions, PreparedDump } from './dump-options.ts';

/** A dump of the documents as they are stored. Throws the codes of `openMappingSet` and `dumpDocuments`. */
export async function storedDump(
  { source, dialect, options }: Input<DumpOptions, MappingSetSource>,
  { onProgress }: Pick<Context, 'onProgress'>,
): Promise<PreparedDump> {
  const work = readingWork(await openMappingSet(source, dialect, onProgress));
  const { output, resource, since, jobs = defaultJobs } = options;
  return {
    work,
    async write({ connection, plans, more }, { signal, onCount }) {
      const { resources, unreadable } = await dumpDocuments(connection, plans, output, {
        resources: resource,
        since,
        signal,
        more: () => more(jobs - 1),
        onProgress: (name, documents) => onCount?.(`${name}: ${counted(documents, 'document')}`),
      });
      const documents = resources.reduce((sum, each) => sum + each.documents, 0);
      const what = `${counted(documents, 'document')} of ${counted(resources.length, 'resource or descriptor', 'resources and descriptors')}`;
      return {
        diagnostics: [],
        failures: unreadable,
        lines: () => [`${what} written to ${output}`],
        value: () => ({ output, documents, resources }),
      };
    },
  };
}
