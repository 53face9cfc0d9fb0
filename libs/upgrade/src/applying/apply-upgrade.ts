import { type CatalogDiff, diffCatalogs, diffText } from '@dms/catalog';
import {
  type Connection,
  checkWritable,
  type EmbeddedTarget,
  introspectHere,
  type Limits,
  type OnWaiting,
  type Open,
  openDatabase,
  type ProvisionLimits,
  provisioningDialects,
  provisionLimits,
  type ServerTarget,
} from '@dms/databases';
import { type Diagnostic, diagnostic, fail, failIfAny } from '@dms/diagnostics';
import { planUpgrade } from '../plan-upgrade.ts';
import { type UpgradeItem, type UpgradePlan, upgradeSteps } from '../planning/upgrade-plan.ts';
import { upgradeDialects } from '../script/upgrade-dialects.ts';
import { itemText } from '../script/upgrade-statements.ts';
import type { UpgradeSet } from '../upgrade-set.ts';
import { countDifferences, countDocuments } from './document-counts.ts';
import { namedFailure } from './refused-statement.ts';

/** A statement that is about to run. */
export interface UpgradeProgress {
  readonly step: number;
  readonly title: string;
  readonly subject: string;
  readonly statement: number;
  readonly statements: number;
}

export interface ApplyOptions {
  /** What may be lost (design 12 §4). */
  readonly allowLoss?: readonly string[] | undefined;
  /** Does everything and takes it back. */
  readonly dryRun?: boolean | undefined;
  /** The plan of these two sets, where many databases share it; made anew unless given. */
  readonly plan?: UpgradePlan | undefined;
  readonly limits?: Partial<ProvisionLimits> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onWaiting?: OnWaiting | undefined;
  readonly onProgress?: ((progress: UpgradeProgress) => void) | undefined;
}

/** What is lost by an item, counted before it was. */
export interface CountedLoss {
  readonly item: UpgradeItem;
  readonly count: number;
}

export interface Upgraded {
  readonly outcome: 'upgraded' | 'dryRun' | 'alreadyUpgraded';
  readonly plan: UpgradePlan;
  readonly losses: readonly CountedLoss[];
  /** How many documents there are afterwards. */
  readonly documents: number;
  readonly diagnostics: readonly Diagnostic[];
}

interface Run {
  readonly connection: Connection;
  readonly before: UpgradeSet;
  readonly after: UpgradeSet;
  readonly plan: UpgradePlan;
  readonly options: ApplyOptions;
  readonly limits: ProvisionLimits;
}

const queryLimits = ({ options }: Run): Limits => ({ signal: options.signal });

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

/** `UPGRADE_LOSS` for every loss that nobody has permitted, with counts where they are known. */
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

const serious = ({ differences }: CatalogDiff, ...severities: readonly string[]) =>
  differences.filter(({ severity }) => severities.includes(severity));

/** Whether the database is of the earlier set, exactly, or of the later one already. */
async function checkState(run: Run): Promise<'before' | 'after'> {
  const { connection, before, after } = run;
  const { catalog } = await introspectHere(connection, queryLimits(run));
  const stored = catalog.fingerprint?.effectiveSchemaHash ?? 'none';
  const [earlier, later] = [before.info.effectiveSchemaHash, after.info.effectiveSchemaHash];
  // another version of the tool may make another catalog of one schema set: then the catalog tells, not the fingerprint
  const isLater = () => earlier !== later || serious(diffCatalogs(after.catalog, catalog), 'error', 'warning').length === 0;
  if (stored === later && isLater()) return 'after';
  if (stored !== earlier) {
    const state = stored === 'none' ? 'of no schema set' : `of the schema set ${stored}`;
    const text = `${connection.label}: the database is ${state}; this upgrade changes ${earlier} to ${later}. Name the artifacts that the database was provisioned with.`;
    fail('UPGRADE_WRONG_DATABASE', text, {}, { stored, before: earlier, after: later });
  }
  const diff = diffCatalogs(before.catalog, catalog);
  const found = serious(diff, 'error');
  if (found.length === 0) return 'before';
  const text = `${connection.label}: the database is not what its schema set makes; dms-ddl check says how. Nothing was changed.\n${diffText(catalog, diff)}`;
  return fail(
    'UPGRADE_DRIFTED',
    text,
    {},
    { differences: found.map(({ object, path, change }) => ({ object, path, change })) },
  );
}

