import { arrayDepth, resourceLabel } from '@dms/api-schema';
import { compareOrdinal } from '@dms/canonical-json';
import { orderColumns } from '../canonical-order.ts';
import type { Column, DocumentReferenceBinding, Table, TableConstraint } from '../model.ts';
import { bindingsOn, type InspectedModel, keyNames, qualified, sameList } from './inspected-model.ts';

interface SortKey {
  readonly group: number;
  readonly keyPosition: number;
  readonly reference: { readonly group: string; readonly position: number } | undefined;
  readonly name: string;
}

function sortKeyOf(table: Table, references: readonly DocumentReferenceBinding[], column: Column): SortKey {
  const keyPosition = keyNames(table).indexOf(column.name);
  const binding = references.find(
    ({ fkColumn, identityBindings }) =>
      fkColumn === column.name || identityBindings.some((identity) => identity.column === column.name),
  );
  const reference = binding && {
    group: binding.fkColumn,
    position: [binding.fkColumn, ...binding.identityBindings.map((identity) => identity.column)].indexOf(column.name),
  };
  const group = () => {
    if (keyPosition >= 0) return 0;
    if (column.storage.kind === 'Stored' && column.sourcePath === null) return 1;
    if (reference || column.kind === 'DocumentFk') return 2;
    if (column.kind === 'DescriptorFk') return 3;
    return column.kind === 'Scalar' ? 4 : 5;
  };
  return { group: group(), keyPosition, reference, name: column.name };
}

function compareSortKeys(a: SortKey, b: SortKey): number {
  if (a.group !== b.group) return a.group - b.group;
  if (a.group === 0) return a.keyPosition - b.keyPosition;
  if (a.group === 2 && a.reference && b.reference) {
    const order = compareOrdinal(a.reference.group, b.reference.group) || a.reference.position - b.reference.position;
    if (order !== 0) return order;
  }
  return compareOrdinal(a.name, b.name);
}

/** Column names in the order of §13, written down from the chapter: again and again the smallest one that is available. */
function canonicalColumnOrder(table: Table, references: readonly DocumentReferenceBinding[]): string[] {
  const waiting = table.columns
    .map((column) => ({ column, key: sortKeyOf(table, references, column) }))
    .sort((a, b) => compareSortKeys(a.key, b.key));
  const order: string[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ column: { storage } }) => {
      if (storage.kind === 'Stored') return true;
      const { canonicalColumn, presenceColumn } = storage;
      return order.includes(canonicalColumn) && (presenceColumn === null || order.includes(presenceColumn));
    });
    if (next < 0) return order;
    order.push(...waiting.splice(next, 1).map(({ column }) => column.name));
  }
  return order;
}

/** Whether the keys, lists compared element by element, never descend. */
function isSorted(keys: readonly (readonly (string | number)[])[]): boolean {
  const order = (a: readonly (string | number)[], b: readonly (string | number)[]): number => {
    for (const [index, x] of a.entries()) {
      const y = b[index] as string | number;
      if (x !== y) return x < y ? -1 : 1;
    }
    return 0;
  };
  return keys.every((key, index) => index === 0 || order(keys[index - 1] ?? [], key) <= 0);
}

const constraintKinds: readonly TableConstraint['kind'][] = ['Unique', 'ForeignKey', 'AllOrNoneNullability', 'NullOrTrue'];

/** 16: everything is in the order of §13, and ordering it again changes nothing. */
export function canonicalOrder(inspected: InspectedModel): string[] {
  const { resources } = inspected.model;
  const found: string[] = [];
  const check = (holds: boolean, text: string) => {
    if (!holds) found.push(`16 ${text}`);
  };
  const names = ({ resourceKey }: { resourceKey: { projectName: string; resourceName: string } }) => [
    resourceKey.projectName,
    resourceKey.resourceName,
  ];
  check(isSorted(resources.map(names)), 'resources');
  check(isSorted(inspected.model.abstractIdentityTables.map(names)), 'abstract identity tables');
  check(isSorted(inspected.model.abstractUnionViews.map(names)), 'union views');
  for (const resource of resources) {
    const label = resourceLabel(resource.resourceKey);
    const tables = resource.tablesInDependencyOrder;
    check(
      isSorted(tables.map(({ jsonScope, table }) => [arrayDepth(jsonScope), jsonScope.canonical, table.schema, table.name])),
      `tables of ${label}`,
    );
    check(
      isSorted(
        resource.documentReferenceBindings.map((binding) => [
          binding.referenceObjectPath.canonical,
          binding.table.schema,
          binding.table.name,
          binding.fkColumn,
          binding.targetResource.projectName,
          binding.targetResource.resourceName,
          Number(binding.isIdentityComponent),
        ]),
      ),
      `reference bindings of ${label}`,
    );
    check(
      isSorted(
        resource.descriptorEdgeSources.map((edge) => [
          edge.table.schema,
          edge.table.name,
          edge.descriptorValuePath.canonical,
          edge.fkColumn,
          edge.descriptorResource.projectName,
          edge.descriptorResource.resourceName,
          Number(edge.isIdentityComponent),
        ]),
      ),
      `descriptor edge sources of ${label}`,
    );
    check(
      isSorted(
        resource.descriptorFkDeduplications.map(({ table, storageColumn, bindingColumns }) => [
          table.schema,
          table.name,
          storageColumn,
          bindingColumns.join('|'),
        ]),
      ),
      `descriptor key deduplications of ${label}`,
    );
    check(
      isSorted(resource.decimalPrecisionFallbacks.map(({ sourcePath, reason }) => [sourcePath.canonical, reason])),
      `decimal fallbacks of ${label}`,
    );
    for (const table of tables) {
      const name = qualified(table.table);
      const references = bindingsOn(resource, table);
      const actual = table.columns.map((column) => column.name);
      check(sameList(actual, canonicalColumnOrder(table, references)), `columns of ${name}: ${actual.join(', ')}`);
      const groups = references.map(({ fkColumn, identityBindings }) => ({
        fkColumn,
        identityColumns: identityBindings.map(({ column }) => column),
      }));
      const again = orderColumns(name, table.key, table.columns, groups).map((column) => column.name);
      check(sameList(actual, again), `columns of ${name} change when ordered again`);
      check(
        isSorted(table.constraints.map(({ kind, name: constraint }) => [constraintKinds.indexOf(kind), constraint])),
        `constraints of ${name}`,
      );
    }
  }
  return found;
}
