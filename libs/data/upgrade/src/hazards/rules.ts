import type { SqlDialect } from '@dms/sql';
import type { StatementKind } from './statement-effect.ts';

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

type RuleSource = keyof typeof ruleSources;

/** The work of a statement on the rows of a table, from the lightest to the heaviest. */
export const works = ['none', 'scan', 'index build', 'key validation', 'row writes', 'rewrite'] as const;

export type Work = (typeof works)[number];

/** The locks and the work of a kind of statement on a server. */
interface StatementRule<Dialect extends SqlDialect> {
  /** The lock on its table; null where it takes none. */
  readonly lock: TableLock<Dialect> | null;
  /** The lock on the table that a foreign key refers to. */
  readonly targetLock?: TableLock<Dialect> | undefined;
  readonly work: Work;
  /** Who waits for the row locks, if these block more than the table lock. */
  readonly rowsBlock?: Blocked | undefined;
  /** The first version of the server for which the rule holds, if earlier versions do more. */
  readonly since?: number | undefined;
  readonly source: RuleSource;
}

type AnyRule = { readonly [Dialect in SqlDialect]: StatementRule<Dialect> }[SqlDialect];

/**
 * The locks and the work of every kind of statement in an upgrade, by server. They hold for every version that the tool
 * supports: PostgreSQL 14, SQL Server 2019, and later. The rules for PostgreSQL are compared with a server
 * (`observed-locks.long.spec.ts`). The rules for SQL Server come from its documentation and were not observed.
 */
