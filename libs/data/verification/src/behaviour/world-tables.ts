import type { CheckedSet } from '@dms/checking';
import {
  type AbstractUnionView,
  type ColumnMapping,
  core,
  type DbTableName,
  type ForeignKeyConstraint,
  mustExist,
  type PropagationFallback,
  qualified,
  type RelationalModelSet,
  type ResourceModel,
  type Table,
} from '@dms/model';
import { groupBy } from '@dms/values';
import type { RowText } from '../verification-dialect.ts';

/** A reference of a row: its document column, and the columns that copy values of the target. */
export interface RowReference {
  readonly target: DbTableName;
  readonly documentColumn: string;
  /** Pairs of a local column and a column of the target, without the document column. */
  readonly copies: readonly ColumnMapping[];
}

/** A table of a document, with the facts for making its rows. */
export interface WorldTable {
  readonly table: Table;
  /** `schema.name`. */
  readonly name: string;
  /** Key to the enclosing row; null for a root table. */
  readonly parent: ForeignKeyConstraint | null;
  /** The column of the document that a row belongs to. */
  readonly documentColumn: string;
  /** References that every row must have. */
  readonly descriptorColumns: readonly string[];
  readonly references: readonly RowReference[];
  /** References that a row may have. */
  readonly optionalDescriptorColumns: readonly string[];
  readonly optionalReferences: readonly RowReference[];
}

export interface WorldResource {
  /** `Project:Resource`. */
  readonly label: string;
  readonly resource: ResourceModel;
  readonly root: WorldTable;
  /** The tables below the root, parents first. */
  readonly lower: readonly WorldTable[];
}

/** The relationally stored resources of a model, in its order, in the form for a world (design 09b §2.3). */
export function worldResources({ resources, propagationFallbacks }: RelationalModelSet): WorldResource[] {
  return resources.flatMap((resource) => {
    const [root, ...lower] = resource.tablesInDependencyOrder.map((table) => worldTable(table, propagationFallbacks));
    if (root === undefined) return [];
    const { projectName, resourceName } = resource.resourceKey;
    return [{ label: `${projectName}:${resourceName}`, resource, root, lower: parentsFirst(lower, root) }];
  });
}

function worldTable(table: Table, fallbacks: readonly PropagationFallback[]): WorldTable {
  const required = new Set(table.columns.filter(({ isNullable }) => !isNullable).map(({ name }) => name));
  let parent: ForeignKeyConstraint | null = null;
  const [descriptorColumns, optionalDescriptorColumns]: [string[], string[]] = [[], []];
  const [references, optionalReferences]: [RowReference[], RowReference[]] = [[], []];
  for (const key of table.constraints) {
    if (key.kind !== 'ForeignKey') continue;
    const isDocument = qualified(key.targetTable) === qualified(core.document);
    if (key.onDelete === 'Cascade') {
      if (!isDocument) parent = key;
      continue;
    }
    const targetColumns: readonly string[] = key.targetColumns;
    const documentColumn = key.columns[targetColumns.indexOf('DocumentId')];
    if (documentColumn === undefined) continue;
    const isRequired = required.has(documentColumn);
    if (qualified(key.targetTable) === qualified(core.descriptor)) {
      (isRequired ? descriptorColumns : optionalDescriptorColumns).push(documentColumn);
      continue;
    }
    const copies = key.columns.flatMap((targetColumn, index): ColumnMapping[] => {
      const sourceColumn = key.targetColumns[index];
      return sourceColumn === undefined || targetColumn === documentColumn ? [] : [{ sourceColumn, targetColumn }];
    });
    // if a key lacks the copies, a trigger maintains them, but it only propagates changes (design 11 §3.3)
    const moved = fallbacks.find(
      ({ receiverTable, receiverFkColumn }) =>
        receiverFkColumn === documentColumn && qualified(receiverTable) === qualified(table.table),
    );
    (isRequired ? references : optionalReferences).push({
      target: key.targetTable,
      documentColumn,
      copies: [...copies, ...(moved?.columnMappings ?? [])],
    });
  }
  const documentColumn = mustExist(
    table.identity.rootLocator[0] ?? table.key.columns[0]?.name,
    `the column of ${qualified(table.table)} with a document`,
  );
  return {
    table,
    name: qualified(table.table),
    parent,
    documentColumn,
    descriptorColumns,
    references,
    optionalDescriptorColumns,
    optionalReferences,
  };
}

/** Tables below a root, each after the table that encloses it. */
function parentsFirst(tables: readonly WorldTable[], root: WorldTable): WorldTable[] {
  const below = groupBy(tables, ({ parent }) => parent && qualified(parent.targetTable));
  const ordered: WorldTable[] = [];
  const visit = ({ table }: WorldTable): void => {
    for (const child of below.get(qualified(table.table)) ?? []) {
      ordered.push(child);
      visit(child);
    }
  };
  visit(root);
  return ordered;
}

