import type { ComparedSet } from '../comparing/compared-set.ts';
import type { UpgradeEstimate } from '../hazards/estimate.ts';
import { type ReversePlan, reversePlan } from './reverse-plan.ts';
import type { UpgradeItem, UpgradePlan } from './upgrade-plan.ts';

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
