import {
  type Connection,
  healthFindings,
  keptViewsFindings,
  type Limits,
  lockTableDiagnostics,
  markedViews,
  provisionLimits,
  readKeptViews,
  readLockTable,
  rolledBack,
  rowsOf,
  viewLayers,
} from '@dms/databases';
import { type Diagnostic, failIfAny, severityOf } from '@dms/diagnostics';
import { mustExist, unqualified } from '@dms/model';
import { dialectOf, empty } from '@dms/sql';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { affectedRows, estimateUpgrade, type RowCounts, rowsKey, type UpgradeEstimate } from '../hazards/estimate.ts';
import { type TableSizes, tableSizesQuery, writtenBytes } from '../hazards/plan-size.ts';
import { keepingErrors, readEarlierKept } from '../keeping/keeping.ts';
import type { SurveyedTranslation } from '../plan/translation-report.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import { expectSamePreparation } from '../preparing/prepared-statements.ts';
import { translationToRead } from '../translating/read-and-translate.ts';
import { leavingDocuments } from '../translating/removed-documents.ts';
import { surveyTranslation } from '../translating/survey-translation.ts';
import { boundedStatements } from './bounded-statements.ts';
import { foreignErrors, foreignObjects, foreignWarnings } from './foreign-objects.ts';
import { locksOfUpgrade } from './lock-count.ts';
import { sequenceFindings, type UpgradeFindings, upgradeFindings } from './upgrade-findings.ts';
import {
  type ApplyOptions,
  changesTables,
  earlierViewsFindings,
  findStart,
  plannedRun,
  queryLimits,
  type StartingPoint,
  type UpgradeRun,
} from './upgrade-run.ts';

/** The findings of an upgrade in a database, without the upgrade. */
export interface SurveyedUpgrade extends Omit<StartingPoint, 'drift' | 'prepared' | 'read'>, UpgradeFindings {
  /** `UPGRADE_DRIFT_MILD`. */
  readonly diagnostics: readonly Diagnostic[];
  /** How long the upgrade would take; null if the database already has the later set. */
  readonly estimate: UpgradeEstimate | null;
  /** The effect of a translation on the documents; null if it reads none. */
  readonly translation: SurveyedTranslation | null;
}

const nothing = {
  losses: [],
  invalid: [],
  warnings: [],
  errors: [],
  counts: [],
  diagnostics: [],
  estimate: null,
  translation: null,
};

/**
 * Runs the checks that an upgrade makes before its first change, without changing anything: the set of the database,
 * the rows, documents and foreign objects that do not allow the upgrade, the losses, the time that it would take, and
 * the bytes that it would write (design 12 §7). It takes no lock. Throws `UPGRADE_WRONG_DATABASE`, `UPGRADE_DRIFTED`,
 * `UPGRADE_IMPOSSIBLE`, `UPGRADE_PREPARED_OTHER` and the `DB_*` codes.
 */
