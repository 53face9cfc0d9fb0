import type { Connection } from '../connection/connection.ts';
import { inDatabase, type OpenOptions } from '../connection/open-database.ts';
import type { ServerTarget } from '../target/target.ts';
import type { Open } from './create-database.ts';
import type { ProvisioningDialect } from './provisioning-dialect.ts';
import { provisioningDialects } from './provisioning-dialects.ts';

interface ServerOptions extends OpenOptions {
  readonly open: Open;
  /** `postgres` or `master` unless another one is named. */
  readonly maintenanceDatabase?: string | undefined;
}

async function onServer<Result>(
  target: ServerTarget,
  { open, maintenanceDatabase, ...options }: ServerOptions,
  work: (connection: Connection, dialect: ProvisioningDialect) => Promise<Result>,
): Promise<Result> {
  const dialect = provisioningDialects[target.dialect];
  const connection = await open(inDatabase(target, maintenanceDatabase ?? dialect.maintenanceDatabase), options);
  try {
    return await work(connection, dialect);
  } finally {
    await connection.close();
  }
}

/** Drops the database of a target, even if others are connected to it. Throws the `DB_*` codes. */
export function dropDatabase(target: ServerTarget, options: ServerOptions): Promise<void> {
  return onServer(target, options, (connection, dialect) => dialect.dropDatabase(connection, target.database));
}

/** Names of the databases on the server of a target that begin with `prefix`, sorted. Throws the `DB_*` codes. */
export function databasesLike(
  target: ServerTarget,
  prefix: string,
  options: ServerOptions,
): Promise<readonly string[]> {
  return onServer(target, options, (connection, dialect) => dialect.databasesLike(connection, prefix));
}
