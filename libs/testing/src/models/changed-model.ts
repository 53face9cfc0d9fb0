import { type Column, qualified, type RelationalModelSet, type ResourceModel, type Table } from '@dms/model';
import { columnOf, resourceOf, tableOf } from './model-lookup.ts';

/* Derived models with one change. */

/** A model with one table changed, of a resource or an abstract identity table, by `schema.name`. */
export function withTable(
  model: RelationalModelSet,
  name: string,
  change: (table: Table) => Partial<Table>,
): RelationalModelSet {
  tableOf(model, name);
  const changed = (table: Table): Table => (qualified(table.table) === name ? { ...table, ...change(table) } : table);
  return {
    ...model,
    resources: model.resources.map((resource) => ({
      ...resource,
      tablesInDependencyOrder: resource.tablesInDependencyOrder.map(changed),
    })),
    abstractIdentityTables: model.abstractIdentityTables.map((entry) => ({ ...entry, table: changed(entry.table) })),
  };
}

/** A model with the columns of one table changed. */
export function withColumns(
  model: RelationalModelSet,
  tableName: string,
  change: (column: Column) => Column,
): RelationalModelSet {
  return withTable(model, tableName, ({ columns }) => ({ columns: columns.map(change) }));
}

export function withColumn(
  model: RelationalModelSet,
  tableName: string,
  columnName: string,
  change: Partial<Column>,
): RelationalModelSet {
  const changed = columnOf(tableOf(model, tableName), columnName);
  return withColumns(model, tableName, (column) => (column === changed ? { ...column, ...change } : column));
}

/** A model with one more column: a changed copy of another one. */
export function withCopiedColumn(
  model: RelationalModelSet,
  tableName: string,
  original: string,
  change: Partial<Column> & { readonly name: string },
): RelationalModelSet {
  const column = columnOf(tableOf(model, tableName), original);
  return withTable(model, tableName, ({ columns }) => ({ columns: [...columns, { ...column, ...change }] }));
}

export function withResource(
  model: RelationalModelSet,
  label: string,
  change: (resource: ResourceModel) => Partial<ResourceModel>,
): RelationalModelSet {
  const found = resourceOf(model, label);
  return {
    ...model,
    resources: model.resources.map((resource) =>
      resource === found ? { ...resource, ...change(resource) } : resource,
    ),
  };
}
