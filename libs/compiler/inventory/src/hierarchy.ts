import { authSchema, type DatabaseShape, type DbTableName, shapes } from '@dms/model';
import * as z from 'zod/mini';

/** The table of the education organization hierarchy: which organization reaches which (design 05 §5.4). */
export const authTable = { schema: authSchema, name: 'EducationOrganizationIdToEducationOrganizationId' };

export const authColumns = { source: 'SourceEducationOrganizationId', target: 'TargetEducationOrganizationId' };

export const hierarchyIndexName = `IX_${authTable.name}_Target`;

// the shapes are functions, so that the page, which needs the name of the table, does not load the file reading code

export const authEdOrgEntity = () =>
  z.object({
    entityName: z.string(),
    table: shapes.tableName,
    identityColumn: z.string(),
    parentFks: z.array(z.object({ denormalizedParentIdColumn: z.string() })),
  });

export type AuthEdOrgEntity = DatabaseShape<ReturnType<typeof authEdOrgEntity>>;

export const authEdOrgHierarchy = () => z.object({ entities: z.array(authEdOrgEntity()) });

export type AuthEdOrgHierarchy = DatabaseShape<ReturnType<typeof authEdOrgHierarchy>>;

/** Columns in an inventory, with their table. */
export type NamedColumns = readonly [table: DbTableName, columns: readonly string[]];

export const entityColumns = ({ table, identityColumn, parentFks }: AuthEdOrgEntity): NamedColumns => [
  table,
  [identityColumn, ...parentFks.map(({ denormalizedParentIdColumn }) => denormalizedParentIdColumn)],
];
