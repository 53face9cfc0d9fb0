import type { TableConstraint } from './model.ts';
import type { FinalName } from './naming/name-forms.ts';

/** The columns of its own table that a constraint names. */
export function constraintColumns(constraint: TableConstraint): readonly FinalName[] {
  switch (constraint.kind) {
    case 'Unique':
    case 'ForeignKey':
      return constraint.columns;
    case 'AllOrNoneNullability':
      return [constraint.fkColumn, ...constraint.dependentColumns];
    case 'NullOrTrue':
      return [constraint.column];
  }
}
