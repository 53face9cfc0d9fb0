import { type Column, type RelationalModelSet, storedName, type Table } from '@dms/model';

/**
 * Marks the texts of identities and their copies (design 22 §2.3): the string columns of unique and foreign keys, with
 * the canonical columns of marked aliases and all aliases of marked columns. Both sides of a key are marked, because
 * SQL Server requires that they have one collation.
 */
export const withIdentityTexts = (model: RelationalModelSet): RelationalModelSet => ({
  ...model,
  resources: model.resources.map((resource) => ({
    ...resource,
    tablesInDependencyOrder: resource.tablesInDependencyOrder.map(withMarks),
  })),
  abstractIdentityTables: model.abstractIdentityTables.map(({ resourceKey, table }) => ({
    resourceKey,
    table: withMarks(table),
  })),
});

function withMarks(table: Table): Table {
  const inKeys = new Set<string>(
    table.constraints.flatMap((constraint) =>
      constraint.kind === 'Unique' || constraint.kind === 'ForeignKey' ? constraint.columns : [],
    ),
  );
  const marked = new Set(table.columns.filter(({ name }) => inKeys.has(name)).map(storedName));
  const columns = table.columns.map(
    (column): Column =>
      column.scalarType?.kind === 'String' && marked.has(storedName(column))
        ? { ...column, identityText: true }
        : column,
  );
  return { ...table, columns };
}
