import { givenScript, trusted } from '@dms/sql';
import { createScratchDatabase, enginesOfSpec } from '@dms/testing';
import { type Connection, openDatabase, type ProvisionOptions, provision, type ServerTarget } from '../src/index.ts';
import { targetOf } from './engines.ts';
import type { EmittedInput } from './schema-sets.ts';

/** A database that tests provision and empty again. */
export interface Bench {
  readonly target: Parameters<typeof provision>[0];
  /** A session in addition to those that provisioning opens. */
  readonly connection: Connection;
  /** Provisions as a task would, with short patience. */
  provision(input: EmittedInput, options?: ProvisionOptions): ReturnType<typeof provision>;
  close(): Promise<void>;
}

/** The same session for code that would close it. */
export const unclosed = (connection: Connection): Connection => ({ ...connection, close: async () => undefined });

/**
 * A session inside a transaction of the test: transactions are savepoints, and a statement that fails outside them ends
 * nothing, as in a separate session.
 */
export function nested(connection: Connection): Connection {
  const guarded = async <Result>(run: () => Promise<Result>): Promise<Result> => {
    await connection.execute(givenScript('SAVEPOINT statement'));
    try {
      return await run();
    } catch (error) {
      await connection.execute(givenScript('ROLLBACK TO SAVEPOINT statement'));
      throw error;
    } finally {
      await connection.execute(givenScript('RELEASE SAVEPOINT statement'));
    }
  };
  return {
    ...unclosed(connection),
    query: (text, parameters, limits) => guarded(() => connection.query(text, parameters, limits)),
    queryAll: (statements, limits) => guarded(() => connection.queryAll(statements, limits)),
    begin: () => connection.execute(givenScript('SAVEPOINT nested')),
    commit: () => connection.execute(givenScript('RELEASE SAVEPOINT nested')),
    rollback: () => connection.execute(givenScript('ROLLBACK TO SAVEPOINT nested; RELEASE SAVEPOINT nested')),
  };
}

interface BenchEngine {
  readonly name: string;
  readonly isServer: boolean;
  open(): Promise<Bench>;
}

const embedded: BenchEngine = {
  name: 'PGlite',
  isServer: false,
  open: async () => {
    const target = { kind: 'embedded', dialect: 'pgsql', folder: null } as const;
    // starting the engine takes longer than any test: all share one
    const connection = await openDatabase(target);
    return {
      target,
      connection,
      provision: (input, options = {}) =>
        provision(target, input, { open: async () => unclosed(connection), ...options }),
      close: () => connection.close(),
    };
  },
};

const server: BenchEngine = {
  name: 'PostgreSQL server',
  isServer: true,
  open: async () => {
    const database = await createScratchDatabase();
    const target = targetOf(database.url) as ServerTarget;
    const connection = await openDatabase(target);
    return {
      target,
      connection,
      provision: (input, options = {}) => provision(target, input, { retryDelays: [], ...options }),
      close: async () => {
        await connection.close();
        await database.drop();
      },
    };
  },
};

/** The embedded engine and the server of the tests. */
export const benches = () => enginesOfSpec(embedded, server);

const quoted = (name: unknown) => `"${String(name).replaceAll('"', '""')}"`;

/** Removes everything that was created, pgcrypto included. */
export async function empty(connection: Connection): Promise<void> {
  const schemas = await connection.query<{ name: string }>(
    trusted(
      "SELECT nspname::text AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'",
    ),
  );
  const drops = schemas.map(({ name }) => `DROP SCHEMA ${quoted(name)} CASCADE`);
  await connection.execute(
    givenScript(['DROP EXTENSION IF EXISTS pgcrypto CASCADE', ...drops, 'CREATE SCHEMA public'].join(';\n')),
  );
}

const objectQuery = `
SELECT 'schema ' || nspname AS line FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
UNION ALL SELECT 'extension ' || extname FROM pg_extension
UNION ALL SELECT 'relation ' || c.oid::int8 || ' ' || c.relkind::text || ' ' || n.nspname || '.' || c.relname
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname !~ '^(pg_|information_schema)'
UNION ALL SELECT 'column ' || a.attrelid::int8 || ' ' || a.attname || ' ' || a.atttypid::int8 || a.attnotnull
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^(pg_|information_schema)'
UNION ALL SELECT 'constraint ' || k.oid::int8 || ' ' || k.conname FROM pg_constraint k
UNION ALL SELECT 'trigger ' || t.oid::int8 || ' ' || t.tgname FROM pg_trigger t
UNION ALL SELECT 'function ' || p.oid::int8 || ' ' || md5(p.prosrc) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname !~ '^(pg_|information_schema)'`;

/**
 * Everything that is in the database, down to the ids of objects and the rows of `dms`: equal lines mean nothing
 * happened.
 */
export async function dump(connection: Connection): Promise<string[]> {
  const objects = await connection.query<{ line: string }>(trusted(objectQuery));
  const lines = objects.map(({ line }) => line);
  const tables = await connection.query<{ name: string }>(
    trusted(
      "SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'dms' AND c.relkind = 'r'",
    ),
  );
  for (const { name } of tables) {
    const rows = await connection.query<{ line: string }>(trusted(`SELECT t::text AS line FROM ${name} AS t`));
    lines.push(...rows.map(({ line }) => `${name} ${line}`));
  }
  return lines.sort();
}
