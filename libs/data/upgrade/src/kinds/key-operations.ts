import { qualified, unqualified } from '@dms/model';
import type { Comparison } from '../comparing/comparison.ts';
import { type TablePartKey, tablePartKey } from '../comparing/lookup-keys.ts';
import { type AffectedTable, type MadeChange, present } from '../ops/effect.ts';
import type { DropKey, UpgradeOperation } from '../ops/operation.ts';
import { laterTable, type ScriptParts } from '../script/script-parts.ts';
import type { CheckChanges, IndexChanges, UniqueChanges } from './constraints.ts';
import type { ForeignKeyChanges } from './foreign-keys.ts';
import type { AddedKey, DroppedKey } from './key-matching.ts';
import { isResourceKeyTarget, movedResources } from './resources.ts';
import type { TableChanges } from './tables.ts';

/* The operations on keys, checks and indexes of all tables. */

type KeyChange = UniqueChanges | CheckChanges | IndexChanges | ForeignKeyChanges;

/** The operation that drops each kind of key, and the changes that it makes. */
const dropsOf = {
  foreignKey: {
    op: 'dropForeignKey',
    makes: ['foreign key changed', 'foreign key action changed', 'foreign key removed'],
  },
  constraint: { op: 'dropConstraint', makes: ['unique removed', 'check removed'] },
  index: { op: 'dropIndex', makes: ['index removed'] },
} as const satisfies Record<DroppedKey['kind'], { op: DropKey['op']; makes: readonly KeyChange['kind'][] }>;

/** The keys, checks and indexes that are removed, replaced, or in the way of a change (design 12 §5, step 3). */
export function droppedKeys({ comparison, found, keys, resourceKeys }: ScriptParts): readonly UpgradeOperation[] {
  const targets = earlierTargets(comparison);
  const moved = movedResources(comparison, found, resourceKeys);
  return keys.dropped.map(({ kind, table, name, replacedBy }): DropKey => {
    const target = kind === 'foreignKey' ? targets.get(tablePartKey(table, name)) : undefined;
    const { op, makes } = dropsOf[kind];
    const places = [[table, name], ...replacedBy];
    const made = places.flatMap((place) => found.at<KeyChange>(place, ...makes));
    return {
      op,
      subject: table,
      on: [present(table)],
      for: [...made, ...(isResourceKeyTarget(target) ? moved : [])],
      table: unqualified(table),
      name,
      target,
    };
  });
}

/** The tables that the foreign keys of the earlier set refer to. */
function earlierTargets({ before }: Comparison): ReadonlyMap<TablePartKey, AffectedTable> {
  return new Map(
    before.catalog.tables.flatMap((table) =>
      table.foreignKeys.map(({ name, target }): [TablePartKey, AffectedTable] => [
        tablePartKey(qualified(table), name),
        present(`${target.schema}.${target.table}`),
      ]),
    ),
  );
}

/** The keys, checks and indexes that are added, including those of new tables (design 12 §5, step 7). */
export function addedKeys(parts: ScriptParts): readonly UpgradeOperation[] {
  const { comparison, found, keys, resourceKeys } = parts;
  const { added, emptied } = comparison.match;
  const ofNewTables = added.flatMap(({ key: name, definition: table }): AddedKey[] => {
    const foreignKeys = table.foreignKeys.map((key): AddedKey => ({ kind: 'foreignKey', table, key }));
    if (emptied.has(name)) return foreignKeys;
    return [
      ...table.addedConstraints.map((constraint): AddedKey => ({ kind: 'constraint', table, constraint })),
      ...foreignKeys,
      ...table.indexes.map((index): AddedKey => ({ kind: 'index', table, index })),
    ];
  });
  const moved = movedResources(comparison, found, resourceKeys);
  return [...keys.added, ...ofNewTables].map((entry) => addedKey(parts, entry, moved));
}

/** Adds a key, check or index. `moved` are the changes of resources whose keys get another id. */
function addedKey(
  { comparison, found, preparing }: ScriptParts,
  entry: AddedKey,
  moved: readonly MadeChange[],
): UpgradeOperation {
  const subject = qualified(entry.table);
  const table = laterTable(comparison, subject);
  // keys of a new table come with the table
  const made = (name: string, ...kinds: readonly KeyChange['kind'][]) =>
    table.isNew ? [] : found.at<KeyChange>([subject, name], ...kinds);
  const place = { subject, on: [table], table: entry.table };
  const early = preparing.key(entry);
  switch (entry.kind) {
    case 'primaryKey':
      return { op: 'addPrimaryKey', ...place, for: made(entry.name, 'primary key added') };
    case 'constraint': {
      const { constraint } = entry;
      return constraint.kind === 'unique'
        ? {
            op: 'addUnique',
            ...place,
            for: made(constraint.name, 'unique added', 'unique collated'),
            constraint,
            early,
          }
        : { op: 'addCheck', ...place, for: made(constraint.name, 'check added'), constraint, early };
    }
    case 'foreignKey': {
      const { key } = entry;
      const target = laterTable(comparison, `${key.target.schema}.${key.target.table}`);
      const own =
        table.isNew || comparison.match.emptied.has(subject)
          ? found.at<TableChanges>([subject], 'table added', 'table emptied')
          : [
              ...made(
                key.name,
                'foreign key added',
                'foreign key changed',
                'foreign key collated',
                'foreign key action changed',
              ),
              ...(isResourceKeyTarget(target) ? moved : []),
            ];
      return { op: 'addForeignKey', ...place, for: own, key, target, early };
    }
    case 'index':
      return {
        op: 'createIndex',
        ...place,
        for: made(entry.index.name, 'index added', 'unique index added'),
        index: entry.index,
        early,
      };
  }
}
