import type { ConnectionOptions } from 'node:tls';
import { type DmsError, fail, redactor } from '@dms/diagnostics';
import { readInputSync } from '@dms/files';
import { mustExist } from '@dms/model';
import { dialectOf, type PlainSql, type Sql, textOf, value } from '@dms/sql';
import type { Client, ClientConfig, QueryResult } from 'pg';
import { systemUser } from '../addressing/libpq-places.ts';
import { type PgsqlServerTarget, passwordOf, targetLabel, targetSecrets } from '../addressing/target.ts';
import { databaseError, errorText } from '../failures/failure.ts';
import { preparedRemark } from '../failures/lock-holders.ts';
import { type AskCatalog, pgsqlFailure, withRefusingObject } from '../failures/pgsql-failure.ts';
import { sequenceRemark } from '../failures/sequence-remark.ts';
import { hearErrors } from './client-errors.ts';
import { type Connection, type Limits, type Row, type Statement, statementText } from './connection.ts';
import { type Interrupted, type Interruptible, interruptibly, type Watch } from './interruption.ts';
import { pgsqlConnection } from './pgsql-connection.ts';
import { backend, pooledConnection, setUpPgsqlSession } from './pgsql-session.ts';
import { parserOf } from './pgsql-values.ts';
import { query, rowsOf } from './statement.ts';

const { sql } = dialectOf.pgsql;

type OpeningOptions = Limits & Pick<Watch, 'interval'> & { readonly forCopies?: boolean | undefined };

/**
 * Opens one session on a PostgreSQL server (design 09 §1.5). A statement that the server does not work on is cancelled
 * through a second session.
 */
export async function openPgsqlServer(target: PgsqlServerTarget, options: OpeningOptions = {}): Promise<Connection> {
  const { signal, forCopies = false } = options;
  const session = await newSession(target, options);
  const { client, context } = session;
  const connection = makeConnection(session, forCopies);
  try {
    await interruptibly(
      { signal },
      () => client.connect(),
      { interrupt: () => void dropSocket(session) },
      (interrupted) => databaseError(pgsqlFailure(interrupted, { isOpening: true }), context),
    );
    const [own] = await rowsOf<{ pid: number }>(connection, backend, { signal });
    session.backend = own?.pid ?? null;
    if (isOfPooler(client, session.backend)) {
      session.backend = null;
      const pooled = pooledConnection(connection, (found) => {
        session.backend = found;
      });
      // a role that may not set the settings is refused here, and not by a later statement
      await rowsOf(pooled, sql`SELECT 1`, { signal });
      return pooled;
    }
    await setUpPgsqlSession(connection, { signal });
  } catch (error) {
    await connection.close();
    throw error;
  }
  return connection;
}

/** A session, with the state that its statements share. */
interface ClientSession {
  readonly client: Client;
  readonly context: Pick<Connection, 'label' | 'redact'>;
  /** The process of the session on the server; null before it is known, and while a pooler has assigned none. */
  backend: number | null;
  /** Whether its transaction only reads. */
  isReading: boolean;
  /** How its statements are interrupted. */
  readonly watched: Interruptible;
  readonly failed: (interrupted: Interrupted, text: string) => Promise<DmsError>;
}

async function newSession(
  target: PgsqlServerTarget,
  { interval, forCopies = false }: OpeningOptions,
): Promise<ClientSession> {
  const context = { label: targetLabel(target), redact: redactor(targetSecrets(target)) };
  // the client cannot copy in pipeline mode
  const client = await newClient(target, forCopies ? { pipeline: false } : {});
  const { reasonOf } = hearErrors(client);
  const readCatalog = catalogReader(target);
  const session: ClientSession = {
    client,
    context,
    backend: null,
    isReading: false,
    watched: {
      interrupt: () => cancel(target, session),
      watch: { isAtWork: () => isAtWork(target, session), interval },
    },
    failed: async (interrupted, text) => {
      const caught = reasonOf(interrupted);
      const failure = pgsqlFailure(caught, { isOpening: false, text, isReading: session.isReading });
      const told = await withRefusingObject(failure, caught.error, readCatalog);
      const isLockedOut = failure.code === 'DB_LOCK_TIMEOUT' || interrupted.by === 'stalled';
      const remark = isLockedOut
        ? await preparedRemark((query) =>
            inSecondSession(target, async (second) => (await second.query<Row>(query)).rows),
          )
        : await sequenceRemark(caught.error, readCatalog);
      const remarks = [...(told.remarks ?? []), ...(remark === undefined ? [] : [remark])];
      return databaseError({ ...told, remarks }, context);
    },
  };
  return session;
}

