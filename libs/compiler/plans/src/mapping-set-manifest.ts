import { byResource, fingerprintVersions, type MappingVersion, resourceLabel } from '@dms/api-schema';
import type { DbTableName, ResourceModel } from '@dms/model';
import { compareBy, manifestText } from '@dms/values';
import type { PlanManifestForm } from './generation.ts';
import { generations } from './generations.ts';
import { columnKindNames, planSqlHash, resourceNameObject, scalarKindNames } from './manifest-parts.ts';
import type { MappingSet, MappingSetKey } from './mapping-set.ts';
import type {
  KeyUnificationMember,
  ReferenceSource,
  ResourceReadPlan,
  TableWritePlan,
  WriteValueSource,
} from './plan.ts';

const tableObject = ({ schema, name }: DbTableName) => ({ schema, name });
const hashOrNull = (sql: string | null) => (sql === null ? null : planSqlHash(sql));

const referenceSourceObject = (source: ReferenceSource) => ({
  binding_index: source.bindingIndex,
  reference_object_path: source.referenceObjectPath.canonical,
  identity_json_path: source.identityJsonPath.canonical,
  reference_json_path: source.referenceJsonPath.canonical,
});

function sourceObject(source: WriteValueSource) {
  const { kind } = source;
  switch (source.kind) {
    case 'parent_key_part':
      return { kind, index: source.index };
    case 'scalar':
      return {
        kind,
        relative_path: source.relativePath.canonical,
        scalar_kind: scalarKindNames[source.scalarType.kind],
      };
    case 'document_reference':
      return { kind, binding_index: source.bindingIndex };
    case 'descriptor_reference':
      return {
        kind,
        descriptor_resource: resourceNameObject(source.descriptorResource),
        relative_path: source.relativePath.canonical,
        descriptor_value_path: source.descriptorValuePath?.canonical ?? null,
      };
    case 'reference_derived':
      return { kind, reference_source: referenceSourceObject(source.referenceSource) };
    default:
      return { kind };
  }
}

function memberValueObject(member: KeyUnificationMember) {
  switch (member.kind) {
    case 'scalar':
      return { scalar_kind: scalarKindNames[member.scalarType.kind] };
    case 'descriptor':
      return { descriptor_resource: resourceNameObject(member.descriptorResource) };
    case 'reference_derived':
      return { reference_source: referenceSourceObject(member.referenceSource) };
  }
}

const memberObject = (member: KeyUnificationMember) => ({
  kind: member.kind,
  member_path_column_name: member.memberPathColumn,
  relative_path: member.relativePath.canonical,
  presence_column_name: member.presenceColumn,
  presence_binding_index: member.presenceBindingIndex,
  presence_is_synthetic: member.presenceIsSynthetic,
  ...memberValueObject(member),
});

function writeTableObject(plan: TableWritePlan, form: PlanManifestForm) {
  const { maxRowsPerBatch, parametersPerRow, maxParametersPerCommand } = plan.bulkInsertBatching;
  return {
    table: tableObject(plan.tableModel.table),
    insert_sql_sha256: planSqlHash(plan.insertSql),
    update_sql_sha256: hashOrNull(plan.updateSql),
    delete_by_parent_sql_sha256: hashOrNull(plan.deleteByParentSql),
    ...form.mergePlan(plan.collectionMergePlan),
    bulk_insert_batching: {
      max_rows_per_batch: maxRowsPerBatch,
      parameters_per_row: parametersPerRow,
      max_parameters_per_command: maxParametersPerCommand,
    },
    column_bindings_in_order: plan.columnBindings.map(({ column, parameterName, source }) => ({
      column_name: column.name,
      column_kind: columnKindNames[column.kind],
      parameter_name: parameterName,
      write_value_source: sourceObject(source),
    })),
    ...form.preallocation(plan.collectionKeyPreallocationPlan),
    key_unification_plans: plan.keyUnificationPlans.map(
      ({ canonicalColumn, canonicalBindingIndex, membersInOrder }) => ({
        canonical_column_name: canonicalColumn,
        canonical_binding_index: canonicalBindingIndex,
        members_in_order: membersInOrder.map(memberObject),
      }),
    ),
  };
}

