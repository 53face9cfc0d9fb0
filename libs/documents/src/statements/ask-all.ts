import type { Connection, Row, Statement } from '@dms/databases';

/** Sends statements and takes only the answers of those that have rows, each statement's own. */
export async function askAll(connection: Connection, statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
  const answers = await connection.queryAll(statements);
  return answers.filter((_, index) => statements[index]?.hasRows);
}
