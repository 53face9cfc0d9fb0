import { fail } from '@dms/diagnostics';
import {
  authColumns,
  authTable,
  type DbIndex,
  type TrackedChangeTable,
  type TrackedSystemColumn,
} from '@dms/inventory';
import { type Column, core, coreV2, qualified, type ScalarType, type Table, type TableConstraint } from '@dms/model';
import { dialectRules, limitIdentifier, type SqlDialect } from '@dms/sql';
import { byName } from '@dms/values';
import type { CatalogAction, ForeignKey, Index } from '../catalog.ts';
import type { CatalogRules, DefaultKind } from '../catalog-rules.ts';
import { dialectFacts } from '../dialect-facts.ts';
import { aliasValue, allOrNone, type CheckExpression, call, nullOrTrue, number } from '../expression.ts';
import { coreTypeName } from './core-tables.ts';
import type {
  ColumnDefinition,
  ConstraintDefinition,
  CreationGroup,
  LogicalTrigger,
  TableDefinition,
} from './definition.ts';

/** The indexes and triggers of a table. */
export interface TableAttachments {
  readonly indexes: readonly Index[];
  readonly triggers: readonly LogicalTrigger[];
}

const typesOfKinds = {
  Ordinal: 'Int32',
  DocumentFk: 'Int64',
  DescriptorFk: 'Int64',
  ParentKeyPart: 'Int64',
  CollectionKey: 'Int64',
  MirroredContentVersion: 'Int64',
  MirroredContentLastModifiedAt: 'DateTime',
} as const;

type DefaultAndCollation = Pick<CatalogRules, 'columnDefault' | 'identityCollation'>;

/** A table of the model (design 07 §4). */
export function defineTable(
  dialect: SqlDialect,
  rules: DefaultAndCollation,
  table: Table,
  group: CreationGroup,
  attachments: TableAttachments,
): TableDefinition {
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  return {
    schema: table.table.schema,
    name: table.table.name,
    group,
    columns: table.columns.map((column) => defineColumn(dialect, rules, { table, columns }, column)),
    primaryKey: {
      name: table.key.constraintName,
      columns: table.key.columns.map(({ name }) => name),
      clustered: dialectFacts[dialect].hasClusteredKeys ? true : null,
      declaresClustering: false,
    },
    inlineConstraints: inlineConstraints(dialect, table),
    addedConstraints: [],
    foreignKeys: table.constraints
      .flatMap((constraint) => (constraint.kind === 'ForeignKey' ? [foreignKey(constraint)] : []))
      .sort(byName),
    ...attachments,
    modelIndexes: [],
  };
}

function defineColumn(
  dialect: SqlDialect,
  rules: DefaultAndCollation,
  { table, columns }: { readonly table: Table; readonly columns: ReadonlyMap<string, Column> },
  column: Column,
): ColumnDefinition {
  const { name, scalarType, isNullable, storage } = column;
  const collation = column.identityText ? rules.identityCollation[dialect] : null;
  if (storage.kind === 'Stored') {
    const type = columnTypeName(dialect, table, column);
    const value = defineDefault(dialect, rules.columnDefault(column), table.table.name, name);
    return {
      name,
      scalarType,
      isIdentity: false,
      ...value,
      collation,
      type,
      nullable: isNullable,
      generated: null,
    };
  }
  const canonical = columns.get(storage.canonicalColumn);
  const { recordsGeneratedAsDeclared } = dialectFacts[dialect];
  return {
    name,
    scalarType,
    isIdentity: false,
    default: null,
    defaultName: null,
    collation,
    type: columnTypeName(dialect, table, recordsGeneratedAsDeclared || !canonical ? column : canonical),
    nullable: recordsGeneratedAsDeclared || storage.presenceColumn !== null || (canonical?.isNullable ?? true),
    generated: aliasValue(storage.canonicalColumn, storage.presenceColumn),
  };
}

