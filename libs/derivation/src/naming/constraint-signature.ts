import type { ReferentialAction } from '@dms/model';
import type { DraftColumn, DraftConstraint, DraftTable, FullTableName } from '../draft/draft-table.ts';

const qualified = ({ schema, name }: FullTableName) => `${schema}.${name}`;

const listed = (columns: readonly DraftColumn[]) => columns.map(({ name }) => name).join(',');

/**
 * The semantic signature of a constraint in full names: equal signatures mean equal constraints, and the hash of a shortened
 * constraint name is made of it (design 03 §5.4, §6.3). `onUpdate` is what a dialect has decided for a foreign key.
 */
export function constraintSignature(
  { table }: DraftTable,
  constraint: DraftConstraint,
  onUpdate: ReferentialAction = 'NoAction',
): string {
  switch (constraint.kind) {
    case 'Unique':
      return `Unique|${qualified(table)}|${listed(constraint.columns)}`;
    case 'ForeignKey':
      return [
        'ForeignKey',
        qualified(table),
        listed(constraint.columns),
        qualified(constraint.target.table),
        listed(constraint.targetColumns),
        constraint.onDelete,
        onUpdate,
      ].join('|');
    case 'AllOrNoneNullability':
      return `AllOrNone|${qualified(table)}|${constraint.fkColumn.name}|${listed(constraint.dependentColumns)}`;
    case 'NullOrTrue':
      return `NullOrTrue|${qualified(table)}|${constraint.column.name}`;
  }
}

export function primaryKeySignature({ table, key }: DraftTable): string {
  return `PrimaryKey|${qualified(table)}|${listed(key)}`;
}
