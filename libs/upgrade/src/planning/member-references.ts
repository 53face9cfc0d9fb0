import { resourceLabel } from '@dms/api-schema';
import type { Comparison } from './comparison.ts';
import type { UpgradeItem } from './upgrade-plan.ts';

/** Columns that stay and refer to an abstract resource, so that they may hold documents of any member. */
function referencesTo({ changes }: Comparison, abstractResource: string) {
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

/** Lets the documents object that refer to one of a member by way of the abstract resource which it will not be of any more. */
export function checkReferences(
  comparison: Comparison,
  item: UpgradeItem,
  abstractResource: string,
  memberKeyId: number,
): void {
  const { findings, queries } = comparison;
  for (const { table, column } of referencesTo(comparison, abstractResource))
    findings.check(item, queries.referringTo(table, column, [memberKeyId]));
}
