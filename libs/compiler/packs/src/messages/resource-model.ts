import { type ResourceKeyEntry, resourceLabel, rootPath } from '@dms/api-schema';
import {
  type Column,
  type ColumnStorage,
  constraintOrder,
  type DescriptorEdgeSource,
  type DocumentReferenceBinding,
  isWrittenByTriggers,
  type KeyedResource,
  type KeyUnificationDiagnostics,
  noSecurableElements,
  qualified,
  type ResourceModel,
  type Table,
  type TableConstraint,
} from '@dms/model';
import { hasProbes } from '@dms/plans';
import { expectPart, failInvariant, type PackPlace, required } from '../fail-pack.ts';
import type { PackRules, PayloadReader } from '../pack-rules.ts';
import type { PackMessage } from '../wire/message.ts';
import { actionTokens, columnKindTokens } from '../wire/tokens.ts';
import {
  columnName,
  columnNames,
  list,
  type MessageCodec,
  members,
  nameOf,
  optional,
  optionalColumnName,
  pathMember,
  resourceName,
  scalarType,
  tableName,
  token,
  tokenOf,
  unchanged,
} from './message-codec.ts';

/* Tables of a model, in its order; only constraints are sorted (design 08 §12.3). */

/** A table without the identity of its rows, which depends on the generation. */
type KeyedTable = KeyedResource['tablesInDependencyOrder'][number];

const stored: ColumnStorage = { kind: 'Stored' };

const aliasMessage = members({
  canonicalColumn: columnName('storage.unified_alias.canonical_column'),
  presenceColumn: optionalColumnName('storage.unified_alias.presence_column'),
});

const storageMessage: MessageCodec<ColumnStorage, PackMessage<'ColumnStorage'>> = {
  write: (storage) =>
    storage.kind === 'Stored'
      ? { stored: {}, unifiedAlias: null }
      : { stored: null, unifiedAlias: aliasMessage.write(storage) },
  read: (message, at, reader) =>
    message.stored
      ? stored
      : {
          kind: 'UnifiedAlias',
          ...aliasMessage.read(required(message.unifiedAlias, at, 'storage'), at, reader),
        },
};

const nameOfColumn = columnName('columns.column_name');

const typedColumn = members({
  scalarType: optional(scalarType('scalar_type')),
  isNullable: unchanged<boolean>(),
  targetResource: optional(resourceName('target_resource')),
});

const columnMessage: MessageCodec<Column, PackMessage<'DbColumnModel'>> = {
  write: (column) => ({
    columnName: nameOfColumn.write(column.name),
    kind: columnKindTokens.code(column.kind),
    sourceJsonPath: column.sourcePath?.canonical ?? '',
    storage: storageMessage.write(column.storage),
    identityText: column.identityText ?? false,
    ...typedColumn.write(column),
  }),
  read(message, table, reader) {
    const name = nameOfColumn.read(message.columnName, table, reader);
    const at = { ...table, part: name };
    const storage = storageMessage.read(required(message.storage, at, 'storage'), at, reader);
    const kind = tokenOf(reader.rules.columnKinds, message.kind, at, 'kind');
    const { sourceJsonPath: path, identityText } = message;
    const typed = typedColumn.read(message, at, reader);
    if (identityText)
      expectPart(at, 'identity_text', hasProbes(reader.version) && typed.scalarType?.kind === 'String', identityText);
    return {
      name,
      kind,
      sourcePath: path === '' ? null : reader.pathOf(path, at, 'source_json_path'),
      ...typed,
      storage,
      isWritable: storage.kind === 'Stored' && !isWrittenByTriggers(kind),
      ...(identityText && { identityText }),
    };
  },
};

const uniqueMessage = members({ columns: columnNames('columns') });

const foreignKeyMessage = members({
  columns: columnNames('columns'),
  targetTable: tableName('target_table'),
  targetColumns: columnNames('target_columns'),
  onDelete: token(actionTokens, 'on_delete'),
  onUpdate: token(actionTokens, 'on_update'),
});

const allOrNoneMessage = members({
  fkColumn: columnName('fk_column'),
  dependentColumns: columnNames('dependent_columns'),
});

const nullOrTrueMessage = members({ column: columnName('column') });

const constraintMessage: MessageCodec<TableConstraint, PackMessage<'TableConstraint'>> = {
  write(constraint) {
    const { name } = constraint;
    const none = { name, unique: null, foreignKey: null, allOrNoneNullability: null, nullOrTrue: null };
    switch (constraint.kind) {
      case 'Unique':
        return { ...none, unique: uniqueMessage.write(constraint) };
      case 'ForeignKey':
        return { ...none, foreignKey: foreignKeyMessage.write(constraint) };
      case 'AllOrNoneNullability':
        return { ...none, allOrNoneNullability: allOrNoneMessage.write(constraint) };
      case 'NullOrTrue':
        return { ...none, nullOrTrue: nullOrTrueMessage.write(constraint) };
    }
  },
  read({ name: given, unique, foreignKey, allOrNoneNullability, nullOrTrue }, table, reader) {
    const name = nameOf(given, table, 'constraints.name');
    const at = { ...table, part: name };
    if (unique) return { kind: 'Unique', name, ...uniqueMessage.read(unique, at, reader) };
    if (foreignKey)
      return { kind: 'ForeignKey', name, ...foreignKeyMessage.read(foreignKey, at, reader), deferrable: false };
    if (allOrNoneNullability)
      return { kind: 'AllOrNoneNullability', name, ...allOrNoneMessage.read(allOrNoneNullability, at, reader) };
    return { kind: 'NullOrTrue', name, ...nullOrTrueMessage.read(required(nullOrTrue, at, 'kind'), at, reader) };
  },
};

