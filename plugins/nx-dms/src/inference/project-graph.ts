import path from 'node:path';
import { readInputSync } from '@dms/files';
import { findSchemaProject, lookupAmong, mappingSetFile, parseMappingSet } from '@dms/operations';
import { compareOrdinal } from '@dms/values';
import {
  type CreateDependenciesContext,
  DependencyType,
  type ProjectConfiguration,
  type ProjectGraph,
  type ProjectsMetadata,
  type RawProjectGraphDependency,
} from 'nx/src/devkit-exports';
import { schemaProjectsOf } from '../schema-projects.ts';
import { plainDescription } from './mapping-set-project.ts';

/**
 * An edge from each mapping set to each of its schema projects. The edges are implicit, without a file: Nx keeps the
 * edges of a file until that file changes, so it would not notice a schema project that is added after the `dms.json`
 * that names it (design 10 §4.4). An entry without a project gives no edge; `derive-model` reports it.
 */
export function inferDependencies({
  projects,
  workspaceRoot,
}: Pick<CreateDependenciesContext, 'projects' | 'workspaceRoot'>): RawProjectGraphDependency[] {
  const schemaProjects = lookupAmong(schemaProjectsOf(projects));
  return Object.entries(projects)
    .filter(([, project]) => isMappingSet(project))
    .flatMap(([source, { root }]) => {
      const entries = readSchemaEntries(workspaceRoot, root);
      const targets = entries.flatMap((entry) => findSchemaProject(entry, root, schemaProjects)?.name ?? []);
      return [...new Set(targets)]
        .filter((target) => target !== source)
        .map((target) => ({ source, target, type: DependencyType.implicit as const }));
    });
}

function isMappingSet({ tags = [] }: Pick<ProjectConfiguration, 'tags'>): boolean {
  return tags.includes('dms:mapping-set');
}

function readSchemaEntries(workspaceRoot: string, root: string): readonly string[] {
  const file = path.posix.join(root, mappingSetFile);
  try {
    return parseMappingSet(readInputSync(path.join(workspaceRoot, file)), file).mappingSet.schemas;
  } catch {
    // An exception here stops every command of Nx. If a file was just removed, the task reports it.
    return [];
  }
}

/**
 * Describes each mapping set by its schemas, with their names in the finished graph. A description of a mistake or from
 * a `project.json` is kept.
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
