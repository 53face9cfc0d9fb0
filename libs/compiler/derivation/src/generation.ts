import type { RelationalModelSet } from '@dms/model';
import type { DraftRules } from './draft/draft-rules.ts';
import type { ModelDraft } from './draft/model-draft.ts';
import type { PropagationPolicies } from './propagation/propagation.ts';

/** One step of derivation: reads and extends the draft, or throws diagnostics. */
export type Pass = (draft: ModelDraft) => void;

/** The parts of derivation that differ between generations of the mapping. */
export interface Generation {
  readonly rules: DraftRules;
  /** The passes after the passes of `passes/index.ts`, numbered as in design 02 §2. */
  readonly constraintPasses: readonly Pass[];
  /** The constraint passes that run only in strict mode (design 15 §7.4). */
  readonly strictPasses: ReadonlySet<Pass>;
  readonly propagation: PropagationPolicies;
  /** Adds to a model what follows from its columns and constraints. */
  finish(model: RelationalModelSet): RelationalModelSet;
}
