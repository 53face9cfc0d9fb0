import {
  assembleEffectiveSchema,
  buildEffectiveSchema,
  type EffectiveSchemaSet,
  type MappingVersion,
} from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { brokenInvariants, type RelationalModelSet } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { isJsonObject, type JsonObject, toJsonValue } from '@dms/values';
import { expect } from 'vitest';
import { tablesOutOfOrder } from './column-order.ts';

/** An ApiSchema document as a plain value. */
export type Document = { readonly [member: string]: unknown };

/** The effective schema set of the documents for a generation of the mapping, with all checks of the files. */
export function schemaSetOf(mappingVersion: MappingVersion, documents: readonly Document[]): EffectiveSchemaSet {
  const files = documents.map((document, index) => ({ file: `document-${index}.json`, root: toJsonValue(document) }));
  return buildEffectiveSchema(files, { mappingVersion });
}

/** Like {@link schemaSetOf}, for the first generation. */
export function schemaSet(...documents: readonly Document[]): EffectiveSchemaSet {
  return schemaSetOf('v1', documents);
}

/** Like {@link schemaSetOf}, for the second generation of the mapping. */
export function schemaSetV2(...documents: readonly Document[]): EffectiveSchemaSet {
  return schemaSetOf('v2', documents);
}

function uncheckedSetOf(documents: readonly Document[], mappingVersion: MappingVersion): EffectiveSchemaSet {
  return assembleEffectiveSchema(
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
    mappingVersion,
  );
}

/** A set of the first generation without the checks of the files, for mistakes that derivation must find. */
export function uncheckedSet(...documents: readonly Document[]): EffectiveSchemaSet {
  return uncheckedSetOf(documents, 'v1');
}

/** Like {@link uncheckedSet}, for the second generation; it also takes fragments that are not complete files. */
export function uncheckedSetV2(...documents: readonly Document[]): EffectiveSchemaSet {
  return uncheckedSetOf(documents, 'v2');
}

/** The set with one project's `projectSchema` replaced; its fingerprints and resource keys stay unchanged. */
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

function checkedModel(set: EffectiveSchemaSet, dialect: SqlDialect, strict = true): RelationalModelSet {
  const { model } = deriveModel(set, dialect, { strict });
  expect(brokenInvariants(model), `invariants of the ${dialect} model`).toEqual([]);
  expect(tablesOutOfOrder(model), `order of columns in the ${dialect} model`).toEqual([]);
  return model;
}

/** The model of one dialect, or of `pgsql` after both were checked; every invariant of design 02 §18 must hold. */
export function modelOf(documents: readonly Document[], dialect?: SqlDialect): RelationalModelSet {
  const set = schemaSet(...documents);
  if (dialect !== undefined) return checkedModel(set, dialect);
  const model = checkedModel(set, 'pgsql');
  for (const other of dialects) if (other !== 'pgsql') checkedModel(set, other);
  return model;
}

/** The model of the second generation, or another one, for one dialect; by default PostgreSQL and not in strict mode. */
export function modelV2(
  documents: readonly Document[],
  dialect: SqlDialect = 'pgsql',
  {
    strict = false,
    mappingVersion = 'v2',
  }: { readonly strict?: boolean; readonly mappingVersion?: MappingVersion } = {},
): RelationalModelSet {
  return checkedModel(schemaSetOf(mappingVersion, documents), dialect, strict);
}
