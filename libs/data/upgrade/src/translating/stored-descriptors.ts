import { labelledResource, resourceLabel } from '@dms/api-schema';
import { type Connection, rowsOf } from '@dms/databases';
import { core } from '@dms/model';
import { dialectOf } from '@dms/sql';
import { laterDescriptor } from '@dms/translation';
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
  return rows.flatMap(({ id, key, uri }) => {
    const known = resources.get(Number(key));
    if (known === undefined) return [];
    const { resource, later } = known;
    const laterUri = String(laterDescriptor(namespaces, uri));
    const referentialId = referentialIds.ofDescriptor(later, laterUri);
    return [{ id: Number(id), resource, hasOtherNamespace: laterUri !== uri, referentialId }];
  });
}
