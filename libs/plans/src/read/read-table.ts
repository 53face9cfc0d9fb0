import { type Column, mustExist, qualified, type Table } from '@dms/model';
import { parameter } from '../parameter-names.ts';
import type { PlanDialect } from '../plan-dialect.ts';
import { indexTable, type PlanTable } from '../plan-table.ts';

/** The columns to read from a table. */
export interface Hydration {
  readonly columns: readonly Column[];
  /** The document of the row comes first, because it joins the keyset. */
  readonly orderBy: readonly string[];
}

/** A table of a resource, and the columns to read from it. */
export interface ReadTable extends PlanTable {
  /** The position of the table in the list of the resource. */
  readonly position: number;
  readonly selected: readonly Column[];
  readonly orderBy: readonly string[];
  /** The column that holds the document. */
  readonly documentColumn: string;
  /** The position of each column in the select list. */
  readonly ordinals: ReadonlyMap<string, number>;
  readonly isRoot: boolean;
  /** What its rows are selected from: its quoted name, or a query in parentheses. */
  readonly relation: string;
}

export function readTable(
  model: Table,
  position: number,
  { columns, orderBy }: Hydration,
  relation: string,
): ReadTable {
  return {
    relation,
    ...indexTable(model),
    position,
    selected: columns,
    orderBy,
    documentColumn: mustExist(orderBy[0], `the document of ${qualified(model.table)}`),
    ordinals: new Map(columns.map(({ name }, ordinal) => [name, ordinal])),
    isRoot: model.jsonScope.canonical === '$',
  };
}

export function ordinalOf({ model, ordinals }: ReadTable, name: string): number {
  return mustExist(ordinals.get(name), `${qualified(model.table)}.${name}`);
}

/** The only parameter of a statement that reads a single document. */
export const documentParameter = parameter('DocumentId');

/** The join with the documents of a page. */
export function keysetJoin({ rules, keysetTable }: PlanDialect, documentId: string): string {
  const { tempTableName, documentIdColumnName } = keysetTable;
  return `INNER JOIN ${rules.quote(tempTableName)} k ON ${documentId} = k.${rules.quote(documentIdColumnName)}`;
}
