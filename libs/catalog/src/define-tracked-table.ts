import type { TrackedChangeTable, TrackedSystemColumn } from '@dms/inventory';
import type { ScalarType } from '@dms/model';
import { dialectRules, type SqlDialect } from '@dms/sql';
import { defaultOf } from './column-default.ts';
import { coreTypeName } from './core-table.ts';
import type { ColumnDefinition, TableDefinition } from './definition.ts';
import { dialectFacts } from './dialect-facts.ts';

function valueColumn(dialect: SqlDialect, name: string, scalarType: ScalarType, nullable: boolean): ColumnDefinition {
  return {
    name,
    type: dialectRules[dialect].typeName(scalarType),
    scalarType,
    nullable,
    isIdentity: false,
    default: null,
    defaultName: null,
    collation: null,
    generated: null,
  };
}

function systemColumn(
  dialect: SqlDialect,
  { createdAtDefaultName }: TrackedChangeTable,
  { role, column, scalarType }: TrackedSystemColumn,
): ColumnDefinition {
  const value = defaultOf(dialect, role === 'CreatedAt' ? 'now' : null, '', column);
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

/**
 * A table that records deletes and changed keys: the old and the new column of each value, then the columns that every
 * such table has (design 16 §7.1).
 */
export function defineTrackedTable(dialect: SqlDialect, tracked: TrackedChangeTable): TableDefinition {
  const { table, valueColumns, systemColumns, primaryKeyName } = tracked;
  const { hasClusteredKeys } = dialectFacts[dialect];
  return {
    ...table,
    group: 'trackedChanges',
    columns: [
      ...valueColumns.flatMap(({ oldColumn, newColumn, scalarType, isOldColumnNullable, isNewColumnNullable }) => [
        valueColumn(dialect, oldColumn, scalarType, isOldColumnNullable),
        valueColumn(dialect, newColumn, scalarType, isNewColumnNullable),
      ]),
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
