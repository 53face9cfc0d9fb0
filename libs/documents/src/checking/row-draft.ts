/** A row while its values are collected. */
export interface RowDraft {
  readonly ordinals: readonly number[];
  readonly place: string;
  readonly values: (string | boolean | undefined)[];
  readonly descriptors: (string | undefined)[];
  readonly references: (string | undefined)[];
  /** The places of the references that are present. */
  readonly present: (string | undefined)[];
  /** Slots whose value is present but wrong. */
  faulty: Set<number> | null;
}
