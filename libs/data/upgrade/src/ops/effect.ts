import { unqualified } from '@dms/model';
import type { PlainSql } from '@dms/sql';
import type { Blocked, Work } from '../hazards/rules.ts';

/** What a statement of an upgrade does, in the words of reports. */
export const statementKinds = [
  'check rows',
  'drop trigger',
  'drop function',
  'drop view',
  'drop foreign key',
  'drop constraint',
  'drop index',
  'drop table',
  'empty table',
  'drop columns',
  'create schema',
  'drop schema',
  'create extension',
  'create sequence',
  'create table',
  'move table',
  'rename table',
  'rename column',
  'rename constraint',
  'rename index',
  'add columns',
  'add columns with defaults',
  'add computed columns',
  'change type',
  'widen type',
  'change collation',
  'require value',
  'allow null',
  'change default',
  'update rows',
  'insert rows',
  'delete rows',
  'run deferred checks',
  'add primary key',
  'add unique',
  'add check',
  'add foreign key',
  'create index',
  'create function',
  'create view',
  'create trigger',
  'comment table',
] as const;

export type StatementKind = (typeof statementKinds)[number];

/** A table or view that a statement works on. */
export interface AffectedTable {
  /** `schema.name`: in the earlier set, or in the later one where the upgrade creates the table. */
  readonly name: string;
  /** Whether the upgrade creates it; no other session then sees it before the commit. */
  readonly isNew: boolean;
}

/** Rows that a statement reads or writes. */
export interface AffectedRows {
  /** `schema.name` in the earlier set. */
  readonly table: string;
  /** A condition on rows of that table, called `t`; all rows if absent. */
  readonly condition?: PlainSql | undefined;
}

/** A change between two sets, as the operations that make it refer to it. */
export interface MadeChange {
  readonly kind: string;
  readonly path: readonly string[];
}

/** The effect of a statement on one table. Its time follows from this (design 12a §2). */
export interface StatementEffect {
  readonly kind: StatementKind;
  /** Null if the statement works on no table. */
  readonly table: AffectedTable | null;
  /** The table that a foreign key refers to. */
  readonly target?: AffectedTable | undefined;
  /** The lock on its table, as the engine names it; null where it takes none. */
  readonly lock: string | null;
  /** The lock on `target`. */
  readonly targetLock: string | null;
  readonly work: Work;
  /** Who waits for the row locks, if these block more than the table lock. */
  readonly rowsBlock: Blocked;
  /** Whether it reads or writes the rows in a pass of its own. */
  readonly isOnRows: boolean;
  /** The rows that determine its time; by default the rows of its table. */
  readonly rows?: AffectedRows | undefined;
  /** The changes that it makes; where it is empty, the statement only makes room for others. */
  readonly for: readonly MadeChange[];
  /** The objects of the earlier set that it drops, or alters in a way that dependent foreign objects may not allow. */
  readonly touches: readonly TouchedObject[];
}

/** An object of the earlier set, by the name that it has before the upgrade, and what a statement does to it. */
export interface TouchedObject {
  /**
   * `rewrite`: new values for all rows of a table; `empty`: all its rows are removed; `update`, `delete`: its rows are
   * written while its keys are dropped.
   */
  readonly how: 'drop' | 'retype' | 'rename' | 'rewrite' | 'empty' | 'update' | 'delete';
  readonly kind: 'schema' | 'function' | 'relation' | 'column' | 'constraint' | 'index' | 'trigger';
  readonly schema: string;
  /** The table or view; null for schemas and functions. */
  readonly table: string | null;
  /** The name of a function, or of a part of a table; null for others. */
  readonly name: string | null;
  /** How many parameters a function takes. */
  readonly parameters?: number;
}

/** The number of parameters in the list of a catalog. */
export const parameterCount = (list: string) => (list === '' ? 0 : list.split(',').length);

/** What a statement does to a table of the earlier set, `schema.name`, or to a part of the table. */
export function touched(
  how: TouchedObject['how'],
  kind: TouchedObject['kind'],
  key: string,
  name: string | null = null,
): TouchedObject {
  const { schema, name: table } = unqualified(key);
  return { how, kind, schema, table, name };
}

/** The columns that a statement touches, by their name in the earlier set; none if the upgrade added the column. */
export const touchedColumn = (
  how: TouchedObject['how'],
  on: readonly AffectedTable[],
  earlier: string | null,
): readonly TouchedObject[] => (earlier === null ? [] : on.map(({ name }) => touched(how, 'column', name, earlier)));

/** A table or view of the earlier set. */
export const present = (name: string): AffectedTable => ({ name, isNew: false });
