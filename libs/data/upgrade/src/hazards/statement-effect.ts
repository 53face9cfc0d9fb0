import { type ColumnDefinition, columnType, type Expression } from '@dms/catalog';
import { mustExist, unqualified } from '@dms/model';

/** The kinds of statements in an upgrade; each has a row in the table of rules (design 12 §12). */
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

/** The effect of a statement on one table. Its locks, its work and its time follow from this. */
export interface StatementEffect {
  readonly kind: StatementKind;
  /** Null if the statement works on no table. */
  readonly table: AffectedTable | null;
  /** The table that a foreign key refers to. */
  readonly target?: AffectedTable | undefined;
  /** The rows that determine its time; by default the rows of its table. */
  readonly rows?: AffectedRows | undefined;
  /** The changed objects that it makes, by `objectKey`; for other objects it only makes room. */
  readonly makes?: readonly string[] | undefined;
  /** The objects of the earlier set that it drops, or alters in a way that dependent foreign objects may not allow. */
  readonly touches?: readonly TouchedObject[] | undefined;
}

/** An object of the earlier set, by the name that it has before the upgrade, and what a statement does to it. */
export interface TouchedObject {
  /**
   * `rewrite`: new values for all rows of a table; `update`, `delete`: its rows are written while its keys are dropped.
   */
  readonly how: 'drop' | 'retype' | 'rename' | 'rewrite' | 'update' | 'delete';
  readonly kind: 'schema' | 'function' | 'relation' | 'column' | 'constraint' | 'index' | 'trigger';
  readonly schema: string;
  /** The table or view; null for schemas and functions. */
  readonly table: string | null;
  /** The name of a function, or of a part of a table; null for others. */
  readonly name: string | null;
}

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

/**
 * The kind of statement for a new column in a table with rows: it writes nothing, a default that is stored once, or a
 * value in every row.
 */
export function addedColumnKind({
  generated,
  isIdentity,
  default: value,
}: Pick<ColumnDefinition, 'generated' | 'isIdentity' | 'default'>): StatementKind {
  if (generated !== null || isIdentity) return 'add computed columns';
  if (value === null) return 'add columns';
  return isOneValue(value) ? 'add columns with defaults' : 'add computed columns';
}

/** Whether an expression has one value for all rows of a statement. */
function isOneValue(expression: Expression): boolean {
  switch (expression.kind) {
    case 'text':
    case 'number':
    case 'true':
    case 'null':
      return true;
    // the only functions in defaults are clocks, and a clock does not advance within a statement
    case 'call':
      return expression.arguments.every(isOneValue);
    default:
      return false;
  }
}

/** Types whose stored values stay valid when the first argument of the type grows. */
const growing: ReadonlySet<string> = new Set(['varchar', 'nvarchar', 'varbinary', 'numeric']);

/**
 * `widen type` if a column gets another type without a change to the rows: text that may be longer and, on PostgreSQL
 * (whose catalog says `numeric`), decimals with more digits but the same number of decimal places.
 */
export function changedTypeKind(before: string, after: string): StatementKind {
  const from = columnType(before);
  const into = columnType(after);
  const [length, longest] = [from, into].map((type) => type.arguments[0]);
  const isSamePlaces = (from.arguments[1] ?? '0') === (into.arguments[1] ?? '0');
  const isLonger =
    from.name === into.name && growing.has(from.name) && Number(length) <= Number(longest) && isSamePlaces;
  return isLonger ? 'widen type' : 'change type';
}

/** The properties that change in a column that stays, or that was added to receive values. */
interface ColumnAlteration {
  readonly before: { readonly type: string } | null;
  readonly column: { readonly type: string; readonly nullable: boolean };
  readonly type: boolean;
  readonly nullability: boolean;
  readonly default: boolean;
}

/** The kinds of statements that change a column. */
export function alterationKinds({ before, column, ...what }: ColumnAlteration): readonly StatementKind[] {
  return [
    ...(what.type ? [changedTypeKind(mustExist(before, 'the column before its type changes').type, column.type)] : []),
    ...(what.nullability ? [column.nullable ? ('allow null' as const) : ('require value' as const)] : []),
    ...(what.default ? ['change default' as const] : []),
  ];
}