async function newClient(target: PgsqlServerTarget, more: ClientConfig = {}): Promise<Client> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    ...clientConfig(target),
    ...more,
    client_encoding: 'UTF8',
    types: { getTypeParser: parserOf },
  });
  // a failure while nothing runs is reported by the next statement
  client.on('error', () => undefined);
  return client;
}

/** Everything is set explicitly: the client itself reads no environment variable and no password file. */
function clientConfig(target: PgsqlServerTarget): ClientConfig {
  return {
    host: target.host,
    port: target.port,
    database: target.database,
    user: userOf(target),
    password: () => passwordOf(target)?.reveal() ?? '',
    ssl: tlsOptions(target),
    application_name: target.applicationName,
    connectionTimeoutMillis: target.connectTimeout,
    keepAlive: true,
    // statements that are sent together do not wait for each other's answer
    pipeline: true,
  };
}

/** The user of the session: the one of the target or, as in libpq, the user of this process. */
function userOf({ user }: PgsqlServerTarget): string {
  const text =
    'The connection names no user, and the user of this process has no name on this machine. Add the user to the connection text, or set PGUSER.';
  return user ?? systemUser() ?? fail('DB_TARGET_INCOMPLETE', text, {}, { missing: 'user' });
}

/** The TLS options of the client for an `sslmode` (design 09 §1.2). */
function tlsOptions({ encryption, host }: PgsqlServerTarget): ConnectionOptions | false {
  const authority = () => certificateAuthority(encryption.rootCertificate);
  switch (encryption.mode) {
    case 'disable':
      return false;
    case 'require':
      return { rejectUnauthorized: false };
    case 'verify-ca':
      return { rejectUnauthorized: true, checkServerIdentity: () => undefined, ...authority() };
    case 'verify-full':
      return { rejectUnauthorized: true, servername: host, ...authority() };
  }
}

function certificateAuthority(file: string | null): Pick<ConnectionOptions, 'ca'> {
  return file === null ? {} : { ca: readInputSync(file).toString('utf8') };
}

/** A query as the client takes it. */
function sentQuery(asked: Sql): { readonly text: string; readonly values: unknown[] } {
  const statement = query(asked);
  return { text: statementText(statement, dollar), values: [...statement.parameters] };
}

/** Reads rows of the catalog in a second session, each query once. */
function catalogReader(target: PgsqlServerTarget): AskCatalog {
  const answers = new Map<string, Promise<readonly Row[]>>();
  return (asked) => {
    const { text, values } = sentQuery(asked);
    const question = JSON.stringify([text, values]);
    const known = answers.get(question);
    if (known !== undefined) return known;
    const answer = inSecondSession(target, async (second) => (await second.query<Row>(text, values)).rows);
    answers.set(question, answer);
    return answer;
  };
}

/** Runs work in a second session of the same target, which ends with the work. */
async function inSecondSession<Result>(
  target: PgsqlServerTarget,
  work: (second: Client) => Promise<Result>,
): Promise<Result> {
  const second = await newClient(target);
  try {
    await second.connect();
    return await work(second);
  } finally {
    await second.end();
  }
}

const cancelled = (backend: number | null) => sql`SELECT pg_cancel_backend(${value(backend)})`;

/** How long a cancelled statement may take to end before its socket is closed. */
const cancelPatience = 5_000;

