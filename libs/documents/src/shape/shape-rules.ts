import type { JsonObject } from '@dms/canonical-json';
import type { Table } from '@dms/model';
import type { LeafShape, ReferenceShape, UniqueShape } from './resource-shape.ts';

/** What a generation decides about the rows that a document has (design 14 §1, 17 §7.1). */
export interface ShapeRules {
  /** Position of the table around a table, by `schema.name` of all tables of the resource; null if that is the root. */
  parentOf(table: Table, positions: ReadonlyMap<string, number>): number | null;
  /** What tells the elements of a collection apart. */
  uniquesOf(table: Table, leaves: readonly LeafShape[], references: readonly ReferenceShape[]): UniqueShape[];
  /** Whether the object of a table makes a row; `members` are those that the model knows. */
  makesRow(table: Table, members: JsonObject, hasRowsBelow: boolean): boolean;
  /** Whether an object of an extension is shown although none of its values is stored. */
  readonly showsEmptyExtensions: boolean;
}
