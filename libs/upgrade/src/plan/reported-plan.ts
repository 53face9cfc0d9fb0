import { compareSets } from '../comparing/compare-sets.ts';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { declaredOwners } from '../comparing/declared-owner.ts';
import type { UpgradeEstimate } from '../hazards/estimate.ts';
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
function reversePlan(
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

/** How much an item loses in a database. */
export interface LossCount {
  readonly item: UpgradeItem;
  /** Values, rows or documents. */
  readonly count: number;
  /** How many documents have them; null if they belong to no documents. */
  readonly documents: number | null;
}

/** How many rows or documents of a database do not allow an item. */
export interface ObjectionCount {
  readonly item: UpgradeItem;
  readonly count: number;
  readonly of: 'row' | 'document';
}

/** What a database has of what a plan loses and checks. */
export interface PlanFindings {
  readonly losses: readonly LossCount[];
  readonly objections: readonly ObjectionCount[];
}

/** A plan, and what a report of it says besides. */
export interface ReportedPlan {
  readonly plan: UpgradePlan;
  readonly reverse: ReversePlan;
  /** Null if no database was asked, or if it already has the later set. */
  readonly estimate: UpgradeEstimate | null;
  /** Null if no database was asked, or if it already has the later set. */
  readonly findings: PlanFindings | null;
}

/** A plan as reports show it, with what a database has of it, if one was asked. Throws the `UPGRADE_RENAME_*` codes. */
export const reportedPlan = (
  before: ComparedSet,
  after: ComparedSet,
  plan: UpgradePlan,
  { estimate = null, findings = null }: Partial<Pick<ReportedPlan, 'estimate' | 'findings'>> = {},
): ReportedPlan => ({ plan, reverse: reversePlan(before, after, plan), estimate, findings });