/** Resources that a reference to a table can point to: the owner of a root table, or the members of an abstract one. */
export function referenceTargets(
  { abstractIdentityTables, abstractUnionViews }: RelationalModelSet,
  resources: readonly WorldResource[],
): ReadonlyMap<string, readonly WorldResource[]> {
  const byRoot = new Map(resources.map((entry) => [entry.root.name, entry]));
  const views = new Map(abstractUnionViews.map((view): [number, AbstractUnionView] => [view.resourceKey.id, view]));
  const targets = new Map<string, readonly WorldResource[]>([...byRoot].map(([key, entry]) => [key, [entry]]));
  for (const { resourceKey, table } of abstractIdentityTables) {
    const arms = views.get(resourceKey.id)?.unionArms ?? [];
    targets.set(
      qualified(table.table),
      arms.flatMap(({ fromTable }) => byRoot.get(qualified(fromTable)) ?? []),
    );
  }
  return targets;
}

export const foreignKeysOf = ({ constraints }: Table): readonly ForeignKeyConstraint[] =>
  constraints.filter((each) => each.kind === 'ForeignKey');

/** The number of resources that costly checks try. Objects of the same kind are alike, so these represent all. */
const mostTried = 40;

/** At most `mostTried` resources, spread evenly over a larger set. */
export function spreadOver<Item>(resources: readonly Item[]): readonly Item[] {
  const step = Math.ceil(resources.length / mostTried);
  return resources.filter((_, index) => index % step === 0);
}

/** The constraint that a reference is complete or absent. */
export type AllOrNone = Extract<Table['constraints'][number], { readonly kind: 'AllOrNoneNullability' }>;

export const allOrNones = ({ constraints }: Table): readonly AllOrNone[] =>
  constraints.filter((each) => each.kind === 'AllOrNoneNullability');

/** The columns of a reference that are filled together. */
export const membersOf = ({ fkColumn, dependentColumns }: AllOrNone): readonly string[] => [
  fkColumn,
  ...dependentColumns,
];

/** The stored columns of a table, the only ones that can be written. */
export const storedColumns = ({ columns }: Table) =>
  columns.filter(({ storage }) => storage.kind === 'Stored').map(({ name }) => name);

/** The stored columns that may be NULL. */
export const nullableColumns = ({ columns }: Table): ReadonlySet<string> =>
  new Set(columns.filter(({ isNullable, storage }) => isNullable && storage.kind === 'Stored').map(({ name }) => name));

/** The columns of the primary key and the unique constraints of a table. */
export function uniqueColumnsOf({ key, constraints }: Table): ReadonlySet<string> {
  return new Set<string>([
    ...key.columns.map(({ name }) => name),
    ...constraints.flatMap((constraint) => (constraint.kind === 'Unique' ? constraint.columns : [])),
  ]);
}

/**
 * The columns of a table whose values determine no other value except, below a root, the identity of the row;
 * `keepsUniques` also leaves out the columns of unique constraints.
 */
export function valueColumns({ inventory }: CheckedSet, { table, name }: WorldTable, keepsUniques = false) {
  const others = new Set<string>(table.key.columns.map((column) => column.name));
  for (const constraint of table.constraints)
    if (constraint.kind === 'NullOrTrue') others.add(constraint.column);
    else if (constraint.kind === 'AllOrNoneNullability') for (const member of membersOf(constraint)) others.add(member);
    else if (constraint.kind === 'ForeignKey' || keepsUniques)
      for (const column of constraint.columns) others.add(column);
  for (const trigger of inventory.triggers)
    if (qualified(trigger.table) === name) for (const column of trigger.identityProjectionColumns) others.add(column);
  return table.columns.filter(
    ({ name: column, kind, storage, isWritable, scalarType }) =>
      kind === 'Scalar' && storage.kind === 'Stored' && isWritable && scalarType !== null && !others.has(column),
  );
}

/** A row with its aliases computed: the canonical value if the presence column has a value (design 04 §4). */
export function withAliases(table: Table, row: RowText): RowText {
  const aliases = table.columns.flatMap(({ name, storage }): [string, string | null][] => {
    if (storage.kind !== 'UnifiedAlias') return [];
    const { canonicalColumn, presenceColumn } = storage;
    const isThere = presenceColumn === null || (row[presenceColumn] ?? null) !== null;
    return [[name, isThere ? (row[canonicalColumn] ?? null) : null]];
  });
  return { ...row, ...Object.fromEntries(aliases) };
}

/** The aliases of a row with wrong values, among the aliases that were read together with their columns. */
export function wrongAliases(
  table: Table,
  row: RowText,
): readonly { readonly column: string; readonly expected: string; readonly found: string }[] {
  const right = withAliases(table, row);
  return table.columns.flatMap(({ name, storage }) => {
    const sources =
      storage.kind === 'UnifiedAlias' ? [name, storage.canonicalColumn, storage.presenceColumn ?? name] : [];
    if (sources.length === 0 || !sources.every((column) => column in row)) return [];
    const expected = right[name] ?? null;
    const found = row[name] ?? null;
    return expected === found ? [] : [{ column: name, expected: expected ?? 'NULL', found: found ?? 'NULL' }];
  });
}
