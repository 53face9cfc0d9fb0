import { fail } from '@dms/diagnostics';
import type { Connection } from '../connection/connection.ts';
import { inDatabase, type OpenOptions } from '../connection/open-database.ts';
import type { DatabaseTarget, ServerTarget } from '../target/target.ts';
import { withCreatedDatabase } from './created-database.ts';
import { provisioningDialects } from './provisioning-dialects.ts';

/** Opens a session; `openDatabase`, except in tests. */
export type Open = (target: DatabaseTarget, options: OpenOptions) => Promise<Connection>;

/**
 * Creates the database of a target unless it exists (design 09 §2.2); returns true if it created it. On SQL Server
 * readers do not block writers in it. A failure after the database was created says that it stays. Throws
 * `DB_OPTION_VALUE` for an impossible name, and the codes of the connection.
 */
export async function createDatabase(
  target: ServerTarget,
  open: Open,
  { maintenanceDatabase, ...options }: OpenOptions & { readonly maintenanceDatabase?: string | undefined },
): Promise<boolean> {
  const dialect = provisioningDialects[target.dialect];
  const issue = dialect.nameIssue(target.database);
  if (issue !== null)
    fail('DB_OPTION_VALUE', `The name of the database is too long: ${issue}.`, {}, { key: 'database' });
  const maintenance = await open(inDatabase(target, maintenanceDatabase ?? dialect.maintenanceDatabase), options);
  try {
    if (await dialect.hasDatabase(maintenance, target.database)) return false;
    if (!(await dialect.createDatabase(maintenance, target.database))) return false;
    try {
      await dialect.prepareDatabase(maintenance, target.database);
    } catch (error) {
      // not dropped: somebody else may already be using it
      throw withCreatedDatabase(error, target);
    }
    return true;
  } finally {
    await maintenance.close();
  }
}
