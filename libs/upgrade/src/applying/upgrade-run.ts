import type { Connection, Limits, OnWaiting, ProvisionLimits } from '@dms/databases';
import { type Diagnostic, diagnostic, failIfAny } from '@dms/diagnostics';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { planUpgrade, type UpgradeOptions } from '../plan/plan-upgrade.ts';
import type { LossCount } from '../plan/reported-plan.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import { itemText } from '../script/upgrade-statements.ts';
import type { BoundedStatements } from './bounded-statements.ts';
import type { RestoreViews } from './reporting-views.ts';
import { type StartingPoint, type StartingPointOptions, startingPoint } from './starting-point.ts';

/* A plan on its way into a database: what an upgrade, a survey and an estimate share. */

/** A statement that is about to run. */
export interface UpgradeProgress {
  readonly step: number;
  readonly title: string;
  readonly subject: string;
  readonly statement: number;
  readonly statements: number;
}

export interface ApplyOptions extends Omit<UpgradeOptions, 'purpose'>, StartingPointOptions {
  /** Does everything and takes it back. */
  readonly dryRun?: boolean | undefined;
  /** The plan from the one set to the other, if many databases share it; otherwise it is made here. */
  readonly plan?: UpgradePlan | undefined;
  /** Called if the database has reporting views; without it, the upgrade refuses such a database. */
  readonly restoreViews?: RestoreViews | undefined;
  readonly limits?: Partial<ProvisionLimits> | undefined;
  /** Milliseconds that one statement may take; no limit unless given. */
  readonly statementTimeout?: number | undefined;
  /**
   * Opens another session of the same database, to see who holds a lock, or how a commit ended after its session broke.
   */
  readonly reopen?: (() => Promise<Connection>) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onWaiting?: OnWaiting | undefined;
  readonly onProgress?: ((progress: UpgradeProgress) => void) | undefined;
}

/** How much an item loses, counted before the change. */
export type CountedLoss = LossCount;

/** A plan and the database that it is for. */
export interface UpgradeRun {
  readonly connection: Connection;
  readonly before: ComparedSet;
  readonly after: ComparedSet;
  readonly plan: UpgradePlan;
  readonly options: ApplyOptions;
}

/** A run, and the function that sends its statements. */
export interface BoundedRun extends UpgradeRun {
  readonly statements: BoundedStatements;
}

export const queryLimits = ({ options }: UpgradeRun): Limits => ({ signal: options.signal });

/** What the database of a run has before it. */
export const findStart = (run: UpgradeRun): Promise<StartingPoint> =>
  startingPoint(run.connection, run.before, run.after, run.options, queryLimits(run));

/** Why a plan is impossible: `UPGRADE_IMPOSSIBLE` for every item that cannot be done. */
export function impossibleItems({ items }: UpgradePlan): readonly Diagnostic[] {
  const found = items.filter((item) => item.class === 'impossible');
  return found.map((item) =>
    diagnostic(
      'UPGRADE_IMPOSSIBLE',
      `${item.owner}: ${itemText(item)}: ${item.reason}. Load the documents into a new database instead.`,
      { resource: item.owner },
      { change: item.change, path: [...item.path] },
    ),
  );
}

/** Throws `UPGRADE_IMPOSSIBLE` where nothing could be done in any database. */
export function plannedRun(
  connection: Connection,
  before: ComparedSet,
  after: ComparedSet,
  options: ApplyOptions,
): UpgradeRun {
  const plan = options.plan ?? planUpgrade(before, after, options);
  failIfAny(impossibleItems(plan));
  return { connection, before, after, plan, options };
}
