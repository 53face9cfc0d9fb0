import { type Connection, run } from '@dms/databases';
import { dialectOf, join, type PlainSql, type SqlDialect } from '@dms/sql';

const { sql } = dialectOf.pgsql;
const names = [sql`enable_seqscan`, sql`jit`];

interface IndexSettings {
  readonly before: PlainSql;
  readonly after: PlainSql;
  /** The same for one transaction. */
  readonly local: PlainSql;
}

/**
 * The statements that a session runs before tables grow, and afterwards. SQL Server makes new plans as a table grows,
 * so it needs none.
 */
const statements: Readonly<Record<SqlDialect, IndexSettings | null>> = {
  pgsql: {
    before: join(
      names.map((name) => sql`SET ${name} TO off`),
      '; ',
    ),
    after: join(
      names.map((name) => sql`RESET ${name}`),
      '; ',
    ),
    local: join(
      names.map((name) => sql`SET LOCAL ${name} TO off`),
      '; ',
    ),
  },
  mssql: null,
};

/** A statement that reads whole tables, in a transaction of a session of PostgreSQL whose tables grow. */
export const readingWholeTables = (statement: PlainSql): PlainSql =>
  sql`SET LOCAL enable_seqscan TO on;\n${statement};\nSET LOCAL enable_seqscan TO off`;

/**
 * Runs `work` in sessions that find rows by index even if the statistics speak against it, and sets the sessions back
 * afterwards. PostgreSQL keeps the plans of statements, triggers and foreign keys for a session. Plans made while
 * statistics call a table empty would read the whole table each time, however large it becomes (design 14a §1.2).
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
        endings.push(() => run(session, texts.after).catch(() => undefined));
        await run(session, texts.before);
      }
    }
    return await work();
  } finally {
    for (const end of endings) await end();
  }
}
