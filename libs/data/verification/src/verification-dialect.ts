import {
  type Connection,
  driverCodeOf,
  type EmbeddedTarget,
  type Limits,
  type Row,
  serverTextOf,
} from '@dms/databases';
import type { DmsError } from '@dms/diagnostics';
import type { PlainSql, QualifiedName } from '@dms/sql';

/** Values of a row by column, each as text; null is NULL. */
export type RowText = Readonly<Record<string, string | null>>;

/** Rows of a table or view, to be read as texts. */
export interface Selection {
  readonly table: { readonly schema: string; readonly name: string };
  readonly columns: readonly string[];
  /** A condition on the rows; all rows without it. */
  readonly where?: PlainSql | undefined;
}

/** The rows of each of several queries. */
export type ResultSets = readonly (readonly Row[])[];

/** Statements that take effect completely or not at all, and the queries that run after them. */
interface Change {
  readonly statements: readonly PlainSql[];
  readonly queries: readonly PlainSql[];
}

/** A query that runs repeatedly: the statements that prepare it, run it, and remove it. */
interface NamedQuery {
  readonly define: readonly PlainSql[];
  readonly ask: PlainSql;
  readonly forget: readonly PlainSql[];
}

/** Codes with which an engine refuses a statement: SQLSTATE, or the number of the error. */
interface EngineCodes {
  readonly foreignKey: string;
  readonly unique: string;
  readonly check: string;
  /** A value for an identity column is given. */
  readonly identity: string;
  /** NULL in a column that must have a value. */
  readonly notNull: string;
  /** A text that is longer than its column allows. */
  readonly tooLong: string;
  /** A number that its column cannot hold. */
  readonly outOfRange: string;
  /** An error that a trigger body raises itself. */
  readonly raised: string;
}

/** A table, and some of its constraints by their names. */
export interface ConstrainedTable {
  readonly table: QualifiedName;
  readonly checks: readonly string[];
  readonly foreignKeys: readonly string[];
  /** Unique indexes that belong to no constraint. */
  readonly uniqueIndexes?: readonly QualifiedName[];
}

/** A statement that changes or deletes rows, and inserts them again as they were. */
interface Remaking {
  /** Statements that disable the triggers, some constraints and unique indexes of tables; a savepoint undoes them. */
  prepare(tables: readonly ConstrainedTable[]): readonly PlainSql[];
  /** `change` is an update or deletion of the rows that meet a condition. */
  statement(table: QualifiedName, change: PlainSql, columns: readonly string[], where: PlainSql): PlainSql;
}

/** A foreign key, by its name and the table that has it. */
export interface KeyOfTable {
  readonly table: QualifiedName;
  readonly name: string;
}

/** Keys that may refuse or propagate a change of a table. */
export interface KeysOfChange {
  readonly changed: QualifiedName;
  readonly keys: readonly KeyOfTable[];
}

/** Statements that restart the sequence of versions. */
export interface Restarting {
  /** Begins a trial: the next version is 1. */
  readonly begin: PlainSql;
  /** Continues after the last version that was drawn before the trials; null if their rollback does so. */
  readonly end: ((last: string) => PlainSql) | null;
}

/** Statements that keep keys from interfering with changes of tables, within a transaction; a key may be named twice. */
export type KeysAside = (interfering: readonly KeysOfChange[]) => readonly PlainSql[];

