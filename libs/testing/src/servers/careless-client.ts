/*
 * Models the state of a SQL Server database after a client has sent every batch of a script, even after a batch failed,
 * as SSMS and sqlcmd without -b do. The server is a model that knows transactions, XACT_ABORT, NOEXEC and @@ERROR.
 */

/**
 * The failure of a batch: while it runs, where XACT_ABORT ends the transaction; while it is compiled, so that nothing
 * of it runs; because the connection breaks and the client continues in a new session; or because the batch itself
 * refuses to continue, and disarms the session.
 */
export type BatchFailure = 'run' | 'compile' | 'connection' | 'refusal';

export interface ClientRun {
  /** The batches whose work is in the database at the end; `half of` a batch that failed halfway. */
  readonly done: readonly string[];
  /** The number of open transactions of the session. */
  readonly openTransactions: number;
  /** Whether the session executes the next batch. */
  readonly isArmed: boolean;
}

/** The statements that control transactions; a text with any other statement is work. */
type FrameStatement =
  | { readonly kind: 'if'; readonly condition: SessionCondition; readonly body: FrameStatement }
  | { readonly kind: 'block'; readonly statements: readonly FrameStatement[] }
  | { readonly kind: 'begin' | 'commit' | 'rollback' | 'raise' }
  | { readonly kind: 'set'; readonly options: readonly string[]; readonly isOn: boolean };

type SessionCondition = (session: Session) => boolean;

class NotOfTheFrame extends Error {}

/** Reads `IF`, blocks, transaction control, RAISERROR and SET; anything else is work. */
class FrameReader {
  // the first words of a text suffice to see that it does work, and most texts are long
  private readonly source: Iterator<RegExpExecArray>;
  private readonly ahead: string[] = [];

  constructor(text: string) {
    this.source = text.matchAll(/--[^\n]*|N?'(?:[^']|'')*'|\[(?:[^\]]|\]\])*\]|@{0,2}\w+|<>|\S/g);
  }

  all(): readonly FrameStatement[] {
    const statements: FrameStatement[] = [];
    while (this.peek(0) !== undefined) statements.push(this.statement());
    return statements;
  }

  private peek(offset: number): string | undefined {
    while (this.ahead.length <= offset) {
      const { value, done } = this.source.next();
      if (done) return undefined;
      const [token = ''] = value;
      if (!token.startsWith('--')) this.ahead.push(token);
    }
    return this.ahead[offset];
  }

  private take(...words: readonly string[]): boolean {
    if (!words.every((word, offset) => this.peek(offset) === word)) return false;
    this.ahead.splice(0, words.length);
    return true;
  }

  private next(): string {
    const token = this.peek(0);
    if (token === undefined) throw new NotOfTheFrame();
    this.ahead.shift();
    return token;
  }

  private statement(): FrameStatement {
    const statement = this.bareStatement();
    this.take(';');
    return statement;
  }

  private bareStatement(): FrameStatement {
    if (this.take('IF')) return { kind: 'if', condition: this.condition(), body: this.statement() };
    if (this.take('BEGIN', 'TRANSACTION')) return { kind: 'begin' };
    if (this.take('COMMIT', 'TRANSACTION')) return { kind: 'commit' };
    if (this.take('ROLLBACK', 'TRANSACTION')) return { kind: 'rollback' };
    if (this.take('BEGIN')) {
      const statements: FrameStatement[] = [];
      while (!this.take('END')) statements.push(this.statement());
      return { kind: 'block', statements };
    }
    if (this.take('RAISERROR', '(')) {
      while (!this.take(')')) this.next();
      return { kind: 'raise' };
    }
    if (this.take('SET')) {
      const options = [this.next()];
      while (this.take(',')) options.push(this.next());
      const state = this.next();
      if (state === 'ON' || state === 'OFF') return { kind: 'set', options, isOn: state === 'ON' };
    }
    throw new NotOfTheFrame();
  }

  private condition(): SessionCondition {
    const first = this.comparison();
    if (this.take('OR')) {
      const second = this.condition();
      return (session) => first(session) || second(session);
    }
    if (this.take('AND')) {
      const second = this.condition();
      return (session) => first(session) && second(session);
    }
    return first;
  }

  private comparison(): SessionCondition {
    const value = this.value();
    const operator = this.next();
    const expected = Number(this.next());
    if (operator === '<>') return (session) => value(session) !== expected;
    if (operator === '>') return (session) => value(session) > expected;
    throw new NotOfTheFrame();
  }

  private value(): (session: Session) => number {
    if (this.take('@@ERROR')) return ({ error }) => error;
    if (this.take('@@TRANCOUNT')) return ({ transactions }) => transactions;
    if (this.take('XACT_STATE', '(', ')')) return ({ transactions }) => (transactions > 0 ? 1 : 0);
    throw new NotOfTheFrame();
  }
}

