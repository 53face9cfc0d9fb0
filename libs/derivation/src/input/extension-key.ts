import type { ProjectEntry } from './resource-entry.ts';

const sameIgnoringCase = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/**
 * The key under `_ext` that belongs to a project: the first one in ordinal order that equals its endpoint name,
 * otherwise its project name, ignoring case (design 03 §10.2). `keys` are the names in `properties` of `_ext`, in
 * ordinal order.
 */
export function findProjectKey(project: ProjectEntry, keys: Iterable<string>): string | undefined {
  const all = [...keys];
  return (
    all.find((key) => sameIgnoringCase(key, project.projectEndpointName)) ??
    all.find((key) => sameIgnoringCase(key, project.projectName))
  );
}

/** The extension project that a key of a base schema names (design 03 §10.7), or why there is none. */
export function resolveProjectKey(
  key: string,
  projects: readonly ProjectEntry[],
): { project: ProjectEntry } | { candidates: string[] } {
  const byEndpoint = projects.filter((project) => sameIgnoringCase(project.projectEndpointName, key));
  const matches =
    byEndpoint.length > 0 ? byEndpoint : projects.filter((project) => sameIgnoringCase(project.projectName, key));
  const [only, ...others] = matches;
  if (key !== '' && only && others.length === 0 && only.isExtensionProject) return { project: only };
  return { candidates: matches.map((project) => project.projectEndpointName).sort() };
}
