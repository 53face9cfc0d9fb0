import { dialectOf } from '@dms/sql';
import type { Connection } from '../drivers/connection.ts';
import { run } from '../drivers/statement.ts';

const { sql, literal } = dialectOf.mssql;

/**
 * Runs work as another user of a SQL Server database, which needs IMPERSONATE (design 09c §1.1); without a user, as the
 * session itself. The session is itself again afterwards, also when the work fails: where that cannot be done, it is
 * closed, so that nothing runs with the rights of the other user. Throws the `DB_*` codes.
 */
export async function actingAs<Result>(
  connection: Connection,
  user: string | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  if (user === undefined) return work();
  let failed: readonly [unknown] | null = null;
  try {
    await run(connection, sql`EXECUTE AS USER = ${literal(user)};`);
    return await work();
  } catch (error) {
    failed = [error];
    throw error;
  } finally {
    // without the signal of the work: the session gets its role back after a cancellation too
    await run(connection, sql`REVERT;`).catch(async (error: unknown) => {
      await connection.close().catch(() => undefined);
      throw failed === null ? error : failed[0];
    });
  }
}
