import {
  buildEffectiveSchema,
  defaultMappingVersion,
  type EffectiveSchemaSet,
  effectiveSchemaOf,
  type MappingVersion,
} from '@dms/api-schema';
import { isJsonObject, type JsonObject, toJsonValue } from '@dms/canonical-json';
import { deriveModel } from '@dms/derivation';
import { modelViolations, type RelationalModelSet } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { expect } from 'vitest';
import { tablesOutOfOrder } from './column-order.ts';

/** An ApiSchema document as a plain value. */
export type Document = { readonly [member: string]: unknown };

/** The effective schema set of the documents, with all checks of the files. */
export function schemaSet(...documents: readonly Document[]): EffectiveSchemaSet {
  return schemaSetOf(defaultMappingVersion, documents);
}

/** The same for a generation of the mapping. */
export function schemaSetOf(mappingVersion: MappingVersion, documents: readonly Document[]): EffectiveSchemaSet {
  return buildEffectiveSchema(
    documents.map((document, index) => ({ file: `document-${index}.json`, root: toJsonValue(document) })),
    { mappingVersion },
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
  expect(tablesOutOfOrder(model), `order of columns in the ${dialect} model`).toEqual([]);
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
