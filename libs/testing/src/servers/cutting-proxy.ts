import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { firstMessages, message, messages } from './protocol-messages.ts';

/*
 * A proxy before a PostgreSQL server that ends a run at a chosen place: after a number of commits, in one of several
 * ways. So a test can compare the report of the run with the state of the database.
 */

/** How a run is ended. */
export type CutKind =
  /** The run is cancelled. */
  | 'signal'
  /** The next statement fails. */
  | 'failure'
  /** The server ends the next statement because it takes too long. */
  | 'timeout'
  /** The connection breaks before the next statement. */
  | 'lost'
  /** The connection breaks after the server has done the next commit, before the client knows it. */
  | 'lostInCommit';

export interface Cut {
  readonly kind: CutKind;
  /** The number of commits before the cut. */
  readonly after: number;
}

export interface CuttingProxy {
  /** The URL of the database through the proxy. */
  readonly url: string;
  /** The number of commits: transactions that were begun, and changing statements outside of a transaction. */
  readonly commits: number;
  /** Whether the run was ended. */
  readonly isCut: boolean;
  close(): Promise<void>;
}

/** Statements that commit nothing outside of a transaction. */
const harmless = /^(?:SELECT|SHOW|SET|RESET|BEGIN|START|ROLLBACK|DISCARD|LISTEN|FETCH|CLOSE|DO)\b/;

const zero = Buffer.from([0]);

/** The text of a Query or Parse message. */
function textOf(type: string, bytes: Buffer): string | null {
  if (type === 'Q') return bytes.toString('utf8', 5, bytes.length - 1);
  if (type !== 'P') return null;
  const start = bytes.indexOf(zero, 5) + 1;
  return bytes.toString('utf8', start, bytes.indexOf(zero, start));
}

/** A copy of a message with another text. */
function withText(type: string, bytes: Buffer, text: string): Buffer {
  if (type === 'Q') return message('Q', text);
  const name = bytes.toString('utf8', 5, bytes.indexOf(zero, 5));
  return message('P', name, text, Buffer.from([0, 0]));
}

/** State that the connections of a run share. */
class Run {
  commits = 0;
  isCut = false;
  private hasBegun = false;
  private readonly cut: Cut | null;
  private readonly onSignal: () => void;

  constructor(cut: Cut | null, onSignal: () => void) {
    this.cut = cut;
    this.onSignal = onSignal;
  }

  /** Whether to end the run now, in one of these ways. */
  private isTime(...kinds: readonly CutKind[]): boolean {
    const { cut } = this;
    return cut !== null && !this.isCut && this.hasBegun && this.commits === cut.after && kinds.includes(cut.kind);
  }

  /** Handles a message of a client: returns the bytes to send on, or null to break the connection. */
  asked(type: string, bytes: Buffer): Buffer | null {
    const text = textOf(type, bytes);
    if (text === null) return bytes;
    if (/^BEGIN\b/.test(text)) this.hasBegun = true;
    if (this.isTime('lost')) {
      this.isCut = true;
      return null;
    }
    if (this.isTime('failure')) {
      this.isCut = true;
      return withText(type, bytes, 'SELECT public.no_such_function()');
    }
    // the message type for a text of several statements
    if (type === 'Q' && this.isTime('timeout')) {
      this.isCut = true;
      return withText(type, bytes, 'SET statement_timeout TO 1; SELECT pg_sleep(30)');
    }
    this.signalled();
    return bytes;
  }

  /** Handles the end of a statement; returns whether the connection breaks before the client receives it. */
  ended(tag: string, isInTransaction: boolean): boolean {
    const isCommit = tag === 'COMMIT' || (!isInTransaction && !harmless.test(tag));
    if (!isCommit) return false;
    const breaks = this.isTime('lostInCommit');
    if (breaks) this.isCut = true;
    this.commits += 1;
    this.signalled();
    return breaks;
  }

  private signalled(): void {
    if (!this.isTime('signal')) return;
    this.isCut = true;
    this.onSignal();
  }
}

function serve(client: Socket, to: { readonly host: string; readonly port: number }, run: Run): void {
  const server = connect(to.port, to.host);
  const end = () => {
    client.destroy();
    server.destroy();
  };
  let isInTransaction = false;
  for (const socket of [client, server]) {
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', end);
  }
  const start = () =>
    client.once('data', (data: Buffer) => {
      if (data.readInt32BE(4) === firstMessages.tls) {
        client.write('N');
        start();
        return;
      }
      server.write(data);
      client.on(
        'data',
        messages((type, bytes) => {
          if (client.destroyed) return;
          const sent = run.asked(type, bytes);
          if (sent === null) end();
          else server.write(sent);
        }),
      );
      server.on(
        'data',
        messages((type, bytes) => {
          if (client.destroyed) return;
          if (type === 'Z') isInTransaction = bytes[5] !== 'I'.charCodeAt(0);
          const tag = type === 'C' ? bytes.toString('utf8', 5, bytes.length - 1) : null;
          if (tag === 'BEGIN') isInTransaction = true;
          if (tag !== null && run.ended(tag, isInTransaction)) end();
          else client.write(bytes);
          if (tag === 'COMMIT' || tag === 'ROLLBACK') isInTransaction = false;
        }),
      );
    });
  start();
}

/** Starts a proxy before a database; it ends the run once, as `cut` says. `onSignal` cancels the run. */
export async function cuttingProxy(
  url: string,
  cut: Cut | null,
  onSignal: () => void = () => undefined,
): Promise<CuttingProxy> {
  const own = new URL(url);
  const to = { host: own.hostname, port: Number(own.port || 5432) };
  const run = new Run(cut, onSignal);
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    serve(client, to, run);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  own.hostname = '127.0.0.1';
  own.port = String((server.address() as AddressInfo).port);
  return {
    url: own.href,
    get commits() {
      return run.commits;
    },
    get isCut() {
      return run.isCut;
    },
    close: async () => {
      for (const client of clients) client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
