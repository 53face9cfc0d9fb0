import { resourceLabel } from '@dms/api-schema';
import { atOneMoment } from '@dms/databases';
import { fail, nearestName } from '@dms/diagnostics';
import { readChanges } from '@dms/documents';
import { changeLine } from '@dms/loading';
import type { RelationalModelSet } from '@dms/model';
import { type DocumentTaskOptions, warnOfMoments, withDocuments } from './document-database.ts';
import type { DatabaseResult } from './with-database.ts';

export interface ReadChangesOptions extends DocumentTaskOptions {
  /** Changes of greater versions only. */
  readonly since?: bigint | undefined;
  /** `Project:Resource`, also of descriptors; all without it. */
  readonly resources?: readonly string[] | undefined;
  /** Takes the changes, page by page, as lines of JSON. */
  readonly onChanges: (lines: readonly string[]) => void;
}

export interface FoundChanges extends DatabaseResult {
  readonly changes: number;
  /** Version of the last change; without a change the version that was given, so that whoever stores it keeps the place. */
  readonly lastVersion: bigint | null;
}

function checkResources({ resources }: RelationalModelSet, wanted: readonly string[] = []): void {
  const labels = resources.map(({ resourceKey }) => resourceLabel(resourceKey));
  for (const resource of wanted) {
    if (labels.includes(resource)) continue;
    const { nearest, hint } = nearestName(resource, labels);
    fail(
      'DOCUMENT_RESOURCE_UNKNOWN',
      `The mapping set has no resource ${resource}.${hint}`,
      { resource },
      { resource, nearest },
    );
  }
}

/**
 * `dms-ddl changes`: the deletes and changed identities that a database has recorded until one moment, by version (design 17 §8). Throws the
 * codes of `withDocuments`, `CHANGES_NOT_TRACKED`, `DOCUMENT_RESOURCE_UNKNOWN`.
 */
export function readDatabaseChanges(options: ReadChangesOptions): Promise<FoundChanges> {
  const { since, resources, onChanges } = options;
  return withDocuments(options, async ({ plans, connection }) => {
    checkResources(plans.mappingSet.model, resources);
    const diagnostics = await warnOfMoments(connection, options);
    return atOneMoment(connection, async (session) => {
      let changes = 0;
      let lastVersion = since ?? null;
      for await (const page of readChanges(session, plans, { since, resources })) {
        if (page.length > 0) onChanges(page.map(changeLine));
        changes += page.length;
        lastVersion = page.at(-1)?.changeVersion ?? lastVersion;
      }
      return { changes, lastVersion, diagnostics };
    });
  });
}
