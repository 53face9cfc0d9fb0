import { resourceLabel } from '@dms/api-schema';
import { DmsError } from '@dms/diagnostics';
import { compareBy } from '@dms/files';
import {
  bindingOrder,
  constraintOrder,
  edgeSourceOrder,
  orderColumns,
  type ReferenceGroup,
  tableOrder,
} from '../canonical-order.ts';
import { qualified } from '../full-names.ts';
import type { QualifiedResourceName, ResourceModel, Table } from '../model.ts';
import { type InspectedModel, sameList } from './inspected-model.ts';

/** Whether the items are in order. */
function isSorted<Item>(items: readonly Item[], order: (a: Item, b: Item) => number): boolean {
  for (let index = 1; index < items.length; index += 1)
    if (order(items[index - 1] as Item, items[index] as Item) > 0) return false;
  return true;
}

const byResourceKey = compareBy<{ readonly resourceKey: QualifiedResourceName }>(
  ({ resourceKey }) => resourceKey.projectName,
  ({ resourceKey }) => resourceKey.resourceName,
);

const byStorageColumn = compareBy<ResourceModel['descriptorFkDeduplications'][number]>(
  ({ table }) => table.schema,
  ({ table }) => table.name,
  ({ storageColumn }) => storageColumn,
  ({ bindingColumns }) => bindingColumns.join('|'),
);

const bySourcePath = compareBy<ResourceModel['decimalPrecisionFallbacks'][number]>(
  ({ sourcePath }) => sourcePath.canonical,
  ({ reason }) => reason,
);

/**
 * The names of the columns in their order; undefined if dangling aliases make an order impossible, which 04 §19
 * reports.
 */
function columnOrder(table: Table, groups: readonly ReferenceGroup[]): string[] {
  try {
    return orderColumns(qualified(table.table), table.key, table.columns, groups).map(({ name }) => name);
  } catch (error) {
    if (error instanceof DmsError) return [];
    throw error;
  }
}

/** 16: everything is in the order of §13, so sorting again changes nothing. */
export function canonicalOrder(inspected: InspectedModel): string[] {
  const { resources } = inspected.model;
  const found: string[] = [];
  const check = (holds: boolean, text: () => string) => {
    if (!holds) found.push(`16 ${text()}`);
  };
  check(isSorted(resources, byResourceKey), () => 'resources');
  check(isSorted(inspected.model.abstractIdentityTables, byResourceKey), () => 'abstract identity tables');
  check(isSorted(inspected.model.abstractUnionViews, byResourceKey), () => 'union views');
  for (const resource of resources) {
    const label = () => resourceLabel(resource.resourceKey);
    const tables = resource.tablesInDependencyOrder;
    check(isSorted(tables, tableOrder), () => `tables of ${label()}`);
    check(isSorted(resource.documentReferenceBindings, bindingOrder), () => `reference bindings of ${label()}`);
    check(isSorted(resource.descriptorEdgeSources, edgeSourceOrder), () => `descriptor edge sources of ${label()}`);
    check(
      isSorted(resource.descriptorFkDeduplications, byStorageColumn),
      () => `descriptor key deduplications of ${label()}`,
    );
    check(isSorted(resource.decimalPrecisionFallbacks, bySourcePath), () => `decimal fallbacks of ${label()}`);
    for (const table of tables) {
      const name = () => qualified(table.table);
      const actual = table.columns.map((column) => column.name);
      const groups = inspected.bindingsOn(table).map(({ fkColumn, identityBindings }) => ({
        fkColumn,
        identityColumns: identityBindings.map(({ column }) => column),
      }));
      const again = columnOrder(table, groups);
      check(sameList(actual, again), () => `columns of ${name()}: ${actual.join(', ')} are not in their order`);
      check(isSorted(table.constraints, constraintOrder), () => `constraints of ${name()}`);
    }
  }
  return found;
}
