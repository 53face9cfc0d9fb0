import type { Connection } from '@dms/databases';
import type { SqlDialect } from '@dms/sql';

const names = ['enable_seqscan', 'jit'];

/** What a session runs before tables grow, and afterwards. SQL Server makes new plans as a table grows, so it needs nothing. */
const statements: Readonly<Record<SqlDialect, { readonly before: string; readonly after: string } | null>> = {
  pgsql: {
    before: names.map((name) => `SET ${name} TO off`).join('; '),
    after: names.map((name) => `RESET ${name}`).join('; '),
  },
  mssql: null,
};

/** The text of a statement that reads whole tables, in a transaction of a session of PostgreSQL whose tables grow. */
export const readingWholeTables = (statement: string): string =>
  ['SET LOCAL enable_seqscan TO on', statement, 'SET LOCAL enable_seqscan TO off'].join(';\n');

/**
 * Runs `work` in sessions that find rows by index even if the statistics speak against it, and sets the sessions back afterwards. PostgreSQL
 * keeps the plans of statements, triggers and foreign keys for a session. Plans made while statistics call a table empty would read
 * the whole table each time, however large it becomes (design 14 §4.2).
 */
export async function whileTablesGrow<Result>(
  connections: readonly Connection[],
  work: () => Promise<Result>,
): Promise<Result> {
  const sessions = connections.flatMap((session) => {
    const texts = statements[session.dialect];
    return texts ? [{ session, texts }] : [];
  });
  try {
    for (const { session, texts } of sessions) await session.execute(texts.before);
    return await work();
  } finally {
    // a lost connection needs no settings
    for (const { session, texts } of sessions) await session.execute(texts.after).catch(() => undefined);
  }
}
