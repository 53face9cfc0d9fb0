import { type Connection, driverCodeOf, type EmbeddedTarget, type Limits, type Row } from '@dms/databases';
import type { DmsError } from '@dms/diagnostics';
import type { QualifiedName } from '@dms/sql';

/** Values of a row by column, each as text; null is NULL. */
export type RowText = Readonly<Record<string, string | null>>;

/** Rows of a table or view, to be read as texts. */
export interface Selection {
  readonly table: { readonly schema: string; readonly name: string };
  readonly columns: readonly string[];
  /** A condition on the rows; all rows without it. */
  readonly where?: string | undefined;
}

/** The rows of each of several queries. */
export type Results = readonly (readonly Row[])[];

/** Statements that take effect completely or not at all, and the queries that run after them. */
interface Change {
  readonly statements: readonly string[];
  readonly queries: readonly string[];
}

/** A query that runs repeatedly: how the session prepares it, runs it, and forgets it. */
interface NamedQuery {
  readonly define: readonly string[];
  readonly ask: string;
  readonly forget: readonly string[];
}

/** Codes with which an engine refuses a statement: SQLSTATE, or the number of the error. */
interface EngineCodes {
  readonly foreignKey: string;
  readonly unique: string;
  readonly check: string;
  /** A value for an identity column. */
  readonly identity: string;
  /** NULL in a column that must have a value. */
  readonly notNull: string;
  /** A text that is longer than its column allows. */
  readonly tooLong: string;
  /** A number that its column cannot hold. */
  readonly outOfRange: string;
  /** What a body raises by itself. */
  readonly raised: string;
}

/** A table, and constraints by their quoted names. */
export interface ConstrainedTable {
  readonly table: string;
  readonly checks: readonly string[];
  readonly foreignKeys: readonly string[];
}

/** A statement that changes or deletes rows, and makes them again as they were. */
interface Remaking {
  /** What takes the triggers and some constraints of tables out of the way of it, until a savepoint undoes that. */
  prepare(tables: readonly ConstrainedTable[]): readonly string[];
  /** `change` is an update or deletion of the rows of a condition. */
  statement(table: string, change: string, columns: readonly string[], where: string): string;
}

/** A foreign key, by its name and the table that has it. */
export interface KeyOfTable {
  readonly table: QualifiedName;
  readonly name: string;
}

/** Statements that keep keys from refusing or following changes of one of their tables, within a transaction. */
export type KeysAside = (changed: QualifiedName, keys: readonly KeyOfTable[]) => readonly string[];

/** What verification does differently for each engine. */
export interface VerificationDialect {
  /** A statement that fails at the end of a script, and the code with which it fails. */
  readonly failing: { readonly text: string; readonly code: string };
  readonly codes: EngineCodes;
  /** The queries of selections; values independent of the settings of the session, NULL stays NULL. */
  queriesOf(selections: readonly Selection[]): readonly string[];
  /** The rows of each selection, from the results of their queries. */
  rowsOfEach(selections: readonly Selection[], results: Results): readonly (readonly RowText[])[];
  named(name: string, query: string): NamedQuery;
  /** The insertion of one row into a table, so that it may give its own value to an identity column. */
  withIdentityInsert(table: string, insert: string): string;
  /** Disables a check of a table, within a transaction. */
  withoutCheck(table: string, check: string): string;
  /** How the role of a session keeps keys aside. */
  keysAside(connection: Connection): Promise<KeysAside>;
  /** Call of `dms.uuidv5`; null is NULL. */
  uuidCall(namespace: string, name: string | null): string;
  /** A new UUID for each row of a statement. */
  readonly newUuid: string;
  /** The name of the check that only an object is cached. */
  readonly cacheCheck: string;
  /** False, as a text for a column of that type. */
  readonly falseText: string;
  /** The query for the time of a transaction, which all its stamps have; null where each statement has its own. */
  readonly transactionTime: string | null;
  /** Whether a time is after the begin of the transaction; on SQL Server, within the last ten minutes. */
  isRecent(quotedColumn: string): string;
  /** The engine that makes the reference catalog; null for another database on the same server. */
  readonly referenceTarget: EmbeddedTarget | null;
  /** Reads the version that was drawn last, also in a transaction that was rolled back. */
  readonly lastVersion: Selection;
  /** How a statement changes or deletes rows and makes them again; null where no statement can do both. */
  readonly remaking: Remaking | null;
  /** Disables checks and foreign keys of tables. Does nothing and returns false if the role may not do so. */
  unchecked(connection: Connection, tables: readonly ConstrainedTable[]): Promise<boolean>;
  /** Restores them. Null if the rollback restores them. */
  readonly checked: ((connection: Connection, tables: readonly ConstrainedTable[]) => Promise<void>) | null;
  /**
   * Runs statements that must succeed one after the other, and returns the rows of a query after each: the text `found`
   * of its only row. PostgreSQL rolls them back afterwards; on SQL Server they stay.
   */
  following(connection: Connection, statements: readonly string[], query: string): Promise<readonly string[]>;
  /** A query for the triggers that run once for a statement: `schema` and `name` of their tables, and `body`. */
  readonly statementTriggers: string;
  /** A query for what a script left besides the objects that `readDatabaseState` counts; one column `name`. */
  readonly leftQuery: string | null;
  /** Begins and ends a step whose changes must not last. */
  readonly step: { begin(connection: Connection): Promise<void>; end(connection: Connection): Promise<void> };
  /**
   * Makes changes one after the other, checks all constraints after each, and returns the results of the queries of
   * each. Throws if a change is refused; nothing of that change is left.
   */
  change(connection: Connection, changes: readonly Change[], limits: Limits): Promise<readonly Results[]>;
  /** The same, but each change is rolled back after its queries, so that none sees another. */
  trial(connection: Connection, changes: readonly Change[], limits: Limits): Promise<readonly Results[]>;
  /** The outcome of each of many statements; all are rolled back. */
  outcomes(connection: Connection, statements: readonly TriedStatement[], limits: Limits): Promise<readonly Outcome[]>;
}

/** A statement that is tried. */
export interface TriedStatement {
  readonly statement: string;
  /** What prepares it, and is run once for all statements that have the same. */
  readonly first?: string;
}

/** Null where a statement was accepted. */
export type Outcome = {
  readonly code: string;
  readonly message: string;
  /** The constraint, if the engine names it. */
  readonly constraint: string | null;
} | null;

/** How the engine refused a statement. */
export function outcomeOf(error: DmsError): NonNullable<Outcome> {
  const { message, details } = error.diagnostics[0];
  return {
    code: driverCodeOf(error) ?? '',
    message,
    constraint: typeof details.object === 'string' ? details.object : null,
  };
}
