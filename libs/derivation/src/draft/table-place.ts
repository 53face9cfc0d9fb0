import type { TableKind } from '@dms/model';

/** Where a table stands in its resource: what a generation needs to say how its rows are identified. */
export interface TablePlace {
  readonly kind: TableKind;
  /** Kind of the table that holds the enclosing rows; none for a root and an abstract identity table. */
  readonly parentKind: TableKind | undefined;
  readonly rootBaseName: string;
  /** Effective base names of the collections that enclose the rows, outermost first. */
  readonly collectionNames: readonly string[];
}
