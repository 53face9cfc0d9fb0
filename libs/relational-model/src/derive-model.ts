import type { EffectiveSchemaSet } from '@dms/api-schema';
import type { Diagnostic } from '@dms/diagnostics';
import { type DialectRules, dialectRules, type SqlDialect } from '@dms/sql';
import { forkDraft, type SetDraft } from './draft/model-draft.ts';
import { listResources } from './input/resource-entry.ts';
import type { RelationalModelSet } from './model/model.ts';
import { buildModel } from './passes/build-model.ts';
import { constraintPasses, dialectPasses, namePasses, tablePasses } from './passes/index.ts';
import { validateModel } from './validation/validate-model.ts';

export interface DerivedModel {
  readonly model: RelationalModelSet;
  /** Notes on identity propagation (`PROPAGATION_*`); nothing that stops a step. */
  readonly notes: readonly Diagnostic[];
}

export interface DeriveModelSettings {
  /** Whether the finished model is checked (`validateModel`); by default as the variable `DMS_VALIDATE_MODEL` says. */
  readonly validate?: boolean;
}

// a set is derived once per dialect; most of it is the same for both
const drafts = new WeakMap<EffectiveSchemaSet, SetDraft>();

/** Runs the passes before those of the dialect; throws what they find, for this dialect. */
function draftSet(set: EffectiveSchemaSet, rules: DialectRules): SetDraft {
  const known = drafts.get(set);
  const draft: SetDraft = known ?? {
    set,
    entries: listResources(set),
    resources: new Map(),
    extensions: [],
    abstracts: new Map(),
    referenceKeys: [],
  };
  if (!known) for (const pass of tablePasses) pass(draft);
  for (const pass of namePasses) pass({ ...draft, rules, fallbacks: [], notes: [] });
  if (known) return known;
  for (const pass of constraintPasses) pass(draft);
  drafts.set(set, draft);
  return draft;
}

/**
 * Derives the relational model of a schema set for one dialect (design 02): tables, columns, keys and constraints of every
 * resource, abstract identity tables, union views. The input is not changed. A pass that finds mistakes reports those of all
 * resources together and stops with a `DmsError`; codes: design 02 §16, 03 §12, 04 §17.
 */
export function deriveModel(
  set: EffectiveSchemaSet,
  dialect: SqlDialect,
  { validate = process.env.DMS_VALIDATE_MODEL === '1' }: DeriveModelSettings = {},
): DerivedModel {
  const rules = dialectRules[dialect];
  const draft = forkDraft(draftSet(set, rules), rules);
  for (const pass of dialectPasses) pass(draft);
  const model = buildModel(draft);
  if (validate) validateModel(model);
  return { model, notes: draft.notes };
}
