import type { ConstraintDefinition, ForeignKey, Index, TableDefinition } from '@dms/catalog';

/** A key, check or index that is dropped, by its name and table in the earlier set. */
export interface DroppedKey {
  readonly kind: 'constraint' | 'foreignKey' | 'index';
  /** `schema.name`. */
  readonly table: string;
  readonly name: string;
  /** The objects of the later set that it makes room for and that replace it, by `objectKey`. */
  readonly makes: readonly string[];
}

/** A key, check or index that stays but is renamed. */
export interface RenamedKey {
  readonly kind: 'constraint' | 'index';
  /** `schema.name` in the later set. */
  readonly table: string;
  readonly from: string;
  readonly to: string;
}

/** A key, check or index of the later set that is created. */
export type AddedKey =
  | { readonly kind: 'primaryKey'; readonly table: TableDefinition; readonly name: string }
  | { readonly kind: 'constraint'; readonly table: TableDefinition; readonly constraint: ConstraintDefinition }
  | { readonly kind: 'foreignKey'; readonly table: TableDefinition; readonly key: ForeignKey }
  | { readonly kind: 'index'; readonly table: TableDefinition; readonly index: Index };

/** What becomes of the keys, checks and indexes of tables that both sets have. */
export interface KeyPlan {
  readonly dropped: readonly DroppedKey[];
  /** Names that stay unchanged and that nothing else may take. */
  readonly kept: readonly RenamedKey[];
  readonly renamed: readonly RenamedKey[];
  readonly added: readonly AddedKey[];
}
