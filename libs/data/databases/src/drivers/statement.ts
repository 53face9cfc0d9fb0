import { type PlainSql, type Sql, textOf } from '@dms/sql';
import type { Connection, Limits, Row, Statement } from './connection.ts';

/** A statement that returns rows. */
export const query = (sql: Sql): Statement => statementOf(sql, true);

/** A statement that returns no rows. */
export const command = (sql: Sql): Statement => statementOf(sql, false);

/** The rows of one statement. */
export async function rowsOf<Result = Row>(
  connection: Pick<Connection, 'queryAll'>,
  sql: Sql,
  limits?: Limits,
): Promise<readonly Result[]> {
  const [rows = []] = await connection.queryAll([query(sql)], limits);
  return rows as readonly unknown[] as readonly Result[];
}

/** Runs a text of any number of statements, without rows. */
export const run = (connection: Pick<Connection, 'execute'>, sql: PlainSql, limits?: Limits): Promise<void> =>
  connection.execute(textOf(sql), limits);

function statementOf({ pieces, parameters }: Sql, hasRows: boolean): Statement {
  const types = parameters.map(({ type }) => type);
  return {
    pieces,
    parameters: parameters.map(({ parameter }) => parameter),
    hasRows,
    ...(types.some((type) => type !== null) ? { types } : {}),
  };
}
