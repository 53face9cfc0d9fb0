import type { DraftRules } from './draft/draft-rules.ts';
import type { Pass } from './passes/pass.ts';
import type { PropagationPolicies } from './propagation/propagation.ts';

/** The parts of derivation that differ between generations of the mapping. */
export interface Generation {
  readonly rules: DraftRules;
  /** The passes after those of `passes/index.ts`, numbered as in design 02 §2. */
  readonly constraintPasses: readonly Pass[];
  /** The passes among them that run only in strict mode (design 15 §7.4). */
  readonly strictPasses: ReadonlySet<Pass>;
  readonly propagation: PropagationPolicies;
}
