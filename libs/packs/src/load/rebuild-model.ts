import { type MappingVersion, type ResourceKeyEntry, resourceLabel, rootPath } from '@dms/api-schema';
import {
  type Column,
  type ColumnStorage,
  type DbTableName,
  isMirroredKind,
  type KeyedResource,
  type KeyUnificationDiagnostics,
  noSecurableElements,
  type QualifiedResourceName,
  qualified,
  type ResourceModel,
  type ScalarType,
  type TableConstraint,
} from '@dms/model';
import type { PackRules } from '../pack-rules.ts';
import { type PackPlace, refuseInvariant, required } from '../refusal.ts';
import type * as format from '../wire/pack-format.ts';
import { actionTokens, scalarKindTokens, type Tokens } from '../wire/tokens.ts';
import type { PathReader } from './path-reader.ts';

type KeyedTable = KeyedResource['tablesInDependencyOrder'][number];
type KeyedBinding = KeyedResource['documentReferenceBindings'][number];
type KeyedEdge = KeyedResource['descriptorEdgeSources'][number];

/**
 * Converts the messages of a payload to the objects of a model, in their order (design 08 §12.5, step 7). A missing part, or
 * one that this version does not know, is `PACK_INVARIANT`; whether the parts fit each other is not checked here.
 */

/** The context of reading a payload. */
export interface PayloadReader {
  readonly version: MappingVersion;
  readonly rules: PackRules;
  readonly pathOf: PathReader;
}

export function tokenOf<Token extends string>(tokens: Tokens<Token>, code: number, at: PackPlace, what: string): Token {
  return tokens.token(code) ?? refuseInvariant(at, what, 'a known value', code);
}

/** A non-empty name: the default value of protobuf means an absent name. */
export function nameOf(name: string | undefined, at: PackPlace, what: string): string {
  return name ? name : refuseInvariant(at, what, 'a name', 'none');
}

export function tableNameOf(message: format.DbTableName | null, at: PackPlace, what: string): DbTableName {
  return { schema: nameOf(message?.schema, at, what), name: nameOf(message?.name, at, what) };
}

export function resourceNameOf(
  message: format.QualifiedResourceName | null,
  at: PackPlace,
  what: string,
): QualifiedResourceName {
  return { projectName: nameOf(message?.projectName, at, what), resourceName: nameOf(message?.resourceName, at, what) };
}

export function columnNameOf(message: format.DbColumnName | null, at: PackPlace, what: string): string {
  return nameOf(message?.value, at, what);
}

export const columnNamesOf = (messages: readonly format.DbColumnName[], at: PackPlace, what: string) =>
  messages.map((message) => columnNameOf(message, at, what));

/** 0 means that a length or precision is not given. */
export function scalarTypeOf(message: format.RelationalScalarType, at: PackPlace): ScalarType {
  const kind = tokenOf(scalarKindTokens, message.kind, at, 'scalar_type.kind');
  const { stringMaxLength, decimalPrecision: precision, decimalScale: scale } = message;
  return {
    kind,
    maxLength: stringMaxLength === 0 ? null : stringMaxLength,
    decimal: precision === 0 ? null : { precision, scale },
  };
}

const stored: ColumnStorage = { kind: 'Stored' };

function storageOf(message: format.ColumnStorage, at: PackPlace): ColumnStorage {
  if (message.stored) return stored;
  const { canonicalColumn, presenceColumn } = required(message.unifiedAlias, at, 'storage');
  return {
    kind: 'UnifiedAlias',
    canonicalColumn: columnNameOf(canonicalColumn, at, 'storage.unified_alias.canonical_column'),
    presenceColumn: presenceColumn && columnNameOf(presenceColumn, at, 'storage.unified_alias.presence_column'),
  };
}

function columnOf(message: format.DbColumnModel, table: PackPlace, { rules, pathOf }: PayloadReader): Column {
  const name = columnNameOf(message.columnName, table, 'columns.column_name');
  const at = { ...table, part: name };
  const storage = storageOf(required(message.storage, at, 'storage'), at);
  const kind = tokenOf(rules.columnKinds, message.kind, at, 'kind');
  return {
    name,
    kind,
    scalarType: message.scalarType && scalarTypeOf(message.scalarType, at),
    isNullable: message.isNullable,
    sourcePath: message.sourceJsonPath === '' ? null : pathOf(message.sourceJsonPath, at, 'source_json_path'),
    targetResource: message.targetResource && resourceNameOf(message.targetResource, at, 'target_resource'),
    storage,
    isWritable: storage.kind === 'Stored' && !isMirroredKind(kind),
  };
}

