import type { TableKind } from '@dms/model';

/** The place of a table in its resource, from which a generation derives how its rows are identified. */
export interface TablePlace {
  readonly kind: TableKind;
  /** The kind of the table with the enclosing rows; undefined for a root and an abstract identity table. */
  readonly parentKind: TableKind | undefined;
  readonly rootBaseName: string;
  /** Effective base names of the collections that enclose the rows, outermost first. */
  readonly collectionNames: readonly string[];
}
