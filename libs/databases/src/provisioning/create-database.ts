import { fail } from '@dms/diagnostics';
import type { Connection } from '../connection/connection.ts';
import { inDatabase, type OpenOptions } from '../connection/open-database.ts';
import type { DatabaseTarget, ServerTarget } from '../target/target.ts';
import { provisioningDialects } from './provisioning-dialects.ts';

/** Opens a session; `openDatabase`, but for tests. */
export type Open = (target: DatabaseTarget, options: OpenOptions) => Promise<Connection>;

/**
 * Creates the database of a target unless it exists (design 09 §2.2); true when it did. On SQL Server readers do not block
 * writers in it. Throws `DB_OPTION_VALUE` for a name that cannot be one, and the codes of the connection.
 */
export async function createDatabase(
  target: ServerTarget,
  open: Open,
  { maintenanceDatabase, ...options }: OpenOptions & { readonly maintenanceDatabase?: string | undefined },
): Promise<boolean> {
  const dialect = provisioningDialects[target.dialect];
  const issue = dialect.nameIssue(target.database);
  if (issue !== null) fail('DB_OPTION_VALUE', `The name of the database is too long: ${issue}.`, {}, { key: 'database' });
  const maintenance = await open(inDatabase(target, maintenanceDatabase ?? dialect.maintenanceDatabase), options);
  try {
    if (await dialect.hasDatabase(maintenance, target.database)) return false;
    return await dialect.createDatabase(maintenance, target.database);
  } finally {
    await maintenance.close();
  }
}
