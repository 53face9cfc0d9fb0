import { counted, type Diagnostic, fail, failIfAny } from '@dms/diagnostics';
import { canonicalText, compareOrdinal, isJsonObject, type JsonObject, type JsonValue, repeated, sha256Hex } from '@dms/files';
import { effectiveSchemaHashHeader, resourceKeyLimit } from './constants.ts';
import type { EffectiveProject, EffectiveSchemaInfo, EffectiveSchemaSet } from './effective-schema.ts';
import type { ApiSchemaDocument } from './load.ts';
import { defaultMappingVersion, type MappingVersion } from './mapping-version.ts';
import { numberResources, resourceKeySeedHash } from './resource-keys.ts';
import { stripOpenApi } from './strip-open-api.ts';
import { type CheckedApiSchema, checkConsistency, checkDocuments, formatVersionNotes } from './validate.ts';

/** The EffectiveSchemaHash of components in endpoint order (design 01 §6.2). */
export function effectiveSchemaHash({
  relationalMappingVersion,
  apiSchemaFormatVersion,
  schemaComponents,
}: Pick<EffectiveSchemaInfo, 'relationalMappingVersion' | 'apiSchemaFormatVersion' | 'schemaComponents'>): string {
  const lines = schemaComponents.map(
    (component) =>
      `${component.projectEndpointName}|${component.projectName}|${component.projectVersion}|${component.isExtensionProject}|${component.projectHash}`,
  );
  return sha256Hex(
    [
      effectiveSchemaHashHeader,
      `relationalMappingVersion=${relationalMappingVersion}`,
      `apiSchemaFormatVersion=${apiSchemaFormatVersion}`,
      ...lines,
    ].join('\n'),
  );
}

function projectOf(schema: CheckedApiSchema): EffectiveProject {
  const { projectEndpointName, projectName, projectVersion, isExtensionProject, projectSchema } = schema;
  return { projectEndpointName, projectName, projectVersion, isExtensionProject, projectSchema: stripOpenApi(projectSchema) };
}

/**
 * Fingerprints and numbers a list of projects (design 01 §6–§8). The lower-level entry: it takes stripped project schemas as
 * they are and skips the file checks.
 */
export function effectiveSchemaOf(
  apiSchemaFormatVersion: string,
  unordered: readonly EffectiveProject[],
  relationalMappingVersion?: MappingVersion,
): EffectiveSchemaSet {
  const { set, repeated } = numberedSet(apiSchemaFormatVersion, unordered, relationalMappingVersion);
  failIfAny(repeated);
  return set;
}

/** The same, with the diagnostics about names that occur twice; the set has the first resource of each name. */
function numberedSet(
  apiSchemaFormatVersion: string,
  unordered: readonly EffectiveProject[],
  relationalMappingVersion: MappingVersion = defaultMappingVersion,
): { readonly set: EffectiveSchemaSet; readonly repeated: readonly Diagnostic[] } {
  const projects = [...unordered].sort((a, b) => compareOrdinal(a.projectEndpointName, b.projectEndpointName));
  const { keys: resourceKeys, found: repeated } = numberResources(projects);
  const schemaComponents = projects.map(({ projectSchema, ...facts }) => ({
    ...facts,
    projectHash: sha256Hex(canonicalText(projectSchema)),
  }));
  const hashed = { apiSchemaFormatVersion, relationalMappingVersion, schemaComponents };
  const info = {
    ...hashed,
    effectiveSchemaHash: effectiveSchemaHash(hashed),
    resourceKeyCount: resourceKeys.length,
    resourceKeySeedHash: resourceKeySeedHash(resourceKeys),
    resourceKeys,
  };
  return { set: { info, projects }, repeated };
}

export interface EffectiveSchemaOptions {
  /** Whether exactly one file must be a core; true by default. */
  readonly requireSingleCore?: boolean;
  /** `defaultMappingVersion` by default. */
  readonly mappingVersion?: MappingVersion;
}

/** What the checks of a list of documents give. */
export interface ExaminedSchemaSet {
  readonly found: readonly Diagnostic[];
  /** Warnings about the documents. */
  readonly notes: readonly Diagnostic[];
  /** What can be derived from the documents: the whole set, or what is left of it where something was found. */
  readonly set: EffectiveSchemaSet;
  /** Whether nothing is left out of `set`: a resource that it lacks is then in none of the documents. */
  readonly isWhole: boolean;
}

/**
 * The effective schema set of one core and any number of extension documents, and everything that is wrong with them (design 01).
 * The documents are not changed, and their order does not affect the result.
 *
 * @param options.isWhole whether `documents` are all that was given; false if some could not be read
 */
export function examineSchemaSet(
  documents: readonly ApiSchemaDocument[],
  { requireSingleCore = true, mappingVersion, isWhole = true }: EffectiveSchemaOptions & { readonly isWhole?: boolean } = {},
): ExaminedSchemaSet {
  const checked = checkDocuments(documents);
  const schemas = checked.flatMap(({ schema }) => schema ?? []);
  const isComplete = isWhole && checked.every(({ schema, found }) => schema && !found.some(concernsProject));
  const consistency = checkConsistency(schemas, { requireSingleCore, isComplete });
  const found = [...checked.flatMap((each) => each.found), ...consistency];
  const notes = formatVersionNotes(schemas);
  if (found.length === 0 && isWhole) {
    const version = schemas[0]?.apiSchemaVersion ?? '';
    const { set, repeated } = numberedSet(version, schemas.map(projectOf), mappingVersion);
    return { found: withFile(repeated, schemas), notes, set, isWhole };
  }
  const usable = usablePart(schemas);
  const { set, repeated } = numberedSet(schemas[0]?.apiSchemaVersion ?? '', usable, mappingVersion);
  // a file without a usable name, a second project of one name, and a resource without a name leave something out
  const lacksPart =
    !isComplete || usable.length < schemas.length || found.some(({ code }) => code === 'INPUT_RESOURCE_MALFORMED');
  return { found: [...found, ...withFile(repeated, schemas)], notes, set, isWhole: !lacksPart };
}