const nameOfTable = tableName('tables_in_dependency_order.table');
const keyColumnName = columnName('key.columns.column_name');
const columnList = list(columnMessage);
const constraintList = list(constraintMessage);

const classList = list(
  members({
    canonicalColumn: columnName('key_unification_classes.canonical_column'),
    memberPathColumns: columnNames('key_unification_classes.member_path_columns'),
  }),
);

const tableMessage = {
  write: (table: Table, rules: PackRules): PackMessage<'DbTableModel'> => ({
    table: nameOfTable.write(table.table),
    jsonScope: table.jsonScope.canonical,
    isJsonArrayScopeRequired: false,
    key: {
      columns: table.key.columns.map(({ name, kind }) => ({
        columnName: keyColumnName.write(name),
        kind: columnKindTokens.code(kind),
      })),
      constraintName: table.key.constraintName,
    },
    columns: columnList.write(table.columns),
    constraints: constraintList.write(table.constraints.toSorted(constraintOrder)),
    keyUnificationClasses: classList.write(table.keyUnificationClasses),
    identity: rules.identityMessage(table),
  }),
  read(message: PackMessage<'DbTableModel'>, resource: PackPlace, reader: PayloadReader): KeyedTable {
    const table = nameOfTable.read(message.table, resource, reader);
    const at = { ...resource, table: qualified(table) };
    const key = required(message.key, at, 'key');
    if (message.isJsonArrayScopeRequired) failInvariant(at, 'is_json_array_scope_required', false, true);
    const { columnKinds, keyColumn } = reader.rules;
    return {
      table,
      jsonScope: reader.pathOf(message.jsonScope, at, 'json_scope'),
      key: {
        constraintName: key.constraintName,
        columns: key.columns.map(({ columnName: given, kind }, index) => {
          const name = keyColumnName.read(given, at, reader);
          return keyColumn(name, columnKinds.token(kind), index, { ...at, part: name });
        }),
      },
      columns: columnList.read(message.columns, at, reader),
      constraints: constraintList.read(message.constraints, at, reader),
      keyUnificationClasses: classList.read(message.keyUnificationClasses, at, reader),
    };
  },
} as const;

/* The model of a resource (design 08 §12.3). */

type KeyedBinding = KeyedResource['documentReferenceBindings'][number];
type KeyedEdge = KeyedResource['descriptorEdgeSources'][number];

const identityBinding = members({
  referenceJsonPath: pathMember('reference_json_path'),
  column: columnName('identity_bindings.column'),
});

const keyedReference = members({
  isIdentityComponent: unchanged<boolean>(),
  referenceObjectPath: pathMember('reference_object_path'),
  table: tableName('table'),
  fkColumn: columnName('fk_column'),
  targetResource: resourceName('target_resource'),
});

const referenceMessage = {
  write: (binding: DocumentReferenceBinding, rules: PackRules): PackMessage<'DocumentReferenceBinding'> => ({
    ...keyedReference.write(binding),
    identityBindings: binding.identityBindings.map(identityBinding.write),
    ...rules.roles(binding),
  }),
  read(message: PackMessage<'DocumentReferenceBinding'>, resource: PackPlace, reader: PayloadReader): KeyedBinding {
    const { canonical } = reader.pathOf(message.referenceObjectPath, resource, 'reference_object_path');
    const at = { ...resource, part: canonical };
    return {
      ...keyedReference.read(message, at, reader),
      identityBindings: message.identityBindings.map((each) => ({
        identityJsonPath: rootPath,
        ...identityBinding.read(each, at, reader),
      })),
    };
  },
} as const;

const keyedEdge = members({
  isIdentityComponent: unchanged<boolean>(),
  descriptorValuePath: pathMember('descriptor_value_path'),
  table: tableName('table'),
  fkColumn: columnName('fk_column'),
  descriptorResource: resourceName('descriptor_resource'),
});

const edgeMessage = {
  write: (edge: DescriptorEdgeSource, rules: PackRules): PackMessage<'DescriptorEdgeSource'> => ({
    ...keyedEdge.write(edge),
    ...rules.roles(edge),
  }),
  read(message: PackMessage<'DescriptorEdgeSource'>, resource: PackPlace, reader: PayloadReader): KeyedEdge {
    const { canonical } = reader.pathOf(message.descriptorValuePath, resource, 'descriptor_value_path');
    return keyedEdge.read(message, { ...resource, part: canonical }, reader);
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

/** The model of a descriptor resource, which has no tables of its own. */
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

const nameOfResource = resourceName('relational_model.resource');

/** The model of a resource with tables of its own. */
export const resourceModelMessage = {
  write(resource: ResourceModel, rules: PackRules): PackMessage<'RelationalResourceModel'> {
    const tables = resource.tablesInDependencyOrder.map((table) => tableMessage.write(table, rules));
    return {
      resource: nameOfResource.write(resource.resourceKey),
      physicalSchema: resource.physicalSchema,
      root: tables.find(({ jsonScope }) => jsonScope === '$') ?? null,
      tablesInDependencyOrder: tables,
      documentReferenceBindings: resource.documentReferenceBindings.map((each) => referenceMessage.write(each, rules)),
      descriptorEdgeSources: resource.descriptorEdgeSources.map((each) => edgeMessage.write(each, rules)),
    };
  },
  read(
    message: PackMessage<'RelationalResourceModel'>,
    resourceKey: ResourceKeyEntry,
    at: PackPlace,
    reader: PayloadReader,
  ): ResourceModel {
    const label = resourceLabel(nameOfResource.read(message.resource, at, reader));
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
    return reader.rules.completeModel(keyed, message, at, reader);
  },
} as const;
