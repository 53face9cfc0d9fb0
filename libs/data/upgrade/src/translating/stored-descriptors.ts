import { labelledResource, resourceLabel } from '@dms/api-schema';
import { type Connection, rowsOf } from '@dms/databases';
import { counted, fail } from '@dms/diagnostics';
import { readUuids, uriClasses } from '@dms/documents';
import { core, type MappingVersion } from '@dms/model';
import { dialectOf } from '@dms/sql';
import { laterDescriptor } from '@dms/translation';
import { groupBy } from '@dms/values';
import type { UpgradeTranslation } from './translation-in-place.ts';

/** A descriptor of the database, and what a translation in place makes of it. */
export interface StoredDescriptor {
  readonly id: number;
  /** `Project:Resource` in the earlier set. */
  readonly resource: string;
  readonly hasOtherNamespace: boolean;
  /** Its referential id in the later set. */
  readonly referentialId: string;
}

/** The descriptors of the database as rows, without reading their documents (design 12a §6). */
export async function storedDescriptors(
  connection: Connection,
  { compiled }: UpgradeTranslation,
): Promise<readonly StoredDescriptor[]> {
  const { sql } = dialectOf[connection.dialect];
  const { model } = compiled.before.plans.mappingSet;
  const { referentialIds } = compiled.after.plans;
  const resources = new Map(
    model.effectiveSchema.resourceKeys.map((key) => {
      const resource = resourceLabel(key);
      return [key.id, { resource, later: labelledResource(compiled.rules.resource(resource).later) }];
    }),
  );
  const { namespaces } = compiled.rules.translation;
  const rows = await rowsOf<{ id: unknown; key: unknown; uri: string }>(
    connection,
    sql`SELECT d."DocumentId" AS id, d."ResourceKeyId" AS "key", t."Uri" AS uri FROM ${core.descriptor} AS t INNER JOIN ${core.document} AS d ON d."DocumentId" = t."DocumentId"`,
  );
  const stored = rows.flatMap(({ id, key, uri }) => {
    const known = resources.get(Number(key));
    if (known === undefined) return [];
    const { resource, later } = known;
    const laterUri = String(laterDescriptor(namespaces, uri));
    const referentialId = referentialIds.ofDescriptor(later, laterUri);
    return [{ id: Number(id), resource, hasOtherNamespace: laterUri !== uri, referentialId, laterUri }];
  });
  await expectDistinctUris(connection, stored, compiled.after.plans.version);
  return stored;
}

interface DescriptorInClass extends StoredDescriptor {
  /** URIs of the same class are equal in the database once namespaces are renamed. */
  readonly uriClass: number | undefined;
}

/** What two descriptors of a resource may not have in common unless they also have the other in common. */
const confusions = [
  {
    same: 'uriClass',
    other: 'referentialId',
    reason: (descriptors: string) =>
      `the database regards the URIs of ${descriptors} as equal once their namespaces are renamed`,
  },
  {
    same: 'referentialId',
    other: 'uriClass',
    reason: (descriptors: string) =>
      `the database distinguishes the URIs of ${descriptors} that differ in letter case only`,
  },
] as const;

/**
 * Refuses descriptors that become one only in the database, and those that only the database distinguishes, because
 * references are found in memory by their referential ids (design 12a §6, 22 §6).
 */
async function expectDistinctUris(
  connection: Connection,
  stored: readonly (StoredDescriptor & { readonly laterUri: string })[],
  version: MappingVersion,
): Promise<void> {
  for (const [resource, all] of groupBy(stored, (each) => each.resource)) {
    const isDistinct = new Set(all.map(({ referentialId }) => referentialId)).size === all.length;
    if (isDistinct && !all.some(({ hasOtherNamespace }) => hasOtherNamespace)) continue;
    const uris = all.map(({ laterUri }) => laterUri);
    const classes = await uriClasses(connection, uris, version);
    if (classes === null) continue;
    const inClasses = all.map((each, index): DescriptorInClass => ({ ...each, uriClass: classes[index] }));
    for (const { same, other, reason } of confusions)
      for (const alike of groupBy(inClasses, (each) => each[same]).values()) {
        if (new Set(alike.map((each) => each[other])).size === 1) continue;
        const ids = alike.map(({ id }) => id).toSorted((a, b) => a - b);
        const uuids = await readUuids(connection, ids.map(String));
        const documents = ids.flatMap((id) => uuids.get(String(id)) ?? []);
        const message = `${resource}: ${reason(counted(documents.length, 'descriptor'))} (documents ${documents.join(', ')}). Change the code value of one of them, and run it again.`;
        fail('UPGRADE_ROWS_OBJECT', message, { resource }, { count: documents.length, documents });
      }
  }
}
