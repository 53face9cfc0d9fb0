import type { JsonObject } from '@dms/files';
import type { Table } from '@dms/model';
import type { LeafShape, ReferenceShape, UniqueShape } from './shapes.ts';

/** The rules of a generation for the rows of a document (design 14 §1, 17 §7.1). */
export interface ShapeRules {
  /**
   * The position of the parent of a table among the tables of the resource, by `schema.name`; null if the parent is the
   * root.
   */
  parentOf(table: Table, positions: ReadonlyMap<string, number>): number | null;
  /** The values that distinguish the items of a collection. */
  uniquesOf(table: Table, leaves: readonly LeafShape[], references: readonly ReferenceShape[]): UniqueShape[];
  /** Whether {@link makesRow} may be false for an object of a table. */
  mayMakeNoRow(table: Table): boolean;
  /** Whether the object of a table makes a row; `members` are the members known to the model. */
  makesRow(table: Table, members: JsonObject, hasRowsBelow: boolean): boolean;
  /** Whether an extension object is shown even if none of its values is stored. */
  readonly showsEmptyExtensions: boolean;
}
