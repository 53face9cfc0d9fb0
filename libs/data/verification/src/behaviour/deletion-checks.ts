import { append, counted } from '@dms/diagnostics';
import { core, coreV2, mustExist, qualified } from '@dms/model';
import type { PlainSql } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { isRefusedWith, outcomeText } from './behaviour-session.ts';
import { allDocuments, type CheckedWorld, ofDocument, updateText } from './checked-world.ts';
import type { WorldDocument } from './world.ts';
import { allOrNones, nullableColumns, type RowReference, type WorldTable } from './world-tables.ts';

/** The number of documents that are deleted at once; if one of them is refused, each is tried by itself. */
const deletedAtOnce = 50;

const seedTables = new Set([
  qualified(core.effectiveSchema),
  qualified(core.resourceKey),
  qualified(core.schemaComponent),
  qualified(coreV2.dataStoreIdentity),
  qualified(coreV2.documentCacheState),
]);

/** Why a row stays. */
export const stillReferredTo = 'other rows still refer to it';

/** R10: every row is deleted with its document, in some order of documents. */
export async function checkDeletions(world: CheckedWorld, keptTables: ReadonlySet<string>): Promise<void> {
  const { session, documents, failures, sparse, full, input } = world;
  await clearOptionalReferences(world);
  const all = allDocuments(world)
    .map(({ documentId, label, filled }) => ({ documentId, label, filled }))
    .reverse();
  for (const { descriptorId } of [full, sparse])
    all.push({ documentId: descriptorId, label: 'the descriptor', filled: [] });
  let left: typeof all = [];
  for (const some of chunk(all, deletedAtOnce)) {
    const outcome = await session.outcome(...some.map(({ documentId }) => documents.deleteText(documentId)));
    if (outcome !== null) append(left, some);
  }
  const { foreignKey } = session.dialect.codes;
  let isEmptied = false;
  for (let isShrinking = true; isShrinking && left.length > 0; ) {
    const refused: typeof left = [];
    for (const entry of left) {
      const outcome = await session.outcome(documents.deleteText(entry.documentId));
      if (outcome === null) continue;
      refused.push(entry);
      if (!isRefusedWith(outcome, foreignKey)) failures.add('R10', entry.label, 'deleted', outcomeText(outcome));
    }
    isShrinking = refused.length < left.length;
    left = refused;
    if (isShrinking || isEmptied) continue;
    // rows below the roots may require the documents of each other
    isEmptied = true;
    isShrinking = await emptyLowerTables(world, left);
  }
  for (const { label } of left) failures.add('R10', label, 'deleted', stillReferredTo);
  const tables = input.catalog.tables.filter(
    ({ schema, name }) => !seedTables.has(`${schema}.${name}`) && !keptTables.has(`${schema}.${name}`),
  );
  const counts = await session.counts(tables);
  for (const [index, table] of tables.entries()) {
    const count = mustExist(counts[index], `the count of ${qualified(table)}`);
    if (count > 0) failures.add('R10', qualified(table), 'no row', counted(count, 'row'));
  }
}

/** Removes optional references: two documents that refer to each other cannot be deleted one after the other. */
async function clearOptionalReferences(world: CheckedWorld): Promise<void> {
  const { session, failures, full } = world;
  for (const entry of full.documents) {
    const updates = withoutOptionalReferences(world, entry);
    const outcome = updates.length === 0 ? null : await session.outcome(...updates);
    if (outcome !== null) failures.add('R11', entry.label, 'optional references taken away', outcomeText(outcome));
  }
}

/** Statements that take away the optional references of all rows in the tables of a document. */
export function withoutOptionalReferences(
  world: Pick<CheckedWorld, 'session'>,
  { root, filled }: Pick<WorldDocument, 'root' | 'filled'>,
): readonly PlainSql[] {
  return [root, ...filled].flatMap((table) => {
    const cleared = columnsWithoutReferences(table);
    return cleared.length === 0 ? [] : [updateText(world, table, new Map(cleared.map((name) => [name, null])))];
  });
}

/** The stored columns of a table that are empty where no optional reference is left. */
export function columnsWithoutReferences({ table, references, optionalReferences }: WorldTable): readonly string[] {
  const nullable = nullableColumns(table);
  const copiesOf = ({ copies }: RowReference) => copies.map(({ targetColumn }): string => targetColumn);
  const kept = new Set(references.flatMap(copiesOf));
  const columns = optionalReferences.flatMap((reference) => [
    reference.documentColumn,
    ...copiesOf(reference),
    ...allOrNones(table).flatMap((each): readonly string[] =>
      each.fkColumn === reference.documentColumn ? each.dependentColumns : [],
    ),
  ]);
  return [...new Set(columns.filter((name) => nullable.has(name) && !kept.has(name)))];
}

/** Deletes the rows below the roots of documents; false if there are none. */
async function emptyLowerTables(
  { session, failures }: CheckedWorld,
  documents: readonly Pick<WorldDocument, 'label' | 'documentId' | 'filled'>[],
): Promise<boolean> {
  let isAny = false;
  for (const { label, documentId, filled } of documents) {
    const texts = [...filled]
      .reverse()
      .map((table) => session.deleteText(table.table.table, ofDocument({ session }, table, documentId)));
    if (texts.length === 0) continue;
    isAny = true;
    const outcome = await session.outcome(...texts);
    if (outcome !== null) failures.add('R10', label, 'rows below its root deleted', outcomeText(outcome));
  }
  return isAny;
}
