/** A row while its values are collected. */
export interface RowDraft {
  readonly ordinals: readonly number[];
  readonly place: string;
  readonly values: (string | boolean | undefined)[];
  readonly descriptors: (string | undefined)[];
  readonly references: (string | undefined)[];
  /** Places of the references that are there. */
  readonly present: (string | undefined)[];
  /** Slots whose value is there but wrong. */
  readonly faulty: Set<number>;
}
