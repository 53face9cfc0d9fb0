import type { SqlDialect } from '@dms/sql';

/**
 * Who waits for a lock: sessions that read rows of the table, or sessions that write them. Where readers wait, writers
 * wait too.
 */
export type Blocked = 'nobody' | 'writers' | 'readers and writers';

/** From harmless to worst. */
export const blockedOrder: readonly Blocked[] = ['nobody', 'writers', 'readers and writers'];

/**
 * Table locks from the weakest to the strongest, as the engine names them, with the sessions that they block.
 * PostgreSQL: «Explicit Locking», table 13.2. SQL Server: «Transaction locking and row versioning guide», lock modes
 * and their compatibility; readers wait for X unless the database has READ_COMMITTED_SNAPSHOT.
 */
const tableLocks = {
  pgsql: {
    'ACCESS SHARE': 'nobody',
    'ROW SHARE': 'nobody',
    'ROW EXCLUSIVE': 'nobody',
    'SHARE UPDATE EXCLUSIVE': 'nobody',
    SHARE: 'writers',
    'SHARE ROW EXCLUSIVE': 'writers',
    EXCLUSIVE: 'writers',
    'ACCESS EXCLUSIVE': 'readers and writers',
  },
  mssql: {
    'Sch-S': 'nobody',
    IS: 'nobody',
    IX: 'nobody',
    S: 'writers',
    X: 'readers and writers',
    'Sch-M': 'readers and writers',
  },
} as const satisfies Record<SqlDialect, Record<string, Blocked>>;

export type TableLock<Dialect extends SqlDialect> = keyof (typeof tableLocks)[Dialect] & string;

const strengths: Readonly<Record<SqlDialect, readonly string[]>> = {
  pgsql: Object.keys(tableLocks.pgsql),
  mssql: Object.keys(tableLocks.mssql),
};

/** The rank of a lock among the locks of its engine, from 0 for the weakest. */
export const lockStrength = (dialect: SqlDialect, lock: string): number => strengths[dialect].indexOf(lock);

/** Whom a lock of an engine blocks. */
export const blockedBy = (dialect: SqlDialect, lock: string): Blocked => {
  const locks: Readonly<Record<string, Blocked>> = tableLocks[dialect];
  return locks[lock] ?? 'nobody';
};

/** The more serious of two. */
export const worseBlocked = (left: Blocked, right: Blocked): Blocked =>
  blockedOrder.indexOf(left) >= blockedOrder.indexOf(right) ? left : right;
