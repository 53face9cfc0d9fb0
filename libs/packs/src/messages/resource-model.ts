import { type ResourceKeyEntry, resourceLabel, rootPath } from '@dms/api-schema';
import {
  type Column,
  type ColumnStorage,
  constraintOrder,
  type DescriptorEdgeSource,
  type DocumentReferenceBinding,
  isMirroredKind,
  type KeyedResource,
  type KeyUnificationDiagnostics,
  noSecurableElements,
  qualified,
  type ResourceModel,
  type Table,
  type TableConstraint,
} from '@dms/model';
import { failInvariant, type PackPlace, required } from '../fail-pack.ts';
import type { PackRules } from '../pack-rules.ts';
import type * as format from '../wire/pack-format.ts';
import { actionTokens, columnKindTokens } from '../wire/tokens.ts';
import {
  columnNameMessage,
  columnNames,
  nameOf,
  optionalColumnName,
  type PayloadReader,
  resourceNameMessage,
  scalarTypeMessage,
  tableNameMessage,
  tokenOf,
} from './payload-reader.ts';

/* Tables of a model: in its order, except for constraints (design 08 §12.3). */

/** A table before a generation says what identifies its rows. */
type KeyedTable = KeyedResource['tablesInDependencyOrder'][number];

const stored: ColumnStorage = { kind: 'Stored' };

const storageMessage = {
  write: (storage: ColumnStorage): format.ColumnStorage =>
    storage.kind === 'Stored'
      ? { stored: {}, unifiedAlias: null }
      : {
          stored: null,
          unifiedAlias: {
            canonicalColumn: columnNameMessage.write(storage.canonicalColumn),
            presenceColumn: optionalColumnName.write(storage.presenceColumn),
          },
        },
  read(message: format.ColumnStorage, at: PackPlace): ColumnStorage {
    if (message.stored) return stored;
    const { canonicalColumn, presenceColumn } = required(message.unifiedAlias, at, 'storage');
    return {
      kind: 'UnifiedAlias',
      canonicalColumn: columnNameMessage.read(canonicalColumn, at, 'storage.unified_alias.canonical_column'),
      presenceColumn: optionalColumnName.read(presenceColumn, at, 'storage.unified_alias.presence_column'),
    };
  },
} as const;

const columnMessage = {
  write: (column: Column): format.DbColumnModel => ({
    columnName: columnNameMessage.write(column.name),
    kind: columnKindTokens.code(column.kind),
    isNullable: column.isNullable,
    scalarType: column.scalarType && scalarTypeMessage.write(column.scalarType),
    sourceJsonPath: column.sourcePath?.canonical ?? '',
    targetResource: column.targetResource && resourceNameMessage.write(column.targetResource),
    storage: storageMessage.write(column.storage),
  }),
  read(message: format.DbColumnModel, table: PackPlace, { rules, pathOf }: PayloadReader): Column {
    const name = columnNameMessage.read(message.columnName, table, 'columns.column_name');
    const at = { ...table, part: name };
    const storage = storageMessage.read(required(message.storage, at, 'storage'), at);
    const kind = tokenOf(rules.columnKinds, message.kind, at, 'kind');
    return {
      name,
      kind,
      scalarType: message.scalarType && scalarTypeMessage.read(message.scalarType, at),
      isNullable: message.isNullable,
      sourcePath: message.sourceJsonPath === '' ? null : pathOf(message.sourceJsonPath, at, 'source_json_path'),
      targetResource: message.targetResource && resourceNameMessage.read(message.targetResource, at, 'target_resource'),
      storage,
      isWritable: storage.kind === 'Stored' && !isMirroredKind(kind),
    };
  },
} as const;

