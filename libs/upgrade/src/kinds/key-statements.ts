import { core, qualified, unqualified } from '@dms/model';
import type { Comparison } from '../comparing/comparison.ts';
import {
  type AffectedTable,
  effectOn,
  effectOnNone,
  present,
  type StatementKind,
  touched,
} from '../hazards/statement-effect.ts';
import type { AddedKey, DroppedKey } from '../script/key-plan.ts';
import type { ScriptParts } from '../script/script-parts.ts';
import { effectOnLater, laterTable, type StatementList } from '../script/statement-list.ts';
import { objectKey } from './change-rules.ts';
import { isResourceKeyTarget, movedResources } from './resource-keys.ts';

/** Drops first the objects that nothing else needs any more. */
const dropOrder = ['foreignKey', 'constraint', 'index'] as const;

/** The statement that takes each kind of key away. */
const dropsOf = {
  foreignKey: 'drop foreign key',
  constraint: 'drop constraint',
  index: 'drop index',
} as const satisfies Record<DroppedKey['kind'], StatementKind>;

const addOrder = ['primaryKey', 'unique', 'check', 'foreignKey', 'index'] as const;

/** The statement that makes each kind of key. */
const addsOf = {
  primaryKey: 'add primary key',
  unique: 'add unique',
  check: 'add check',
  foreignKey: 'add foreign key',
  index: 'create index',
} as const satisfies Record<(typeof addOrder)[number], StatementKind>;

const keyNameOf = (table: string, name: string) => `${table}\n${name}`;

/** The tables that the foreign keys of the earlier set refer to, by the table and the name of the key. */
function earlierTargets({ before }: Comparison): ReadonlyMap<string, AffectedTable> {
  return new Map(
    before.catalog.tables.flatMap((table) =>
      table.foreignKeys.map(({ name, target }): [string, AffectedTable] => [
        keyNameOf(qualified(table), name),
        present(`${target.schema}.${target.table}`),
      ]),
    ),
  );
}

/** Drops keys, checks and indexes that are removed or replaced, or that hinder a change (design 12 §5, step 3). */
export function dropKeys(parts: ScriptParts, out: StatementList): void {
  const { comparison, keys } = parts;
  const { dialect } = comparison;
  const targets = earlierTargets(comparison);
  const moved = movedResources(parts);
  for (const kind of dropOrder)
    for (const { table, name, makes } of keys.dropped.filter((entry) => entry.kind === kind)) {
      const target = kind === 'foreignKey' ? targets.get(keyNameOf(table, name)) : undefined;
      const own = objectKey(kind === 'index' ? 'index' : 'constraint', table, name);
      const touches = [touched('drop', kind === 'index' ? 'index' : 'constraint', table, name)];
      const sql =
        kind === 'index'
          ? dialect.dropIndex(unqualified(table), name)
          : dialect.dropConstraint(unqualified(table), name);
      const all = [own, ...makes, ...(isResourceKeyTarget(target) ? moved : [])];
      out.add('drop keys', table, { ...effectOn(dropsOf[kind], table, all), target, touches }, sql);
    }
}

const addKind = (entry: AddedKey): (typeof addOrder)[number] =>
  entry.kind === 'constraint' ? entry.constraint.kind : entry.kind;

/** An added key as the effects of its statement name it; keys of a new table come with the table. */
function madeBy(entry: AddedKey, isNew: boolean): string {
  const table = qualified(entry.table);
  if (isNew) return objectKey('table', table);
  if (entry.kind === 'index') return objectKey('index', table, entry.index.name);
  const { name } = entry.kind === 'constraint' ? entry.constraint : entry.kind === 'foreignKey' ? entry.key : entry;
  return objectKey('constraint', table, name);
}

/** Adds keys, checks and indexes, those of new tables included (design 12 §5, step 7). */
export function addKeys(parts: ScriptParts, out: StatementList): void {
  const { comparison, statements, keys, preparing } = parts;
  const { match, dialect } = comparison;
  const ofNewTables = match.added.flatMap(({ definition: table }): AddedKey[] => [
    ...table.addedConstraints.map((constraint): AddedKey => ({ kind: 'constraint', table, constraint })),
    ...table.foreignKeys.map((key): AddedKey => ({ kind: 'foreignKey', table, key })),
    ...table.indexes.map((index): AddedKey => ({ kind: 'index', table, index })),
  ]);
  const added = [...keys.added, ...ofNewTables];
  if (added.length > 0 && out.list.some(({ step }) => step !== 'checks'))
    out.add('add keys', qualified(core.document), effectOnNone('run deferred checks'), ...dialect.settle());
  const moved = movedResources(parts);
  for (const kind of addOrder) {
    for (const entry of added) {
      if (addKind(entry) !== kind) continue;
      const subject = qualified(entry.table);
      const { isNew } = laterTable(comparison, subject);
      const effect = effectOnLater(comparison, addsOf[kind], subject, [madeBy(entry, isNew)]);
      const steps = preparing.key(entry);
      if (entry.kind === 'primaryKey') out.add('add keys', subject, effect, statements.primaryKey(entry.table));
      else if (entry.kind === 'constraint')
        out.addPreparable('add keys', subject, effect, statements.constraint(entry.table, entry.constraint), steps);
      else if (entry.kind === 'foreignKey') {
        const target = laterTable(comparison, `${entry.key.target.schema}.${entry.key.target.table}`);
        const makes = [...(effect.makes ?? []), ...(isResourceKeyTarget(target) && !isNew ? moved : [])];
        const sql = statements.foreignKey(entry.table, entry.key);
        out.addPreparable('add keys', subject, { ...effect, makes, target }, sql, steps);
      } else out.addPreparable('add keys', subject, effect, statements.index(entry.table, entry.index), steps);
    }
  }
}
