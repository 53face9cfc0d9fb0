import { isMirroredKind, qualified } from '@dms/model';
import { type ObservedChange, refusalText } from './behaviour-session.ts';
import {
  type CheckedWorld,
  checkStamps,
  documentsOf,
  ofDocument,
  rootOf,
  rowOf,
  sameTable,
  updateText,
  watched,
} from './checked-world.ts';
import { Failures } from './failures.ts';
import type { TableName } from './selected-rows.ts';
import type { Stamped } from './stamp-rules.ts';
import { storedColumns, type WorldDocument } from './world.ts';
import type { WorldTable } from './world-tables.ts';
import { changeableColumn, otherValue } from './written-columns.ts';

/** A change to try, and its expected effect. */
interface Trial {
  readonly check: string;
  readonly object: string;
  readonly change: ObservedChange;
  readonly stamped: readonly number[];
  /** Whether it causes no other statement. */
  readonly isOne: boolean;
}

/** A column of a table set to itself, in all rows or in none. A write of mirrors alone would not reach what watches the values. */
function toItself({ session }: CheckedWorld, { table }: WorldTable, condition: string): string {
  const keys = new Set<string>(table.key.columns.map(({ name }) => name));
  const mirrors = new Set<string>(table.columns.filter(({ kind }) => isMirroredKind(kind)).map(({ name }) => name));
  const stored = storedColumns(table).filter((name) => !mirrors.has(name));
  const column = session.quote(stored.find((name) => !keys.has(name)) ?? stored.at(-1) ?? '');
  return `UPDATE ${session.table(table.table)} SET ${column} = ${column}${condition}`;
}

/**
 * The trials for one table: an update of all rows that stamps; for tables below a root, an update of the rows of one document if a change
 * must be real, and the deletion and the move of rows.
 */
function trialsOf(world: CheckedWorld, entry: WorldDocument, table: WorldTable): Trial[] {
  const { rules } = world;
  const roots: readonly TableName[] = [rootOf(entry)];
  const isRoot = sameTable(table.table.table, entry.root.table.table);
  const check = isRoot ? 'R6' : 'R8';
  const name = isRoot ? entry.label : qualified(table.table.table);
  const stamped = documentsOf(world, table);
  const trial = (object: string, statement: string, documents = stamped): Trial => ({
    isOne: true,
    check,
    object,
    change: watched(world, [statement], roots),
    stamped: documents,
  });
  const trials: Trial[] = [];
  // a body that stamps without a change also stamps with one, because it does not compare values
  const column = rules.stampsUnchangedRows ? undefined : changeableColumn(world.input, table);
  if (rules.stampsUnchangedRows) trials.push(trial(`${name}, no value changed`, toItself(world, table, '')));
  else if (column?.scalarType) {
    const values = new Set(stamped.map((id) => rowOf(world, table, id)?.[column.name] ?? null));
    const value = otherValue(column.scalarType, world.full.values, values);
    const [object, change] = [`${name}.${column.name}`, new Map([[column.name, value]])];
    // the deletion of all rows shows that several documents are stamped
    if (isRoot) trials.push(trial(object, updateText(world, table, change)));
    else {
      const statement = updateText(world, table, change, ofDocument(world, table, entry.documentId));
      trials.push(trial(object, statement, [entry.documentId]));
    }
  }
  if (!isRoot) trials.push(...deletionOf(world, entry, table), ...moveOf(world, entry, table));
  return trials;
}

/** The tables with rows below those of a table, the lowest first. */
function tablesBelow({ filled }: WorldDocument, { table }: WorldTable): readonly WorldTable[] {
  const names = new Set([qualified(table.table)]);
  const found = filled.filter(({ parent, table: child }) => {
    const isBelow = parent !== null && names.has(qualified(parent.targetTable));
    if (isBelow) names.add(qualified(child.table));
    return isBelow;
  });
  return found.reverse();
}

