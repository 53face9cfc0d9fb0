import {
  affectedRows,
  type ComparedSet,
  diffCatalogs,
  diffText,
  estimateUpgrade,
  itemText,
  newDrift,
  planUpgrade,
  type RowCounts,
  rowsKey,
  stepFacts,
  type UpgradeEstimate,
  type UpgradeItem,
  type UpgradeOptions,
  type UpgradePlan,
  type UpgradeStatement,
  upgradeDialects,
} from '@dms/change';
import {
  type Connection,
  checkWritable,
  type EmbeddedTarget,
  introspectHere,
  type Limits,
  lockedTransaction,
  type OnWaiting,
  type Open,
  openDatabase,
  type ProvisionLimits,
  provisioningDialects,
  provisionLimits,
  rolledBack,
  type ServerTarget,
  takePreparingLock,
} from '@dms/databases';
import { append, counted, type Diagnostic, type DmsError, diagnostic, fail, failIfAny } from '@dms/diagnostics';
import { core, mustExist, qualified, unqualified } from '@dms/model';
import { dialectRules, mssqlName, pgsqlName, qualifiedName, type SqlDialect } from '@dms/sql';
import { unrecordedUpgrade } from '../history/upgrade-status.ts';
import { preparedStatements } from '../preparing/prepared-statements.ts';
import { expectSamePreparation } from '../preparing/same-preparation.ts';
import { type BoundedStatements, boundedStatements } from './bounded-statements.ts';
import { allInvalidDocuments, type InvalidDocuments } from './document-checks.ts';
import { countDifferences, countDocuments } from './document-counts.ts';
import { namedFailure } from './refused-statement.ts';
import { type RestoreViews, viewObjections, viewsInTheWay, withoutReportingViews } from './reporting-views.ts';
import { mildDriftWarnings, places, type StartingPoint, type StartingPointOptions, startingPoint } from './starting-point.ts';

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
  /** Opens another session of the same database, to see who holds a lock, or how a commit ended after its session broke. */
  readonly reopen?: (() => Promise<Connection>) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onWaiting?: OnWaiting | undefined;
  readonly onProgress?: ((progress: UpgradeProgress) => void) | undefined;
}

/** How much an item loses, counted before the change. */
export interface CountedLoss {
  readonly item: UpgradeItem;
  readonly count: number;
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

interface Run {
  readonly connection: Connection;
  readonly before: ComparedSet;
  readonly after: ComparedSet;
  readonly plan: UpgradePlan;
  readonly options: ApplyOptions;
}

/** A run, and the function that sends its statements. */
interface BoundedRun extends Run {
  readonly statements: BoundedStatements;
}

const queryLimits = ({ options }: Run): Limits => ({ signal: options.signal });

const startOf = (run: Run): Promise<StartingPoint> =>
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

/** `UPGRADE_LOSS` for every loss that is not permitted, with counts where they are known. */
export function unpermittedLosses({ unpermitted }: UpgradePlan, counted: readonly CountedLoss[] = []): readonly Diagnostic[] {
  return unpermitted.map((item) => {
    const count = counted.find((loss) => loss.item === item)?.count;
    const lost = count === undefined ? '' : ` (${count} in this database)`;
    const name = item.path[0]?.includes(':') ? item.owner.replace(':', '.') : item.path.join('.');
    const text = `${item.owner}: ${itemText(item)} would be lost${lost}. Permit it with --allow-loss ${name}.`;
    const details = { change: item.change, path: [...item.path], ...(count === undefined ? {} : { count }) };
    return diagnostic('UPGRADE_LOSS', text, { resource: item.owner }, details);
  });
}

/** Why documents that break a rule of the later set prevent the upgrade. */
function documentObjection({ check, item, count, examples }: InvalidDocuments): Diagnostic {
  const resource = check.resource.after;
  const named = examples.map(({ uuid, path }) => `${uuid} ${path}`).join(', ');
  const text = `${item.owner}: ${itemText(item)}: ${counted(count, 'document does', 'documents do')} not allow it (${named}${count > examples.length ? ', …' : ''}). Change them and run it again, or let them stay with --allow-invalid ${resource}.`;
  const details = {
    check: check.id,
    count,
    documents: examples.map(({ uuid }) => uuid),
    paths: examples.map(({ path }) => path),
  };
  return diagnostic('UPGRADE_ROWS_OBJECT', text, { resource }, details);
}

/** Checks rows and documents. Throws `UPGRADE_ROWS_OBJECT` with everything that does not allow the upgrade; returns what may stay. */
async function runChecks(run: BoundedRun): Promise<readonly InvalidDocuments[]> {
  const { connection, plan, statements, options } = run;
  const { found } = upgradeDialects[plan.dialect];
  const diagnostics: Diagnostic[] = [];
  for (const { id, item, sql } of plan.checks) {
    const { count, first } = found(sql);
    const asked = <Result>(query: string) =>
      statements.run(`check ${id}`, (limits) => connection.query<Result>(query, [], limits));
    const [row] = await asked<{ n: unknown }>(count);
    const rows = Number(mustExist(row, `the count of check ${id}`).n);
    if (rows === 0) continue;
    const uuids = (await asked<{ uuid: string | null }>(first)).flatMap(({ uuid }) => uuid ?? []);
    const entry = mustExist(plan.items[item], `the item of check ${id}`);
    const documents = uuids.length === 0 ? '' : ` (documents ${uuids.join(', ')}${rows > uuids.length ? ', …' : ''})`;
    const remedy = entry.fixedRows
      ? `They are ${entry.fixedRows}: ${entry.reason ?? ''}`
      : entry.reason
        ? `Change them, or: ${entry.reason}`
        : 'Change them, and run it again';
    const text = `${entry.owner}: ${itemText(entry)}: ${rows} rows do not allow it${documents}. ${remedy}. The query ${id}: ${sql}`;
    diagnostics.push(
      diagnostic(
        'UPGRADE_ROWS_OBJECT',
        text,
        { resource: entry.owner },
        { check: id, count: rows, documents: uuids, query: sql },
      ),
    );
  }
  const invalid = await allInvalidDocuments(connection, run, {
    signal: options.signal,
    onCheck: ({ resource }, index) => {
      const { number: step, title } = stepFacts('checks');
      const progress = { statement: index + 1, statements: plan.documentChecks.length };
      options.onProgress?.({ step, title, subject: `documents of ${resource.after}`, ...progress });
    },
  });
  append(diagnostics, invalid.filter(({ check }) => !check.isAllowed).map(documentObjection));
  failIfAny(diagnostics);
  return invalid;
}

async function countLosses({ connection, plan, statements }: BoundedRun): Promise<CountedLoss[]> {
  const counted: CountedLoss[] = [];
  for (const { id, item, sql } of plan.losses) {
    const [row] = await statements.run(`count ${id}`, (limits) => connection.query<{ n: unknown }>(sql, [], limits));
    const count = Number(mustExist(row, `the count of loss ${id}`).n);
    counted.push({ item: mustExist(plan.items[item], `the item of loss ${id}`), count });
  }
  return counted;
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
  run: Run,
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
      const text = `${connection.label}: ${resource} had ${earlier} documents before the upgrade and has ${n} after it. This is a bug in the upgrade; nothing was changed.`;
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
  if (changesTables)
    failIfAny(viewObjections(connection.label, await viewsInTheWay(connection, plan, run.before, queryLimits(run))));
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
    ...mildDriftWarnings(connection.label, drift),
    ...(await unrecordedUpgrade(connection, last, queryLimits(run))),
  ];
  const outcome = options.dryRun ? 'dryRun' : 'upgraded';
  return { outcome, adoption: adoption?.plan ?? null, losses, invalid, documents, diagnostics, prepared: prepared.count };
}

