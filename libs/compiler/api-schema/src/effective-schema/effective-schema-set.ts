import { type Diagnostic, failIfAny } from '@dms/diagnostics';
import { canonicalText, compareOrdinal, sha256Hex } from '@dms/values';
import { defaultMappingVersion, fingerprintVersions, type MappingVersion } from '../mapping-version.ts';
import { stripOpenApi } from '../normalized-schema.ts';
import type { CheckedApiSchema } from './check-schema-set.ts';
import type { EffectiveProject, EffectiveSchemaInfo, EffectiveSchemaSet } from './effective-schema.ts';
import { effectiveSchemaHashHeader, numberResources, resourceKeySeedHash } from './resource-keys.ts';

/** The EffectiveSchemaHash of components in endpoint order (design 01 §6.2). */
export function effectiveSchemaHash({
  fingerprintVersion,
  apiSchemaFormatVersion,
  schemaComponents,
}: Pick<EffectiveSchemaInfo, 'apiSchemaFormatVersion' | 'schemaComponents'> & {
  readonly fingerprintVersion: string;
}): string {
  const lines = schemaComponents.map(
    (component) =>
      `${component.projectEndpointName}|${component.projectName}|${component.projectVersion}|${component.isExtensionProject}|${component.projectHash}`,
  );
  return sha256Hex(
    [
      effectiveSchemaHashHeader,
      `relationalMappingVersion=${fingerprintVersion}`,
      `apiSchemaFormatVersion=${apiSchemaFormatVersion}`,
      ...lines,
    ].join('\n'),
  );
}

/** A checked project without its OpenAPI texts. */
export function stripProject(schema: CheckedApiSchema): EffectiveProject {
  const { projectEndpointName, projectName, projectVersion, isExtensionProject, projectSchema } = schema;
  return {
    projectEndpointName,
    projectName,
    projectVersion,
    isExtensionProject,
    projectSchema: stripOpenApi(projectSchema),
  };
}

/**
 * Fingerprints and numbers a list of projects (design 01 §6–§8). The lower-level entry point: it takes stripped project
 * schemas as they are and skips the file checks.
 */
export function assembleEffectiveSchema(
  apiSchemaFormatVersion: string,
  unordered: readonly EffectiveProject[],
  relationalMappingVersion?: MappingVersion,
): EffectiveSchemaSet {
  const { set, repeated } = numberedSet(apiSchemaFormatVersion, unordered, relationalMappingVersion);
  failIfAny(repeated);
  return set;
}

/**
 * Like `assembleEffectiveSchema`, but returns the diagnostics about names that occur twice; the set has the first
 * resource of each name.
 */
export function numberedSet(
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
  const info = {
    apiSchemaFormatVersion,
    schemaComponents,
    resourceKeyCount: resourceKeys.length,
    resourceKeySeedHash: resourceKeySeedHash(resourceKeys),
    resourceKeys,
  };
  return { set: setOfGeneration({ info, projects }, relationalMappingVersion), repeated };
}

/** What the sets of all generations share: everything but the generation and the hash. */
interface SharedSet extends Pick<EffectiveSchemaSet, 'projects'> {
  readonly info: Omit<EffectiveSchemaSet['info'], 'relationalMappingVersion' | 'effectiveSchemaHash'>;
}

/** The set of a generation, from that of another one or from what they share. */
export function setOfGeneration(
  { info, projects }: SharedSet,
  relationalMappingVersion: MappingVersion,
): EffectiveSchemaSet {
  const fingerprintVersion = fingerprintVersions[relationalMappingVersion];
  const hash = effectiveSchemaHash({ ...info, fingerprintVersion });
  return { info: { ...info, relationalMappingVersion, effectiveSchemaHash: hash }, projects };
}

/** Adds the files of the projects to diagnostics about their resources. */
export function withFile(entries: readonly Diagnostic[], schemas: readonly CheckedApiSchema[]): Diagnostic[] {
  const files = new Map(schemas.map(({ projectName, file }) => [projectName, file]));
  return entries.map((entry) => ({
    ...entry,
    where: { ...entry.where, file: files.get(String(entry.details.project)) },
  }));
}
