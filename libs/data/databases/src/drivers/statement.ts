import type { Sql } from '@dms/sql';
import type { Statement } from './connection.ts';

/** A statement that returns rows. */
export const query = (sql: Sql): Statement => statementOf(sql, true);

/** A statement that returns no rows. */
export const command = (sql: Sql): Statement => statementOf(sql, false);

function statementOf({ pieces, parameters }: Sql, hasRows: boolean): Statement {
  const types = parameters.map(({ type }) => type);
  return {
    pieces,
    parameters: parameters.map(({ parameter }) => parameter),
    hasRows,
    ...(types.some((type) => type !== null) ? { types } : {}),
  };
}
