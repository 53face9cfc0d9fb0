import type { Connection, Row, Statement } from '@dms/databases';
import { promised } from '@dms/model';
import type { DocumentPlans, ResourcePlans } from '../document-plans.ts';
import { type DocumentRow, documentStatements } from '../statements/document-statements.ts';
import type { DescriptorUris } from './descriptor-uris.ts';
import { askAll, hydrated } from './hydration.ts';
import { renderDocument } from './render-document.ts';
import type { StoredDocument } from './stored-document.ts';

/** Reads of one moment: what a page names and its rows belong together. */
export async function inOneMoment<Result>(
  connection: Connection,
  read: (ask: (statements: readonly Statement[]) => ReturnType<typeof askAll>) => Promise<Result>,
): Promise<Result> {
  const ends = documentStatements[connection.dialect].transaction;
  let isOpen = false;
  const ask = async (statements: readonly Statement[]) => {
    if (isOpen) return askAll(connection, statements);
    isOpen = true;
    if (ends) return askAll(connection, [ends.beginReading, ...statements]);
    await connection.begin();
    return askAll(connection, statements);
  };
  try {
    return await read(ask);
  } finally {
    // nothing was written
    if (isOpen) await connection.rollback();
  }
}

/** Whether rows name a descriptor whose URI is not known. */
function namesUnknown({ shape }: ResourcePlans, answers: readonly (readonly Row[])[], uris: DescriptorUris): boolean {
  return shape.tables.some(({ leaves }, index) => {
    const names = leaves.flatMap(({ value, columns }) => (value === 'descriptor' ? (columns[0]?.name ?? []) : []));
    return (answers[index] ?? []).some((row) =>
      names.some((name) => {
        const id = row[name] ?? null;
        return id !== null && !uris.has(String(id));
      }),
    );
  });
}

/**
 * The documents of some rows of `dms.Document`, of one resource, in their order. While no descriptor is known their URIs are asked for
 * with the rows, later only where rows name one that is not.
 */
export async function documentsOf(
  plans: ResourcePlans,
  dialect: Connection['dialect'],
  rows: readonly DocumentRow[],
  uris: DescriptorUris,
  ask: (statements: readonly Statement[]) => ReturnType<typeof askAll>,
): Promise<StoredDocument[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ DocumentId }) => String(DocumentId));
  const { hydrate } = documentStatements[dialect];
  const answers = await ask(hydrate(plans.read, ids, { tables: true, uris: uris.isEmpty }));
  uris.remember(answers.slice(plans.read.tablePlansInDependencyOrder.length));
  if (namesUnknown(plans, answers, uris)) uris.remember(await ask(hydrate(plans.read, ids, { tables: false, uris: true })));
  const found = hydrated(plans, answers);
  return rows.map(({ DocumentUuid, DocumentId, ContentVersion, ReferentialId }) => ({
    resource: plans.label,
    uuid: DocumentUuid,
    documentId: String(DocumentId),
    contentVersion: BigInt(ContentVersion),
    referentialId: ReferentialId,
    document: renderDocument(plans, found, uris, String(DocumentId)),
  }));
}

/** Documents by uuid, in the order of the uuids; those that are not there are left out. */
export async function readDocuments(
  connection: Connection,
  all: DocumentPlans,
  uuids: readonly string[],
  uris: DescriptorUris,
): Promise<StoredDocument[]> {
  if (uuids.length === 0) return [];
  const { dialect } = connection;
  return inOneMoment(connection, async (ask) => {
    const rows = (await ask(documentStatements[dialect].documentsByUuid(uuids))).flat() as unknown as DocumentRow[];
    const byKey = new Map<number, DocumentRow[]>();
    for (const row of rows) {
      const list = byKey.get(row.ResourceKeyId);
      if (list) list.push(row);
      else byKey.set(row.ResourceKeyId, [row]);
    }
    const documents = new Map<string, StoredDocument>();
    for (const [key, own] of byKey) {
      const resource = promised(all.mappingSet.resourceKeyById.get(key), `the resource of key ${key}`);
      for (const document of await documentsOf(all.of(resource), dialect, own, uris, ask))
        documents.set(document.uuid, document);
    }
    return uuids.flatMap((uuid) => documents.get(uuid.toLowerCase()) ?? []);
  });
}