const constraintMessage = {
  write(constraint: TableConstraint): format.TableConstraint {
    const none = { unique: null, foreignKey: null, allOrNoneNullability: null, nullOrTrue: null };
    const { name } = constraint;
    switch (constraint.kind) {
      case 'Unique':
        return { ...none, name, unique: { columns: columnNames.write(constraint.columns) } };
      case 'ForeignKey': {
        const foreignKey = {
          columns: columnNames.write(constraint.columns),
          targetTable: tableNameMessage.write(constraint.targetTable),
          targetColumns: columnNames.write(constraint.targetColumns),
          onDelete: actionTokens.code(constraint.onDelete),
          onUpdate: actionTokens.code(constraint.onUpdate),
        };
        return { ...none, name, foreignKey };
      }
      case 'AllOrNoneNullability': {
        const allOrNoneNullability = {
          fkColumn: columnNameMessage.write(constraint.fkColumn),
          dependentColumns: columnNames.write(constraint.dependentColumns),
        };
        return { ...none, name, allOrNoneNullability };
      }
      case 'NullOrTrue':
        return { ...none, name, nullOrTrue: { column: columnNameMessage.write(constraint.column) } };
    }
  },
  read(message: format.TableConstraint, table: PackPlace): TableConstraint {
    const { unique, foreignKey, allOrNoneNullability, nullOrTrue } = message;
    const name = nameOf(message.name, table, 'constraints.name');
    const at = { ...table, part: name };
    if (unique) return { kind: 'Unique', name, columns: columnNames.read(unique.columns, at, 'columns') };
    if (foreignKey) {
      return {
        kind: 'ForeignKey',
        name,
        columns: columnNames.read(foreignKey.columns, at, 'columns'),
        targetTable: tableNameMessage.read(foreignKey.targetTable, at, 'target_table'),
        targetColumns: columnNames.read(foreignKey.targetColumns, at, 'target_columns'),
        onDelete: tokenOf(actionTokens, foreignKey.onDelete, at, 'on_delete'),
        onUpdate: tokenOf(actionTokens, foreignKey.onUpdate, at, 'on_update'),
        deferrable: false,
      };
    }
    if (allOrNoneNullability) {
      return {
        kind: 'AllOrNoneNullability',
        name,
        fkColumn: columnNameMessage.read(allOrNoneNullability.fkColumn, at, 'fk_column'),
        dependentColumns: columnNames.read(allOrNoneNullability.dependentColumns, at, 'dependent_columns'),
      };
    }
    const { column } = required(nullOrTrue, at, 'kind');
    return { kind: 'NullOrTrue', name, column: columnNameMessage.read(column, at, 'column') };
  },
} as const;

const tableMessage = {
  write: (table: Table, { identityMessage }: PackRules): format.DbTableModel => ({
    table: tableNameMessage.write(table.table),
    jsonScope: table.jsonScope.canonical,
    isJsonArrayScopeRequired: false,
    key: {
      columns: table.key.columns.map(({ name, kind }) => ({
        columnName: columnNameMessage.write(name),
        kind: columnKindTokens.code(kind),
      })),
      constraintName: table.key.constraintName,
    },
    columns: table.columns.map(columnMessage.write),
    constraints: table.constraints.toSorted(constraintOrder).map(constraintMessage.write),
    keyUnificationClasses: table.keyUnificationClasses.map(({ canonicalColumn, memberPathColumns }) => ({
      canonicalColumn: columnNameMessage.write(canonicalColumn),
      memberPathColumns: columnNames.write(memberPathColumns),
    })),
    identity: identityMessage(table),
  }),
  read(message: format.DbTableModel, resource: PackPlace, reader: PayloadReader): KeyedTable {
    const table = tableNameMessage.read(message.table, resource, 'tables_in_dependency_order.table');
    const at = { ...resource, table: qualified(table) };
    const key = required(message.key, at, 'key');
    if (message.isJsonArrayScopeRequired) failInvariant(at, 'is_json_array_scope_required', false, true);
    const { columnKinds, keyColumn } = reader.rules;
    return {
      table,
      jsonScope: reader.pathOf(message.jsonScope, at, 'json_scope'),
      key: {
        constraintName: key.constraintName,
        columns: key.columns.map(({ columnName, kind }, index) => {
          const name = columnNameMessage.read(columnName, at, 'key.columns.column_name');
          return keyColumn(name, columnKinds.token(kind), index, { ...at, part: name });
        }),
      },
      columns: message.columns.map((column) => columnMessage.read(column, at, reader)),
      constraints: message.constraints.map((constraint) => constraintMessage.read(constraint, at)),
      keyUnificationClasses: message.keyUnificationClasses.map(({ canonicalColumn, memberPathColumns }) => ({
        canonicalColumn: columnNameMessage.read(canonicalColumn, at, 'key_unification_classes.canonical_column'),
        memberPathColumns: columnNames.read(memberPathColumns, at, 'key_unification_classes.member_path_columns'),
      })),
    };
  },
} as const;

/* The model of a resource (design 08 §12.3). */

type KeyedBinding = KeyedResource['documentReferenceBindings'][number];
type KeyedEdge = KeyedResource['descriptorEdgeSources'][number];

const referenceMessage = {
  write: (binding: DocumentReferenceBinding, { roles }: PackRules): format.DocumentReferenceBinding => ({
    isIdentityComponent: binding.isIdentityComponent,
    referenceObjectPath: binding.referenceObjectPath.canonical,
    table: tableNameMessage.write(binding.table),
    fkColumn: columnNameMessage.write(binding.fkColumn),
    targetResource: resourceNameMessage.write(binding.targetResource),
    identityBindings: binding.identityBindings.map(({ referenceJsonPath, column }) => ({
      referenceJsonPath: referenceJsonPath.canonical,
      column: columnNameMessage.write(column),
    })),
    ...roles(binding),
  }),
  read(message: format.DocumentReferenceBinding, resource: PackPlace, { pathOf }: PayloadReader): KeyedBinding {
    const referenceObjectPath = pathOf(message.referenceObjectPath, resource, 'reference_object_path');
    const at = { ...resource, part: referenceObjectPath.canonical };
    return {
      isIdentityComponent: message.isIdentityComponent,
      referenceObjectPath,
      table: tableNameMessage.read(message.table, at, 'table'),
      fkColumn: columnNameMessage.read(message.fkColumn, at, 'fk_column'),
      targetResource: resourceNameMessage.read(message.targetResource, at, 'target_resource'),
      identityBindings: message.identityBindings.map(({ referenceJsonPath, column }) => ({
        identityJsonPath: rootPath,
        referenceJsonPath: pathOf(referenceJsonPath, at, 'reference_json_path'),
        column: columnNameMessage.read(column, at, 'identity_bindings.column'),
      })),
    };
  },
} as const;

