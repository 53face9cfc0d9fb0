import { defaultMappingVersion } from '@dms/api-schema';
import type { Column, DescriptorFkDeduplication, Table, TableConstraint } from '@dms/model';
import type { ManifestForm } from './manifest-form.ts';
import { manifestForms } from './manifest-forms.ts';
import { tableRef, typeObject } from './manifest-objects.ts';

function columnObject({ name, kind, scalarType, isNullable, sourcePath, storage }: Column) {
  return {
    name,
    kind,
    type: scalarType === null ? null : typeObject(scalarType),
    is_nullable: isNullable,
    source_path: sourcePath?.canonical ?? null,
    storage:
      storage.kind === 'Stored'
        ? { kind: storage.kind }
        : { kind: storage.kind, canonical_column: storage.canonicalColumn, presence_column: storage.presenceColumn },
  };
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

/** The table object of a manifest (design 03 §11.3); `deduplications` only in resource details. */
export function tableObject(
  table: Table,
  deduplications?: readonly DescriptorFkDeduplication[],
  form: ManifestForm = manifestForms[defaultMappingVersion],
) {
  return {
    ...tableRef(table.table),
    scope: table.jsonScope.canonical,
    key_columns: table.key.columns.map(({ name, kind }) => ({ name, kind })),
    columns: table.columns.map(columnObject),
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
