import type { SqlDialect } from '@dms/sql';
import { type Connection, type Row, type Statement, statementText } from '../src/drivers/connection.ts';

/** A connection that answers each query with the rows of a function. */
export function answering(
  dialect: SqlDialect,
  answer: (text: string, parameters: readonly unknown[]) => Promise<readonly unknown[]>,
): Connection {
  const sign = { pgsql: '$', mssql: '@p' }[dialect];
  return {
    dialect,
    label: 'x',
    queryAll: (statements: readonly Statement[]) =>
      Promise.all(
        statements.map(
          (each) =>
            answer(
              statementText(each, (number) => `${sign}${number}`),
              each.parameters,
            ) as Promise<readonly Row[]>,
        ),
      ),
  } as unknown as Connection;
}
