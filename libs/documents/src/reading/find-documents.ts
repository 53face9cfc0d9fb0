import type { Connection } from '@dms/databases';
import type { DocumentRow } from '../statements/document-statements.ts';
import { queryStatements } from '../statements/query-statements.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';

/** The uuids of documents and descriptors by their referential ids; missing ones are left out. */
export async function uuidsByReferentialId(
  connection: Connection,
  referentialIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (referentialIds.length === 0) return new Map();
  const statements = documentStatements[connection.dialect];
  const targets = (await queryStatements(connection, statements.findTargets(referentialIds))).flat();
  if (targets.length === 0) return new Map();
  const ids = [...new Set(targets.map(({ DocumentId }) => String(DocumentId)))];
  const rows = (await queryStatements(connection, statements.documentsById(ids))).flat() as unknown as DocumentRow[];
  const uuids = new Map(rows.map(({ DocumentId, DocumentUuid }) => [String(DocumentId), DocumentUuid.toLowerCase()]));
  return new Map(
    targets.flatMap(({ ReferentialId, DocumentId }): [string, string][] => {
      const uuid = uuids.get(String(DocumentId));
      return uuid === undefined ? [] : [[String(ReferentialId).toLowerCase(), uuid]];
    }),
  );
}

/** The referential ids of documents and descriptors by their uuids; missing documents are left out. */
export async function referentialIdsByUuid(
  connection: Connection,
  uuids: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  if (uuids.length === 0) return new Map();
  const { documentsByUuid } = documentStatements[connection.dialect];
  const rows = (await queryStatements(connection, documentsByUuid(uuids))).flat() as unknown as DocumentRow[];
  return new Map(rows.map(({ DocumentUuid, ReferentialId }) => [DocumentUuid.toLowerCase(), ReferentialId]));
}
