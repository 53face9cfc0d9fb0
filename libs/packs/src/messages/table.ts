import {
  type Column,
  type ColumnStorage,
  constraintOrder,
  isMirroredKind,
  type KeyedResource,
  qualified,
  type Table,
  type TableConstraint,
} from '@dms/model';
import { failInvariant, type PackPlace, required } from '../fail-pack.ts';
import type { PackRules } from '../pack-rules.ts';
import type * as format from '../wire/pack-format.ts';
import { actionTokens, columnKindTokens } from '../wire/tokens.ts';
import {
  columnNameMessage,
  columnNames,
  nameOf,
  optionalColumnName,
  type PayloadReader,
  resourceNameMessage,
  scalarTypeMessage,
  tableNameMessage,
  tokenOf,
} from './payload-reader.ts';

/* Tables of a model: in its order, except for constraints (design 08 §12.3). */

/** A table before a generation says what identifies its rows. */
type KeyedTable = KeyedResource['tablesInDependencyOrder'][number];

const stored: ColumnStorage = { kind: 'Stored' };

const storageMessage = {
  write: (storage: ColumnStorage): format.ColumnStorage =>
    storage.kind === 'Stored'
      ? { stored: {}, unifiedAlias: null }
      : {
          stored: null,
          unifiedAlias: {
            canonicalColumn: columnNameMessage.write(storage.canonicalColumn),
            presenceColumn: optionalColumnName.write(storage.presenceColumn),
          },
        },
  read(message: format.ColumnStorage, at: PackPlace): ColumnStorage {
    if (message.stored) return stored;
    const { canonicalColumn, presenceColumn } = required(message.unifiedAlias, at, 'storage');
    return {
      kind: 'UnifiedAlias',
      canonicalColumn: columnNameMessage.read(canonicalColumn, at, 'storage.unified_alias.canonical_column'),
      presenceColumn: optionalColumnName.read(presenceColumn, at, 'storage.unified_alias.presence_column'),
    };
  },
} as const;

const columnMessage = {
  write: (column: Column): format.DbColumnModel => ({
    columnName: columnNameMessage.write(column.name),
    kind: columnKindTokens.code(column.kind),
    isNullable: column.isNullable,
    scalarType: column.scalarType && scalarTypeMessage.write(column.scalarType),
    sourceJsonPath: column.sourcePath?.canonical ?? '',
    targetResource: column.targetResource && resourceNameMessage.write(column.targetResource),
    storage: storageMessage.write(column.storage),
  }),
  read(message: format.DbColumnModel, table: PackPlace, { rules, pathOf }: PayloadReader): Column {
    const name = columnNameMessage.read(message.columnName, table, 'columns.column_name');
    const at = { ...table, part: name };
    const storage = storageMessage.read(required(message.storage, at, 'storage'), at);
    const kind = tokenOf(rules.columnKinds, message.kind, at, 'kind');
    return {
      name,
      kind,
      scalarType: message.scalarType && scalarTypeMessage.read(message.scalarType, at),
      isNullable: message.isNullable,
      sourcePath: message.sourceJsonPath === '' ? null : pathOf(message.sourceJsonPath, at, 'source_json_path'),
      targetResource: message.targetResource && resourceNameMessage.read(message.targetResource, at, 'target_resource'),
      storage,
      isWritable: storage.kind === 'Stored' && !isMirroredKind(kind),
    };
  },
} as const;

