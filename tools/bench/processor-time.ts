import type { Connection } from '@dms/databases';
import { trusted } from '@dms/sql';

/** Processor time of the session, in milliseconds, if the server runs on this machine; fails if it cannot be read. */
export async function sessionTime(connection: Connection): Promise<number> {
  // the embedded engine is a thread of this process
  if (connection.engine === 'embedded') return 0;
  const [row] = await connection.query<{ stat: string }>(
    trusted(`SELECT pg_read_file('/proc/self/schedstat') AS stat`),
  );
  return Number(row?.stat.split(' ')[0]) / 1e6;
}

/** Processor time of some work, in milliseconds, of this process and of the session. */
export async function processorTime(connection: Connection, work: () => Promise<unknown>): Promise<number> {
  const session = await sessionTime(connection);
  const own = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(own);
  return (user + system) / 1000 + (await sessionTime(connection)) - session;
}
