import * as z from 'zod/mini';
import { columnMappings, dialect, jsonPath, scalarType, tableName } from './artifact-fields.ts';

/*
 * The shapes of `relational-model.<dialect>.json` (design 02 §15, §15.1; 15 §11), with the members of all generations. The
 * folder of a generation says which of them its file has.
 */

const text = z.string();
const texts = z.array(z.string());
const integer = z.int();
const resourceName = z.object({ projectName: text, resourceName: text });
const columnBinding = z.object({ table: tableName, column: text });
const action = z.enum(['NoAction', 'Cascade']);
const columnKind = z.enum([
  'Scalar',
  'DocumentFk',
  'DescriptorFk',
  'Ordinal',
  'ParentKeyPart',
  'CollectionKey',
  'MirroredContentVersion',
  'MirroredContentLastModifiedAt',
]);
const keyColumnRole = z.enum(['DocumentId', 'CollectionItemId', 'ParentOrdinal', 'Ordinal']);

const resourceKey = z.object({
  id: integer,
  projectName: text,
  resourceName: text,
  resourceVersion: text,
  isAbstract: z.boolean(),
});

const column = z.object({
  name: text,
  kind: columnKind,
  scalarType: z.nullable(scalarType),
  isNullable: z.boolean(),
  sourcePath: z.nullable(jsonPath),
  targetResource: z.nullable(resourceName),
  storage: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('Stored') }),
    z.object({ kind: z.literal('UnifiedAlias'), canonicalColumn: text, presenceColumn: z.nullable(text) }),
  ]),
  isWritable: z.boolean(),
});

const constraint = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('Unique'), name: text, columns: texts }),
  z.object({
    kind: z.literal('ForeignKey'),
    name: text,
    columns: texts,
    targetTable: tableName,
    targetColumns: texts,
    onDelete: action,
    onUpdate: action,
    deferrable: z.union([z.boolean(), z.literal('InitiallyImmediate')]),
  }),
  z.object({ kind: z.literal('AllOrNoneNullability'), name: text, fkColumn: text, dependentColumns: texts }),
  z.object({ kind: z.literal('NullOrTrue'), name: text, column: text }),
]);

const identity = z.object({
  tableKind: z.enum(['Unspecified', 'Root', 'Collection', 'RootExtension', 'CollectionExtensionScope', 'ExtensionCollection']),
  rowIdentity: texts,
  rootLocator: texts,
  parentLocator: texts,
  semanticIdentity: z.array(z.object({ relativePath: jsonPath, column: text })),
  semanticIdentitySource: z.enum(['Unspecified', 'ArrayUniquenessConstraint', 'ReferenceFallback']),
});

export const table = z.object({
  table: tableName,
  jsonScope: jsonPath,
  key: z.object({ constraintName: text, columns: z.array(z.object({ name: text, kind: columnKind, role: keyColumnRole })) }),
  identity,
  columns: z.array(column),
  constraints: z.array(constraint),
  keyUnificationClasses: z.array(z.object({ canonicalColumn: text, memberPathColumns: texts })),
});

const keyUnificationDiagnostics = z.object({
  applied: z.array(
    z.object({
      endpointAPath: jsonPath,
      endpointBPath: jsonPath,
      table: tableName,
      endpointAColumn: text,
      endpointBColumn: text,
      canonicalColumn: text,
    }),
  ),
  redundant: z.array(z.object({ endpointAPath: jsonPath, endpointBPath: jsonPath, binding: columnBinding })),
  ignored: z.array(
    z.object({
      endpointAPath: jsonPath,
      endpointBPath: jsonPath,
      reason: z.literal('cross_table'),
      endpointABinding: columnBinding,
      endpointBBinding: columnBinding,
    }),
  ),
  ignoredByReason: z.array(z.object({ reason: z.literal('cross_table'), count: integer })),
  skipped: z.array(
    z.object({ sourcePath: jsonPath, targetPath: jsonPath, unresolvedEndpoint: z.enum(['source', 'target', 'both']) }),
  ),
});

