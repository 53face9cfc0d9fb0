import { EventEmitter } from 'node:events';
import type { ImportPackage } from '@dms/databases';

type Rows = readonly object[];

/**
 * Returns the result of a recorded server for a text: rows of one or more recordsets. Throws the same errors as the
 * driver.
 */
export type Answer = (text: string, parameters: Readonly<Record<string, unknown>>) => readonly Rows[] | undefined;

/** An answer that takes time, as that of another engine that runs the text. */
export type LateAnswer = (
  text: string,
  parameters: Readonly<Record<string, unknown>>,
) => ReturnType<Answer> | Promise<ReturnType<Answer>>;

/**
 * When the connection breaks: before the server receives a text, while it executes it, or after that and before its
 * answer.
 */
export type BreakPoint = 'before' | 'during' | 'after';

/** The forms in which the driver reports a broken connection: it treats the code of the socket as a number. */
export const brokenConnections = {
  reset: () => Object.assign(new Error('read ECONNRESET'), { code: 'EREQUEST', number: 'ECONNRESET' }),
  pipe: () => Object.assign(new Error('write EPIPE'), { code: 'EREQUEST', number: 'EPIPE' }),
  closed: () =>
    Object.assign(new Error('Connection closed before request completed.'), { code: 'EREQUEST', number: 'ECLOSE' }),
  ended: () =>
    Object.assign(new Error('Requests can only be made in the LoggedIn state, not the Final state'), {
      code: 'EINVALIDSTATE',
      number: 'EINVALIDSTATE',
    }),
  socket: () => Object.assign(new Error('Connection lost - socket hang up'), { code: 'ESOCKET' }),
  killed: () => serverError(596, 'Cannot continue the execution because the session is in the kill state.'),
  shutdown: () => serverError(6005, 'SHUTDOWN is in progress.'),
} as const;

/** The options of a pool of a program that change what a request returns. */
interface PoolConfiguration {
  /** Requests return nothing, and emit rows and errors. */
  readonly stream?: boolean;
  /** Rows are arrays. */
  readonly arrayRowMode?: boolean;
  readonly options?: { readonly camelCaseColumns?: boolean };
}

/** A driver like the package `mssql` that sends nothing and records every call. */
export class RecordedMssql {
  /** The sent lines, in order: `batch …`, `query …`, `begin`, `commit`, `rollback`, `connect`, `close`, `cancel`. */
  readonly sent: string[] = [];
  /** Every text with parameters, with its declarations: `@p1 bigint, @p2 nvarchar(75)`. */
  readonly queries: { readonly text: string; readonly declarations: string; readonly values: readonly unknown[] }[] =
    [];
  readonly configurations: unknown[] = [];
  /** The messages that the server prints for a text. */
  prints: (text: string) => readonly string[] = () => [];
  /** When the connection breaks, by the sent line: `batch …`, `query …`, `bulk …`, `commit`; null if it does not. */
  breaks: (line: string) => BreakPoint | null = () => null;
  /** The error with which the driver reports a broken connection. */
  broken: () => Error = brokenConnections.reset;
  /** The numbers of the errors that the server sends while a session logs in. */
  loginErrors: readonly number[] = [];
  /** The lines that the server has executed completely; lines cut by a broken connection are not included. */
  readonly done: string[] = [];
  /** Called when a transaction begins. */
  begins: () => Promise<void> | void = () => undefined;
  private readonly answer: LateAnswer;

  constructor(answer: LateAnswer = () => undefined) {
    this.answer = answer;
  }

  /** The texts of the batches only. */
  get batches(): string[] {
    return this.sent.filter((line) => line.startsWith('batch ')).map((line) => line.slice('batch '.length));
  }

  readonly load: ImportPackage = async (name) => {
    if (name !== 'mssql') throw new Error(`${name} is not recorded`);
    return { default: this.driver() };
  };

  /** A pool of the driver, such as a program makes. */
  pool(configuration: PoolConfiguration = {}) {
    const { ConnectionPool } = this.driver();
    return new ConnectionPool(configuration);
  }

  /**
   * Ends the session of the first pool, which then opens another one for its next request. `isNoticed` says whether the
   * client notices at once.
   */
  loseSession({ isNoticed = true } = {}): void {
    this.isLost = true;
    if (isNoticed) for (const listener of this.ended.splice(0)) listener();
  }

  /**
   * Sends a line, and breaks the connection if `breaks` says so: the request fails and the session ends, and with it
   * the transaction, unless the server has committed it.
   */
  private reached(line: string): void {
    const point = this.breaks(line);
    if (point !== 'before') this.sent.push(line);
    if (point === null || point === 'after') this.done.push(line);
    if (point === null) return;
    this.loseSession();
    throw this.broken();
  }

  private isLost = false;
  private readonly ended: (() => void)[] = [];

  private openSession(): void {
    const [first] = this.configurations as readonly { readonly beforeConnect?: (session: object) => void }[];
    first?.beforeConnect?.({
      on: (event: 'end' | 'errorMessage', listener: (error?: object) => void) => {
        if (event === 'end') this.ended.push(listener);
        else for (const number of this.loginErrors) listener({ number });
      },
    });
  }

  /** Replaces a lost session, as a pool does before it hands out a session. */
  private handOut(): void {
    if (this.isLost) this.openSession();
    this.isLost = false;
  }

