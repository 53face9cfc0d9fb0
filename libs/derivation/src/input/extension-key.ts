import { isJsonObject, type JsonValue } from '@dms/canonical-json';
import type { ProjectSchemaInfo } from '@dms/model';

const sameIgnoringCase = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/**
 * The key under `_ext` that belongs to a project: the first, ordinally, that equals its endpoint name, failing that its project
 * name, case ignored (design 03 §10.2). `extensionProperties` is the `properties` member of `_ext`.
 */
export function findProjectKey(project: ProjectSchemaInfo, extensionProperties: JsonValue | undefined): string | undefined {
  if (!isJsonObject(extensionProperties)) return undefined;
  const keys = [...extensionProperties.keys()].sort();
  return (
    keys.find((key) => sameIgnoringCase(key, project.projectEndpointName)) ??
    keys.find((key) => sameIgnoringCase(key, project.projectName))
  );
}

/** The extension project that a key of a base schema names (design 03 §10.7), or why there is none. */
export function resolveProjectKey(
  key: string,
  projects: readonly ProjectSchemaInfo[],
): { project: ProjectSchemaInfo } | { candidates: string[] } {
  const byEndpoint = projects.filter((project) => sameIgnoringCase(project.projectEndpointName, key));
  const matches = byEndpoint.length > 0 ? byEndpoint : projects.filter((project) => sameIgnoringCase(project.projectName, key));
  const [only, ...others] = matches;
  if (key !== '' && only && others.length === 0 && only.isExtensionProject) return { project: only };
  return { candidates: matches.map((project) => project.projectEndpointName).sort() };
}
