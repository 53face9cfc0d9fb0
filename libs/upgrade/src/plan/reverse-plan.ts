import { compareSets } from '../comparing/compare-sets.ts';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { declaredOwners } from '../comparing/declared-owner.ts';
import { noQueries } from '../kinds/change-rules.ts';
import { planItems } from './plan-items.ts';
import type { UpgradeItem, UpgradePlan } from './upgrade-plan.ts';

/** The way back from the later to the earlier set, as far as the artifacts tell it. */
export interface ReversePlan extends Pick<UpgradePlan, 'verdict'> {
  /** What a database of the later set would lose. */
  readonly losses: readonly UpgradeItem[];
  /** What its rows and documents may refuse. */
  readonly checked: readonly UpgradeItem[];
  /** What cannot be taken back. */
  readonly impossible: readonly UpgradeItem[];
}

/**
 * Plans the way back of an upgrade, with its renames exchanged and every loss permitted (design 12 §6). It says what is
 * lost of what the later set has; what the upgrade itself loses does not come back.
 */
export function reversePlan(
  before: ComparedSet,
  after: ComparedSet,
  { renaming }: Pick<UpgradePlan, 'renaming'>,
): ReversePlan {
  const renames = renaming.renames.map((rename) => ({ before: rename.after, after: rename.before }));
  const { changes } = compareSets(after, before, { renames, permits: () => true });
  const { items, verdict } = planItems(changes, () => noQueries, declaredOwners(after, before));
  const of = (name: UpgradeItem['class']) => items.filter((item) => item.class === name);
  return { verdict, losses: of('loss'), checked: of('checked'), impossible: of('impossible') };
}
