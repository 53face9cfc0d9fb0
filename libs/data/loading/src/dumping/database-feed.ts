import { resourceLabel } from '@dms/api-schema';
import { type Connection, rowsOf } from '@dms/databases';
import type { RowPlace } from '@dms/diagnostics';
import {
  countedPage,
  type DocumentPlans,
  lostAmong,
  lostDocuments,
  openDocuments,
  readUuids,
  storedDocuments,
} from '@dms/documents';
import { core, modelIndex, mustExist, type ResourceModel } from '@dms/model';
import { dialectOf } from '@dms/sql';
import { groupBy } from '@dms/values';
import type { DocumentFeed, FeedDocument, OnFeedReject } from '../loading/document-feed.ts';

/** How many documents to read together. */
const pageSize = 1_000;

/** A document or descriptor of a database. */
export interface DatabaseDocument extends FeedDocument {
  readonly uuid: string;
  /** Decimal digits. */
  readonly documentId: string;
}

/** The documents of a database; {@link DocumentFeed.documents} gives descriptors too. */
export interface DatabaseFeed extends DocumentFeed {
  documents(resource: string, refuse: OnFeedReject): AsyncGenerator<DatabaseDocument>;
  /** The documents of a resource with these ids, by id. */
  byId(resource: string, documentIds: readonly string[], refuse: OnFeedReject): Promise<readonly DatabaseDocument[]>;
  /** Refuses the documents of an asked resource without a root row, as {@link documents} does after the others. */
  refuseLost(resource: string, refuse: OnFeedReject): void;
}

/**
 * The documents and descriptors of a database for a loader, with their uuids, by document id. Documents with values that
 * no document can hold, and those without a root row, are refused; scans find the latter only for `asked` resources, by
 * default all. The connection is in a transaction that sees a single moment.
 */
export async function databaseFeed(
  connection: Connection,
  plans: DocumentPlans,
  asked?: ReadonlySet<string>,
): Promise<DatabaseFeed> {
  const { resources } = plans.mappingSet.model;
  const byLabel = modelIndex(plans.mappingSet.model).resources;
  const counts = await countsOf(connection, resources);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const store = openDocuments(connection, plans);
  const lost = groupBy(
    await lostDocuments(
      connection,
      plans,
      resources.filter(({ resourceKey }) => asked?.has(resourceLabel(resourceKey)) ?? true),
    ),
    ({ diagnostic }) => diagnostic.where.resource,
  );
  let read = 0;
  const placeOf = (table: string, uuid: string): RowPlace => ({ table, key: { uuid } });
  const fed = (
    resource: string,
    { documentId, uuid, document }: Pick<DatabaseDocument, 'documentId' | 'uuid' | 'document'>,
  ): DatabaseDocument => {
    read += 1;
    return { resource, uuid, documentId, document, row: () => placeOf(resource, uuid) };
  };
  const refusing = (resource: string, refuse: OnFeedReject) => ({
    onUnreadable: ({ uuid, diagnostic }: { uuid: string; diagnostic: Parameters<OnFeedReject>[0][number] }) => {
      read += 1;
      refuse([{ ...diagnostic, details: { ...diagnostic.details, table: resource, key: { uuid } } }]);
    },
  });
  const refuseLost = (resource: string, refuse: OnFeedReject) => {
    const { onUnreadable } = refusing(resource, refuse);
    for (const each of lost.get(resource) ?? []) onUnreadable(each);
  };
  async function* ofDescriptors(resource: ResourceModel, refuse: OnFeedReject): AsyncGenerator<DatabaseDocument> {
    const label = resourceLabel(resource.resourceKey);
    for await (const page of storedDocuments(connection, plans, resource, refusing(label, refuse))) {
      const uuids = await readUuids(
        connection,
        page.map(({ documentId }) => documentId),
      );
      for (const each of page) yield fed(label, { ...each, uuid: uuids.get(each.documentId) ?? '' });
    }
    refuseLost(label, refuse);
  }
  async function* documents(label: string, refuse: OnFeedReject): AsyncGenerator<DatabaseDocument> {
    const resource = byLabel.get(label);
    if (!resource) return;
    if (resource.storageKind === 'SharedDescriptorTable') {
      yield* ofDescriptors(resource, refuse);
      return;
    }
    const { onUnreadable } = refusing(label, refuse);
    for (let after: string | undefined; ; ) {
      const page = await countedPage(
        (takes) => store.scan(resource.resourceKey, { after, limit: pageSize, onUnreadable: takes }),
        onUnreadable,
      );
      for (const each of page.found) yield fed(label, each);
      if (page.count < pageSize) break;
      after = page.last;
    }
    refuseLost(label, refuse);
  }
  return {
    hasUuids: true,
    get share() {
      return all === 0 ? 1 : Math.min(read / all, 1);
    },
    rowsOf: (resource) => counts.get(resource) ?? 0,
    async *descriptors(refuse) {
      for (const resource of resources)
        if (resource.storageKind === 'SharedDescriptorTable') yield* ofDescriptors(resource, refuse);
    },
    async *mixed() {},
    documents,
    async byId(label, documentIds, refuse) {
      const resource = mustExist(byLabel.get(label), label);
      const { onUnreadable } = refusing(label, refuse);
      const missing = new Set(documentIds);
      const found = await store.readById(resource.resourceKey, documentIds, {
        onUnreadable(document) {
          missing.delete(document.documentId);
          onUnreadable(document);
        },
      });
      for (const { documentId } of found) missing.delete(documentId);
      for (const document of await lostAmong(connection, plans, [resource], [...missing])) onUnreadable(document);
      return found.map((each) => fed(label, each));
    },
    refuseLost,
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
