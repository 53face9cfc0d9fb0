import { resourceLabel } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { documentPlans, openDocuments, scanDescriptors } from '@dms/documents';
import { core, coreV2, qualified, type ResourceModel } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import { dialectRules, givenScript, pgsqlName } from '@dms/sql';
import { type JsonObject, jsonText } from '@dms/values';
import type { CheckedSet } from '../src/index.ts';
import { fillWithSamples } from './filled-database.ts';

const q = dialectRules.pgsql.quote;

/**
 * Runs statements that the database may refuse, for example because other documents refer to one. Returns whether they
 * were accepted.
 */
async function attempt(connection: Connection, sql: string): Promise<boolean> {
  await connection.begin();
  try {
    await connection.execute(givenScript(sql));
    await connection.commit();
    return true;
  } catch (error) {
    await connection.rollback();
    if (error instanceof DmsError) return false;
    throw error;
  }
}

/** A text column of a root that no row copies, and one that identifies the row. */
function textColumns({ tablesInDependencyOrder: [root], naturalKey }: ResourceModel) {
  const texts = (root?.columns ?? []).filter(
    ({ kind, storage, scalarType, isWritable }) =>
      kind === 'Scalar' && storage.kind === 'Stored' && scalarType?.kind === 'String' && isWritable,
  );
  const canonical = new Set(root?.keyUnificationClasses.map(({ canonicalColumn }) => canonicalColumn));
  const keys = new Set(naturalKey.columns);
  return {
    plain: texts.find(({ name }) => !keys.has(name) && !canonical.has(name))?.name,
    identifying: texts.find(({ name }) => keys.has(name) && !canonical.has(name))?.name,
  };
}

/** Changes documents of each resource and the identities of some, and deletes some, with all triggers enabled. */
async function makeHistory(connection: Connection, { model }: CheckedSet): Promise<void> {
  for (const resource of model.resources) {
    const [root] = resource.tablesInDependencyOrder;
    if (root === undefined) continue;
    const table = pgsqlName(root.table);
    const row = (order: string) =>
      `"DocumentId" = (SELECT "DocumentId" FROM ${table} ORDER BY "DocumentId" ${order} LIMIT 1)`;
    const { plain, identifying } = textColumns(resource);
    if (plain !== undefined) await attempt(connection, `UPDATE ${table} SET ${q(plain)} = 'changed' WHERE ${row('')}`);
    if (identifying !== undefined)
      await attempt(connection, `UPDATE ${table} SET ${q(identifying)} = 'renamed' WHERE ${row('')}`);
    await attempt(
      connection,
      `CREATE TEMPORARY TABLE gone ON COMMIT DROP AS SELECT "DocumentId" FROM ${table} WHERE ${row('DESC')} AND (SELECT count(*) FROM ${table}) > 2;
       DELETE FROM ${table} WHERE "DocumentId" IN (SELECT "DocumentId" FROM gone);
       DELETE FROM ${pgsqlName(core.document)} WHERE "DocumentId" IN (SELECT "DocumentId" FROM gone)`,
    );
  }
  const descriptor = pgsqlName(core.descriptor);
  await attempt(
    connection,
    `UPDATE ${descriptor} SET "Description" = 'changed' WHERE "DocumentId" = (SELECT min("DocumentId") FROM ${descriptor})`,
  );
}

/** Writes each document into the cache, like a server. */
async function fillCache(connection: Connection, { model, inventory, catalog }: CheckedSet): Promise<void> {
  const plans = documentPlans(compileMappingSet(model), inventory);
  const store = openDocuments(connection, plans);
  const table = catalog.tables.find((each) => qualified(each) === qualified(core.documentCache));
  const has = (name: string) => table?.columns.some((column) => column.name === name) ?? false;
  const versioned = has('ContentVersion') ? ['"ContentVersion"', '"StreamEtag"'] : ['"Etag"'];
  const values = has('ContentVersion') ? `d."ContentVersion", d."ContentVersion"::text` : `d."ContentVersion"::text`;
  for (const resource of model.resources) {
    const found =
      resource.storageKind === 'SharedDescriptorTable'
        ? (
            await scanDescriptors(connection, plans, {
              resourceKeyId: resource.resourceKey.id,
              after: '0',
              since: '-1',
              limit: 1000,
            })
          ).map((row): { documentId: string; document: JsonObject } => ({
            documentId: row.DocumentId,
            document: new Map(
              (['Namespace', 'CodeValue', 'ShortDescription', 'Description'] as const).flatMap((name) => {
                const value = row[name];
                return value === null ? [] : [[`${name.charAt(0).toLowerCase()}${name.slice(1)}`, value] as const];
              }),
            ),
          }))
        : await store.scan(resource.resourceKey, { limit: 1000 });
    for (const { documentId, document } of found) {
      const text = dialectRules.pgsql.stringLiteral(jsonText(document));
      await connection.execute(
        givenScript(`INSERT INTO ${pgsqlName(core.documentCache)} ("DocumentId", "DocumentUuid", "ProjectName", "ResourceName", "ResourceVersion", ${versioned.join(', ')}, "LastModifiedAt", "DocumentJson")
         SELECT d."DocumentId", d."DocumentUuid", k."ProjectName", k."ResourceName", k."ResourceVersion", ${values}, d."ContentLastModifiedAt", (${text})::jsonb || jsonb_build_object('id', d."DocumentUuid"::text)
         FROM ${pgsqlName(core.document)} AS d INNER JOIN ${pgsqlName(core.resourceKey)} AS k ON k."ResourceKeyId" = d."ResourceKeyId"
         WHERE d."DocumentId" = ${documentId} /* ${resourceLabel(resource.resourceKey).replaceAll('*', '')} */`),
      );
    }
  }
}

/**
 * Fills a database so that every table that is derived from documents has rows: documents of every resource, some of
 * them later changed, renamed or deleted, a queue and a cache. The caller must not have a transaction open.
 */
export async function fillWithHistory(connection: Connection, input: CheckedSet): Promise<void> {
  const state = input.catalog.tables.find((each) => qualified(each) === qualified(coreV2.documentCacheState));
  if (state !== undefined)
    await connection.execute(
      givenScript(`UPDATE ${pgsqlName(coreV2.documentCacheState)} SET "ProjectionLifecycleState" = 'Tracking'`),
    );
  await fillWithSamples(connection, input);
  await makeHistory(connection, input);
  await fillCache(connection, input);
}
