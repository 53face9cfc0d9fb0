import { isPathPrefix, type JsonPath, pathOf, resourceLabel } from '@dms/api-schema';
import { type DetailValue, type DiagnosticCode, fail } from '@dms/diagnostics';
import { type Column, type DbTableName, mustExist, qualified, type ResourceModel, type Table } from '@dms/model';

/** A table of a resource with its columns by name, for lookups in both compilers. */
export interface PlanTable {
  readonly model: Table;
  readonly columns: ReadonlyMap<string, Column>;
}

export function indexTable(model: Table): PlanTable {
  return { model, columns: new Map(model.columns.map((column) => [column.name, column])) };
}

export function columnOf({ model, columns }: PlanTable, name: string): Column {
  return mustExist(columns.get(name), `${qualified(model.table)}.${name}`);
}

/** `schema.table` and column as one lookup key. */
export const sourceKey = (table: DbTableName, column: string) => `${qualified(table)}.${column}`;

/** A path in the scope of the table, relative to its rows: `$` for the value at the scope itself (design 08 §6.4). */
export function relativeToScope({ jsonScope }: Pick<Table, 'jsonScope'>, path: JsonPath): JsonPath {
  if (!isPathPrefix(jsonScope, path)) throw new Error(`${path.canonical} is not in the scope ${jsonScope.canonical}`);
  return pathOf(path.segments.slice(jsonScope.segments.length));
}

/** Throws a plan diagnostic about a resource; the message starts with its label. */
export function failPlan(
  code: DiagnosticCode,
  { resourceKey }: Pick<ResourceModel, 'resourceKey'>,
  operation: 'read' | 'write',
  text: string,
  details: { readonly [name: string]: DetailValue } = {},
): never {
  const resource = resourceLabel(resourceKey);
  const message = `${resource}: cannot compile the ${operation} plan: ${text}.`;
  fail(code, message, { resource }, { resource, operation, ...details });
}

/**
 * Throws `PLAN_STORAGE_UNSUPPORTED` for a descriptor resource: a plan needs a resource with its own tables (design 08
 * §6.1).
 */
export function checkStorageKind(model: ResourceModel, operation: 'read' | 'write'): void {
  const { storageKind } = model;
  if (storageKind !== 'RelationalTables')
    failPlan('PLAN_STORAGE_UNSUPPORTED', model, operation, `its storage is ${storageKind}`, { storageKind });
}
