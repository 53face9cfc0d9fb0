import type { Table } from '@dms/model';
import type {
  CollectionMergePlan,
  DocumentReferenceLookupPlan,
  KeyUnificationMember,
  KeyUnificationWritePlan,
  ReferenceSource,
  ResourceReadPlan,
  ResourceWritePlan,
  TableWritePlan,
  WriteValueSource,
} from '@dms/plans';
import type { PackRules } from '../pack-rules.ts';
import * as format from '../wire/pack-format.ts';
import { columnMessage, nameMessage, optionalColumn, scalarTypeMessage, tableNameMessage } from './model-messages.ts';

/** Plans in the form of a pack (design 08 §12.3), with full statements; an empty text means no statement. */

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

const referenceSourceMessage = (source: ReferenceSource): format.ReferenceSource => ({
  bindingIndex: source.bindingIndex,
  referenceObjectPath: source.referenceObjectPath.canonical,
  identityJsonPath: source.identityJsonPath.canonical,
  referenceJsonPath: source.referenceJsonPath.canonical,
});

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
    case 'reference_derived':
      return { ...noSource, referenceDerived: referenceSourceMessage(source.referenceSource) };
    case 'precomputed':
      return { ...noSource, precomputed: {} };
  }
}

/** The kind of the column; either kind is possible for a member whose value comes from a reference. */
function memberKind({ kind, memberPathColumn }: KeyUnificationMember, { columns }: Table): number {
  const { scalar, descriptorFk } = format.columnKind;
  if (kind !== 'reference_derived') return kind === 'scalar' ? scalar : descriptorFk;
  return columns.find(({ name }) => name === memberPathColumn)?.kind === 'DescriptorFk' ? descriptorFk : scalar;
}

const memberMessage = (member: KeyUnificationMember, table: Table): format.KeyUnificationMemberWritePlan => ({
  memberPathColumn: columnMessage(member.memberPathColumn),
  relativePath: member.relativePath.canonical,
  kind: memberKind(member, table),
  scalarType: member.kind === 'scalar' ? scalarTypeMessage(member.scalarType) : null,
  descriptorResource: member.kind === 'descriptor' ? nameMessage(member.descriptorResource) : null,
  presenceColumn: optionalColumn(member.presenceColumn),
  presenceBindingIndex: member.presenceBindingIndex,
  presenceIsSynthetic: member.presenceIsSynthetic,
  referenceSource: member.kind === 'reference_derived' ? referenceSourceMessage(member.referenceSource) : null,
});

const unificationMessage = (plan: KeyUnificationWritePlan, table: Table): format.KeyUnificationWritePlan => ({
  canonicalColumn: columnMessage(plan.canonicalColumn),
  canonicalBindingIndex: plan.canonicalBindingIndex,
  membersInOrder: plan.membersInOrder.map((member) => memberMessage(member, table)),
});

const mergeMessage = (plan: CollectionMergePlan): format.CollectionMergePlan => ({
  semanticIdentityBindings: plan.semanticIdentityBindings.map(({ relativePath, bindingIndex }) => ({
    relativePath: relativePath.canonical,
    bindingIndex,
  })),
  stableRowIdentityBindingIndex: plan.stableRowIdentityBindingIndex,
  updateByStableRowIdentitySql: plan.updateByStableRowIdentitySql,
  deleteByStableRowIdentitySql: plan.deleteByStableRowIdentitySql,
  ordinalBindingIndex: plan.ordinalBindingIndex,
  compareBindingIndexesInOrder: plan.compareBindingIndexesInOrder,
});

const tableWriteMessage = (plan: TableWritePlan): format.TableWritePlan => ({
  table: tableNameMessage(plan.tableModel.table),
  insertSql: plan.insertSql,
  updateSql: plan.updateSql ?? '',
  deleteByParentSql: plan.deleteByParentSql ?? '',
  bulkInsertBatching: plan.bulkInsertBatching,
  collectionMergePlan: plan.collectionMergePlan && mergeMessage(plan.collectionMergePlan),
  columnBindings: plan.columnBindings.map(({ column, source, parameterName }) => ({
    column: columnMessage(column.name),
    source: sourceMessage(source),
    parameterName,
  })),
  collectionKeyPreallocationPlan: plan.collectionKeyPreallocationPlan && {
    columnName: columnMessage(plan.collectionKeyPreallocationPlan.column),
    bindingIndex: plan.collectionKeyPreallocationPlan.bindingIndex,
  },
  keyUnificationPlans: plan.keyUnificationPlans.map((unification) => unificationMessage(unification, plan.tableModel)),
});

export function writePlanMessage(plan: ResourceWritePlan): format.ResourceWritePlan {
  return { tablePlans: plan.tablePlansInDependencyOrder.map(tableWriteMessage) };
}

const lookupMessage = (plan: DocumentReferenceLookupPlan): format.DocumentReferenceLookupPlan => ({
  selectByKeysetSql: plan.selectByKeysetSql,
  selectBySingleDocumentSql: plan.selectBySingleDocumentSql,
  resultShape: plan.resultShape,
  sourcesInOrder: plan.sourcesInOrder.map(({ table, fkColumn }) => ({
    table: tableNameMessage(table),
    fkColumn: columnMessage(fkColumn),
  })),
});

export function readPlanMessage(plan: ResourceReadPlan, { write }: PackRules): format.ResourceReadPlan {
  return {
    tablePlans: plan.tablePlansInDependencyOrder.map(({ tableModel, selectByKeysetSql, selectBySingleDocumentSql }) => ({
      table: tableNameMessage(tableModel.table),
      selectByKeysetSql,
      selectBySingleDocumentSql: selectBySingleDocumentSql ?? '',
    })),
    referenceIdentityProjectionTablePlans: plan.referenceIdentityProjectionPlansInDependencyOrder.map(
      ({ table, bindingsInOrder }) => ({
        table: tableNameMessage(table),
        bindingsInOrder: bindingsInOrder.map((binding) => ({
          isIdentityComponent: binding.isIdentityComponent,
          referenceObjectPath: binding.referenceObjectPath.canonical,
          targetResource: nameMessage(binding.targetResource),
          fkColumnOrdinal: binding.fkColumnOrdinal,
          identityFieldOrdinalsInOrder: binding.identityFieldOrdinalsInOrder.map((field) => ({
            referenceJsonPath: field.referenceJsonPath.canonical,
            columnOrdinal: field.columnOrdinal,
            scalarType: write.fieldType(field.scalarType),
          })),
        })),
      }),
    ),
    descriptorProjectionPlans: plan.descriptorProjectionPlansInOrder.map((projection) => ({
      selectByKeysetSql: projection.selectByKeysetSql,
      resultShape: projection.resultShape,
      sourcesInOrder: projection.sourcesInOrder.map((source) => ({
        descriptorValuePath: source.descriptorValuePath.canonical,
        table: tableNameMessage(source.table),
        descriptorResource: nameMessage(source.descriptorResource),
        descriptorIdColumnOrdinal: source.descriptorIdColumnOrdinal,
      })),
      selectBySingleDocumentSql: projection.selectBySingleDocumentSql ?? '',
    })),
    documentReferenceLookup: plan.documentReferenceLookup && lookupMessage(plan.documentReferenceLookup),
  };
}
