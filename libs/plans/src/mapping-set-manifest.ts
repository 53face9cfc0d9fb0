import { byResource, resourceLabel } from '@dms/api-schema';
import { compareBy, manifestText } from '@dms/canonical-json';
import type { ColumnKind, DbTableName, QualifiedResourceName, ResourceModel, ScalarType } from '@dms/model';
import type { MappingSet, MappingSetKey } from './mapping-set.ts';
import type { KeyUnificationMember, ResourceReadPlan, ResourceWritePlan, TableWritePlan, WriteValueSource } from './plan.ts';
import { planSqlHash } from './sql-hash.ts';

const columnKinds: Readonly<Record<ColumnKind, string>> = {
  Scalar: 'scalar',
  DocumentFk: 'document_fk',
  DescriptorFk: 'descriptor_fk',
  Ordinal: 'ordinal',
  ParentKeyPart: 'parent_key_part',
  CollectionKey: 'collection_key',
  MirroredContentVersion: 'mirrored_content_version',
  MirroredContentLastModifiedAt: 'mirrored_content_last_modified_at',
};

const scalarKinds: Readonly<Record<ScalarType['kind'], string>> = {
  String: 'string',
  Int32: 'int32',
  Int64: 'int64',
  Decimal: 'decimal',
  Boolean: 'boolean',
  Date: 'date',
  DateTime: 'date_time',
  Time: 'time',
};

const qname = ({ projectName, resourceName }: QualifiedResourceName) => ({
  project_name: projectName,
  resource_name: resourceName,
});
const tableObject = ({ schema, name }: DbTableName) => ({ schema, name });
const hashOrNull = (sql: string | null) => (sql === null ? null : planSqlHash(sql));

function sourceObject(source: WriteValueSource) {
  const { kind } = source;
  switch (source.kind) {
    case 'parent_key_part':
      return { kind, index: source.index };
    case 'scalar':
      return { kind, relative_path: source.relativePath.canonical, scalar_kind: scalarKinds[source.scalarType.kind] };
    case 'document_reference':
      return { kind, binding_index: source.bindingIndex };
    case 'descriptor_reference':
      return {
        kind,
        descriptor_resource: qname(source.descriptorResource),
        relative_path: source.relativePath.canonical,
        descriptor_value_path: source.descriptorValuePath?.canonical ?? null,
      };
    default:
      return { kind };
  }
}

function memberObject(member: KeyUnificationMember) {
  return {
    kind: member.kind,
    member_path_column_name: member.memberPathColumn,
    relative_path: member.relativePath.canonical,
    presence_column_name: member.presenceColumn,
    presence_binding_index: member.presenceBindingIndex,
    presence_is_synthetic: member.presenceIsSynthetic,
    ...(member.kind === 'scalar'
      ? { scalar_kind: scalarKinds[member.scalarType.kind] }
      : { descriptor_resource: qname(member.descriptorResource) }),
  };
}

function writeTableObject(plan: TableWritePlan) {
  const { maxRowsPerBatch, parametersPerRow, maxParametersPerCommand } = plan.bulkInsertBatching;
  return {
    table: tableObject(plan.tableModel.table),
    insert_sql_sha256: planSqlHash(plan.insertSql),
    update_sql_sha256: hashOrNull(plan.updateSql),
    delete_by_parent_sql_sha256: hashOrNull(plan.deleteByParentSql),
    bulk_insert_batching: {
      max_rows_per_batch: maxRowsPerBatch,
      parameters_per_row: parametersPerRow,
      max_parameters_per_command: maxParametersPerCommand,
    },
    column_bindings_in_order: plan.columnBindings.map(({ column, parameterName, source }) => ({
      column_name: column.name,
      column_kind: columnKinds[column.kind],
      parameter_name: parameterName,
      write_value_source: sourceObject(source),
    })),
    key_unification_plans: plan.keyUnificationPlans.map(({ canonicalColumn, canonicalBindingIndex, membersInOrder }) => ({
      canonical_column_name: canonicalColumn,
      canonical_binding_index: canonicalBindingIndex,
      members_in_order: membersInOrder.map(memberObject),
    })),
  };
}

