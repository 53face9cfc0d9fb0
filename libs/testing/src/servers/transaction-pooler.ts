import { randomBytes } from 'node:crypto';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Client } from 'pg';
import { firstMessages, message, messages } from './protocol-messages.ts';

/*
 * A pooler like pgbouncer in transaction mode: a client gets a session of the server for each transaction, and never
 * the same one twice in a row. It implements as much of the PostgreSQL protocol as is needed by tests that find what a
 * client leaves behind in a session.
 */

export interface TransactionPooler {
  /** The URL of the database through the pooler. */
  readonly url: string;
  /**
   * The state that transactions so far have left in sessions of the server: settings, statements, locks, temporary
   * tables.
   */
  leftBehind(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Messages that the server answers with one `ReadyForQuery`: Query, Sync, FunctionCall. */
const asking = 'QSF';

// every transaction sets transaction_… again
const leftQuery = `SELECT 'setting ' || name AS left FROM pg_settings WHERE source = 'session' AND name NOT LIKE 'transaction\\_%'
UNION ALL SELECT 'statement ' || name FROM pg_prepared_statements WHERE from_sql OR name <> ''
UNION ALL SELECT 'cursor ' || name FROM pg_cursors WHERE is_holdable
UNION ALL SELECT 'lock ' || objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
UNION ALL SELECT 'temporary schema' WHERE pg_my_temp_schema() <> 0
UNION ALL SELECT 'channel ' || c FROM pg_listening_channels() AS c`;

/** A session of the server: the driver logs in, then the pooler takes over its socket. */
interface PooledSession {
  readonly socket: Socket;
  onMessage: (type: string, bytes: Buffer) => void;
}

async function newSession(url: string): Promise<PooledSession> {
  const { default: pg } = await import('pg');
  const client: Client = new pg.Client({ connectionString: url, client_encoding: 'UTF8' });
  await client.connect();
  const socket = client.connection.stream as Socket;
  const session: PooledSession = { socket, onMessage: () => undefined };
  socket.removeAllListeners();
  socket.on('error', () => undefined);
  socket.on(
    'data',
    messages((type, bytes) => session.onMessage(type, bytes)),
  );
  return session;
}

interface Pool {
  take(): Promise<PooledSession>;
  give(session: PooledSession): void;
  /** Replaces the session of a client that left during a transaction, so that the transaction does not continue. */
  replace(session: PooledSession): Promise<void>;
  close(): void;
}

async function newPool(url: string, size: number): Promise<Pool> {
  const free = await Promise.all(Array.from({ length: size }, () => newSession(url)));
  const waiting: ((session: PooledSession) => void)[] = [];
  const give = (session: PooledSession) => {
    const next = waiting.shift();
    if (next) next(session);
    else free.push(session);
  };
  return {
    take: () => {
      const session = free.shift();
      return session ? Promise.resolve(session) : new Promise((resolve) => waiting.push(resolve));
    },
    give,
    replace: async ({ socket }) => {
      socket.destroy();
      give(await newSession(url));
    },
    close: () => {
      for (const { socket } of free) socket.destroy();
    },
  };
}

function serve(client: Socket, pool: Pool): void {
  let session: PooledSession | undefined;
  let isGone = false;
  let unanswered = 0;
  let last: Promise<void> = Promise.resolve();
  const onAnswer = (type: string, bytes: Buffer) => {
    if (!isGone) client.write(bytes);
    if (type !== 'Z') return;
    unanswered -= 1;
    if (unanswered > 0 || bytes[5] !== 'I'.charCodeAt(0) || session === undefined) return;
    const done = session;
    session = undefined;
    pool.give(done);
  };
  const forward = async (type: string, bytes: Buffer) => {
    if (isGone) return;
    session ??= await pool.take();
    if (isGone) return pool.give(session);
    session.onMessage = onAnswer;
    if (asking.includes(type)) unanswered += 1;
    session.socket.write(bytes);
  };
  const greet = () => {
    client.write(
      Buffer.concat([
        message('R', 0),
        message('S', 'client_encoding', 'UTF8'),
        // a separate cancel key for each client
        message('K', 2_000_000_000, randomBytes(4)),
        message('Z', Buffer.from('I')),
      ]),
    );
    client.on(
      'data',
      messages((type, bytes) => {
        if (type !== 'X') last = last.then(() => forward(type, bytes));
      }),
    );
  };
  const start = () =>
    client.once('data', (data: Buffer) => {
      const code = data.readInt32BE(4);
      if (code === firstMessages.cancel) client.destroy();
      else if (code === firstMessages.tls) {
        client.write('N');
        start();
      } else greet();
    });
  start();
  // without this, small messages would wait for each other
  client.setNoDelay(true);
  client.on('error', () => undefined);
  client.on('close', () => {
    isGone = true;
    if (session) void pool.replace(session);
  });
}

/** Starts a pooler for a database, with `size` sessions of the server. */
export async function transactionPooler(url: string, size = 3): Promise<TransactionPooler> {
  const pool = await newPool(url, size);
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    serve(client, pool);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = new URL(url);
  own.port = String((server.address() as AddressInfo).port);
  own.hostname = '127.0.0.1';
  return {
    url: own.href,
    leftBehind: async () => {
      const { default: pg } = await import('pg');
      const client = new pg.Client({ connectionString: own.href });
      await client.connect();
      const found: string[] = [];
      // each statement gets the session that has been free the longest
      for (let count = 0; count < size; count += 1) {
        const { rows } = await client.query<{ left: string }>(leftQuery);
        found.push(...rows.map(({ left }) => left));
      }
      await client.end();
      return found;
    },
    close: async () => {
      for (const client of clients) client.destroy();
      await new Promise((resolve) => server.close(resolve));
      pool.close();
    },
  };
}
