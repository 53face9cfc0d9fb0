import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownSchemaFile } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ran } from '../ran.ts';

/* A path in a file may contain a character that no path can have. That is a mistake in the file, not a bug. */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-nul-'));
const place = (name: string) => path.join(scratch, name);
beforeAll(() => mkdirSync(place('set')));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const set = { schemas: [ownSchemaFile('campus')], dialects: ['pgsql'] };
const nul = 'a\0b';

it.each<[member: string, value: unknown]>([
  ['/schemas/0', [nul]],
  ['/outputDirectory', nul],
  ['/golden', nul],
  ['/baseline', nul],
  ['/upgradeFrom', nul],
  ['/translation', `${nul}.json`],
  ['/odsOverrides', nul],
  ['/databases/pgsql/file', { pgsql: { file: nul } }],
  ['/databases/pgsql/env', { pgsql: { env: nul } }],
])('%s of a dms.json', async (member, value) => {
  const [, name = ''] = member.split('/');
  writeFileSync(place('set/dms.json'), JSON.stringify({ ...set, [name]: value }));
  for (const command of ['emit', 'doctor', 'check']) {
    const { code, err } = await ran([command, place('set')]);
    expect([command, code, err]).toEqual([command, 1, expect.stringContaining('error CONFIG_INVALID')]);
    expect(err).toContain(member);
  }
});

it('the fleet of a dms.json', async () => {
  writeFileSync(place('set/dms.json'), JSON.stringify({ ...set, databases: { fleet: nul } }));
  const { code, err } = await ran(['upgrade', 'status', '--fleet', place('set/dms.json')]);
  expect([code, err]).toEqual([1, expect.stringContaining('error CONFIG_INVALID')]);
  expect(err).toContain('/databases/fleet');
});

it.each([
  ['/databases/0/file', { databases: [{ name: 'north', file: nul }] }],
  ['/databases/0/ods/file', { databases: [{ name: 'north', env: 'A', ods: { file: nul } }] }],
  ['/query/catalog/file', { query: { sql: 'SELECT 1', catalog: { file: nul } } }],
])('%s of a fleet', async (member, fleet) => {
  writeFileSync(place('fleet.json'), JSON.stringify(fleet));
  const { code, err } = await ran(['upgrade', 'status', '--fleet', place('fleet.json')]);
  expect([code, err]).toEqual([1, expect.stringContaining('error CONFIG_INVALID')]);
  expect(err).toContain(member);
});
