import { canonicalText, compareOrdinal, repeated, sha256Hex } from '@dms/canonical-json';
import { fail } from '@dms/diagnostics';
import { effectiveSchemaHashHeader, resourceKeyLimit } from './constants.ts';
import type { EffectiveProject, EffectiveSchemaInfo, EffectiveSchemaSet } from './effective-schema.ts';
import type { ApiSchemaDocument } from './load.ts';
import { defaultMappingVersion, type MappingVersion } from './mapping-version.ts';
import { numberResources, resourceKeySeedHash } from './resource-keys.ts';
import { stripOpenApi } from './strip-open-api.ts';
import { type CheckedApiSchema, checkConsistency, checkDocuments } from './validate.ts';

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
  relationalMappingVersion: MappingVersion = defaultMappingVersion,
): EffectiveSchemaSet {
  const projects = [...unordered].sort((a, b) => compareOrdinal(a.projectEndpointName, b.projectEndpointName));
  const resourceKeys = numberResources(projects);
  const schemaComponents = projects.map(({ projectSchema, ...facts }) => ({
    ...facts,
    projectHash: sha256Hex(canonicalText(projectSchema)),
  }));
  const hashed = { apiSchemaFormatVersion, relationalMappingVersion, schemaComponents };
  return {
    info: {
      ...hashed,
      effectiveSchemaHash: effectiveSchemaHash(hashed),
      resourceKeyCount: resourceKeys.length,
      resourceKeySeedHash: resourceKeySeedHash(resourceKeys),
      resourceKeys,
    },
    projects,
  };
}

export interface EffectiveSchemaOptions {
  /** Whether exactly one file must be a core; true by default. */
  readonly requireSingleCore?: boolean;
  /** `defaultMappingVersion` by default. */
  readonly mappingVersion?: MappingVersion;
}

/**
 * The effective schema set of one core and any number of extension documents (design 01). The documents are not changed, and
 * their order does not affect the result. Throws the `INPUT_*` and `RESOURCE_KEY_*` codes; each stage reports everything it
 * finds.
 */
export function buildEffectiveSchema(
  documents: readonly ApiSchemaDocument[],
  { requireSingleCore = true, mappingVersion }: EffectiveSchemaOptions = {},
): EffectiveSchemaSet {
  const schemas = checkDocuments(documents);
  checkConsistency(schemas, { requireSingleCore });
  return effectiveSchemaOf(schemas[0]?.apiSchemaVersion ?? '', schemas.map(projectOf), mappingVersion);
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
    `resourceKeySeedHash has ${info.resourceKeySeedHash.length} bytes instead of 32`,
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
    endpoints.every((name, index) => index === 0 || compareOrdinal(endpoints[index - 1] ?? '', name) < 0),
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
