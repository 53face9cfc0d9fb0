/** What is wrong with rows, in words that follow a number. */
export interface RowComplaint {
  /** `value is longer than 40 characters`. */
  readonly one: string;
  /** `values are longer than 40 characters`. */
  readonly many: string;
  /** The worst of them: words before it, and a query with one row, whose column `extreme` shows it. */
  readonly extreme?: { readonly words: string; readonly sql: string } | undefined;
}

/** A query for the rows of a table of the earlier set, `schema.name`, that do not allow a change; one row for each. */
export interface RowCheck {
  readonly table: string;
  readonly sql: string;
  /** The columns of the table whose values are wrong. */
  readonly columns: readonly string[];
  readonly complaint: RowComplaint;
}
