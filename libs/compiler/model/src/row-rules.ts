import type { ResourceModel, Table } from './model.ts';

/** The columns of a foreign key, on both sides. */
interface KeyPair {
  readonly columns: readonly string[];
  readonly targetColumns: readonly string[];
}

/** The rules by which a generation identifies rows, for the invariants of a model (design 02 §18, 15 §4–7). */
export interface RowRules {
  /** The document id column of a reference key. */
  referenceColumn(columns: readonly string[]): string | undefined;
  /**
   * The findings of the rules for the structural columns of a table; each text starts with the number of the
   * invariant.
   */
  structuralColumns(table: Table, isAbstract: boolean): string[];
  /** The findings of the rules for the collections of a resource. */
  collections(resource: ResourceModel): string[];
  /** The columns of the key from an abstract identity table to `dms.Document`, on both sides. */
  readonly documentKey: readonly string[];
  /** The foreign key from a table to its parent. */
  parentKey(table: Table, parent: Table): KeyPair;
}
