import type { RelationalModelSet } from '@dms/model';
import { dialectRules, type SqlDialect } from '@dms/sql';
import { type Document, schemaSet } from '@dms/testing';
import { assembleModel } from '../src/assembling/assemble-model.ts';
import { decideForDialect } from '../src/assembling/dialect-decisions.ts';
import type { DraftTable } from '../src/draft/draft-table.ts';
import { type DraftResource, emptyDraft, finishDraft, type ModelDraft } from '../src/draft/model-draft.ts';
import type { Pass } from '../src/generation.ts';
import { generations } from '../src/generations.ts';
import { tablePasses } from '../src/passes/index.ts';
import { failFast } from './fail-fast.ts';

const { rules: draftRules, constraintPasses, propagation } = generations.v1;

/** All passes of the first generation that are independent of the dialect. */
export const passes: readonly Pass[] = [...tablePasses, ...constraintPasses];

/** The draft of the documents just before `pass` runs; without `pass`, after all passes. */
export function draftBefore(pass: Pass | undefined, documents: readonly Document[]): ModelDraft {
  const draft = emptyDraft(schemaSet(...documents), draftRules, { diagnostics: failFast });
  for (const step of passes) {
    if (step === pass) return draft;
    step(draft);
  }
  if (pass) throw new Error('no such pass');
  return draft;
}

export function draftResource(draft: ModelDraft, label: string): DraftResource {
  const resource = draft.resources.get(label);
  if (!resource) throw new Error(`the draft has no resource ${label}`);
  return resource;
}

export function draftTable(draft: ModelDraft, label: string, scope: string): DraftTable {
  const table = draftResource(draft, label).tables.find((candidate) => candidate.scope.canonical === scope);
  if (!table) throw new Error(`${label} has no table ${scope}`);
  return table;
}

/** The model of a draft after all passes. */
export function assembled(draft: ModelDraft, dialect: SqlDialect = 'pgsql'): RelationalModelSet {
  const finished = finishDraft(draft);
  const rules = dialectRules[dialect];
  const decisions = decideForDialect(finished, rules, propagation[dialect], failFast);
  if (!decisions) throw new Error('unreachable');
  return assembleModel(finished, rules, decisions);
}
