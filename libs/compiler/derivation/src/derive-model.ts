import type { EffectiveSchemaSet } from '@dms/api-schema';
import { type Diagnostic, DiagnosticCollector, failIfAny } from '@dms/diagnostics';
import { type RelationalModelSet, validateModel } from '@dms/model';
import { dialectRules, type SqlDialect } from '@dms/sql';
import { assembleModel } from './assembling/assemble-model.ts';
import { checkTableAndColumnNames } from './assembling/check-names.ts';
import { decideForDialect } from './assembling/dialect-decisions.ts';
import { independentDiagnostics } from './draft/independent-diagnostics.ts';
import { emptyDraft, finishDraft, type ModelDraft } from './draft/model-draft.ts';
import type { Generation } from './generation.ts';
import { generations } from './generations.ts';
import { tablePasses } from './passes/index.ts';

export interface DerivedModel {
  readonly model: RelationalModelSet;
  /** Warnings about names and notes on identity propagation (`PROPAGATION_*`); none of them ends a step. */
  readonly notes: readonly Diagnostic[];
}

interface DeriveModelSettings {
  /** Whether to check the finished model (`validateModel`); by default the variable `DMS_VALIDATE_MODEL` decides. */
  readonly validate?: boolean;
  /**
   * Whether every collection of the second generation must have a semantic identity (design 15 §7.4); true by default.
   * Small hand-written schemas may set it to false.
   */
  readonly strict?: boolean;
}

/** Runs all passes. Their errors stay in the draft. */
function runPasses(draft: ModelDraft, dialects: readonly SqlDialect[], generation: Generation, strict: boolean): void {
  const { diagnostics } = draft;
  const { constraintPasses, strictPasses } = generation;
  for (const pass of tablePasses) diagnostics.attempt(() => pass(draft));
  const constraints = constraintPasses.filter((pass) => strict || !strictPasses.has(pass));
  diagnostics.sift(
    () => {
      for (const pass of constraints) diagnostics.attempt(() => pass(draft));
    },
    (added) => withoutMisleading(draft, dialects, added),
  );
  if (diagnostics.found.length === 0) finishDraft(draft);
}

/** The decisions of a dialect about a draft; undefined if a decision has an error, which stays in the draft. */
const decided = (draft: ModelDraft, dialect: SqlDialect, { propagation }: Generation) =>
  draft.diagnostics.attempt(() =>
    decideForDialect(draft, dialectRules[dialect], propagation[dialect], draft.diagnostics),
  );

/**
 * If names of tables and columns clash, the errors of constraint passes about the resources of these tables would
 * mislead: passes find tables and columns by name. The clash itself is found again with the decisions of its dialect.
 */
function withoutMisleading(
  draft: ModelDraft,
  dialects: readonly SqlDialect[],
  added: readonly Diagnostic[],
): Diagnostic[] {
  const names = new DiagnosticCollector();
  for (const dialect of dialects) names.attempt(() => checkTableAndColumnNames(draft, dialectRules[dialect]));
  const clashing = new Set(names.found.flatMap(({ details }) => details.labels as readonly string[]));
  return added.filter(({ where }) => !clashing.has(where.resource ?? ''));
}

/**
 * Derives the relational model of a schema set for each of the dialects (design 02): tables, columns, keys and
 * constraints of every resource, abstract identity tables, union views. Most passes are independent of the dialect and
 * run once. All errors that do not follow from others are reported together in a `DmsError`; codes: design 02 §16, 03
 * §12, 04 §17.
 */
export function deriveModels(
  set: EffectiveSchemaSet,
  dialects: readonly SqlDialect[],
  { validate = process.env.DMS_VALIDATE_MODEL === '1', strict = true }: DeriveModelSettings = {},
): DerivedModel[] {
  const generation = generations[set.info.relationalMappingVersion];
  const draft = emptyDraft(set, generation.rules);
  runPasses(draft, dialects, generation, strict);
  const models = dialects.flatMap((dialect): DerivedModel[] => {
    const decisions = decided(draft, dialect, generation);
    // after an error, no model is assembled; the loop goes on only to find the errors of the other dialects
    if (!decisions || draft.diagnostics.found.length > 0) return [];
    const model = generation.finish(assembleModel(draft, dialectRules[dialect], decisions));
    return [{ model, notes: decisions.notes }];
  });
  failIfAny(independentDiagnostics(draft.diagnostics.found));
  if (validate) for (const { model } of models) validateModel(model);
  return models;
}

/**
 * Finds the errors of derivation in a set with known errors, except errors that follow from others. Returns no model.
 *
 * @param isWhole whether every file was read whole, so that the set lacks nothing
 */
export function furtherDiagnostics(
  set: EffectiveSchemaSet,
  dialects: readonly SqlDialect[],
  { known, isWhole }: { readonly known: readonly Diagnostic[]; readonly isWhole: boolean },
): Diagnostic[] {
  const generation = generations[set.info.relationalMappingVersion];
  const draft = emptyDraft(set, generation.rules, { isWhole, diagnostics: new DiagnosticCollector(known) });
  runPasses(draft, dialects, generation, true);
  for (const dialect of dialects) decided(draft, dialect, generation);
  return independentDiagnostics(draft.diagnostics.found, known);
}

/** `deriveModels` for a single dialect. */
export function deriveModel(
  set: EffectiveSchemaSet,
  dialect: SqlDialect,
  settings: DeriveModelSettings = {},
): DerivedModel {
  const [derived] = deriveModels(set, [dialect], settings);
  if (!derived) throw new Error('unreachable');
  return derived;
}
