import { rootPath } from '@dms/api-schema';
import { qualified } from '@dms/model';
import type {
  CollectionMergePlan,
  DocumentReferenceLookupPlan,
  KeyUnificationMember,
  KeyUnificationWritePlan,
  ReferenceIdentityProjectionTablePlan,
  ReferenceSource,
  ResourceReadPlan,
  ResourceWritePlan,
  TableReadPlan,
  TableWritePlan,
  WriteValueSource,
} from '@dms/plans';
import { hydrationOf, planDialects } from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import { type PackPlace, refuseInvariant, required } from '../refusal.ts';
import * as format from '../wire/pack-format.ts';
import type { LoadedModel } from './check-model.ts';
import { existingColumn, type LoadedTable } from './loaded-table.ts';
import type { PathReader } from './path-reader.ts';
import { columnNameOf, type PayloadReader, resourceNameOf, scalarTypeOf, tableNameOf } from './rebuild-model.ts';

/** Converts the messages of a payload to plans over the objects of its model (design 08 §12.5, step 7). */

/** `$` is the value at the scope itself; an empty path means the same. */
function relativePath(text: string, at: PackPlace, pathOf: PathReader) {
  return text === '' ? rootPath : pathOf(text, at, 'relative_path');
}

function referenceSourceOf(source: format.ReferenceSource, at: PackPlace, pathOf: PathReader): ReferenceSource {
  return {
    bindingIndex: source.bindingIndex,
    referenceObjectPath: pathOf(source.referenceObjectPath, at, 'reference_source.reference_object_path'),
    identityJsonPath: pathOf(source.identityJsonPath, at, 'reference_source.identity_json_path'),
    referenceJsonPath: pathOf(source.referenceJsonPath, at, 'reference_source.reference_json_path'),
  };
}

function sourceOf(source: format.WriteValueSource, at: PackPlace, pathOf: PathReader): WriteValueSource {
  if (source.documentId) return { kind: 'document_id' };
  if (source.parentKeyPart) return { kind: 'parent_key_part', index: source.parentKeyPart.index };
  if (source.ordinal) return { kind: 'ordinal' };
  if (source.documentReference) return { kind: 'document_reference', bindingIndex: source.documentReference.bindingIndex };
  if (source.precomputed) return { kind: 'precomputed' };
  if (source.referenceDerived) {
    return { kind: 'reference_derived', referenceSource: referenceSourceOf(source.referenceDerived, at, pathOf) };
  }
  if (source.scalar) {
    return {
      kind: 'scalar',
      relativePath: relativePath(source.scalar.relativePath, at, pathOf),
      scalarType: scalarTypeOf(required(source.scalar.scalarType, at, 'source.scalar.scalar_type'), at),
    };
  }
  const descriptor = required(source.descriptorReference, at, 'source.kind');
  const { descriptorValuePath } = descriptor;
  return {
    kind: 'descriptor_reference',
    descriptorResource: resourceNameOf(descriptor.descriptorResource, at, 'source.descriptor_reference.descriptor_resource'),
    relativePath: relativePath(descriptor.relativePath, at, pathOf),
    descriptorValuePath: descriptorValuePath === '' ? null : pathOf(descriptorValuePath, at, 'descriptor_value_path'),
  };
}

function memberOf(member: format.KeyUnificationMemberWritePlan, at: PackPlace, pathOf: PathReader): KeyUnificationMember {
  const common = {
    memberPathColumn: columnNameOf(member.memberPathColumn, at, 'members_in_order.member_path_column'),
    relativePath: relativePath(member.relativePath, at, pathOf),
    presenceColumn: member.presenceColumn && columnNameOf(member.presenceColumn, at, 'members_in_order.presence_column'),
    presenceBindingIndex: member.presenceBindingIndex,
    presenceIsSynthetic: member.presenceIsSynthetic,
  };
  const { scalar, descriptorFk } = format.columnKind;
  if (member.referenceSource) {
    return { kind: 'reference_derived', ...common, referenceSource: referenceSourceOf(member.referenceSource, at, pathOf) };
  }
  if (member.kind === scalar) {
    const type = required(member.scalarType, at, `scalar_type of the member ${common.memberPathColumn}`);
    return { kind: 'scalar', ...common, scalarType: scalarTypeOf(type, at) };
  }
  if (member.kind !== descriptorFk) {
    refuseInvariant(at, `kind of the member ${common.memberPathColumn}`, 'SCALAR or DESCRIPTOR_FK', member.kind);
  }
  const what = `descriptor_resource of the member ${common.memberPathColumn}`;
  return { kind: 'descriptor', ...common, descriptorResource: resourceNameOf(member.descriptorResource, at, what) };
}

function unificationOf(plan: format.KeyUnificationWritePlan, at: PackPlace, pathOf: PathReader): KeyUnificationWritePlan {
  return {
    canonicalColumn: columnNameOf(plan.canonicalColumn, at, 'key_unification_plans.canonical_column'),
    canonicalBindingIndex: plan.canonicalBindingIndex,
    membersInOrder: plan.membersInOrder.map((member) => memberOf(member, at, pathOf)),
  };
}

