import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, createScratchDatabase, openSession, type ScratchDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ran } from '../test/ran.ts';

const { integer, object, project, resource, string } = build;
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-upgrade-command-'));
const place = (name: string) => path.join(scratch, name);

const rooms = (properties: build.JsonRecord) =>
  project('Ed-Fi', [resource('Room', { identityJsonPaths: ['$.code'], jsonSchemaForInsert: object(properties, ['code']) })]);

let database: ScratchDatabase;

beforeAll(async () => {
  database = await createScratchDatabase();
  process.env.ROOMS_DB = database.url;
  const sets = { before: rooms({ code: integer() }), after: rooms({ code: integer(), name: string(20) }) };
  for (const [name, schema] of Object.entries(sets)) {
    writeFileSync(place(`${name}.json`), JSON.stringify(schema));
    expect(await ran(['emit', '--schema', place(`${name}.json`), '--output', place(name), '--quiet'])).toMatchObject({
      code: 0,
    });
  }
  const provision = ['provision', '--artifacts', place('before'), '--dialect', 'pgsql', '--connection-env', 'ROOMS_DB'];
  expect(await ran(provision)).toMatchObject({ code: 0 });
}, 120_000);

afterAll(async () => {
  delete process.env.ROOMS_DB;
  rmSync(scratch, { recursive: true, force: true });
  await database.drop();
});

const apply = (...options: readonly string[]) =>
  ran(['upgrade', 'apply', '--before', place('before'), '--after', place('after'), '--connection-env', 'ROOMS_DB', ...options]);

describe('upgrade apply', () => {
  it('counts --lock-timeout and --statement-timeout in seconds', async () => {
    const reader = await openSession(database.url);
    try {
      await reader.exec('BEGIN; SELECT count(*) FROM edfi."Room"');
      const locked = await apply('--lock-timeout', '1');
      expect([locked.code, locked.err]).toEqual([1, expect.stringContaining('waited 1000 ms for a lock that session')]);
      const slow = await apply('--statement-timeout', '1');
      expect([slow.code, slow.err]).toEqual([1, expect.stringContaining('took longer than 1000 ms')]);
    } finally {
      await reader.close();
    }
    expect(await apply()).toMatchObject({ code: 0, out: expect.stringContaining('Upgraded') });
  }, 60_000);

  it.each(['--lock-timeout', '--statement-timeout'])('refuses %s 0', async (option) => {
    const { code, err } = await apply(option, '0');
    expect([code, err]).toEqual([2, expect.stringContaining('It must be 1 or more.')]);
  });
});