const edgeMessage = {
  write: (edge: DescriptorEdgeSource, { roles }: PackRules): format.DescriptorEdgeSource => ({
    isIdentityComponent: edge.isIdentityComponent,
    descriptorValuePath: edge.descriptorValuePath.canonical,
    table: tableNameMessage.write(edge.table),
    fkColumn: columnNameMessage.write(edge.fkColumn),
    descriptorResource: resourceNameMessage.write(edge.descriptorResource),
    ...roles(edge),
  }),
  read(message: format.DescriptorEdgeSource, resource: PackPlace, { pathOf }: PayloadReader): KeyedEdge {
    const descriptorValuePath = pathOf(message.descriptorValuePath, resource, 'descriptor_value_path');
    const at = { ...resource, part: descriptorValuePath.canonical };
    return {
      isIdentityComponent: message.isIdentityComponent,
      descriptorValuePath,
      table: tableNameMessage.read(message.table, at, 'table'),
      fkColumn: columnNameMessage.read(message.fkColumn, at, 'fk_column'),
      descriptorResource: resourceNameMessage.read(message.descriptorResource, at, 'descriptor_resource'),
    };
  },
} as const;

const noDiagnostics: KeyUnificationDiagnostics = {
  applied: [],
  redundant: [],
  ignored: [],
  ignoredByReason: [],
  skipped: [],
};

/** The members of a resource that a model has and a pack omits (design 08 §12.3). */
const notCarried = {
  naturalKey: { columns: [] },
  identityElements: [],
  superclass: null,
  descriptorFkDeduplications: [],
  decimalPrecisionFallbacks: [],
  keyUnificationDiagnostics: noDiagnostics,
  extensionSites: [],
  descriptorMetadata: null,
} as const satisfies Partial<KeyedResource>;

/** The members of a resource that plans do not need, although a generation may have them. */
export const notCarriedOfQueries = {
  securableElements: noSecurableElements,
  queryFieldMapping: [],
  descriptorTexts: null,
} as const satisfies Partial<ResourceModel>;

/** A descriptor resource, which has no tables of its own. */
export function descriptorModel(resourceKey: ResourceKeyEntry, physicalSchema: string): ResourceModel {
  return {
    resourceKey,
    physicalSchema,
    storageKind: 'SharedDescriptorTable',
    tablesInDependencyOrder: [],
    documentReferenceBindings: [],
    descriptorEdgeSources: [],
    ...notCarried,
    ...notCarriedOfQueries,
  };
}

/** The model of a resource with tables of its own. */
export const resourceModelMessage = {
  write(resource: ResourceModel, rules: PackRules): format.RelationalResourceModel {
    const tables = resource.tablesInDependencyOrder.map((table) => tableMessage.write(table, rules));
    return {
      resource: resourceNameMessage.write(resource.resourceKey),
      physicalSchema: resource.physicalSchema,
      root: tables.find(({ jsonScope }) => jsonScope === '$') ?? null,
      tablesInDependencyOrder: tables,
      documentReferenceBindings: resource.documentReferenceBindings.map((each) => referenceMessage.write(each, rules)),
      descriptorEdgeSources: resource.descriptorEdgeSources.map((each) => edgeMessage.write(each, rules)),
    };
  },
  read(
    message: format.RelationalResourceModel,
    resourceKey: ResourceKeyEntry,
    at: PackPlace,
    reader: PayloadReader,
  ): ResourceModel {
    const label = resourceLabel(resourceNameMessage.read(message.resource, at, 'relational_model.resource'));
    if (label !== resourceLabel(resourceKey)) {
      failInvariant(at, 'relational_model.resource', resourceLabel(resourceKey), label);
    }
    const keyed: KeyedResource = {
      resourceKey,
      physicalSchema: nameOf(message.physicalSchema, at, 'relational_model.physical_schema'),
      storageKind: 'RelationalTables',
      tablesInDependencyOrder: message.tablesInDependencyOrder.map((table) => tableMessage.read(table, at, reader)),
      documentReferenceBindings: message.documentReferenceBindings.map((each) =>
        referenceMessage.read(each, at, reader),
      ),
      descriptorEdgeSources: message.descriptorEdgeSources.map((each) => edgeMessage.read(each, at, reader)),
      ...notCarried,
    };
    return reader.rules.completeModel(keyed, message, at, reader.pathOf);
  },
} as const;
