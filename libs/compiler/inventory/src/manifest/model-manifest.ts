import { defaultMappingVersion, fingerprintVersions, type MappingVersion, resourceLabel } from '@dms/api-schema';
import {
  type Column,
  type ColumnBinding,
  type DescriptorFkDeduplication,
  type KeyUnificationDiagnostics,
  qualified,
  type RelationalModelSet,
  type ResourceModel,
  type Table,
  type TableConstraint,
} from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { groupBy, manifestText } from '@dms/values';
import type { DbIndex, Inventory } from '../inventory.ts';
import { type DbTrigger, kindOfTrigger } from '../trigger-kinds.ts';
import type { ManifestForm } from './manifest-form.ts';
import { manifestForms } from './manifest-forms.ts';
import { resourceRef, tableRef, typeObject } from './manifest-objects.ts';

/** The members of an effective schema that a manifest repeats. */
interface ManifestFingerprint {
  readonly effectiveSchemaHash: string;
  readonly relationalMappingVersion: MappingVersion;
}

/**
 * The text of `relational-model.<dialect>.manifest.json` (design 03 §11): model and inventories, fixed to the byte.
 * `details` limits the detail objects to some resources (by label `Project:Resource`); undefined means all resources,
 * null none.
 */
export function modelManifestText(
  model: Omit<RelationalModelSet, 'effectiveSchema'>,
  inventory: Inventory,
  fingerprint: ManifestFingerprint,
  details?: ReadonlySet<string> | null,
): string {
  const form = manifestForms[fingerprint.relationalMappingVersion];
  const detailed =
    details === undefined
      ? model.resources
      : model.resources.filter(({ resourceKey }) => details?.has(resourceLabel(resourceKey)));
  return manifestText({
    dialect: model.dialect,
    effective_schema_hash: fingerprint.effectiveSchemaHash,
    relational_mapping_version: fingerprintVersions[fingerprint.relationalMappingVersion],
    projects: model.projects.map((project) => ({
      project_endpoint_name: project.projectEndpointName,
      project_name: project.projectName,
      project_version: project.projectVersion,
      is_extension: project.isExtensionProject,
      physical_schema: project.physicalSchema,
    })),
    resources: model.resources.map(({ resourceKey, storageKind, physicalSchema }) => ({
      ...resourceRef(resourceKey),
      storage_kind: storageKind,
      physical_schema: physicalSchema,
    })),
    abstract_identity_tables: model.abstractIdentityTables.map(({ resourceKey, table }) => ({
      resource: resourceRef(resourceKey),
      table: tableObject(table, undefined, form, model.dialect),
    })),
    abstract_union_views: model.abstractUnionViews.map((view) => ({
      resource: resourceRef(view.resourceKey),
      view_name: tableRef(view.view),
      output_columns: view.outputColumns.map((column) => ({
        column_name: column.name,
        type: typeOf(column),
        source_path: column.sourcePath?.canonical ?? null,
        target_resource: column.targetResource ? resourceRef(column.targetResource) : null,
        ...form.viewColumn(column),
      })),
      union_arms: view.unionArms.map((arm) => ({
        concrete_member: resourceRef(arm.concreteMember),
        from_table: tableRef(arm.fromTable),
        projection_expressions: arm.projections.map((projection) =>
          projection.kind === 'SourceColumn'
            ? { kind: projection.kind, column_name: projection.column }
            : { kind: projection.kind, value: projection.value },
        ),
      })),
    })),
    indexes: inventory.indexes.map(indexObject),
    triggers: inventory.triggers.map((trigger) => triggerObject(trigger, form)),
    ...form.inventory(inventory),
    ...(details === null
      ? {}
      : { resource_details: detailed.map((resource) => resourceDetail(resource, form, model.dialect)) }),
  });
}

function indexObject(index: DbIndex) {
  return {
    name: index.name,
    table: tableRef(index.table),
    kind: index.kind,
    is_unique: index.isUnique,
    key_columns: index.keyColumns,
    ...(index.includeColumns.length > 0 ? { include_columns: index.includeColumns } : {}),
  };
}

function triggerObject(trigger: DbTrigger, form: ManifestForm) {
  return {
    name: trigger.name,
    table: tableRef(trigger.table),
    kind: trigger.kind,
    key_columns: trigger.keyColumns,
    identity_projection_columns: trigger.identityProjectionColumns,
    ...kindOfTrigger(trigger).manifestMembers(trigger, form),
  };
}

/** The table object of a manifest (design 03 §11.3); `deduplications` only in resource details. */
export function tableObject(
  table: Table,
  deduplications?: readonly DescriptorFkDeduplication[],
  form: ManifestForm = manifestForms[defaultMappingVersion],
  dialect: SqlDialect = 'pgsql',
) {
  return {
    ...tableRef(table.table),
    scope: table.jsonScope.canonical,
    key_columns: table.key.columns.map(({ name, kind }) => ({ name, kind })),
    columns: table.columns.map((column) => ({ ...columnObject(column), ...form.column[dialect](column) })),
    key_unification_classes: table.keyUnificationClasses.map(({ canonicalColumn, memberPathColumns }) => ({
      canonical_column: canonicalColumn,
      member_path_columns: memberPathColumns,
    })),
    ...form.tableIdentity(table),
    ...(deduplications
      ? { descriptor_fk_deduplications: deduplications.map((entry) => deduplicationObject(table, entry)) }
      : {}),
    constraints: table.constraints.map(constraintObject),
  };
}

