import type { Column, ColumnKind, ResourceModel, ScalarType, Table } from '@dms/model';
import { handMade, path } from '@dms/testing';

const { binding, column, edge, keyColumn, resource, scalarType, table } = handMade;

const columnKinds: Readonly<Record<string, ColumnKind>> = {
  scalar: 'Scalar',
  document_fk: 'DocumentFk',
  descriptor_fk: 'DescriptorFk',
  ordinal: 'Ordinal',
  parent_key_part: 'ParentKeyPart',
};

const scalarKinds: Readonly<Record<string, ScalarType['kind']>> = {
  string: 'String',
  int32: 'Int32',
  int64: 'Int64',
  decimal: 'Decimal',
  boolean: 'Boolean',
  date: 'Date',
  date_time: 'DateTime',
  time: 'Time',
};

const storageKinds: Readonly<Record<string, ResourceModel['storageKind']>> = {
  relational_tables: 'RelationalTables',
  shared_descriptor_table: 'SharedDescriptorTable',
};

function known<Value>(tokens: Readonly<Record<string, Value>>, token: string): Value {
  const value = tokens[token];
  if (value === undefined) throw new Error(`the vectors have an unknown token ${token}`);
  return value;
}

interface VectorName {
  readonly project_name: string;
  readonly resource_name: string;
}

interface VectorColumn {
  readonly column_name: string;
  readonly kind: string;
  readonly scalar_kind: string | null;
  readonly is_nullable: boolean;
  readonly source_json_path: string | null;
  readonly target_resource: VectorName | null;
  readonly storage: {
    readonly kind: string;
    readonly canonical_column?: string;
    readonly presence_column?: string | null;
  };
}

interface ModelVectorTable {
  readonly table: Table['table'];
  readonly json_scope: string;
  readonly key_columns: readonly { readonly column_name: string; readonly kind: string }[];
  readonly columns: readonly VectorColumn[];
  readonly key_unification_classes: readonly {
    readonly canonical_column: string;
    readonly member_path_columns: readonly string[];
  }[];
}

/** The description of a resource in the vectors. */
export interface VectorModel {
  readonly resource: VectorName;
  readonly storage_kind: string;
  readonly tables_in_dependency_order: readonly ModelVectorTable[];
  readonly document_reference_bindings: readonly {
    readonly is_identity_component: boolean;
    readonly reference_object_path: string;
    readonly table: Table['table'];
    readonly fk_column: string;
    readonly target_resource: VectorName;
    readonly identity_bindings: readonly { readonly reference_json_path: string; readonly column: string }[];
  }[];
  readonly descriptor_edge_sources: readonly {
    readonly descriptor_value_path: string;
    readonly table: Table['table'];
    readonly fk_column: string;
    readonly descriptor_resource: VectorName;
  }[];
}

const label = ({ project_name, resource_name }: VectorName) => `${project_name}:${resource_name}`;
const tableText = ({ schema, name }: Table['table']) => `${schema}.${name}`;

function vectorColumn(vector: VectorColumn): Column {
  const { canonical_column: canonicalColumn, presence_column: presenceColumn = null } = vector.storage;
  const isAlias = vector.storage.kind === 'unified_alias';
  if (isAlias !== (canonicalColumn !== undefined))
    throw new Error(`${vector.column_name}: ${JSON.stringify(vector.storage)}`);
  return column(vector.column_name, known(columnKinds, vector.kind), {
    scalarType: vector.scalar_kind === null ? null : scalarType(known(scalarKinds, vector.scalar_kind)),
    isNullable: vector.is_nullable,
    sourcePath: vector.source_json_path === null ? null : path(vector.source_json_path),
    targetResource: vector.target_resource && {
      projectName: vector.target_resource.project_name,
      resourceName: vector.target_resource.resource_name,
    },
    storage:
      canonicalColumn === undefined ? { kind: 'Stored' } : { kind: 'UnifiedAlias', canonicalColumn, presenceColumn },
    isWritable: !isAlias,
  });
}

function vectorTable(vector: ModelVectorTable): Table {
  return table(tableText(vector.table), vector.json_scope, vector.columns.map(vectorColumn), {
    key: vector.key_columns.map(({ column_name, kind }) => keyColumn(column_name, known(columnKinds, kind))),
    classes: vector.key_unification_classes.map(({ canonical_column, member_path_columns }) => ({
      canonicalColumn: canonical_column,
      memberPathColumns: member_path_columns,
    })),
  });
}

/** The model of a description in the vectors; every synthetic flag has its check. */
export function vectorResource(vector: VectorModel): ResourceModel {
  return resource(label(vector.resource), vector.tables_in_dependency_order.map(vectorTable), {
    storageKind: known(storageKinds, vector.storage_kind),
    references: vector.document_reference_bindings.map((entry) =>
      binding(
        tableText(entry.table),
        entry.fk_column,
        entry.reference_object_path,
        label(entry.target_resource),
        entry.identity_bindings.map(({ reference_json_path, column: name }) => [reference_json_path, name] as const),
        entry.is_identity_component,
      ),
    ),
    descriptors: vector.descriptor_edge_sources.map((entry) =>
      edge(tableText(entry.table), entry.fk_column, entry.descriptor_value_path, label(entry.descriptor_resource)),
    ),
  });
}
