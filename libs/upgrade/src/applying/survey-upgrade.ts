import {
  affectedRows,
  type ComparedSet,
  estimateUpgrade,
  type RowCounts,
  rowsKey,
  type UpgradeEstimate,
  type UpgradePlan,
} from '@dms/change';
import { type Connection, type Limits, provisionLimits, rolledBack } from '@dms/databases';
import { type Diagnostic, failIfAny } from '@dms/diagnostics';
import { mustExist, unqualified } from '@dms/model';
import { dialectRules, qualifiedName } from '@dms/sql';
import { expectSamePreparation } from '../preparing/same-preparation.ts';
import { boundedStatements } from './bounded-statements.ts';
import type { InvalidDocuments } from './document-checks.ts';
import { foreignObjections, foreignObjects, foreignWarnings } from './foreign-objects.ts';
import type { StartingPoint } from './starting-point.ts';
import { countLosses, runChecks, unpermittedLosses } from './upgrade-objections.ts';
import { type ApplyOptions, type CountedLoss, plannedRun, queryLimits, startOf, type UpgradeRun } from './upgrade-run.ts';

/**
 * Counts the rows that a plan works on. The session's database has the earlier set. The counts are exact: a server's own statistics may be
 * old or missing, and the upgrade reads these rows anyway. Throws the `DB_*` codes.
 */
async function countRows(
  connection: Connection,
  plan: Pick<UpgradePlan, 'dialect' | 'statements' | 'documentChecks'>,
  limits: Limits = {},
): Promise<RowCounts> {
  const rules = dialectRules[plan.dialect];
  const counts = new Map<string, number>();
  for (const rows of affectedRows(plan)) {
    const { table, condition } = rows;
    const name = qualifiedName(rules, unqualified(table));
    const where = condition === undefined ? '' : ` WHERE ${condition}`;
    const [row] = await connection.query<{ n: unknown }>(`SELECT COUNT(*) AS n FROM ${name} AS t${where}`, [], limits);
    counts.set(rowsKey(rows), Number(mustExist(row, `the count of ${table}`).n));
  }
  return counts;
}

/** What an upgrade would find in a database. */
export interface SurveyedUpgrade extends Omit<StartingPoint, 'drift' | 'prepared' | 'read'> {
  /** `UPGRADE_DRIFT_MILD`. */
  readonly diagnostics: readonly Diagnostic[];
  /** Empty if the database already has the later set. */
  readonly losses: readonly CountedLoss[];
  /** The documents that break rules of the later set, and may stay. */
  readonly invalid: readonly InvalidDocuments[];
  /** How long the upgrade would take; null if the database already has the later set. */
  readonly estimate: UpgradeEstimate | null;
}

/** An estimate for a database, and what stands in the way of the upgrade there. */
export interface EstimatedUpgrade extends Pick<SurveyedUpgrade, 'state' | 'estimate' | 'diagnostics'> {
  /** `UPGRADE_VIEWS_OBJECT`. */
  readonly objections: readonly Diagnostic[];
}

/** How long the rest of an upgrade would take in this database, estimated from its row counts. */
async function estimated(run: UpgradeRun): Promise<UpgradeEstimate> {
  const { connection, plan, before, after } = run;
  const tables = { before: before.catalog.tables.length, after: after.catalog.tables.length };
  return estimateUpgrade(plan, await countRows(connection, plan, queryLimits(run)), tables);
}

/**
 * Counts the rows of the session's database that a plan works on, and estimates how long the upgrade takes there (design 12 §12). Changes
 * nothing. Throws `UPGRADE_WRONG_DATABASE`, `UPGRADE_DRIFTED` and the `DB_*` codes.
 */
export async function estimateInDatabase(
  connection: Connection,
  before: ComparedSet,
  after: ComparedSet,
  { plan, ...options }: { readonly plan: UpgradePlan } & Pick<ApplyOptions, 'signal' | 'adopt'>,
): Promise<EstimatedUpgrade> {
  const run: UpgradeRun = { connection, before, after, plan, options };
  return rolledBack(connection, async () => {
    const { state, adoption, drift, prepared } = await startOf(run);
    if (state === 'after') return { state, estimate: null, objections: [], diagnostics: [] };
    expectSamePreparation(connection, plan, prepared ?? []);
    const foreign = await foreignObjects(
      connection,
      { plan, before, prepared, isAdopted: adoption !== null },
      queryLimits(run),
    );
    const diagnostics = foreignWarnings(connection.label, drift, foreign);
    const objections = foreignObjections(connection.label, plan, foreign);
    return { state, estimate: await estimated(run), objections, diagnostics };
  });
}

/**
 * Asks the session's database what an upgrade asks before its first change, without changing anything: which set it has,
 * which rows object, what would be lost (design 12 §7). It takes no lock. Throws the `UPGRADE_*` codes and the `DB_*` codes.
 */
export async function surveyUpgrade(
  connection: Connection,
  before: ComparedSet,
  after: ComparedSet,
  options: Omit<ApplyOptions, 'dryRun' | 'onWaiting' | 'onProgress'> = {},
): Promise<SurveyedUpgrade> {
  const planned = plannedRun(connection, before, after, options);
  const { signal, reopen, statementTimeout } = options;
  await connection.begin();
  try {
    const bounds = { signal, lock: options.limits?.lock ?? provisionLimits.lock, statement: statementTimeout, open: reopen };
    const run = { ...planned, statements: await boundedStatements(connection, bounds) };
    const { state, adoption, drift, prepared } = await startOf(run);
    if (state === 'after') return { state, adoption, losses: [], invalid: [], estimate: null, diagnostics: [] };
    expectSamePreparation(connection, run.plan, prepared ?? []);
    const question = { plan: run.plan, before, prepared, isAdopted: adoption !== null };
    const foreign = await foreignObjects(connection, question, queryLimits(run));
    failIfAny(foreignObjections(connection.label, run.plan, foreign));
    const losses = await countLosses(run);
    failIfAny(unpermittedLosses(run.plan, losses));
    const invalid = await runChecks(run);
    const diagnostics = foreignWarnings(connection.label, drift, foreign);
    return { state, adoption, losses, invalid, estimate: await estimated(run), diagnostics };
  } finally {
    await connection.rollback();
  }
}
