import { fail } from '@dms/diagnostics';
import { accessFacts } from '../connection/access-facts.ts';
import type { Connection } from '../connection/connection.ts';
import { isUnused } from '../connection/embedded-folder.ts';
import { inDatabase } from '../connection/open-database.ts';
import { withWarnings } from '../connection/server-checks.ts';
import { targetLabel } from '../target/target.ts';
import {
  databaseName,
  type Provisioned,
  type ProvisionInput,
  type ProvisionOptions,
  queryLimits,
  type Run,
  runOf,
  surveyed,
} from './provision.ts';
import { provisioningDialects } from './provisioning-dialects.ts';
import { checkDatabaseName } from './server-databases.ts';

/** What {@link provision} would do with a database. */
export interface PlannedProvision extends Pick<Provisioned, 'outcome' | 'database' | 'warnings'> {
  /** The text that names the database with its server. */
  readonly label: string;
  /** Whether the database itself would be created. */
  readonly isNewDatabase: boolean;
  /** The role that would own everything; null for an embedded database that is not there, which has only its own. */
  readonly role: string | null;
  /** Roles that would be created on the server, which all its databases share. */
  readonly newRoles: readonly string[];
}

type Planned = Omit<PlannedProvision, 'warnings' | 'label' | 'database'>;

/** The roles of a set that a server does not have. */
async function missingRoles(connection: Connection, run: Run): Promise<readonly string[]> {
  const wanted = run.input.catalog.roles.map(({ name }) => name);
  if (wanted.length === 0) return [];
  const known = await connection.query<{ name: string }>(
    'SELECT rolname::text AS name FROM pg_roles WHERE rolname = ANY ($1::text[])',
    [wanted],
    queryLimits(run),
  );
  return wanted.filter((role) => known.every(({ name }) => name !== role));
}

async function opened<Result>(
  run: Run,
  target: Run['target'],
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await run.open(target, run.openOptions);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** The plan for a database that does not exist; undefined if it does, or may not be created. */
async function planOfNew(run: Run): Promise<Planned | undefined> {
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
  return opened(run, maintenance, async (connection) => {
    if (await dialect.hasDatabase(connection, target.database)) return undefined;
    const { role } = await accessFacts(connection);
    if (!(await dialect.mayCreateDatabase(connection))) {
      const privilege = dialect.createRight;
      const text = `${connection.label}: the role ${role} may not create the database ${target.database}: the privilege ${privilege} is missing. Grant it, or have somebody create the database.`;
      fail('DB_PERMISSION', text, {}, { label: connection.label, driverCode: null, privilege });
    }
    return { ...planned, role, newRoles: await missingRoles(connection, run) };
  });
}

async function planOfExisting(run: Run): Promise<Planned> {
  const { target, options } = run;
  return opened(run, target, async (connection) => {
    const { state } = await surveyed(connection, run);
    const isSame = state.kind === 'same';
    const outcome = isSame ? (options.ifSame === 'skip' ? 'skipped' : 'appliedAgain') : 'provisioned';
    if (outcome !== 'skipped')
      await provisioningDialects[connection.dialect].checkPrerequisites(connection, queryLimits(run));
    const { role } = await accessFacts(connection);
    const newRoles =
      outcome === 'skipped' || connection.engine === 'embedded' ? [] : await missingRoles(connection, run);
    return { outcome, isNewDatabase: false, role, newRoles };
  });
}

/**
 * What {@link provision} would do with these options: it looks at the database and the server, makes the checks that come
 * before the first change, and changes nothing. The script itself is not run. Throws the codes of `provision` but
 * `VERIFY_CATALOG_DIFFERS` and `UPGRADE_ADOPT_FIRST`; `DB_PERMISSION` for a role that may not create the database.
 */
export async function planProvision(
  target: Run['target'],
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