  private driver() {
    const { sent, configurations, queries } = this;
    const reached = (line: string) => this.reached(line);
    const handOut = () => this.handOut();
    const prints = (text: string) => this.prints(text);
    const openSession = () => this.openSession();
    let isInTransaction = false;
    const usual: Answer = (text, { p1 }) => {
      if (text.includes('ProductVersion')) return [[{ version: '16.0.1000.6', edition: 3 }]];
      if (text.includes('HAS_PERMS_BY_NAME')) return [[{ allowed: 1 }]];
      if (text.includes('AS lowered FROM OPENJSON')) {
        return [(JSON.parse(String(p1)) as string[]).map((each) => ({ lowered: each.toLowerCase() }))];
      }
      return undefined;
    };
    const begins = () => this.begins();
    const reply = async (text: string, parameters: Readonly<Record<string, unknown>> = {}) => ({
      recordsets: (await this.answer(text, parameters)) ?? usual(text, parameters) ?? [],
    });
    class ConnectionPool extends EventEmitter {
      readonly config: PoolConfiguration;
      constructor(configuration: PoolConfiguration) {
        super();
        this.config = configuration;
        configurations.push(configuration);
      }
      async connect() {
        sent.push('connect');
        if (configurations.length === 1) openSession();
        await reply('connect');
      }
      async close() {
        sent.push('close');
      }
      request() {
        return new Request(this);
      }
      transaction() {
        return new Transaction(this);
      }
    }
    const refuseIf = (isBusy: boolean) => {
      if (isBusy) throw Object.assign(new Error('There is another request in progress.'), { code: 'EREQINPROG' });
    };
    class Transaction extends EventEmitter {
      readonly config: PoolConfiguration;
      constructor({ config }: Pick<ConnectionPool, 'config'>) {
        super();
        this.config = config;
      }
      request() {
        return new Request(this);
      }
      /** Whether a request is running: the driver then refuses another request, and the end of the transaction. */
      isBusy = false;
      async begin(level = 2) {
        handOut();
        isInTransaction = true;
        sent.push(`begin ${level}`);
        await begins();
      }
      async commit() {
        refuseIf(this.isBusy);
        isInTransaction = false;
        reached('commit');
        await reply('commit');
      }
      async rollback() {
        refuseIf(this.isBusy);
        isInTransaction = false;
        sent.push('rollback');
        await reply('rollback');
      }
    }
    class Request {
      private readonly inputs: Record<string, unknown> = {};
      private readonly parent: ConnectionPool | Transaction;
      /** As in the pool, unless it is set. */
      stream: boolean | null = null;
      arrayRowMode: boolean | null = null;
      constructor(parent: ConnectionPool | Transaction) {
        this.parent = parent;
      }
      /** The answer in the form of the request. */
      private returned({ recordsets }: { readonly recordsets: readonly Rows[] }) {
        if (this.stream ?? this.parent.config.stream) return { recordsets: [] };
        const isOfArrays = this.arrayRowMode ?? this.parent.config.arrayRowMode;
        return {
          recordsets: isOfArrays ? recordsets.map((rows) => rows.map((row) => Object.values(row))) : recordsets,
        };
      }
      private async run<Result>(work: () => Promise<Result>): Promise<Result> {
        if (!(this.parent instanceof Transaction)) return work();
        refuseIf(this.parent.isBusy);
        this.parent.isBusy = true;
        try {
          return await work();
        } finally {
          this.parent.isBusy = false;
        }
      }
      private fail: ((error: Error) => void) | null = null;
      private listener: ((info: { readonly message: string }) => void) | null = null;
      /** Takes a value with or without a type. */
      input(name: string, ...given: readonly unknown[]) {
        this.inputs[name] = given.at(-1);
        return this;
      }
      /** Calls a procedure with the text, the declarations of its parameters, and their values. */
      execute(procedure: string) {
        return this.run(() => this.execution(procedure));
      }
      private async execution(procedure: string) {
        if (!isInTransaction) handOut();
        const { statement, params, ...parameters } = this.inputs;
        if (procedure !== 'sp_executesql') throw new Error(`${procedure} is not recorded`);
        const text = String(statement);
        reached(`query ${text} ${JSON.stringify(parameters)}`);
        queries.push({ text, declarations: String(params), values: Object.values(parameters) });
        return this.returned(await reply(text, parameters));
      }
      on(_event: 'info', listener: (info: { readonly message: string }) => void) {
        this.listener = listener;
      }
      batch(text: string) {
        return this.run(() => this.sentBatch(text));
      }
      private async sentBatch(text: string) {
        if (!isInTransaction) handOut();
        for (const message of prints(text)) this.listener?.({ message });
        reached(`batch ${text}`);
        // this text never ends on its own
        if (text.includes('WAITFOR')) {
          return new Promise<never>((_resolve, reject) => {
            this.fail = reject;
          });
        }
        return this.returned(await reply(text));
      }
      cancel() {
        sent.push('cancel');
        this.fail?.(Object.assign(new Error('Canceled.'), { code: 'ECANCEL' }));
      }
    }
    return {
      ConnectionPool,
      Transaction,
      Request,
      ISOLATION_LEVEL: { READ_COMMITTED: 2, SNAPSHOT: 5 },
      NVarChar: 'NVarChar',
      Bit: 'Bit',
    };
  }
}

/** The error that the driver throws for a server error. */
export function serverError(number: number, message: string, lineNumber = 1): Error {
  return Object.assign(new Error(message), { code: 'EREQUEST', number, lineNumber });
}
