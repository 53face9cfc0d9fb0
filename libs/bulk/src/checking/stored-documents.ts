import type { JsonObject, JsonValue } from '@dms/canonical-json';
import type { Connection } from '@dms/databases';
import { type DocumentPlans, type ExistingDescriptor, openDocuments, scanDescriptors } from '@dms/documents';
import { core, type ResourceModel } from '@dms/model';
import { dialectRules, qualifiedName } from '@dms/sql';

/** A document or descriptor of a database. */
export interface FoundDocument {
  /** Decimal digits. */
  readonly documentId: string;
  readonly document: JsonObject;
}

/** How many documents to read together. */
const pageSize = 1_000;

/** A descriptor as a document. */
export function descriptorDocument(row: ExistingDescriptor): JsonObject {
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

/** All documents or descriptors of a resource by document id, page by page. Throws the `DB_*` codes. */
export async function* storedDocuments(
  connection: Connection,
  plans: DocumentPlans,
  { resourceKey, storageKind }: ResourceModel,
): AsyncGenerator<readonly FoundDocument[], void> {
  const store = openDocuments(connection, plans);
  for (let after = '0'; ; ) {
    const found =
      storageKind === 'SharedDescriptorTable'
        ? (
            await scanDescriptors(connection, plans, { resourceKeyId: resourceKey.id, after, since: '-1', limit: pageSize })
          ).map((row) => ({ documentId: row.DocumentId, document: descriptorDocument(row) }))
        : await store.scan(resourceKey, { after, limit: pageSize });
    yield found;
    const last = found.at(-1);
    if (!last || found.length < pageSize) return;
    after = last.documentId;
  }
}

/** The uuids of some documents, by their ids. */
export async function uuidsOf(connection: Connection, documentIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (documentIds.length === 0) return new Map();
  const rules = dialectRules[connection.dialect];
  const [id, uuid] = [rules.quote('DocumentId'), rules.quote('DocumentUuid')];
  const rows = await connection.query<{ id: unknown; uuid: string }>(
    `SELECT ${id} AS id, ${uuid} AS uuid FROM ${qualifiedName(rules, core.document)} WHERE ${id} IN (${documentIds.map((each) => String(BigInt(each))).join(', ')})`,
  );
  return new Map(rows.map((row) => [String(row.id), row.uuid.toLowerCase()]));
}