const numberOf = (value: unknown) => Number(value ?? 0);

/** Throws `UPGRADE_ROWS_OBJECT` with every check that finds rows. */
async function runChecks(run: Run): Promise<void> {
  const { connection, plan } = run;
  const { found } = upgradeDialects[plan.dialect];
  const diagnostics: Diagnostic[] = [];
  for (const { id, item, sql } of plan.checks) {
    const { count, first } = found(sql);
    const [row] = await connection.query<{ n: unknown }>(count, [], queryLimits(run));
    const rows = numberOf(row?.n);
    if (rows === 0) continue;
    const uuids = (await connection.query<{ uuid: string | null }>(first, [], queryLimits(run))).flatMap(
      ({ uuid }) => uuid ?? [],
    );
    const entry = plan.items[item];
    const documents = uuids.length === 0 ? '' : ` (documents ${uuids.join(', ')}${rows > uuids.length ? ', …' : ''})`;
    const text = `${entry?.owner ?? ''}: ${entry ? itemText(entry) : id}: ${rows} rows do not allow it${documents}. Change them, and run it again. The query ${id}: ${sql}`;
    diagnostics.push(
      diagnostic(
        'UPGRADE_ROWS_OBJECT',
        text,
        { resource: entry?.owner ?? '' },
        { check: id, count: rows, documents: uuids, query: sql },
      ),
    );
  }
  failIfAny(diagnostics);
}

async function countLosses({ connection, plan, ...run }: Run): Promise<CountedLoss[]> {
  const counted: CountedLoss[] = [];
  for (const { item, sql } of plan.losses) {
    const [row] = await connection.query<{ n: unknown }>(sql, [], queryLimits({ connection, plan, ...run }));
    const entry = plan.items[item];
    if (entry) counted.push({ item: entry, count: numberOf(row?.n) });
  }
  return counted;
}

/** Runs the statements of the plan but the checks, which have been made with all that they found. */
async function runStatements(run: Run): Promise<void> {
  const { connection, plan, options } = run;
  const statements = plan.statements.filter(({ step }) => step !== 1);
  for (const [index, statement] of statements.entries()) {
    const { step, subject, sql } = statement;
    const title = upgradeSteps[step] ?? '';
    options.onProgress?.({ step, title, subject, statement: index + 1, statements: statements.length });
    try {
      await connection.execute(sql, queryLimits(run));
    } catch (error) {
      throw namedFailure(error, plan, statement, connection);
    }
  }
}

/** The result must be what the later set makes, with all documents (design 12 §1). */
async function verifyResult(run: Run, counts: ReadonlyMap<string, number>): Promise<number> {
  const { connection, after, before } = run;
  const { catalog } = await introspectHere(connection, queryLimits(run));
  const diff = diffCatalogs(after.catalog, catalog);
  const found = serious(diff, 'error', 'warning');
  if (found.length > 0) {
    const text = `${connection.label}: the upgraded database is not what the later schema set makes. Nothing was changed.\n${diffText(catalog, diff)}`;
    fail(
      'VERIFY_CATALOG_DIFFERS',
      text,
      {},
      { differences: found.map(({ object, path, change }) => ({ object, path, change })) },
    );
  }
  const now = await countDocuments(connection, queryLimits(run));
  const differences = countDifferences(counts, now, before.info, after.info).map(({ resource, earlier, found: n }) => {
    const text = `${connection.label}: ${resource} has ${n} documents after the upgrade and had ${earlier}. This is a bug of the upgrade; nothing was changed.`;
    return diagnostic('UPGRADE_COUNTS_DIFFER', text, { resource }, { resource, before: earlier, after: n });
  });
  failIfAny(differences);
  return [...now.values()].reduce((sum, count) => sum + count, 0);
}

