import { type Connection, type Introspected, introspectHere, statementText } from '@dms/databases';
import { textOf } from '@dms/sql';
import type { TestDatabase } from './postgres.ts';

const unused = () => {
  throw new Error('The transaction of the test stays open.');
};

/** The catalog that the product reads from a PostgreSQL database, uncommitted changes included (design 09a §1). */
export function liveCatalog(session: Pick<TestDatabase, 'exec' | 'query'>): Promise<Introspected> {
  const connection: Connection = {
    dialect: 'pgsql',
    label: 'the database of the test',
    redact: (text) => text,
    engine: 'server',
    execute: (text) => session.exec(textOf(text)),
    query: (text, parameters) => session.query(textOf(text), parameters),
    queryEach: async (texts) => {
      const results = [];
      for (const text of texts) results.push(await session.query<Readonly<Record<string, unknown>>>(textOf(text)));
      return results;
    },
    queryAll: async (statements) => {
      const results = [];
      for (const statement of statements) {
        const text = statementText(statement, (number) => `$${number}`);
        results.push(await session.query<Readonly<Record<string, unknown>>>(text, statement.parameters));
      }
      return results;
    },
    begin: unused,
    commit: unused,
    rollback: unused,
    close: unused,
  };
  return introspectHere(connection);
}
