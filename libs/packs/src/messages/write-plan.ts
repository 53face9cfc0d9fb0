import { rootPath } from '@dms/api-schema';
import type { Table } from '@dms/model';
import type {
  CollectionKeyPreallocationPlan,
  CollectionMergePlan,
  KeyUnificationMember,
  KeyUnificationWritePlan,
  ReferenceSource,
  ResourceWritePlan,
  TableWritePlan,
  WriteColumnBinding,
  WriteValueSource,
} from '@dms/plans';
import { type LoadedModel, perTable } from '../check-resource.ts';
import { failInvariant, type PackPlace, required } from '../fail-pack.ts';
import { existingColumn, type LoadedTable } from '../pack-rules.ts';
import * as format from '../wire/pack-format.ts';
import type { PathReader } from './path-reader.ts';
import {
  columnNameMessage,
  optionalColumnName,
  optionalStatement,
  resourceNameMessage,
  scalarTypeMessage,
  statementOf,
  tableNameMessage,
} from './payload-reader.ts';

/* The write plan of a resource (design 08 §12.3, 17 §6). */

const mergePlanMessage = {
  write: (plan: CollectionMergePlan): format.CollectionMergePlan => ({
    semanticIdentityBindings: plan.semanticIdentityBindings.map((binding) => ({
      relativePath: binding.relativePath.canonical,
      bindingIndex: binding.bindingIndex,
    })),
    stableRowIdentityBindingIndex: plan.stableRowIdentityBindingIndex,
    updateByStableRowIdentitySql: plan.updateByStableRowIdentitySql,
    deleteByStableRowIdentitySql: plan.deleteByStableRowIdentitySql,
    ordinalBindingIndex: plan.ordinalBindingIndex,
    compareBindingIndexesInOrder: plan.compareBindingIndexesInOrder,
  }),
  read(message: format.CollectionMergePlan, at: PackPlace, pathOf: PathReader): CollectionMergePlan {
    const updateSql = statementOf(message.updateByStableRowIdentitySql, at, 'update_by_stable_row_identity_sql');
    const deleteSql = statementOf(message.deleteByStableRowIdentitySql, at, 'delete_by_stable_row_identity_sql');
    return {
      semanticIdentityBindings: message.semanticIdentityBindings.map((binding) => ({
        relativePath: relativePath(binding.relativePath, at, pathOf),
        bindingIndex: binding.bindingIndex,
      })),
      stableRowIdentityBindingIndex: message.stableRowIdentityBindingIndex,
      ordinalBindingIndex: message.ordinalBindingIndex,
      updateByStableRowIdentitySql: updateSql,
      deleteByStableRowIdentitySql: deleteSql,
      compareBindingIndexesInOrder: message.compareBindingIndexesInOrder,
    };
  },
} as const;

const preallocationMessage = {
  write: ({ column, bindingIndex }: CollectionKeyPreallocationPlan): format.CollectionKeyPreallocationPlan => ({
    columnName: columnNameMessage.write(column),
    bindingIndex,
  }),
  read: (
    { columnName, bindingIndex }: format.CollectionKeyPreallocationPlan,
    at: PackPlace,
  ): CollectionKeyPreallocationPlan => ({
    column: columnNameMessage.read(columnName, at, 'collection_key_preallocation_plan.column_name'),
    bindingIndex,
  }),
} as const;

const bindingMessage = {
  write: ({ column, source, parameterName }: WriteColumnBinding): format.WriteColumnBinding => ({
    column: columnNameMessage.write(column.name),
    source: valueSourceMessage.write(source),
    parameterName,
  }),
  read(message: format.WriteColumnBinding, table: LoadedTable, pathOf: PathReader): WriteColumnBinding {
    const { at } = table;
    const name = columnNameMessage.read(message.column, at, 'column_bindings.column');
    return {
      column: existingColumn(table, name, 'column_bindings.column'),
      source: valueSourceMessage.read(required(message.source, at, 'column_bindings.source'), at, pathOf),
      parameterName: message.parameterName,
    };
  },
} as const;

