import { groupBy } from '@dms/files';
import { type DocumentReferenceBinding, mustExist, qualified, type ReferenceIdentityBinding } from '@dms/model';
import type { ReferenceIdentityProjectionBinding, ReferenceIdentityProjectionTablePlan } from '../plan.ts';
import { columnOf, sourceKey } from '../plan-table.ts';
import { ordinalOf, type ReadTable } from './read-table.ts';

/** The path of a part of a reference, and its columns, which share one stored column (design 02 §18). */
interface LogicalField {
  readonly path: ReferenceIdentityBinding['referenceJsonPath'];
  readonly members: readonly [ReferenceIdentityBinding, ...ReferenceIdentityBinding[]];
}

/** The identity bindings of a reference by their path in the document, in order of first appearance. */
export function logicalFields(binding: DocumentReferenceBinding): LogicalField[] {
  const groups = groupBy(binding.identityBindings, ({ referenceJsonPath }) => referenceJsonPath.canonical);
  return [...groups.values()].flatMap(([first, ...others]) =>
    first ? [{ path: first.referenceJsonPath, members: [first, ...others] as const }] : [],
  );
}

function projection(table: ReadTable, binding: DocumentReferenceBinding): ReferenceIdentityProjectionBinding {
  return {
    isIdentityComponent: binding.isIdentityComponent,
    referenceObjectPath: binding.referenceObjectPath,
    targetResource: binding.targetResource,
    fkColumnOrdinal: ordinalOf(table, binding.fkColumn),
    identityFieldOrdinalsInOrder: logicalFields(binding).map(({ path, members: [first] }) => ({
      referenceJsonPath: path,
      columnOrdinal: ordinalOf(table, first.column),
      scalarType: mustExist(
        columnOf(table, first.column).scalarType,
        `the type of ${sourceKey(table.model.table, first.column)}`,
      ),
    })),
  };
}

/** How to rebuild the reference objects of a resource from its rows, without joins (design 08 §7.4). */
export function referenceIdentityProjections(
  tables: readonly ReadTable[],
  bindings: readonly DocumentReferenceBinding[],
): ReferenceIdentityProjectionTablePlan[] {
  const byTable = groupBy(bindings, ({ table }) => qualified(table));
  return tables.flatMap((table) => {
    const own = byTable.get(qualified(table.model.table));
    if (!own) return [];
    return [{ table: table.model.table, bindingsInOrder: own.map((binding) => projection(table, binding)) }];
  });
}
