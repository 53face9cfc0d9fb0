import { arrayDepth } from '@dms/api-schema';
import { fail } from '@dms/diagnostics';
import { compareOrdinal } from '@dms/values';
import type {
  Column,
  DescriptorEdgeSource,
  DocumentReferenceBinding,
  Table,
  TableConstraint,
  TableKey,
} from './model.ts';

type Comparator<Item> = (a: Item, b: Item) => number;

/** Tables of a resource: by array depth, scope, schema, name (design 02 §13). */
export const tableOrder: Comparator<Table> = (a, b) =>
  arrayDepth(a.jsonScope) - arrayDepth(b.jsonScope) ||
  compareOrdinal(a.jsonScope.canonical, b.jsonScope.canonical) ||
  compareOrdinal(a.table.schema, b.table.schema) ||
  compareOrdinal(a.table.name, b.table.name);

const constraintKinds: readonly TableConstraint['kind'][] = [
  'Unique',
  'ForeignKey',
  'AllOrNoneNullability',
  'NullOrTrue',
];

/** Constraints of a table: by kind, then name. */
export const constraintOrder: Comparator<TableConstraint> = (a, b) =>
  constraintKinds.indexOf(a.kind) - constraintKinds.indexOf(b.kind) || compareOrdinal(a.name, b.name);

export const bindingOrder: Comparator<DocumentReferenceBinding> = (a, b) =>
  compareOrdinal(a.referenceObjectPath.canonical, b.referenceObjectPath.canonical) ||
  compareOrdinal(a.table.schema, b.table.schema) ||
  compareOrdinal(a.table.name, b.table.name) ||
  compareOrdinal(a.fkColumn, b.fkColumn) ||
  compareOrdinal(a.targetResource.projectName, b.targetResource.projectName) ||
  compareOrdinal(a.targetResource.resourceName, b.targetResource.resourceName) ||
  Number(a.isIdentityComponent) - Number(b.isIdentityComponent);

export const edgeSourceOrder: Comparator<DescriptorEdgeSource> = (a, b) =>
  compareOrdinal(a.table.schema, b.table.schema) ||
  compareOrdinal(a.table.name, b.table.name) ||
  compareOrdinal(a.descriptorValuePath.canonical, b.descriptorValuePath.canonical) ||
  compareOrdinal(a.fkColumn, b.fkColumn) ||
  compareOrdinal(a.descriptorResource.projectName, b.descriptorResource.projectName) ||
  compareOrdinal(a.descriptorResource.resourceName, b.descriptorResource.resourceName) ||
  Number(a.isIdentityComponent) - Number(b.isIdentityComponent);

interface ColumnRank {
  readonly column: Column;
  readonly group: number;
  readonly keyPosition: number;
  readonly referenceGroup: string | undefined;
  readonly referencePosition: number;
}

function compareRanks(a: ColumnRank, b: ColumnRank): number {
  if (a.group !== b.group) return a.group - b.group;
  if (a.group === 0) return a.keyPosition - b.keyPosition;
  if (a.group === 2 && a.referenceGroup !== undefined && b.referenceGroup !== undefined) {
    const order = compareOrdinal(a.referenceGroup, b.referenceGroup) || a.referencePosition - b.referencePosition;
    if (order !== 0) return order;
  }
  return compareOrdinal(a.column.name, b.column.name);
}

/** The reference groups of a table: FK column first, then its identity columns in pair order. */
export interface ReferenceGroup {
  readonly fkColumn: string;
  readonly identityColumns: readonly string[];
}

/**
 * Columns in canonical order: keys, then stored columns without a path, reference groups, descriptors, scalars; an
 * alias comes after its canonical and presence column (design 02 §13, 04 §10). Throws `KU_ALIAS_DANGLING`, `…_SELF`,
 * `…_CYCLE`.
 */
export function orderColumns(
  tableName: string,
  key: TableKey,
  columns: readonly Column[],
  references: readonly ReferenceGroup[],
): Column[] {
  const keyPositions = new Map(key.columns.map(({ name }, index) => [name, index]));
  const inReference = new Map<string, { group: string; position: number }>();
  for (const { fkColumn, identityColumns } of references) {
    [fkColumn, ...identityColumns].forEach((name, position) => {
      inReference.set(name, { group: fkColumn, position });
    });
  }
  const groupOf = (column: Column): number => {
    if (keyPositions.has(column.name)) return 0;
    if (column.storage.kind === 'Stored' && column.sourcePath === null) return 1;
    if (inReference.has(column.name) || column.kind === 'DocumentFk') return 2;
    if (column.kind === 'DescriptorFk') return 3;
    return column.kind === 'Scalar' ? 4 : 5;
  };
  const sorted = columns
    .map((column) => ({
      column,
      group: groupOf(column),
      keyPosition: keyPositions.get(column.name) ?? 0,
      referenceGroup: inReference.get(column.name)?.group,
      referencePosition: inReference.get(column.name)?.position ?? 0,
    }))
    .sort(compareRanks)
    .map(({ column }) => column);
  return placeAfterDependencies(tableName, sorted);
}

function dependenciesOf({ storage }: Column): string[] {
  if (storage.kind === 'Stored') return [];
  return storage.presenceColumn === null
    ? [storage.canonicalColumn]
    : [storage.canonicalColumn, storage.presenceColumn];
}

/** Repeatedly takes the smallest column whose dependencies are already placed; in practice this keeps the order. */
function placeAfterDependencies(tableName: string, sorted: Column[]): Column[] {
  if (sorted.every(({ storage }) => storage.kind === 'Stored')) return sorted;
  const names = new Set(sorted.map(({ name }) => name));
  for (const column of sorted) {
    for (const dependency of dependenciesOf(column)) {
      const details = { table: tableName, alias: column.name, dependency };
      if (dependency === column.name)
        fail('KU_ALIAS_SELF', `The alias ${column.name} of table ${tableName} depends on itself.`, {}, details);
      if (!names.has(dependency))
        fail(
          'KU_ALIAS_DANGLING',
          `The alias ${column.name} of table ${tableName} depends on ${dependency}, which is missing.`,
          {},
          details,
        );
    }
  }
  const placed = new Set<string>();
  const order: Column[] = [];
  let waiting = [...sorted];
  while (waiting.length > 0) {
    const blocked: Column[] = [];
    let restart = false;
    for (const column of waiting) {
      if (restart || dependenciesOf(column).some((name) => !placed.has(name))) blocked.push(column);
      else {
        placed.add(column.name);
        order.push(column);
        restart = blocked.length > 0;
      }
    }
    if (blocked.length === waiting.length) {
      const columns = blocked.map(({ name }) => name).sort();
      fail(
        'KU_ALIAS_CYCLE',
        `The aliases of table ${tableName} depend on each other: ${columns.join(', ')}.`,
        {},
        { table: tableName, columns },
      );
    }
    waiting = blocked;
  }
  return order;
}
