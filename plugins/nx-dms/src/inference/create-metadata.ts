import { compareOrdinal } from '@dms/files';
import type { ProjectGraph, ProjectsMetadata } from 'nx/src/devkit-exports';
import { schemaProjectsOf } from '../schema-projects.ts';
import { isMappingSet } from './create-dependencies.ts';
import { plainDescription } from './mapping-set-project.ts';

/**
 * Describes each mapping set by its schemas, with their names in the finished graph. A description of a mistake, or
 * from a `project.json`, stays.
 */
export function describeMappingSets({
  nodes,
  dependencies,
}: Pick<ProjectGraph, 'nodes' | 'dependencies'>): ProjectsMetadata {
  const projects = Object.fromEntries(Object.entries(nodes).map(([name, { data }]) => [name, data]));
  const schemaNames = new Set(schemaProjectsOf(projects).map(({ name }) => name));
  const described = Object.entries(projects)
    .filter(([, project]) => isMappingSet(project) && project.metadata?.description === plainDescription)
    .map(([name]) => {
      const targets = (dependencies[name] ?? [])
        .map(({ target }) => target)
        .filter((target) => schemaNames.has(target));
      const list = [...new Set(targets)].sort(compareOrdinal).join(' + ');
      return [name, { metadata: { description: list ? `${plainDescription} of ${list}` : plainDescription } }];
    });
  return Object.fromEntries(described);
}
