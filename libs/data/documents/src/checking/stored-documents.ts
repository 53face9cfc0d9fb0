import { resourceLabel } from '@dms/api-schema';
import { type Connection, rowsOf } from '@dms/databases';
import { core, type ResourceModel } from '@dms/model';
import { dialectOf } from '@dms/sql';
import type { JsonObject, JsonValue } from '@dms/values';
import { openDocuments } from '../document-store.ts';
import type { UnwritableValue } from '../reading/document-reader.ts';
import { scanDescriptors } from '../reading/find-documents.ts';
import {
  reportUnreadable,
  type UnreadableDocument,
  type UnreadableOptions,
  unreadable,
} from '../reading/stored-document.ts';
import type { DocumentPlans } from '../resource-plans.ts';
import type { ExistingDescriptor } from '../statements/descriptor-statements.ts';
import { jsonFromDatabase } from '../values/stored-value.ts';

/** A document or descriptor of a database. */
interface FoundDocument {
  /** Decimal digits. */
  readonly documentId: string;
  readonly document: JsonObject;
}

/** The number of documents that are read together. */
const pageSize = 1_000;

/**
 * A page of documents or descriptors, the id after which the next page begins, and the number of rows that were read.
 */
interface ReadPage<Content> {
  readonly found: readonly Content[];
  readonly last: string | undefined;
  readonly count: number;
}

/**
 * All documents or descriptors of a resource by document id, page by page. Throws `DOCUMENT_UNREADABLE`, unless
 * `onUnreadable` accepts the documents with values that no document can hold, and the `DB_*` codes.
 */
export async function* storedDocuments(
  connection: Connection,
  plans: DocumentPlans,
  { resourceKey, storageKind }: Pick<ResourceModel, 'resourceKey' | 'storageKind'>,
  { onUnreadable }: UnreadableOptions = {},
): AsyncGenerator<readonly FoundDocument[], void> {
  const store = openDocuments(connection, plans);
  for (let after = '0'; ; ) {
    const read = async (takes: UnreadableOptions['onUnreadable']): Promise<readonly FoundDocument[]> => {
      if (storageKind !== 'SharedDescriptorTable')
        return store.scan(resourceKey, { after, limit: pageSize, onUnreadable: takes });
      const scan = { resourceKeyId: resourceKey.id, after, since: '-1', limit: pageSize };
      const rows = await scanDescriptors(connection, plans, scan);
      return readableDescriptors(connection, resourceLabel(resourceKey), rows, { onUnreadable: takes });
    };
    const { found, last, count } = await countedPage(read, onUnreadable);
    yield found;
    if (last === undefined || count < pageSize) return;
    after = last;
  }
}

/** Reads one page, and includes documents that cannot be read in the count. */
export async function countedPage<Content extends { readonly documentId: string }>(
  read: (onUnreadable: UnreadableOptions['onUnreadable']) => Promise<readonly Content[]>,
  onUnreadable: UnreadableOptions['onUnreadable'],
): Promise<ReadPage<Content>> {
  const refused: string[] = [];
  const takes = (document: UnreadableDocument) => {
    refused.push(document.documentId);
    onUnreadable?.(document);
  };
  const found = await read(onUnreadable === undefined ? undefined : takes);
  const last = [found.at(-1)?.documentId, ...refused].filter((id) => id !== undefined);
  const greatest = last.reduce<string | undefined>(
    (most, id) => (most === undefined || BigInt(id) > BigInt(most) ? id : most),
    undefined,
  );
  return { found, last: greatest, count: found.length + refused.length };
}

/** Descriptors as documents, without those with a date that no document can hold. */
export async function readableDescriptors(
  connection: Connection,
  resource: string,
  rows: readonly ExistingDescriptor[],
  { onUnreadable }: UnreadableOptions,
): Promise<readonly FoundDocument[]> {
  const wrong = rows.flatMap((row) => {
    const value = unwritableDate(row);
    return value === null ? [] : [{ row, value }];
  });
  if (wrong.length > 0) {
    const uuids = await readUuids(
      connection,
      wrong.map(({ row }) => row.DocumentId),
    );
    const refused = wrong.map(({ row: { DocumentId: documentId }, value }): UnreadableDocument => {
      const uuid = uuids.get(documentId) ?? documentId;
      return { uuid, documentId, diagnostic: unreadable(resource, uuid, value) };
    });
    reportUnreadable(refused, { onUnreadable });
  }
  const refusedIds = new Set(wrong.map(({ row }) => row.DocumentId));
  return rows
    .filter(({ DocumentId }) => !refusedIds.has(DocumentId))
    .map((row) => ({ documentId: row.DocumentId, document: descriptorDocument(row) }));
}

const dates = ['EffectiveBeginDate', 'EffectiveEndDate'] as const;

/** The date of a descriptor that no document can hold; null if all its dates are valid. */
function unwritableDate(row: ExistingDescriptor): UnwritableValue | null {
  const column = dates.find((name) => row[name] !== null && jsonFromDatabase.Date(row[name]) === undefined);
  if (column === undefined) return null;
  return { path: `$.${column.charAt(0).toLowerCase()}${column.slice(1)}`, column, shown: row[column] ?? '' };
}

function descriptorDocument(row: ExistingDescriptor): JsonObject {
  const members: readonly (readonly [string, JsonValue])[] = [
    ['namespace', row.Namespace],
    ['codeValue', row.CodeValue],
    ['shortDescription', row.ShortDescription],
    ['description', row.Description],
    ['effectiveBeginDate', row.EffectiveBeginDate],
    ['effectiveEndDate', row.EffectiveEndDate],
  ];
  return new Map(members.filter(([, value]) => value !== null));
}

/** The uuids of some documents, by their ids. */
export async function readUuids(
  connection: Connection,
  documentIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (documentIds.length === 0) return new Map();
  const { sql, literals } = dialectOf[connection.dialect];
  const query = sql`SELECT "DocumentId" AS id, "DocumentUuid" AS uuid FROM ${core.document} WHERE "DocumentId" IN (${literals(documentIds.map(BigInt))})`;
  const rows = await rowsOf<{ id: unknown; uuid: string }>(connection, query);
  return new Map(rows.map((row) => [String(row.id), row.uuid.toLowerCase()]));
}
