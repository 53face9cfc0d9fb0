import type { SqlDialect } from '@dms/sql';
import type { Connection } from '../drivers/connection.ts';
import { type LentClient, type LentPool, onLentClient } from './lent-client.ts';
import { isMssqlClient, type LentMssqlPool, type LentMssqlTransaction, onLentMssql } from './lent-mssql.ts';

/** The clients that a program may lend: a client or pool of `pg`, or a pool or a transaction of `mssql`. */
export type LentDatabase = LentClient | LentPool | LentMssqlPool | LentMssqlTransaction;

export const lentDialect = (lent: LentDatabase): SqlDialect => (isMssqlClient(lent) ? 'mssql' : 'pgsql');

/** Works on a database through a lent client. Throws `DB_*` and the codes of the work. */
export const onLent = <Result>(
  lent: LentDatabase,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> => (isMssqlClient(lent) ? onLentMssql(lent, work) : onLentClient(lent, work));
