import type { Redact } from '@dms/diagnostics';
import { dialectOf, join, type PlainSql, pgsqlIsolation, type SqlDialect, type SqlPieces } from '@dms/sql';

/**
 * When a statement that the server is working on is given up: only if the task is cancelled, however long the statement
 * takes.
 */
export interface Limits {
  readonly signal?: AbortSignal | undefined;
}

/** The purpose of a transaction; a reading transaction sees a single moment. */
export type Purpose = 'writing' | 'reading';

/**
 * The statements that begin a PostgreSQL transaction. A reading transaction may have to wait for its turn between two
 * statements, so it lifts the limit for sessions that idle in a transaction.
 */
export function beginText(purpose: Purpose = 'writing', snapshot?: string): PlainSql {
  const { sql, literal } = dialectOf.pgsql;
  if (purpose === 'writing') return sql`BEGIN`;
  const shared = snapshot === undefined ? [] : [sql`SET TRANSACTION SNAPSHOT ${literal(snapshot)}`];
  const parts = [pgsqlIsolation.beginReading, ...shared, sql`SET LOCAL idle_in_transaction_session_timeout TO 0`];
  return join(parts, ';\n');
}

export type Row = Readonly<Record<string, unknown>>;

/**
 * A pooler that answers in place of a PostgreSQL server. It may give a session another connection of the server for
 * each transaction, so no setting, prepared statement or lock may outlive a transaction (design 09 §1.5).
 */
export interface Pooler {
  /** The process of the server that works on the current transaction; null outside one. */
  process(): number | null;
  /** Runs `SET LOCAL …` at the beginning of each transaction, until the returned function is called. */
  addLocalSettings(settings: PlainSql): () => void;
}

/**
 * One session of a database. Failures are `DmsError`s with the codes of design 09 §1.7, redacted, with `driverCode` in
 * their details. Rows: integers are numbers (`bigint` beyond 2^53), booleans, JSON and arrays as such, everything else
 * is the text of the server.
 */
export interface Connection {
  readonly dialect: SqlDialect;
  /** The text that names the database in messages. */
  readonly label: string;
  readonly redact: Redact;
  readonly engine: 'embedded' | 'server';
  /** Whether the owner of the session has begun a transaction. Reads then join it: they neither begin nor end one. */
  readonly isInTransaction?: boolean | undefined;
  /**
   * Whether transactions are nested in the owner's transaction (`nestedConnection`), so that they begin and end only
   * through this connection.
   */
  readonly isNested?: boolean | undefined;
  /** Present if the session is behind a pooler. */
  readonly pooler?: Pooler | undefined;
  /** Runs a text of any number of statements, without parameters. */
  execute(text: PlainSql, limits?: Limits): Promise<void>;
  /** The rows of one statement; parameters are `$1…` in PostgreSQL, `@p1…` in SQL Server. */
  query<Result = Row>(text: PlainSql, parameters?: readonly unknown[], limits?: Limits): Promise<readonly Result[]>;
  /** The rows of each of several statements, in one round trip. */
  queryEach(texts: readonly PlainSql[], limits?: Limits): Promise<readonly (readonly Row[])[]>;
  /**
   * The rows of each of several statements with parameters, sent together: one round trip; in SQL Server one for as
   * many statements as the limit on parameters allows. Ends at the first failure, so it belongs in a transaction.
   */
  queryAll(statements: readonly Statement[], limits?: Limits): Promise<readonly (readonly Row[])[]>;
  /**
   * READ COMMITTED for writing. For reading, all statements see a single moment: REPEATABLE READ in PostgreSQL,
   * SNAPSHOT in SQL Server where the database allows it ({@link readsOneMoment}), else READ COMMITTED. `snapshot` is
   * the moment of another session ({@link exportSnapshot}).
   */
  begin(purpose?: Purpose, snapshot?: string): Promise<void>;
  /**
   * Exports the moment that the open reading transaction sees, for other sessions; absent where sessions cannot share a
   * moment.
   */
  readonly exportSnapshot?: (() => Promise<string>) | undefined;
  /** Whether a transaction for reading sees a single moment; absent where it always does. */
  readonly readsOneMoment?: (() => Promise<boolean>) | undefined;
  commit(): Promise<void>;
  /** Always ends the transaction. A failure of the rollback itself is dropped, since it adds no information. */
  rollback(): Promise<void>;
  /**
   * Runs `COPY … FROM STDIN`; the rows are text or its UTF-8 bytes, in the format that the statement names. Present
   * only in sessions of a PostgreSQL server that were opened for copies.
   */
  readonly copyIn?: ((text: PlainSql, rows: string | Uint8Array, limits?: Limits) => Promise<void>) | undefined;
  /**
   * Copies the data as last committed to an empty folder, from which a copy can be opened; only for an embedded database
   * whose folder its caller gave.
   */
  readonly copyTo?: ((place: string, limits?: Limits) => Promise<void>) | undefined;
  /** Runs a text like {@link execute} and returns what the server prints, as for `SET STATISTICS`; SQL Server only. */
  readonly messages?: ((text: PlainSql, limits?: Limits) => Promise<readonly string[]>) | undefined;
  close(): Promise<void>;
}