const typeOf = ({ scalarType }: Pick<Column, 'scalarType'>) => (scalarType === null ? null : typeObject(scalarType));

function columnObject({ name, kind, scalarType, isNullable, sourcePath, storage }: Column) {
  return {
    name,
    kind,
    type: typeOf({ scalarType }),
    is_nullable: isNullable,
    source_path: sourcePath?.canonical ?? null,
    storage:
      storage.kind === 'Stored'
        ? { kind: storage.kind }
        : { kind: storage.kind, canonical_column: storage.canonicalColumn, presence_column: storage.presenceColumn },
  };
}

function deduplicationObject(table: Table, { storageColumn, bindingColumns }: DescriptorFkDeduplication) {
  const keys = table.constraints.filter(
    (constraint) =>
      constraint.kind === 'ForeignKey' &&
      constraint.targetTable.schema === 'dms' &&
      constraint.targetTable.name === 'Descriptor' &&
      constraint.columns.length === 1 &&
      constraint.columns[0] === storageColumn,
  );
  const [key, ...others] = keys;
  if (!key || others.length > 0)
    throw new Error(`${table.table.name}.${storageColumn} has ${keys.length} descriptor keys`);
  return { storage_column: storageColumn, binding_columns: bindingColumns, constraint_name: key.name };
}

function constraintObject(constraint: TableConstraint) {
  const { kind, name } = constraint;
  switch (constraint.kind) {
    case 'Unique':
      return { kind, name, columns: constraint.columns };
    case 'ForeignKey':
      return {
        kind,
        name,
        columns: constraint.columns,
        target_table: tableRef(constraint.targetTable),
        target_columns: constraint.targetColumns,
        on_delete: constraint.onDelete,
        on_update: constraint.onUpdate,
      };
    case 'AllOrNoneNullability':
      return { kind, name, fk_column: constraint.fkColumn, dependent_columns: constraint.dependentColumns };
    case 'NullOrTrue':
      return { kind, name, column: constraint.column };
  }
}

/** The detail object of one resource (design 03 §11.3). */
export function resourceDetail(
  resource: ResourceModel,
  form: ManifestForm = manifestForms[defaultMappingVersion],
  dialect: SqlDialect = 'pgsql',
) {
  const byTable = groupBy(resource.descriptorFkDeduplications, ({ table }) => qualified(table));
  return {
    resource: resourceRef(resource.resourceKey),
    physical_schema: resource.physicalSchema,
    storage_kind: resource.storageKind,
    tables: resource.tablesInDependencyOrder.map((table) =>
      tableObject(table, byTable.get(qualified(table.table)) ?? [], form, dialect),
    ),
    key_unification_equality_constraints: keyUnificationObject(resource.keyUnificationDiagnostics),
    document_reference_bindings: resource.documentReferenceBindings.map((binding) => ({
      is_identity_component: binding.isIdentityComponent,
      ...form.roles(binding),
      reference_object_path: binding.referenceObjectPath.canonical,
      table: tableRef(binding.table),
      fk_column: binding.fkColumn,
      target_resource: resourceRef(binding.targetResource),
      identity_bindings: binding.identityBindings.map(form.identityBinding),
    })),
    descriptor_edge_sources: resource.descriptorEdgeSources.map((edge) => ({
      is_identity_component: edge.isIdentityComponent,
      ...form.roles(edge),
      descriptor_value_path: edge.descriptorValuePath.canonical,
      table: tableRef(edge.table),
      fk_column: edge.fkColumn,
      descriptor_resource: resourceRef(edge.descriptorResource),
    })),
    extension_sites: [],
  };
}

function keyUnificationObject(report: KeyUnificationDiagnostics) {
  return {
    applied: report.applied.map((entry) => ({
      endpoint_a_path: entry.endpointAPath.canonical,
      endpoint_b_path: entry.endpointBPath.canonical,
      table: tableRef(entry.table),
      endpoint_a_column: entry.endpointAColumn,
      endpoint_b_column: entry.endpointBColumn,
      canonical_column: entry.canonicalColumn,
    })),
    redundant: report.redundant.map((entry) => ({
      endpoint_a_path: entry.endpointAPath.canonical,
      endpoint_b_path: entry.endpointBPath.canonical,
      binding: bindingObject(entry.binding),
    })),
    ignored: report.ignored.map((entry) => ({
      endpoint_a_path: entry.endpointAPath.canonical,
      endpoint_b_path: entry.endpointBPath.canonical,
      reason: entry.reason,
      endpoint_a_binding: bindingObject(entry.endpointABinding),
      endpoint_b_binding: bindingObject(entry.endpointBBinding),
    })),
    ignored_by_reason: Object.fromEntries(report.ignoredByReason.map(({ reason, count }) => [reason, count])),
    skipped: report.skipped.map((entry) => ({
      source_path: entry.sourcePath.canonical,
      target_path: entry.targetPath.canonical,
      unresolved_endpoint: entry.unresolvedEndpoint,
    })),
  };
}

const bindingObject = ({ table, column }: ColumnBinding) => ({ table: tableRef(table), column });
