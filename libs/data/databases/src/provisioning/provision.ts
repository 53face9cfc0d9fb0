import type { EffectiveSchemaManifest } from '@dms/api-schema';
import {
  type Catalog,
  type CatalogDifference,
  diffByOrigin,
  diffCatalogs,
  diffText,
  driftAdvice,
  type JudgedCatalog,
  mixedText,
  originNames,
} from '@dms/catalog';
import { assertSeedValues, normalizeSql } from '@dms/ddl';
import { append, type Diagnostic, DmsError, diagnostic, fail } from '@dms/diagnostics';
import { dialectOf, givenScript, value } from '@dms/sql';
import { sha256Hex } from '@dms/values';
import { type EmbeddedTarget, type ServerTarget, targetLabel } from '../addressing/target.ts';
import { type Connection, inSession, type Limits, rolledBack } from '../drivers/connection.ts';
import { inDatabase, type OpenOptions, openDatabase } from '../drivers/open-database.ts';
import { rowsOf, run as send } from '../drivers/statement.ts';
import { isUnused } from '../engines/embedded-folder.ts';
import { causeOfCommit } from '../failures/early-end.ts';
import { unseededText } from '../fingerprint/unseeded.ts';
import { expectOwnerRoles, expectRights } from '../health/role-rights.ts';
import { accessFacts, checkWritable, expectServer, withWarnings } from '../health/server-checks.ts';
import { introspectHere } from '../introspection/introspect.ts';
import { keptDuring } from '../keeping/give-back.ts';
import { lockedTransaction } from './database-locks.ts';
import { type DatabaseState, readDatabaseState } from './database-state.ts';
import { inLockRoom, locksOfScript, lockTableFindings, readLockTable } from './lock-table.ts';
import { afterRoles, createOwnerRoles, grantExecute } from './owner-role.ts';
import { type OnWaiting, type ProvisionLimits, provisioningDialects } from './provisioning-dialects.ts';
import { checkDatabaseName, createDatabase, type Open, withCreatedDatabase } from './server-databases.ts';
import { objectsText, stateDiagnostic } from './state-diagnostic.ts';

/** The input of provisioning: the artifacts of one mapping set in one dialect. */
export interface ProvisionInput {
  readonly script: string;
  /** `normalized_sql_sha256` of `ddl.manifest.json`, where there is one. */
  readonly scriptSha256: string | null;
  readonly catalog: Catalog;
  /** The catalog that the service's own tool makes from the schema set (design 09a §2.5); null if it makes none. */
  readonly service?: (() => Promise<Catalog | null>) | undefined;
  readonly info: EffectiveSchemaManifest;
}

export interface ProvisionOptions extends OpenOptions {
  /** What to do with a database that is already provisioned. */
  readonly ifSame?: 'apply' | 'skip' | 'fail' | undefined;
  /** Whether the database is compared with the catalog before the commit; true by default. */
  readonly verify?: boolean | undefined;
  /** Warnings make the run fail. */
  readonly strict?: boolean | undefined;
  readonly createDatabase?: boolean | undefined;
  readonly maintenanceDatabase?: string | undefined;
  readonly limits?: Partial<ProvisionLimits> | undefined;
  readonly onWaiting?: OnWaiting | undefined;
  /** Opens a session; tests replace it. */
  readonly open?: Open | undefined;
}

export interface Provisioned {
  readonly outcome: 'provisioned' | 'appliedAgain' | 'skipped';
  /** Name of the database, or folder of the embedded one. */
  readonly database: string;
  readonly warnings: readonly Diagnostic[];
  /** Null if nothing was compared. */
  readonly verified: VerifiedCatalog | null;
}

/** The result of the comparison before the commit; none of the differences is an error. */
interface VerifiedCatalog extends JudgedCatalog {
  readonly catalog: Catalog;
}

/** A run of one provisioning, with the state that its steps share. */
interface ProvisionRun {
  readonly target: ServerTarget | EmbeddedTarget;
  readonly input: ProvisionInput;
  readonly options: ProvisionOptions;
  readonly open: Open;
  readonly openOptions: OpenOptions;
  readonly warnings: Diagnostic[];
}

