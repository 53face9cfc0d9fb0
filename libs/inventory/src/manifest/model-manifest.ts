import { type MappingVersion, resourceLabel } from '@dms/api-schema';
import { manifestText } from '@dms/files';
import type { ColumnMapping, IdentityElement, RelationalModelSet } from '@dms/model';
import type { DbIndex, DbTrigger, Inventory } from '../inventory.ts';
import { type ManifestForm, resourceRef, tableRef, typeObject } from './manifest-form.ts';
import { manifestForms } from './manifest-forms.ts';
import { resourceDetail, tableObject } from './resource-manifest.ts';

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

const elementObjects = (elements: readonly IdentityElement[], form: ManifestForm) =>
  elements.map((element) => ({
    column: element.column,
    identity_json_path: element.identityJsonPath.canonical,
    ...form.identityElement(element),
  }));

const mappingObjects = (mappings: readonly ColumnMapping[]) =>
  mappings.map(({ sourceColumn, targetColumn }) => ({ source_column: sourceColumn, target_column: targetColumn }));

function triggerPayload(trigger: DbTrigger, form: ManifestForm): object {
  switch (trigger.kind) {
    case 'DocumentStamping':
      return form.stamp(trigger);
    case 'ReferentialIdentityMaintenance': {
      const { superclassAlias: alias } = trigger;
      return {
        resource_key_id: trigger.resourceKeyId,
        ...resourceRef(trigger),
        identity_elements: elementObjects(trigger.identityElements, form),
        ...(alias
          ? {
              superclass_alias: {
                resource_key_id: alias.resourceKeyId,
                ...resourceRef(alias),
                identity_elements: elementObjects(alias.identityElements, form),
              },
            }
          : {}),
      };
    }
    case 'AbstractIdentityMaintenance':
      return {
        target_table: tableRef(trigger.targetTable),
        target_column_mappings: mappingObjects(trigger.targetColumnMappings),
        discriminator_value: trigger.discriminatorValue,
      };
    case 'IdentityPropagationFallback':
      return {
        referrer_updates: trigger.referrerUpdates.map((update) => ({
          referrer_table: tableRef(update.referrerTable),
          referrer_fk_column: update.referrerFkColumn,
          target_column_mappings: mappingObjects(update.targetColumnMappings),
        })),
      };
    case 'AuthHierarchyMaintenance':
      return {
        entity_name: trigger.entity.entityName,
        trigger_event: trigger.triggerEvent,
        identity_column: trigger.entity.identityColumn,
        parent_fks: trigger.entity.parentFks.map((parent) => ({
          denormalized_parent_id_column: parent.denormalizedParentIdColumn,
        })),
      };
  }
}

function triggerObject(trigger: DbTrigger, form: ManifestForm) {
  return {
    name: trigger.name,
    table: tableRef(trigger.table),
    kind: trigger.kind,
    key_columns: trigger.keyColumns,
    identity_projection_columns: trigger.identityProjectionColumns,
    ...triggerPayload(trigger, form),
  };
}

/** The facts of an effective schema that a manifest repeats. */
export interface ManifestFingerprint {
  readonly effectiveSchemaHash: string;
  readonly relationalMappingVersion: MappingVersion;
}

/**
 * The text of `relational-model.<dialect>.manifest.json` (design 03 §11): model and inventories, fixed to the byte.
 * `details` limits the detail objects to some resources (by label `Project:Resource`); undefined means all, null none.
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
    relational_mapping_version: fingerprint.relationalMappingVersion,
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
      table: tableObject(table, undefined, form),
    })),
    abstract_union_views: model.abstractUnionViews.map((view) => ({
      resource: resourceRef(view.resourceKey),
      view_name: tableRef(view.view),
      output_columns: view.outputColumns.map((column) => ({
        column_name: column.name,
        type: typeObject(column.scalarType),
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
    ...(details === null ? {} : { resource_details: detailed.map((resource) => resourceDetail(resource, [], form)) }),
  });
}
