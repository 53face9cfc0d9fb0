import { arrayDepth, resourceLabel } from '@dms/api-schema';
import { DmsError } from '@dms/diagnostics';
import { orderColumns, type ReferenceGroup } from '../canonical-order.ts';
import type { Table, TableConstraint } from '../model.ts';
import { type InspectedModel, qualified, sameList } from './inspected-model.ts';

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

/** The names of the columns in their order; none where aliases that lead nowhere leave no order, which 04 §19 finds. */
function columnOrder(table: Table, groups: readonly ReferenceGroup[]): string[] {
  try {
    return orderColumns(qualified(table.table), table.key, table.columns, groups).map(({ name }) => name);
  } catch (error) {
    if (error instanceof DmsError) return [];
    throw error;
  }
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
      const references = inspected.bindingsOn(table);
      const actual = table.columns.map((column) => column.name);
      const groups = references.map(({ fkColumn, identityBindings }) => ({
        fkColumn,
        identityColumns: identityBindings.map(({ column }) => column),
      }));
      const again = columnOrder(table, groups);
      check(sameList(actual, again), `columns of ${name}: ${actual.join(', ')} are not in their order`);
      check(
        isSorted(table.constraints.map(({ kind, name: constraint }) => [constraintKinds.indexOf(kind), constraint])),
        `constraints of ${name}`,
      );
    }
  }
  return found;
}
