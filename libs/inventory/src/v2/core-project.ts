import type { RelationalModelSet, ResourceModel } from '@dms/model';

/** Whether a project is the core of the data standard (design 15a). */
export const isCoreProject = (projectName: string) => projectName.toLowerCase() === 'ed-fi';

/** The associations by which people belong to education organizations (design 15a §1). */
export const associationNames = [
  'StudentSchoolAssociation',
  'StudentContactAssociation',
  'StaffEducationOrganizationAssignmentAssociation',
  'StaffEducationOrganizationEmploymentAssociation',
  'StudentEducationOrganizationResponsibilityAssociation',
] as const;

/** Whether the core has all of them, and so views by which a server authorizes requests (design 15a §5). */
export const hasAllAssociations = (model: RelationalModelSet): boolean =>
  associationNames.every((name) => coreResource(model, name) !== undefined);

/** The resource with that name in the core project. */
export function coreResource({ resources }: RelationalModelSet, resourceName: string): ResourceModel | undefined {
  return resources.find(
    ({ resourceKey }) => resourceKey.resourceName === resourceName && isCoreProject(resourceKey.projectName),
  );
}
