import type { Connection, Row, Statement } from '@dms/databases';
import type { SqlDialect } from '@dms/sql';
import { askAll } from './ask-all.ts';
import { documentStatements } from './statements-by-dialect.ts';

/**
 * A transaction in as few round trips as it has questions: where the engine allows it, the statement that begins it goes with the
 * first question and the one that commits it with the last.
 */
export class Transaction {
  private readonly connection: Connection;
  private readonly isReading: boolean;
  private state: 'new' | 'open' | 'ended' = 'new';

  /** One that only reads sees one moment in all of its questions where the engine can tell it so. */
  constructor(connection: Connection, purpose: 'writing' | 'reading' = 'writing') {
    this.connection = connection;
    this.isReading = purpose === 'reading';
  }

  get dialect(): SqlDialect {
    return this.connection.dialect;
  }

  private get ends() {
    return documentStatements[this.connection.dialect].transaction;
  }

  /** The answers of the statements with rows. */
  async ask(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    return askAll(this.connection, await this.begun(statements));
  }

  /** The same, as the last question. */
  async askAndCommit(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    const { ends } = this;
    const all = await this.begun(statements);
    const answers = await askAll(this.connection, ends ? [...all, ends.commit] : all);
    if (!ends) await this.connection.commit();
    this.state = 'ended';
    return answers;
  }

  private async begun(statements: readonly Statement[]): Promise<readonly Statement[]> {
    if (this.state !== 'new') return statements;
    this.state = 'open';
    if (this.ends) return [this.isReading ? this.ends.beginReading : this.ends.begin, ...statements];
    await this.connection.begin();
    return statements;
  }

  /** Gives up what was not committed. */
  async rollback(): Promise<void> {
    if (this.state === 'open') await this.connection.rollback();
    this.state = 'ended';
  }
}
