import { type Connection, type PreparedObject, preparedPartName, preparedTableName, rowsOf } from '@dms/databases';
import { dialectOf, type PlainSql, type SqlDialect } from '@dms/sql';
import { lockStatement } from '../applying/taking-locks.ts';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { locksOfStep } from '../hazards/locks-at-start.ts';
import type { PreparationStep } from '../ops/statement.ts';

/**
 * The values of SERVERPROPERTY('EngineEdition') with online index operations: Enterprise and Developer, SQL Database,
 * Managed Instance.
 */
export const onlineEditions: readonly number[] = [3, 5, 8];

/** How an engine makes and drops objects while others write (design 12a §5.1, §5.5). */
interface PreparingEngine {
  /** Whether the server builds indexes while others write. */
  buildsOnline(connection: Connection): Promise<boolean>;
  /** The statement that limits how many milliseconds the statements of a transaction wait for a lock. */
  lockTimeout(milliseconds: number): PlainSql;
  /**
   * The statements that take the locks of a step before it, those of several tables in one order; none if the step
   * takes its locks by itself.
   */
  locksOf(step: PreparationStep, before: ComparedSet): readonly PlainSql[];
  /** The statements that wait until the lock is free that a statement outside a transaction takes at its beginning. */
  freeFor(table: string): readonly PlainSql[];
  /** Whether an index can be dropped outside a transaction, so that it need not wait for a lock that blocks others. */
  readonly dropsIndexAlone: boolean;
  dropIndex(index: PreparedObject, isAlone: boolean): PlainSql;
}

const { pgsql, mssql } = dialectOf;

export const preparingEngines: Readonly<Record<SqlDialect, PreparingEngine>> = {
  pgsql: {
    buildsOnline: async () => true,
    lockTimeout: (milliseconds) =>
      pgsql.sql`SET LOCAL search_path = public; SET LOCAL lock_timeout = ${pgsql.literal(milliseconds)}`,
    locksOf(step, before) {
      const locks = locksOfStep(step, before);
      return locks.length === 0 ? [] : [lockStatement(locks)];
    },
    freeFor: (table) => [lockStatement([{ name: table, kind: 'table', lock: 'SHARE UPDATE EXCLUSIVE' }])],
    dropsIndexAlone: true,
    dropIndex(index, isAlone) {
      const name = { schema: index.schema, name: preparedPartName(index) };
      return isAlone ? pgsql.sql`DROP INDEX CONCURRENTLY ${name}` : pgsql.sql`DROP INDEX ${name}`;
    },
  },
  mssql: {
    async buildsOnline(connection) {
      const query = mssql.sql`SELECT CAST(SERVERPROPERTY(N'EngineEdition') AS int) AS edition`;
      const [row] = await rowsOf<{ edition: number }>(connection, query);
      return row !== undefined && onlineEditions.includes(row.edition);
    },
    lockTimeout: (milliseconds) => mssql.sql`SET LOCK_TIMEOUT ${mssql.literal(milliseconds)};`,
    locksOf: () => [],
    freeFor: () => [],
    dropsIndexAlone: false,
    dropIndex: (index) => mssql.sql`DROP INDEX ${mssql.id(preparedPartName(index))} ON ${preparedTableName(index)}`,
  },
};
