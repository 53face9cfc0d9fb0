import { type JsonPath, rootPath } from '@dms/api-schema';
import type { Table } from '@dms/model';
import type {
  CollectionKeyPreallocationPlan,
  KeyUnificationMember,
  KeyUnificationWritePlan,
  ResourceWritePlan,
  TableWritePlan,
  WriteColumnBinding,
  WriteValueSource,
} from '@dms/plans';
import { type LoadedModel, perTable } from '../check-resource.ts';
import { failInvariant, type PackPlace, required } from '../fail-pack.ts';
import { existingColumn, type LoadedTable, type PayloadReader } from '../pack-rules.ts';
import type { PackMessage } from '../wire/message.ts';
import * as format from '../wire/pack-format.ts';
import {
  columnName,
  list,
  type MessageCodec,
  members,
  optional,
  optionalColumnName,
  optionalStatement,
  pathMember,
  resourceName,
  scalarType,
  statement,
  tableName,
  unchanged,
} from './message-codec.ts';

/* The write plan of a resource (design 08 §12.3, 17 §6). */

/** `$` is the value at the scope itself; an empty path means the same. */
const relativePath: MessageCodec<JsonPath, string> = {
  write: ({ canonical }) => canonical,
  read: (text, at, { pathOf }) => (text === '' ? rootPath : pathOf(text, at, 'relative_path')),
};

const mergePlanMessage = members({
  semanticIdentityBindings: list(members({ relativePath, bindingIndex: unchanged<number>() })),
  stableRowIdentityBindingIndex: unchanged<number>(),
  ordinalBindingIndex: unchanged<number>(),
  updateByStableRowIdentitySql: statement('update_by_stable_row_identity_sql'),
  deleteByStableRowIdentitySql: statement('delete_by_stable_row_identity_sql'),
  compareBindingIndexesInOrder: unchanged<readonly number[]>(),
});

const preallocatedColumn = columnName('collection_key_preallocation_plan.column_name');

const preallocationMessage: MessageCodec<
  CollectionKeyPreallocationPlan,
  PackMessage<'CollectionKeyPreallocationPlan'>
> = {
  write: ({ column, bindingIndex }) => ({ columnName: preallocatedColumn.write(column), bindingIndex }),
  read: ({ columnName: name, bindingIndex }, at, reader) => ({
    column: preallocatedColumn.read(name, at, reader),
    bindingIndex,
  }),
};

const boundColumn = columnName('column_bindings.column');

const bindingMessage = {
  write: ({ column, source, parameterName }: WriteColumnBinding): PackMessage<'WriteColumnBinding'> => ({
    column: boundColumn.write(column.name),
    source: valueSourceMessage.write(source),
    parameterName,
  }),
  read(message: PackMessage<'WriteColumnBinding'>, table: LoadedTable, reader: PayloadReader): WriteColumnBinding {
    const { at } = table;
    const name = boundColumn.read(message.column, at, reader);
    return {
      column: existingColumn(table, name, 'column_bindings.column'),
      source: valueSourceMessage.read(required(message.source, at, 'column_bindings.source'), at, reader),
      parameterName: message.parameterName,
    };
  },
} as const;

const tableStatements = members({
  insertSql: statement('insert_sql'),
  updateSql: optionalStatement,
  deleteByParentSql: optionalStatement,
  collectionMergePlan: optional(mergePlanMessage),
  collectionKeyPreallocationPlan: optional(preallocationMessage),
});

const batchingMessage = members({
  maxRowsPerBatch: unchanged<number>(),
  parametersPerRow: unchanged<number>(),
  maxParametersPerCommand: unchanged<number>(),
});

const nameOfTable = tableName('table');