const tableWritePlanMessage = {
  write: (plan: TableWritePlan): format.TableWritePlan => ({
    table: tableNameMessage.write(plan.tableModel.table),
    insertSql: plan.insertSql,
    updateSql: optionalStatement.write(plan.updateSql),
    deleteByParentSql: optionalStatement.write(plan.deleteByParentSql),
    bulkInsertBatching: plan.bulkInsertBatching,
    collectionMergePlan: plan.collectionMergePlan && mergePlanMessage.write(plan.collectionMergePlan),
    columnBindings: plan.columnBindings.map(bindingMessage.write),
    collectionKeyPreallocationPlan:
      plan.collectionKeyPreallocationPlan && preallocationMessage.write(plan.collectionKeyPreallocationPlan),
    keyUnificationPlans: plan.keyUnificationPlans.map((each) => unificationPlanMessage.write(each, plan.tableModel)),
  }),
  read(message: format.TableWritePlan, table: LoadedTable, pathOf: PathReader): TableWritePlan {
    const { at } = table;
    const batching = required(message.bulkInsertBatching, at, 'bulk_insert_batching');
    const { maxRowsPerBatch, parametersPerRow, maxParametersPerCommand } = batching;
    const { collectionMergePlan: merge, collectionKeyPreallocationPlan: preallocation } = message;
    return {
      tableModel: table.model,
      keyUnificationPlans: message.keyUnificationPlans.map((each) => unificationPlanMessage.read(each, at, pathOf)),
      insertSql: statementOf(message.insertSql, at, 'insert_sql'),
      updateSql: optionalStatement.read(message.updateSql),
      deleteByParentSql: optionalStatement.read(message.deleteByParentSql),
      collectionMergePlan: merge && mergePlanMessage.read(merge, at, pathOf),
      collectionKeyPreallocationPlan: preallocation && preallocationMessage.read(preallocation, at),
      bulkInsertBatching: { maxRowsPerBatch, parametersPerRow, maxParametersPerCommand },
      columnBindings: message.columnBindings.map((each) => bindingMessage.read(each, table, pathOf)),
    };
  },
} as const;

export const writePlanMessage = {
  write: (plan: ResourceWritePlan): format.ResourceWritePlan => ({
    tablePlans: plan.tablePlansInDependencyOrder.map(tableWritePlanMessage.write),
  }),
  read(message: format.ResourceWritePlan, loaded: LoadedModel, pathOf: PathReader): ResourceWritePlan {
    const tablePlans = perTable(loaded, message.tablePlans, 'write_plan.table_plans', (plan, table) =>
      tableWritePlanMessage.read(plan, table, pathOf),
    );
    return { model: loaded.model, tablePlansInDependencyOrder: tablePlans };
  },
} as const;

/* How the one value of several members is written (design 08 §12.3). */

const { scalar, descriptorFk } = format.columnKind;

/** The kind of the column; either kind is possible for a member whose value comes from a reference. */
function memberKind({ kind, memberPathColumn }: KeyUnificationMember, { columns }: Table): number {
  if (kind !== 'reference_derived') return kind === 'scalar' ? scalar : descriptorFk;
  return columns.find(({ name }) => name === memberPathColumn)?.kind === 'DescriptorFk' ? descriptorFk : scalar;
}

const memberMessage = {
  write: (member: KeyUnificationMember, table: Table): format.KeyUnificationMemberWritePlan => ({
    memberPathColumn: columnNameMessage.write(member.memberPathColumn),
    relativePath: member.relativePath.canonical,
    kind: memberKind(member, table),
    scalarType: member.kind === 'scalar' ? scalarTypeMessage.write(member.scalarType) : null,
    descriptorResource: member.kind === 'descriptor' ? resourceNameMessage.write(member.descriptorResource) : null,
    presenceColumn: optionalColumnName.write(member.presenceColumn),
    presenceBindingIndex: member.presenceBindingIndex,
    presenceIsSynthetic: member.presenceIsSynthetic,
    referenceSource: member.kind === 'reference_derived' ? referenceSourceMessage.write(member.referenceSource) : null,
  }),
  read(message: format.KeyUnificationMemberWritePlan, at: PackPlace, pathOf: PathReader): KeyUnificationMember {
    const { presenceBindingIndex, presenceIsSynthetic } = message;
    const common = {
      memberPathColumn: columnNameMessage.read(message.memberPathColumn, at, 'members_in_order.member_path_column'),
      relativePath: relativePath(message.relativePath, at, pathOf),
      presenceColumn: optionalColumnName.read(message.presenceColumn, at, 'members_in_order.presence_column'),
      presenceBindingIndex,
      presenceIsSynthetic,
    };
    if (message.referenceSource) {
      const referenceSource = referenceSourceMessage.read(message.referenceSource, at, pathOf);
      return { kind: 'reference_derived', ...common, referenceSource };
    }
    if (message.kind === scalar) {
      const type = required(message.scalarType, at, `scalar_type of the member ${common.memberPathColumn}`);
      return { kind: 'scalar', ...common, scalarType: scalarTypeMessage.read(type, at) };
    }
    if (message.kind !== descriptorFk) {
      failInvariant(at, `kind of the member ${common.memberPathColumn}`, 'SCALAR or DESCRIPTOR_FK', message.kind);
    }
    const what = `descriptor_resource of the member ${common.memberPathColumn}`;
    const descriptorResource = resourceNameMessage.read(message.descriptorResource, at, what);
    return { kind: 'descriptor', ...common, descriptorResource };
  },
} as const;

