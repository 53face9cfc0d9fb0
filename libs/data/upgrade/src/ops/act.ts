import type { ObjectStatements } from '@dms/ddl';
import type { DerivedRows } from '@dms/laws';
import type { PlainLines, PlainSql, SqlDialect } from '@dms/sql';
import type { Blocked, RuleSource, TableLock, Work } from '../hazards/rules.ts';
import type { UpgradeDialect } from '../script/upgrade-dialect.ts';
import type { StatementKind, TouchedObject } from './effect.ts';
import type { KeptKind } from './kept-kinds.ts';
import type { EarlyWay } from './operated.ts';

/** What the texts of operations are made with. */
export interface Texts {
  readonly dialect: UpgradeDialect;
  /** The objects of the later set. */
  readonly statements: ObjectStatements;
  readonly rows: DerivedRows;
  /** The statement that requests every document again; empty if there is none. */
  readonly refillCache: PlainSql | PlainLines;
}

/**
 * A part of a statement that alters a table. Neighbours on one table become one statement: on PostgreSQL all of them, on
 * SQL Server equal ones, and those whose verb takes a list.
 */
export interface Clause {
  readonly verb: 'ADD' | 'ADD COLUMN' | 'ALTER COLUMN' | 'DROP COLUMN' | 'DROP CONSTRAINT';
  readonly text: PlainSql;
  /** Whether the verb stands once for several texts. */
  readonly isListed?: boolean;
}

/** The statement of an operation; an empty text is none. */
export type TextOf<Op> = (op: Op, texts: Texts) => PlainSql | PlainLines;

/** The name of a lock in one of these dialects. */
type Lock<Dialect extends SqlDialect> = { readonly [Each in Dialect]: TableLock<Each> }[Dialect];

/** The locks that a statement takes, and its work on rows. */
export interface Cost<Dialect extends SqlDialect> {
  /** The lock on its table; null where it takes none. */
  readonly lock: Lock<Dialect> | null;
  /** The lock on the table that a foreign key refers to. */
  readonly targetLock?: Lock<Dialect> | null | undefined;
  readonly work: Work;
}

/** How an engine makes an operation before the upgrade, while the service works; one statement (design 12a §5.1). */
export interface EarlyStep<Op, Dialect extends SqlDialect> extends Cost<Dialect> {
  /** The words of reports. */
  readonly does: EarlyKind;
  /** Absent: the statement of the upgrade. */
  readonly sql?: TextOf<Op>;
  readonly makes: 'schema' | 'table' | 'column' | 'index' | 'constraint';
  /** Whether the server runs it outside transactions only. */
  readonly isAlone?: boolean;
  /** Whether only some editions of the server build indexes this way. */
  readonly needsOnline?: boolean;
}

/** The steps of a preparation, in the words of reports. */
export type EarlyKind =
  | 'create schema'
  | 'create table'
  | 'add key of new table'
  | 'create index of new table'
  | 'add foreign key of new table'
  | 'add columns'
  | 'create index concurrently'
  | 'make index a key'
  | 'add check'
  | 'validate check'
  | 'add foreign key'
  | 'validate foreign key'
  | 'create index online'
  | 'add unique online';

/**
 * What an operation means on an engine (design 12a §2): its text, its lock, its work and all other effects. On a table
 * that the upgrade makes, an act has no lock that anybody waits for, and no work but for the rows that it writes.
 */
export interface Act<Op, Dialect extends SqlDialect> extends Cost<Dialect> {
  readonly does: StatementKind;
  /** Whether the operation has this act; absent: always. */
  readonly when?: (op: Op) => boolean;
  /** What follows ALTER TABLE. */
  readonly clause?: (op: Op, texts: Texts) => Clause;
  /** The statement of the act itself. Acts of the same operation with equal texts share one statement. */
  readonly sql?: TextOf<Op>;
  /** Who waits for the row locks, if these block more than the table lock. */
  readonly rowsBlock?: Blocked;
  /** The first version of the server for which this holds, if earlier versions do more. */
  readonly since?: number;
  /** The page of the documentation. */
  readonly source: RuleSource;
  /** The objects of the earlier set that objects of others may not allow to change. */
  readonly touches?: (op: Op) => readonly TouchedObject[];
  /** Whether it gives all rows of the table new values at once. */
  readonly isRewrite?: boolean;
  /** Whether it takes away in silence what others gave the object (design 12 §7.3). */
  readonly loses?: readonly KeptKind[];
  /** Whether it is a query or a data statement: SQL Server compiles it late. */
  readonly onRows?: boolean;
  /** How a preparation makes it; a way that is absent is only for the upgrade. */
  readonly early?: { readonly [Way in EarlyWay]?: readonly EarlyStep<Op, Dialect>[] };
}

/** The acts of an operation on both engines; none where an engine does nothing. */
export type Acts<Op> = { readonly [Dialect in SqlDialect]: readonly Act<Op, Dialect>[] };
