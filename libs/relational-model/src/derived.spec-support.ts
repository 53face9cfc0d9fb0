import { buildEffectiveSchema, type EffectiveSchemaSet, effectiveSchemaOf } from '@dms/api-schema';
import { isJsonObject, type JsonObject, toJsonValue } from '@dms/canonical-json';
import { dialectRules, dialects, type SqlDialect } from '@dms/sql';
import { expect } from 'vitest';
import { deriveModel } from './derive-model.ts';
import type { DraftTable } from './draft/draft-table.ts';
import type { DraftResource, ModelDraft } from './draft/model-draft.ts';
import { listResources } from './input/resource-entry.ts';
import type { RelationalModelSet } from './model/model.ts';
import { constraintPasses, dialectPasses, type Pass, tablePasses } from './passes/index.ts';
import { modelViolations } from './validation/validate-model.ts';

/** All passes, as one dialect alone would run them. */
export const passes: readonly Pass[] = [...tablePasses, ...constraintPasses, ...dialectPasses];

/** An ApiSchema document as a plain value. */
export type Document = { readonly [member: string]: unknown };

/** The effective schema set of the documents, with all checks of the files. */
export function schemaSet(...documents: readonly Document[]): EffectiveSchemaSet {
  return buildEffectiveSchema(
    documents.map((document, index) => ({ file: `document-${index}.json`, root: toJsonValue(document) })),
  );
}

/** The same without the checks of the files, for mistakes that only derivation is to find. */
export function uncheckedSet(...documents: readonly Document[]): EffectiveSchemaSet {
  return effectiveSchemaOf(
    '1.0.0',
    documents.map((document) => {
      const root = toJsonValue(document);
      const projectSchema = isJsonObject(root) ? root.get('projectSchema') : undefined;
      if (!isJsonObject(projectSchema)) throw new Error('the document has no projectSchema');
      const text = (member: string) => String(projectSchema.get(member));
      return {
        projectEndpointName: text('projectEndpointName'),
        projectName: text('projectName'),
        projectVersion: text('projectVersion'),
        isExtensionProject: projectSchema.get('isExtensionProject') === true,
        projectSchema,
      };
    }),
  );
}

/** The set with one project's `projectSchema` replaced; its fingerprints and resource keys stay as they were. */
export function withProjectSchema(
  set: EffectiveSchemaSet,
  projectName: string,
  change: (schema: JsonObject) => JsonObject,
): EffectiveSchemaSet {
  return {
    ...set,
    projects: set.projects.map((project) =>
      project.projectName === projectName ? { ...project, projectSchema: change(project.projectSchema) } : project,
    ),
  };
}

function checkedModel(set: EffectiveSchemaSet, dialect: SqlDialect): RelationalModelSet {
  const { model } = deriveModel(set, dialect);
  expect(modelViolations(model), `invariants of the ${dialect} model`).toEqual([]);
  return model;
}

/** The model of one dialect, or of `pgsql` after a look at both; every invariant of design 02 §18 must hold. */
export function modelOf(documents: readonly Document[], dialect?: SqlDialect): RelationalModelSet {
  const set = schemaSet(...documents);
  if (dialect !== undefined) return checkedModel(set, dialect);
  const model = checkedModel(set, 'pgsql');
  for (const other of dialects) if (other !== 'pgsql') checkedModel(set, other);
  return model;
}

/** What derivation has made of the documents just before `pass` runs. */
export function draftBefore(pass: Pass, documents: readonly Document[], dialect: SqlDialect = 'pgsql'): ModelDraft {
  const set = schemaSet(...documents);
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