async function inTransaction(run: Run): Promise<Omit<Upgraded, 'diagnostics' | 'plan'>> {
  const { connection, plan, limits, options } = run;
  const dialect = provisioningDialects[connection.dialect];
  await dialect.takeLock(connection, limits, options.signal, options.onWaiting ?? (() => undefined));
  const counts = await countDocumentsOf(run);
  if (counts === null) return { outcome: 'alreadyUpgraded', losses: [], documents: 0 };
  const losses = await countLosses(run);
  failIfAny(unpermittedLosses(plan, losses));
  await runChecks(run);
  await runStatements(run);
  await dialect.checkTransaction(connection);
  const documents = await verifyResult(run, counts);
  return { outcome: options.dryRun ? 'dryRun' : 'upgraded', losses, documents };
}

async function countDocumentsOf(run: Run): Promise<ReadonlyMap<string, number> | null> {
  return (await checkState(run)) === 'after' ? null : countDocuments(run.connection, queryLimits(run));
}

/** Throws `UPGRADE_IMPOSSIBLE` where nothing could be done in any database. */
function plannedRun(connection: Connection, before: UpgradeSet, after: UpgradeSet, options: ApplyOptions): Run {
  const plan = options.plan ?? planUpgrade(before, after, options);
  failIfAny(impossibleItems(plan));
  return { connection, before, after, plan, options, limits: { ...provisionLimits, ...options.limits } };
}

/** What an upgrade would meet in a database. */
export interface SurveyedUpgrade {
  /** Of which of the two sets the database is. */
  readonly state: 'before' | 'after';
  /** Nothing for a database of the later set. */
  readonly losses: readonly CountedLoss[];
}

/**
 * Asks the database of a session what an upgrade would ask it before its first change, and changes nothing: of which set it is,
 * which rows object, what would be lost (design 12 §7). It takes no lock. Throws the `UPGRADE_*` codes and the `DB_*` codes.
 */
export async function surveyUpgrade(
  connection: Connection,
  before: UpgradeSet,
  after: UpgradeSet,
  options: Omit<ApplyOptions, 'dryRun' | 'onWaiting' | 'onProgress'> = {},
): Promise<SurveyedUpgrade> {
  const run = plannedRun(connection, before, after, options);
  await connection.begin();
  try {
    if ((await checkState(run)) === 'after') return { state: 'after', losses: [] };
    const losses = await countLosses(run);
    failIfAny(unpermittedLosses(run.plan, losses));
    await runChecks(run);
    return { state: 'before', losses };
  } finally {
    await connection.rollback();
  }
}

/**
 * Upgrades the database of a session, in one transaction: afterwards it is of the later set with all documents, or what it was
 * (design 12 §7). Throws the `UPGRADE_*` codes, `PROVISION_LOCKED`, `VERIFY_CATALOG_DIFFERS` and the `DB_*` codes.
 */
export async function applyUpgrade(
  connection: Connection,
  before: UpgradeSet,
  after: UpgradeSet,
  options: ApplyOptions = {},
): Promise<Upgraded> {
  const run = plannedRun(connection, before, after, options);
  const { plan, limits } = run;
  await checkWritable(connection);
  let done: Omit<Upgraded, 'diagnostics' | 'plan'>;
  try {
    await provisioningDialects[connection.dialect].begin(connection, limits);
    done = await inTransaction(run);
  } catch (error) {
    await connection.rollback();
    throw error;
  }
  if (done.outcome === 'upgraded') await connection.commit();
  else await connection.rollback();
  return { ...done, plan, diagnostics: [] };
}

/** Opens a database, upgrades it and closes it (see `applyUpgrade`). */
export async function upgradeDatabase(
  target: ServerTarget | EmbeddedTarget,
  before: UpgradeSet,
  after: UpgradeSet,
  { open = openDatabase, ...options }: ApplyOptions & { readonly open?: Open | undefined } = {},
): Promise<Upgraded> {
  const connection = await open(target, { signal: options.signal });
  try {
    return await applyUpgrade(connection, before, after, options);
  } finally {
    await connection.close();
  }
}
