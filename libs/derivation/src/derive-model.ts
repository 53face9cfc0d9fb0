import type { EffectiveSchemaSet } from '@dms/api-schema';
import { type Diagnostic, DmsError } from '@dms/diagnostics';
import { type RelationalModelSet, validateModel } from '@dms/model';
import { type DialectRules, dialectRules, type SqlDialect } from '@dms/sql';
import { buildModel } from './assembling/build-model.ts';
import { forkDraft } from './draft/fork-draft.ts';
import { emptyDraft, type ModelDraft, type SetDraft } from './draft/model-draft.ts';
import { checkTableAndColumnNames } from './passes/check-name-collisions.ts';
import { constraintPasses, dialectPasses, tablePasses } from './passes/index.ts';

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

/** Tables and columns, without constraints yet. */
function draftTables(set: EffectiveSchemaSet): SetDraft {
  const draft = emptyDraft(set);
  for (const pass of tablePasses) pass(draft);
  return draft;
}

/** Adds the constraints and keeps the draft for other dialects; nothing is kept of a set that does not come so far. */
function addConstraints(draft: SetDraft): void {
  for (const pass of constraintPasses) pass(draft);
  drafts.set(draft.set, draft);
}

function draftForDialect(shared: SetDraft, rules: DialectRules): ModelDraft {
  const draft = forkDraft(shared, rules);
  for (const pass of dialectPasses) pass(draft);
  return draft;
}

const isNameCollision = (error: unknown) =>
  error instanceof DmsError && error.diagnostics.some(({ code }) => code === 'NAME_COLLISION');

/**
 * Derives the relational model of a schema set for one dialect (design 02): tables, columns, keys and constraints of every
 * resource, abstract identity tables, union views. The input is not changed, and must not be afterwards: what is the same for
 * every dialect is derived once per set object. A pass that finds mistakes reports those of all resources together and stops
 * with a `DmsError`; codes: design 02 §16, 03 §12, 04 §17.
 */
export function deriveModel(
  set: EffectiveSchemaSet,
  dialect: SqlDialect,
  { validate = process.env.DMS_VALIDATE_MODEL === '1' }: DeriveModelSettings = {},
): DerivedModel {
  const rules = dialectRules[dialect];
  const known = drafts.get(set);
  const shared = known ?? draftTables(set);
  let draft: ModelDraft;
  try {
    if (!known) addConstraints(shared);
    draft = draftForDialect(shared, rules);
  } catch (error) {
    // later passes find tables and columns by name: where names clash, what they say misleads
    if (!isNameCollision(error)) checkTableAndColumnNames(shared, rules);
    throw error;
  }
  const model = buildModel(draft);
  if (validate) validateModel(model);
  return { model, notes: draft.notes };
}
