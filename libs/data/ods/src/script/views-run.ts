import type { ViewLayer } from '@dms/databases';
import type { DbTableName } from '@dms/model';
import type { PlainLines } from '@dms/sql';
import type { DescriptorTable } from './descriptor-table.ts';

/** The parts of the script of a layer in each dialect. */
export interface ViewsRun {
  readonly layer: ViewLayer;
  /** The first lines, as comments. */
  readonly head: readonly string[];
  /** The statement that refuses an unsuitable database. */
  readonly guard: PlainLines;
  /** The names of the views and of the table. */
  readonly names: readonly DbTableName[];
  /** The table of descriptors; null if they are a view. */
  readonly table: DescriptorTable | null;
  /** Statements that create the views. */
  readonly statements: readonly PlainLines[];
  readonly grants: readonly string[];
  /** The contents of the marks besides the names of views. */
  readonly mark: {
    readonly set: string;
    /** The options as JSON. */
    readonly options: string;
    /** For views of an earlier version: its fingerprint, and the hash of the translation. */
    readonly earlier: { readonly set: string; readonly translation: string } | null;
  };
}