/**
 * Brings a database from empty to complete for one schema set (design 09 §2): state, lock, script and verification in
 * one transaction, so that the database is always unchanged or complete. A database of another schema set is never
 * changed. Throws `PROVISION_*`, `VERIFY_CATALOG_DIFFERS`, `UPGRADE_ADOPT_FIRST`, `DDL_SEED_METADATA_INVALID` and the
 * `DB_*` codes.
 */
export async function provision(
  target: ServerTarget | EmbeddedTarget,
  input: ProvisionInput,
  options: ProvisionOptions = {},
): Promise<Provisioned> {
  const run = runOf(target, input, options);
  const { open, openOptions } = run;
  const created =
    options.createDatabase === true && target.kind === 'server'
      ? await createDatabase(target, open, {
          ...openOptions,
          maintenanceDatabase: options.maintenanceDatabase,
          set: input.catalog,
        })
      : false;
  try {
    return await inSession(open(target, openOptions), (connection) => provisionDatabase(connection, run));
  } catch (error) {
    const failure = withWarnings(error, run.warnings);
    throw created ? withCreatedDatabase(failure, target) : failure;
  }
}

/** The run of these options. Throws `DDL_SEED_METADATA_INVALID`, and `PROVISION_INPUT_STALE` for a changed script. */
function runOf(target: ProvisionRun['target'], input: ProvisionInput, options: ProvisionOptions): ProvisionRun {
  checkInput(input);
  const { open = openDatabase, signal, interval, retryDelays, load } = options;
  return { target, input, options, open, openOptions: { signal, interval, retryDelays, load }, warnings: [] };
}

function checkInput({ script, scriptSha256, info }: ProvisionInput): void {
  assertSeedValues(info);
  if (scriptSha256 === null) return;
  const found = sha256Hex(normalizeSql(script));
  if (found === scriptSha256) return;
  const text = `The script is not the one that ddl.manifest.json was written with (${found}, not ${scriptSha256}). Emit the artifacts again.`;
  fail('PROVISION_INPUT_STALE', text, {}, { found, expected: scriptSha256 });
}

async function provisionDatabase(connection: Connection, run: ProvisionRun): Promise<Provisioned> {
  const { state, table, needed } = await surveyed(connection, run);
  const { target, input, options, open, openOptions, warnings } = run;
  const { signal, onWaiting } = options;
  const apply = async () => {
    const isApplied = state.kind !== 'same' || options.ifSame !== 'skip';
    const roleOptions = { signal, onWaiting, open: () => open(target, openOptions) };
    const roles = isApplied ? await createOwnerRoles(connection, input.catalog, roleOptions) : [];
    return afterRoles(roles, () =>
      applyScript(connection, run).catch((error) => adviseToAdopt(error, connection, run)),
    );
  };
  const done = await inLockRoom({ target, table, needed, onWaiting, signal }, apply);
  return { ...done, database: databaseName(target), warnings };
}

/**
 * The findings of a run before it changes anything (steps 4 to 6 of design 09 §2.1); throws the reason if the run may
 * not continue.
 */
async function surveyed(connection: Connection, run: ProvisionRun) {
  const { catalog, script } = run.input;
  const rights = { set: catalog, purpose: 'provision', ...queryLimits(run) } as const;
  const maySkip = run.options.ifSame === 'skip';
  warn(
    run,
    await (maySkip ? checkWritable(connection, script, undefined, catalog) : checkWritable(connection, script, rights)),
  );
  // all reads see one moment, because an upgrade may be committed meanwhile
  const state = await rolledBack(connection, () => acceptedState(connection, run), 'reading');
  if (maySkip && state.kind !== 'same') await expectRights(connection, rights);
  warn(run, foreignObjects(state, connection));
  const table = await readLockTable(connection, queryLimits(run));
  const needed = state.kind === 'same' ? 0 : locksOfScript(run.input.catalog);
  warn(run, lockTableFindings(connection, 'the script', needed, table));
  return { state, table, needed };
}

