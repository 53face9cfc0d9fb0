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
  'pg DROP': 'PostgreSQL: Explicit Locking, ACCESS EXCLUSIVE; DROP INDEX, DROP TRIGGER (docs/current/sql-dropindex.html)',
  'pg objects':
    'PostgreSQL: CREATE SCHEMA, SEQUENCE, EXTENSION, FUNCTION, VIEW; SET CONSTRAINTS (docs/current/sql-commands.html)',
  'ms lock modes': 'SQL Server: Transaction locking and row versioning guide, lock modes, lock escalation, DDL and Sch-M',
  'ms ALTER TABLE': 'SQL Server: ALTER TABLE, «Locks and ALTER TABLE», «Adding NOT NULL columns as an online operation»',
  'ms constraints': 'SQL Server: ALTER TABLE table_constraint, WITH CHECK; Primary and foreign key constraints',
  'ms index': 'SQL Server: Guidelines for online index operations; CREATE INDEX, ONLINE = OFF',
  'ms names': 'SQL Server: sp_rename; ALTER SCHEMA, permissions and locks',
  'ms code': 'SQL Server: CREATE TRIGGER, DROP TRIGGER, CREATE VIEW; Transaction locking guide, Sch-M and Sch-S',
} as const;

export type RuleSource = keyof typeof ruleSources;
