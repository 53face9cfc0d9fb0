import { type DbTableName, qualified } from '@dms/model';
import type { RowText, Selection } from '../verification-dialect.ts';

export type TableName = DbTableName | { readonly schema: string; readonly name: string };

/** The rows of a table that was selected; empty for any other table. */
export type RowsOf = (table: TableName) => readonly RowText[];

/** The columns to read from each table, without duplicates. */
export class SelectedRows {
  private readonly byTable = new Map<
    string,
    { readonly table: TableName; readonly columns: Set<string>; where: string | undefined }
  >();
  private list: readonly Selection[] | null = null;

  /** A condition holds for all columns of the table. */
  add(table: TableName, columns: readonly string[], where?: string): void {
    this.list = null;
    const known = this.byTable.get(qualified(table));
    if (known) {
      for (const name of columns) known.columns.add(name);
      known.where ??= where;
    } else this.byTable.set(qualified(table), { table, columns: new Set(columns), where });
  }

  /** Returns the same list until something is added. */
  get selections(): readonly Selection[] {
    this.list ??= [...this.byTable.values()].map(({ table, columns, where }) => ({ table, columns: [...columns], where }));
    return this.list;
  }

  columnsOf(table: TableName): readonly string[] {
    return [...(this.byTable.get(qualified(table))?.columns ?? [])];
  }

  /** By table, from the rows of the selections. */
  rowsOf(results: readonly (readonly RowText[])[]): RowsOf {
    const rows = new Map([...this.byTable.keys()].map((key, index) => [key, results[index] ?? []]));
    return (table) => rows.get(qualified(table)) ?? [];
  }
}