function warn(run: ProvisionRun, found: readonly Diagnostic[]): void {
  const [first, ...rest] = found;
  if (first && run.options.strict) throw new DmsError([first, ...rest]);
  append(run.warnings, found);
}

/** The state of the database, if the run may continue with it; otherwise throws the reason. */
async function acceptedState(connection: Connection, run: ProvisionRun): Promise<DatabaseState> {
  const { input, options } = run;
  const state = await readDatabaseState(connection, input.info, input.catalog.schemas, queryLimits(run));
  const refused = state.kind === 'unseeded' ? null : stateDiagnostic(state, connection);
  if (refused) throw new DmsError([refused]);
  if (state.kind === 'unseeded') await expectOwnTables(connection, run);
  if (state.kind === 'same' && options.ifSame === 'fail') {
    const text = `${connection.label} is already provisioned for this schema set.`;
    fail('PROVISION_ALREADY', text, {}, { effectiveSchemaHash: input.info.effectiveSchemaHash });
  }
  return state;
}

/**
 * The script would add to the tables of another set what they lack; so a database without seed rows must have the
 * catalog of this set already. Throws `PROVISION_UNSEEDED` with the differences.
 */
async function expectOwnTables(connection: Connection, run: ProvisionRun): Promise<void> {
  const { catalog } = await introspectHere(connection, queryLimits(run));
  const wanted = run.input.catalog;
  const diff = diffCatalogs({ ...wanted, fingerprint: null }, { ...catalog, fingerprint: null });
  const isOfOthers = ({ object, severity }: CatalogDifference) =>
    severity === 'warning' && object !== 'table' && object !== 'column';
  const found = diff.differences.filter((each) => each.severity !== 'info' && !isOfOthers(each));
  if (found.length === 0) return;
  const text = `${connection.label}: ${unseededText} They are not those of these artifacts. Name the artifacts of the set that the dump is of; if its tables were changed, drop the database and provision a new one. Nothing was changed.\n${diffText(catalog, { ...diff, differences: found })}`;
  const details = found.map(({ object, path, change }) => ({ object, path, change }));
  fail('PROVISION_UNSEEDED', text, {}, { differences: details });
}

function queryLimits({ options }: ProvisionRun): Limits {
  return { signal: options.signal };
}

/** The other objects of the database, as a warning; an error in strict runs. */
function foreignObjects(state: DatabaseState, connection: Connection): Diagnostic[] {
  if (state.kind !== 'foreign') return [];
  const found = objectsText(state.objects);
  const text = `${connection.label}: the database also holds other objects (${found}).`;
  return [diagnostic('PROVISION_FOREIGN_OBJECTS', text, {}, { objects: found })];
}

/** Steps 7 to 11 of design 09 §2.1: one transaction from the lock to the commit. */
function applyScript(connection: Connection, run: ProvisionRun): Promise<Pick<Provisioned, 'outcome' | 'verified'>> {
  const { options, input } = run;
  const dialect = provisioningDialects[connection.dialect];
  const apply = async () => {
    // another provisioner may have run while this one waited
    const isSame = (await acceptedState(connection, run)).kind === 'same';
    const isSkipped = isSame && options.ifSame === 'skip';
    if (!isSkipped) {
      await dialect.checkPrerequisites(connection, input.catalog, queryLimits(run));
      const { schemas } = input.catalog;
      await keptDuring(connection, { schemas }, queryLimits(run), () =>
        send(connection, givenScript(input.script), queryLimits(run)),
      );
      warn(run, await grantExecute(connection, input.catalog, queryLimits(run)));
      await dialect.checkTransaction(connection);
    }
    const outcome: Provisioned['outcome'] = isSkipped ? 'skipped' : isSame ? 'appliedAgain' : 'provisioned';
    return { outcome, verified: await verified(connection, run) };
  };
  const onCommitLost = (lost: DmsError) => commitOutcome(run, lost);
  const { signal, onWaiting, limits } = options;
  return lockedTransaction(connection, apply, { signal, onWaiting, limits, onCommitLost });
}

