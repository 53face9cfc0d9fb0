import type { ViewLayer } from '@dms/databases';
import type { DbTableName } from '@dms/model';

/** What the script of a layer has in each dialect. */
export interface ViewsRun {
  readonly layer: ViewLayer;
  /** The first lines, as comments. */
  readonly head: readonly string[];
  /** What refuses a database. */
  readonly guard: string;
  /** What else is removed before the first new view. */
  readonly clearing: readonly string[];
  readonly names: readonly DbTableName[];
  /** What creates the views, then what makes the table. */
  readonly statements: readonly string[];
  readonly grants: readonly string[];
  /** What the marks say besides the views. */
  readonly mark: {
    readonly set: string;
    /** As JSON. */
    readonly options: string;
    /** Of views of an earlier version: its fingerprint, and the hash of the translation. */
    readonly earlier: { readonly set: string; readonly translation: string } | null;
  };
}
