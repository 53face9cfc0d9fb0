import {
  type Column,
  type ColumnKind,
  type DescriptorEdgeSource,
  type DocumentReferenceBinding,
  type KeyColumn,
  type KeyUnificationClass,
  keyedTableIdentity,
  noSecurableElements,
  type QualifiedResourceName,
  type RelationalModelSet,
  type ResourceModel,
  type ScalarType,
  type Table,
  type TableConstraint,
} from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { path } from './json-path.ts';

/*
 * Models made by hand. Members that a test leaves out get the values that derivation would give in the simplest case.
 */

// ---- names ----

/** `Project:Resource` as a name. */
export function named(label: string): QualifiedResourceName {
  const [projectName = '', resourceName = ''] = label.split(':');
  return { projectName, resourceName };
}

/** `schema.table` as a name. */
export function tableNamed(text: string): Table['table'] {
  const [schema = '', name = ''] = text.split('.');
  return { schema, name };
}

// ---- columns ----

export function scalarType(kind: ScalarType['kind']): ScalarType {
  return {
    kind,
    maxLength: kind === 'String' ? 60 : null,
    decimal: kind === 'Decimal' ? { precision: 9, scale: 2 } : null,
  };
}

export function column(name: string, kind: ColumnKind, changes: Partial<Column> = {}): Column {
  return {
    name,
    kind,
    scalarType: scalarType('Int64'),
    isNullable: false,
    sourcePath: null,
    targetResource: null,
    storage: { kind: 'Stored' },
    isWritable: true,
    ...changes,
  };
}

/** A key column; a parent's key part is a document id, or an ordinal, by its name. */
export function keyColumn(name: string, kind: ColumnKind): KeyColumn {
  const isDocumentId = name === 'DocumentId' || name.endsWith('_DocumentId');
  return { name, kind, role: kind === 'Ordinal' ? 'Ordinal' : isDocumentId ? 'DocumentId' : 'ParentOrdinal' };
}

/** A part of the parent's key: a document id, or an ordinal by its name. */
export function parentKey(name: string): Column {
  return column(name, 'ParentKeyPart', {
    scalarType: scalarType(keyColumn(name, 'ParentKeyPart').role === 'DocumentId' ? 'Int64' : 'Int32'),
  });
}

export function ordinal(name = 'Ordinal'): Column {
  return column(name, 'Ordinal', { scalarType: scalarType('Int32') });
}

export function scalar(
  name: string,
  source: string | null,
  kind: ScalarType['kind'] = 'String',
  changes: Partial<Column> = {},
) {
  return column(name, 'Scalar', {
    scalarType: scalarType(kind),
    sourcePath: source === null ? null : path(source),
    isNullable: true,
    ...changes,
  });
}

/** A synthetic presence flag. */
export function flag(name: string): Column {
  return scalar(name, null, 'Boolean');
}

/** The FK column of a document reference. */
export function reference(name: string, source: string, target: string, changes: Partial<Column> = {}): Column {
  return column(name, 'DocumentFk', {
    sourcePath: path(source),
    targetResource: named(target),
    isNullable: true,
    ...changes,
  });
}

export function descriptor(name: string, source: string | null, target: string, changes: Partial<Column> = {}): Column {
  return column(name, 'DescriptorFk', {
    sourcePath: source === null ? null : path(source),
    targetResource: named(target),
    isNullable: true,
    ...changes,
  });
}

/** A copy of a column as an alias. */
export function alias(base: Column, canonicalColumn: string, presenceColumn: string | null = null): Column {
  return { ...base, storage: { kind: 'UnifiedAlias', canonicalColumn, presenceColumn }, isWritable: false };
}

// ---- tables and resources ----

export interface TableParts {
  /** Default: the columns of kind `ParentKeyPart` and `Ordinal`, in order. */
  readonly key?: readonly KeyColumn[];
  readonly classes?: readonly KeyUnificationClass[];
  /** The flags with a `NullOrTrue` check; default: all synthetic flags. */
  readonly flags?: readonly string[];
  readonly constraints?: readonly TableConstraint[];
}

const isKeyKind = ({ kind }: Column) => kind === 'ParentKeyPart' || kind === 'Ordinal';
const isFlag = (column: Column) =>
  column.kind === 'Scalar' && column.scalarType?.kind === 'Boolean' && column.sourcePath === null && column.isNullable;

