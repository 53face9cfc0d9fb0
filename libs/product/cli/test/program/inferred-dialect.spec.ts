import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createScratchDatabase, ownSchemaFile, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ran } from '../ran.ts';

/* Commands that are called without --dialect (design 06 §9). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-inferred-dialect-'));
const place = (name: string) => path.join(scratch, name);
const campus = ['--schema', ownSchemaFile('campus')];
let database: PostgresDatabase;
const connection = ['--connection-file', place('connection')];

beforeAll(async () => {
  database = await createScratchDatabase();
  writeFileSync(place('connection'), database.url, { mode: 0o600 });
  for (const [folder, ...dialect] of [
    ['pgsql', '--dialect', 'pgsql'],
    ['mssql', '--dialect', 'mssql'],
    ['both'],
  ] as const)
    expect(await ran(['emit', ...campus, ...dialect, '--output', place(folder)])).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await database.drop();
  rmSync(scratch, { recursive: true, force: true });
});

it('use the dialect of artifacts that have one', async () => {
  const source = ['--artifacts', place('pgsql')];
  expect(await ran(['provision', ...source, ...connection])).toMatchObject({ code: 0, err: '' });
  expect(await ran(['check', ...source, ...connection])).toMatchObject({ code: 0, err: '' });
  const { code, out, err } = await ran(['verify', '--artifacts', place('mssql')]);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^mssql: passed/);
  expect(out).not.toContain('pgsql');
});

it('use the dialect of the connection where the artifacts have both', async () => {
  const source = ['--artifacts', place('both')];
  expect(await ran(['provision', ...source, ...connection])).toMatchObject({ code: 0, err: '' });
  expect(await ran(['check', ...source, ...connection])).toMatchObject({ code: 0, err: '' });
  expect(await ran(['dump', ...source, ...connection, '--output', place('dumped')])).toMatchObject({
    code: 0,
    err: '',
  });
  const { code, out } = await ran(['inspect', ...connection]);
  expect([code, JSON.parse(out).dialect]).toEqual([0, 'pgsql']);
});

it('verify proves the script of the dialect of the connection', async () => {
  const args = ['verify', '--artifacts', place('both'), '--connection', 'static:'];
  const { code, out, err } = await ran(args);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^mssql: passed/);
  expect(out).not.toContain('pgsql');
  const kept = await ran([...args, '--keep']);
  expect([kept.code, kept.err]).toEqual([1, expect.stringMatching(/^error DB_OPTION_VALUE .*--keep keeps nothing/)]);
});

it.each(['provision', 'check'])('%s asks for the dialect where nothing shows it', async (name) => {
  writeFileSync(place('unknown'), 'what?', { mode: 0o600 });
  const { code, err } = await ran([name, '--artifacts', place('both'), '--connection-file', place('unknown')]);
  expect([code, err]).toEqual([
    2,
    expect.stringContaining("'--dialect <name>' not specified: there are pgsql and mssql"),
  ]);
});

it.each([
  ['UTF-16 with a mark, as PowerShell writes it', 'utf16', 'The file is UTF-16, not UTF-8; save it as UTF-8.'],
  ['missing', 'none', 'none does not exist'],
])('a connection file that is %s is the error, not the dialect', async (_, name, expected) => {
  writeFileSync(place('utf16'), Buffer.from('\ufeffpostgres://u@h/d', 'utf16le'), { mode: 0o600 });
  const file = ['--connection-file', place(name)];
  for (const args of [
    ['provision', '--artifacts', place('both')],
    ['check', '--artifacts', place('both')],
    ['inspect'],
  ]) {
    const { code, err } = await ran([...args, ...file]);
    expect([code, err]).toEqual([1, expect.stringContaining(expected)]);
  }
});

it('take the dialect of artifacts that have one, whatever the connection shows', async () => {
  const { code, err } = await ran(['check', '--artifacts', place('mssql'), ...connection]);
  expect(code).toBe(1);
  expect(err).toContain('DB_TARGET');
});
