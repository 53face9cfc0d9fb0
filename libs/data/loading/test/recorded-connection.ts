import type { Connection, Row, Statement } from '@dms/databases';
import { type PlainSql, textOf } from '@dms/sql';

export interface RecordedStatement {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/** A SQL Server that accepts every statement and gives new documents their ids. */
export class RecordedConnection implements Connection {
  readonly dialect = 'mssql';
  readonly label = 'recorded';
  readonly engine = 'server';
  readonly statements: RecordedStatement[] = [];
  private lastId = 0;
  /** The rows that other statements return. */
  answer: (text: string) => readonly Row[] = () => [];

  redact = (text: string) => text;
  async execute(text: PlainSql): Promise<void> {
    this.statements.push({ text: textOf(text), parameters: [] });
  }
  async query<Result>(text: PlainSql, parameters: readonly unknown[] = []): Promise<readonly Result[]> {
    this.statements.push({ text: textOf(text), parameters });
    return [];
  }
  async queryEach(texts: readonly PlainSql[]): Promise<readonly (readonly Row[])[]> {
    return texts.map(() => []);
  }
  async queryAll(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    return statements.map((statement) => {
      const { parameters, pieces } = statement;
      const text = pieces.reduce((before, piece, index) => `${before}@p${index}${piece}`);
      this.statements.push({ text, parameters });
      if (!/^SELECT \[DocumentId\], LOWER/.test(text)) return this.answer(text);
      return parameters.map((uuid) => {
        this.lastId += 1;
        return { DocumentId: this.lastId, DocumentUuid: uuid };
      });
    });
  }
  async begin(): Promise<void> {}
  async commit(): Promise<void> {}
  async rollback(): Promise<void> {}
  async close(): Promise<void> {}
}