const constraintMessage = {
  write(constraint: TableConstraint): format.TableConstraint {
    const none = { unique: null, foreignKey: null, allOrNoneNullability: null, nullOrTrue: null };
    const { name } = constraint;
    switch (constraint.kind) {
      case 'Unique':
        return { ...none, name, unique: { columns: columnNames.write(constraint.columns) } };
      case 'ForeignKey': {
        const foreignKey = {
          columns: columnNames.write(constraint.columns),
          targetTable: tableNameMessage.write(constraint.targetTable),
          targetColumns: columnNames.write(constraint.targetColumns),
          onDelete: actionTokens.code(constraint.onDelete),
          onUpdate: actionTokens.code(constraint.onUpdate),
        };
        return { ...none, name, foreignKey };
      }
      case 'AllOrNoneNullability': {
        const allOrNoneNullability = {
          fkColumn: columnNameMessage.write(constraint.fkColumn),
          dependentColumns: columnNames.write(constraint.dependentColumns),
        };
        return { ...none, name, allOrNoneNullability };
      }
      case 'NullOrTrue':
        return { ...none, name, nullOrTrue: { column: columnNameMessage.write(constraint.column) } };
    }
  },
  read(message: format.TableConstraint, table: PackPlace): TableConstraint {
    const { unique, foreignKey, allOrNoneNullability, nullOrTrue } = message;
    const name = nameOf(message.name, table, 'constraints.name');
    const at = { ...table, part: name };
    if (unique) return { kind: 'Unique', name, columns: columnNames.read(unique.columns, at, 'columns') };
    if (foreignKey) {
      return {
        kind: 'ForeignKey',
        name,
        columns: columnNames.read(foreignKey.columns, at, 'columns'),
        targetTable: tableNameMessage.read(foreignKey.targetTable, at, 'target_table'),
        targetColumns: columnNames.read(foreignKey.targetColumns, at, 'target_columns'),
        onDelete: tokenOf(actionTokens, foreignKey.onDelete, at, 'on_delete'),
        onUpdate: tokenOf(actionTokens, foreignKey.onUpdate, at, 'on_update'),
        deferrable: false,
      };
    }
    if (allOrNoneNullability) {
      return {
        kind: 'AllOrNoneNullability',
        name,
        fkColumn: columnNameMessage.read(allOrNoneNullability.fkColumn, at, 'fk_column'),
        dependentColumns: columnNames.read(allOrNoneNullability.dependentColumns, at, 'dependent_columns'),
      };
    }
    const { column } = required(nullOrTrue, at, 'kind');
    return { kind: 'NullOrTrue', name, column: columnNameMessage.read(column, at, 'column') };
  },
} as const;

export const tableMessage = {
  write: (table: Table, { identityMessage }: PackRules): format.DbTableModel => ({
    table: tableNameMessage.write(table.table),
    jsonScope: table.jsonScope.canonical,
    isJsonArrayScopeRequired: false,
    key: {
      columns: table.key.columns.map(({ name, kind }) => ({
        columnName: columnNameMessage.write(name),
        kind: columnKindTokens.code(kind),
      })),
      constraintName: table.key.constraintName,
    },
    columns: table.columns.map(columnMessage.write),
    constraints: table.constraints.toSorted(constraintOrder).map(constraintMessage.write),
    keyUnificationClasses: table.keyUnificationClasses.map(({ canonicalColumn, memberPathColumns }) => ({
      canonicalColumn: columnNameMessage.write(canonicalColumn),
      memberPathColumns: columnNames.write(memberPathColumns),
    })),
    identity: identityMessage(table),
  }),
  read(message: format.DbTableModel, resource: PackPlace, reader: PayloadReader): KeyedTable {
    const table = tableNameMessage.read(message.table, resource, 'tables_in_dependency_order.table');
    const at = { ...resource, table: qualified(table) };
    const key = required(message.key, at, 'key');
    if (message.isJsonArrayScopeRequired) failInvariant(at, 'is_json_array_scope_required', false, true);
    const { columnKinds, keyColumn } = reader.rules;
    return {
      table,
      jsonScope: reader.pathOf(message.jsonScope, at, 'json_scope'),
      key: {
        constraintName: key.constraintName,
        columns: key.columns.map(({ columnName, kind }, index) => {
          const name = columnNameMessage.read(columnName, at, 'key.columns.column_name');
          return keyColumn(name, columnKinds.token(kind), index, { ...at, part: name });
        }),
      },
      columns: message.columns.map((column) => columnMessage.read(column, at, reader)),
      constraints: message.constraints.map((constraint) => constraintMessage.read(constraint, at)),
      keyUnificationClasses: message.keyUnificationClasses.map(({ canonicalColumn, memberPathColumns }) => ({
        canonicalColumn: columnNameMessage.read(canonicalColumn, at, 'key_unification_classes.canonical_column'),
        memberPathColumns: columnNames.read(memberPathColumns, at, 'key_unification_classes.member_path_columns'),
      })),
    };
  },
} as const;
