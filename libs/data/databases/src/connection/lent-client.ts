import { type Connection, type Limits, type Row, statementText } from './connection.ts';
import { databaseError, driverCodeOf, isFailure } from './failure.ts';
import { expectNotCancelled } from './interruption.ts';
import { inTurn, lentContext, lentSavepoint } from './lent-sessions.ts';
import { pgsqlConnection } from './pgsql-connection.ts';
import { pgsqlFailure } from './pgsql-failure.ts';
import { pooledConnection, valueParsers, withLocalSettings } from './pgsql-session.ts';
import { nestedConnection, pgsqlSavepoint } from './transactions.ts';

/** A statement as a client of `pg` takes it. */
interface LentQuery {
  readonly text: string;
  readonly values?: unknown[];
  readonly rowMode?: 'array';
  readonly types: { getTypeParser(oid: number, format?: string): (value: string) => unknown };
}

interface LentResult {
  readonly rows: unknown[];
}

/**
 * The part that the product uses of a client of the package `pg` that a program owns: a `Client`, or one from its
 * `Pool`.
 */
export interface LentClient {
  query(query: LentQuery): Promise<LentResult | LentResult[]>;
}

/** The part that the product uses of a `Pool` of the package `pg`. */
export interface LentPool {
  connect(): Promise<LentClient & { release(error?: boolean): void }>;
  readonly totalCount: number;
}

/** Whether a client of `pg` is a pool; `connect` and `query` do not tell, since both kinds have them. */
export const isLentPool = (lent: LentClient | LentPool): lent is LentPool =>
  'totalCount' in lent && typeof lent.totalCount === 'number';

/**
 * Works on a database through a client or a pool of `pg` that a program owns (design 09 §1.5.1). If the program has
 * begun a transaction on the client, the work becomes a part of it, and a failure undoes that part; otherwise the work
 * begins and ends transactions of its own. No setting of the work outlives them. Throws `DB_*` and the codes of the
 * work.
 */
export async function onLentClient<Result>(
  lent: LentClient | LentPool,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  if (!isLentPool(lent)) return inTurn(lent, () => onClient(lent, work));
  const client = await lent.connect();
  let isLost = false;
  try {
    return await onClient(client, work);
  } catch (error) {
    isLost = isFailure(error, 'DB_CONNECTION_LOST');
    throw error;
  } finally {
    client.release(isLost);
  }
}

async function onClient<Result>(
  client: LentClient,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const session = lentSession(client, await ownParsers());
  if (await setsSavepoint(session)) return inOwnersTransaction(session, work);
  return work(pooledConnection(session, () => undefined));
}

/** The owner's parsers, for types that the product does not parse itself. */
type OwnParsers = (oid: number, format?: string) => (value: string) => unknown;

/** The session of a client, with its current settings. */
function lentSession(client: LentClient, parserOf: OwnParsers): Connection {
  const types = { getTypeParser: (oid: number, format?: string) => valueParsers[oid] ?? parserOf(oid, format) };
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
      const answer = await client.query({ text, types, ...values, ...form });
      return (Array.isArray(answer) ? answer : [answer]).map(({ rows }) => rows as readonly Row[]);
    } catch (error) {
      throw databaseError(pgsqlFailure({ error, by: null }, { isOpening: false, text, isReading }), lentContext);
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

async function ownParsers(): Promise<OwnParsers> {
  const { default: pg } = await import('pg');
  return pg.types.getTypeParser as OwnParsers;
}

const savepoint = pgsqlSavepoint(lentSavepoint);

/** The code of a savepoint outside a transaction. */
const noTransaction = '25P01';

/** Sets the savepoint; false if the owner has begun no transaction. */
async function setsSavepoint(session: Connection): Promise<boolean> {
  try {
    await session.execute(savepoint.set);
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
    await session.execute(savepoint.release);
    return result;
  } catch (error) {
    // a failure of the undo adds no information
    await session.execute(`${savepoint.undo}; ${savepoint.release}`).catch(() => undefined);
    throw error;
  }
}
