import { type Column, core, type DbTableName, mustExist, qualified, type Table } from '@dms/model';
import type { PlacedColumn, RowTables } from './row-tables.ts';
import type { ColumnPair, Expression, Join } from './view.ts';

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
  /** The alias of the row of another document, which has the value in a unique column. */
  rowOf(root: Table, column: string, value: Expression): string;
}

export const rowAlias = 'r';

export const columnOf = (alias: string, name: string): Expression => ({ kind: 'column', alias, column: name });

/** Indexes are on the stored column; an alias without a value must stay without one. */
export const storedColumn = (alias: string, { name, isNullable, storage }: Column): Expression =>
  columnOf(alias, storage.kind === 'UnifiedAlias' && !isNullable ? storage.canonicalColumn : name);

/** The joins of a select from a table: `p1…` are rows around the row, `d` the document, `t1…` other documents. */
export function joinsOf(row: Table, tables: RowTables): Joins {
  const list: Join[] = [];
  const known = new Map<string, string>([[qualified(row.table), rowAlias]]);
  const join = (key: string, alias: string, table: DbTableName, on: readonly ColumnPair[]): string => {
    known.set(key, alias);
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
    const before = known.get(name);
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
      return columnOf(known.get('document') ?? join('document', 'd', core.document, on), name);
    },
    rowOf(root, column, value) {
      const name = `${qualified(root.table)} ${JSON.stringify(value)}`;
      return known.get(name) ?? join(name, next('t'), root.table, [{ left: value, column }]);
    },
  };
}
