import { authColumns, authTable } from '../hierarchy.ts';
import type { AuthView, AuthViewArm, Inventory, TrackedChangeTable, TrackedValue } from '../inventory.ts';
import { type ManifestForm, unmarkedColumn } from '../manifest/manifest-form.ts';
import { tableRef, typeObject } from '../manifest/manifest-objects.ts';

function trackedValueObject(value: TrackedValue) {
  return {
    old_column: value.oldColumn,
    new_column: value.newColumn,
    source_json_path: value.sourceJsonPath.canonical,
    ...(value.canonicalStorageColumn === null ? {} : { canonical_storage_column: value.canonicalStorageColumn }),
    is_old_column_nullable: value.isOldColumnNullable,
    is_new_column_nullable: value.isNewColumnNullable,
    scalar_type: typeObject(value.scalarType),
    role: value.role,
    origin: value.origins.join(', '),
    ...(value.descriptorJoinName === null ? {} : { descriptor_join_name: value.descriptorJoinName }),
    ...(value.personJoinName === null ? {} : { person_join_name: value.personJoinName }),
  };
}

function trackedTableObject(tracked: TrackedChangeTable) {
  return {
    table: tableRef(tracked.table),
    kind: tracked.kind,
    source_table: tableRef(tracked.sourceTable),
    primary_key_columns: tracked.systemColumns.filter(({ isPrimaryKey }) => isPrimaryKey).map(({ column }) => column),
    value_columns: tracked.valueColumns.map(trackedValueObject),
    system_columns: tracked.systemColumns.map(({ role, column, scalarType, isPrimaryKey }) => ({
      role,
      column,
      scalar_type: scalarType && typeObject(scalarType),
      is_nullable: false,
      is_primary_key: isPrimaryKey,
    })),
    descriptor_joins: tracked.descriptorJoins.map(({ name, sourceColumn, descriptorResource }) => ({
      descriptor_join_name: name,
      source_column: sourceColumn,
      descriptor_project: descriptorResource.projectName,
      descriptor_resource: descriptorResource.resourceName,
    })),
    person_joins: tracked.personJoins.map(({ name, personKind, joinPath }) => ({
      person_join_name: name,
      person_kind: personKind,
      join_path: joinPath.map((step) => ({
        source_table: tableRef(step.sourceTable),
        source_column: step.sourceColumn,
        target_table: tableRef(step.targetTable),
        target_column: step.targetColumn,
      })),
    })),
  };
}

function armObject({ source, outputColumns, joins }: AuthViewArm) {
  return {
    select_distinct: false,
    source: { alias: source.alias, table: tableRef(source.table) },
    output_columns: outputColumns.map(({ alias, column, outputName }) => ({
      alias,
      column,
      ...(outputName === null ? {} : { output_name: outputName }),
    })),
    joins: joins.map(({ alias, table, on }) => ({
      alias,
      table: tableRef(table),
      on: on.map((pair) => ({
        left_alias: pair.leftAlias,
        left_column: pair.leftColumn,
        right_alias: pair.rightAlias,
        right_column: pair.rightColumn,
      })),
    })),
  };
}

function viewObjects(views: readonly AuthView[]) {
  return views.map(({ view, armsSetOperator, arms }) => ({
    view: tableRef(view),
    arms_set_operator: armsSetOperator,
    arms: arms.map(armObject),
  }));
}

/** The table of the hierarchy and the views over it; empty without entities in the hierarchy. */
function authObjects({ authEdOrgHierarchy, authViews }: Inventory) {
  if (authEdOrgHierarchy === null || authEdOrgHierarchy.entities.length === 0) return {};
  const columns = [authColumns.source, authColumns.target];
  const views = authViews.filter(({ includesDeletes }) => !includesDeletes);
  const withDeletes = authViews.filter(({ includesDeletes }) => includesDeletes);
  return {
    auth_objects: {
      table: {
        table: tableRef(authTable),
        columns: columns.map((name) => ({ name, type: 'bigint', is_nullable: false })),
        primary_key: { name: `PK_${authTable.name}`, columns },
      },
      ...(views.length === 0 ? {} : { views: viewObjects(views) }),
      ...(withDeletes.length === 0 ? {} : { read_changes_views: viewObjects(withDeletes) }),
    },
  };
}

/** The manifest of the second generation (design 15 §12, 15a §5). */
export const manifestFormV2: ManifestForm = {
  column: unmarkedColumn,
  tableIdentity: ({ identity }) => ({
    identity_metadata: {
      table_kind: identity.tableKind,
      physical_row_identity_columns: identity.rowIdentity,
      root_scope_locator_columns: identity.rootLocator,
      immediate_parent_scope_locator_columns: identity.parentLocator,
      semantic_identity_bindings: identity.semanticIdentity.map(({ relativePath, column }) => ({
        relative_path: relativePath.canonical,
        column,
      })),
    },
  }),
  roles: ({ isRequired, isRoleNamed }) => ({ is_required: isRequired, is_role_named: isRoleNamed }),
  identityBinding: ({ identityJsonPath, referenceJsonPath, column }) => ({
    identity_json_path: identityJsonPath.canonical,
    reference_json_path: referenceJsonPath.canonical,
    column,
  }),
  viewColumn: ({ isDescriptorReference }) => (isDescriptorReference ? { is_descriptor_reference: true } : {}),
  identityElement: ({ isDescriptor }) => (isDescriptor ? { is_descriptor_reference: true } : {}),
  inventory: (inventory) => ({
    tracked_change_tables: inventory.trackedChangeTables.map(trackedTableObject),
    ...authObjects(inventory),
  }),
};
