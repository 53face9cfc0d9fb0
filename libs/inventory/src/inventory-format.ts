import { artifactFields } from '@dms/model';
import * as z from 'zod/mini';

const { columnMappings, dialect, jsonPath, scalarType, tableName } = artifactFields;

const text = z.string();
const texts = z.array(z.string());

const entity = z.object({
  entityName: text,
  table: tableName,
  identityColumn: text,
  parentFks: z.array(z.object({ denormalizedParentIdColumn: text })),
});

const identityBlock = {
  resourceKeyId: z.int(),
  projectName: text,
  resourceName: text,
  identityElements: z.array(z.object({ column: text, identityJsonPath: jsonPath, scalarType, isDescriptor: z.boolean() })),
};

const common = { name: text, table: tableName, keyColumns: texts, identityProjectionColumns: texts };

const trigger = z.discriminatedUnion('kind', [
  z.object({ ...common, kind: z.literal('DocumentStamping') }),
  z.object({
    ...common,
    kind: z.literal('ReferentialIdentityMaintenance'),
    ...identityBlock,
    superclassAlias: z.nullable(z.object(identityBlock)),
  }),
  z.object({
    ...common,
    kind: z.literal('AbstractIdentityMaintenance'),
    targetTable: tableName,
    targetColumnMappings: columnMappings,
    discriminatorValue: text,
  }),
  z.object({
    ...common,
    kind: z.literal('IdentityPropagationFallback'),
    referrerUpdates: z.array(
      z.object({ referrerTable: tableName, referrerFkColumn: text, targetColumnMappings: columnMappings }),
    ),
  }),
  z.object({
    ...common,
    kind: z.literal('AuthHierarchyMaintenance'),
    entity,
    triggerEvent: z.enum(['Insert', 'Update', 'Delete']),
  }),
]);

/** The shape of `inventory.<dialect>.json` (design 05 §8.1). */
export const inventoryFile = z.object({
  inventoryFormat: z.literal(1),
  dialect,
  indexes: z.array(
    z.object({
      name: text,
      table: tableName,
      kind: z.enum(['PrimaryKey', 'UniqueConstraint', 'ForeignKeySupport', 'Explicit']),
      isUnique: z.boolean(),
      keyColumns: texts,
      includeColumns: texts,
    }),
  ),
  triggers: z.array(trigger),
  authEdOrgHierarchy: z.nullable(z.object({ entities: z.array(entity) })),
});
