import { resourceLabel } from '@dms/api-schema';
import type { Comparison } from '../comparing/comparison.ts';
import type { SideTable } from './table-pairs.ts';

/** A column of the earlier set that refers to documents. */
export interface ReferenceColumn {
  readonly table: SideTable;
  readonly column: string;
}

/** Columns that stay and refer to an abstract resource, so that they may hold documents of any member. */
export function referencesTo({ changes }: Comparison, abstractResource: string): readonly ReferenceColumn[] {
  return changes.flatMap(({ pair: { before: table }, dropped }) =>
    (table.model?.references ?? [])
      .filter(
        ({ targetResource, fkColumn }) =>
          resourceLabel(targetResource) === abstractResource &&
          !dropped.some(({ column, isLost }) => isLost && column.name === fkColumn),
      )
      .map(({ fkColumn }) => ({ table, column: fkColumn })),
  );
}
