import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PostgresServer } from '@dms/databases';

/*
 * One server for all files of a test run. The main process of the run starts it at the first request of a test, and
 * stops it.
 */

const variable = 'DMS_TEST_POSTGRES_OF_RUN';

/**
 * Concurrent test files share the lock table, and each may create or upgrade a data standard in one transaction. Their
 * databases end before a vacuum would save anything, and statistics that come at any time would change plans.
 */
const settings = { max_locks_per_transaction: '256', autovacuum: 'off' };

/** Starts a server for specs that run at the same time. */
export const startServerForSpecs = async (): Promise<PostgresServer> => {
  // loaded only by runs that need a server
  const { startPostgresServer } = await import('@dms/databases');
  return startPostgresServer({ isInMemory: true, settings });
};

/** Sets up a test run; returns its end. */
export default async function setup(): Promise<() => Promise<void>> {
  let server: Promise<PostgresServer> | undefined;
  // a superuser session can run programs as this user, so only the tests of this run know the path
  const path = `/${randomUUID()}`;
  const desk = createServer((request, response) => {
    if (request.url !== path) {
      response.writeHead(404).end();
      return;
    }
    server ??= startServerForSpecs();
    server.then(
      ({ url }) => response.end(url),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve));
  desk.unref();
  process.env[variable] = `http://127.0.0.1:${(desk.address() as AddressInfo).port}${path}`;
  return async () => {
    desk.close();
    desk.closeAllConnections();
    await server?.then(
      ({ stop }) => stop(),
      () => undefined,
    );
  };
}

/** Whether the server was started for this run, so that it was empty at first. */
export const isServerOfRun = (): boolean => !process.env.DMS_TEST_PGSQL_URL;

let url: Promise<string> | undefined;

/**
 * The URL of a superuser on the server for tests: the server in `DMS_TEST_PGSQL_URL`, otherwise that of this test run,
 * which the first call starts.
 */
export function serverUrl(): Promise<string> {
  url ??= askForUrl();
  return url;
}

async function askForUrl(): Promise<string> {
  if (process.env.DMS_TEST_PGSQL_URL) return process.env.DMS_TEST_PGSQL_URL;
  const desk = process.env[variable];
  if (!desk)
    throw new Error(
      'There is a PostgreSQL server only in a test run that libs/testing/src/servers/postgres-of-run.ts sets up.',
    );
  const answer = await fetch(desk);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}
