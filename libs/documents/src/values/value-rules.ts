import type { EndsOfTime } from './ends-of-time.ts';

/** The rules of a generation for the values of documents (design 14 §1, 16 §6.4). */
export interface ValueRules {
  /** Whether a date-time keeps its fraction of a second; otherwise it is cut. */
  readonly keepsSecondFractions: boolean;
  readonly endsOfTime: EndsOfTime;
}
