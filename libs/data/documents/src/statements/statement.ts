import type { Connection, Row, Statement } from '@dms/databases';

/** The range of the next documents of a scan by document id. */
export interface ScanRange {
  /** The document id to continue after. */
  readonly after: string;
  /** The document id to stop before; null by default, for no end. */
  readonly before?: string | null;
  /** Only documents with a greater content version. */
  readonly since: string;
  readonly limit: number;
}

/** The range of the next documents of a resource. */
export interface ResourceRange extends ScanRange {
  readonly resourceKeyId: number;
}

/** Statements that find documents, and the meaning of their answers. */
export interface IdentityLookup<Answer> {
  readonly statements: readonly Statement[];
  /** `answers` has the rows of each statement. */
  read(answers: readonly (readonly Row[])[]): Answer;
}

/** Answers a lookup. */
export const answerTo = async <Answer>(
  connection: Connection,
  { statements, read }: IdentityLookup<Answer>,
): Promise<Answer> => read(statements.length === 0 ? [] : await queryStatements(connection, statements));

/** Sends statements and returns the results of those that return rows, in their order. */
export async function queryStatements(
  connection: Connection,
  statements: readonly Statement[],
): Promise<readonly (readonly Row[])[]> {
  const answers = await connection.queryAll(statements);
  return answers.filter((_, index) => statements[index]?.hasRows);
}
