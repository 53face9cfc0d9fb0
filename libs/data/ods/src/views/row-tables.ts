import { isBelow } from '@dms/api-schema';
import {
  type Column,
  core,
  type DbTableName,
  type DocumentReferenceBinding,
  type ForeignKeyConstraint,
  mustExist,
  qualified,
  type ResourceModel,
  type Table,
} from '@dms/model';
import type { Expression, Join, JoinPair, RowsWithin } from './view.ts';

/** A column with its table. */
export interface PlacedColumn {
  readonly table: Table;
  readonly column: Column;
}

/** The tables of a resource, with the column for the value of a path, and the table around a table. */
export interface RowTables {
  readonly resource: ResourceModel;
  readonly root: Table;
  /** The column of the root with the number of the document. */
  readonly documentKey: string;
  /** The table with the rows of a scope; of an object without a table, the table of the nearest scope around it. */
  rowTable(scope: string): Table;
  columnAt(path: string): PlacedColumn | undefined;
  /** The columns with the values inside an object that are in its row. */
  columnsIn(scope: string): readonly PlacedColumn[];
  /** The tables with rows inside an object, without those whose rows are inside another of these tables. */
  tablesIn(scope: string): readonly Table[];
  /** The reference that repeats a value of its target at the path. */
  referenceAt(path: string): DocumentReferenceBinding | undefined;
  /** The column with the document of a reference. */
  documentOf(reference: DocumentReferenceBinding): PlacedColumn;
  /** The table with the row around a row; undefined for the root. */
  parentOf(table: Table): Table | undefined;
}

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
  function rowTable(scope: string): Table {
    for (let path = scope; path.includes('.'); path = around(path)) {
      const table = byScope.get(path);
      if (table !== undefined) return table;
    }
    return root;
  }

  function parentOf(table: Table): Table | undefined {
    if (table === root) return undefined;
    const key = table.constraints
      .filter((constraint): constraint is ForeignKeyConstraint => isParentKey(constraint, table))
      .find(({ targetTable }) => byName.has(qualified(targetTable)));
    return key && byName.get(qualified(key.targetTable));
  }

  return {
    resource,
    root,
    documentKey: mustExist(root.identity.rowIdentity[0], `the key of ${qualified(root.table)}`),
    rowTable,
    columnAt: (path) => columns.get(path),
    columnsIn(scope) {
      const table = rowTable(scope);
      // the parts of a reference show whether it is there
      const isValue = ({ kind, sourcePath }: Column) =>
        kind !== 'DocumentFk' && sourcePath !== null && isBelow(sourcePath.canonical, scope);
      return table.columns.filter(isValue).map((column) => ({ table, column }));
    },
    tablesIn(scope) {
      const inside = tables.filter(({ jsonScope }) => isBelow(jsonScope.canonical, scope));
      return inside.filter((table) => !inside.some((other) => other === parentOf(table)));
    },
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
    parentOf,
  };
}

/** The path around a path: without its last property. */
const around = (path: string) => path.slice(0, path.lastIndexOf('.'));

/** Whether a foreign key leads to the row around a row: it begins with the columns that identify that row. */
function isParentKey(
  constraint: Table['constraints'][number],
  { identity }: Table,
): constraint is ForeignKeyConstraint {
  return (
    constraint.kind === 'ForeignKey' &&
    identity.parentLocator.every((name, index) => constraint.columns[index] === name)
  );
}

/** The row of a view, and the tables that its select joins, each once. */
export interface Joins {
  readonly row: Table;
  readonly list: readonly Join[];
  /** A column of the row or of a row around it. */
  column(placed: PlacedColumn): Expression;
  /** The number of the document of the row. */
  documentId(): Expression;
  /** A column of `dms.Document`. */
  document(name: string): Expression;
  /** The rows of a table directly below the row. */
  rowsIn(table: Table): RowsWithin;
  /** The alias of the row of another document that has the value in a unique column. */
  rowOf(root: Table, column: string, value: Expression): string;
}

export const rowAlias = 'r';

/** The alias of a row inside the row of a view, in a condition. */
const insideAlias = 'i';

export const columnOf = (alias: string, name: string): Expression => ({ kind: 'column', alias, column: name });

/** The stored column, because indexes are on it; an alias that may be NULL must stay, because it may have no value. */
export const storedColumn = (alias: string, { name, isNullable, storage }: Column): Expression =>
  columnOf(alias, storage.kind === 'UnifiedAlias' && !isNullable ? storage.canonicalColumn : name);

/** The joins of a select from a table: `p1…` are rows around the row, `d` the document, `t1…` other documents. */
export function joinsOf(row: Table, tables: RowTables): Joins {
  const list: Join[] = [];
  const aliases = new Map<string, string>([[qualified(row.table), rowAlias]]);
  const join = (key: string, alias: string, table: DbTableName, on: readonly JoinPair[]): string => {
    aliases.set(key, alias);
    list.push({ table, alias, on });
    return alias;
  };
  const next = (prefix: string) => `${prefix}${list.filter(({ alias }) => alias.startsWith(prefix)).length + 1}`;
  const documentId = () =>
    columnOf(rowAlias, mustExist(row.identity.rootLocator[0], `the document of ${qualified(row.table)}`));

  /** The table on the way from `table` to the row. */
  function below(table: Table): Table {
    for (let each = row; ; ) {
      const parent = mustExist(tables.parentOf(each), `the table around ${qualified(each.table)}`);
      if (parent === table) return each;
      each = parent;
    }
  }

  function aliasOf(table: Table): string {
    const name = qualified(table.table);
    const before = aliases.get(name);
    if (before !== undefined) return before;
    const { rowIdentity } = table.identity;
    const keyAt = (index: number) => mustExist(rowIdentity[index], `the key of ${name}`);
    if (table === tables.root) return join(name, next('p'), table.table, [{ left: documentId(), column: keyAt(0) }]);
    const child = below(table);
    const childAlias = aliasOf(child);
    const on = child.identity.parentLocator.map((left, index) => ({
      left: columnOf(childAlias, left),
      column: keyAt(index),
    }));
    return join(name, next('p'), table.table, on);
  }

  return {
    row,
    list,
    documentId,
    column: ({ table, column }) => storedColumn(aliasOf(table), column),
    document(name) {
      const on = [{ left: documentId(), column: 'DocumentId' }];
      return columnOf(aliases.get('document') ?? join('document', 'd', core.document, on), name);
    },
    rowsIn(table) {
      const { rowIdentity } = row.identity;
      const on = table.identity.parentLocator.map((column, index) => {
        const key = mustExist(rowIdentity[index], `the key of ${qualified(row.table)}`);
        return { left: columnOf(rowAlias, key), column };
      });
      return { table: table.table, alias: insideAlias, on };
    },
    rowOf(root, column, value) {
      const name = `${qualified(root.table)} ${JSON.stringify(value)}`;
      return aliases.get(name) ?? join(name, next('t'), root.table, [{ left: value, column }]);
    },
  };
}