const concernsProject = ({ code }: Diagnostic) => code === 'INPUT_PROJECT_MALFORMED';

/** Adds the files of the projects to diagnostics about their resources. */
function withFile(entries: readonly Diagnostic[], schemas: readonly CheckedApiSchema[]): Diagnostic[] {
  const files = new Map(schemas.map(({ projectName, file }) => [projectName, file]));
  return entries.map((entry) => ({ ...entry, where: { ...entry.where, file: files.get(String(entry.details.project)) } }));
}

/** What can be derived of projects with mistakes: each name once, and each resource that has a name. */
function usablePart(schemas: readonly CheckedApiSchema[]): EffectiveProject[] {
  const names = new Set<string>();
  return schemas.flatMap((schema) => {
    const { projectName, projectEndpointName } = schema;
    const own = [`name ${projectName}`, `endpoint ${projectEndpointName}`];
    if (projectName === '' || projectEndpointName === '' || own.some((name) => names.has(name))) return [];
    for (const name of own) names.add(name);
    const resources = [...schema.resourceSchemas].flatMap(([key, entry]): [string, JsonObject][] => {
      if (key === '' || !isJsonObject(entry)) return [];
      const name = entry.get('resourceName');
      if (typeof name !== 'string' || name.trim() === '') return [];
      if (typeof entry.get('isResourceExtension') === 'boolean') return [[key, entry]];
      return schema.isExtensionProject ? [] : [[key, new Map([...entry, ['isResourceExtension', false]])]];
    });
    const abstracts = [...schema.abstractResources].filter(([key, entry]) => key !== '' && isJsonObject(entry));
    const projectSchema = new Map<string, JsonValue>([
      ...schema.projectSchema,
      ['resourceSchemas', new Map(resources)],
      ['abstractResources', new Map(abstracts)],
    ]);
    return [{ ...projectOf({ ...schema, projectSchema }), projectVersion: schema.projectVersion || '0' }];
  });
}

/**
 * The effective schema set of one core and any number of extension documents (design 01). The documents are not changed, and
 * their order does not affect the result. Throws the `INPUT_*` and `RESOURCE_KEY_*` codes, everything that is found together.
 */
export function buildEffectiveSchema(
  documents: readonly ApiSchemaDocument[],
  options: EffectiveSchemaOptions = {},
): EffectiveSchemaSet {
  const { found, set } = examineSchemaSet(documents, options);
  failIfAny(found);
  return set;
}

/** Lists how a finished info breaks its contract (design 01 §8); empty when it is valid. */
export function effectiveSchemaIssues(info: EffectiveSchemaInfo): string[] {
  const issues: string[] = [];
  const check = (holds: boolean, text: string) => {
    if (!holds) issues.push(text);
  };
  check(info.apiSchemaFormatVersion.trim() !== '', 'apiSchemaFormatVersion is blank');
  check(/^[0-9a-f]{64}$/.test(info.effectiveSchemaHash), 'effectiveSchemaHash is not 64 lower-case hex digits');
  check(
    info.resourceKeySeedHash.length === 32,
    `resourceKeySeedHash has ${counted(info.resourceKeySeedHash.length, 'byte')} instead of 32`,
  );
  check(
    info.resourceKeyCount >= 0 && info.resourceKeyCount <= resourceKeyLimit,
    `resourceKeyCount ${info.resourceKeyCount} is out of range`,
  );
  check(
    info.resourceKeyCount === info.resourceKeys.length,
    `resourceKeyCount ${info.resourceKeyCount} is not the number of keys (${info.resourceKeys.length})`,
  );
  check(info.schemaComponents.length > 0, 'there is no schema component');
  const endpoints = info.schemaComponents.map((component) => component.projectEndpointName);
  check(
    endpoints.every((name, index) => {
      const before = endpoints[index - 1];
      return before === undefined || compareOrdinal(before, name) < 0;
    }),
    'schema components are not strictly ascending by endpoint name',
  );
  for (const component of info.schemaComponents)
    check(component.projectHash !== '', `projectHash of ${component.projectEndpointName} is empty`);
  for (const id of repeated(info.resourceKeys.map((key) => key.id))) issues.push(`resource key id ${id} occurs twice`);
  // no name contains a line feed, so it separates the two parts
  const names = info.resourceKeys.map(({ projectName, resourceName }) => `${projectName}\n${resourceName}`);
  for (const name of repeated(names)) issues.push(`resource key ${name.replace('\n', ':')} occurs twice`);
  return issues;
}

/** Throws `EFFECTIVE_SCHEMA_INVALID` with all issues together. Call it before anything is written from an info. */
export function assertEffectiveSchema(info: EffectiveSchemaInfo): void {
  const issues = effectiveSchemaIssues(info);
  if (issues.length > 0)
    fail('EFFECTIVE_SCHEMA_INVALID', `The effective schema breaks its contract: ${issues.join('; ')}.`, {}, { issues });
}
