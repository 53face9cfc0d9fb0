import type { ViewLayer } from '@dms/databases';
import type { DbTableName } from '@dms/model';

/** The parts of the script of a layer in each dialect. */
export interface ViewsRun {
  readonly layer: ViewLayer;
  /** The first lines, as comments. */
  readonly head: readonly string[];
  /** The statement that refuses an unsuitable database. */
  readonly guard: string;
  /** Statements that remove other objects before the first new view. */
  readonly clearing: readonly string[];
  readonly names: readonly DbTableName[];
  /** Statements that create the views, then those for the table. */
  readonly statements: readonly string[];
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
