import type { Connection, Row, Statement } from '@dms/databases';
import { askAll } from '../reading/hydration.ts';
import { documentStatements } from '../statements/document-statements.ts';

/**
 * A transaction in as few round trips as it has questions: where the engine allows it, the statement that begins it goes with the
 * first question and the one that commits it with the last.
 */
export class Transaction {
  private readonly connection: Connection;
  private state: 'new' | 'open' | 'ended' = 'new';

  constructor(connection: Connection) {
    this.connection = connection;
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
    if (this.ends) return [this.ends.begin, ...statements];
    await this.connection.begin();
    return statements;
  }

  /** Gives up what was not committed. */
  async rollback(): Promise<void> {
    if (this.state === 'open') await this.connection.rollback();
    this.state = 'ended';
  }
}