/**
 * Cancels the statement of a session through a second one. The server cancels what the session runs when the order
 * arrives. So nothing is sent once the statement is over, and the next one waits until a sent order was carried out.
 */
function cancel(target: PgsqlServerTarget, session: ClientSession): () => Promise<void> {
  let isOver = false;
  let isSent = false;
  const giveUp = () => {
    if (!isOver) dropSocket(session);
  };
  let patience: ReturnType<typeof setTimeout> | undefined;
  const waited = new Promise<void>((resolve) => {
    patience = setTimeout(resolve, cancelPatience);
  }).then(giveUp);
  const carriedOut = inSecondSession(target, async (second) => {
    if (isOver) return;
    isSent = true;
    await second.query(sentQuery(cancelled(session.backend)));
  }).catch(giveUp);
  return async () => {
    isOver = true;
    if (isSent) await Promise.race([carriedOut, waited]);
    clearTimeout(patience);
  };
}

/** Closes the socket without waiting for an answer, which a hanging server never gives. */
const dropSocket = ({ client }: Pick<ClientSession, 'client'>) => client.connection.stream.destroy();

/**
 * Whether a session works, or waits directly or indirectly for one that works; the work of others is visible as far as
 * the role permits.
 */
const workQuery = (backend: number | null) => sql`WITH RECURSIVE waiting(pid) AS (
  SELECT ${value(backend)}::int
  UNION SELECT blocking.pid FROM waiting CROSS JOIN LATERAL unnest(pg_blocking_pids(waiting.pid)) AS blocking(pid)
)
SELECT FROM waiting JOIN pg_stat_activity AS session USING (pid)
WHERE session.state NOT LIKE 'idle%' AND session.wait_event_type IS DISTINCT FROM 'Lock'`;

/** Whether the server works on the statement of a session. */
async function isAtWork(target: PgsqlServerTarget, session: ClientSession): Promise<boolean> {
  const second = await newClient(target, { query_timeout: target.connectTimeout });
  try {
    await second.connect();
    return (await second.query(sentQuery(workQuery(session.backend)))).rows.length > 0;
  } catch (error) {
    return isFull(error);
  } finally {
    dropSocket({ client: second });
  }
}

/** Whether the server has no room for a second session, which means that it is running and busy. */
const isFull = (error: unknown) => errorText(error, 'code') === '53300';

function makeConnection(session: ClientSession, forCopies: boolean): Connection {
  const rowsOfEach = async (answer: ReturnType<typeof run>) => resultsOf(await answer).map(({ rows }) => rows);
  const connection = pgsqlConnection({
    context: session.context,
    run: (text, limits, parameters) => rowsOfEach(run(session, text, limits, { parameters })),
    runAll: (statements, limits) => runAll(session, statements, limits, forCopies),
    // interrupting a commit would leave its outcome unknown
    commit: () => run(session, 'COMMIT', {}, { interruptible: { interrupt: () => undefined } }),
    begins: (isReading) => {
      session.isReading = isReading;
    },
    close: () => session.client.end().catch(() => undefined),
  });
  return forCopies
    ? { ...connection, copyIn: (text, rows, limits = {}) => copyIn(session, text, rows, limits) }
    : connection;
}

/**
 * Forces the extended protocol, in which the server refuses a text of several statements even without parameters. Its
 * portal keeps a snapshot until the transaction ends, and index builds wait for that, so only reading transactions use
 * it.
 */
const oneStatement = { queryMode: 'extended' };

interface StatementRunOptions {
  readonly parameters?: readonly unknown[] | undefined;
  /** How the text is interrupted; by default as other statements of the session. */
  readonly interruptible?: Interruptible;
}

/** Runs a text of one statement, or of several without parameters. */
function run(
  session: ClientSession,
  text: string,
  limits: Limits,
  { parameters, interruptible = session.watched }: StatementRunOptions = {},
): Promise<QueryResult<Row> | QueryResult<Row>[]> {
  const send = () => {
    const extended = session.isReading && parameters ? oneStatement : {};
    return session.client.query<Row>({ text, values: parameters && [...parameters], ...extended });
  };
  return interruptibly<QueryResult<Row> | QueryResult<Row>[]>(limits, send, interruptible, (interrupted) =>
    session.failed(interrupted, text),
  );
}