const unificationPlanMessage = {
  write: (plan: KeyUnificationWritePlan, table: Table): format.KeyUnificationWritePlan => ({
    canonicalColumn: columnNameMessage.write(plan.canonicalColumn),
    canonicalBindingIndex: plan.canonicalBindingIndex,
    membersInOrder: plan.membersInOrder.map((member) => memberMessage.write(member, table)),
  }),
  read: (message: format.KeyUnificationWritePlan, at: PackPlace, pathOf: PathReader): KeyUnificationWritePlan => ({
    canonicalColumn: columnNameMessage.read(message.canonicalColumn, at, 'key_unification_plans.canonical_column'),
    canonicalBindingIndex: message.canonicalBindingIndex,
    membersInOrder: message.membersInOrder.map((member) => memberMessage.read(member, at, pathOf)),
  }),
} as const;

/* Where the value of a column comes from (design 08 §12.3). */

/** `$` is the value at the scope itself; an empty path means the same. */
function relativePath(text: string, at: PackPlace, pathOf: PathReader) {
  return text === '' ? rootPath : pathOf(text, at, 'relative_path');
}

const referenceSourceMessage = {
  write: (source: ReferenceSource): format.ReferenceSource => ({
    bindingIndex: source.bindingIndex,
    referenceObjectPath: source.referenceObjectPath.canonical,
    identityJsonPath: source.identityJsonPath.canonical,
    referenceJsonPath: source.referenceJsonPath.canonical,
  }),
  read: (message: format.ReferenceSource, at: PackPlace, pathOf: PathReader): ReferenceSource => ({
    bindingIndex: message.bindingIndex,
    referenceObjectPath: pathOf(message.referenceObjectPath, at, 'reference_source.reference_object_path'),
    identityJsonPath: pathOf(message.identityJsonPath, at, 'reference_source.identity_json_path'),
    referenceJsonPath: pathOf(message.referenceJsonPath, at, 'reference_source.reference_json_path'),
  }),
} as const;

const noSource: format.WriteValueSource = {
  documentId: null,
  parentKeyPart: null,
  ordinal: null,
  scalar: null,
  documentReference: null,
  descriptorReference: null,
  precomputed: null,
  referenceDerived: null,
};

const valueSourceMessage = {
  write(source: WriteValueSource): format.WriteValueSource {
    switch (source.kind) {
      case 'document_id':
        return { ...noSource, documentId: {} };
      case 'parent_key_part':
        return { ...noSource, parentKeyPart: { index: source.index } };
      case 'ordinal':
        return { ...noSource, ordinal: {} };
      case 'scalar': {
        const scalarType = scalarTypeMessage.write(source.scalarType);
        return { ...noSource, scalar: { relativePath: source.relativePath.canonical, scalarType } };
      }
      case 'document_reference':
        return { ...noSource, documentReference: { bindingIndex: source.bindingIndex } };
      case 'descriptor_reference': {
        const descriptorReference = {
          descriptorValuePath: source.descriptorValuePath?.canonical ?? '',
          relativePath: source.relativePath.canonical,
          descriptorResource: resourceNameMessage.write(source.descriptorResource),
        };
        return { ...noSource, descriptorReference };
      }
      case 'reference_derived':
        return { ...noSource, referenceDerived: referenceSourceMessage.write(source.referenceSource) };
      case 'precomputed':
        return { ...noSource, precomputed: {} };
    }
  },
  read(message: format.WriteValueSource, at: PackPlace, pathOf: PathReader): WriteValueSource {
    const { documentId, parentKeyPart, ordinal, scalar, documentReference, precomputed, referenceDerived } = message;
    if (documentId) return { kind: 'document_id' };
    if (parentKeyPart) return { kind: 'parent_key_part', index: parentKeyPart.index };
    if (ordinal) return { kind: 'ordinal' };
    if (documentReference) return { kind: 'document_reference', bindingIndex: documentReference.bindingIndex };
    if (precomputed) return { kind: 'precomputed' };
    if (referenceDerived) {
      return { kind: 'reference_derived', referenceSource: referenceSourceMessage.read(referenceDerived, at, pathOf) };
    }
    if (scalar) {
      return {
        kind: 'scalar',
        relativePath: relativePath(scalar.relativePath, at, pathOf),
        scalarType: scalarTypeMessage.read(required(scalar.scalarType, at, 'source.scalar.scalar_type'), at),
      };
    }
    const descriptor = required(message.descriptorReference, at, 'source.kind');
    const what = 'source.descriptor_reference.descriptor_resource';
    const { descriptorValuePath } = descriptor;
    return {
      kind: 'descriptor_reference',
      descriptorResource: resourceNameMessage.read(descriptor.descriptorResource, at, what),
      relativePath: relativePath(descriptor.relativePath, at, pathOf),
      descriptorValuePath: descriptorValuePath === '' ? null : pathOf(descriptorValuePath, at, 'descriptor_value_path'),
    };
  },
} as const;
