import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isThorough } from '@dms/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { ran } from '../ran.ts';
import { clientOfProcess } from './client-process.ts';
import { type OpenClient, testDocuments, testRefusals } from './client-tests.ts';

/*
 * The reference client in C#, which uses a pack, its published schema, Npgsql, and libraries for protobuf and
 * Zstandard. Each request and each response is a line of JSON.
 */

const repository = path.resolve(import.meta.dirname, '../../../../..');
const sources = path.join(repository, 'fixtures/clients/csharp');
const schema = path.join(repository, 'libs/compiler/packs/mapping-pack.proto');
const folder = mkdtempSync(path.join(tmpdir(), 'dms-client-csharp-'));
const running = new Set<ChildProcessWithoutNullStreams>();

/** The connection of a URL in the format of Npgsql. */
function connectionText(url: string): string {
  const { hostname, port, username, password, pathname } = new URL(url);
  const parts = { Host: hostname, Port: port || '5432', Username: username, Password: password };
  const texts = Object.entries(parts).flatMap(([name, value]) =>
    value === '' ? [] : [`${name}=${decodeURIComponent(value)}`],
  );
  return [...texts, `Database=${decodeURIComponent(pathname.slice(1))}`].join(';');
}

const open: OpenClient = async (artifacts, url) => {
  const packs = path.join(artifacts, 'packs');
  const { code } = await ran(['pack', 'build', '--artifacts', artifacts, '--dialect', 'pgsql', '--output', packs]);
  const [pack = ''] = code === 0 ? readdirSync(path.join(packs, 'pgsql')) : [];
  const child = spawn(path.join(folder, 'bin', 'client'), [path.join(packs, 'pgsql', pack)], {
    env: { ...process.env, CLIENT_DB: connectionText(url) },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return clientOfProcess(child);
};

/** Builds the client in a copy, because the build writes beside the sources. */
function build() {
  cpSync(sources, path.join(folder, 'sources'), { recursive: true });
  const options = [
    '--configuration',
    'Release',
    '--output',
    path.join(folder, 'bin'),
    '--nologo',
    `-p:MappingPackProto=${schema}`,
  ];
  return spawnSync('dotnet', ['build', ...options], { cwd: path.join(folder, 'sources'), encoding: 'utf8' });
}

const built = spawnSync('dotnet', ['--version']).status === 0 ? build() : null;
/** Whether the tools or the packages are missing, according to the codes of NuGet. */
const isMissing = built === null || (built.status !== 0 && /\berror NU\d+/.test(built.stdout));

afterAll(() => {
  for (const child of running) child.kill();
  rmSync(folder, { recursive: true });
});

describe.skipIf(isMissing || !isThorough)(
  'the client in C# (needs dotnet, the packages of the client and DMS_PROPERTY_RUNS above 1)',
  () => {
    it('is built', () => expect([built?.status, built?.status === 0 ? '' : built?.stdout]).toEqual([0, '']));

    // only the own sets: the client in TypeScript runs the published ones too
    testDocuments(open);
    testRefusals(open);
  },
);