/** Deletes all rows of a table below a root. The rows below them are deleted first, and their stamps are reset. */
function deletionOf(world: CheckedWorld, entry: WorldDocument, table: WorldTable): Trial[] {
  const { session, documents } = world;
  const remove = (each: WorldTable) => `DELETE FROM ${session.table(each.table.table)}`;
  const below = tablesBelow(entry, table);
  const before = below.length === 0 ? [] : [...below.map(remove), documents.forgetTimes];
  return [
    {
      check: 'R8',
      object: `${qualified(table.table.table)}, deleted`,
      change: watched(world, [...before, remove(table)], [rootOf(entry)]),
      stamped: documentsOf(world, table),
      isOne: below.length === 0,
    },
  ];
}

/** Moves a row that has no rows below it to another document: both documents are stamped. */
function moveOf(world: CheckedWorld, entry: WorldDocument, table: WorldTable): Trial[] {
  const spare = world.spares.find(({ label }) => label === entry.label);
  const isBelowRoot = table.parent !== null && sameTable(table.parent.targetTable, entry.root.table.table);
  if (!spare || !isBelowRoot || tablesBelow(entry, table).length > 0) return [];
  const value = new Map([[table.documentColumn, String(spare.documentId)]]);
  const statement = updateText(world, table, value, ofDocument(world, table, entry.documentId));
  return [
    {
      check: 'R8',
      object: `${qualified(table.table.table)}, moved to another document`,
      change: watched(world, [statement], [rootOf(entry)]),
      stamped: [entry.documentId, spare.documentId],
      isOne: true,
    },
  ];
}

/** Deletes a root row but keeps its document. */
function rootDeletionOf(world: CheckedWorld, spare: WorldDocument): Trial {
  const { root, label, documentId } = spare;
  const statement = `DELETE FROM ${world.session.table(root.table.table)} WHERE ${ofDocument(world, root, documentId)}`;
  return {
    check: 'R6',
    object: `${label}, its root row deleted`,
    change: watched(world, [statement], [rootOf(spare)]),
    stamped: [documentId],
    isOne: true,
  };
}

/** Tries updates that must have no effect: all together first and, only if something happened, each by itself. */
async function checkIdle(world: CheckedWorld, tables: readonly WorldTable[], what: string, condition: string): Promise<void> {
  const { session, failures } = world;
  const attempt = async (some: readonly WorldTable[]): Promise<Failures> => {
    const updates = some.map((table) => toItself(world, table, condition));
    const [outcome = []] = await session.trials([watched(world, updates, null)]);
    const found = new Failures();
    const [first] = some;
    const object = first ? `${qualified(first.table.table)}, ${what}` : what;
    if ('code' in outcome) found.add('R8', object, 'accepted', refusalText(outcome));
    else checkStamps({ ...world, failures: found }, 'R8', object, outcome, new Map(), false);
    return found;
  };
  if (tables.length === 0 || (await attempt(tables)).list.length === 0) return;
  for (const table of tables)
    for (const { check, object, expected, found } of (await attempt([table])).list)
      failures.add(check, object, expected, found);
}

/**
 * R6 and R8: a statement that changes rows of several documents stamps each of these documents once, and no others (design 07 §9.1, 16
 * §6.2).
 */
export async function checkStamping(world: CheckedWorld): Promise<void> {
  const { session, failures } = world;
  const trials = [
    ...world.full.documents.flatMap((entry) => [entry.root, ...entry.filled].flatMap((table) => trialsOf(world, entry, table))),
    ...world.spares.map((spare) => rootDeletionOf(world, spare)),
  ];
  const tables = world.full.documents.flatMap(({ root, filled }) => [root, ...filled]);
  await checkIdle(world, tables, 'no row', ' WHERE 1 = 0');
  if (!world.rules.stampsUnchangedRows) await checkIdle(world, tables, 'no value changed', '');
  const outcomes = await session.trials(trials.map(({ change }) => change));
  for (const [index, { check, object, stamped, isOne }] of trials.entries()) {
    const outcome = outcomes[index] ?? [];
    if ('code' in outcome) failures.add(check, object, 'accepted', refusalText(outcome));
    else checkStamps(world, check, object, outcome, new Map(stamped.map((id): [number, Stamped] => [id, 'content'])), isOne);
  }
}
