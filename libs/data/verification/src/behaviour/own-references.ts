import { type DbTableName, type ForeignKeyConstraint, qualified } from '@dms/model';
import { partition } from 'es-toolkit/array';
import { isNamed } from './behaviour-session.ts';
import { type CheckedWorld, ofDocument, rowOf, sameTable, updateText } from './checked-world.ts';
import { checkTrials, type Trial } from './failures.ts';
import {
  abstractIdentities,
  columnFor,
  keysByTarget,
  noDocument,
  objectOf,
  referringTo,
  type TestedKey,
  updating,
} from './reference-checks.ts';
import type { WorldDocument } from './world.ts';
import { foreignKeysOf, storedColumns, type WorldTable } from './world-tables.ts';

/**
 * R16: a document that refers to itself from a row below its root can be deleted, although that row goes after it
 * (design 11 §2, 16 §8.1). A key that waits for that deletion alone refuses the next wrong row at once.
 */
export async function checkOwnReferences(world: CheckedWorld): Promise<void> {
  const { sparse, spares, full } = world;
  const others = new Map([...sparse.documents, ...spares].map((each) => [each.label, each]));
  const aside = await world.session.keysAside();
  const trials = full.documents.flatMap((entry) => {
    const other = others.get(entry.label);
    return ownKeys(entry).flatMap(({ table, key }) => {
      const documentColumn = columnFor(key, 'DocumentId');
      const row = rowOf(world, table, entry.documentId);
      if (other === undefined || documentColumn === undefined || row === undefined) return [];
      const referrer = { table, row, documentId: entry.documentId, isReferredTo: false };
      return trialsOf(world, entry, { referrer, key, documentColumn, aside }, other);
    });
  });
  await checkTrials(world, 'R16', trials);
}

/** A key of a row below a root that leads to the resource of its own document, and waits for the deletion of that. */
interface OwnKey {
  readonly table: WorldTable;
  readonly key: ForeignKeyConstraint;
}

const ownKeys = ({ root, filled }: WorldDocument): readonly OwnKey[] =>
  filled.flatMap((table) =>
    foreignKeysOf(table.table)
      .filter((key) => key.deferrable !== false && sameTable(key.targetTable, root.table.table))
      .map((key) => ({ table, key })),
  );

/** The trials of a document that refers to itself with one key of one row. */
function trialsOf(
  world: CheckedWorld,
  entry: WorldDocument,
  tested: TestedKey,
  other: WorldDocument,
): readonly Trial[] {
  const { session, documents } = world;
  const values = referringTo(world, tested, entry);
  const without = withoutReferrers(world, entry, tested);
  const lone = loneRow(world, entry, tested, other);
  if (values === null || without === null || lone === null) return [];
  // trials begin with keys that wait, a transaction of a user does not
  const asInitially = ownKeys(entry)
    .filter(({ key }) => key.deferrable === 'InitiallyImmediate')
    .map(({ table, key }) => `SET CONSTRAINTS ${session.table({ ...table.table.table, name: key.name })} IMMEDIATE`);
  const deletion = [
    ...without,
    ...lone,
    updating(world, tested.referrer, values),
    ...asInitially,
    documents.deleteText(entry.documentId),
  ].join('; ');
  const object = objectOf(tested);
  const deleted: Trial = {
    object,
    statement: deletion,
    expected: `the deletion of ${entry.label}, which refers to itself, accepted`,
    isRight: (outcome) => outcome === null,
  };
  const wrong = tested.key.deferrable === 'InitiallyImmediate' ? wrongRow(world, entry, other) : null;
  if (wrong === null) return [deleted];
  return [
    deleted,
    {
      object,
      statement: [deletion, ...wrong.texts].join('; '),
      expected: `a wrong row after the deletion of ${entry.label} refused at once by ${wrong.key.name}`,
      isRight: (outcome) => outcome?.code === session.dialect.codes.foreignKey && isNamed(outcome, wrong.key.name),
    },
  ];
}