const tableWritePlanMessage = {
  write: (plan: TableWritePlan): PackMessage<'TableWritePlan'> => ({
    table: nameOfTable.write(plan.tableModel.table),
    ...tableStatements.write(plan),
    bulkInsertBatching: batchingMessage.write(plan.bulkInsertBatching),
    columnBindings: plan.columnBindings.map(bindingMessage.write),
    keyUnificationPlans: plan.keyUnificationPlans.map((each) => unificationPlanMessage.write(each, plan.tableModel)),
  }),
  read(message: PackMessage<'TableWritePlan'>, table: LoadedTable, reader: PayloadReader): TableWritePlan {
    const { at } = table;
    const batching = required(message.bulkInsertBatching, at, 'bulk_insert_batching');
    return {
      tableModel: table.model,
      keyUnificationPlans: message.keyUnificationPlans.map((each) => unificationPlanMessage.read(each, at, reader)),
      ...tableStatements.read(message, at, reader),
      bulkInsertBatching: batchingMessage.read(batching, at, reader),
      columnBindings: message.columnBindings.map((each) => bindingMessage.read(each, table, reader)),
    };
  },
} as const;

export const writePlanMessage = {
  write: (plan: ResourceWritePlan): PackMessage<'ResourceWritePlan'> => ({
    tablePlans: plan.tablePlansInDependencyOrder.map(tableWritePlanMessage.write),
  }),
  read(message: PackMessage<'ResourceWritePlan'>, loaded: LoadedModel, reader: PayloadReader): ResourceWritePlan {
    const tablePlans = perTable(loaded, message.tablePlans, 'write_plan.table_plans', (plan, table) =>
      tableWritePlanMessage.read(plan, table, reader),
    );
    return { model: loaded.model, tablePlansInDependencyOrder: tablePlans };
  },
} as const;

/* The plans for one stored value of several members (design 08 §12.3). */

const { scalar, descriptorFk } = format.columnKind;

/** The kind of the column; a member whose value comes from a reference may have either kind. */
function memberKind({ kind, memberPathColumn }: KeyUnificationMember, { columns }: Table): number {
  if (kind !== 'reference_derived') return kind === 'scalar' ? scalar : descriptorFk;
  return columns.find(({ name }) => name === memberPathColumn)?.kind === 'DescriptorFk' ? descriptorFk : scalar;
}

const anyMember = members({
  memberPathColumn: columnName('members_in_order.member_path_column'),
  relativePath,
  presenceColumn: optionalColumnName('members_in_order.presence_column'),
  presenceBindingIndex: unchanged<number | null>(),
  presenceIsSynthetic: unchanged<boolean>(),
});

const typeOf = (member: string) => scalarType(`scalar_type of the member ${member}`);
const descriptorOf = (member: string) => resourceName(`descriptor_resource of the member ${member}`);

const memberMessage = {
  write(member: KeyUnificationMember, table: Table): PackMessage<'KeyUnificationMemberWritePlan'> {
    const { kind, memberPathColumn: name } = member;
    return {
      ...anyMember.write(member),
      kind: memberKind(member, table),
      scalarType: kind === 'scalar' ? typeOf(name).write(member.scalarType) : null,
      descriptorResource: kind === 'descriptor' ? descriptorOf(name).write(member.descriptorResource) : null,
      referenceSource: kind === 'reference_derived' ? referenceSourceMessage.write(member.referenceSource) : null,
    };
  },
  read(
    message: PackMessage<'KeyUnificationMemberWritePlan'>,
    at: PackPlace,
    reader: PayloadReader,
  ): KeyUnificationMember {
    const common = anyMember.read(message, at, reader);
    const { memberPathColumn: name } = common;
    if (message.referenceSource) {
      const referenceSource = referenceSourceMessage.read(message.referenceSource, at, reader);
      return { kind: 'reference_derived', ...common, referenceSource };
    }
    if (message.kind === scalar)
      return { kind: 'scalar', ...common, scalarType: typeOf(name).read(message.scalarType, at, reader) };
    if (message.kind !== descriptorFk)
      failInvariant(at, `kind of the member ${name}`, 'SCALAR or DESCRIPTOR_FK', message.kind);
    const descriptorResource = descriptorOf(name).read(message.descriptorResource, at, reader);
    return { kind: 'descriptor', ...common, descriptorResource };
  },
} as const;

