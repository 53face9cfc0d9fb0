import { counted } from '@dms/diagnostics';
import { core, type DbTableName, type ForeignKeyConstraint, mustExist, qualified } from '@dms/model';
import { join, type PlainSql } from '@dms/sql';
import { partition } from 'es-toolkit/array';
import type { KeysOfChange, TrialOutcome } from '../verification-dialect.ts';
import { isNamed } from './behaviour-session.ts';
import { type CheckedWorld, copyTexts, ofDocument, rowOf, sameTable, updateText } from './checked-world.ts';
import { checkTrials, type Trial } from './failures.ts';
import { otherIdentity } from './identity-checks.ts';
import { noKeyLeft } from './keys.ts';
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
 * R16: a document that refers to itself from a row below its root can be deleted, although that row is deleted after it
 * (design 11 §2, 16 §8.1), also together with other such documents. A key that is deferred only for that deletion
 * refuses the next wrong row at once.
 */
export async function checkOwnReferences(world: CheckedWorld): Promise<void> {
  const { sparse, spares, full, session } = world;
  const others = new Map([...sparse.documents, ...spares].map((each) => [each.label, each]));
  const aside = await world.session.keysAside();
  const tried = full.documents.flatMap((entry) => {
    const other = others.get(entry.label);
    return ownKeys(entry).flatMap(({ table, key }) => {
      const documentColumn = columnFor(key, 'DocumentId');
      const row = rowOf(world, table, entry.documentId);
      if (other === undefined || documentColumn === undefined || row === undefined) return [];
      const referrer = { table, row, documentId: entry.documentId, isReferredTo: false };
      return trialsOf(world, entry, { referrer, key, documentColumn, aside }, other) ?? [];
    });
  });
  const ofSeveral = tried.flatMap(({ together }) => together ?? []);
  const made = await session.outcomes(ofSeveral.map((each) => each.made));
  await checkTrials(world, 'R16', [
    ...tried.flatMap(({ alone }) => alone),
    ...ofSeveral.flatMap(({ trials }, index) => (made[index] === null ? trials : [])),
  ]);
}

/** The trials of a key: with one document, and with several if the statements that insert them are accepted. */
interface OwnTrials {
  readonly alone: readonly Trial[];
  readonly together: { readonly made: PlainSql; readonly trials: readonly Trial[] } | null;
}

/** A key from a row below a root to the resource of its own document; it is deferred while that is deleted. */
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

/** The trials of a document that refers to itself through a key of one of its rows; null if it cannot do so. */
function trialsOf(
  world: CheckedWorld,
  entry: WorldDocument,
  tested: TestedKey,
  other: WorldDocument,
): OwnTrials | null {
  const { session, documents } = world;
  const { sql, literal } = session.rules;
  const values = referringTo(world, tested, entry);
  const without = withoutReferrers(world, entry, tested);
  const lone = loneRow(world, entry, tested, other);
  if (values === null || without === null || lone === null) return null;
  const referring = [...without, ...lone, updating(world, tested.referrer, values)];
  // keys are deferred at the start of a trial, but not at the start of a user's transaction
  const asInitially = ownKeys(entry)
    .filter(({ key }) => key.deferrable === 'InitiallyImmediate')
    .map(({ table, key }) => sql`SET CONSTRAINTS ${{ ...table.table.table, name: key.name }} IMMEDIATE`);
  const deletion = join([...referring, ...asInitially, documents.deleteText(entry.documentId)], '; ');
  const object = objectOf(tested);
  const isAccepted = (outcome: TrialOutcome) => outcome === null;
  const deleted: Trial = {
    object,
    statement: deletion,
    expected: `the deletion of ${entry.label}, which refers to itself, accepted`,
    isRight: isAccepted,
  };
  const copies = copiesOf(world, entry, tested);
  const made = [...referring, ...copies.flatMap(({ texts }) => texts)];
  const own = literal(entry.documentId);
  const [last = own, ...first] = [own, ...copies.map(({ id }) => id)].reverse();
  const ofRoot = session.deleteText(entry.root.table.table, session.among('DocumentId', first));
  const together = [
    session.deleteText(core.document, session.among('DocumentId', [...first, last])),
    // the cascade comes later, so the row below the last root is deleted after those below the others
    sql`WITH gone AS (${documents.deleteText(last)}) ${ofRoot}`,
  ].map(
    (remove): Trial => ({
      object,
      statement: join([...made, ...asInitially, remove], '; '),
      expected: `the deletion of ${counted(first.length + 1, 'document')} of ${entry.label} in one statement, which refer to themselves, accepted`,
      isRight: isAccepted,
    }),
  );
  const wrong = tested.key.deferrable === 'InitiallyImmediate' ? wrongRow(world, entry, other) : null;
  return {
    alone: [
      deleted,
      ...(wrong === null
        ? []
        : [
            {
              object,
              statement: join([deletion, ...wrong.texts], '; '),
              expected: `a wrong row after the deletion of ${entry.label} refused at once by ${wrong.key.name}`,
              isRight: (outcome: TrialOutcome) =>
                outcome?.code === session.dialect.codes.foreignKey && isNamed(outcome, wrong.key.name),
            },
          ]),
    ],
    together: copies.length === 0 ? null : { made: join(made, '; '), trials: together },
  };
}

/**
 * The number of copies of a document that are deleted with it. A body that handles only the first, the second or the
 * last document of a statement is wrong for the others.
 */
const copiesOfDocument = 2;

/** A collection key that is greater than those of all items of the worlds. */
const firstItemOfCopies = 1_000_000_100;

