import {
  core,
  type ForeignKeyConstraint,
  type FullNames,
  modelIndex,
  qualified,
  type RelationalModelSet,
  type Table,
} from '@dms/model';
import { compareOrdinal } from '@dms/values';
import { authColumns, authTable, hierarchyIndexName } from './hierarchy.ts';
import type { DbIndex } from './inventory.ts';

/** An index with its full-length name; final names are assigned when the list is complete. */
export interface NamedIndex extends Omit<DbIndex, 'name'> {
  readonly fullName: string;
}

/** All leftmost prefixes of the key columns of a table's existing indexes. */
class Coverage {
  private readonly prefixes = new Set<string>();

  add(columns: readonly string[]): void {
    for (let length = 1; length <= columns.length; length += 1) this.prefixes.add(columns.slice(0, length).join('\n'));
  }

  covers(columns: readonly string[]): boolean {
    return this.prefixes.has(columns.join('\n'));
  }
}

function isForeignKey(constraint: Table['constraints'][number]): constraint is ForeignKeyConstraint {
  return constraint.kind === 'ForeignKey';
}

/**
 * The indexes of one table (design 05 §2.2): the indexes of its keys, then one for each foreign key whose columns are
 * not the leftmost prefix of another index, longest foreign keys first.
 */
function tableIndexes(table: Table, names: FullNames): NamedIndex[] {
  const indexes: NamedIndex[] = [];
  const coverage = new Coverage();
  const add = (fullName: string, kind: DbIndex['kind'], isUnique: boolean, keyColumns: readonly string[]) => {
    indexes.push({ fullName, table: table.table, kind, isUnique, keyColumns, includeColumns: [] });
    coverage.add(keyColumns);
  };
  add(
    table.key.constraintName,
    'PrimaryKey',
    true,
    table.key.columns.map(({ name }) => name),
  );
  for (const constraint of table.constraints)
    if (constraint.kind === 'Unique') add(constraint.name, 'UniqueConstraint', true, constraint.columns);
  const [keyColumn, ...otherKeys] = table.key.columns;
  const isPrimaryKey = (name: string | undefined) => otherKeys.length === 0 && name === keyColumn?.name;
  const foreignKeys = table.constraints
    .filter(isForeignKey)
    .sort((a, b) => b.columns.length - a.columns.length || compareOrdinal(a.name, b.name));
  for (const { columns, targetTable } of foreignKeys) {
    if (coverage.covers(columns)) continue;
    // the primary key finds the only row of a document
    if (qualified(targetTable) === qualified(core.document) && isPrimaryKey(columns[0])) continue;
    const fullColumns = columns.map((column) => names.column(table.table, column));
    add(`IX_${names.table(table.table)}_${fullColumns.join('_')}`, 'ForeignKeySupport', false, columns);
  }
  return indexes;
}

export function deriveIndexes(model: RelationalModelSet, names: FullNames): NamedIndex[] {
  return modelIndex(model).allTables.flatMap(({ table }) => tableIndexes(table, names));
}

/** The only index that no constraint or foreign key requires: the reverse lookup of the hierarchy (design 05 §5.4). */
export const hierarchyIndex: NamedIndex = {
  fullName: hierarchyIndexName,
  table: authTable,
  kind: 'Explicit',
  isUnique: false,
  keyColumns: [authColumns.target],
  includeColumns: [authColumns.source],
};