/** Throws `UPGRADE_IMPOSSIBLE` where nothing could be done in any database. */
function plannedRun(connection: Connection, before: ComparedSet, after: ComparedSet, options: ApplyOptions): Run {
  const plan = options.plan ?? planUpgrade(before, after, options);
  failIfAny(impossibleItems(plan));
  return { connection, before, after, plan, options };
}

/** What an upgrade would find in a database. */
export interface SurveyedUpgrade extends Omit<StartingPoint, 'drift' | 'prepared'> {
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
async function estimated(run: Run): Promise<UpgradeEstimate> {
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
  const run: Run = { connection, before, after, plan, options };
  return rolledBack(connection, async () => {
    const { state, drift, prepared } = await startOf(run);
    if (state === 'after') return { state, estimate: null, objections: [], diagnostics: [] };
    expectSamePreparation(connection, plan, prepared ?? []);
    const users = await viewsInTheWay(connection, plan, before, queryLimits(run));
    const diagnostics = mildDriftWarnings(connection.label, drift);
    return { state, estimate: await estimated(run), objections: viewObjections(connection.label, users), diagnostics };
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
    failIfAny(viewObjections(connection.label, await viewsInTheWay(connection, run.plan, before, queryLimits(run))));
    const losses = await countLosses(run);
    failIfAny(unpermittedLosses(run.plan, losses));
    const invalid = await runChecks(run);
    const diagnostics = mildDriftWarnings(connection.label, drift);
    return { state, adoption, losses, invalid, estimate: await estimated(run), diagnostics };
  } finally {
    await connection.rollback();
  }
}

/** Which set the database has, read by another session once no upgrade is running; null if the database could not be queried. */
async function stateAfterwards(run: Run): Promise<StartingPoint['state'] | null> {
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
async function commitOutcome(run: Run, lost: DmsError): Promise<Diagnostic> {
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
  const work = async () => {
    const bounds = { signal, lock: limits.lock, statement: statementTimeout, open: reopen };
    return inTransaction({ ...run, statements: await boundedStatements(connection, bounds) });
  };
  const done = await lockedTransaction(connection, work, {
    ...{ signal, onWaiting, limits },
    keeps: ({ outcome }) => outcome === 'upgraded',
    onCommitLost: async (lost) => {
      diagnostics.push(await commitOutcome(run, lost));
    },
  });
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
    return await applyUpgrade(connection, before, after, { reopen, ...options });
  } finally {
    await connection.close();
  }
}
