import type { Connection, Row, Statement } from '@dms/databases';

/** Sends statements and returns the results of those that return rows, in their order. */
export async function queryStatements(
  connection: Connection,
  statements: readonly Statement[],
): Promise<readonly (readonly Row[])[]> {
  const answers = await connection.queryAll(statements);
  return answers.filter((_, index) => statements[index]?.hasRows);
}