/** Uniques, all-or-none checks, null-or-true checks; each kind by name (design 07 §2). */
function inlineConstraints(dialect: SqlDialect, { constraints }: Table): ConstraintDefinition[] {
  const clustered = dialectFacts[dialect].hasClusteredKeys ? false : null;
  const of = (define: (constraint: TableConstraint) => ConstraintDefinition[]) =>
    constraints.flatMap(define).sort(byName);
  return [
    ...of((constraint) => {
      if (constraint.kind !== 'Unique') return [];
      const { name, columns } = constraint;
      return [{ kind: 'unique', name, columns, clustered, declaresClustering: false }];
    }),
    ...of((constraint) => {
      if (constraint.kind !== 'AllOrNoneNullability') return [];
      const condition = allOrNone([constraint.fkColumn, ...constraint.dependentColumns]);
      return [{ kind: 'check', name: constraint.name, condition }];
    }),
    ...of((constraint) => {
      if (constraint.kind !== 'NullOrTrue') return [];
      return [{ kind: 'check', name: constraint.name, condition: nullOrTrue(constraint.column) }];
    }),
  ];
}

const actions = { NoAction: 'NO ACTION', Cascade: 'CASCADE' } as const satisfies Record<string, CatalogAction>;

function foreignKey(constraint: TableConstraint & { readonly kind: 'ForeignKey' }): ForeignKey {
  const { name, columns, targetTable, targetColumns, onDelete, onUpdate, deferrable } = constraint;
  return {
    name,
    columns,
    target: { schema: targetTable.schema, table: targetTable.name },
    targetColumns,
    onDelete: actions[onDelete],
    onUpdate: actions[onUpdate],
    deferrable,
    validated: true,
  };
}

/** The SQL type of a column of the model (design 07 §4.1). Throws `DDL_COLUMN_TYPE_MISSING`. */
export function columnTypeName(
  dialect: SqlDialect,
  table: Pick<Table, 'table'>,
  { name, kind, scalarType }: Pick<Column, 'name' | 'kind' | 'scalarType'>,
): string {
  const rules = dialectRules[dialect];
  if (scalarType) return rules.typeName(scalarType);
  if (kind === 'ResourceKeyId') return coreTypeName(dialect, 'small');
  if (kind !== 'Scalar') return rules.typeName({ kind: typesOfKinds[kind], maxLength: null, decimal: null });
  const owner = qualified(table.table);
  return fail(
    'DDL_COLUMN_TYPE_MISSING',
    `Column ${name} of table ${owner} (${kind}) has no type.`,
    {},
    { table: owner, column: name, kind },
  );
}

/** The table of the hierarchy (design 07 §4.4). */
export function defineAuthTable(dialect: SqlDialect, attachments: TableAttachments): TableDefinition {
  const { hasClusteredKeys } = dialectFacts[dialect];
  const scalarType = { kind: 'Int64', maxLength: null, decimal: null } as const;
  const columns = [authColumns.source, authColumns.target];
  return {
    ...authTable,
    group: 'auth',
    columns: columns.map((name) => ({
      name,
      type: dialectRules[dialect].typeName(scalarType),
      scalarType,
      nullable: false,
      isIdentity: false,
      default: null,
      defaultName: null,
      collation: null,
      generated: null,
    })),
    primaryKey: {
      name: `PK_${authTable.name}`,
      columns,
      clustered: hasClusteredKeys ? true : null,
      declaresClustering: hasClusteredKeys,
    },
    inlineConstraints: [],
    addedConstraints: [],
    foreignKeys: [],
    ...attachments,
    modelIndexes: [],
  };
}

/** Keys create their own indexes; only the other kinds are separate objects (design 05 §2.5). */
export function defineIndexes(entries: readonly DbIndex[]): Index[] {
  return entries
    .filter(({ kind }) => kind !== 'PrimaryKey' && kind !== 'UniqueConstraint')
    .map(({ name, isUnique, keyColumns, includeColumns }) => ({
      name,
      unique: isUnique,
      columns: keyColumns,
      include: includeColumns,
      predicate: null,
      plain: true,
      valid: true,
    }))
    .sort(byName);
}