/** Keeps keys of other rows from refusing the deletion of a document; null if a body names one that refers to it. */
function withoutReferrers(world: CheckedWorld, entry: WorldDocument, { key, aside }: TestedKey): string[] | null {
  const id = String(entry.documentId);
  const without: string[] = [];
  for (const target of tablesReferredTo(world, entry)) {
    const others = (keysByTarget(world).get(qualified(target)) ?? []).filter(
      (other) => other.key !== key && other.key.onDelete !== 'Cascade',
    );
    const [named, unnamed] = partition(others, (other) => other.key.deferrable === 'InitiallyImmediate');
    const refersHere = named.some((other) =>
      world
        .rowsOf(other.owner.table.table)
        .some((row) => row[columnFor(other.key, 'DocumentId') ?? ''] === id && row[other.owner.documentColumn] !== id),
    );
    if (refersHere) return null;
    without.push(
      ...aside(
        target,
        unnamed.map((other) => ({ table: other.owner.table.table, name: other.key.name })),
      ),
    );
  }
  return without;
}

/** The tables in which rows of other documents can refer to a document: its root, and its abstract resources. */
const tablesReferredTo = (world: CheckedWorld, document: WorldDocument): readonly DbTableName[] => [
  document.root.table.table,
  ...abstractIdentities(world, document).map(({ targetTable }) => targetTable),
];

/** Leaves a document one row below its root, with those that it stands in, which refer to another document. */
function loneRow(world: CheckedWorld, entry: WorldDocument, tested: TestedKey, other: WorldDocument): string[] | null {
  const { table } = tested.referrer;
  const texts: string[] = [];
  for (const each of [...entry.filled].reverse())
    if (each !== table && !isWithin(entry, table, each))
      texts.push(
        `DELETE FROM ${world.session.table(each.table.table)} WHERE ${ofDocument(world, each, entry.documentId)}`,
      );
  for (const own of ownKeys(entry)) {
    const documentColumn = columnFor(own.key, 'DocumentId');
    if (
      own.key === tested.key ||
      documentColumn === undefined ||
      !(own.table === table || isWithin(entry, table, own.table))
    )
      continue;
    const row = rowOf(world, own.table, entry.documentId) ?? {};
    if (row[documentColumn] !== String(entry.documentId)) continue;
    const referrer = { ...tested.referrer, table: own.table, row };
    const values = referringTo(world, { ...tested, referrer, key: own.key, documentColumn }, other);
    if (values === null) return null;
    texts.push(updating(world, referrer, values));
  }
  return texts;
}

/** Whether rows of a table stand in rows of another one, at any depth. */
function isWithin(entry: WorldDocument, table: WorldTable, other: WorldTable): boolean {
  const enclosing = entry.filled.find(
    ({ table: each }) => table.parent && sameTable(each.table, table.parent.targetTable),
  );
  return enclosing !== undefined && (enclosing === other || isWithin(entry, enclosing, other));
}

/** Gives another document a row whose key leads nowhere, and takes it away: a key that does not wait refuses that. */
function wrongRow(world: CheckedWorld, entry: WorldDocument, { documentId }: WorldDocument) {
  const { session } = world;
  for (const { table, key } of ownKeys(entry)) {
    const documentColumn = columnFor(key, 'DocumentId');
    if (documentColumn === undefined || key.deferrable !== 'InitiallyImmediate') continue;
    const [row, otherRow] = [entry.documentId, documentId].map((id) => rowOf(world, table, id));
    // a reference is whole or absent, so only the document of one that is there can be another
    if (((otherRow ?? row)?.[documentColumn] ?? null) === null) continue;
    const where = ofDocument(world, table, documentId);
    const texts = [`DELETE FROM ${session.table(table.table.table)} WHERE ${where}`];
    if (otherRow) texts.unshift(updateText(world, table, new Map([[documentColumn, noDocument]]), where));
    else if (table.parent !== null && sameTable(table.parent.targetTable, entry.root.table.table)) {
      const columns = storedColumns(table.table);
      const values = new Map(columns.map((name): [string, string | null] => [name, row?.[name] ?? null]));
      values.set(table.documentColumn, String(documentId)).set(documentColumn, noDocument);
      texts.unshift(session.insertText(table.table.table, values));
    } else continue;
    return { texts, key };
  }
  return null;
}
