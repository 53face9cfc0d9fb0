import { authSchema } from '@dms/model';

/** Who reaches whom in the education organization hierarchy (design 05 §5.4). */
export const authTable = { schema: authSchema, name: 'EducationOrganizationIdToEducationOrganizationId' };

export const authColumns = { source: 'SourceEducationOrganizationId', target: 'TargetEducationOrganizationId' };

export const hierarchyIndexName = `IX_${authTable.name}_Target`;