/** The statements of a text that consists only of frame statements; null for any other text. */
function frameStatements(text: string): readonly FrameStatement[] | null {
  try {
    return new FrameReader(text).all();
  } catch (error) {
    if (error instanceof NotOfTheFrame) return null;
    throw error;
  }
}

const commitAtEnd = /\s*COMMIT TRANSACTION;?$/;
const refusal = /IF @@TRANCOUNT > 0[\s\S]*?SET NOEXEC ON;/;

/** The SET options and the transactions of a session. */
class Session {
  error = 0;
  transactions: number;
  isArmed = true;
  private abortsTransactions = false;
  private pending: string[] = [];
  private readonly done: string[];

  constructor(done: string[], transactions: number) {
    this.done = done;
    this.transactions = transactions;
  }

  send(batch: string, failure: Exclude<BatchFailure, 'connection'> | null): void {
    const statements = frameStatements(batch);
    if (!this.isArmed) {
      // with NOEXEC on, batches are compiled, but only this statement is executed
      if (statements?.some((each) => each.kind === 'set' && each.options.includes('NOEXEC') && !each.isOn))
        this.isArmed = true;
    } else if (failure === 'compile') this.error = 102;
    else if (failure === 'refusal') this.run(frameStatements(refusal.exec(batch)?.[0] ?? '') ?? []);
    else if (failure === 'run') this.failHalfway(batch, statements === null);
    else if (statements) this.run(statements);
    else {
      this.work(batch);
      if (commitAtEnd.test(batch)) this.run([{ kind: 'commit' }]);
    }
  }

  private work(what: string): void {
    (this.transactions > 0 ? this.pending : this.done).push(what);
    this.error = 0;
  }

  private failHalfway(batch: string, isWork: boolean): void {
    if (isWork) this.work(`half of ${batch}`);
    if (this.abortsTransactions) this.rollBack();
    this.error = 8134;
  }

  private rollBack(): void {
    this.pending = [];
    this.transactions = 0;
  }

  private run(statements: readonly FrameStatement[]): void {
    for (const statement of statements) {
      if (!this.isArmed) return;
      this.runOne(statement);
    }
  }

  private runOne(statement: FrameStatement): void {
    if (statement.kind === 'if') {
      const holds = statement.condition(this);
      this.error = 0;
      if (holds) this.run([statement.body]);
      return;
    }
    if (statement.kind === 'block') return this.run(statement.statements);
    this.error = 0;
    if (statement.kind === 'begin') this.transactions += 1;
    else if (statement.kind === 'rollback') this.rollBack();
    else if (statement.kind === 'raise') this.error = 50000;
    else if (statement.kind === 'set') {
      if (statement.options.includes('XACT_ABORT')) this.abortsTransactions = statement.isOn;
      if (statement.options.includes('NOEXEC')) this.isArmed = !statement.isOn;
    } else if (this.transactions === 0) this.error = 3902;
    else {
      this.transactions -= 1;
      if (this.transactions > 0) return;
      this.done.push(...this.pending);
      this.pending = [];
    }
  }
}

export interface CarelessOptions {
  /** The failing batch and its failure; by default no batch fails. */
  readonly failing?: { readonly index: number; readonly failure: BatchFailure } | undefined;
  /** Whether the client began its own transaction before the script. */
  readonly isInTransaction?: boolean | undefined;
}

/** Sends all batches of a script to a model of SQL Server. */
export function carelessRun(
  batches: readonly string[],
  { failing, isInTransaction = false }: CarelessOptions = {},
): ClientRun {
  const done: string[] = [];
  let session = new Session(done, isInTransaction ? 1 : 0);
  batches.forEach((batch, index) => {
    const failure = index === failing?.index ? failing.failure : null;
    if (failure === 'connection') session = new Session(done, 0);
    else session.send(batch, failure);
  });
  return { done, openTransactions: session.transactions, isArmed: session.isArmed };
}