/** Compares the catalog that the transaction has created with the desired one (step 10 of design 09 §2.1). */
async function verified(connection: Connection, run: ProvisionRun): Promise<VerifiedCatalog | null> {
  if (run.options.verify === false) return null;
  const { catalog, diagnostics } = await introspectHere(connection, queryLimits(run));
  const judged = await diffByOrigin(run.input.catalog, catalog, run.input.service ?? (async () => null));
  const { diff } = judged;
  const counts = run.options.strict ? ['error', 'warning'] : ['error'];
  const found = diff.differences.filter(({ severity }) => counts.includes(severity));
  const mixed = mixedText(judged.maker);
  if (found.length > 0 || mixed !== null) {
    const reason = mixed ?? 'the database is not what the schema set makes';
    const advice = mixed === null ? driftAdvice(catalog, run.input.catalog, diff) : '';
    const text = `${connection.label}: ${reason}. Nothing was changed.${advice}\n${diffText(catalog, diff)}`;
    const details = found.map(({ object, path, change, field = null }) => ({ object, path, change, field }));
    fail('VERIFY_CATALOG_DIFFERS', text, {}, { differences: details });
  }
  warn(run, diagnostics);
  return { catalog, ...judged };
}

/** Finds out from the database how a commit ended during which the connection broke. */
async function commitOutcome(run: ProvisionRun, lost: DmsError): Promise<void> {
  let found: string;
  try {
    const { info, catalog } = run.input;
    const state = await inSession(run.open(run.target, run.openOptions), (connection) => {
      const read = () => readDatabaseState(connection, info, catalog.schemas, queryLimits(run));
      return rolledBack(connection, read, 'reading');
    });
    found = state.kind;
  } catch {
    found = 'unknown';
  }
  const cause = causeOfCommit(lost);
  if (found === 'same') {
    run.warnings.push(
      diagnostic(
        'PROVISION_COMMIT_CONFIRMED',
        `The connection broke while committing; the database is complete. ${cause}`,
      ),
    );
    return;
  }
  const ended =
    found === 'unknown'
      ? 'the database could not be asked, so it may have been done'
      : `the state of the database is: ${found}`;
  const text = `The connection broke while committing; ${ended}. Run it again. ${cause}`;
  fail('PROVISION_COMMIT_UNKNOWN', text, {}, { state: found });
}

/**
 * Differences that a script cannot correct may be objects of the service's own tool, which `adopt` replaces and
 * `upgrade` asks to adopt first. Throws `UPGRADE_ADOPT_FIRST` in place of `VERIFY_CATALOG_DIFFERS` in that case.
 */
async function adviseToAdopt(error: unknown, connection: Connection, run: ProvisionRun): Promise<never> {
  const isDifference = error instanceof DmsError && error.code === 'VERIFY_CATALOG_DIFFERS';
  if (!isDifference || run.input.service === undefined) throw error;
  const { catalog } = await rolledBack(connection, () => introspectHere(connection, queryLimits(run)), 'reading');
  const { maker } = await diffByOrigin(run.input.catalog, catalog, run.input.service);
  if (maker.kind !== 'service') throw error;
  const text = `${connection.label}: the database has this schema set already, and its triggers and functions are made by ${originNames.service}. Run dms-ddl adopt, which makes them those of dms-ddl. Nothing was changed.`;
  return fail('UPGRADE_ADOPT_FIRST', text, {}, { maker: maker.kind });
}

/** The name of the database, or the folder of the embedded one. */
const databaseName = (target: ProvisionRun['target']) =>
  target.kind === 'server' ? target.database : (target.folder ?? '(memory)');

/** The plan of {@link provision} for a database. */
export interface PlannedProvision extends Pick<Provisioned, 'outcome' | 'database' | 'warnings'> {
  /** The text that names the database with its server. */
  readonly label: string;
  /** Whether the database itself would be created. */
  readonly isNewDatabase: boolean;
  /**
   * The role that would own everything; null for an embedded database that does not exist yet, which has only its own
   * role.
   */
  readonly role: string | null;
  /** Roles that would be created on the server, which all its databases share. */
  readonly newRoles: readonly string[];
}

