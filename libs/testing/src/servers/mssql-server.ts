import { randomBytes } from 'node:crypto';
import type { Connection, ImportPackage } from '@dms/databases';

/**
 * The connection text of the SQL Server for tests, from `DMS_TEST_MSSQL_URL`, in any form of design 09 §1.2, with a
 * login that may create databases. Undefined without the variable; the tests that need it are then skipped.
 */
export const mssqlServerText: string | undefined = process.env.DMS_TEST_MSSQL_URL || undefined;

/**
 * Opens a session of a new database on a SQL Server; the database exists until the session is closed.
 *
 * @param load loads the package `mssql`; by default the installed one
 */
export async function openMssqlDatabase(text: string, load?: ImportPackage): Promise<Connection> {
  // loaded only by tests with a server
  const { createDatabase, dropDatabase, inDatabase, openDatabase, parseTarget } = await import('@dms/databases');
  const { target } = parseTarget(text, 'mssql');
  if (target.kind !== 'server') throw new Error('DMS_TEST_MSSQL_URL names no server');
  const scratch = inDatabase(target, `dms_test_${randomBytes(8).toString('hex')}`);
  await createDatabase(scratch, openDatabase, { load });
  const connection = await openDatabase(scratch, { load });
  const close = async () => {
    await connection.close();
    await dropDatabase(scratch, { open: openDatabase, load });
  };
  return { ...connection, close };
}
