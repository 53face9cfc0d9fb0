import type { PlanManifestForm } from '../generation.ts';
import { planSqlHash, resourceNameObject, scalarKindNames } from '../manifest-parts.ts';
import type { CollectionMergePlan } from '../plan.ts';
import type {
  DescriptorQueryCapability,
  QueryCapability,
  QueryFieldTarget,
  QuerySupport,
} from '../query/query-capability.ts';

/** The manifest of the second generation (design 17 §6). */
export const manifestFormV2: PlanManifestForm = {
  mergePlan: (plan) => ({ collection_merge_plan: plan && mergePlanObject(plan) }),
  preallocation: (plan) =>
    plan ? { collection_key_preallocation_plan: { column_name: plan.column, binding_index: plan.bindingIndex } } : {},
  singleDocument: (sql) => ({ select_by_single_document_sql_sha256: sql === null ? null : planSqlHash(sql) }),
  identityField: ({ scalarType }) => ({ scalar_kind: scalarKindNames[scalarType.kind] }),
  capabilities(label, { queryCapabilities, descriptorQueryCapabilities }) {
    const capability = queryCapabilities.get(label);
    const descriptor = descriptorQueryCapabilities.get(label);
    return {
      query_capability: capability ? capabilityObject(capability) : null,
      descriptor_query_capability: descriptor ? descriptorCapabilityObject(descriptor) : null,
    };
  },
};

const mergePlanObject = (plan: CollectionMergePlan) => ({
  semantic_identity_bindings_in_order: plan.semanticIdentityBindings.map(({ relativePath, bindingIndex }) => ({
    relative_path: relativePath.canonical,
    binding_index: bindingIndex,
  })),
  stable_row_identity_binding_index: plan.stableRowIdentityBindingIndex,
  update_by_stable_row_identity_sql_sha256: planSqlHash(plan.updateByStableRowIdentitySql),
  delete_by_stable_row_identity_sql_sha256: planSqlHash(plan.deleteByStableRowIdentitySql),
  ordinal_binding_index: plan.ordinalBindingIndex,
  compare_binding_indexes_in_order: plan.compareBindingIndexesInOrder,
});

const supportObject = (support: QuerySupport) => ({
  kind: support.kind,
  omission_kind: support.kind === 'omitted' ? support.omissionKind : null,
  reason: support.kind === 'omitted' ? support.reason : null,
});

function targetObject(target: QueryFieldTarget) {
  const { kind } = target;
  if (target.kind === 'document_uuid') return { kind, column_name: null };
  if (target.kind === 'root_column') return { kind, column_name: target.column };
  return { kind, column_name: target.column, descriptor_resource: resourceNameObject(target.descriptorResource) };
}

const capabilityObject = ({ support, supportedFields, unsupportedFields }: QueryCapability) => ({
  support: supportObject(support),
  supported_fields_in_query_field_order: supportedFields.map(({ field, path, type, target }) => ({
    query_field_name: field,
    json_path: path.canonical,
    api_schema_type: type,
    target: targetObject(target),
  })),
  unsupported_fields_in_query_field_order: unsupportedFields.map(({ field, failure, paths }) => ({
    query_field_name: field,
    failure_kind: failure,
    paths_in_order: paths.map(({ path, type }) => ({ json_path: path.canonical, api_schema_type: type })),
  })),
});

const descriptorCapabilityObject = ({ support, supportedFields }: DescriptorQueryCapability) => ({
  support: supportObject(support),
  supported_fields_in_query_field_order: supportedFields.map(({ field, target, column }) => ({
    query_field_name: field,
    target: { kind: target, column_name: column },
  })),
});
