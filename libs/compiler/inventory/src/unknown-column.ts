import { modelIndex, qualified, type RelationalModelSet } from '@dms/model';
import { authColumns, authTable, entityColumns, type NamedColumns } from './hierarchy.ts';
import type { AuthView, AuthViewArm, Inventory, TrackedChangeTable } from './inventory.ts';
import { type DbTrigger, kindOfTrigger } from './trigger-kinds.ts';

function triggerColumns(trigger: DbTrigger): readonly NamedColumns[] {
  const kind = kindOfTrigger(trigger);
  const copied = kind.copies(trigger).flatMap(({ table, mappings }): NamedColumns[] => [
    [trigger.table, mappings.map(({ sourceColumn }) => sourceColumn)],
    [table, mappings.map(({ targetColumn }) => targetColumn)],
  ]);
  return [
    [trigger.table, [...trigger.keyColumns, ...trigger.identityProjectionColumns]],
    ...kind.namedColumns(trigger),
    ...copied,
  ];
}

function trackedColumns({ sourceTable, personJoins }: TrackedChangeTable): readonly NamedColumns[] {
  const steps = personJoins.flatMap(({ joinPath }) => joinPath);
  return [
    [sourceTable, []],
    ...steps.flatMap(({ sourceTable: source, sourceColumn, targetTable, targetColumn }): NamedColumns[] => [
      [source, [sourceColumn]],
      [targetTable, [targetColumn]],
    ]),
  ];
}

function viewColumns({ source, joins, outputColumns }: AuthViewArm): readonly NamedColumns[] {
  const parts = [source, ...joins];
  return parts.map(({ alias, table }): NamedColumns => {
    const shown = outputColumns.filter((entry) => entry.alias === alias).map(({ column }) => column);
    const joined = joins.flatMap(({ on }) =>
      on.flatMap(({ leftAlias, leftColumn, rightAlias, rightColumn }) => [
        ...(leftAlias === alias ? [leftColumn] : []),
        ...(rightAlias === alias ? [rightColumn] : []),
      ]),
    );
    return [table, [...shown, ...joined]];
  });
}

const namedColumns = ({
  indexes,
  triggers,
  trackedChangeTables,
  authEdOrgHierarchy,
  authViews,
}: Inventory): readonly NamedColumns[] => [
  ...indexes.map(({ table, keyColumns, includeColumns }): NamedColumns => [table, [...keyColumns, ...includeColumns]]),
  ...triggers.flatMap(triggerColumns),
  ...trackedChangeTables.flatMap(trackedColumns),
  ...(authEdOrgHierarchy?.entities ?? []).map(entityColumns),
  ...authViews.flatMap(({ arms }) => arms.flatMap(viewColumns)),
];

/** The columns of a view, by its first arm. */
const shownColumns = ({ arms: [first] }: AuthView) =>
  (first?.outputColumns ?? []).map(({ column, outputName }) => outputName ?? column);

const columnMap = (tables: readonly NamedColumns[]): Map<string, ReadonlySet<string>> =>
  new Map(tables.map(([table, columns]) => [qualified(table), new Set(columns)]));

/** The tables that can have indexes and triggers of an inventory: of the core, of the model, and the hierarchy. */
function changeableTables(
  { authEdOrgHierarchy }: Inventory,
  model: RelationalModelSet,
  coreTables: readonly NamedColumns[],
): readonly NamedColumns[] {
  const hasHierarchy = (authEdOrgHierarchy?.entities ?? []).length > 0;
  return [
    ...coreTables,
    ...modelIndex(model).allTables.map(
      ({ table }): NamedColumns => [table.table, table.columns.map(({ name }) => name)],
    ),
    ...(hasHierarchy ? [[authTable, Object.values(authColumns)] as const] : []),
  ];
}

/** The tables and views that an inventory adds to the model. */
const addedTables = ({ trackedChangeTables, authViews }: Inventory): readonly NamedColumns[] => [
  ...trackedChangeTables.map(
    ({ table, valueColumns, systemColumns }): NamedColumns => [
      table,
      [
        ...valueColumns.flatMap(({ oldColumn, newColumn }) => [oldColumn, newColumn]),
        ...systemColumns.map(({ column }) => column),
      ],
    ],
  ),
  ...authViews.map((view): NamedColumns => [view.view, shownColumns(view)]),
];

/**
 * The first table or column in an inventory that does not exist, as text.
 *
 * @param coreTables the tables of the schema `dms`
 */
export function unknownColumn(
  inventory: Inventory,
  model: RelationalModelSet,
  coreTables: readonly NamedColumns[],
): string | undefined {
  const changeable = changeableTables(inventory, model, coreTables);
  const changeableNames = new Set(changeable.map(([table]) => qualified(table)));
  const changed = [...inventory.indexes, ...inventory.triggers].map(({ table }) => qualified(table));
  const elsewhere = changed.find((name) => !changeableNames.has(name));
  if (elsewhere !== undefined) return elsewhere;
  const columns = columnMap([...changeable, ...addedTables(inventory)]);
  for (const [table, names] of namedColumns(inventory)) {
    const key = qualified(table);
    const known = columns.get(key);
    if (!known) return key;
    const unknown = names.find((name) => !known.has(name));
    if (unknown !== undefined) return `${key}.${unknown}`;
  }
  return undefined;
}
