import { type Connection, command, ofCommit, type Row, type Statement, savepointOf } from '@dms/databases';
import type { SqlDialect } from '@dms/sql';
import { type IdentityLookup, queryStatements } from './statement.ts';
import { documentStatements } from './statements-by-dialect.ts';

/**
 * A transaction with as few round trips as possible: if the engine allows it, the statement that begins it is sent with
 * the first query, and the commit with the last. Statements of savepoints are sent with the query that follows them.
 */
export class Transaction {
  private readonly connection: Connection;
  private readonly isReading: boolean;
  /** Whether it is part of a transaction that its owner ends. */
  private readonly isJoined: boolean;
  private state: 'new' | 'open' | 'ended' = 'new';
  /** The statements to send before the next query. */
  private waiting: Statement[] = [];

  /** A read-only transaction sees a single moment in all its queries, if the engine supports that. */
  constructor(connection: Connection, purpose: 'writing' | 'reading' = 'writing') {
    this.connection = connection;
    this.isReading = purpose === 'reading';
    this.isJoined = this.isReading && connection.isInTransaction === true;
  }

  get dialect(): SqlDialect {
    return this.connection.dialect;
  }

  private get ends() {
    // behind a pooler the start takes more statements, and a nested transaction starts differently
    return this.connection.pooler || this.connection.isNested
      ? null
      : documentStatements[this.connection.dialect].transaction;
  }

  /** Returns the results of the statements with rows. */
  async ask(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    return queryStatements(this.connection, await this.begun(statements));
  }

  /** Returns the answer of a lookup. */
  async answer<Answer>({ statements, read }: IdentityLookup<Answer>): Promise<Answer> {
    return read(statements.length === 0 ? [] : await this.ask(statements));
  }

  /** Like {@link ask}, for the last query; commits. */
  async askAndCommit(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    if (this.isJoined) return this.ask(statements);
    const { ends } = this;
    const all = await this.begun(statements);
    const answers = await queryStatements(this.connection, ends ? [...all, ends.commit] : all).catch(
      (error: unknown) => {
        // the commit was sent with the statements
        throw ends && !this.isReading ? ofCommit(error) : error;
      },
    );
    if (!ends) await this.connection.commit();
    this.state = 'ended';
    return answers;
  }

  /** Sets a savepoint for the next queries; their failures can be undone until it is released. */
  setSavepoint(): void {
    this.add('set');
  }

  /** Keeps the changes since the savepoint. */
  releaseSavepoint(): void {
    this.add('release');
  }

  /** Undoes the changes since the savepoint, even after a failure. */
  undoToSavepoint(): void {
    this.waiting = [];
    this.add('undo');
    this.add('release');
  }

  private add(action: 'set' | 'release' | 'undo'): void {
    const savepoint = savepointOf(this.dialect);
    if (!savepoint) throw new Error(`no savepoints in ${this.dialect}`);
    this.waiting.push(command(savepoint[action]));
  }

  private async begun(statements: readonly Statement[]): Promise<readonly Statement[]> {
    const all = [...this.waiting, ...statements];
    this.waiting = [];
    if (this.isJoined || this.state !== 'new') return all;
    this.state = 'open';
    if (this.ends) return [this.isReading ? this.ends.beginReading : this.ends.begin, ...all];
    await this.connection.begin(this.isReading ? 'reading' : 'writing');
    return all;
  }

  /** Rolls back. */
  async rollback(): Promise<void> {
    if (this.state === 'open') await this.connection.rollback();
    this.state = 'ended';
  }
}

/** Runs work in a transaction that writes; the work commits, and the transaction is rolled back if it throws. */
export async function inTransaction<Result>(
  connection: Connection,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const transaction = new Transaction(connection);
  try {
    return await work(transaction);
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
}
