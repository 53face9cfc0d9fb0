import { resourceLabel } from '@dms/api-schema';
import { atOneMoment } from '@dms/databases';
import { fail, nearestName } from '@dms/diagnostics';
import { documentWork, onDocuments, readChanges, warnOfMoments } from '@dms/documents';
import { changeLine } from '@dms/loading';
import type { RelationalModelSet } from '@dms/model';
import { databaseOperation } from '../operation/operation.ts';
import { version } from '../operation/option.ts';
import { resourceOption } from '../operation/shared-options.ts';
import { dialectUses } from '../operation/subject.ts';
import { documentDesign } from '../sources/source.ts';

function checkResources({ resources }: RelationalModelSet, wanted: readonly string[] = []): void {
  const labels = resources.map(({ resourceKey }) => resourceLabel(resourceKey));
  for (const resource of wanted) {
    if (labels.includes(resource)) continue;
    const { nearest, hint } = nearestName(resource, labels);
    const text = `The mapping set has no resource ${resource}${hint}`;
    fail('DOCUMENT_RESOURCE_UNKNOWN', text, { resource }, { resource, nearest });
  }
}

/**
 * The deletes and changed identities that a database has recorded until one moment, by version (design 17 §8). Throws
 * the codes of `documentDesign` and `onDocuments`, `CHANGES_NOT_TRACKED`, `DOCUMENT_RESOURCE_UNKNOWN`.
 */
export const changes = databaseOperation({
  name: 'changes',
  group: 'documents',
  summary: 'print deletes and changed identities',
  description:
    'Prints the removed documents and changed identities that a database of the second generation has recorded, one per line as ' +
    'JSON, by version.',
  examples: ['changes --since 4711 --artifacts out --connection-env CAMPUS_DB'],
  worksOn: { source: 'set', dialect: dialectUses.ofArtifacts, connection: 'needed' },
  options: { since: version('only changes after this version'), resource: resourceOption() },
  prepare: async ({ source, dialect }, { onProgress }) =>
    documentWork(await documentDesign(source, dialect, onProgress)),
  dialectOf: ({ plans }) => plans.dialect,
  run: ({ target, prepared }, { options: { since, resource: resources } }, context) =>
    onDocuments(target, prepared, context, async ({ plans, connection }) => {
      checkResources(plans.mappingSet.model, resources);
      const diagnostics = await warnOfMoments(connection, context);
      return atOneMoment(connection, async (session) => {
        let count = 0;
        // without a change the version that was given, so that whoever stores it keeps the place
        let lastVersion = since ?? null;
        for await (const page of readChanges(session, plans, { since, resources })) {
          if (page.length > 0) context.onLines?.(page.map(changeLine));
          count += page.length;
          lastVersion = page.at(-1)?.changeVersion ?? lastVersion;
        }
        return { changes: count, lastVersion, diagnostics };
      });
    }),
  resultKind: () => 'data',
  lines: () => [],
  value: ({ changes: count, lastVersion }) => ({
    changes: count,
    lastVersion: lastVersion === null ? null : String(lastVersion),
  }),
});
