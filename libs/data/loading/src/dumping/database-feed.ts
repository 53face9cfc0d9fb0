import { resourceLabel } from '@dms/api-schema';
import { type Connection, rowsOf } from '@dms/databases';
import type { RowPlace } from '@dms/diagnostics';
import { countedPage, type DocumentPlans, openDocuments, readUuids, storedDocuments } from '@dms/documents';
import { core, type ResourceModel } from '@dms/model';
import { dialectOf } from '@dms/sql';
import type { DocumentFeed, FeedDocument, OnFeedReject } from '../loading/document-feed.ts';

/** How many documents to read together. */
const pageSize = 1_000;

/**
 * The documents and descriptors of a database for a loader, with their uuids, by document id. Documents with values that
 * no document can hold are refused. The connection is in a transaction that sees a single moment.
 */
export async function databaseFeed(connection: Connection, plans: DocumentPlans): Promise<DocumentFeed> {
  const { resources } = plans.mappingSet.model;
  const counts = await countsOf(connection, resources);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const store = openDocuments(connection, plans);
  let read = 0;
  const placeOf = (table: string, uuid: string): RowPlace => ({ table, key: { uuid } });
  const fed = (resource: string, uuid: string, document: FeedDocument['document']): FeedDocument => {
    read += 1;
    return { resource, uuid, document, row: () => placeOf(resource, uuid) };
  };
  const refusing = (resource: string, refuse: OnFeedReject) => ({
    onUnreadable: ({ uuid, diagnostic }: { uuid: string; diagnostic: Parameters<OnFeedReject>[0][number] }) => {
      read += 1;
      refuse([{ ...diagnostic, details: { ...diagnostic.details, table: resource, key: { uuid } } }]);
    },
  });
  async function* descriptors(refuse: OnFeedReject): AsyncGenerator<FeedDocument> {
    for (const resource of resources) {
      if (resource.storageKind !== 'SharedDescriptorTable') continue;
      const label = resourceLabel(resource.resourceKey);
      for await (const page of storedDocuments(connection, plans, resource, refusing(label, refuse))) {
        const uuids = await readUuids(
          connection,
          page.map(({ documentId }) => documentId),
        );
        for (const { documentId, document } of page) yield fed(label, uuids.get(documentId) ?? '', document);
      }
    }
  }
  async function* documents(label: string, refuse: OnFeedReject): AsyncGenerator<FeedDocument> {
    const resource = resources.find(({ resourceKey }) => resourceLabel(resourceKey) === label);
    if (!resource) return;
    const { onUnreadable } = refusing(label, refuse);
    for (let after: string | undefined; ; ) {
      const page = await countedPage(
        (takes) => store.scan(resource.resourceKey, { after, limit: pageSize, onUnreadable: takes }),
        onUnreadable,
      );
      for (const { uuid, document } of page.found) yield fed(label, uuid, document);
      if (page.count < pageSize) return;
      after = page.last;
    }
  }
  return {
    hasUuids: true,
    get share() {
      return all === 0 ? 1 : Math.min(read / all, 1);
    },
    rowsOf: (resource) => counts.get(resource) ?? 0,
    descriptors,
    async *mixed() {},
    documents,
    finish() {},
  };
}

/** How many documents and descriptors each resource has. */
async function countsOf(
  connection: Connection,
  resources: readonly ResourceModel[],
): Promise<ReadonlyMap<string, number>> {
  const { sql } = dialectOf[connection.dialect];
  const rows = await rowsOf<{ key: unknown; count: unknown }>(
    connection,
    sql`SELECT "ResourceKeyId" AS "key", COUNT(*) AS "count" FROM ${core.document} GROUP BY "ResourceKeyId"`,
  );
  const byKey = new Map(rows.map(({ key: id, count }) => [Number(id), Number(count)]));
  return new Map(resources.map(({ resourceKey }) => [resourceLabel(resourceKey), byKey.get(resourceKey.id) ?? 0]));
}
