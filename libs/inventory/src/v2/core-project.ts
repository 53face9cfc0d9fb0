import type { RelationalModelSet, ResourceModel } from '@dms/model';

/** Whether a project is the core of the data standard (design 15a). */
export const isCoreProject = (projectName: string) => projectName.toLowerCase() === 'ed-fi';

/** The resource with that name in the core project. */
export function coreResource({ resources }: RelationalModelSet, resourceName: string): ResourceModel | undefined {
  return resources.find(
    ({ resourceKey }) => resourceKey.resourceName === resourceName && isCoreProject(resourceKey.projectName),
  );
}
