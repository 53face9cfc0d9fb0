/**
 * Small ApiSchema documents for tests: a test gives the relevant members as plain JSON values; the rest is filled in.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export interface JsonRecord {
  readonly [name: string]: Json;
}

export const string = (maxLength = 60): JsonRecord => ({ type: 'string', maxLength });
export const integer = (format?: 'int32' | 'int64'): JsonRecord =>
  format ? { type: 'integer', format } : { type: 'integer' };
export const number = (): JsonRecord => ({ type: 'number' });
export const boolean = (): JsonRecord => ({ type: 'boolean' });
export const date = (): JsonRecord => ({ type: 'string', format: 'date' });
export const dateTime = (): JsonRecord => ({ type: 'string', format: 'date-time' });
export const time = (): JsonRecord => ({ type: 'string', format: 'time' });
/** A descriptor URI. */
export const uri = (): JsonRecord => string(306);

/** An object schema; the properties in `required` must be present. */
export const object = (properties: JsonRecord, required: readonly string[] = []): JsonRecord => ({
  type: 'object',
  properties,
  required,
});

export const array = (items: JsonRecord): JsonRecord => ({ type: 'array', items });

/** The `_ext` property of an extension schema for one project key. */
export const ext = (projectKey: string, schema: JsonRecord): JsonRecord => object({ [projectKey]: schema });

function split(label: string): { projectName: string; resourceName: string } {
  const [projectName = '', resourceName = ''] = label.split(':');
  return { projectName, resourceName };
}

/** `documentPathsMapping` entry of a scalar. */
export const scalarPath = (path: string): JsonRecord => ({
  isReference: false,
  path,
  isRequired: false,
  isPartOfIdentity: false,
});

/** `documentPathsMapping` entry of a descriptor; `label` is `Project:Resource`. */
export const descriptorPath = (label: string, path: string): JsonRecord => ({
  isReference: true,
  isDescriptor: true,
  path,
  ...split(label),
  isRequired: false,
  isPartOfIdentity: false,
});

/**
 * `documentPathsMapping` entry of a document reference; `pairs` are `[identityJsonPath, referenceJsonPath]` in order.
 * Required unless `isRequired` is false.
 */
export const reference = (
  label: string,
  pairs: readonly (readonly [string, string])[],
  isRequired = true,
): JsonRecord => ({
  isReference: true,
  isDescriptor: false,
  ...split(label),
  isRequired,
  isPartOfIdentity: false,
  referenceJsonPaths: pairs.map(([identityJsonPath, referenceJsonPath]) => ({
    identityJsonPath,
    referenceJsonPath,
    type: 'string',
  })),
});

/** A resource schema entry of `project`. */
export interface BuiltResource {
  readonly endpoint: string;
  readonly schema: JsonRecord;
}

const endpointOf = (name: string) => `${name.charAt(0).toLowerCase()}${name.slice(1)}s`;

function coveredPaths(mapping: JsonRecord): Set<string> {
  const covered = new Set<string>();
  for (const entry of Object.values(mapping) as JsonRecord[]) {
    if (typeof entry.path === 'string') covered.add(entry.path);
    for (const pair of (entry.referenceJsonPaths ?? []) as JsonRecord[]) covered.add(String(pair.referenceJsonPath));
  }
  return covered;
}

/**
 * A resource: `members` replace the defaults. Identity paths without a mapping entry get a scalar entry, so that a test
 * gives only the relevant members; other paths need entries in `documentPathsMapping`.
 */
export function resource(name: string, members: JsonRecord = {}): BuiltResource {
  const mapping = (members.documentPathsMapping ?? {}) as JsonRecord;
  const covered = coveredPaths(mapping);
  const identity = (members.identityJsonPaths ?? []) as readonly string[];
  const implied = identity
    .filter((path) => !covered.has(path))
    .map((path) => [`Identity ${path}`, scalarPath(path)] as const);
  return {
    endpoint: endpointOf(name),
    schema: {
      resourceName: name,
      isDescriptor: false,
      isResourceExtension: false,
      isSubclass: false,
      isSchoolYearEnumeration: false,
      allowIdentityUpdates: false,
      identityJsonPaths: [],
      arrayUniquenessConstraints: [],
      equalityConstraints: [],
      decimalPropertyValidationInfos: [],
      jsonSchemaForInsert: object({}),
      ...members,
      documentPathsMapping: { ...mapping, ...Object.fromEntries(implied) },
    },
  };
}

/** A resource with exactly the given members over the defaults of `resource`; nothing is added to its mapping. */
export function rawResource(name: string, members: JsonRecord): BuiltResource {
  return { endpoint: endpointOf(name), schema: { ...resource(name).schema, ...members } };
}

/** A descriptor resource with the standard six properties. */
export function descriptor(name: string, members: JsonRecord = {}): BuiltResource {
  return resource(name, {
    isDescriptor: true,
    jsonSchemaForInsert: object(
      {
        namespace: string(255),
        codeValue: string(50),
        shortDescription: string(75),
        description: string(1024),
        effectiveBeginDate: date(),
        effectiveEndDate: date(),
      },
      ['namespace', 'codeValue', 'shortDescription'],
    ),
    ...members,
  });
}

/** A resource extension of the core resource `name`. */
export function extensionOf(name: string, members: JsonRecord): BuiltResource {
  return rawResource(name, { isResourceExtension: true, ...members });
}

export interface ProjectOptions {
  readonly endpoint?: string;
  readonly version?: string;
  readonly isExtension?: boolean;
  readonly abstractResources?: JsonRecord;
  readonly members?: JsonRecord;
}

/** An ApiSchema document, ready for `toJsonValue`. The endpoint name is the lower-cased project name by default. */
export function project(name: string, resources: readonly BuiltResource[], options: ProjectOptions = {}): JsonRecord {
  return {
    apiSchemaVersion: '1.0.0',
    projectSchema: {
      projectName: name,
      projectEndpointName: options.endpoint ?? name.toLowerCase(),
      projectVersion: options.version ?? '1.0.0',
      isExtensionProject: options.isExtension ?? false,
      description: '',
      abstractResources: options.abstractResources ?? {},
      resourceSchemas: Object.fromEntries(resources.map(({ endpoint, schema }) => [endpoint, schema])),
      ...options.members,
    },
  };
}
