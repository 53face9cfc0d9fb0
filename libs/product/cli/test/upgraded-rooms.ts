import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, createScratchDatabase } from '@dms/testing';
import { expect } from 'vitest';
import { ran } from './ran.ts';

const { integer, object, project, resource, string } = build;

const rooms = (properties: build.JsonRecord) =>
  project('Ed-Fi', [
    resource('Room', { identityJsonPaths: ['$.code'], jsonSchemaForInsert: object(properties, ['code']) }),
  ]);

const sets = {
  before: rooms({ code: integer() }),
  after: rooms({ code: integer(), name: string(20) }),
  other: rooms({ code: integer(), size: integer() }),
};

/**
 * The artifacts of three small sets, a database with the first set, whose connection is in the variable `ROOMS_DB`, and
 * the commands `upgrade plan` and `upgrade apply` from the first to the second set.
 */
export async function upgradedRooms() {
  const scratch = mkdtempSync(path.join(tmpdir(), 'dms-upgrade-command-'));
  const place = (name: string) => path.join(scratch, name);
  const database = await createScratchDatabase();
  process.env.ROOMS_DB = database.url;
  for (const [name, schema] of Object.entries(sets)) {
    writeFileSync(place(`${name}.json`), JSON.stringify(schema));
    expect(await ran(['emit', '--schema', place(`${name}.json`), '--output', place(name), '--quiet'])).toMatchObject({
      code: 0,
    });
  }
  const provision = ['provision', '--artifacts', place('before'), '--dialect', 'pgsql', '--connection-env', 'ROOMS_DB'];
  expect(await ran(provision)).toMatchObject({ code: 0 });
  const between = ['--before', place('before'), '--after', place('after')];
  return {
    database,
    place,
    apply: (...options: readonly string[]) =>
      ran(['upgrade', 'apply', ...between, '--connection-env', 'ROOMS_DB', ...options]),
    plan: (...options: readonly string[]) =>
      ran(['upgrade', 'plan', ...between, '--output', place('plan'), ...options]),
    close: async () => {
      delete process.env.ROOMS_DB;
      rmSync(scratch, { recursive: true, force: true });
      await database.drop();
    },
  };
}