/**
 * A table that records deletes and changed keys: the old and the new column of each value, then the columns that every
 * such table has (design 16 §7.1).
 */
export function defineTrackedTable(
  dialect: SqlDialect,
  { identityCollation }: Pick<CatalogRules, 'identityCollation'>,
  tracked: TrackedChangeTable,
): TableDefinition {
  const { table, valueColumns, systemColumns, primaryKeyName } = tracked;
  const { hasClusteredKeys } = dialectFacts[dialect];
  return {
    ...table,
    group: 'trackedChanges',
    columns: [
      ...valueColumns.flatMap(
        ({ oldColumn, newColumn, scalarType, isOldColumnNullable, isNewColumnNullable, origins }) => {
          const isIdentityText = scalarType.kind === 'String' && origins.includes('Identity');
          const collation = isIdentityText ? identityCollation[dialect] : null;
          return [
            valueColumn(dialect, oldColumn, scalarType, isOldColumnNullable, collation),
            valueColumn(dialect, newColumn, scalarType, isNewColumnNullable, collation),
          ];
        },
      ),
      ...systemColumns.map((column) => systemColumn(dialect, tracked, column)),
    ],
    primaryKey: {
      name: primaryKeyName,
      columns: systemColumns.filter(({ isPrimaryKey }) => isPrimaryKey).map(({ column }) => column),
      clustered: hasClusteredKeys ? true : null,
      declaresClustering: hasClusteredKeys,
    },
    inlineConstraints: [],
    addedConstraints: [],
    foreignKeys: [],
    indexes: [],
    modelIndexes: [],
    triggers: [],
  };
}

function valueColumn(
  dialect: SqlDialect,
  name: string,
  scalarType: ScalarType,
  nullable: boolean,
  collation: string | null,
): ColumnDefinition {
  return {
    name,
    type: dialectRules[dialect].typeName(scalarType),
    scalarType,
    nullable,
    isIdentity: false,
    default: null,
    defaultName: null,
    collation,
    generated: null,
  };
}

function systemColumn(
  dialect: SqlDialect,
  { createdAtDefaultName }: TrackedChangeTable,
  { role, column, scalarType }: TrackedSystemColumn,
): ColumnDefinition {
  const value = defineDefault(dialect, role === 'CreatedAt' ? 'now' : null, '', column);
  return {
    name: column,
    type: scalarType === null ? coreTypeName(dialect, 'uuid') : dialectRules[dialect].typeName(scalarType),
    scalarType,
    nullable: false,
    isIdentity: false,
    ...value,
    defaultName: value.defaultName && createdAtDefaultName,
    collation: null,
    generated: null,
  };
}

/** The defaults without a given name, which the server names itself (design 16 §4.4). */
const unnamed: ReadonlySet<DefaultKind> = new Set(['nextItemId']);

/** The default of a column, with its name if the dialect has names for defaults. */
export function defineDefault(
  dialect: SqlDialect,
  kind: DefaultKind | null,
  table: string,
  column: string,
): Pick<ColumnDefinition, 'default' | 'defaultName'> {
  if (kind === null) return { default: null, defaultName: null };
  const isNamed = dialectFacts[dialect].namesDefaults && !unnamed.has(kind);
  return {
    default: makeExpression(dialect, kind),
    defaultName: isNamed ? limitIdentifier(dialectRules[dialect], `DF_${table}_${column}`) : null,
  };
}

function makeExpression(dialect: SqlDialect, kind: DefaultKind): CheckExpression {
  switch (kind) {
    case 'nextVersion':
      return { kind: 'nextValue', sequence: core.changeVersionSequence };
    case 'nextItemId':
      return { kind: 'nextValue', sequence: coreV2.collectionItemIdSequence };
    case 'now':
      return call(dialectFacts[dialect].currentTimeFunction);
    case 'zero':
      return number(0);
  }
}
