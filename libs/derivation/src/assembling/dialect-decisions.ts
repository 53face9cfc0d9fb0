import type { Diagnostic } from '@dms/diagnostics';
import type { DialectRules } from '@dms/sql';
import type { DraftTable } from '../draft/draft-table.ts';
import type { FinishedDraft } from '../draft/model-draft.ts';
import { checkEngineSchemas } from '../passes/check-engine-schemas.ts';
import { checkResourceLabels } from '../passes/check-resource-labels.ts';
import { checkUnusedOverrides } from '../passes/check-unused-overrides.ts';
import { warnOfLostLetters } from '../passes/warn-of-lost-letters.ts';
import type { Propagation, PropagationPolicy } from '../propagation/propagation.ts';
import { checkNameCollisions } from './check-name-collisions.ts';
import { type DecidedTable, decideConstraints } from './decided-constraints.ts';

/** The decisions of a dialect about a finished draft. The draft is not changed; the assembler applies them. */
export interface DialectDecisions {
  readonly propagation: Propagation;
  readonly constraints: ReadonlyMap<DraftTable, DecidedTable>;
  /** Notes of all passes for the schema author; they do not end the run. */
  readonly notes: readonly Diagnostic[];
}

/** The passes that depend on the dialect, numbered as in design 02 §2. */
export function decideForDialect(draft: FinishedDraft, rules: DialectRules, propagate: PropagationPolicy): DialectDecisions {
  checkEngineSchemas(draft, rules); //                                     12
  const letterNotes = warnOfLostLetters(draft); //                         12
  const propagation = propagate(draft); //                                 12
  const constraints = decideConstraints(draft, rules, propagation); //     13
  checkNameCollisions(draft, rules, constraints); //                       16
  checkResourceLabels(draft, rules); //                                    16
  checkUnusedOverrides(draft); //                                          18
  return { propagation, constraints, notes: [...letterNotes, ...propagation.notes] };
}