export const statementRules: {
  readonly [Dialect in SqlDialect]: Readonly<Record<StatementKind, StatementRule<Dialect>>>;
} = {
  pgsql: {
    'check rows': { lock: 'ACCESS SHARE', work: 'scan', source: 'pg locking' },
    'drop trigger': { lock: 'ACCESS EXCLUSIVE', work: 'none', source: 'pg DROP' },
    'drop function': { lock: null, work: 'none', source: 'pg objects' },
    'drop view': { lock: 'ACCESS EXCLUSIVE', work: 'none', source: 'pg DROP' },
    // the key's triggers are dropped from both tables
    'drop foreign key': {
      lock: 'ACCESS EXCLUSIVE',
      targetLock: 'ACCESS EXCLUSIVE',
      work: 'none',
      source: 'pg ALTER TABLE',
    },
    'drop constraint': { lock: 'ACCESS EXCLUSIVE', work: 'none', source: 'pg ALTER TABLE' },
    'drop index': { lock: 'ACCESS EXCLUSIVE', work: 'none', source: 'pg DROP' },
    'drop table': { lock: 'ACCESS EXCLUSIVE', work: 'none', source: 'pg DROP' },
    'drop columns': { lock: 'ACCESS EXCLUSIVE', work: 'none', source: 'pg ALTER TABLE' },
    'create schema': { lock: null, work: 'none', source: 'pg objects' },
    'drop schema': { lock: null, work: 'none', source: 'pg objects' },
    'create extension': { lock: null, work: 'none', source: 'pg objects' },
    'create sequence': { lock: null, work: 'none', source: 'pg objects' },
    'create table': { lock: 'ACCESS EXCLUSIVE', work: 'none', source: 'pg locking' },
    'move table': { lock: 'ACCESS EXCLUSIVE', work: 'none', source: 'pg ALTER TABLE' },
    'rename table': { lock: 'ACCESS EXCLUSIVE', work: 'none', source: 'pg ALTER TABLE' },
    'rename column': { lock: 'ACCESS EXCLUSIVE', work: 'none', source: 'pg ALTER TABLE' },
    'rename constraint': { lock: 'ACCESS EXCLUSIVE', work: 'none', source: 'pg ALTER TABLE' },
    // only the index is locked
    'rename index': { lock: null, work: 'none', since: 12, source: 'pg ALTER INDEX' },
    'add columns': { lock: 'ACCESS EXCLUSIVE', work: 'none', source: 'pg ALTER TABLE' },
    'add columns with defaults': { lock: 'ACCESS EXCLUSIVE', work: 'none', since: 11, source: 'pg fast default' },
    'add computed columns': { lock: 'ACCESS EXCLUSIVE', work: 'rewrite', source: 'pg ALTER TABLE' },
    'change type': { lock: 'ACCESS EXCLUSIVE', work: 'rewrite', source: 'pg ALTER TABLE' },
    'widen type': { lock: 'ACCESS EXCLUSIVE', work: 'none', source: 'pg ALTER TABLE' },
    'require value': { lock: 'ACCESS EXCLUSIVE', work: 'scan', source: 'pg ALTER TABLE' },
    'allow null': { lock: 'ACCESS EXCLUSIVE', work: 'none', source: 'pg ALTER TABLE' },
    'change default': { lock: 'ACCESS EXCLUSIVE', work: 'none', source: 'pg ALTER TABLE' },
    'update rows': { lock: 'ROW EXCLUSIVE', rowsBlock: 'writers', work: 'row writes', source: 'pg locking' },
    'insert rows': { lock: 'ROW EXCLUSIVE', work: 'row writes', source: 'pg locking' },
    'delete rows': { lock: 'ROW EXCLUSIVE', rowsBlock: 'writers', work: 'row writes', source: 'pg locking' },
    'run deferred checks': { lock: null, work: 'none', source: 'pg objects' },
    'add primary key': { lock: 'ACCESS EXCLUSIVE', work: 'index build', source: 'pg ALTER TABLE' },
    'add unique': { lock: 'ACCESS EXCLUSIVE', work: 'index build', source: 'pg ALTER TABLE' },
    'add check': { lock: 'ACCESS EXCLUSIVE', work: 'scan', source: 'pg ALTER TABLE' },
    'add foreign key': {
      lock: 'SHARE ROW EXCLUSIVE',
      targetLock: 'SHARE ROW EXCLUSIVE',
      work: 'key validation',
      source: 'pg ALTER TABLE',
    },
    'create index': { lock: 'SHARE', work: 'index build', source: 'pg CREATE INDEX' },
    'create function': { lock: null, work: 'none', source: 'pg objects' },
    'create view': { lock: 'ACCESS EXCLUSIVE', work: 'none', source: 'pg objects' },
    'create trigger': { lock: 'SHARE ROW EXCLUSIVE', work: 'none', source: 'pg CREATE TRIGGER' },
    'comment table': { lock: 'SHARE UPDATE EXCLUSIVE', work: 'none', source: 'pg locking' },
  },
  mssql: {
    'check rows': { lock: 'IS', work: 'scan', source: 'ms lock modes' },
    'drop trigger': { lock: 'Sch-M', work: 'none', source: 'ms code' },
    'drop function': { lock: null, work: 'none', source: 'ms code' },
    'drop view': { lock: 'Sch-M', work: 'none', source: 'ms code' },
    'drop foreign key': { lock: 'Sch-M', targetLock: 'Sch-M', work: 'none', source: 'ms constraints' },
    'drop constraint': { lock: 'Sch-M', work: 'none', source: 'ms ALTER TABLE' },
    'drop index': { lock: 'Sch-M', work: 'none', source: 'ms index' },
    'drop table': { lock: 'Sch-M', work: 'none', source: 'ms lock modes' },
    'drop columns': { lock: 'Sch-M', work: 'none', source: 'ms ALTER TABLE' },
    'create schema': { lock: null, work: 'none', source: 'ms lock modes' },
    'drop schema': { lock: null, work: 'none', source: 'ms lock modes' },
    'create extension': { lock: null, work: 'none', source: 'ms lock modes' },
    'create sequence': { lock: null, work: 'none', source: 'ms lock modes' },
    'create table': { lock: 'Sch-M', work: 'none', source: 'ms lock modes' },
    'move table': { lock: 'Sch-M', work: 'none', source: 'ms names' },
    'rename table': { lock: 'Sch-M', work: 'none', source: 'ms names' },
    'rename column': { lock: 'Sch-M', work: 'none', source: 'ms names' },
    'rename constraint': { lock: 'Sch-M', work: 'none', source: 'ms names' },
    'rename index': { lock: 'Sch-M', work: 'none', source: 'ms names' },
    'add columns': { lock: 'Sch-M', work: 'none', source: 'ms ALTER TABLE' },
    // the Enterprise edition stores a constant default with the table; the other editions write every row
    'add columns with defaults': { lock: 'Sch-M', work: 'rewrite', source: 'ms ALTER TABLE' },
    'add computed columns': { lock: 'Sch-M', work: 'rewrite', source: 'ms ALTER TABLE' },
    'change type': { lock: 'Sch-M', work: 'rewrite', source: 'ms ALTER TABLE' },
    'widen type': { lock: 'Sch-M', work: 'none', source: 'ms ALTER TABLE' },
    'require value': { lock: 'Sch-M', work: 'scan', source: 'ms ALTER TABLE' },
    'allow null': { lock: 'Sch-M', work: 'none', source: 'ms ALTER TABLE' },
    'change default': { lock: 'Sch-M', work: 'none', source: 'ms ALTER TABLE' },
    // thousands of row locks become one table lock
    'update rows': { lock: 'X', work: 'row writes', source: 'ms lock modes' },
    'insert rows': { lock: 'X', work: 'row writes', source: 'ms lock modes' },
    'delete rows': { lock: 'X', work: 'row writes', source: 'ms lock modes' },
    'run deferred checks': { lock: null, work: 'none', source: 'ms constraints' },
    // a clustered key is the table itself
    'add primary key': { lock: 'Sch-M', work: 'rewrite', source: 'ms index' },
    'add unique': { lock: 'Sch-M', work: 'index build', source: 'ms constraints' },
    'add check': { lock: 'Sch-M', work: 'scan', source: 'ms constraints' },
    'add foreign key': { lock: 'Sch-M', targetLock: 'Sch-M', work: 'key validation', source: 'ms constraints' },
    'create index': { lock: 'S', work: 'index build', source: 'ms index' },
    'create function': { lock: null, work: 'none', source: 'ms code' },
    'create view': { lock: 'Sch-M', work: 'none', source: 'ms code' },
    'create trigger': { lock: 'Sch-M', work: 'none', source: 'ms code' },
    // an extended property
    'comment table': { lock: 'Sch-M', work: 'none', source: 'ms lock modes' },
  },
};

/** The rule of a kind of statement on a server. */
export const ruleOf = (dialect: SqlDialect, kind: StatementKind): AnyRule => statementRules[dialect][kind];