function constraintOf(message: format.TableConstraint, table: PackPlace): TableConstraint {
  const { unique, foreignKey, allOrNoneNullability, nullOrTrue } = message;
  const name = nameOf(message.name, table, 'constraints.name');
  const at = { ...table, part: name };
  if (unique) return { kind: 'Unique', name, columns: columnNamesOf(unique.columns, at, 'columns') };
  if (foreignKey) {
    return {
      kind: 'ForeignKey',
      name,
      columns: columnNamesOf(foreignKey.columns, at, 'columns'),
      targetTable: tableNameOf(foreignKey.targetTable, at, 'target_table'),
      targetColumns: columnNamesOf(foreignKey.targetColumns, at, 'target_columns'),
      onDelete: tokenOf(actionTokens, foreignKey.onDelete, at, 'on_delete'),
      onUpdate: tokenOf(actionTokens, foreignKey.onUpdate, at, 'on_update'),
      deferrable: false,
    };
  }
  if (allOrNoneNullability) {
    return {
      kind: 'AllOrNoneNullability',
      name,
      fkColumn: columnNameOf(allOrNoneNullability.fkColumn, at, 'fk_column'),
      dependentColumns: columnNamesOf(allOrNoneNullability.dependentColumns, at, 'dependent_columns'),
    };
  }
  const { column } = required(nullOrTrue, at, 'kind');
  return { kind: 'NullOrTrue', name, column: columnNameOf(column, at, 'column') };
}

function tableOf(message: format.DbTableModel, resource: PackPlace, reader: PayloadReader): KeyedTable {
  const table = tableNameOf(message.table, resource, 'tables_in_dependency_order.table');
  const at = { ...resource, table: qualified(table) };
  const key = required(message.key, at, 'key');
  if (message.isJsonArrayScopeRequired) refuseInvariant(at, 'is_json_array_scope_required', false, true);
  return {
    table,
    jsonScope: reader.pathOf(message.jsonScope, at, 'json_scope'),
    key: {
      constraintName: key.constraintName,
      columns: key.columns.map(({ columnName, kind }, index) => {
        const name = columnNameOf(columnName, at, 'key.columns.column_name');
        return reader.rules.read.keyColumn(name, reader.rules.columnKinds.token(kind), index, { ...at, part: name });
      }),
    },
    columns: message.columns.map((column) => columnOf(column, at, reader)),
    constraints: message.constraints.map((constraint) => constraintOf(constraint, at)),
    keyUnificationClasses: message.keyUnificationClasses.map(({ canonicalColumn, memberPathColumns }) => ({
      canonicalColumn: columnNameOf(canonicalColumn, at, 'key_unification_classes.canonical_column'),
      memberPathColumns: columnNamesOf(memberPathColumns, at, 'key_unification_classes.member_path_columns'),
    })),
  };
}

function referenceOf(message: format.DocumentReferenceBinding, resource: PackPlace, pathOf: PathReader): KeyedBinding {
  const referenceObjectPath = pathOf(message.referenceObjectPath, resource, 'reference_object_path');
  const at = { ...resource, part: referenceObjectPath.canonical };
  return {
    isIdentityComponent: message.isIdentityComponent,
    referenceObjectPath,
    table: tableNameOf(message.table, at, 'table'),
    fkColumn: columnNameOf(message.fkColumn, at, 'fk_column'),
    targetResource: resourceNameOf(message.targetResource, at, 'target_resource'),
    identityBindings: message.identityBindings.map(({ referenceJsonPath, column }) => ({
      identityJsonPath: rootPath,
      referenceJsonPath: pathOf(referenceJsonPath, at, 'reference_json_path'),
      column: columnNameOf(column, at, 'identity_bindings.column'),
    })),
  };
}

function edgeOf(message: format.DescriptorEdgeSource, resource: PackPlace, pathOf: PathReader): KeyedEdge {
  const descriptorValuePath = pathOf(message.descriptorValuePath, resource, 'descriptor_value_path');
  const at = { ...resource, part: descriptorValuePath.canonical };
  return {
    isIdentityComponent: message.isIdentityComponent,
    descriptorValuePath,
    table: tableNameOf(message.table, at, 'table'),
    fkColumn: columnNameOf(message.fkColumn, at, 'fk_column'),
    descriptorResource: resourceNameOf(message.descriptorResource, at, 'descriptor_resource'),
  };
}

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
export function relationalModel(
  resourceKey: ResourceKeyEntry,
  message: format.RelationalResourceModel,
  at: PackPlace,
  reader: PayloadReader,
): ResourceModel {
  const { pathOf } = reader;
  const label = resourceLabel(resourceNameOf(message.resource, at, 'relational_model.resource'));
  if (label !== resourceLabel(resourceKey)) {
    refuseInvariant(at, 'relational_model.resource', resourceLabel(resourceKey), label);
  }
  const keyed: KeyedResource = {
    resourceKey,
    physicalSchema: nameOf(message.physicalSchema, at, 'relational_model.physical_schema'),
    storageKind: 'RelationalTables',
    tablesInDependencyOrder: message.tablesInDependencyOrder.map((table) => tableOf(table, at, reader)),
    documentReferenceBindings: message.documentReferenceBindings.map((binding) => referenceOf(binding, at, pathOf)),
    descriptorEdgeSources: message.descriptorEdgeSources.map((edge) => edgeOf(edge, at, pathOf)),
    ...notCarried,
  };
  return reader.rules.read.completeModel(keyed, message, at, pathOf);
}
