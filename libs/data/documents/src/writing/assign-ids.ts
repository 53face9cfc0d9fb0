import { mustExist } from '@dms/model';
import type { WrittenId } from '../document-generation.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import type { Transaction } from '../statements/transaction.ts';

interface NewDocuments {
  readonly resourceKeyId: number;
  readonly uuids: readonly string[];
  /** The ids in the order of the uuids; ids from an earlier attempt stay, if the dialect can use them again. */
  readonly ids: readonly WrittenId[];
}

/** Inserts the rows of new documents and reserves ids for rows, in one round trip; afterwards all ids are known. */
export async function assignIds(
  transaction: Transaction,
  { resourceKeyId, uuids, ids }: NewDocuments,
  rows: readonly WrittenId[],
): Promise<void> {
  const statements = documentStatements[transaction.dialect];
  const documents = uuids.map((uuid, index) => ({ uuid, resourceKeyId, documentId: ids[index]?.id }));
  const inserts = documents.length > 0 ? statements.insertDocuments(documents) : [];
  const reservation = rows.length > 0 ? [statements.reserveIds(rows.length)] : [];
  if (inserts.length + reservation.length === 0) return;
  const answers = await transaction.ask([...inserts, ...reservation]);
  const inserted = answers.slice(0, answers.length - reservation.length).flat();
  const byUuid = new Map(inserted.map(({ DocumentUuid, DocumentId }) => [String(DocumentUuid), String(DocumentId)]));
  for (const [index, id] of ids.entries()) {
    const uuid = mustExist(uuids[index], 'the uuid of a new document');
    id.id = mustExist(byUuid.get(uuid), 'the id of a new document');
  }
  if (rows.length === 0) return;
  const reserved = statements.reservedIds(answers.at(-1) ?? []);
  for (const [index, id] of rows.entries()) id.id = mustExist(reserved[index], 'the id of a new row');
}

/**
 * The turn of a batch to get the ids of its new documents. Batches that are written at the same time take turns, so
 * that ids are in the order of the batches (design 14 §3).
 */
export interface BatchTurn {
  /** Resolves when all batches before it have released their turn. */
  waitForTurn(): Promise<void>;
  /** Passes the turn to the next batch; calls after the first have no effect. */
  release(): void;
}
