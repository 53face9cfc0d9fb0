import { unqualified } from '@dms/model';

/** What a statement of an upgrade does; each kind has a row in the table of rules (design 12 §12). */
export const statementKinds = [
  'check rows',
  'drop trigger',
  'drop function',
  'drop view',
  'drop foreign key',
  'drop constraint',
  'drop index',
  'drop table',
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
  readonly condition?: string | undefined;
}

/** What a statement does to one table. Its locks, its work and its time follow from this. */
export interface StatementEffect {
  readonly kind: StatementKind;
  /** Null if the statement works on no table. */
  readonly table: AffectedTable | null;
  /** The table that a foreign key refers to. */
  readonly target?: AffectedTable | undefined;
  /** The rows that determine its time; by default the rows of its table. */
  readonly rows?: AffectedRows | undefined;
  /** The changed objects that it makes, by `objectKey`; it only makes room for others. */
  readonly makes?: readonly string[] | undefined;
  /** The objects of the earlier set that it takes away or alters in a way that others may not allow. */
  readonly touches?: readonly TouchedObject[] | undefined;
}

/** An object of the earlier set, by the name that it has before the upgrade, and what a statement does to it. */
export interface TouchedObject {
  /**
   * `rewrite`: new values for all rows of a table; `update`, `delete`: its rows are written while its keys are away.
   */
  readonly how: 'drop' | 'retype' | 'rename' | 'rewrite' | 'update' | 'delete';
  readonly kind: 'schema' | 'function' | 'relation' | 'column' | 'constraint' | 'index' | 'trigger';
  readonly schema: string;
  /** The table or view; null for schemas and functions. */
  readonly table: string | null;
  /** The name of a function, or of a part of a table; null for others. */
  readonly name: string | null;
}

/** Something that a statement does to a table of the earlier set, `schema.name`, or to a part of it. */
export function touched(
  how: TouchedObject['how'],
  kind: TouchedObject['kind'],
  key: string,
  name: string | null = null,
): TouchedObject {
  const { schema, name: table } = unqualified(key);
  return { how, kind, schema, table, name };
}

/** A table or view of the earlier set. */
export const present = (name: string): AffectedTable => ({ name, isNew: false });

/** The effect of a kind of statement on a table of the earlier set. */
export const effectOn = (kind: StatementKind, table: string, makes?: readonly string[]): StatementEffect => ({
  kind,
  table: present(table),
  makes,
});

/** The effect of a statement that works on no table. */
export const effectOnNone = (kind: StatementKind): StatementEffect => ({ kind, table: null });
