import { locksOfTables } from '@dms/databases';
import type { ComparedSet } from '../comparing/compared-set.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';

/**
 * How many locks an upgrade takes in its transaction: the tables that its statements work on, as they are before or
 * after it (design 09 §1.9).
 */
export function locksOfPlan({ statements }: UpgradePlan, before: ComparedSet, after: ComparedSet): number {
  const touched = statements.flatMap(({ effects }) => effects.flatMap(({ table, target }) => [table, target]));
  const names = new Set(touched.flatMap((table) => (table ? [table.name] : [])));
  const tablesOf = ({ catalog }: ComparedSet) =>
    catalog.tables
      .map((table) => [`${table.schema}.${table.name}`, table] as const)
      .filter(([name]) => names.has(name));
  return locksOfTables([...new Map([...tablesOf(before), ...tablesOf(after)]).values()]);
}
