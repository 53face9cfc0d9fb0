import type { Diagnostic, DiagnosticCollector } from '@dms/diagnostics';
import type { DialectRules } from '@dms/sql';
import type { DraftTable } from '../draft/draft-table.ts';
import type { FinishedDraft } from '../draft/model-draft.ts';
import type { Propagation, PropagationPolicy } from '../propagation/propagation.ts';
import { checkEngineLimits } from './check-engine-limits.ts';
import {
  checkEngineSchemas,
  checkNameCollisions,
  checkResourceLabels,
  checkUnusedOverrides,
  warnOfLostLetters,
} from './check-names.ts';
import { type DecidedTable, decideConstraints } from './decided-constraints.ts';
import { extensionNotes } from './extension-notes.ts';

/** The decisions of a dialect about a finished draft. The draft is not changed; the assembler applies them. */
export interface DialectDecisions {
  readonly propagation: Propagation;
  readonly constraints: ReadonlyMap<DraftTable, DecidedTable>;
  /** Notes of all passes for the schema author; they do not end the run. */
  readonly notes: readonly Diagnostic[];
}

/**
 * The passes that depend on the dialect, numbered as in design 02 §2. Undefined if a decision has an error, which is
 * in `diagnostics`.
 */
export function decideForDialect(
  draft: FinishedDraft,
  rules: DialectRules,
  propagate: PropagationPolicy,
  diagnostics: DiagnosticCollector,
): DialectDecisions | undefined {
  diagnostics.attempt(() => checkEngineSchemas(draft, rules));
  const letterNotes = warnOfLostLetters(draft);
  const propagation = diagnostics.attempt(() => propagate(draft));
  const constraints = propagation && diagnostics.attempt(() => decideConstraints(draft, rules, propagation));
  diagnostics.attempt(() => checkNameCollisions(draft, rules, constraints ?? new Map()));
  diagnostics.attempt(() => checkResourceLabels(draft, rules));
  diagnostics.attempt(() => checkUnusedOverrides(draft));
  const limitNotes = checkEngineLimits(draft, rules, constraints ?? new Map(), diagnostics);
  const notes = [...letterNotes, ...extensionNotes(draft), ...limitNotes, ...(propagation?.notes ?? [])];
  return propagation && constraints && { propagation, constraints, notes };
}
