import { resourceLabel } from '@dms/api-schema';
import type { RelationalModelSet } from '@dms/model';
import type { Place } from '../kinds/change-rules.ts';
import type { ComparedSet } from './compared-set.ts';

/** The projects of a set by the schema that holds their tables. */
export const projectsBySchema = ({ projects }: Pick<RelationalModelSet, 'projects'>): ReadonlyMap<string, string> =>
  new Map(projects.map(({ physicalSchema, projectName }) => [physicalSchema, projectName]));

/** The project that declares the table of a path, if the path leads to a table of a project. */
export function declaringProject(
  [table = '']: readonly string[],
  projects: ReadonlyMap<string, string>,
): string | undefined {
  return table.includes(':') ? undefined : projects.get(table.slice(0, table.indexOf('.')));
}

/**
 * The owner of a change in the words of plans and reports: its resource, for a table of an extension with the project
 * that declares the table (design 09 §4.4).
 */
export function declaredOwners(
  before: Pick<ComparedSet, 'model'>,
  after: Pick<ComparedSet, 'model'>,
): (place: Pick<Place, 'owner' | 'path'>) => string {
  const projects = new Map([...projectsBySchema(before.model), ...projectsBySchema(after.model)]);
  return ({ owner, path }) => {
    const [project, resourceName] = owner.split(':');
    const projectName = declaringProject(path, projects);
    if (projectName === undefined || projectName === project || resourceName === undefined) return owner;
    return resourceLabel({ projectName, resourceName });
  };
}
