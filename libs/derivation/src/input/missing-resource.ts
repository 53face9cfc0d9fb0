import { labelledResource } from '@dms/api-schema';
import { alternatives, nearNames } from '@dms/diagnostics';
import type { ResourceEntries } from './resource-entry.ts';

/** The end of a sentence about a project that the set lacks, with its full stop. */
export function missingProject(name: string, known: readonly string[]): string {
  if (nearNames(name, known).length > 0) return alternatives(name, known);
  return `; if it is an extension, add its ApiSchema file to the set (--schema, or schemas of dms.json).`;
}

/**
 * The end of a sentence about a resource that the set lacks, with its full stop: a resource with a similar name, or the
 * project whose file is missing.
 */
export function missingResource(label: string, { projects, known }: ResourceEntries): string {
  const { projectName } = labelledResource(label);
  if (projects.some((project) => project.projectName === projectName) || nearNames(label, known.keys()).length > 0)
    return alternatives(label, known.keys());
  return `; no project of the set is called ${JSON.stringify(projectName)}: add its ApiSchema file (--schema, or schemas of dms.json).`;
}
