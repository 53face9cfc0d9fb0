import { type ClientEvents, type HeardErrors, hearErrors } from '../drivers/client-errors.ts';
import { type Connection, type Limits, type Row, statementText } from '../drivers/connection.ts';
import { expectNotCancelled } from '../drivers/interruption.ts';
import { pgsqlConnection } from '../drivers/pgsql-connection.ts';
import { pooledConnection, withLocalSettings } from '../drivers/pgsql-session.ts';
import { parserOf } from '../drivers/pgsql-values.ts';
import { run } from '../drivers/statement.ts';
import { nestedConnection, pgsqlSavepoint } from '../drivers/transactions.ts';
import { databaseError, driverCodeOf, isFailure } from '../failures/failure.ts';
import { pgsqlFailure } from '../failures/pgsql-failure.ts';
import { inTurn, lentContext, lentSavepoint } from './lent-sessions.ts';

/** A statement as a client of `pg` takes it. */
interface LentQuery {
  readonly text: string;
  readonly values?: unknown[];
  readonly rowMode?: 'array';
  readonly types: { getTypeParser(oid: number): (value: string) => unknown };
}

interface LentResult {
  readonly rows: unknown[];
}

/**
 * The part that the product uses of a client of the package `pg` that a program owns: a `Client`, or one from its
 * `Pool`.
 */
export interface LentClient extends Partial<ClientEvents> {
  /** Whether it asks for values as bytes. */
  binary?: boolean;
  query(query: LentQuery): Promise<LentResult | LentResult[]>;
}

/** The part that the product uses of a `Pool` of the package `pg`. */
export interface LentPool {
  connect(): Promise<LentClient & { release(error?: Error | boolean): void }>;
  readonly totalCount: number;
}

/** Whether a client of `pg` is a pool; `connect` and `query` do not tell, since both kinds have them. */
const isLentPool = (lent: LentClient | LentPool): lent is LentPool =>
  'totalCount' in lent && typeof lent.totalCount === 'number';

/**
 * Works on a database through a client or a pool of `pg` that a program owns (design 09 §1.5.1). If the program has
 * begun a transaction on the client, the work becomes a part of it, and a failure undoes that part; otherwise the work
 * begins and ends transactions of its own. No setting of the work outlives them. While the client is lent, a lost
 * connection fails the work, and does not end the process. Throws `DB_*` and the codes of the work.
 */
export async function onLentClient<Result>(
  lent: LentClient | LentPool,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  if (!isLentPool(lent)) return inTurn(lent, () => onUsable(lent, work));
  const client = await clientOf(lent);
  return listening(client, work, (lost) => client.release(lost));
}

/** Clients of programs that gave up a statement: nobody knows in which transaction the next one would be. */
const unusable = new WeakSet<LentClient>();

async function onUsable<Result>(
  client: LentClient,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  if (unusable.has(client)) {
    const message =
      'The client has given up an earlier statement (query_timeout), and its transaction may still be open';
    const advice = 'End it, and use a new client.';
    throw databaseError({ code: 'DB_CONNECTION_LOST', driverCode: null, message, advice }, lentContext);
  }
  try {
    return await listening(client, work);
  } catch (error) {
    if (isGivenUp(error)) unusable.add(client);
    throw error;
  }
}

async function clientOf(pool: LentPool): ReturnType<LentPool['connect']> {
  try {
    return await pool.connect();
  } catch (error) {
    throw databaseError(pgsqlFailure({ error, by: null }, { isOpening: true }), lentContext);
  }
}

/**
 * Works on a client, and listens to its errors meanwhile. `giveBack` gets the error of a client that cannot be used any
 * more, before nobody listens.
 */
