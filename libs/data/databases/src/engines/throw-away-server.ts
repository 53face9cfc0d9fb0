import { randomBytes } from 'node:crypto';
import { type ClientRequest, type RequestOptions, request } from 'node:http';
import { DmsError, fail, Secret } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import { parseTarget } from '../addressing/parse-target.ts';
import {
  type MssqlServerTarget,
  type PgsqlServerTarget,
  type ServerTarget,
  type ThrowAwayTarget,
  targetLabel,
} from '../addressing/target.ts';
import type { Limits } from '../drivers/connection.ts';
import { type ImportPackage, loadOptional, resolveOptional } from '../drivers/optional-package.ts';
import { databaseError, errorMessage } from '../failures/failure.ts';
import { type PostgresServer, startPostgresServer } from './postgres-server.ts';

/** A server that was started for the task. */
export interface StartedServer {
  /** Its maintenance database. */
  readonly target: ServerTarget;
  stop(): Promise<void>;
}

/** Letters of both cases, digits and a sign, as SQL Server requires in a password. */
const newPassword = () => new Secret(`${randomBytes(18).toString('base64url')}aA1!`);

/** An hour, in milliseconds: the server runs, and on a busy machine it may take long to answer. */
const connectTimeout = 3_600_000;

const common = { kind: 'server', applicationName: 'dms', connectTimeout } as const;

function pgsqlAt(host: string, port: number, password: Secret): PgsqlServerTarget {
  return {
    ...common,
    dialect: 'pgsql',
    host,
    port,
    database: 'postgres',
    user: 'postgres',
    password,
    encryption: { mode: 'disable', rootCertificate: null },
    passwordFile: null,
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
    instance: null,
    encryption: { encrypt: true, trustServerCertificate: true },
  };
}

/* The part that the product uses of the optional package `testcontainers`. */

interface Container {
  withEnvironment(environment: Readonly<Record<string, string>>): Container;
  withExposedPorts(...ports: readonly number[]): Container;
  withWaitStrategy(strategy: unknown): Container;
  withStartupTimeout(milliseconds: number): Container;
  start(): Promise<{ getHost(): string; getMappedPort(port: number): number; stop(): Promise<unknown> }>;
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
    // printed once during the set-up of the data folder, and once by the server itself
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

interface StartOptions extends Limits {
  /** Loads an optional package; tests replace it. */
  readonly load?: ImportPackage | undefined;
}

/**
 * Starts the server that the target names, however long that takes. Throws `DB_DRIVER_MISSING`,
 * `DB_CONTAINER_UNAVAILABLE`, `DB_UNREACHABLE`, `DB_CANCELLED`.
 */
export function startServer(target: ThrowAwayTarget, { load, signal }: StartOptions = {}): Promise<StartedServer> {
  const starting =
    target.kind === 'embeddedServer' ? startEmbeddedServer(signal) : startContainer(target.dialect, target.image, load);
  return unlessCancelled(starting, target, signal);
}

async function startEmbeddedServer(signal: AbortSignal | undefined): Promise<StartedServer> {
  let server: PostgresServer;
  try {
    server = await startPostgresServer({ signal });
  } catch (error) {
    if (error instanceof DmsError) throw error;
    const text = `The embedded server does not start: ${errorMessage(error)}. Use pglite: instead, or your own server.`;
    return fail('DB_UNREACHABLE', text);
  }
  const { target } = parseTarget(server.url, 'pgsql');
  if (target.kind !== 'server') throw new Error(`${target.kind} is not a server`);
  return { target: { ...target, connectTimeout }, stop: server.stop };
}

interface Testcontainers {
  readonly GenericContainer: new (image: string) => Container;
  readonly Wait: { forLogMessage(message: RegExp, times?: number): unknown };
}

/** The longest time of a timer, in milliseconds: a container that ends before it is ready reports that itself. */
const containerStartLimit = 2 ** 31 - 1;

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

/** Ends the wait for a start when the task is cancelled; a server that starts anyway is stopped again. */
function unlessCancelled(
  starting: Promise<StartedServer>,
  target: ThrowAwayTarget,
  signal: AbortSignal | undefined,
): Promise<StartedServer> {
  if (!signal) return starting;
  return new Promise((resolve, reject) => {
    const cancel = () => {
      const context = { label: targetLabel(target), redact: (text: string) => text };
      reject(
        databaseError(
          { code: 'DB_CANCELLED', driverCode: null, message: 'cancelled before the server was ready' },
          context,
        ),
      );
    };
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    starting
      .then(async (server) => {
        if (signal.aborted) await server.stop();
        else resolve(server);
      })
      .catch(reject)
      .finally(() => signal.removeEventListener('abort', cancel));
  });
}

interface ContainerSearch {
  /** Only `DOCKER_HOST` is read from it, as by every Docker client. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Loads an optional package; tests replace it. */
  readonly load?: ImportPackage | undefined;
  /** Milliseconds that Docker may take to answer. */
  readonly timeout?: number | undefined;
}

/**
 * Whether a SQL Server can be started in a container without any configuration: the packages `testcontainers` and
 * `mssql` are installed, and Docker answers (design 09 §1.1).
 */
export async function canStartMssqlContainer({
  environment,
  load,
  timeout = 2_000,
}: ContainerSearch): Promise<boolean> {
  for (const name of ['testcontainers', 'mssql'] as const) if (!(await isInstalled(name, load))) return false;
  const address = dockerAddress(environment.DOCKER_HOST);
  return address !== null && (await answers(address, timeout));
}

async function isInstalled(name: 'mssql' | 'testcontainers', load: ImportPackage | undefined): Promise<boolean> {
  try {
    if (load) await loadOptional(name, load);
    else resolveOptional(name);
    return true;
  } catch (error) {
    if (error instanceof DmsError && error.code === 'DB_DRIVER_MISSING') return false;
    throw error;
  }
}

const usualSocket = process.platform === 'win32' ? '//./pipe/docker_engine' : '/var/run/docker.sock';

/** How Docker is reached; null for an address that is not a socket, a pipe or a host. */
function dockerAddress(host: string | undefined): RequestOptions | null {
  if (host === undefined || host === '') return { socketPath: usualSocket };
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.*)$/.exec(host) ?? [];
  if (scheme === 'unix' || scheme === 'npipe') return { socketPath: rest };
  if (scheme !== 'tcp' && scheme !== 'http') return null;
  const { hostname, port } = new URL(`http://${rest}`);
  return { hostname, port: port === '' ? 2375 : Number(port) };
}

/** Whether Docker answers a ping (Docker Engine API, `GET /_ping`). */
function answers(address: RequestOptions, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked: ClientRequest = request({ ...address, path: '/_ping', timeout }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    // a socket that is accepted but never answered has no timeout
    const limit = setTimeout(() => asked.destroy(), timeout);
    asked.on('close', () => {
      clearTimeout(limit);
      resolve(false);
    });
    asked.end();
  });
}