/** A statement that every table must have. */
function statement(sql: string, at: PackPlace, what: string): string {
  return sql === '' ? refuseInvariant(at, what, 'a statement', 'none') : sql;
}

function mergePlanOf(plan: format.CollectionMergePlan, at: PackPlace, pathOf: PathReader): CollectionMergePlan {
  const updateSql = statement(plan.updateByStableRowIdentitySql, at, 'update_by_stable_row_identity_sql');
  const deleteSql = statement(plan.deleteByStableRowIdentitySql, at, 'delete_by_stable_row_identity_sql');
  return {
    semanticIdentityBindings: plan.semanticIdentityBindings.map((binding) => ({
      relativePath: relativePath(binding.relativePath, at, pathOf),
      bindingIndex: binding.bindingIndex,
    })),
    stableRowIdentityBindingIndex: plan.stableRowIdentityBindingIndex,
    ordinalBindingIndex: plan.ordinalBindingIndex,
    updateByStableRowIdentitySql: updateSql,
    deleteByStableRowIdentitySql: deleteSql,
    compareBindingIndexesInOrder: plan.compareBindingIndexesInOrder,
  };
}

function tableWritePlan(plan: format.TableWritePlan, table: LoadedTable, pathOf: PathReader): TableWritePlan {
  const { at } = table;
  const { maxRowsPerBatch, parametersPerRow, maxParametersPerCommand } = required(
    plan.bulkInsertBatching,
    at,
    'bulk_insert_batching',
  );
  return {
    tableModel: table.model,
    keyUnificationPlans: plan.keyUnificationPlans.map((each) => unificationOf(each, at, pathOf)),
    insertSql: statement(plan.insertSql, at, 'insert_sql'),
    updateSql: plan.updateSql === '' ? null : plan.updateSql,
    deleteByParentSql: plan.deleteByParentSql === '' ? null : plan.deleteByParentSql,
    collectionMergePlan: plan.collectionMergePlan && mergePlanOf(plan.collectionMergePlan, at, pathOf),
    collectionKeyPreallocationPlan: plan.collectionKeyPreallocationPlan && {
      column: columnNameOf(plan.collectionKeyPreallocationPlan.columnName, at, 'collection_key_preallocation_plan.column_name'),
      bindingIndex: plan.collectionKeyPreallocationPlan.bindingIndex,
    },
    bulkInsertBatching: { maxRowsPerBatch, parametersPerRow, maxParametersPerCommand },
    columnBindings: plan.columnBindings.map(({ column, source, parameterName }) => ({
      column: existingColumn(table, columnNameOf(column, at, 'column_bindings.column'), 'column_bindings.column'),
      source: sourceOf(required(source, at, 'column_bindings.source'), at, pathOf),
      parameterName,
    })),
  };
}

/** Pairs the plans of a resource with its tables, which they must cover exactly, in order. */
function perTable<Plan extends { readonly table: format.DbTableName | null }, Result>(
  { at, tables }: LoadedModel,
  plans: readonly Plan[],
  what: string,
  make: (plan: Plan, table: LoadedTable) => Result,
): Result[] {
  if (plans.length !== tables.length) refuseInvariant(at, `number of ${what}`, tables.length, plans.length);
  return tables.map((table, index) => {
    const plan = required(plans[index], at, what);
    const [expected, found] = [qualified(table.model.table), qualified(tableNameOf(plan.table, at, `${what}.table`))];
    if (found !== expected) refuseInvariant(at, `table of ${what}[${index}]`, expected, found);
    return make(plan, table);
  });
}

export function rebuiltWritePlan(
  loaded: LoadedModel,
  message: format.ResourceWritePlan,
  pathOf: PathReader,
): ResourceWritePlan {
  const tablePlans = perTable(loaded, message.tablePlans, 'write_plan.table_plans', (plan, table) =>
    tableWritePlan(plan, table, pathOf),
  );
  return { model: loaded.model, tablePlansInDependencyOrder: tablePlans };
}

