import type { build } from '@dms/testing';
import { canonicalText, type JsonValue, toJsonValue } from '@dms/values';
import { convertLegacySchema } from '../../src/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into converted documents freely
export type ToyValue = any;

export const marked = (path: string, isPartOfIdentity: boolean): build.JsonRecord => ({
  isReference: false,
  isPartOfIdentity,
  path,
  type: 'string',
});
export const key = (path: string) => marked(path, true);
export const value = (path: string) => marked(path, false);
export const descriptor = (path: string, isPartOfIdentity = false): build.JsonRecord => ({
  isReference: true,
  isDescriptor: true,
  isPartOfIdentity,
  path,
  projectName: 'Toy',
  resourceName: 'ColorDescriptor',
  type: 'string',
});
export const reference = (paths: readonly string[], isPartOfIdentity = false): build.JsonRecord => ({
  isReference: true,
  isDescriptor: false,
  isPartOfIdentity,
  projectName: 'Toy',
  resourceName: 'Maker',
  referenceJsonPaths: paths.map((path) => ({
    identityJsonPath: `$.${path.split('.').at(-1)}`,
    referenceJsonPath: path,
    type: 'string',
  })),
});

/** A resource of the old format: `kits` of a project `Toy`, with the members under test. */
export const kit = (
  mapping: build.JsonRecord,
  jsonSchemaForInsert: build.JsonRecord,
  members: build.JsonRecord = {},
): build.JsonRecord => ({
  resourceName: 'Kit',
  isDescriptor: false,
  isResourceExtension: false,
  isSubclass: false,
  isSchoolYearEnumeration: false,
  allowIdentityUpdates: false,
  identityJsonPaths: [],
  equalityConstraints: [],
  documentPathsMapping: mapping,
  jsonSchemaForInsert,
  ...members,
});

export const legacyProject = (resourceSchemas: build.JsonRecord, members: build.JsonRecord = {}): build.JsonRecord => ({
  projectName: 'Toy',
  projectVersion: '1.0.0',
  isExtensionProject: false,
  description: '',
  abstractResources: {},
  caseInsensitiveEndpointNameMapping: {},
  compatibleDsRange: null,
  resourceNameMapping: {},
  resourceSchemas,
  ...members,
});

export const legacy = (resourceSchemas: build.JsonRecord, members: build.JsonRecord = {}): build.JsonRecord => ({
  apiSchemaVersion: '1.0.0',
  projectNameMapping: { Toy: 'toy' },
  projectSchemas: { toy: legacyProject(resourceSchemas, members) },
});

export const convert = (root: unknown) => convertLegacySchema({ file: 'legacy.json', root: toJsonValue(root) });
export const plain = (any: JsonValue | undefined): ToyValue => JSON.parse(canonicalText(any ?? null));
export const projectOf = (root: unknown): ToyValue => plain(convert(root).schemas[0]?.root).projectSchema;
export const kitOf = (mapping: build.JsonRecord, schema: build.JsonRecord, members: build.JsonRecord = {}): ToyValue =>
  projectOf(legacy({ kits: kit(mapping, schema, members) })).resourceSchemas.kits;
export const constraintsOf = (mapping: build.JsonRecord, schema: build.JsonRecord): ToyValue =>
  kitOf(mapping, schema).arrayUniquenessConstraints;
export const isRequiredOf = (mapping: build.JsonRecord, schema: build.JsonRecord, entry = 'Entry'): ToyValue =>
  kitOf(mapping, schema).documentPathsMapping[entry].isRequired;