export async function surveyUpgrade(
  connection: Connection,
  before: ComparedSet,
  after: ComparedSet,
  options: Omit<ApplyOptions, 'dryRun' | 'onWaiting'> = {},
): Promise<SurveyedUpgrade> {
  const planned = plannedRun(connection, before, after, options);
  const { signal, reopen, statementTimeout } = options;
  const { mappingVersion } = after.catalog;
  failIfAny(await healthFindings(connection, 'plan', { mappingVersion, signal }));
  return rolledBack(connection, async () => {
    const bounds = {
      signal,
      lock: options.limits?.lock ?? provisionLimits.lock,
      statement: statementTimeout,
      open: reopen,
    };
    const run = { ...planned, statements: await boundedStatements(connection, bounds) };
    const { state, adoption, drift, prepared } = await findStart(run);
    if (state === 'after') return { state, adoption, ...nothing };
    expectSamePreparation(connection, run.plan, prepared ?? []);
    const isAdopted = adoption !== null;
    const kept = await readEarlierKept(connection, { ...run, isAdopted }, queryLimits(run));
    const question = { plan: run.plan, before, prepared, isAdopted, kept };
    const foreign = await foreignObjects(connection, question, queryLimits(run));
    const { rejects } = options;
    const translation = translationToRead(run.plan, rejects);
    const surveyed =
      translation &&
      (await surveyTranslation(connection, translation, { before, after, plan: run.plan, signal }, rejects));
    if (surveyed === null) await rejects?.finish();
    const leaving = leavingDocuments(surveyed?.removed ?? []);
    const isTranslated = surveyed !== null && rejects !== undefined;
    const found = await upgradeFindings(run, { leaving, isTranslated });
    const marked = await markedViews(connection, queryLimits(run));
    const keptViews =
      marked.length > 0 && changesTables(run, { adoption })
        ? await readKeptViews(connection, viewLayers, queryLimits(run))
        : null;
    const views = [
      ...earlierViewsFindings(connection.label, marked, options.restoreViews),
      ...keptViewsFindings(connection, keptViews),
    ];
    const table = await readLockTable(connection, queryLimits(run));
    const readsDocuments = translation !== null;
    const removesDocuments = leaving.size > 0;
    const counted = { before, after, readsDocuments, removesDocuments, views: kept.views.length };
    const needed = locksOfUpgrade(run.plan, counted);
    const locks = lockTableDiagnostics(connection, 'the upgrade', needed, table);
    const sequences = await sequenceFindings(connection, before, translation !== null, queryLimits(run));
    const errors = [
      ...[...locks, ...sequences].filter(isError),
      ...views,
      ...foreignErrors(connection.label, run.plan, foreign),
      ...keepingErrors(connection.label, kept, run),
      ...found.errors,
      ...(surveyed?.errors ?? []),
    ];
    const diagnostics = [
      ...[...locks, ...sequences].filter((each) => !isError(each)),
      ...found.warnings,
      ...foreignWarnings(connection.label, drift, foreign),
    ];
    const estimate = await estimated(run, surveyed?.found);
    return { state, adoption, ...found, errors, estimate, translation: surveyed?.found ?? null, diagnostics };
  });
}

const isError = (found: Diagnostic) => severityOf(found) === 'error';

/** How long the rest of an upgrade would take in this database, and how much it writes, estimated from its row counts. */
async function estimated(run: UpgradeRun, translation: SurveyedTranslation | undefined): Promise<UpgradeEstimate> {
  const { connection, before, after } = run;
  // a plan that lacks a permission is estimated as if it had it
  const plan = { ...run.plan, statements: run.plan.intended };
  const tables = { before: before.catalog.tables.length, after: after.catalog.tables.length };
  const limits = queryLimits(run);
  const rows = await countRows(connection, plan, limits);
  const sizes = await tableSizes(connection, limits);
  const translated = translation === undefined ? 0 : translatedBytes(translation);
  const bytes = sizes === null ? null : writtenBytes(plan, rows, sizes) + translated;
  return { ...estimateUpgrade(plan, rows, tables), bytes };
}

/**
 * Counts the rows that a plan works on. The session's database has the earlier set. The counts are exact: a server's
 * own statistics may be old or missing, and the upgrade reads these rows anyway.
 */
async function countRows(
  connection: Connection,
  plan: Pick<UpgradePlan, 'dialect' | 'statements' | 'documentChecks'>,
  limits: Limits = {},
): Promise<RowCounts> {
  const { sql } = dialectOf[plan.dialect];
  const counts = new Map<string, number>();
  for (const rows of affectedRows(plan)) {
    const { table, condition } = rows;
    const where = condition === undefined ? empty : sql` WHERE ${condition}`;
    const counted = sql`SELECT COUNT(*) AS n FROM ${unqualified(table)} AS t${where}`;
    const [row] = await rowsOf<{ n: unknown }>(connection, counted, limits);
    counts.set(rowsKey(rows), Number(mustExist(row, `the count of ${table}`).n));
  }
  return counts;
}

/** The sizes of the tables of a database; null if the dialect has no query for them. */
async function tableSizes(connection: Connection, limits: Limits): Promise<TableSizes | null> {
  const query = tableSizesQuery[connection.dialect];
  if (query === null) return null;
  const rows = await rowsOf<Record<'name' | 'bytes' | 'index_bytes' | 'indexes', unknown>>(connection, query, limits);
  return new Map(
    rows.map(({ name, bytes, index_bytes: indexBytes, indexes }) => [
      String(name),
      { bytes: Number(bytes), indexBytes: Number(indexBytes), indexes: Number(indexes) },
    ]),
  );
}

/** Estimates the bytes that a translation writes from its share of the documents of the database. */
const translatedBytes = ({ bytes, writtenAgain, documents: { read } }: SurveyedTranslation) =>
  read === 0 ? 0 : (bytes * writtenAgain) / read;
