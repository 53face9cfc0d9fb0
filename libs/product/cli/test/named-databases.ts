import { createScratchDatabase, type PostgresDatabase, type PostgresOptions } from '@dms/testing';
import { afterAll, beforeAll } from 'vitest';

/** Empty databases on the server of the tests, with their URLs in environment variables for commands. */
export interface NamedDatabases {
  variable(name: string): string;
  url(name: string): string;
  /** The options of a command for a database. */
  connection(name: string): readonly string[];
}

interface NamedOptions extends PostgresOptions {
  readonly name: string;
}

/** Creates databases before the tests of a file, and drops them afterwards. */
export function namedDatabases(...named: readonly (string | NamedOptions)[]): NamedDatabases {
  const databases = new Map<string, PostgresDatabase>();
  const variable = (name: string) => `DMS_SPEC_${process.pid}_${name.toUpperCase()}`;
  beforeAll(async () => {
    for (const each of named) {
      const { name, ...options } = typeof each === 'string' ? { name: each } : each;
      const database = await createScratchDatabase(options);
      databases.set(name, database);
      process.env[variable(name)] = database.url;
    }
  });
  afterAll(async () => {
    for (const [name, database] of databases) {
      delete process.env[variable(name)];
      await database.drop();
    }
  });
  return {
    variable,
    url: (name) => databases.get(name)?.url ?? '',
    connection: (name) => ['--connection-env', variable(name)],
  };
}
