import type { EffectiveSchemaSet } from '@dms/api-schema';
import type { Diagnostic } from '@dms/diagnostics';
import { dialectRules, type SqlDialect } from '@dms/sql';
import type { ModelDraft } from './draft/model-draft.ts';
import { listResources } from './input/resource-entry.ts';
import type { RelationalModelSet } from './model/model.ts';
import { buildModel } from './passes/build-model.ts';
import { passes } from './passes/index.ts';
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
  const draft: ModelDraft = {
    set,
    rules: dialectRules[dialect],
    entries: listResources(set),
    resources: new Map(),
    extensions: [],
    abstracts: new Map(),
    referenceKeys: [],
    fallbacks: [],
    notes: [],
  };
  for (const pass of passes) pass(draft);
  const model = buildModel(draft);
  if (validate) validateModel(model);
  return { model, notes: draft.notes };
}
