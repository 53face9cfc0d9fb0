import {
  type Column,
  type DocumentReferenceBinding,
  type ForeignKeyConstraint,
  mustExist,
  qualified,
  type ResourceModel,
  type Table,
} from '@dms/model';

/** A column with its table. */
export interface PlacedColumn {
  readonly table: Table;
  readonly column: Column;
}

/** The tables of a resource: where the value of a path is, and which table holds the row around a row. */
export interface RowTables {
  readonly resource: ResourceModel;
  readonly root: Table;
  /** The column of the root with the number of the document. */
  readonly documentKey: string;
  /** The table with the rows of a scope; of an object without a table, the table of the nearest scope around it. */
  rowTable(scope: string): Table;
  columnAt(path: string): PlacedColumn | undefined;
  /** The reference that repeats a value of its target at the path. */
  referenceAt(path: string): DocumentReferenceBinding | undefined;
  /** The column with the document of a reference. */
  documentOf(reference: DocumentReferenceBinding): PlacedColumn;
  /** The table with the row around a row; undefined for the root. */
  parentOf(table: Table): Table | undefined;
}

/** The foreign key to the row around a row begins with the columns that say which one. */
function isParentKey(
  constraint: Table['constraints'][number],
  { identity }: Table,
): constraint is ForeignKeyConstraint {
  return (
    constraint.kind === 'ForeignKey' &&
    identity.parentLocator.every((name, index) => constraint.columns[index] === name)
  );
}

/** The path around a path: without its last property. */
const around = (path: string) => path.slice(0, path.lastIndexOf('.'));

export function rowTables(resource: ResourceModel): RowTables {
  const { tablesInDependencyOrder: tables, documentReferenceBindings: references } = resource;
  const byScope = new Map(tables.map((table) => [table.jsonScope.canonical, table]));
  const byName = new Map(tables.map((table) => [qualified(table.table), table]));
  const root = mustExist(byScope.get('$'), `the root table of ${resource.resourceKey.resourceName}`);
  const columns = new Map<string, PlacedColumn>();
  for (const table of tables)
    for (const column of table.columns)
      if (column.sourcePath !== null) columns.set(column.sourcePath.canonical, { table, column });
  const byPath = new Map(
    references.flatMap((reference) =>
      reference.identityBindings.map(({ referenceJsonPath }) => [referenceJsonPath.canonical, reference]),
    ),
  );
  return {
    resource,
    root,
    documentKey: mustExist(root.identity.rowIdentity[0], `the key of ${qualified(root.table)}`),
    rowTable(scope) {
      for (let path = scope; path.includes('.'); path = around(path)) {
        const table = byScope.get(path);
        if (table !== undefined) return table;
      }
      return root;
    },
    columnAt: (path) => columns.get(path),
    referenceAt: (path) => byPath.get(path),
    documentOf({ table: name, fkColumn }) {
      const table = mustExist(byName.get(qualified(name)), qualified(name));
      return {
        table,
        column: mustExist(
          table.columns.find((column) => column.name === fkColumn),
          fkColumn,
        ),
      };
    },
    parentOf(table) {
      if (table === root) return undefined;
      const key = table.constraints
        .filter((constraint): constraint is ForeignKeyConstraint => isParentKey(constraint, table))
        .find(({ targetTable }) => byName.has(qualified(targetTable)));
      return key && byName.get(qualified(key.targetTable));
    },
  };
}
