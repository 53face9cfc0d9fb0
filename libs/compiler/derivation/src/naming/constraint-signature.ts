import type { ReferentialAction } from '@dms/model';

/** The full names of a table, a column and a constraint, as in the draft; they are the input of the signature. */
interface SignedColumn {
  readonly name: string;
}

interface SignedTable {
  readonly table: { readonly schema: string; readonly name: string };
}

type SignedConstraint =
  | { readonly kind: 'Unique'; readonly columns: readonly SignedColumn[] }
  | {
      readonly kind: 'ForeignKey';
      readonly columns: readonly SignedColumn[];
      readonly target: SignedTable;
      readonly targetColumns: readonly SignedColumn[];
      readonly onDelete: ReferentialAction;
    }
  | {
      readonly kind: 'AllOrNoneNullability';
      readonly fkColumn: SignedColumn;
      readonly dependentColumns: readonly SignedColumn[];
    }
  | { readonly kind: 'NullOrTrue'; readonly column: SignedColumn };

/**
 * The semantic signature of a constraint in full names: equal signatures mean equal constraints, and a shortened
 * constraint name contains their hash (design 03 §5.4, §6.3). `onUpdate` is the action that a dialect has chosen for a
 * foreign key.
 */
export function constraintSignature(
  { table }: SignedTable,
  constraint: SignedConstraint,
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

const qualified = ({ schema, name }: SignedTable['table']) => `${schema}.${name}`;

const listed = (columns: readonly SignedColumn[]) => columns.map(({ name }) => name).join(',');

export function primaryKeySignature({ table, key }: SignedTable & { readonly key: readonly SignedColumn[] }): string {
  return `PrimaryKey|${qualified(table)}|${listed(key)}`;
}
