import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { blocksOfGuide, commandsOfBlock, ownSchemaFile } from '@dms/testing';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ran } from '../ran.ts';

/*
 * docs/schemas.md: the shell blocks as printed, with curl only, against a feed of this test in place of that of Ed-Fi.
 * It implements the flat container of NuGet: an index of versions, and the file of each version.
 */

const guide = readFileSync(path.resolve(import.meta.dirname, '../../../../../docs/schemas.md'), 'utf8');
const blocks = blocksOfGuide(guide).flatMap((block) => commandsOfBlock(block) ?? []);
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-schemas-guide-'));
const home = process.cwd();

const id = 'edfi.datastandard52.apischema';
const version = '1.0.328';
const files: Readonly<Record<string, Uint8Array | string>> = {
  [`/${id}/index.json`]: '{"versions":["1.0.300","1.0.328"]}',
  [`/${id}/${version}/${id}.${version}.nupkg`]: zipSync({
    'ApiSchema/ApiSchema.json': new Uint8Array(readFileSync(ownSchemaFile('district'))),
  }),
};

const feed = createServer(({ url = '' }, response) => {
  const file = files[url];
  response.writeHead(file === undefined ? 404 : 200).end(file ?? 'not found');
});

const hasCurl = spawnSync('curl', ['--version']).status === 0;

/** Runs lines in a separate shell; returns the exit code and the output. */
const inShell = (lines: string) =>
  new Promise<{ code: number | null; out: string }>((resolve) => {
    const shell = spawn('bash', ['--norc', '-euc', lines], { cwd: scratch });
    let out = '';
    shell.stdout.on('data', (chunk) => {
      out += chunk;
    });
    shell.on('close', (code) => resolve({ code, out }));
  });

let server: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => feed.listen(0, '127.0.0.1', resolve));
  server = `http://127.0.0.1:${(feed.address() as AddressInfo).port}`;
  process.chdir(scratch);
});

afterAll(async () => {
  process.chdir(home);
  await new Promise((resolve) => feed.close(resolve));
  rmSync(scratch, { recursive: true, force: true });
});

it.skipIf(!hasCurl)('gets a package with curl, and the schemas out of it', async () => {
  const [list = '', get = '', unpack = ''] = blocks.map((block) =>
    block.replace(/https:\/\/pkgs\.dev\.azure\.com\S+\/nuget\/v3\/flat2/, server),
  );
  expect(blocks).toHaveLength(3);
  expect(await inShell(list)).toEqual({ code: 0, out: '{"versions":["1.0.300","1.0.328"]}' });
  expect(await inShell(`export FEED=${server}\n${get}`)).toEqual({ code: 0, out: '' });
  const words = unpack.trim().split(' ');
  expect(words.slice(0, 3)).toEqual(['npx', 'dms-ddl', 'schemas']);
  const { code, out } = await ran(words.slice(2));
  expect([code, out]).toEqual([
    0,
    expect.stringContaining('Written: schemas/ed-fi/ApiSchema.json\nWritten: schemas/dms.json\n'),
  ]);
  expect((await ran(['emit', 'schemas', '--only', 'document-schemas', '--quiet'])).code).toBe(0);
  expect(readdirSync('schemas/dist')).toContain('document-schemas.json');
});

it.skipIf(!hasCurl)('leaves no file where the feed has no such version', async () => {
  const [, get = ''] = blocks;
  const { code } = await inShell(`export FEED=${server}\n${get.replaceAll(version, '9.9.9')}`);
  expect(code).toBe(22);
  expect(existsSync(path.join(scratch, `${id}.9.9.9.nupkg`))).toBe(false);
});
