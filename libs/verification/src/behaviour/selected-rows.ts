import { qualified } from '@dms/model';
import type { QualifiedName } from '@dms/sql';
import type { RowText, Selection } from '../verification-dialect.ts';

/** The rows of a table that was selected; empty for any other table. */
export type RowsOf = (table: QualifiedName) => readonly RowText[];

/** The columns to read from each table, without duplicates. */
export class SelectedRows {
  private readonly byTable = new Map<
    string,
    { readonly table: QualifiedName; readonly columns: Set<string>; where: string | undefined }
  >();
  private list: readonly Selection[] | null = null;

  /** A condition holds for all columns of the table. */
  add(table: QualifiedName, columns: readonly string[], where?: string): void {
    this.list = null;
    const known = this.byTable.get(qualified(table));
    if (known) {
      for (const name of columns) known.columns.add(name);
      known.where ??= where;
    } else this.byTable.set(qualified(table), { table, columns: new Set(columns), where });
  }

  /** Returns the same list until something is added. */
  get selections(): readonly Selection[] {
    this.list ??= [...this.byTable.values()].map(({ table, columns, where }) => ({
      table,
      columns: [...columns],
      where,
    }));
    return this.list;
  }

  columnsOf(table: QualifiedName): readonly string[] {
    return [...(this.byTable.get(qualified(table))?.columns ?? [])];
  }

  /** By table, from the rows of the selections. */
  rowsOf(results: readonly (readonly RowText[])[]): RowsOf {
    const rows = new Map([...this.byTable.keys()].map((key, index) => [key, results[index] ?? []]));
    return (table) => rows.get(qualified(table)) ?? [];
  }
}