/** The results of an answer. Several statements give several results, which the types of the client do not know. */
const resultsOf = (result: QueryResult<Row> | QueryResult<Row>[]) => (Array.isArray(result) ? result : [result]);

/** Runs statements together; the first failure is the cause of the later ones. */
function runAll(
  { client, watched, failed, isReading }: ClientSession,
  statements: readonly Statement[],
  limits: Limits,
  inTurn: boolean,
): Promise<readonly (readonly Row[])[]> {
  const sent = statements.map((statement) => ({ ...statement, text: statementText(statement, dollar) }));
  let failedText = '';
  return interruptibly(
    limits,
    async () => {
      const answers = await sendStatements(client, sent, { inTurn, isReading });
      const failing = answers.findIndex(({ status }) => status === 'rejected');
      if (failing >= 0) failedText = mustExist(sent[failing], 'the failed statement').text;
      return answers.map(rowsOfAnswer);
    },
    watched,
    (interrupted) => failed(interrupted, failedText),
  );
}

const dollar = (number: number) => `$${number}`;

/** A statement as the client sends it. */
type SentStatement = Pick<Statement, 'parameters' | 'asArrays' | 'name'> & { readonly text: string };

/**
 * Sends statements to the server: all at once, or with `inTurn` each after the answer to the previous one, up to the
 * first failure. Returns their outcomes in order.
 */
async function sendStatements(
  client: Client,
  statements: readonly SentStatement[],
  { inTurn, isReading }: { readonly inTurn: boolean; readonly isReading: boolean },
): Promise<readonly PromiseSettledResult<QueryResult<Row>>[]> {
  const running: Promise<QueryResult<Row>>[] = [];
  const { stream } = client.connection;
  if (!inTurn) stream.cork();
  for (const { text, parameters, asArrays, name } of statements) {
    // the types of the client allow arrays as rows only if all rows of a query are arrays
    const answer = client.query<Row>({
      text,
      ...(parameters.length > 0 ? { values: [...parameters] } : {}),
      ...(asArrays ? { rowMode: 'array' } : {}),
      ...(name === undefined ? {} : { name }),
      ...(isReading ? oneStatement : {}),
    });
    running.push(answer);
    if (inTurn && !(await isAnswered(answer))) break;
  }
  if (!inTurn) stream.uncork();
  return Promise.allSettled(running);
}

const isAnswered = (answer: Promise<unknown>) =>
  answer.then(
    () => true,
    () => false,
  );

/** The rows of the answer to a statement; throws its failure. */
function rowsOfAnswer(answer: PromiseSettledResult<QueryResult<Row>>): readonly Row[] {
  if (answer.status === 'rejected') throw answer.reason;
  return resultsOf(answer.value)[0]?.rows ?? [];
}

async function copyIn(
  { client, watched, failed }: ClientSession,
  sql: PlainSql,
  rows: string | Uint8Array,
  limits: Limits,
): Promise<void> {
  const sqlText = textOf(sql);
  // in a bundle the package has no named exports
  const { default: copies } = await import('pg-copy-streams');
  await interruptibly(
    limits,
    () =>
      new Promise<void>((resolve, reject) => {
        const stream = client.query(copies.from(sqlText));
        // a stream that has failed may fail again when it ends
        stream.on('error', reject);
        stream.once('finish', resolve);
        stream.end(rows);
      }),
    watched,
    (interrupted) => failed(interrupted, sqlText),
  );
}

/**
 * Whether a pooler answers for the server: it gives the client a key of its own, and the number in it is not the
 * process of the server. The types of the client do not have this number.
 */
function isOfPooler(client: Client, backend: number | null): boolean {
  const { processID } = client as { readonly processID?: number | null };
  return typeof processID === 'number' && backend !== null && processID !== backend;
}