/** Runs `work` in a session that is being opened, and always closes it. */
export async function inSession<Result>(
  opening: Promise<Connection>,
  work: (session: Connection) => Promise<Result>,
): Promise<Result> {
  const session = await opening;
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** Runs `action` in a transaction of its own, which is rolled back if it fails. */
export async function committed<Result>(connection: Connection, action: () => Promise<Result>): Promise<Result> {
  await connection.begin();
  try {
    const result = await action();
    await connection.commit();
    return result;
  } catch (error) {
    await connection.rollback();
    throw error;
  }
}

/**
 * Runs `action` in a transaction that is rolled back. A reading transaction joins that of the owner of the session, if
 * there is one.
 */
export async function rolledBack<Result>(
  connection: Connection,
  action: () => Promise<Result>,
  purpose: Purpose = 'writing',
): Promise<Result> {
  if (purpose === 'reading' && connection.isInTransaction) return action();
  await connection.begin(purpose);
  try {
    return await action();
  } finally {
    await connection.rollback();
  }
}

/** The same session; each statement has these limits unless it is given others (design 09 §1.4). */
export function limitedConnection(connection: Connection, limits: Limits): Connection {
  const { copyIn } = connection;
  return {
    ...connection,
    execute: (text, own) => connection.execute(text, { ...limits, ...own }),
    query: (text, parameters, own) => connection.query(text, parameters, { ...limits, ...own }),
    queryEach: (texts, own) => connection.queryEach(texts, { ...limits, ...own }),
    queryAll: (statements, own) => connection.queryAll(statements, { ...limits, ...own }),
    copyIn: copyIn && ((text, rows, own) => copyIn(text, rows, { ...limits, ...own })),
  };
}

/** A statement in pieces. A parameter stands between each two pieces; the driver writes its placeholder. */
export interface Statement {
  /** One piece more than there are parameters. */
  readonly pieces: SqlPieces;
  readonly parameters: readonly unknown[];
  /**
   * The SQL type of each parameter, taken from its column: SQL Server keeps one plan per list of types. Null or absent
   * where the value decides. PostgreSQL infers the types itself.
   */
  readonly types?: readonly (string | null)[] | undefined;
  /** Whether the statement returns rows. */
  readonly hasRows: boolean;
  /**
   * Returns rows as arrays of values in the order of the select list, which cost less to create than objects.
   * PostgreSQL only: the client of SQL Server always returns objects.
   */
  readonly asArrays?: boolean | undefined;
  /**
   * The name of the prepared statement in the session; all statements with the same name have the same text. Only for a
   * PostgreSQL server: elsewhere the statement is sent like any other.
   */
  readonly name?: string | undefined;
}

/** The text of a statement; its parameters are numbered from `first`. */
export function statementText({ pieces }: Statement, placeholder: (number: number) => string, first = 1): string {
  return pieces.reduce((text, piece, index) => `${text}${placeholder(first + index - 1)}${piece}`);
}

/**
 * Groups consecutive statements by request: the statements of a group have at most `limit` parameters together. A
 * statement with more parameters forms its own group, and the server refuses it.
 */
export function statementGroups(statements: readonly Statement[], limit: number): Statement[][] {
  const groups: Statement[][] = [];
  let count = limit + 1;
  for (const statement of statements) {
    count += statement.parameters.length;
    const group = count > limit ? undefined : groups.at(-1);
    if (group) group.push(statement);
    else {
      groups.push([statement]);
      count = statement.parameters.length;
    }
  }
  return groups;
}

/** Runs tasks one after the other; each caller gets the result of its own. */
export function queueOfWork(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const own = last.then(work);
    last = own.catch(() => undefined);
    return own;
  };
}