/**
 * Plans {@link provision} with these options: reads the database and the server, makes the checks that come before the
 * first change, and changes nothing. The script itself is not run. Throws the codes of `provision` except
 * `VERIFY_CATALOG_DIFFERS` and `UPGRADE_ADOPT_FIRST`; `DB_PERMISSION` for a role that may not create the database.
 */
export async function planProvision(
  target: ProvisionRun['target'],
  input: ProvisionInput,
  options: ProvisionOptions = {},
): Promise<PlannedProvision> {
  const run = runOf(target, input, options);
  try {
    const planned = (await planOfNew(run)) ?? (await planOfExisting(run));
    return { ...planned, database: databaseName(target), label: targetLabel(target), warnings: run.warnings };
  } catch (error) {
    throw withWarnings(error, run.warnings);
  }
}

type PlannedWork = Omit<PlannedProvision, 'warnings' | 'label' | 'database'>;

/** The plan for a database that does not exist; undefined if it does, or may not be created. */
async function planOfNew(run: ProvisionRun): Promise<PlannedWork | undefined> {
  const { target, options } = run;
  const planned = { outcome: 'provisioned', isNewDatabase: true } as const;
  if (target.kind === 'embedded') {
    const isNew = target.folder === null || (await isUnused(target.folder));
    return isNew ? { ...planned, role: null, newRoles: [] } : undefined;
  }
  if (options.createDatabase !== true) return undefined;
  const dialect = provisioningDialects[target.dialect];
  checkDatabaseName(target);
  const maintenance = inDatabase(target, options.maintenanceDatabase ?? dialect.maintenanceDatabase);
  return inSession(run.open(maintenance, run.openOptions), async (connection) => {
    if (await dialect.hasDatabase(connection, target.database)) return undefined;
    await expectServer(connection, run.input.catalog);
    const { role } = await accessFacts(connection);
    if (!(await dialect.mayCreateDatabase(connection))) {
      const privilege = dialect.createRight;
      const text = `${connection.label}: the role ${role} may not create the database ${target.database}: the privilege ${privilege} is missing. Grant it, or have somebody create the database.`;
      fail('DB_PERMISSION', text, {}, { label: connection.label, driverCode: null, privilege });
    }
    if (run.input.catalog.roles.length > 0) await expectOwnerRoles(connection, run.input.catalog, queryLimits(run));
    return { ...planned, role, newRoles: await missingRoles(connection, run) };
  });
}

/** The roles of a set that a server does not have. */
async function missingRoles(connection: Connection, run: ProvisionRun): Promise<readonly string[]> {
  const wanted = run.input.catalog.roles.map(({ name }) => name);
  if (wanted.length === 0) return [];
  const known = await rowsOf<{ name: string }>(
    connection,
    dialectOf.pgsql.sql`SELECT rolname::text AS name FROM pg_roles WHERE rolname = ANY (${value(wanted)}::text[])`,
    queryLimits(run),
  );
  return wanted.filter((role) => known.every(({ name }) => name !== role));
}

async function planOfExisting(run: ProvisionRun): Promise<PlannedWork> {
  const { target, options } = run;
  return inSession(run.open(target, run.openOptions), async (connection) => {
    const { state } = await surveyed(connection, run);
    const isSame = state.kind === 'same';
    const outcome = isSame ? (options.ifSame === 'skip' ? 'skipped' : 'appliedAgain') : 'provisioned';
    if (outcome !== 'skipped')
      await provisioningDialects[connection.dialect].checkPrerequisites(
        connection,
        run.input.catalog,
        queryLimits(run),
      );
    const { role } = await accessFacts(connection);
    const newRoles =
      outcome === 'skipped' || connection.engine === 'embedded' ? [] : await missingRoles(connection, run);
    return { outcome, isNewDatabase: false, role, newRoles };
  });
}
