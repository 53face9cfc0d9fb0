import {
  type ComparedSet,
  diffCatalogs,
  diffText,
  newDrift,
  stepFacts,
  type UpgradePlan,
  type UpgradeStatement,
} from '@dms/change';
import {
  afterRoles,
  type Connection,
  checkWritable,
  createOwnerRoles,
  type EmbeddedTarget,
  inLockRoom,
  introspectHere,
  type Limits,
  lockedTransaction,
  lockTableFindings,
  type Open,
  openDatabase,
  provisioningDialects,
  provisionLimits,
  readLockTable,
  type ServerTarget,
  takePreparingLock,
} from '@dms/databases';
import { counted, type Diagnostic, type DmsError, diagnostic, fail, failIfAny } from '@dms/diagnostics';
import { core, qualified } from '@dms/model';
import { mssqlName, pgsqlName, type SqlDialect } from '@dms/sql';
import { unrecordedUpgrade } from '../history/upgrade-status.ts';
import { preparedStatements } from '../preparing/prepared-statements.ts';
import { boundedStatements } from './bounded-statements.ts';
import type { InvalidDocuments } from './document-checks.ts';
import { countDifferences, countDocuments } from './document-counts.ts';
import { foreignObjections, foreignObjects, foreignWarnings } from './foreign-objects.ts';
import { locksOfPlan } from './plan-locks.ts';
import { namedFailure } from './refused-statement.ts';
import { withoutReportingViews } from './reporting-views.ts';
import { places, type StartingPoint } from './starting-point.ts';
import { countLosses, runChecks, unpermittedLosses } from './upgrade-objections.ts';
import {
  type ApplyOptions,
  type BoundedRun,
  type CountedLoss,
  plannedRun,
  queryLimits,
  startOf,
  type UpgradeRun,
} from './upgrade-run.ts';

/** Every writer of documents writes to this table; readers are not blocked. */
const locks: Readonly<Record<SqlDialect, string>> = {
  pgsql: `LOCK TABLE ${pgsqlName(core.document)} IN SHARE ROW EXCLUSIVE MODE`,
  mssql: `DECLARE @held int; SELECT TOP (1) @held = 1 FROM ${mssqlName(core.document)} WITH (TABLOCK, HOLDLOCK);`,
};

/**
 * Keeps other sessions from writing documents until the session's transaction ends, and waits for those that are writing (design 12 §7).
 * Counts taken after this stay right. Throws the `DB_*` codes.
 */
async function keepWritersAway(connection: Connection, limits: Limits = {}): Promise<void> {
  await connection.execute(locks[connection.dialect], limits);
}

