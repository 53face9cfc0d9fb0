import { counted, type Diagnostic } from '@dms/diagnostics';
import { type DumpedResource, dumpDocuments } from '@dms/loading';
import { type ReadingTaskOptions, warnOfMoments, withStoredDocuments } from './document-database.ts';
import type { DatabaseResult } from './with-database.ts';

export interface DumpDatabaseOptions extends ReadingTaskOptions {
  readonly outputDirectory: string;
  /** `Project:Resource`; all documents without it. */
  readonly resources?: readonly string[] | undefined;
  /** Only documents with a greater content version. */
  readonly since?: bigint | undefined;
  /** Connections; two by default, one with the embedded engine. */
  readonly jobs?: number | undefined;
}

export interface DumpedDatabase extends DatabaseResult {
  readonly resources: readonly DumpedResource[];
  readonly documents: number;
  /** Why documents are missing in the files: they have values that no document can hold. */
  readonly unreadable: readonly Diagnostic[];
}

/**
 * `dms-ddl dump`: writes the documents and descriptors of a database into a new folder (design 14 §4). Throws the codes of
 * `withStoredDocuments` and `dumpDocuments`.
 */
export function dumpDatabase(options: DumpDatabaseOptions): Promise<DumpedDatabase> {
  const { outputDirectory, resources, since, jobs = 2, signal, onProgress } = options;
  return withStoredDocuments(options, async ({ plans, connection, more }) => {
    const diagnostics = await warnOfMoments(connection, options);
    const { resources: dumped, unreadable } = await dumpDocuments(connection, plans, outputDirectory, {
      ...{ resources, since, signal },
      more: () => more(jobs - 1),
      onProgress: (resource, documents) => onProgress?.(`${resource}: ${counted(documents, 'document')}`),
    });
    const documents = dumped.reduce((sum, each) => sum + each.documents, 0);
    return { resources: dumped, documents, unreadable, diagnostics };
  });
}
