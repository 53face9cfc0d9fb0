import type { Connection } from '@dms/databases';

const names = ['enable_seqscan', 'jit'];
const findByIndex = names.map((name) => `SET ${name} TO off`).join('; ');
const asBefore = names.map((name) => `RESET ${name}`).join('; ');

/**
 * Runs `work` in sessions that find rows by index, whatever the statistics say, and sets the sessions back afterwards. PostgreSQL
 * keeps the plans of statements, triggers and foreign keys for a session. Plans made while statistics call a table empty would read
 * the whole table each time, however large it becomes (design 14 §4.2). SQL Server makes new plans as a table grows.
 */
export async function whileTablesGrow<Result>(
  connections: readonly Connection[],
  work: () => Promise<Result>,
): Promise<Result> {
  const sessions = connections.filter(({ dialect }) => dialect === 'pgsql');
  try {
    for (const session of sessions) await session.execute(findByIndex);
    return await work();
  } finally {
    // a lost connection needs no settings
    for (const session of sessions) await session.execute(asBefore).catch(() => undefined);
  }
}
