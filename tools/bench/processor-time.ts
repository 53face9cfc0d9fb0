import type { Connection } from '@dms/databases';

/** User and system time of the session, in milliseconds, if the server runs on this machine. */
export async function sessionTime(connection: Connection): Promise<number> {
  // the embedded engine is a thread of this process
  if (connection.engine === 'embedded') return 0;
  const [row] = await connection.query<{ stat: string }>(`SELECT pg_read_file('/proc/self/stat') AS stat`);
  const stat = row?.stat ?? '';
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

/** Processor time of some work, in milliseconds, of this process and of the session. */
export async function processorTime(connection: Connection, work: () => Promise<unknown>): Promise<number> {
  const session = await sessionTime(connection);
  const own = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(own);
  return (user + system) / 1000 + (await sessionTime(connection)) - session;
}
