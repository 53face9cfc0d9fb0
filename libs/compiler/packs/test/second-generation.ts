import { deriveModel } from '@dms/derivation';
import type { RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { type Document, everything, schemaSetOf } from '@dms/testing';

/** The generations with the tables of the second one. */
export const laterVersions = ['v2', 'v2-natural'] as const;

/** The model of the second generation, or of a later one; collections need no semantic identity. */
export function secondModelOf(
  documents: readonly Document[],
  dialect: SqlDialect,
  version: (typeof laterVersions)[number] = 'v2',
): RelationalModelSet {
  return deriveModel(schemaSetOf(version, documents), dialect, { strict: false, validate: true }).model;
}

const at = (path: string, type = 'string') => [{ path, type }];

const queryFields: Readonly<Record<string, object>> = {
  School: {
    id: at('$.id'),
    name: at('$.name'),
    aDescriptor: at('$.aDescriptor'),
    one: at('$.one', 'number'),
    city: at('$.addresses[*].city'),
    nowhere: at('$.nowhere'),
  },
  Session: { termDescriptor: at('$.termDescriptor'), schoolId: at('$.schoolReference.schoolId', 'number') },
  KindDescriptor: {
    id: at('$.id'),
    namespace: at('$.namespace'),
    codeValue: at('$.codeValue'),
    shortDescription: at('$.shortDescription'),
    description: at('$.description'),
    effectiveBeginDate: at('$.effectiveBeginDate', 'date'),
    effectiveEndDate: at('$.effectiveEndDate', 'date'),
  },
};

interface Project {
  readonly projectSchema: {
    readonly isExtensionProject: boolean;
    readonly resourceSchemas: Readonly<Record<string, { readonly resourceName: string }>>;
  };
}

/** Every kind of entry, and query fields that can and cannot be used as filters. */
export const everythingAsked: readonly Document[] = everything.map((document) => {
  const { projectSchema } = document as unknown as Project;
  if (projectSchema.isExtensionProject) return document;
  const resourceSchemas = Object.fromEntries(
    Object.entries(projectSchema.resourceSchemas).map(([endpoint, resource]) => [
      endpoint,
      { ...resource, queryFieldMapping: queryFields[resource.resourceName] ?? {} },
    ]),
  );
  return { ...document, projectSchema: { ...projectSchema, resourceSchemas } };
});
