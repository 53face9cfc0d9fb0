import type { Connection } from '@dms/databases';
import type { SqlDialect } from '@dms/sql';

const names = ['enable_seqscan', 'jit'];

interface Settings {
  readonly before: string;
  readonly after: string;
  /** The same for one transaction. */
  readonly local: string;
}

/**
 * The statements that a session runs before tables grow, and afterwards. SQL Server makes new plans as a table grows,
 * so it needs none.
 */
const statements: Readonly<Record<SqlDialect, Settings | null>> = {
  pgsql: {
    before: names.map((name) => `SET ${name} TO off`).join('; '),
    after: names.map((name) => `RESET ${name}`).join('; '),
    local: names.map((name) => `SET LOCAL ${name} TO off`).join('; '),
  },
  mssql: null,
};

/** The text of a statement that reads whole tables, in a transaction of a session of PostgreSQL whose tables grow. */
export const readingWholeTables = (statement: string): string =>
  ['SET LOCAL enable_seqscan TO on', statement, 'SET LOCAL enable_seqscan TO off'].join(';\n');

/**
 * Runs `work` in sessions that find rows by index even if the statistics speak against it, and sets the sessions back
 * afterwards. PostgreSQL keeps the plans of statements, triggers and foreign keys for a session. Plans made while
 * statistics call a table empty would read the whole table each time, however large it becomes (design 14 §4.2).
 */
export async function withIndexPlans<Result>(
  connections: readonly Connection[],
  work: () => Promise<Result>,
): Promise<Result> {
  const endings: (() => Promise<void> | void)[] = [];
  try {
    for (const session of connections) {
      const texts = statements[session.dialect];
      if (texts === null) continue;
      if (session.pooler) endings.push(session.pooler.addLocalSettings(texts.local));
      else {
        // a lost connection needs no settings
        endings.push(() => session.execute(texts.after).catch(() => undefined));
        await session.execute(texts.before);
      }
    }
    return await work();
  } finally {
    for (const end of endings) await end();
  }
}
