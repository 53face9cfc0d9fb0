import { artifactFields } from '@dms/model';
import * as z from 'zod/mini';

const { columnMappings, dialect, jsonPath, scalarType, tableName } = artifactFields;

/* The shapes of `inventory.<dialect>.json` (design 05 §8.1, 15 §11), with the members of all generations. */

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

export const stampingTrigger = z.object({
  ...common,
  kind: z.literal('DocumentStamping'),
  mirrorStampTargetTable: z.nullable(tableName),
  changeTracking: z.nullable(z.object({ trackedChangeTable: tableName })),
});

export const otherTriggers = [
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
] as const;

const trigger = z.discriminatedUnion('kind', [stampingTrigger, ...otherTriggers]);

const index = z.object({
  name: text,
  table: tableName,
  kind: z.enum(['PrimaryKey', 'UniqueConstraint', 'ForeignKeySupport', 'Explicit', 'Authorization']),
  isUnique: z.boolean(),
  keyColumns: texts,
  includeColumns: texts,
});

const resourceName = z.object({ projectName: text, resourceName: text });

const trackedChangeTable = z.object({
  table: tableName,
  kind: z.enum(['Resource', 'ConcreteAbstract', 'SharedDescriptor']),
  sourceTable: tableName,
  primaryKeyName: text,
  createdAtDefaultName: text,
  valueColumns: z.array(
    z.object({
      oldColumn: text,
      newColumn: text,
      sourceJsonPath: jsonPath,
      canonicalStorageColumn: z.nullable(text),
      isOldColumnNullable: z.boolean(),
      isNewColumnNullable: z.boolean(),
      scalarType,
      role: z.enum(['Scalar', 'DescriptorNamespace', 'DescriptorCodeValue', 'PersonDocumentId']),
      origins: z.array(z.enum(['Identity', 'SecurableElement'])),
      sourceColumn: z.nullable(text),
      descriptorJoinName: z.nullable(text),
      personJoinName: z.nullable(text),
    }),
  ),
  systemColumns: z.array(
    z.object({
      role: z.enum(['Discriminator', 'Id', 'ChangeVersion', 'CreatedAt']),
      column: text,
      scalarType: z.nullable(scalarType),
      isPrimaryKey: z.boolean(),
    }),
  ),
  descriptorJoins: z.array(z.object({ name: text, sourceColumn: text, descriptorResource: resourceName })),
  personJoins: z.array(
    z.object({
      name: text,
      personKind: z.enum(['Student', 'Contact', 'Staff']),
      joinPath: z.array(z.object({ sourceTable: tableName, sourceColumn: text, targetTable: tableName, targetColumn: text })),
    }),
  ),
});

const authView = z.object({
  view: tableName,
  includesDeletes: z.boolean(),
  armsSetOperator: z.enum(['NONE', 'UNION', 'UNION_ALL']),
  arms: z.array(
    z.object({
      source: z.object({ alias: text, table: tableName }),
      outputColumns: z.array(z.object({ alias: text, column: text, outputName: z.nullable(text) })),
      joins: z.array(
        z.object({
          alias: text,
          table: tableName,
          on: z.array(z.object({ leftAlias: text, leftColumn: text, rightAlias: text, rightColumn: text })),
        }),
      ),
    }),
  ),
});

/** All members of an inventory except the format number. */
export const inventoryFile = z.object({
  dialect,
  indexes: z.array(index),
  triggers: z.array(trigger),
  trackedChangeTables: z.array(trackedChangeTable),
  authEdOrgHierarchy: z.nullable(z.object({ entities: z.array(entity) })),
  authViews: z.array(authView),
});
