import { allTables, type DbTableName, type IdentityBlock, qualified, type RelationalModelSet } from '@dms/model';
import { authColumns, authTable } from './derive-hierarchy.ts';
import type { AuthView, AuthViewArm, DbTrigger, Inventory, TrackedChangeTable } from './inventory.ts';

/** Columns that an inventory names, with their table. */
export type NamedColumns = readonly [table: DbTableName, columns: readonly string[]];

/** The identities that a trigger maintains. */
export const maintainedIdentities = (trigger: DbTrigger): readonly IdentityBlock[] => {
  if (trigger.kind !== 'ReferentialIdentityMaintenance') return [];
  return trigger.superclassAlias ? [trigger, trigger.superclassAlias] : [trigger];
};

const entityColumns = ({
  table,
  identityColumn,
  parentFks,
}: NonNullable<Inventory['authEdOrgHierarchy']>['entities'][number]) =>
  [table, [identityColumn, ...parentFks.map(({ denormalizedParentIdColumn }) => denormalizedParentIdColumn)]] as const;

function payloadColumns(trigger: DbTrigger): readonly NamedColumns[] {
  switch (trigger.kind) {
    case 'DocumentStamping': {
      const { mirrorStampTargetTable, changeTracking } = trigger;
      const tables = [mirrorStampTargetTable, changeTracking?.trackedChangeTable ?? null];
      return tables.flatMap((table): NamedColumns[] => (table === null ? [] : [[table, []]]));
    }
    case 'ReferentialIdentityMaintenance':
      return maintainedIdentities(trigger).map(({ identityElements }) => [
        trigger.table,
        identityElements.map(({ column }) => column),
      ]);
    case 'AbstractIdentityMaintenance':
      return [
        [trigger.table, trigger.targetColumnMappings.map(({ sourceColumn }) => sourceColumn)],
        [trigger.targetTable, trigger.targetColumnMappings.map(({ targetColumn }) => targetColumn)],
      ];
    case 'IdentityPropagationFallback':
      return trigger.referrerUpdates.flatMap(
        ({ referrerTable, referrerFkColumn, targetColumnMappings }): NamedColumns[] => [
          [trigger.table, targetColumnMappings.map(({ sourceColumn }) => sourceColumn)],
          [referrerTable, [referrerFkColumn, ...targetColumnMappings.map(({ targetColumn }) => targetColumn)]],
        ],
      );
    case 'AuthHierarchyMaintenance':
      return [entityColumns(trigger.entity)];
  }
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
  ...triggers.flatMap((trigger): NamedColumns[] => [
    [trigger.table, [...trigger.keyColumns, ...trigger.identityProjectionColumns]],
    ...payloadColumns(trigger),
  ]),
  ...trackedChangeTables.flatMap(trackedColumns),
  ...(authEdOrgHierarchy?.entities ?? []).map(entityColumns),
  ...authViews.flatMap(({ arms }) => arms.flatMap(viewColumns)),
];

/** The columns that the first arm of a view shows. */
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
    ...allTables(model).map(({ table }): NamedColumns => [table.table, table.columns.map(({ name }) => name)]),
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
 * The first table or column that an inventory names and that does not exist, as text.
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
