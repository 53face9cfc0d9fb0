import { dialectRules, type SqlDialect } from '@dms/sql';
import { type Document, schemaSet } from '@dms/testing';
import type { DraftTable } from '../src/draft/draft-table.ts';
import { type DraftResource, emptyDraft, type ModelDraft } from '../src/draft/model-draft.ts';
import { constraintPasses, dialectPasses, type Pass, tablePasses } from '../src/passes/index.ts';

/** All passes, as one dialect alone would run them. */
export const passes: readonly Pass[] = [...tablePasses, ...constraintPasses, ...dialectPasses];

/** What derivation has made of the documents just before `pass` runs. */
export function draftBefore(pass: Pass, documents: readonly Document[], dialect: SqlDialect = 'pgsql'): ModelDraft {
  const set = schemaSet(...documents);
  const draft: ModelDraft = { ...emptyDraft(set), rules: dialectRules[dialect], fallbacks: [], notes: [] };
  for (const step of passes) {
    if (step === pass) return draft;
    step(draft);
  }
  throw new Error('no such pass');
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
