import type { ColumnDefinition } from '@dms/catalog';
import { core, mustExist, qualified } from '@dms/model';
import type { Comparison } from '../comparing/comparison.ts';
import type { TableChange } from '../matching/table-change.ts';
import { type ValueNames, valueText } from '../matching/value.ts';
import type { AddColumn, UpgradeOperation } from '../ops/operation.ts';
import { renameOrder, temporaryNames } from '../script/name-changes.ts';
import type { ScriptParts } from '../script/script-parts.ts';
import { type ChangedTable, type CurrentNames, changedColumn, placesOf } from './changed-columns.ts';
import type { ColumnChanges } from './columns.ts';

/** The names of columns during the moves, by their names in the earlier set, and the renames that lead to them. */
function currentNames(change: TableChange, compared: (name: string) => string): ChangedTable['current'] {
  const names = new Map<string, string>(change.kept);
  const added = change.fates.filter(({ kind }) => kind === 'filled' || kind === 'added').map(({ after }) => after.name);
  const targets = new Set([...added, ...change.kept.values()].map(compared));
  const late = change.dropped.filter(({ when }) => when === 'late').map(({ column }) => column.name);
  const oldName = temporaryNames([...targets, ...late, ...change.kept.keys()], compared, 'Upgrade_Old');
  for (const name of late) names.set(name, targets.has(compared(name)) ? oldName() : name);
  const renames = [...names].flatMap(([from, to]) => (from === to ? [] : [{ from, to }]));
  const staying = [...names].flatMap(([from, to]) => (from === to ? [from] : []));
  return { names, steps: renameOrder(renames, staying, compared) };
}

/** The operations on the columns of all tables (design 12 §5, steps 4 and 5). */
export function columnOperations({ comparison, found, preparing }: ScriptParts): readonly UpgradeOperation[] {
  const { changes, dialect } = comparison;
  const tables = changes.map((change): ChangedTable => {
    const current = currentNames(change, dialect.rules.comparedName);
    const definitions = new Map(change.pair.after.definition.columns.map((column) => [column.name, column]));
    const places = columnPlaces(change, current.names);
    const made: ChangedTable['made'] = (column, ...kinds) =>
      places(column).flatMap((place) => found.at<ColumnChanges>(place, ...kinds));
    return { change, current, definitions, made };
  });
  const currentOf = new Map(tables.map(({ change, current }) => [change.pair.before.key, current]));
  const names = valueNames(comparison, currentOf);
  const moves = tables.flatMap((table) => movedValues(table, names));
  const last = tables.flatMap(changedColumns);
  const documents = qualified(core.document);
  return [
    ...tables.flatMap(lostColumns),
    ...tables.flatMap(renamedColumns),
    ...tables.flatMap((table) => addedColumns(table, preparing.columns(table.change.pair.after.key))),
    ...moves,
    ...(moves.length + last.length === 0 ? [] : [settledValues(documents)]),
    ...last,
  ];
}

const settledValues = (subject: string): UpgradeOperation => ({ op: 'settleValues', subject, on: [], for: [] });

/**
 * Maps the name of a column at that point to the places of the columns that an operation on it makes. A dropped column
 * makes the columns that have its values afterwards.
 */
function columnPlaces(
  { pair, dropped }: TableChange,
  names: CurrentNames,
): (column: string) => readonly (readonly [table: string, column: string])[] {
  const gone = new Map(
    dropped.map(({ column: { name } }) => [
      names.get(name) ?? name,
      { earlier: name, later: pair.later.get(name) ?? [] },
    ]),
  );
  return (column) => {
    const droppedColumn = gone.get(column);
    const later = [...new Set([...(droppedColumn?.later ?? []), column])];
    return [
      ...(droppedColumn === undefined ? [] : [[pair.before.key, droppedColumn.earlier] as const]),
      ...later.map((name) => [pair.after.key, name] as const),
    ];
  };
}

/** The names of tables and columns in the values that move. */
function valueNames(
  { changesByBefore, dialect }: Comparison,
  current: ReadonlyMap<string, ChangedTable['current']>,
): ValueNames {
  const { rules, convert } = dialect;
  return {
    rules,
    table: (key) => {
      const table = changesByBefore.get(key)?.pair.after.catalog;
      if (!table) throw new Error(`values are moved from ${key}, which is dropped`);
      return table;
    },
    column: (table, column) => {
      const name = current.get(table)?.names.get(column);
      if (name === undefined) throw new Error(`values are moved from ${table}.${column}, which is dropped before that`);
      return rules.id(name);
    },
    convert,
  };
}

