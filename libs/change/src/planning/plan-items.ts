import { compareBy } from '@dms/canonical-json';
import type { ChangeQueries } from '../script/change-queries.ts';
import type { Change } from './change.ts';
import { itemOf } from './change-item.ts';
import { type ChangeClass, changeClasses, type UpgradeCheck, type UpgradeItem } from './upgrade-plan.ts';

/** What a plan says about its changes. */
export interface PlanItems {
  readonly items: readonly UpgradeItem[];
  readonly checks: readonly UpgradeCheck[];
  readonly losses: readonly UpgradeCheck[];
  readonly verdict: ChangeClass;
}

const order = compareBy<{ readonly item: UpgradeItem }>(
  ({ item }) => item.owner,
  ({ item }) => item.path.join('\n'),
  ({ item }) => item.change,
);

/** The items of changes, ordered by owner, path and change. Queries follow the order of their items, without duplicates. */
export function planItems(
  changes: readonly Change[],
  queriesOf: (change: Change) => ChangeQueries,
  earlierName?: (later: string) => string,
): PlanItems {
  const entries = changes.map((change) => ({ item: itemOf(change, earlierName), queries: queriesOf(change) })).sort(order);
  const numbered = (prefix: string, kind: keyof ChangeQueries): UpgradeCheck[] => {
    const seen = new Set<string>();
    return entries
      .flatMap(({ queries }, item) => queries[kind].map((sql) => ({ item, sql })))
      .filter(({ sql }) => !seen.has(sql) && seen.add(sql))
      .map((query, index) => ({ id: `${prefix}${index + 1}`, ...query }));
  };
  const worst = Math.max(0, ...entries.map(({ item }) => changeClasses.indexOf(item.class)));
  return {
    items: entries.map(({ item }) => item),
    checks: numbered('C', 'checks'),
    losses: numbered('L', 'losses'),
    verdict: changeClasses[worst] ?? 'free',
  };
}
