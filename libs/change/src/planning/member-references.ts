import { resourceLabel } from '@dms/api-schema';
import type { ReferenceColumn } from './change.ts';
import type { Comparison } from './comparison.ts';

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
