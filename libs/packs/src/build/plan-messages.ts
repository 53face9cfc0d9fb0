import type {
  KeyUnificationMember,
  KeyUnificationWritePlan,
  ResourceReadPlan,
  ResourceWritePlan,
  TableWritePlan,
  WriteValueSource,
} from '@dms/plans';
import * as format from '../wire/pack-format.ts';
import { columnMessage, nameMessage, optionalColumn, scalarTypeMessage, tableNameMessage } from './model-messages.ts';

/** Plans as a pack holds them (design 08 §12.3): full statements, no statement is an empty text. */

const noSource: format.WriteValueSource = {
  documentId: null,
  parentKeyPart: null,
  ordinal: null,
  scalar: null,
  documentReference: null,
  descriptorReference: null,
  precomputed: null,
};

function sourceMessage(source: WriteValueSource): format.WriteValueSource {
  switch (source.kind) {
    case 'document_id':
      return { ...noSource, documentId: {} };
    case 'parent_key_part':
      return { ...noSource, parentKeyPart: { index: source.index } };
    case 'ordinal':
      return { ...noSource, ordinal: {} };
    case 'scalar': {
      const scalar = { relativePath: source.relativePath.canonical, scalarType: scalarTypeMessage(source.scalarType) };
      return { ...noSource, scalar };
    }
    case 'document_reference':
      return { ...noSource, documentReference: { bindingIndex: source.bindingIndex } };
    case 'descriptor_reference': {
      const descriptorReference = {
        descriptorValuePath: source.descriptorValuePath?.canonical ?? '',
        relativePath: source.relativePath.canonical,
        descriptorResource: nameMessage(source.descriptorResource),
      };
      return { ...noSource, descriptorReference };
    }
    case 'precomputed':
      return { ...noSource, precomputed: {} };
  }
}

const memberMessage = (member: KeyUnificationMember): format.KeyUnificationMemberWritePlan => ({
  memberPathColumn: columnMessage(member.memberPathColumn),
  relativePath: member.relativePath.canonical,
  kind: member.kind === 'scalar' ? format.columnKind.scalar : format.columnKind.descriptorFk,
  scalarType: member.kind === 'scalar' ? scalarTypeMessage(member.scalarType) : null,
  descriptorResource: member.kind === 'descriptor' ? nameMessage(member.descriptorResource) : null,
  presenceColumn: optionalColumn(member.presenceColumn),
  presenceBindingIndex: member.presenceBindingIndex,
  presenceIsSynthetic: member.presenceIsSynthetic,
});

const unificationMessage = (plan: KeyUnificationWritePlan): format.KeyUnificationWritePlan => ({
  canonicalColumn: columnMessage(plan.canonicalColumn),
  canonicalBindingIndex: plan.canonicalBindingIndex,
  membersInOrder: plan.membersInOrder.map(memberMessage),
});

const tableWriteMessage = (plan: TableWritePlan): format.TableWritePlan => ({
  table: tableNameMessage(plan.tableModel.table),
  insertSql: plan.insertSql,
  updateSql: plan.updateSql ?? '',
  deleteByParentSql: plan.deleteByParentSql ?? '',
  bulkInsertBatching: plan.bulkInsertBatching,
  columnBindings: plan.columnBindings.map(({ column, source, parameterName }) => ({
    column: columnMessage(column.name),
    source: sourceMessage(source),
    parameterName,
  })),
  keyUnificationPlans: plan.keyUnificationPlans.map(unificationMessage),
});

export function writePlanMessage(plan: ResourceWritePlan): format.ResourceWritePlan {
  return { tablePlans: plan.tablePlansInDependencyOrder.map(tableWriteMessage) };
}

export function readPlanMessage(plan: ResourceReadPlan): format.ResourceReadPlan {
  return {
    tablePlans: plan.tablePlansInDependencyOrder.map(({ tableModel, selectByKeysetSql }) => ({
      table: tableNameMessage(tableModel.table),
      selectByKeysetSql,
    })),
    referenceIdentityProjectionTablePlans: plan.referenceIdentityProjectionPlansInDependencyOrder.map(
      ({ table, bindingsInOrder }) => ({
        table: tableNameMessage(table),
        bindingsInOrder: bindingsInOrder.map((binding) => ({
          isIdentityComponent: binding.isIdentityComponent,
          referenceObjectPath: binding.referenceObjectPath.canonical,
          targetResource: nameMessage(binding.targetResource),
          fkColumnOrdinal: binding.fkColumnOrdinal,
          identityFieldOrdinalsInOrder: binding.identityFieldOrdinalsInOrder.map(({ referenceJsonPath, columnOrdinal }) => ({
            referenceJsonPath: referenceJsonPath.canonical,
            columnOrdinal,
          })),
        })),
      }),
    ),
    descriptorProjectionPlans: plan.descriptorProjectionPlansInOrder.map(
      ({ selectByKeysetSql, resultShape, sourcesInOrder }) => ({
        selectByKeysetSql,
        resultShape,
        sourcesInOrder: sourcesInOrder.map((source) => ({
          descriptorValuePath: source.descriptorValuePath.canonical,
          table: tableNameMessage(source.table),
          descriptorResource: nameMessage(source.descriptorResource),
          descriptorIdColumnOrdinal: source.descriptorIdColumnOrdinal,
        })),
      }),
    ),
  };
}
