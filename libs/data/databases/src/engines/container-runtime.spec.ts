import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AbsentPackage, type ImportPackage } from '../drivers/optional-package.ts';
import { canStartMssqlContainer } from './throw-away-server.ts';

/* Whether a container can be started (design 09 §1.1), with a stand-in for the socket of Docker. */

let folder: string;
let servers: Server[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dms-docker-'));
  servers = [];
});

afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

/** A server on a socket of its own, or on a port of this machine. */
async function docker(listener: RequestListener, place: 'socket' | 'port' = 'socket'): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  const socket = path.join(folder, `docker-${servers.length}.sock`);
  await new Promise<void>((resolve) => {
    if (place === 'socket') server.listen(socket, resolve);
    else server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address ? `tcp://127.0.0.1:${address.port}` : `unix://${socket}`;
}

const installed: ImportPackage = async () => ({});
const without =
  (absent: string): ImportPackage =>
  async (name) => {
    if (name !== absent) return {};
    throw new AbsentPackage(name);
  };

const found = (host: string | undefined, load = installed) =>
  canStartMssqlContainer({ environment: { DOCKER_HOST: host }, load, timeout: 300 });

describe('a SQL Server in a container', () => {
  it.each(['socket', 'port'] as const)('can be started when Docker answers a ping on its %s', async (place) => {
    const asked: (string | undefined)[] = [];
    const host = await docker(({ url }, response) => {
      asked.push(url);
      response.end('OK');
    }, place);
    expect(await found(host)).toBe(true);
    expect(asked).toEqual(['/_ping']);
  });

  it.each(['testcontainers', 'mssql'])('cannot be started without the package %s', async (name) => {
    const host = await docker((_request, response) => response.end('OK'));
    expect(await found(host, without(name))).toBe(false);
  });

  it('cannot be started when Docker refuses, is silent or is not there', async () => {
    const refusing = await docker((_request, response) => {
      response.statusCode = 500;
      response.end();
    });
    const silent = await docker(() => undefined);
    expect([await found(refusing), await found(silent), await found(`unix://${folder}/none.sock`)]).toEqual([
      false,
      false,
      false,
    ]);
    expect(await found('ssh://host')).toBe(false);
  });

  it('passes on the error of a broken package', async () => {
    const broken = () => Promise.reject(new Error('the package is broken'));
    await expect(found(undefined, broken)).rejects.toThrow('the package is broken');
  });
});
