import { mustExist } from '@dms/model';
import { dialectOf, join, type PlainSql, textOf } from '@dms/sql';
import { ofCommit } from '../failures/early-end.ts';
import { beginText, type Connection, type Limits, type Row, type Statement } from './connection.ts';
import { rowsOf } from './statement.ts';

/** A session of a PostgreSQL server, whoever owns its client. */
interface PgsqlSession {
  readonly context: Pick<Connection, 'label' | 'redact'>;
  /** The rows of each statement of a text: of one statement, or of several without parameters. */
  run(text: string, limits: Limits, parameters?: readonly unknown[]): Promise<readonly (readonly Row[])[]>;
  /** The rows of each of several statements. */
  runAll(statements: readonly Statement[], limits: Limits): Promise<readonly (readonly Row[])[]>;
  /** Sends COMMIT and waits for the answer. */
  commit(): Promise<unknown>;
  /** Called before a transaction begins. */
  begins(isReading: boolean): void;
  close(): Promise<void>;
}

const { sql } = dialectOf.pgsql;
const exportedSnapshot = sql`SELECT pg_export_snapshot() AS snapshot`;

/** The connection through a session (design 09 §1.5). */
export function pgsqlConnection(session: PgsqlSession): Connection {
  const execute = async (text: PlainSql, limits: Limits = {}) => {
    await session.run(textOf(text), limits);
  };
  const connection: Connection = {
    dialect: 'pgsql',
    engine: 'server',
    ...session.context,
    execute,
    query: async <Result>(text: PlainSql, parameters: readonly unknown[] = [], limits: Limits = {}) => {
      const [rows = []] = await session.run(textOf(text), limits, parameters);
      return rows as readonly unknown[] as readonly Result[];
    },
    queryEach: (texts, limits = {}) => session.run(textOf(join(texts, ';\n')), limits),
    queryAll: (statements, limits = {}) => session.runAll(statements, limits),
    begin: async (purpose, snapshot) => {
      session.begins(purpose === 'reading');
      try {
        await execute(beginText(purpose, snapshot));
      } catch (error) {
        // the transaction may have begun before the text failed
        await connection.rollback();
        throw error;
      }
    },
    exportSnapshot: async () => {
      const [row] = await rowsOf<{ readonly snapshot: string }>(connection, exportedSnapshot);
      return mustExist(row, 'the exported snapshot').snapshot;
    },
    commit: async () => {
      try {
        await session.commit();
      } catch (error) {
        throw ofCommit(error);
      }
    },
    rollback: () => execute(sql`ROLLBACK`).catch(() => undefined),
    close: () => session.close(),
  };
  return connection;
}
