import { authSchema } from '@dms/model';

/** The table of the education organization hierarchy: who reaches whom (design 05 §5.4). */
export const authTable = { schema: authSchema, name: 'EducationOrganizationIdToEducationOrganizationId' };

export const authColumns = { source: 'SourceEducationOrganizationId', target: 'TargetEducationOrganizationId' };

export const hierarchyIndexName = `IX_${authTable.name}_Target`;
