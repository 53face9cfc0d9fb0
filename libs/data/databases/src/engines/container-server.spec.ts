import { describe, expect, it } from 'vitest';
import { failureOf } from '../../test/engines.ts';
import { parseTarget } from '../addressing/parse-target.ts';
import type { ThrowAwayTarget } from '../addressing/target.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { AbsentPackage } from '../drivers/optional-package.ts';
import { startServer } from './throw-away-server.ts';

/* Servers in containers (design 09 §1.5). The specs need no Docker: they replace the package that starts containers. */

const target = (text: string, dialect: 'pgsql' | 'mssql') => parseTarget(text, dialect).target as ThrowAwayTarget;

/** Replaces the package that starts containers: starts one or fails, and records how it was called. */
function containers(start: () => void = () => undefined) {
  const asked: Record<string, unknown> = {};
  let isStopped = false;
  class GenericContainer {
    constructor(image: string) {
      asked.image = image;
    }
    withEnvironment(environment: object) {
      asked.environment = environment;
      return this;
    }
    withExposedPorts(...ports: readonly number[]) {
      asked.ports = ports;
      return this;
    }
    withWaitStrategy(strategy: unknown) {
      asked.strategy = strategy;
      return this;
    }
    withStartupTimeout(limit: number) {
      asked.limit = limit;
      return this;
    }
    async start() {
      start();
      return {
        getHost: () => 'docker.local',
        getMappedPort: (port: number) => port + 10_000,
        stop: async () => {
          isStopped = true;
        },
      };
    }
  }
  const Wait = { forLogMessage: (message: RegExp, times: number) => `${message.source} ${times}` };
  return { asked, load: async () => ({ GenericContainer, Wait }), isStopped: () => isStopped };
}

const refusing = () => {
  throw new Error('Could not find a working container runtime strategy');
};

describe('a container that cannot be started', () => {
  it.each([
    ['pgsql', 'testcontainers:', 'postgres:17'],
    ['pgsql', 'testcontainers:postgres:15', 'postgres:15'],
    ['mssql', 'testcontainers:', 'mcr.microsoft.com/mssql/server:2022-latest'],
  ] as const)('is reported with its image: %s, %s', async (dialect, text, image) => {
    const { load } = containers(refusing);
    for (const begun of [
      () => startServer(target(text, dialect), { load }),
      () => openDatabase(target(text, dialect), { load }),
    ]) {
      expect(await failureOf(begun)).toMatchObject({
        diagnostics: [
          {
            code: 'DB_CONTAINER_UNAVAILABLE',
            message: `No container of ${image} could be started: Could not find a working container runtime strategy. Start Docker, or name a server.`,
            details: { image },
          },
        ],
      });
    }
  });

  it('is reported with the command that installs the missing package', async () => {
    const load = () => Promise.reject(new AbsentPackage('testcontainers'));
    expect(await failureOf(() => startServer(target('testcontainers:', 'pgsql'), { load }))).toMatchObject({
      diagnostics: [{ code: 'DB_DRIVER_MISSING', details: { command: 'npm install --save-dev testcontainers' } }],
    });
  });
});

describe('a container that was started', () => {
  it('is a PostgreSQL that has logged twice that it is ready', async () => {
    const { asked, load, isStopped } = containers();
    const server = await startServer(target('testcontainers:', 'pgsql'), { load });
    expect(asked).toMatchObject({
      image: 'postgres:17',
      ports: [5432],
      strategy: 'database system is ready to accept connections 2',
    });
    expect(server.target).toMatchObject({
      dialect: 'pgsql',
      host: 'docker.local',
      port: 15_432,
      user: 'postgres',
      database: 'postgres',
    });
    expect(asked.environment).toEqual({ POSTGRES_PASSWORD: server.target.password?.reveal() });
    await server.stop();
    expect(isStopped()).toBe(true);
  });

  it('is a SQL Server that has recovered', async () => {
    const { asked, load } = containers();
    const { target: found } = await startServer(target('testcontainers:', 'mssql'), { load });
    expect(asked).toMatchObject({ ports: [1433], strategy: 'Recovery is complete 1' });
    expect(found).toMatchObject({ dialect: 'mssql', port: 11_433, user: 'sa', database: 'master' });
    expect(asked.environment).toEqual({ ACCEPT_EULA: 'Y', MSSQL_SA_PASSWORD: found.password?.reveal() });
    // SQL Server requires upper case, lower case, digits and a symbol; each container gets its own password
    expect(found.password?.reveal()).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^A-Za-z0-9]).{20,}$/);
    const again = containers();
    await startServer(target('testcontainers:', 'mssql'), { load: again.load });
    expect(again.asked.environment).not.toEqual(asked.environment);
  });
});