/** A table; `name` is `schema.table`. */
export function table(name: string, scope: string, columns: readonly Column[], parts: TableParts = {}): Table {
  const flags = parts.flags ?? columns.filter(isFlag).map((column) => column.name);
  const made = {
    table: tableNamed(name),
    jsonScope: path(scope),
    key: {
      constraintName: `PK_${tableNamed(name).name}`,
      columns: parts.key ?? columns.filter(isKeyKind).map(({ name, kind }) => keyColumn(name, kind)),
    },
    columns,
    constraints: [
      ...(parts.constraints ?? []),
      ...flags.map((column): TableConstraint => ({ kind: 'NullOrTrue', name: `CK_${column}_NullOrTrue`, column })),
    ],
    keyUnificationClasses: parts.classes ?? [],
  };
  return { ...made, identity: keyedTableIdentity(made) };
}

export const unified = (canonicalColumn: string, ...memberPathColumns: readonly string[]): KeyUnificationClass => ({
  canonicalColumn,
  memberPathColumns,
});

/**
 * A reference binding; `fields` are `[referenceJsonPath, column]`, and the identity path of the target is `$.<column>`.
 */
export function binding(
  tableName: string,
  fkColumn: string,
  source: string,
  target: string,
  fields: readonly (readonly [string, string])[],
  isIdentityComponent = false,
): DocumentReferenceBinding {
  return {
    isIdentityComponent,
    isRequired: false,
    isRoleNamed: false,
    referenceObjectPath: path(source),
    table: tableNamed(tableName),
    fkColumn,
    targetResource: named(target),
    identityBindings: fields.map(([referenceJsonPath, name]) => ({
      identityJsonPath: path(`$.${name}`),
      referenceJsonPath: path(referenceJsonPath),
      column: name,
    })),
  };
}

export function edge(tableName: string, fkColumn: string, source: string, target: string): DescriptorEdgeSource {
  return {
    isIdentityComponent: false,
    isRequired: false,
    isRoleNamed: false,
    descriptorValuePath: path(source),
    table: tableNamed(tableName),
    fkColumn,
    descriptorResource: named(target),
  };
}

export interface ResourceParts {
  readonly references?: readonly DocumentReferenceBinding[];
  readonly descriptors?: readonly DescriptorEdgeSource[];
  readonly id?: number;
  readonly storageKind?: ResourceModel['storageKind'];
}

/** A resource; `label` is `Project:Resource`. */
export function resource(label: string, tables: readonly Table[], parts: ResourceParts = {}): ResourceModel {
  return {
    resourceKey: { id: parts.id ?? 1, ...named(label), resourceVersion: '1.0.0', isAbstract: false },
    physicalSchema: tables[0]?.table.schema ?? 'edfi',
    storageKind: parts.storageKind ?? 'RelationalTables',
    tablesInDependencyOrder: tables,
    naturalKey: { columns: [] },
    identityElements: [],
    superclass: null,
    documentReferenceBindings: parts.references ?? [],
    descriptorEdgeSources: parts.descriptors ?? [],
    descriptorFkDeduplications: [],
    decimalPrecisionFallbacks: [],
    keyUnificationDiagnostics: { applied: [], redundant: [], ignored: [], ignoredByReason: [], skipped: [] },
    extensionSites: [],
    descriptorMetadata: null,
    securableElements: noSecurableElements,
    queryFieldMapping: [],
    descriptorTexts: null,
  };
}

/** A descriptor resource, which has no tables of its own. */
export function descriptorResource(label: string, id = 1): ResourceModel {
  return resource(label, [], { id, storageKind: 'SharedDescriptorTable' });
}

/** A root table with its document id and `columns`. */
export function rootTable(name: string, columns: readonly Column[] = [], parts: TableParts = {}): Table {
  return table(name, '$', [parentKey('DocumentId'), ...columns], parts);
}

export function modelSet(
  resources: readonly ResourceModel[],
  dialect: SqlDialect = 'pgsql',
  changes: Partial<RelationalModelSet> = {},
): RelationalModelSet {
  return {
    effectiveSchema: {
      apiSchemaFormatVersion: '1.0.0',
      relationalMappingVersion: 'v1',
      effectiveSchemaHash: 'a'.repeat(64),
      resourceKeyCount: resources.length,
      resourceKeySeedHash: new Uint8Array(32),
      schemaComponents: [],
      resourceKeys: resources.map(({ resourceKey }) => resourceKey),
    },
    dialect,
    projects: [],
    resources,
    abstractIdentityTables: [],
    abstractUnionViews: [],
    propagationFallbacks: [],
    shortenedNames: [],
    ...changes,
  };
}
