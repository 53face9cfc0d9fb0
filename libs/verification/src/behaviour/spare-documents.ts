import { core } from '@dms/model';
import { type CheckedWorld, ofDocument, rowOf } from './checked-world.ts';
import { identityColumns } from './identity-checks.ts';
import { type SpareDocument, storedColumns } from './world.ts';
import { otherValue } from './written-columns.ts';

/** Inserts a spare document for each resource that has a value of its own in its identity. */
export async function addSpareDocuments(
  world: Pick<CheckedWorld, 'session' | 'documents' | 'input' | 'full' | 'rowsOf'>,
): Promise<readonly SpareDocument[]> {
  const { session, documents, full, rowsOf } = world;
  const made = full.documents.flatMap((entry) => {
    const own = identityColumns(entry).find(({ scalarType }) => scalarType && scalarType.kind !== 'Boolean');
    if (!own?.scalarType || !rowOf(world, entry.root, entry.documentId)) return [];
    const taken = new Set(rowsOf(entry.root.table.table).map((row) => row[own.name] ?? null));
    return [{ entry, own, value: otherValue(own.scalarType, full.values, taken), uuid: documents.nextUuid() }];
  });
  if (made.length === 0) return [];
  const statements = made.flatMap(({ entry: { root, resource, documentId }, own, value, uuid }) => {
    const columns = storedColumns(root.table).filter((name) => name !== 'DocumentId');
    const names = ['DocumentId', ...columns].map((name) => session.quote(name)).join(', ');
    const values = columns.map((name) => (name === own.name ? session.literal(value) : session.quote(name)));
    const table = session.table(root.table.table);
    return [
      documents.insertText(uuid, resource.resourceKey.id),
      `INSERT INTO ${table} (${names}) SELECT ${[documents.idExpression(uuid), ...values].join(', ')} FROM ${table} WHERE ${ofDocument(world, root, documentId)}`,
    ];
  });
  const uuids = made.map(({ uuid }) => session.literal(uuid)).join(', ');
  const where = `${session.quote('DocumentUuid')} IN (${uuids})`;
  const selections = [{ table: core.document, columns: ['DocumentId', 'DocumentUuid'], where }];
  const [found] = await session.observed([{ statements, selections }]);
  const ids = new Map((found?.[0] ?? []).map((row) => [row.DocumentUuid?.toLowerCase(), Number(row.DocumentId)]));
  return made.map(({ entry, own, uuid }) => ({ ...entry, own, documentId: ids.get(uuid) ?? Number.NaN, filled: [] }));
}
