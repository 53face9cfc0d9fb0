import type { OdsMapping } from '@dms/ods';
import type { CheckedScript } from '@dms/script-checks';

/** The input of a verification: the artifacts of one mapping set in one dialect. */
export interface VerificationInput extends CheckedScript {
  /** The mapping of an ODS; without it the step `reporting` is skipped. */
  readonly ods?: OdsMapping | undefined;
}
