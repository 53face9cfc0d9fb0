import type { OdsMapping } from '@dms/ods';
import type { CheckedScript } from '@dms/script-checks';

/** The input of the check of rows: the artifacts of one schema set in the dialect of the database. */
export type CheckedSet = Pick<CheckedScript, 'model' | 'inventory' | 'catalog'>;

/** The input of a verification: the artifacts of one mapping set in one dialect. */
export interface VerificationInput extends CheckedSet, CheckedScript {
  /** The mapping of an ODS; without it the step `reporting` is skipped. */
  readonly ods?: OdsMapping | undefined;
}
