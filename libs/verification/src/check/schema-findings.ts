import { resourceLabel } from '@dms/api-schema';
import { type Connection, expectNotCancelled, rolledBack } from '@dms/databases';
import { append } from '@dms/diagnostics';
import { documentPlans, readUuids, schemaCheck, storedDocuments } from '@dms/documents';
import type { RelationalModelSet } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import { type DataFinding, isUnreadable, shownExamples } from '../derived-rows/data-finding.ts';
import type { WantedRows } from './wanted-database.ts';

/**
 * The documents that the JSON schemas of the set refuse, by resource, with the first place in each (design 09 §7.6).
 * Reads every document, page by page, in one state of the database. Returns nothing if the rows already contradict each
 * other.
 *
 * @param rows what is wrong with the rows
 */
export function schemaFindings(
  session: Connection,
  { model, inventory, schemas }: WantedRows,
  rows: readonly DataFinding[],
  signal?: AbortSignal,
): Promise<readonly DataFinding[]> {
  if (rows.some(isUnreadable)) return Promise.resolve([]);
  const plans = documentPlans(compileMappingSet(model), inventory);
  const check = schemaCheck(schemas);
  const connection = { ...session, isInTransaction: true };
  const findingOf = async (resource: RelationalModelSet['resources'][number]): Promise<DataFinding[]> => {
    const object = resourceLabel(resource.resourceKey);
    const examples: { readonly documentId: string; readonly path: string }[] = [];
    let count = 0;
    // the check of rows names the documents that cannot be read
    for await (const page of storedDocuments(connection, plans, resource, { onUnreadable: () => undefined })) {
      expectNotCancelled(signal, 'The check of documents was cancelled.');
      const problems = check.problems(
        object,
        page.map(({ document }) => ({ document, file: object, line: 1 })),
      );
      const wrong = page.flatMap(({ documentId }, index) =>
        (problems[index] ?? []).slice(0, 1).map(({ where }) => ({ documentId, path: where.path ?? '$' })),
      );
      count += wrong.length;
      append(examples, wrong.slice(0, shownExamples - examples.length));
    }
    if (count === 0) return [];
    const uuids = await readUuids(
      session,
      examples.map(({ documentId }) => documentId),
    );
    const named = examples.map(({ documentId, path }) => `${uuids.get(documentId) ?? documentId} ${path}`);
    return [{ kind: 'documentSchema', object, count, examples: named, repairable: false, cause: null }];
  };
  return rolledBack(
    session,
    async () => {
      const found: DataFinding[] = [];
      for (const resource of model.resources) found.push(...(await findingOf(resource)));
      return found;
    },
    'reading',
  );
}