/** A copy of a document: the expression of its id, and the statements that make it. */
interface DocumentCopy {
  readonly id: PlainSql;
  readonly texts: readonly PlainSql[];
}

/**
 * Copies of a document that refers to itself from one row: its root row with another identity, that row, which refers
 * to the copy, and the rows that enclose it. Fewer copies if the keys have no more values.
 */
function copiesOf(world: CheckedWorld, entry: WorldDocument, tested: TestedKey): readonly DocumentCopy[] {
  const { documents, failures } = world;
  const keys = world.keys.trial();
  const copies: DocumentCopy[] = [];
  for (let count = 0; count < copiesOfDocument; count += 1) {
    const identity = otherIdentity(world, entry, keys);
    if (identity === null) {
      failures.leaveOut(`${tested.referrer.table.name}, several documents that refer to themselves`, noKeyLeft);
      break;
    }
    const uuid = documents.nextUuid();
    const id = documents.idExpression(uuid);
    const root = copyTexts(world, entry, uuid, identity);
    copies.push({ id, texts: [...root, ...rowCopies(world, entry, tested, id, count)] });
  }
  return copies;
}

/**
 * Copies of the row that refers to its document, and of the rows that enclose it, for the copy of the document with
 * this id.
 */
function rowCopies(
  world: CheckedWorld,
  entry: WorldDocument,
  { referrer, documentColumn }: TestedKey,
  id: PlainSql,
  count: number,
): readonly PlainSql[] {
  const { session } = world;
  const { sql, id: named, literal } = session.rules;
  /** The new values in the copies of rows, by table and column. */
  const replaced = new Map([[entry.root.name, new Map([['DocumentId', id]])]]);
  return entry.filled
    .filter((table) => table === referrer.table || isWithin(entry, referrer.table, table))
    .map((table, index) => {
      const own = new Map([[table.documentColumn, id]]);
      for (const { name, kind } of table.table.columns)
        if (kind === 'CollectionKey') own.set(name, literal(firstItemOfCopies + count * entry.filled.length + index));
      const above = table.parent && replaced.get(qualified(table.parent.targetTable));
      table.parent?.targetColumns.forEach((target, at) => {
        const value = above?.get(target);
        if (value !== undefined)
          own.set(mustExist(table.parent?.columns[at], `the column that repeats ${target}`), value);
      });
      const reference = [...table.references, ...table.optionalReferences].find(
        (each) => table === referrer.table && each.documentColumn === documentColumn,
      );
      for (const { sourceColumn, targetColumn } of reference?.copies ?? [])
        own.set(
          targetColumn,
          sql`(SELECT s.${named(sourceColumn)} FROM ${entry.root.table.table} AS s WHERE s."DocumentId" = ${id})`,
        );
      if (reference) own.set(documentColumn, id);
      replaced.set(table.name, own);
      const where = ofDocument(world, table, entry.documentId);
      return session.copyText(table.table.table, storedColumns(table.table), own, where);
    });
}

/**
 * Statements that keep keys of other rows from refusing the deletion of a document; null if a trigger body names a row
 * that refers to it.
 */
function withoutReferrers(
  world: CheckedWorld,
  entry: WorldDocument,
  { key, aside }: TestedKey,
): readonly PlainSql[] | null {
  const id = String(entry.documentId);
  const referring: KeysOfChange[] = [];
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
    const keys = unnamed.map((other) => ({ table: other.owner.table.table, name: other.key.name }));
    referring.push({ changed: target, keys });
  }
  return aside(referring);
}

/** The tables in which rows of other documents can refer to a document: its root, and its abstract resources. */
const tablesReferredTo = (world: CheckedWorld, document: WorldDocument): readonly DbTableName[] => [
  document.root.table.table,
  ...abstractIdentities(world, document).map(({ targetTable }) => targetTable),
];

/**
 * Deletes all rows below the root of a document except one and those that enclose it, which refer to another document.
 */
function loneRow(
  world: CheckedWorld,
  entry: WorldDocument,
  tested: TestedKey,
  other: WorldDocument,
): PlainSql[] | null {
  const { table } = tested.referrer;
  const texts: PlainSql[] = [];
  for (const each of [...entry.filled].reverse())
    if (each !== table && !isWithin(entry, table, each))
      texts.push(world.session.deleteText(each.table.table, ofDocument(world, each, entry.documentId)));
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

/** Whether rows of a table are within rows of another one, at any depth. */
function isWithin(entry: WorldDocument, table: WorldTable, other: WorldTable): boolean {
  const enclosing = entry.filled.find(
    ({ table: each }) => table.parent && sameTable(each.table, table.parent.targetTable),
  );
  return enclosing !== undefined && (enclosing === other || isWithin(entry, enclosing, other));
}

/**
 * Gives another document a row whose key has no target, and deletes the row: a key that is not deferred refuses that.
 */
function wrongRow(world: CheckedWorld, entry: WorldDocument, { documentId }: WorldDocument) {
  const { session } = world;
  for (const { table, key } of ownKeys(entry)) {
    const documentColumn = columnFor(key, 'DocumentId');
    if (documentColumn === undefined || key.deferrable !== 'InitiallyImmediate') continue;
    const [row, otherRow] = [entry.documentId, documentId].map((id) => rowOf(world, table, id));
    // a reference is complete or absent, so only the document of a present reference can be replaced
    if (((otherRow ?? row)?.[documentColumn] ?? null) === null) continue;
    const where = ofDocument(world, table, documentId);
    const texts = [session.deleteText(table.table.table, where)];
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
