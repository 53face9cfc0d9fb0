import type { EffectiveSchemaSet } from '@dms/api-schema';
import { type Diagnostic, DmsError } from '@dms/diagnostics';
import { type RelationalModelSet, validateModel } from '@dms/model';
import { type DialectRules, dialectRules, type SqlDialect } from '@dms/sql';
import { assembleModel } from './assembling/assemble-model.ts';
import { checkTableAndColumnNames } from './assembling/check-name-collisions.ts';
import { decideForDialect } from './assembling/dialect-decisions.ts';
import { emptyDraft, type FinishedDraft, finishDraft, type ModelDraft } from './draft/model-draft.ts';
import { generations } from './generations.ts';
import { tablePasses } from './passes/index.ts';
import type { Pass } from './passes/pass.ts';
import type { PropagationPolicies } from './propagation/propagation.ts';

export interface DerivedModel {
  readonly model: RelationalModelSet;
  /** Warnings about names and notes on identity propagation (`PROPAGATION_*`); none of them ends a step. */
  readonly notes: readonly Diagnostic[];
}

export interface DeriveModelSettings {
  /** Whether to check the finished model (`validateModel`); by default the variable `DMS_VALIDATE_MODEL` decides. */
  readonly validate?: boolean;
  /**
   * Whether every collection of the second generation must have a semantic identity (design 15 §7.4); true by default. Small
   * hand-written schemas may do without.
   */
  readonly strict?: boolean;
}

function finishedDraft(draft: ModelDraft, passes: readonly Pass[]): FinishedDraft {
  for (const pass of passes) pass(draft);
  return finishDraft(draft);
}

function modelFor(draft: FinishedDraft, rules: DialectRules, policies: PropagationPolicies): DerivedModel {
  const decisions = decideForDialect(draft, rules, policies[rules.name]);
  return { model: assembleModel(draft, rules, decisions), notes: decisions.notes };
}

const isNameCollision = (error: unknown) =>
  error instanceof DmsError && error.diagnostics.some(({ code }) => code === 'NAME_COLLISION');

/**
 * Runs later passes. If names of tables and columns clash, the errors of these passes would mislead, so the clash is reported
 * instead.
 */
function orNameCollision<Result>(draft: FinishedDraft, rules: DialectRules, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!isNameCollision(error)) checkTableAndColumnNames(draft, rules);
    throw error;
  }
}

/**
 * Derives the relational model of a schema set for each of the dialects (design 02): tables, columns, keys and constraints of
 * every resource, abstract identity tables, union views. Most passes are independent of the dialect and run once. A pass that
 * finds mistakes reports the mistakes of all resources together in a `DmsError`; codes: design 02 §16, 03 §12, 04 §17.
 */
export function deriveModels(
  set: EffectiveSchemaSet,
  dialects: readonly SqlDialect[],
  { validate = process.env.DMS_VALIDATE_MODEL === '1', strict = true }: DeriveModelSettings = {},
): DerivedModel[] {
  const { rules: draftRules, constraintPasses, strictPasses, propagation } = generations[set.info.relationalMappingVersion];
  const draft = emptyDraft(set, draftRules);
  for (const pass of tablePasses) pass(draft);
  let finished: FinishedDraft | undefined;
  return dialects.map((dialect) => {
    const rules = dialectRules[dialect];
    return orNameCollision(draft, rules, () => {
      finished ??= finishedDraft(
        draft,
        constraintPasses.filter((pass) => strict || !strictPasses.has(pass)),
      );
      const derived = modelFor(finished, rules, propagation);
      if (validate) validateModel(derived.model);
      return derived;
    });
  });
}

/** `deriveModels` for a single dialect. */
export function deriveModel(set: EffectiveSchemaSet, dialect: SqlDialect, settings: DeriveModelSettings = {}): DerivedModel {
  const [derived] = deriveModels(set, [dialect], settings);
  if (!derived) throw new Error('unreachable');
  return derived;
}