const canonicalMember = members({
  canonicalColumn: columnName('key_unification_plans.canonical_column'),
  canonicalBindingIndex: unchanged<number>(),
});

const unificationPlanMessage = {
  write: (plan: KeyUnificationWritePlan, table: Table): PackMessage<'KeyUnificationWritePlan'> => ({
    ...canonicalMember.write(plan),
    membersInOrder: plan.membersInOrder.map((member) => memberMessage.write(member, table)),
  }),
  read: (
    message: PackMessage<'KeyUnificationWritePlan'>,
    at: PackPlace,
    reader: PayloadReader,
  ): KeyUnificationWritePlan => ({
    ...canonicalMember.read(message, at, reader),
    membersInOrder: message.membersInOrder.map((member) => memberMessage.read(member, at, reader)),
  }),
} as const;

/* The source of the value of a column (design 08 §12.3). */

const referenceSourceMessage = members({
  bindingIndex: unchanged<number>(),
  referenceObjectPath: pathMember('reference_source.reference_object_path'),
  identityJsonPath: pathMember('reference_source.identity_json_path'),
  referenceJsonPath: pathMember('reference_source.reference_json_path'),
});

const scalarSource = members({ relativePath, scalarType: scalarType('source.scalar.scalar_type') });

const descriptorSource = members({
  descriptorResource: resourceName('source.descriptor_reference.descriptor_resource'),
  relativePath,
});

const noSource: PackMessage<'WriteValueSource'> = {
  documentId: null,
  parentKeyPart: null,
  ordinal: null,
  scalar: null,
  documentReference: null,
  descriptorReference: null,
  precomputed: null,
  referenceDerived: null,
};

const valueSourceMessage: MessageCodec<WriteValueSource, PackMessage<'WriteValueSource'>> = {
  write(source) {
    switch (source.kind) {
      case 'document_id':
        return { ...noSource, documentId: {} };
      case 'parent_key_part':
        return { ...noSource, parentKeyPart: { index: source.index } };
      case 'ordinal':
        return { ...noSource, ordinal: {} };
      case 'scalar':
        return { ...noSource, scalar: scalarSource.write(source) };
      case 'document_reference':
        return { ...noSource, documentReference: { bindingIndex: source.bindingIndex } };
      case 'descriptor_reference': {
        const descriptorValuePath = source.descriptorValuePath?.canonical ?? '';
        return { ...noSource, descriptorReference: { ...descriptorSource.write(source), descriptorValuePath } };
      }
      case 'reference_derived':
        return { ...noSource, referenceDerived: referenceSourceMessage.write(source.referenceSource) };
      case 'precomputed':
        return { ...noSource, precomputed: {} };
    }
  },
  read(message, at, reader) {
    const {
      documentId,
      parentKeyPart,
      ordinal,
      scalar: value,
      documentReference,
      precomputed,
      referenceDerived,
    } = message;
    if (documentId) return { kind: 'document_id' };
    if (parentKeyPart) return { kind: 'parent_key_part', index: parentKeyPart.index };
    if (ordinal) return { kind: 'ordinal' };
    if (documentReference) return { kind: 'document_reference', bindingIndex: documentReference.bindingIndex };
    if (precomputed) return { kind: 'precomputed' };
    if (referenceDerived)
      return { kind: 'reference_derived', referenceSource: referenceSourceMessage.read(referenceDerived, at, reader) };
    if (value) return { kind: 'scalar', ...scalarSource.read(value, at, reader) };
    const descriptor = required(message.descriptorReference, at, 'source.kind');
    const { descriptorValuePath: path } = descriptor;
    return {
      kind: 'descriptor_reference',
      ...descriptorSource.read(descriptor, at, reader),
      descriptorValuePath: path === '' ? null : reader.pathOf(path, at, 'descriptor_value_path'),
    };
  },
};