async function listening<Result>(
  client: LentClient,
  work: (connection: Connection) => Promise<Result>,
  giveBack: (lost: Error | undefined) => void = () => undefined,
): Promise<Result> {
  const errors = hearErrors(client);
  let failure: unknown;
  try {
    return await onClient(client, errors, work);
  } catch (error) {
    if (isFailure(error, 'DB_CONNECTION_LOST') || isGivenUp(error)) failure = error;
    throw error;
  } finally {
    failure ??= errors.lost();
    const isLost = failure !== undefined && !isGivenUp(failure);
    if (isLost) await errors.ended();
    giveBack(failure === undefined || failure instanceof Error ? failure : new Error(String(failure)));
    errors.stop(isLost);
  }
}

/** Whether the client has given up a statement that the server may still work on (`query_timeout`). */
const isGivenUp = (error: unknown) => isFailure(error, 'DB_TIMEOUT') && driverCodeOf(error) === null;

async function onClient<Result>(
  client: LentClient,
  errors: HeardErrors,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const session = lentSession(client, errors);
  if (await setsSavepoint(session)) return inOwnersTransaction(session, work);
  return work(pooledConnection(session, () => undefined));
}

/** Every value arrives as text and is parsed here, whatever parsers the program has for its client or its process. */
const types = { getTypeParser: parserOf };

/**
 * Sends a query whose values arrive as text: with the option `binary` a client asks for bytes of the values of each
 * query with parameters, unless it is off while the query is sent.
 */
function asText<Result>(client: LentClient, send: () => Promise<Result>): Promise<Result> {
  const { binary } = client;
  if (binary !== true) return send();
  client.binary = false;
  try {
    return send();
  } finally {
    client.binary = binary;
  }
}

/** The session of a client, with its current settings. */
function lentSession(client: LentClient, { reasonOf }: HeardErrors): Connection {
  let isReading = false;
  const send = async (
    text: string,
    { signal }: Limits,
    parameters: readonly unknown[] = [],
    form: Pick<LentQuery, 'rowMode'> = {},
  ): Promise<readonly (readonly Row[])[]> => {
    expectNotCancelled(signal, 'The work was cancelled.');
    const values = parameters.length > 0 ? { values: [...parameters] } : {};
    try {
      const answer = await asText(client, () => client.query({ text, types, ...values, ...form }));
      return (Array.isArray(answer) ? answer : [answer]).map(({ rows }) => rows as readonly Row[]);
    } catch (error) {
      const failure = pgsqlFailure(reasonOf({ error, by: null }), { isOpening: false, text, isReading });
      throw databaseError(failure, lentContext);
    }
  };
  return pgsqlConnection({
    context: lentContext,
    run: send,
    runAll: async (statements, limits) => {
      const answers: (readonly Row[])[] = [];
      for (const statement of statements) {
        const text = statementText(statement, (number) => `$${number}`);
        const form = statement.asArrays ? ({ rowMode: 'array' } as const) : {};
        const [rows = []] = await send(text, limits, statement.parameters, form);
        answers.push(rows);
      }
      return answers;
    },
    commit: () => send('COMMIT', {}),
    begins: (reads) => {
      isReading = reads;
    },
    // the client belongs to the program
    close: async () => undefined,
  });
}

const savepoint = pgsqlSavepoint(lentSavepoint);

/** The code of a savepoint outside a transaction. */
const noTransaction = '25P01';

/** Sets the savepoint; false if the owner has begun no transaction. */
async function setsSavepoint(session: Connection): Promise<boolean> {
  try {
    await run(session, savepoint.set);
    return true;
  } catch (error) {
    if (driverCodeOf(error) !== noTransaction) throw error;
    return false;
  }
}

/** Works in the owner's transaction: a failure undoes the work, and the transaction continues. */
async function inOwnersTransaction<Result>(
  session: Connection,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  try {
    const result = await withLocalSettings(session, () => work(nestedConnection(session)));
    await run(session, savepoint.release);
    return result;
  } catch (error) {
    // a failure of the undo adds no information
    await run(session, savepoint.forget).catch(() => undefined);
    throw error;
  }
}