/** The differences between the engines in verification. */
export interface VerificationDialect {
  /** A statement that fails at the end of a script, and the code with which it fails. */
  readonly failing: { readonly text: string; readonly code: string };
  /** Where statements that make tables begin, if a script may end before one of them; null if it cannot. */
  readonly tableStarts: RegExp | null;
  readonly codes: EngineCodes;
  /** The queries of selections; values independent of the settings of the session, NULL stays NULL. */
  queriesOf(selections: readonly Selection[]): readonly PlainSql[];
  /** The rows of each selection, from the results of their queries. */
  rowsOfEach(selections: readonly Selection[], results: ResultSets): readonly (readonly RowText[])[];
  named(name: string, query: PlainSql): NamedQuery;
  /** The INSERT of one row into a table, with a value for its identity column. */
  identityInsert(table: QualifiedName, values: ReadonlyMap<string, string>): PlainSql;
  /** Disables a check of a table, within a transaction. */
  withoutCheck(table: QualifiedName, check: string): PlainSql;
  /** The method by which the role of a session keeps keys aside. */
  keysAside(connection: Connection): Promise<KeysAside>;
  /** Call of `dms.uuidv5`; null is NULL. */
  uuidCall(namespace: string, name: string | null): PlainSql;
  /** An expression for a new UUID in each row of a statement. */
  readonly newUuid: PlainSql;
  /** The name of the check that the cache accepts only objects. */
  readonly cacheCheck: string;
  /** False, as a text for a boolean column. */
  readonly falseText: string;
  /** The query for the time of a transaction, which all its stamps have; null if each statement has its own. */
  readonly transactionTime: PlainSql | null;
  /** The condition that a time is after the start of the transaction; on SQL Server, within the last ten minutes. */
  isRecent(column: PlainSql): PlainSql;
  /** The engine that makes the reference catalog; null for another database on the same server. */
  readonly referenceTarget: EmbeddedTarget | null;
  /** The selection of the version that was drawn last, even by a transaction that was rolled back. */
  readonly lastVersion: Selection;
  /** How versions start at 1 in trials that are rolled back. */
  readonly restarting: Restarting;
  /** The statement that changes or deletes rows and inserts them again; null if no statement can do both. */
  readonly remaking: Remaking | null;
  /** Disables checks and foreign keys of tables. Does nothing and returns false if the role may not do so. */
  unchecked(connection: Connection, tables: readonly ConstrainedTable[]): Promise<boolean>;
  /** Restores them; null if the rollback does so. */
  readonly checked: ((connection: Connection, tables: readonly ConstrainedTable[]) => Promise<void>) | null;
  /**
   * Runs statements that must succeed one after the other, and returns the text `found` of the only row of a query
   * after each. The statements are rolled back afterwards.
   */
  following(connection: Connection, statements: readonly PlainSql[], query: PlainSql): Promise<readonly string[]>;
  /**
   * A query for the functions of triggers: `schema`, `name` and `body`; null if the forms of bodies are not read in this
   * dialect, so that each is tried.
   */
  readonly triggerFunctions: PlainSql | null;
  /** A query for the triggers that run once for a statement: `schema` and `name` of their tables, and `body`. */
  readonly statementTriggers: PlainSql;
  /** A query for remains of a script beyond the objects that `readDatabaseState` counts, in one column `name`. */
  readonly leftQuery: PlainSql | null;
  /**
   * Begins and ends a step whose changes must not last: PostgreSQL rolls the step back; on SQL Server, where one refused
   * statement ends a transaction in spite of savepoints, the rows of `tables` are deleted, one table after the other.
   */
  readonly step: {
    begin(connection: Connection): Promise<void>;
    end(connection: Connection, tables: readonly QualifiedName[]): Promise<void>;
  };
  /**
   * Makes changes one after the other, checks all constraints after each, and returns the results of the queries of
   * each. Throws if a change is refused; nothing of that change is left.
   */
  change(connection: Connection, changes: readonly Change[], limits: Limits): Promise<readonly ResultSets[]>;
  /** Like `change`, but each change is rolled back after its queries, so that none sees another. */
  trial(connection: Connection, changes: readonly Change[], limits: Limits): Promise<readonly ResultSets[]>;
  /** The outcome of each of many statements; all are rolled back. */
  outcomes(
    connection: Connection,
    statements: readonly TriedStatement[],
    limits: Limits,
  ): Promise<readonly TrialOutcome[]>;
}

/** A statement that is tried. */
export interface TriedStatement {
  readonly statement: PlainSql;
  /** A statement that prepares it, and runs once for all statements with the same one. */
  readonly first?: PlainSql;
}

/** How an engine refused a statement; null if it was accepted. */
export type TrialOutcome = {
  readonly code: string;
  /** The words of the engine alone, for comparisons. */
  readonly message: string;
  /** The whole message, for people, if there is more than these words. */
  readonly told?: string;
  /** The constraint, if the engine names it. */
  readonly constraint: string | null;
} | null;

/** How the engine refused a statement. */
export function outcomeOf(error: DmsError): NonNullable<TrialOutcome> {
  const { message, details } = error.diagnostics[0];
  return {
    code: driverCodeOf(error) ?? '',
    message: serverTextOf(error),
    told: message,
    constraint: typeof details.object === 'string' ? details.object : null,
  };
}
