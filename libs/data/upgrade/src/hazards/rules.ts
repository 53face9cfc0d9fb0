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

/** The rank of a lock among the locks of its engine, from 0 for the weakest. */
export const lockStrength = (dialect: SqlDialect, lock: string): number =>
  Object.keys(tableLocks[dialect]).indexOf(lock);

/** Whom a lock of an engine blocks. */
export const blockedBy = (dialect: SqlDialect, lock: string): Blocked => {
  const locks: Readonly<Record<string, Blocked>> = tableLocks[dialect];
  return locks[lock] ?? 'nobody';
};

/** The more serious of two. */
export const worseBlocked = (left: Blocked, right: Blocked): Blocked =>
  blockedOrder.indexOf(left) >= blockedOrder.indexOf(right) ? left : right;

/** The documentation of the servers from which the rules of hazards are taken. */
export const ruleSources = {
  'pg locking': 'PostgreSQL: Explicit Locking, table-level lock modes (docs/current/explicit-locking.html)',
  'pg ALTER TABLE': 'PostgreSQL: ALTER TABLE, description and notes (docs/current/sql-altertable.html)',
  'pg ALTER INDEX':
    'PostgreSQL: ALTER INDEX; release notes of version 12, weaker lock for RENAME (docs/current/sql-alterindex.html)',
  'pg fast default':
    'PostgreSQL: release notes of version 11, ADD COLUMN with a default that does not rewrite (docs/release/11.0)',
  'pg CREATE INDEX': 'PostgreSQL: CREATE INDEX, «Building Indexes Concurrently» (docs/current/sql-createindex.html)',
  'pg CREATE TRIGGER':
    'PostgreSQL: CREATE TRIGGER; Explicit Locking, SHARE ROW EXCLUSIVE (docs/current/sql-createtrigger.html)',
  'pg DROP':
    'PostgreSQL: Explicit Locking, ACCESS EXCLUSIVE; DROP INDEX, DROP TRIGGER (docs/current/sql-dropindex.html)',
  'pg objects':
    'PostgreSQL: CREATE SCHEMA, SEQUENCE, EXTENSION, FUNCTION, VIEW; SET CONSTRAINTS (docs/current/sql-commands.html)',
  'ms lock modes':
    'SQL Server: Transaction locking and row versioning guide, lock modes, lock escalation, DDL and Sch-M',
  'ms ALTER TABLE':
    'SQL Server: ALTER TABLE, «Locks and ALTER TABLE», «Adding NOT NULL columns as an online operation»',
  'ms constraints': 'SQL Server: ALTER TABLE table_constraint, WITH CHECK; Primary and foreign key constraints',
  'ms index': 'SQL Server: Guidelines for online index operations; CREATE INDEX, ONLINE = OFF',
  'ms names': 'SQL Server: sp_rename; ALTER SCHEMA, permissions and locks',
  'ms code': 'SQL Server: CREATE TRIGGER, DROP TRIGGER, CREATE VIEW; Transaction locking guide, Sch-M and Sch-S',
} as const;

export type RuleSource = keyof typeof ruleSources;

/** The work of a statement on the rows of a table, from the lightest to the heaviest. */
export const works = ['none', 'scan', 'index build', 'key validation', 'row writes', 'rewrite'] as const;

export type Work = (typeof works)[number];
