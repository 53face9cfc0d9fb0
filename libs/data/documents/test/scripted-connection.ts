import type { Connection, Row, Statement } from '@dms/databases';
import { DmsError, diagnostic } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';

/** The answer to a statement: its rows, or a thrown error with which the database refuses it. */
export type ScriptedAnswer = (text: string, parameters: readonly unknown[]) => readonly object[];

/** The error of a database that refuses a statement. */
export function refusal(
  driverCode: string,
  object?: string,
  code: 'DB_SQL' | 'DB_DEADLOCK' | 'DB_LOCK_TIMEOUT' = 'DB_SQL',
): DmsError {
  const details = object === undefined ? { driverCode } : { driverCode, object };
  return new DmsError([diagnostic(code, `refused with ${driverCode}`, {}, details)]);
}

/** A connection that follows a script and records every request. */
export class ScriptedConnection implements Connection {
  readonly dialect: SqlDialect;
  readonly label = 'scripted';
  readonly engine = 'server';
  readonly redact = (text: string) => text;
  /**
   * The texts of each request, with `?` for parameters; `begin`, `commit` and `rollback` of the driver count as
   * requests.
   */
  readonly requests: (readonly string[])[] = [];
  private readonly answer: ScriptedAnswer;

  constructor(dialect: SqlDialect, answer: ScriptedAnswer = () => []) {
    this.dialect = dialect;
    this.answer = answer;
  }

  async queryAll(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    this.requests.push(statements.map(({ pieces }) => pieces.join('?')));
    return statements.map(({ pieces, parameters }) => this.answer(pieces.join('?'), parameters) as readonly Row[]);
  }

  async begin(): Promise<void> {
    this.requests.push(['begin']);
  }

  async commit(): Promise<void> {
    this.requests.push(['commit']);
  }

  async rollback(): Promise<void> {
    this.requests.push(['rollback']);
  }

  execute = this.unexpected('execute');
  query = this.unexpected('query');
  queryEach = this.unexpected('queryEach');
  async close(): Promise<void> {}

  private unexpected(name: string) {
    return async (): Promise<never> => {
      throw new Error(`${name} is not what documents are written with`);
    };
  }
}
