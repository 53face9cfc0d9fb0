import { DmsError, fail } from '@dms/diagnostics';
import { type DatabaseTarget, type EmbeddedTarget, type ServerTarget, targetLabel } from '../addressing/target.ts';
import { type Connection, inSession } from '../drivers/connection.ts';
import { inDatabase, type OpenOptions } from '../drivers/open-database.ts';
import { isCommitUnknown, withKept } from '../failures/early-end.ts';
import type { RightsSet } from '../health/needed-rights.ts';
import { expectServer } from '../health/server-checks.ts';
import { type ProvisioningDialect, provisioningDialects } from './provisioning-dialects.ts';

/** Opens a session; `openDatabase`, except in tests. */
export type Open = (target: DatabaseTarget, options: OpenOptions) => Promise<Connection>;

/** Throws `DB_OPTION_VALUE` for a name that no database can have. */
export function checkDatabaseName({ dialect, database }: ServerTarget): void {
  const finding = provisioningDialects[dialect].nameFinding(database);
  if (finding !== null)
    fail('DB_OPTION_VALUE', `The name of the database is too long: ${finding}.`, {}, { key: 'database' });
}

interface CreateOptions extends OpenOptions {
  readonly maintenanceDatabase?: string | undefined;
  /** The schema set of the database, if one is known. */
  readonly set?: RightsSet | undefined;
}

/**
 * Creates the database of a target unless it exists (design 09 §2.2); returns true if it created it. On SQL Server
 * readers do not block writers in it. A failure after the database was created says that it stays. Throws
 * `DB_OPTION_VALUE` for an impossible name, `DB_VERSION_UNSUPPORTED`, and the codes of the connection.
 */
export async function createDatabase(
  target: ServerTarget,
  open: Open,
  { set, ...options }: CreateOptions,
): Promise<boolean> {
  checkDatabaseName(target);
  return onServer(target, { ...options, open }, async (maintenance, dialect) => {
    if (await dialect.hasDatabase(maintenance, target.database)) return false;
    if (set !== undefined) await expectServer(maintenance, set);
    if (!(await dialect.createDatabase(maintenance, target.database))) return false;
    try {
      await dialect.prepareDatabase(maintenance, target.database);
    } catch (error) {
      // not dropped: somebody else may already be using it
      throw withCreatedDatabase(error, target);
    }
    return true;
  });
}

/** Adds to a failure that the database which this run created still exists. */
export function withCreatedDatabase(error: unknown, target: ServerTarget | EmbeddedTarget): unknown {
  if (!(error instanceof DmsError)) return error;
  const [first, ...rest] = error.diagnostics;
  const note = `The database of ${targetLabel(target)} was created by this run and stays${isCommitUnknown(error) ? '' : ', empty'}.`;
  return withKept(new DmsError([{ ...first, details: { ...first.details, created: true } }, ...rest]), note);
}

interface ServerOptions extends OpenOptions {
  readonly open: Open;
  /** `postgres` or `master` unless another one is named. */
  readonly maintenanceDatabase?: string | undefined;
}

/** Drops the database of a target, even if others are connected to it. Throws the `DB_*` codes. */
export function dropDatabase(target: ServerTarget, options: ServerOptions): Promise<void> {
  return onServer(target, options, (connection, dialect) => dialect.dropDatabase(connection, target.database));
}

/** Works in the maintenance database of a server. */
function onServer<Result>(
  target: ServerTarget,
  { open, maintenanceDatabase, ...options }: ServerOptions,
  work: (connection: Connection, dialect: ProvisioningDialect) => Promise<Result>,
): Promise<Result> {
  const dialect = provisioningDialects[target.dialect];
  const maintenance = inDatabase(target, maintenanceDatabase ?? dialect.maintenanceDatabase);
  return inSession(open(maintenance, options), (connection) => work(connection, dialect));
}

/** Names of the databases on the server of a target that begin with `prefix`, sorted. Throws the `DB_*` codes. */
export function databasesLike(
  target: ServerTarget,
  prefix: string,
  options: ServerOptions,
): Promise<readonly string[]> {
  return onServer(target, options, (connection, dialect) => dialect.databasesLike(connection, prefix));
}