/** The changes that drop a column. */
const dropping = [
  'column renamed',
  'type converted',
  'type replaced',
  'column removed',
  'resource key removed',
  'derived column removed',
] as const satisfies readonly ColumnChanges['kind'][];

/** Drops the columns that must go before the renames: generated columns before the columns that they use. */
function lostColumns(table: ChangedTable): readonly UpgradeOperation[] {
  const { change, made } = table;
  const { before: place } = placesOf(table);
  const early = change.dropped.filter(({ when }) => when === 'early').map(({ column }) => column);
  const ordered = [...early.filter(({ generated }) => generated), ...early.filter(({ generated }) => !generated)];
  return [
    ...early.flatMap((column): UpgradeOperation[] => {
      const name = change.pair.before.defaultNames.get(column.name);
      return column.default === null || name === undefined
        ? []
        : [{ op: 'dropLostDefault', ...place, for: [], column: column.name, name }];
    }),
    ...ordered.map(
      ({ name: column }): UpgradeOperation => ({
        op: 'dropLostColumn',
        ...place,
        for: made(column, ...dropping),
        column,
        earlier: column,
      }),
    ),
  ];
}

/** The earlier name of a column, by its name at that point. */
const earlierName = ({ current }: ChangedTable, column: string): string | null =>
  [...current.names].find(([, now]) => now === column)?.[0] ?? null;

const renamedColumns = (table: ChangedTable): readonly UpgradeOperation[] =>
  table.current.steps.map(
    ({ from, to }): UpgradeOperation => ({
      op: 'renameColumn',
      ...placesOf(table).after,
      for: table.made(to, 'column renamed'),
      column: from,
      to,
      earlier: earlierName(table, to),
    }),
  );

/** The changes that add a column. */
const adding = [
  'column added',
  'column filled',
  'resource key filled',
  'column unified',
  'column renamed',
  'required column added',
  'tracked value added',
  'tracked changes dropped',
  'type converted',
  'type replaced',
] as const satisfies readonly ColumnChanges['kind'][];

/** Adds columns; a column that gets values has no NOT NULL until then. `early` names those of a preparation. */
const addedColumns = (table: ChangedTable, early: ReadonlySet<string>): readonly UpgradeOperation[] =>
  table.change.fates.flatMap(({ kind, after: { name } }): UpgradeOperation[] => {
    if (kind !== 'filled' && kind !== 'added') return [];
    const definition = definitionOf(table, name);
    const column = kind === 'filled' ? { ...definition, nullable: true } : definition;
    return [addedColumn('addColumn', table, column, early.has(name) ? 'used' : null)];
  });

const definitionOf = ({ definitions, change }: ChangedTable, name: string): ColumnDefinition =>
  mustExist(definitions.get(name), `the column ${name} of ${change.pair.after.key}`);

const addedColumn = (
  op: AddColumn['op'],
  table: ChangedTable,
  column: ColumnDefinition,
  early: AddColumn['early'],
): UpgradeOperation => ({ op, ...placesOf(table).after, for: table.made(column.name, ...adding), column, early });

/** Moves values into the columns that were added. */
function movedValues(table: ChangedTable, names: ValueNames): readonly UpgradeOperation[] {
  const { change, made } = table;
  const assignments = change.fates.flatMap((fate) =>
    fate.kind === 'filled'
      ? [{ column: fate.after.name, value: valueText(fate.value, change.pair.before.key, names) }]
      : [],
  );
  if (assignments.length === 0) return [];
  const makes = assignments.flatMap(({ column }) =>
    made(column, 'type converted', 'column filled', 'resource key filled'),
  );
  return [{ op: 'moveValues', ...placesOf(table).after, for: makes, assignments }];
}

/** The operations after the values have moved: late drops, changes, and added generated columns. */
function changedColumns(table: ChangedTable): readonly UpgradeOperation[] {
  const { change, current, made } = table;
  return [
    ...change.dropped.flatMap(({ when, column: { name } }): UpgradeOperation[] => {
      const column = current.names.get(name) ?? name;
      const earlier = earlierName(table, column);
      return when === 'late'
        ? [{ op: 'dropMovedColumn', ...placesOf(table).after, for: made(column, ...dropping), column, earlier }]
        : [];
    }),
    ...change.fates.flatMap((fate) => changedColumn(table, fate)),
    ...change.fates.flatMap((fate) =>
      fate.kind === 'generated'
        ? [addedColumn('addGeneratedColumn', table, definitionOf(table, fate.after.name), null)]
        : [],
    ),
  ];
}