function projectionOf(
  plan: format.ReferenceIdentityProjectionTablePlan,
  { at, tablesByName }: LoadedModel,
  { version, rules, pathOf }: PayloadReader,
): ReferenceIdentityProjectionTablePlan {
  const table = tableNameOf(plan.table, at, 'reference_identity_projection_table_plans.table');
  const owner = tablesByName.get(qualified(table));
  const selected = owner ? hydrationOf(owner.model, version).columns : [];
  const columnAt = (ordinal: number, path: string) =>
    selected[ordinal] ?? refuseInvariant(at, `column_ordinal of ${path}`, `below ${selected.length}`, ordinal);
  return {
    table,
    bindingsInOrder: plan.bindingsInOrder.map((binding) => ({
      isIdentityComponent: binding.isIdentityComponent,
      referenceObjectPath: pathOf(binding.referenceObjectPath, at, 'bindings_in_order.reference_object_path'),
      targetResource: resourceNameOf(binding.targetResource, at, 'bindings_in_order.target_resource'),
      fkColumnOrdinal: binding.fkColumnOrdinal,
      identityFieldOrdinalsInOrder: binding.identityFieldOrdinalsInOrder.map((field) => ({
        referenceJsonPath: pathOf(field.referenceJsonPath, at, 'identity_field_ordinals_in_order.reference_json_path'),
        columnOrdinal: field.columnOrdinal,
        scalarType: rules.read.fieldType(field.scalarType, columnAt(field.columnOrdinal, field.referenceJsonPath), at),
      })),
    })),
  };
}

function resultShape(shape: format.DescriptorProjectionResultShape | null, at: PackPlace) {
  const { descriptorIdOrdinal, uriOrdinal } = required(shape, at, 'result_shape');
  if (descriptorIdOrdinal !== 0 || uriOrdinal !== 1) {
    refuseInvariant(at, 'result_shape', '0, 1', `${descriptorIdOrdinal}, ${uriOrdinal}`);
  }
  return { descriptorIdOrdinal: 0, uriOrdinal: 1 } as const;
}

function lookupShape(shape: format.DocumentReferenceLookupResultShape | null, at: PackPlace) {
  const { documentIdOrdinal, documentUuidOrdinal, resourceKeyIdOrdinal } = required(
    shape,
    at,
    'document_reference_lookup.result_shape',
  );
  const found = `${documentIdOrdinal}, ${documentUuidOrdinal}, ${resourceKeyIdOrdinal}`;
  if (found !== '0, 1, 2') refuseInvariant(at, 'document_reference_lookup.result_shape', '0, 1, 2', found);
  return { documentIdOrdinal: 0, documentUuidOrdinal: 1, resourceKeyIdOrdinal: 2 } as const;
}

function lookupOf(plan: format.DocumentReferenceLookupPlan, at: PackPlace): DocumentReferenceLookupPlan {
  const what = 'document_reference_lookup';
  return {
    selectByKeysetSql: statement(plan.selectByKeysetSql, at, `${what}.select_by_keyset_sql`),
    selectBySingleDocumentSql: statement(plan.selectBySingleDocumentSql, at, `${what}.select_by_single_document_sql`),
    resultShape: lookupShape(plan.resultShape, at),
    sourcesInOrder: plan.sourcesInOrder.map(({ table, fkColumn }) => ({
      table: tableNameOf(table, at, `${what}.sources_in_order.table`),
      fkColumn: columnNameOf(fkColumn, at, `${what}.sources_in_order.fk_column`),
    })),
  };
}

const textOrNull = (sql: string) => (sql === '' ? null : sql);

export function rebuiltReadPlan(
  dialect: SqlDialect,
  loaded: LoadedModel,
  message: format.ResourceReadPlan,
  reader: PayloadReader,
): ResourceReadPlan {
  const { at, model } = loaded;
  const { pathOf, version } = reader;
  return {
    model,
    keysetTable: planDialects[dialect].keysetTable,
    tablePlansInDependencyOrder: perTable(loaded, message.tablePlans, 'read_plan.table_plans', (plan, table): TableReadPlan => {
      const { columns, orderBy } = hydrationOf(table.model, version);
      return {
        tableModel: table.model,
        selectListColumnsInOrder: columns,
        orderByColumnsInOrder: orderBy,
        selectByKeysetSql: statement(plan.selectByKeysetSql, table.at, 'select_by_keyset_sql'),
        selectBySingleDocumentSql: textOrNull(plan.selectBySingleDocumentSql),
      };
    }),
    referenceIdentityProjectionPlansInDependencyOrder: message.referenceIdentityProjectionTablePlans.map((plan) =>
      projectionOf(plan, loaded, reader),
    ),
    descriptorProjectionPlansInOrder: message.descriptorProjectionPlans.map((plan) => ({
      selectByKeysetSql: statement(plan.selectByKeysetSql, at, 'descriptor_projection_plans.select_by_keyset_sql'),
      selectBySingleDocumentSql: textOrNull(plan.selectBySingleDocumentSql),
      resultShape: resultShape(plan.resultShape, at),
      sourcesInOrder: plan.sourcesInOrder.map((source) => ({
        descriptorValuePath: pathOf(source.descriptorValuePath, at, 'sources_in_order.descriptor_value_path'),
        table: tableNameOf(source.table, at, 'sources_in_order.table'),
        descriptorResource: resourceNameOf(source.descriptorResource, at, 'sources_in_order.descriptor_resource'),
        descriptorIdColumnOrdinal: source.descriptorIdColumnOrdinal,
      })),
    })),
    documentReferenceLookup: message.documentReferenceLookup && lookupOf(message.documentReferenceLookup, at),
  };
}
