import { resourceLabel } from '@dms/api-schema';
import { atOneMoment } from '@dms/databases';
import { append, counted, fail, nearestName } from '@dms/diagnostics';
import { documentWork, onDocuments, readChanges, warnOfMoments } from '@dms/documents';
import { writeOutput } from '@dms/files';
import { changeLine } from '@dms/loading';
import type { RelationalModelSet } from '@dms/model';
import { outputFile } from '../declaring/command-line.ts';
import { databaseOperation } from '../declaring/operation.ts';
import { printedOutput, version } from '../declaring/option.ts';
import { resourceOption } from '../declaring/shared-options.ts';
import { dialectUses } from '../declaring/subject.ts';
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
 * the codes of `documentDesign` and `onDocuments`, `CHANGES_NOT_TRACKED`, `DOCUMENT_RESOURCE_UNKNOWN`, `OUTPUT_*`.
 */
export const changes = databaseOperation({
  name: 'changes',
  group: 'documents',
  summary: 'print deletes and changed identities',
  description:
    'Prints the removed documents and changed identities that a database of the second generation has recorded, one per line as ' +
    'JSON, by version.',
  examples: ['changes --since 4711 --artifacts out --connection-env CAMPUS_DB --output changes.ndjson'],
  worksOn: { source: 'set', config: 'usual', dialect: dialectUses.ofArtifacts, connection: 'needed' },
  options: {
    since: version('only changes after this version'),
    resource: resourceOption(),
    output: printedOutput('<file>', 'file for the changes (default: print them)'),
  },
  prepare: async ({ source, dialect }, { onProgress }) =>
    documentWork(await documentDesign(source, dialect, onProgress)),
  dialectOf: ({ plans }) => plans.dialect,
  run: ({ target, prepared }, { options: { since, resource: resources, output } }, context) =>
    onDocuments(target, prepared, context, async ({ plans, connection }) => {
      checkResources(plans.mappingSet.model, resources);
      const diagnostics = await warnOfMoments(connection, context);
      const file = outputFile(output);
      const written: string[] = [];
      const told = await atOneMoment(connection, async (session) => {
        let count = 0;
        // without a change, return the given version, so that a caller who stores it keeps the place
        let lastVersion = since ?? null;
        for await (const page of readChanges(session, plans, { since, resources })) {
          const lines = page.map(changeLine);
          if (file !== undefined) append(written, lines);
          else if (lines.length > 0) context.onLines?.(lines);
          count += page.length;
          lastVersion = page.at(-1)?.changeVersion ?? lastVersion;
        }
        return { changes: count, lastVersion, diagnostics };
      });
      if (file !== undefined)
        await writeOutput('changes', file, written.map((line) => `${line}\n`).join(''), context.signal);
      return told;
    }),
  resultKind: ({ options }) => (outputFile(options.output) === undefined ? 'data' : 'done'),
  lines({ changes: count }, { options }) {
    const file = outputFile(options.output);
    return file === undefined ? [] : [`${counted(count, 'change')} written to ${file}`];
  },
  value: ({ changes: count, lastVersion }, { options: { output } }) => ({
    changes: count,
    lastVersion: lastVersion === null ? null : String(lastVersion),
    output,
  }),
});