function readPlanObject(plan: ResourceReadPlan, form: PlanManifestForm) {
  return {
    keyset_table: {
      temp_table_name: plan.keysetTable.tempTableName,
      document_id_column_name: plan.keysetTable.documentIdColumnName,
    },
    table_plans_in_dependency_order: plan.tablePlansInDependencyOrder.map((table) => ({
      table: tableObject(table.tableModel.table),
      select_by_keyset_sql_sha256: planSqlHash(table.selectByKeysetSql),
      ...form.singleDocument(table.selectBySingleDocumentSql),
      select_list_columns_in_order: table.selectListColumnsInOrder.map(({ name }) => name),
      order_by_key_columns_in_order: table.orderByColumnsInOrder,
    })),
    reference_identity_projection_plans_in_dependency_order: plan.referenceIdentityProjectionPlansInDependencyOrder.map(
      ({ table, bindingsInOrder }) => ({
        table: tableObject(table),
        bindings_in_order: bindingsInOrder.map((binding) => ({
          is_identity_component: binding.isIdentityComponent,
          reference_object_path: binding.referenceObjectPath.canonical,
          target_resource: resourceNameObject(binding.targetResource),
          fk_column_ordinal: binding.fkColumnOrdinal,
          identity_field_ordinals_in_order: binding.identityFieldOrdinalsInOrder.map((field) => ({
            reference_json_path: field.referenceJsonPath.canonical,
            column_ordinal: field.columnOrdinal,
            ...form.identityField(field),
          })),
        })),
      }),
    ),
    descriptor_projection_plans_in_order: plan.descriptorProjectionPlansInOrder.map((projection) => ({
      select_by_keyset_sql_sha256: planSqlHash(projection.selectByKeysetSql),
      ...form.singleDocument(projection.selectBySingleDocumentSql),
      result_shape: {
        descriptor_id_ordinal: projection.resultShape.descriptorIdOrdinal,
        uri_ordinal: projection.resultShape.uriOrdinal,
      },
      sources_in_order: projection.sourcesInOrder.map((source) => ({
        descriptor_value_path: source.descriptorValuePath.canonical,
        table: tableObject(source.table),
        descriptor_resource: resourceNameObject(source.descriptorResource),
        descriptor_id_column_ordinal: source.descriptorIdColumnOrdinal,
      })),
    })),
  };
}

/** The manifest entry of a mapping set, with the given key, in the form of the model's generation. */
type ManifestMappingSet = Pick<
  MappingSet,
  'writePlansByResource' | 'readPlansByResource' | 'queryCapabilities' | 'descriptorQueryCapabilities'
> & {
  readonly key: MappingSetKey;
  readonly model: {
    readonly effectiveSchema: { readonly relationalMappingVersion: MappingVersion };
    readonly resources: readonly Pick<ResourceModel, 'resourceKey'>[];
  };
};

/** The resources of a model in manifest order: by project name, then resource name. */
export function resourcesInOrder<Resource extends Pick<ResourceModel, 'resourceKey'>>(
  resources: readonly Resource[],
): Resource[] {
  return [...resources].sort(byResource(({ resourceKey }) => resourceKey));
}

/** The entries of all concrete resources of a mapping set, in manifest order; null plans for descriptor resources. */
export function manifestResources(mappingSet: Omit<ManifestMappingSet, 'key'>) {
  const { model, writePlansByResource, readPlansByResource } = mappingSet;
  const { manifest: form } = generations[model.effectiveSchema.relationalMappingVersion];
  return resourcesInOrder(model.resources).map(({ resourceKey }) => {
    const label = resourceLabel(resourceKey);
    const write = writePlansByResource.get(label);
    const read = readPlansByResource.get(label);
    return {
      resource: resourceNameObject(resourceKey),
      write_plan: write
        ? {
            table_plans_in_dependency_order: write.tablePlansInDependencyOrder.map((plan) =>
              writeTableObject(plan, form),
            ),
          }
        : null,
      read_plan: read ? readPlanObject(read, form) : null,
      ...form.capabilities(label, mappingSet),
    };
  });
}

/**
 * The text of `mappingset.manifest.json` (design 08 §11): hashes and bindings of every plan, all mapping sets in one
 * file.
 */
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
        relational_mapping_version: fingerprintVersions[key.relationalMappingVersion],
      },
      resources: manifestResources(mappingSet),
    })),
  });
}
