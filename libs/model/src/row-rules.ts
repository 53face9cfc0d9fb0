import type { ResourceModel, Table } from './model.ts';

/** What the columns of a foreign key are, on both sides. */
export interface KeyPair {
  readonly columns: readonly string[];
  readonly targetColumns: readonly string[];
}

/** How a generation identifies rows, as the invariants of a model ask for it (design 02 §18, 15 §4–7). */
export interface RowRules {
  /** The document id among the columns of a reference key. */
  referenceColumn(columns: readonly string[]): string | undefined;
  /** What contradicts the rules about the structural columns of a table; each text starts with the number of the invariant. */
  structuralColumns(table: Table, isAbstract: boolean): string[];
  /** What contradicts the rules about the collections of a resource. */
  collections(resource: ResourceModel): string[];
  /** The key by which a table finds its parent. */
  parentKey(table: Table, parent: Table): KeyPair;
}