export const referenceBinding = z.object({
  isIdentityComponent: z.boolean(),
  isRequired: z.boolean(),
  isRoleNamed: z.boolean(),
  referenceObjectPath: jsonPath,
  table: tableName,
  fkColumn: text,
  targetResource: resourceName,
  identityBindings: z.array(z.object({ identityJsonPath: jsonPath, referenceJsonPath: jsonPath, column: text })),
});

export const descriptorEdge = z.object({
  isIdentityComponent: z.boolean(),
  isRequired: z.boolean(),
  isRoleNamed: z.boolean(),
  descriptorValuePath: jsonPath,
  table: tableName,
  fkColumn: text,
  descriptorResource: resourceName,
});

const jsonPaths = z.array(jsonPath);

export const resource = z.object({
  resourceKey,
  physicalSchema: text,
  storageKind: z.enum(['RelationalTables', 'SharedDescriptorTable']),
  tablesInDependencyOrder: z.array(table),
  naturalKey: z.object({ columns: texts }),
  identityJsonPaths: z.array(jsonPath),
  superclass: z.nullable(z.object({ resource: resourceName, identityJsonPath: z.nullable(jsonPath) })),
  documentReferenceBindings: z.array(referenceBinding),
  descriptorEdgeSources: z.array(descriptorEdge),
  descriptorFkDeduplications: z.array(z.object({ table: tableName, storageColumn: text, bindingColumns: texts })),
  decimalPrecisionFallbacks: z.array(z.object({ sourcePath: jsonPath, reason: z.enum(['missing', 'incomplete']) })),
  keyUnificationDiagnostics,
  extensionSites: z.array(z.object({ owningScope: jsonPath, extensionPath: jsonPath, projectKeys: texts })),
  descriptorMetadata: z.nullable(
    z.object({
      columns: z.object({
        namespace: text,
        codeValue: text,
        shortDescription: z.nullable(text),
        description: z.nullable(text),
        effectiveBeginDate: z.nullable(text),
        effectiveEndDate: z.nullable(text),
        discriminator: z.nullable(text),
      }),
      discriminatorStrategy: z.literal('resourceKeyId'),
    }),
  ),
  securableElements: z.object({
    educationOrganization: z.array(z.object({ jsonPath, metaEdName: text })),
    namespace: jsonPaths,
    student: jsonPaths,
    contact: jsonPaths,
    staff: jsonPaths,
  }),
  queryFieldMapping: z.array(z.object({ field: text, paths: z.array(z.object({ path: jsonPath, type: text })) })),
  descriptorTexts: z.nullable(z.object({ namespace: scalarType, codeValue: scalarType })),
});

export const abstractIdentityTable = z.object({ resourceKey, table });

export const unionViewColumn = z.object({
  name: text,
  scalarType,
  sourcePath: z.nullable(jsonPath),
  targetResource: z.nullable(resourceName),
  isDescriptorReference: z.boolean(),
});

export const unionView = z.object({
  resourceKey,
  view: tableName,
  outputColumns: z.array(unionViewColumn),
  unionArms: z.array(
    z.object({
      concreteMember: resourceKey,
      fromTable: tableName,
      projections: z.array(
        z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('SourceColumn'), column: text }),
          z.object({ kind: z.literal('StringLiteral'), value: text }),
        ]),
      ),
    }),
  ),
});

/** All members except the format number and those that generations write differently. */
export const modelFile = z.object({
  dialect,
  projects: z.array(
    z.object({
      projectEndpointName: text,
      projectName: text,
      projectVersion: text,
      isExtensionProject: z.boolean(),
      physicalSchema: text,
    }),
  ),
  resources: z.array(resource),
  abstractIdentityTables: z.array(abstractIdentityTable),
  abstractUnionViews: z.array(unionView),
  propagationFallbacks: z.array(
    z.object({ targetTable: tableName, receiverTable: tableName, receiverFkColumn: text, columnMappings }),
  ),
  shortenedNames: z.array(
    z.object({
      kind: z.enum(['schema', 'table', 'column']),
      schema: z.nullable(text),
      table: z.nullable(text),
      name: text,
      fullName: text,
    }),
  ),
});
