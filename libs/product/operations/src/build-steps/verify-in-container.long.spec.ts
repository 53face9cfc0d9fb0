import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ImportPackage } from '@dms/databases';
import { ownSchemaFile, RecordedMssql } from '@dms/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verificationLines, verifyScripts } from './verify-db.ts';

/*
 * Verification with a SQL Server in a container, because none is named (design 09 §1.1). A stand-in for the socket of
 * Docker answers; the package that starts containers is replaced by one that queries that socket, and the driver by a
 * recorded one.
 */

let folder: string;
let socket: string;
let server: Server;
let asked: string[];

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'dms-container-'));
  socket = path.join(folder, 'docker.sock');
  asked = [];
  server = createServer(({ method, url }, response) => {
    asked.push(`${method} ${url}`);
    response.end(url === '/_ping' ? 'OK' : JSON.stringify({ Id: 'c1' }));
  });
  await new Promise<void>((resolve) => {
    server.listen(socket, resolve);
  });
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const post = (url: string) =>
  new Promise<void>((resolve, reject) => {
    const sent = request({ socketPath: socket, path: url, method: 'POST' }, (response) => {
      response.resume();
      response.on('end', resolve);
    });
    sent.on('error', reject);
    sent.end();
  });

/** A substitute for the package that starts containers, with the used members only. */
class GenericContainer {
  private readonly image: string;
  constructor(image: string) {
    this.image = image;
  }
  withEnvironment() {
    return this;
  }
  withExposedPorts() {
    return this;
  }
  withWaitStrategy() {
    return this;
  }
  withStartupTimeout() {
    return this;
  }
  async start() {
    await post(`/containers/create?image=${this.image}`);
    await post('/containers/c1/start');
    return { getHost: () => 'localhost', getMappedPort: () => 31_433, stop: () => post('/containers/c1/stop') };
  }
}

function installed(recorded: RecordedMssql): ImportPackage {
  const testcontainers = { GenericContainer, Wait: { forLogMessage: () => null } };
  return async (name) => (name === 'testcontainers' ? testcontainers : recorded.load(name));
}

async function verified(options: { readonly connection?: string; readonly host?: string } = {}) {
  const recorded = new RecordedMssql();
  const parts: string[] = [];
  const result = await verifyScripts({
    source: { kind: 'schemas', files: [ownSchemaFile('campus')] },
    dialects: ['mssql'],
    sources: () => (options.connection === undefined ? {} : { connection: options.connection }),
    environment: { DOCKER_HOST: options.host ?? `unix://${socket}` },
    folder,
    startsContainers: true,
    load: installed(recorded),
    onProgress: (part) => parts.push(part),
  });
  return { result, recorded, parts };
}

describe('verification for SQL Server without a connection', () => {
  it('runs in a container, from its start to its stop', async () => {
    const { result, recorded, parts } = await verified();
    expect(asked).toEqual([
      'GET /_ping',
      'POST /containers/create?image=mcr.microsoft.com/mssql/server:2022-latest',
      'POST /containers/c1/start',
      'POST /containers/c1/stop',
    ]);
    expect(recorded.configurations[0]).toMatchObject({
      server: 'localhost',
      port: 31_433,
      database: 'master',
      user: 'sa',
    });
    expect(result.reports[0]?.engine).toEqual({ kind: 'server', product: 'SQL Server', version: '16.0' });
    expect(verificationLines(result)[0]).toMatch(/the script was run on a server \(SQL Server 16\.0\)$/);
    expect(parts).toContain('starting a SQL Server in a container');
  });

  it('checks the text where Docker does not answer', async () => {
    const { result } = await verified({ host: `unix://${folder}/none.sock` });
    expect(result.reports[0]?.engine.kind).toBe('static');
    expect(asked).toEqual([]);
  });

  it('checks the text where that was asked for', async () => {
    const { result } = await verified({ connection: 'static:' });
    expect(result.reports[0]?.engine.kind).toBe('static');
    expect(asked).toEqual([]);
  });
});
