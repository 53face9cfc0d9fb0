import { type Sql, withoutParameters } from '@dms/sql';
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

/** Runs a statement without rows; without parameters it may be several statements. */
export async function run(
  connection: Pick<Connection, 'execute' | 'queryAll'>,
  sql: Sql,
  limits?: Limits,
): Promise<void> {
  if (sql.parameters.length > 0) await connection.queryAll([command(sql)], limits);
  else await connection.execute(withoutParameters(sql), limits);
}

function statementOf({ pieces, parameters }: Sql, hasRows: boolean): Statement {
  const types = parameters.map(({ type }) => type);
  return {
    pieces,
    parameters: parameters.map(({ parameter }) => parameter),
    hasRows,
    ...(types.some((type) => type !== null) ? { types } : {}),
  };
}
