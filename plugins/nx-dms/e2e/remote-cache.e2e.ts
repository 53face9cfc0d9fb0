import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repository } from './run-nx.ts';
import { createScratchWorkspace, type ScratchWorkspace, workspaceFiles } from './scratch-workspace.ts';

/*
 * Two clones of a workspace, at different paths, that share a cache through a server with the cache protocol of Nx
 * (design 10 §12.1).
 */

const versions = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')).devDependencies;
const fixture = (name: string) =>
  readFileSync(path.join(repository, 'fixtures/schemas', name, 'ApiSchema.json'), 'utf8');
const token = 'token-of-the-cache';
const secret = 'pglite:?password=Tr0ub4dour';

/** The stored entries by the hash of their tasks, and the requests. */
const entries = new Map<string, Buffer>();
let asked: { readonly hash: string; readonly isThere: boolean }[] = [];
let server: Server;
let first: ScratchWorkspace;
let second: ScratchWorkspace;
let environment: Record<string, string>;

beforeAll(async () => {
  server = createServer((request, response) => {
    const [, hash = ''] = /^\/v1\/cache\/(\w+)$/.exec(request.url ?? '') ?? [];
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.headers.authorization !== `Bearer ${token}`) return response.writeHead(401).end();
      const entry = entries.get(hash);
      if (request.method === 'PUT') {
        if (!entry) entries.set(hash, Buffer.concat(chunks));
        return response.writeHead(entry ? 409 : 200).end();
      }
      asked.push({ hash, isThere: entry !== undefined });
      return entry
        ? response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(entry)
        : response.writeHead(404).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  environment = {
    NX_SELF_HOSTED_REMOTE_CACHE_SERVER: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: token,
  };
  first = await createScratchWorkspace({
    ...workspaceFiles(versions.nx),
    'nx.json': { analytics: false, neverConnectToCloud: true, plugins: ['nx-dms'] },
    'schemas/campus/ApiSchema.json': fixture('campus'),
    'schemas/athletics/ApiSchema.json': fixture('athletics'),
    'mapping-sets/dms/dms.json': { schemas: ['../../schemas/campus', '../../schemas/athletics'] },
    'mapping-sets/served/dms.json': {
      schemas: ['../../schemas/campus'],
      dialects: ['mssql'],
      databases: { mssql: { env: 'SERVED_DATABASE' } },
    },
  });
  second = first.clone();
});

afterAll(async () => {
  first?.dispose();
  await new Promise((resolve) => server.close(resolve));
});

const goal = ['run-many', '-t', 'emit-ddl,compile-plans', '-p', 'dms,served'];

test('a second clone takes all results of the first from the server, byte for byte (T31)', async () => {
  const made = await first.nx(goal, environment);
  expect(made.exitCode, made.output).toBe(0);
  expect(made.executed).toHaveLength(2 + 4 + 4);
  expect(entries.size).toBe(made.executed.length);
  asked = [];
  const taken = await second.nx(goal, environment);
  expect(taken, taken.output).toMatchObject({ exitCode: 0, executed: [] });
  expect(asked.filter(({ isThere }) => !isThere)).toEqual([]);
  expect(new Set(asked.map(({ hash }) => hash)).size).toBe(made.executed.length);
  expect(second.files('dist')).toEqual(first.files('dist'));
});

test('runs for one dialect have entries of their own, without files of the other dialect', async () => {
  const before = new Set(entries.keys());
  const made = await first.nx(['run', 'dms:emit-ddl:pgsql'], environment);
  expect(made.exitCode, made.output).toBe(0);
  const added = [...entries].filter(([hash]) => !before.has(hash));
  expect(added).toHaveLength(made.executed.length);
  const stored = added.map(([, entry]) => unpacked(entry)).join('');
  expect(stored).toMatch(/\/pgsql\.sql\0/);
  expect(stored).toMatch(/\/effective-schema\.manifest\.json\0/);
  expect(stored).not.toMatch(/\/(mssql\.sql|[^/\0]*mssql\.(manifest\.)?json|ddl\.manifest\.json)\0/);
  second.remove('dist');
  const taken = await second.nx(['run', 'dms:emit-ddl:pgsql'], environment);
  expect(taken, taken.output).toMatchObject({ exitCode: 0, executed: [] });
  expect(Object.keys(second.files('dist/mapping-sets/dms')).some((name) => name.includes('mssql'))).toBe(false);
});

test('the verification of a database that a variable names is never stored, and neither is the variable', async () => {
  const needed = await first.nx(['run-many', '-t', 'emit-ddl', 'derive-ods-mapping', '-p', 'served'], environment);
  expect(needed.exitCode, needed.output).toBe(0);
  const before = entries.size;
  const verify = () => first.nx(['run', 'served:verify-db'], { ...environment, SERVED_DATABASE: `static:` });
  for (const { exitCode, output, executed } of [await verify(), await verify()]) {
    expect(exitCode, output).toBe(0);
    expect(executed).toContain('served:verify-db');
  }
  const leaky = await first.nx(['run', 'served:verify-db'], { ...environment, SERVED_DATABASE: secret });
  expect(leaky.exitCode).toBe(1);
  expect(leaky.output).not.toContain('Tr0ub4dour');
  expect(entries.size).toBe(before);
});

test('no entry holds a path of the machine, the token or a secret', () => {
  const places = [first.root, second.root, path.dirname(first.root), homedir()].filter((place) => place.length > 1);
  for (const [hash, entry] of entries) {
    const text = unpacked(entry);
    for (const found of [...places, token, 'Tr0ub4dour'])
      expect(text.includes(found), `${found} in ${hash}`).toBe(false);
  }
});

/** The files of an entry, which is a tar, possibly compressed, one after another. */
function unpacked(entry: Buffer): string {
  const isCompressed = entry[0] === 0x1f && entry[1] === 0x8b;
  return (isCompressed ? gunzipSync(entry) : entry).toString('latin1');
}
