import {
  type Column,
  type ColumnStorage,
  constraintOrder,
  type DbTableName,
  type DescriptorEdgeSource,
  type DocumentReferenceBinding,
  type QualifiedResourceName,
  type ResourceModel,
  type ScalarType,
  type Table,
  type TableConstraint,
} from '@dms/model';
import type { PackRules } from '../pack-rules.ts';
import type * as format from '../wire/pack-format.ts';
import { actionTokens, columnKindTokens, scalarKindTokens } from '../wire/tokens.ts';

/** The model of a resource in the form of a pack (design 08 §12.3): in the order of the model, except for constraints. */

export const nameMessage = ({ projectName, resourceName }: QualifiedResourceName): format.QualifiedResourceName => ({
  projectName,
  resourceName,
});

export const tableNameMessage = ({ schema, name }: DbTableName): format.DbTableName => ({ schema, name });

export const columnMessage = (value: string): format.DbColumnName => ({ value });

export const optionalColumn = (name: string | null) => (name === null ? null : columnMessage(name));

export const scalarTypeMessage = ({ kind, maxLength, decimal }: ScalarType): format.RelationalScalarType => ({
  kind: scalarKindTokens.code(kind),
  stringMaxLength: maxLength ?? 0,
  decimalPrecision: decimal?.precision ?? 0,
  decimalScale: decimal?.scale ?? 0,
});

const storageMessage = (storage: ColumnStorage): format.ColumnStorage =>
  storage.kind === 'Stored'
    ? { stored: {}, unifiedAlias: null }
    : {
        stored: null,
        unifiedAlias: {
          canonicalColumn: columnMessage(storage.canonicalColumn),
          presenceColumn: optionalColumn(storage.presenceColumn),
        },
      };

const columnModelMessage = (column: Column): format.DbColumnModel => ({
  columnName: columnMessage(column.name),
  kind: columnKindTokens.code(column.kind),
  isNullable: column.isNullable,
  scalarType: column.scalarType && scalarTypeMessage(column.scalarType),
  sourceJsonPath: column.sourcePath?.canonical ?? '',
  targetResource: column.targetResource && nameMessage(column.targetResource),
  storage: storageMessage(column.storage),
});

function constraintMessage(constraint: TableConstraint): format.TableConstraint {
  const none = { unique: null, foreignKey: null, allOrNoneNullability: null, nullOrTrue: null };
  const { name } = constraint;
  switch (constraint.kind) {
    case 'Unique':
      return { ...none, name, unique: { columns: constraint.columns.map(columnMessage) } };
    case 'ForeignKey':
      return {
        ...none,
        name,
        foreignKey: {
          columns: constraint.columns.map(columnMessage),
          targetTable: tableNameMessage(constraint.targetTable),
          targetColumns: constraint.targetColumns.map(columnMessage),
          onDelete: actionTokens.code(constraint.onDelete),
          onUpdate: actionTokens.code(constraint.onUpdate),
        },
      };
    case 'AllOrNoneNullability':
      return {
        ...none,
        name,
        allOrNoneNullability: {
          fkColumn: columnMessage(constraint.fkColumn),
          dependentColumns: constraint.dependentColumns.map(columnMessage),
        },
      };
    case 'NullOrTrue':
      return { ...none, name, nullOrTrue: { column: columnMessage(constraint.column) } };
  }
}

const tableMessage = (table: Table, { write }: PackRules): format.DbTableModel => ({
  table: tableNameMessage(table.table),
  jsonScope: table.jsonScope.canonical,
  isJsonArrayScopeRequired: false,
  key: {
    columns: table.key.columns.map(({ name, kind }) => ({
      columnName: columnMessage(name),
      kind: columnKindTokens.code(kind),
    })),
    constraintName: table.key.constraintName,
  },
  columns: table.columns.map(columnModelMessage),
  constraints: table.constraints.toSorted(constraintOrder).map(constraintMessage),
  keyUnificationClasses: table.keyUnificationClasses.map(({ canonicalColumn, memberPathColumns }) => ({
    canonicalColumn: columnMessage(canonicalColumn),
    memberPathColumns: memberPathColumns.map(columnMessage),
  })),
  identity: write.identity(table),
});

const referenceMessage = (binding: DocumentReferenceBinding, { write }: PackRules): format.DocumentReferenceBinding => ({
  isIdentityComponent: binding.isIdentityComponent,
  referenceObjectPath: binding.referenceObjectPath.canonical,
  table: tableNameMessage(binding.table),
  fkColumn: columnMessage(binding.fkColumn),
  targetResource: nameMessage(binding.targetResource),
  identityBindings: binding.identityBindings.map(({ referenceJsonPath, column }) => ({
    referenceJsonPath: referenceJsonPath.canonical,
    column: columnMessage(column),
  })),
  ...write.roles(binding),
});

const edgeMessage = (edge: DescriptorEdgeSource, { write }: PackRules): format.DescriptorEdgeSource => ({
  isIdentityComponent: edge.isIdentityComponent,
  descriptorValuePath: edge.descriptorValuePath.canonical,
  table: tableNameMessage(edge.table),
  fkColumn: columnMessage(edge.fkColumn),
  descriptorResource: nameMessage(edge.descriptorResource),
  ...write.roles(edge),
});

/** The model of a resource with tables of its own. */
export function modelMessage(resource: ResourceModel, rules: PackRules): format.RelationalResourceModel {
  const tables = resource.tablesInDependencyOrder.map((table) => tableMessage(table, rules));
  return {
    resource: nameMessage(resource.resourceKey),
    physicalSchema: resource.physicalSchema,
    root: tables.find(({ jsonScope }) => jsonScope === '$') ?? null,
    tablesInDependencyOrder: tables,
    documentReferenceBindings: resource.documentReferenceBindings.map((binding) => referenceMessage(binding, rules)),
    descriptorEdgeSources: resource.descriptorEdgeSources.map((edge) => edgeMessage(edge, rules)),
  };
}