export interface Upgraded {
  readonly outcome: 'upgraded' | 'dryRun' | 'alreadyUpgraded';
  readonly plan: UpgradePlan;
  /** How triggers and functions of the service's own tool became ours first; null if they were ours. */
  readonly adoption: UpgradePlan | null;
  readonly losses: readonly CountedLoss[];
  /** The documents that break rules of the later set, and stay. */
  readonly invalid: readonly InvalidDocuments[];
  /** How many documents there are afterwards. */
  readonly documents: number;
  /** How many statements `upgrade prepare` had made. */
  readonly prepared: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Runs the statements of the plan, except the checks, which have already run. */
async function runStatements(
  { connection, options, statements }: BoundedRun,
  plan: UpgradePlan,
  sqlOf: (statement: UpgradeStatement) => string = ({ sql }) => sql,
): Promise<void> {
  const list = plan.statements.filter((statement) => statement.step !== 'checks' && sqlOf(statement) !== '');
  for (const [index, statement] of list.entries()) {
    const { subject } = statement;
    const sql = sqlOf(statement);
    const { number: step, title } = stepFacts(statement.step);
    options.onProgress?.({ step, title, subject, statement: index + 1, statements: list.length });
    const number = plan.statements.indexOf(statement) + 1;
    const what = `statement ${number} of ${plan.statements.length} (step ${step}, ${title}: ${subject})`;
    try {
      await statements.run(what, (limits) => connection.execute(sql, limits));
    } catch (error) {
      throw namedFailure(error, plan, statement, connection);
    }
  }
}

/** The result must be what the later set makes, or what an adoption alone leaves, with all documents (design 12 §1). */
async function verifyResult(
  run: UpgradeRun,
  { adoption, drift }: StartingPoint,
  counts: ReadonlyMap<string, number>,
): Promise<number> {
  const { connection, after, before, plan } = run;
  const { catalog } = await introspectHere(connection, queryLimits(run));
  const wanted = plan.statements.length === 0 ? (adoption?.after ?? after.catalog) : after.catalog;
  const diff = diffCatalogs(wanted, catalog);
  const found = newDrift(diff, drift.kept);
  if (found.length > 0) {
    const text = `${connection.label}: the upgraded database is not what the later schema set makes. Nothing was changed.\n${diffText(catalog, diff)}`;
    fail('VERIFY_CATALOG_DIFFERS', text, {}, { differences: places(found) });
  }
  const now = await countDocuments(connection, queryLimits(run));
  const differences = countDifferences(counts, now, before.info, after.info, plan.renaming).map(
    ({ resource, earlier, found: n }) => {
      const text = `${connection.label}: ${resource} had ${counted(earlier, 'document')} before the upgrade and has ${n} after it. This is a bug in the upgrade; nothing was changed.`;
      return diagnostic('UPGRADE_COUNTS_DIFFER', text, { resource }, { resource, before: earlier, after: n });
    },
  );
  failIfAny(differences);
  return [...now.values()].reduce((sum, count) => sum + count, 0);
}

type Done = Omit<Upgraded, 'plan'>;

/** An index that another session builds at the moment would be neither there nor missing. */
async function expectNoPreparation(connection: Connection): Promise<void> {
  const holder = await takePreparingLock(connection);
  if (holder === null) return;
  const text = `${connection.label}: another session (${holder}) prepares this database or removes what was prepared. Nothing was changed. Run it again when that session has ended.`;
  fail('UPGRADE_PREPARE_RUNNING', text, {}, { holder });
}

async function inTransaction(run: BoundedRun): Promise<Done> {
  const { connection, plan, options, statements } = run;
  await expectNoPreparation(connection);
  const start = await statements.run('reading the database', () => startOf(run));
  const { state, adoption, drift } = start;
  if (state === 'after')
    return { outcome: 'alreadyUpgraded', adoption: null, losses: [], invalid: [], documents: 0, diagnostics: [], prepared: 0 };
  const prepared = await preparedStatements(connection, plan, start.prepared, queryLimits(run));
  // an adoption alone changes nothing that views use
  const changesTables = adoption === null || plan.statements.length > 0;
  const question = { plan, before: run.before, prepared: start.prepared, isAdopted: adoption !== null };
  const foreign = changesTables ? await foreignObjects(connection, question, queryLimits(run)) : null;
  if (foreign !== null) failIfAny(foreignObjections(connection.label, plan, foreign));
  // writers are locked out before anything is counted: later writes would look like a mistake of the upgrade
  await statements.run(`keeping writers away from ${qualified(core.document)}`, (limits) =>
    keepWritersAway(connection, limits),
  );
  const restoreViews = changesTables
    ? await statements.run('removing reporting views', (limits) =>
        withoutReportingViews(connection, options.restoreViews, limits),
      )
    : async () => undefined;
  const counts = await countDocuments(connection, queryLimits(run));
  const losses = await countLosses(run);
  failIfAny(unpermittedLosses(plan, losses));
  const invalid = await runChecks(run);
  for (const { difference, statements: texts } of drift.mended)
    for (const text of texts)
      await statements.run(`creating the index ${difference.path.join('.')}`, (limits) => connection.execute(text, limits));
  if (adoption !== null) await runStatements(run, adoption.plan);
  for (const text of prepared.removals)
    await statements.run('removing what is half prepared', (limits) => connection.execute(text, limits));
  await runStatements(run, plan, prepared.sqlOf);
  await statements.run('creating reporting views', restoreViews);
  await provisioningDialects[connection.dialect].checkTransaction(connection);
  const documents = await verifyResult(run, start, counts);
  const last = plan.statements.length === 0 && adoption !== null ? adoption.plan : plan;
  const diagnostics = [
    ...foreignWarnings(connection.label, drift, foreign),
    ...(await unrecordedUpgrade(connection, last, queryLimits(run))),
  ];
  const outcome = options.dryRun ? 'dryRun' : 'upgraded';
  return { outcome, adoption: adoption?.plan ?? null, losses, invalid, documents, diagnostics, prepared: prepared.count };
}

/** Which set the database has, read by another session once no upgrade is running; null if the database could not be queried. */
async function stateAfterwards(run: UpgradeRun): Promise<StartingPoint['state'] | null> {
  try {
    const connection = await run.options.reopen?.();
    if (!connection) return null;
    try {
      const { state } = await lockedTransaction(connection, () => startOf({ ...run, connection }), { keeps: () => false });
      return state;
    } finally {
      await connection.close();
    }
  } catch {
    return null;
  }
}

/** Asks the database how a commit ended during which the connection broke. Throws `UPGRADE_COMMIT_UNKNOWN`. */
async function commitOutcome(run: UpgradeRun, lost: DmsError): Promise<Diagnostic> {
  const { label } = run.connection;
  const cause = lost.diagnostics[0].message;
  const state = await stateAfterwards(run);
  if (state === 'after')
    return diagnostic(
      'UPGRADE_COMMIT_CONFIRMED',
      `${label}: the connection broke while committing; the database is upgraded. ${cause}`,
    );
  const found =
    state === 'before' ? 'the upgrade was not committed, and nothing was changed' : 'the database could not be queried';
  const text = `${label}: the connection broke while committing; ${found}. Run it again: an upgraded database is left unchanged. ${cause}`;
  return fail('UPGRADE_COMMIT_UNKNOWN', text, {}, { state: state ?? 'unknown' });
}

/**
 * Upgrades the session's database in one transaction: afterwards it has the later set and all documents, or is unchanged
 * (design 12 §7). Throws the `UPGRADE_*` codes, `PROVISION_LOCKED`, `VERIFY_CATALOG_DIFFERS` and the `DB_*` codes.
 */
export async function applyUpgrade(
  connection: Connection,
  before: ComparedSet,
  after: ComparedSet,
  options: ApplyOptions = {},
): Promise<Upgraded> {
  const run = plannedRun(connection, before, after, options);
  const { plan } = run;
  const limits = { ...provisionLimits, ...options.limits };
  const { signal, onWaiting, reopen, statementTimeout } = options;
  const diagnostics: Diagnostic[] = [];
  await checkWritable(connection);
  const needsRoles = reopen && !options.dryRun;
  const roles = needsRoles ? await createOwnerRoles(connection, after.catalog, { signal, onWaiting, open: reopen }) : [];
  const work = async () => {
    const bounds = { signal, lock: limits.lock, statement: statementTimeout, open: reopen };
    return inTransaction({ ...run, statements: await boundedStatements(connection, bounds) });
  };
  const done = await afterRoles(roles, () =>
    lockedTransaction(connection, work, {
      ...{ signal, onWaiting, limits },
      keeps: ({ outcome }) => outcome === 'upgraded',
      onCommitLost: async (lost) => {
        diagnostics.push(await commitOutcome(run, lost));
      },
    }),
  );
  return { ...done, plan, diagnostics: [...done.diagnostics, ...diagnostics] };
}

/** Opens a database, upgrades it and closes it (see `applyUpgrade`). */
export async function upgradeDatabase(
  target: ServerTarget | EmbeddedTarget,
  before: ComparedSet,
  after: ComparedSet,
  { open = openDatabase, ...options }: ApplyOptions & { readonly open?: Open | undefined } = {},
): Promise<Upgraded> {
  const connection = await open(target, { signal: options.signal });
  try {
    // an embedded database has one session, until that is closed
    const reopen = target.kind === 'server' ? () => open(target, {}) : undefined;
    const { plan } = plannedRun(connection, before, after, options);
    const table = await readLockTable(connection, { signal: options.signal });
    const needed = locksOfPlan(plan, before, after);
    const warnings = lockTableFindings(connection, 'the upgrade', needed, table);
    const apply = () => applyUpgrade(connection, before, after, { reopen, ...options, plan });
    const { signal, onWaiting } = options;
    const upgraded = await inLockRoom({ target, table, needed, signal, onWaiting }, apply);
    return { ...upgraded, diagnostics: [...warnings, ...upgraded.diagnostics] };
  } finally {
    await connection.close();
  }
}
