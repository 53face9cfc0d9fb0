import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createScratchDatabase, ownSchemaFile, type ScratchDatabase } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ran } from '../ran.ts';

/* Commands that are called without --dialect (design 06 §9). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-inferred-dialect-'));
const place = (name: string) => path.join(scratch, name);
const campus = ['--schema', ownSchemaFile('campus')];
let database: ScratchDatabase;
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
}, 60_000);
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
}, 120_000);

it.each(['provision', 'check'])('%s asks for the dialect where the artifacts have both', async (name) => {
  const { code, err } = await ran([name, '--artifacts', place('both'), ...connection]);
  expect([code, err]).toEqual([
    2,
    expect.stringContaining("'--dialect <name>' not specified: there are pgsql and mssql"),
  ]);
});

it('verify asks for the dialect of a connection where the artifacts have both', async () => {
  const { code, err } = await ran(['verify', '--artifacts', place('both'), ...connection]);
  expect([code, err]).toEqual([2, expect.stringContaining('a connection has one dialect')]);
});
