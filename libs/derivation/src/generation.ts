import type { DraftRules } from './draft/draft-rules.ts';
import type { Pass } from './passes/pass.ts';
import type { PropagationPolicies } from './propagation/propagation.ts';

/** What a generation of the mapping derives differently from others. */
export interface Generation {
  readonly rules: DraftRules;
  /** The passes after those of `passes/index.ts`, numbered as in design 02 §2. */
  readonly constraintPasses: readonly Pass[];
  /** Those of them that run in strict mode only (design 15 §7.4). */
  readonly strictPasses: ReadonlySet<Pass>;
  readonly propagation: PropagationPolicies;
}
