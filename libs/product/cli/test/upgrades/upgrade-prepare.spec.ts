import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, createScratchDatabase, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ran } from '../ran.ts';

const { integer, object, project, resource, string } = build;
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-upgrade-prepare-'));
const place = (name: string) => path.join(scratch, name);

const rooms = (properties: build.JsonRecord) =>
  project('Ed-Fi', [
    resource('Room', { identityJsonPaths: ['$.code'], jsonSchemaForInsert: object(properties, ['code']) }),
  ]);

let database: PostgresDatabase;
const sets = ['--before', place('before'), '--after', place('after')];
const prepare = (...options: readonly string[]) => ran(['upgrade', 'prepare', ...options]);
const on = () => ['--connection', database.url];
const check = (set: string, ...options: readonly string[]) =>
  ran(['check', '--artifacts', place(set), '--dialect', 'pgsql', ...on(), ...options]);

beforeAll(async () => {
  const schemas = { before: rooms({ code: integer() }), after: rooms({ code: integer(), name: string(20) }) };
  for (const [name, schema] of Object.entries(schemas)) {
    writeFileSync(place(`${name}.json`), JSON.stringify(schema));
    expect(await ran(['emit', '--schema', place(`${name}.json`), '--output', place(name), '--quiet'])).toMatchObject({
      code: 0,
    });
  }
  database = await createScratchDatabase();
  expect(await ran(['provision', '--artifacts', place('before'), '--dialect', 'pgsql', ...on()])).toMatchObject({
    code: 0,
  });
});

afterAll(async () => {
  await database.drop();
  rmSync(scratch, { recursive: true, force: true });
});

const column = 'column edfi.Room.Name';

describe('upgrade prepare', () => {
  it('shows its steps with their locks, and makes nothing, in a dry run', async () => {
    const { code, out } = await prepare(...sets, ...on(), '--dry-run');
    expect([code, out.split('\n').slice(0, 4)]).toEqual([
      0,
      [
        'Dry run: nothing was made',
        'To prepare: 1 step',
        '  add columns: edfi.Room (ACCESS EXCLUSIVE; readers and writers wait for a moment)',
        expect.stringMatching(/^In the upgrade: \d+ statements$/),
      ],
    ]);
    expect((await check('before')).out).not.toContain('Prepared');
  });

  it('prepares a database, which check names and does not count as a difference', async () => {
    expect(await prepare(...sets, ...on())).toMatchObject({
      code: 0,
      out: expect.stringContaining('Prepared\nMade: 1 step\n'),
    });
    const { code, out } = await check('before', '--strict');
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^Prepared for an upgrade to [0-9a-f]{12}: 1 object\n {2}column edfi\.Room\.Name$/m),
    ]);
    const { preparation, result } = JSON.parse((await check('before', '--json')).out);
    expect([result, preparation.objects, preparation.broken]).toEqual(['passed', [column], 0]);
  });

  it('finds it made, as JSON', async () => {
    const { code, out } = await prepare(...sets, ...on(), '--json');
    expect([code, JSON.parse(out)]).toMatchObject([0, { outcome: 'prepared', found: 1, steps: [], prepared: 1 }]);
  });

  it('removes it again without artifacts, once', async () => {
    expect(await prepare('--undo', ...on())).toMatchObject({ code: 0, out: `Removed: 1 object\n  ${column}\n` });
    expect(await prepare('--undo', ...on())).toMatchObject({
      code: 0,
      out: 'The database is not prepared; nothing was removed\n',
    });
  });

  it('prepares the databases of a fleet, and takes it back', async () => {
    const fleet = place('fleet.json');
    writeFileSync(place('north.txt'), database.url);
    writeFileSync(
      fleet,
      JSON.stringify({ dialect: 'pgsql', databases: [{ name: 'north', file: place('north.txt') }] }),
    );
    const done = await prepare(...sets, '--fleet', fleet);
    expect([done.code, done.out]).toEqual([0, expect.stringMatching(/^north\s+prepared\s+1 step$/m)]);
    const undone = await prepare('--undo', '--fleet', fleet);
    expect([undone.code, undone.out]).toEqual([0, expect.stringMatching(/^north\s+undone\s+1 object$/m)]);
  });

  it.each([
    ["required option '--before <dir>' not specified", []],
    ["option '--undo' cannot be used with option '--dry-run'", ['--undo', '--dry-run']],
    ['It must be 0 or more', [...sets, '--pause', '-1']],
  ])('is refused as wrong use: %s', async (message, options) => {
    const { code, err } = await prepare(...options, ...on());
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it('is what upgrade apply finds', async () => {
    await prepare(...sets, ...on(), '--quiet');
    const { code, out } = await ran(['upgrade', 'apply', ...sets, ...on()]);
    expect([code, out]).toEqual([0, expect.stringContaining('Prepared before: 1 statement\n')]);
    expect((await check('after')).code).toBe(0);
  });
});
