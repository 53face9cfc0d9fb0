import { resourceLabel } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import type { RowPlace } from '@dms/diagnostics';
import {
  countedPage,
  type DocumentPlans,
  openDocuments,
  readUuids,
  storedDocuments,
  type UnreadableDocument,
} from '@dms/documents';
import { modelIndex, mustExist, type ResourceModel } from '@dms/model';
import type { DocumentFeed, FeedDocument, OnFeedReject } from '../loading/document-feed.ts';
import { documentTallies, lostDocuments, Tally } from './lost-documents.ts';

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
}

/**
 * The documents and descriptors of a database for a loader, with their uuids, by document id. Documents with values that
 * no document can hold, or without their rows, are refused. The connection is in a transaction that sees a single moment.
 */
export async function databaseFeed(connection: Connection, plans: DocumentPlans): Promise<DatabaseFeed> {
  const { resources } = plans.mappingSet.model;
  const byLabel = modelIndex(plans.mappingSet.model).resources;
  const stored = await documentTallies(connection);
  const tallyOf = ({ resourceKey: { id } }: ResourceModel) => stored.get(String(id)) ?? new Tally();
  const all = [...stored.values()].reduce((sum, { count }) => sum + count, 0);
  const store = openDocuments(connection, plans);
  let read = 0;
  const placeOf = (table: string, uuid: string): RowPlace => ({ table, key: { uuid } });
  const fed = (
    resource: string,
    { documentId, uuid, document }: Pick<DatabaseDocument, 'documentId' | 'uuid' | 'document'>,
  ): DatabaseDocument => {
    read += 1;
    return { resource, uuid, documentId, document, row: () => placeOf(resource, uuid) };
  };
  const refusing = (resource: string, refuse: OnFeedReject, tally?: Tally) => ({
    onUnreadable: ({ documentId, uuid, diagnostic }: UnreadableDocument) => {
      read += 1;
      tally?.add([documentId]);
      refuse([{ ...diagnostic, details: { ...diagnostic.details, table: resource, key: { uuid } } }]);
    },
  });
  async function* ofDescriptors(
    resource: ResourceModel,
    refuse: OnFeedReject,
    tally: Tally,
  ): AsyncGenerator<DatabaseDocument> {
    const label = resourceLabel(resource.resourceKey);
    for await (const page of storedDocuments(connection, plans, resource, refusing(label, refuse, tally))) {
      const uuids = await readUuids(
        connection,
        page.map(({ documentId }) => documentId),
      );
      for (const each of page) yield fed(label, { ...each, uuid: uuids.get(each.documentId) ?? '' });
    }
  }
  async function* ofRoots(
    resource: ResourceModel,
    refuse: OnFeedReject,
    tally: Tally,
  ): AsyncGenerator<DatabaseDocument> {
    const label = resourceLabel(resource.resourceKey);
    const { onUnreadable } = refusing(label, refuse, tally);
    for (let after: string | undefined; ; ) {
      const page = await countedPage(
        (takes) => store.scan(resource.resourceKey, { after, limit: pageSize, onUnreadable: takes }),
        onUnreadable,
      );
      for (const each of page.found) yield fed(label, each);
      if (page.count < pageSize) return;
      after = page.last;
    }
  }
  /** All documents of a resource; those that no scan finds are refused at the end. */
  async function* ofResource(resource: ResourceModel, refuse: OnFeedReject): AsyncGenerator<DatabaseDocument> {
    const label = resourceLabel(resource.resourceKey);
    const pages = resource.storageKind === 'SharedDescriptorTable' ? ofDescriptors : ofRoots;
    const tally = new Tally();
    for await (const each of pages(resource, refuse, tally)) {
      tally.add([each.documentId]);
      yield each;
    }
    const lost = tally.equals(tallyOf(resource)) ? null : await lostDocuments(connection, plans, resource);
    if (lost === null) return;
    const { uuid = '' } = lost.details;
    refuse([{ ...lost, details: { ...lost.details, table: label, key: { uuid } } }]);
  }
  return {
    hasUuids: true,
    get share() {
      return all === 0 ? 1 : Math.min(read / all, 1);
    },
    rowsOf: (label) => {
      const resource = byLabel.get(label);
      return resource === undefined ? 0 : tallyOf(resource).count;
    },
    async *descriptors(refuse) {
      for (const resource of resources)
        if (resource.storageKind === 'SharedDescriptorTable') yield* ofResource(resource, refuse);
    },
    async *mixed() {},
    async *documents(label, refuse) {
      const resource = byLabel.get(label);
      if (resource) yield* ofResource(resource, refuse);
    },
    async byId(label, documentIds, refuse) {
      const { resourceKey } = mustExist(byLabel.get(label), label);
      const found = await store.readById(resourceKey, documentIds, refusing(label, refuse));
      return found.map((each) => fed(label, each));
    },
    finish() {},
  };
}
