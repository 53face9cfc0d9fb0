import { resourceLabel } from '@dms/api-schema';
import { type Connection, type Row, rowsOf } from '@dms/databases';
import { diagnostic } from '@dms/diagnostics';
import { core, modelIndex, mustExist, qualified, type ResourceModel } from '@dms/model';
import { firstRowsOf, planDialects } from '@dms/plans';
import { dialectOf, join, type Sql } from '@dms/sql';
import { generations } from '../generations.ts';
import type { DocumentPlans } from '../resource-plans.ts';
import type { UnreadableDocument } from './stored-document.ts';

/** How many lost documents to read together. */
const pageSize = 1_000;

/**
 * The documents of some resources that lack their root row, or whose row in `dms.Descriptor` belongs to another resource, by
 * document id; no scan finds them (design 14 §3). Each is asked for twice: without a snapshot, one that is deleted
 * meanwhile may seem lost.
 */
export async function lostDocuments(
  connection: Connection,
  plans: DocumentPlans,
  resources: readonly ResourceModel[],
  since = -1n,
): Promise<readonly UnreadableDocument[]> {
  if (resources.length === 0) return [];
  const { sql, literal } = dialectOf[plans.dialect];
  const lost: UnreadableDocument[] = [];
  for (let after = '-1'; ; ) {
    const next = sql`d."DocumentId" > ${literal(BigInt(after))} AND d."ContentVersion" > ${literal(since)}`;
    const found = await rowsWithoutRoot(connection, plans, resources, next);
    const ids = found.map(({ DocumentId }) => String(DocumentId));
    lost.push(...(await lostAmong(connection, plans, resources, ids)));
    if (ids.length < pageSize) return lost;
    after = mustExist(ids.at(-1), 'the last document');
  }
}

/** The lost documents among those with these ids, as in {@link lostDocuments}; other resources are not searched. */
export async function lostAmong(
  connection: Connection,
  plans: DocumentPlans,
  resources: readonly ResourceModel[],
  ids: readonly string[],
): Promise<readonly UnreadableDocument[]> {
  if (ids.length === 0) return [];
  const { among, sql } = dialectOf[plans.dialect];
  const byKey = new Map(resources.map((resource) => [resource.resourceKey.id, resource]));
  const rows = await rowsWithoutRoot(connection, plans, resources, among(sql`d."DocumentId"`, ids, 'bigint'));
  return rows.map((row) => {
    const resource = mustExist(byKey.get(Number(row.ResourceKeyId)), 'the resource of a document');
    const label = resourceLabel(resource.resourceKey);
    const uuid = String(row.DocumentUuid);
    const table = qualified(rootOf(plans, resource) ?? core.descriptor);
    const text = `The ${label} ${uuid} has no row in ${table}, so it cannot be read. Replace or delete it by its uuid; dms-ddl check --data names all such documents.`;
    return {
      uuid,
      documentId: String(row.DocumentId),
      diagnostic: diagnostic('DOCUMENT_UNREADABLE', text, { resource: label }, { uuid, table }),
    };
  });
}

/** The root table of a resource; undefined for descriptors. */
const rootOf = ({ mappingSet }: DocumentPlans, { resourceKey }: ResourceModel) =>
  modelIndex(mappingSet.model).rootOf(resourceLabel(resourceKey))?.table;

/** Rows of `dms.Document` without root row that meet a condition, by id, up to {@link pageSize}. One pass over all tables. */
async function rowsWithoutRoot(
  connection: Connection,
  plans: DocumentPlans,
  resources: readonly ResourceModel[],
  condition: Sql,
): Promise<readonly Row[]> {
  const { sql, literal, literals, text } = dialectOf[plans.dialect];
  const roots = resources.flatMap((resource) => {
    const root = rootOf(plans, resource);
    return root ? [sql`SELECT r."DocumentId", ${literal(resource.resourceKey.id)} AS "Key" FROM ${root} r`] : [];
  });
  const ofDescriptors = generations[plans.version].descriptors.repeatsDocument
    ? sql`SELECT s."DocumentId", s."ResourceKeyId" AS "Key" FROM ${core.descriptor} s`
    : sql`SELECT s."DocumentId", e."ResourceKeyId" AS "Key" FROM ${core.descriptor} s INNER JOIN ${core.document} e ON e."DocumentId" = s."DocumentId"`;
  const rows = join(roots.length < resources.length ? [...roots, ofDescriptors] : roots, '\nUNION ALL\n');
  const keys = literals(resources.map(({ resourceKey }) => resourceKey.id));
  const select = sql`${text(sql`d."DocumentId"`, 'bigint')} AS "DocumentId", ${text(sql`d."DocumentUuid"`, 'uuid')} AS "DocumentUuid", d."ResourceKeyId" FROM ${core.document} d WHERE d."ResourceKeyId" IN (${keys}) AND ${condition} AND NOT EXISTS (SELECT 1 FROM (${rows}) t WHERE t."DocumentId" = d."DocumentId" AND t."Key" = d."ResourceKeyId")`;
  const first = firstRowsOf(planDialects[plans.dialect], select, sql`ORDER BY d."DocumentId"`, literal(pageSize));
  return rowsOf(connection, first);
}