function readPlanObject(plan: ResourceReadPlan) {
  return {
    keyset_table: {
      temp_table_name: plan.keysetTable.tempTableName,
      document_id_column_name: plan.keysetTable.documentIdColumnName,
    },
    table_plans_in_dependency_order: plan.tablePlansInDependencyOrder.map(({ tableModel, selectByKeysetSql }) => ({
      table: tableObject(tableModel.table),
      select_by_keyset_sql_sha256: planSqlHash(selectByKeysetSql),
      select_list_columns_in_order: tableModel.columns.map(({ name }) => name),
      order_by_key_columns_in_order: tableModel.key.columns.map(({ name }) => name),
    })),
    reference_identity_projection_plans_in_dependency_order: plan.referenceIdentityProjectionPlansInDependencyOrder.map(
      ({ table, bindingsInOrder }) => ({
        table: tableObject(table),
        bindings_in_order: bindingsInOrder.map((binding) => ({
          is_identity_component: binding.isIdentityComponent,
          reference_object_path: binding.referenceObjectPath.canonical,
          target_resource: qname(binding.targetResource),
          fk_column_ordinal: binding.fkColumnOrdinal,
          identity_field_ordinals_in_order: binding.identityFieldOrdinalsInOrder.map(
            ({ referenceJsonPath, columnOrdinal }) => ({
              reference_json_path: referenceJsonPath.canonical,
              column_ordinal: columnOrdinal,
            }),
          ),
        })),
      }),
    ),
    descriptor_projection_plans_in_order: plan.descriptorProjectionPlansInOrder.map(
      ({ selectByKeysetSql, resultShape, sourcesInOrder }) => ({
        select_by_keyset_sql_sha256: planSqlHash(selectByKeysetSql),
        result_shape: { descriptor_id_ordinal: resultShape.descriptorIdOrdinal, uri_ordinal: resultShape.uriOrdinal },
        sources_in_order: sourcesInOrder.map((source) => ({
          descriptor_value_path: source.descriptorValuePath.canonical,
          table: tableObject(source.table),
          descriptor_resource: qname(source.descriptorResource),
          descriptor_id_column_ordinal: source.descriptorIdColumnOrdinal,
        })),
      }),
    ),
  };
}

/** What the manifest shows of a mapping set; the key as given. */
export type ManifestMappingSet = Pick<MappingSet, 'writePlansByResource' | 'readPlansByResource'> & {
  readonly key: MappingSetKey;
  readonly model: { readonly resources: readonly Pick<ResourceModel, 'resourceKey'>[] };
};

/** The manifest entry of one resource; null plans for descriptor resources. */
export function resourcePlansObject(
  resource: QualifiedResourceName,
  writePlan: ResourceWritePlan | undefined,
  readPlan: ResourceReadPlan | undefined,
) {
  return {
    resource: qname(resource),
    write_plan: writePlan
      ? { table_plans_in_dependency_order: writePlan.tablePlansInDependencyOrder.map(writeTableObject) }
      : null,
    read_plan: readPlan ? readPlanObject(readPlan) : null,
  };
}

/** The resources of a model in manifest order: by project name, then resource name. */
export function resourcesInOrder<Resource extends Pick<ResourceModel, 'resourceKey'>>(
  resources: readonly Resource[],
): Resource[] {
  return [...resources].sort(byResource(({ resourceKey }) => resourceKey));
}

/** The entries of all concrete resources of a mapping set, in manifest order. */
export function manifestResources({ model, writePlansByResource, readPlansByResource }: Omit<ManifestMappingSet, 'key'>) {
  return resourcesInOrder(model.resources).map(({ resourceKey }) => {
    const label = resourceLabel(resourceKey);
    return resourcePlansObject(resourceKey, writePlansByResource.get(label), readPlansByResource.get(label));
  });
}

/** The text of `mappingset.manifest.json` (design 08 §11): hashes and bindings of every plan, all mapping sets in one file. */
export function mappingSetManifestText(mappingSets: readonly ManifestMappingSet[]): string {
  const ordered = [...mappingSets].sort(
    compareBy(
      ({ key }) => key.effectiveSchemaHash,
      ({ key }) => key.dialect,
      ({ key }) => key.relationalMappingVersion,
    ),
  );
  return manifestText({
    mapping_sets: ordered.map(({ key, ...mappingSet }) => ({
      mapping_set_key: {
        effective_schema_hash: key.effectiveSchemaHash,
        dialect: key.dialect,
        relational_mapping_version: key.relationalMappingVersion,
      },
      resources: manifestResources(mappingSet),
    })),
  });
}
