import { type ClientRequest, type RequestOptions, request } from 'node:http';
import { DmsError } from '@dms/diagnostics';
import { type ImportPackage, loadOptional, resolveOptional } from './optional-package.ts';

export interface ContainerSearch {
  /** Only `DOCKER_HOST` is read from it, as by every Docker client. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Loads an optional package; tests replace it. */
  readonly load?: ImportPackage | undefined;
  /** Milliseconds that Docker may take to answer. */
  readonly timeout?: number | undefined;
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
