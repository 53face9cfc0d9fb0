import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, createScratchDatabase, type PostgresDatabase } from '@dms/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ran } from '../ran.ts';

const { integer, object, project, resource, string } = build;
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-upgrade-status-'));
const place = (name: string) => path.join(scratch, name);

const rooms = (properties: build.JsonRecord) =>
  project('Ed-Fi', [
    resource('Room', { identityJsonPaths: ['$.code'], jsonSchemaForInsert: object(properties, ['code']) }),
  ]);

const time = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
const databases = new Map<string, PostgresDatabase>();
/** The address of a database; the database of the west does not exist. */
const targetOf = (name: string) => databases.get(name)?.url ?? `pglite:${place(name)}`;
const connectionOf = (name: string) => ['--connection', targetOf(name)];
const sets = ['--before', place('before'), '--after', place('after')];
const hashes: Record<string, string> = {};

const status = (...options: readonly string[]) => ran(['upgrade', 'status', ...options]);

beforeAll(async () => {
  const schemas = { before: rooms({ code: integer() }), after: rooms({ code: integer(), name: string(20) }) };
  for (const [name, schema] of Object.entries(schemas)) {
    writeFileSync(place(`${name}.json`), JSON.stringify(schema));
    expect(await ran(['emit', '--schema', place(`${name}.json`), '--output', place(name), '--quiet'])).toMatchObject({
      code: 0,
    });
    hashes[name] = JSON.parse(
      (await ran(['hash', '--schema', place(`${name}.json`), '--json'])).out,
    ).effectiveSchemaHash;
  }
  for (const name of ['north', 'south']) {
    databases.set(name, await createScratchDatabase());
    expect(
      await ran(['provision', '--artifacts', place('before'), '--dialect', 'pgsql', ...connectionOf(name)]),
    ).toMatchObject({ code: 0 });
  }
  expect(await ran(['upgrade', 'apply', ...sets, '--dialect', 'pgsql', ...connectionOf('south')])).toMatchObject({
    code: 0,
  });
});

afterAll(async () => {
  for (const database of databases.values()) await database.drop();
  rmSync(scratch, { recursive: true, force: true });
});

afterEach(() => vi.unstubAllEnvs());

describe('upgrade status', () => {
  it('shows which schema set a database has, and since when', async () => {
    const { code, out } = await status('--dialect', 'pgsql', ...connectionOf('north'));
    expect([code, out.split('\n')]).toEqual([
      0,
      [
        'Schema set: Ed-Fi 1.0.0',
        `Effective schema hash: ${hashes.before}`,
        'Mapping version: v1',
        expect.stringMatching(/^Since: \d{4}-/),
        'Plan: none is recorded',
        '',
      ],
    ]);
  });

  it('names the plan of an upgrade and the earlier history, also with --quiet', async () => {
    const planned = await ran(['upgrade', 'plan', ...sets, '--output', place('plan'), '--dialect', 'pgsql', '--json']);
    const plan = JSON.parse(planned.out).plans[0].planHash;
    const { code, out } = await status('--dialect', 'pgsql', ...connectionOf('south'), '--json', '--quiet');
    expect([code, JSON.parse(out)]).toEqual([
      0,
      {
        type: 'result',
        command: 'upgrade status',
        dialect: 'pgsql',
        effectiveSchemaHash: hashes.after,
        projects: ['Ed-Fi 1.0.0'],
        shape: 'v1',
        maker: 'unknown',
        since: time,
        plan,
        history: [
          {
            kind: 'upgraded',
            time,
            from: hashes.before,
            to: hashes.after,
            plan,
            verdict: 'free',
            invalid: '',
            projects: 'Ed-Fi 1.0.0',
          },
          { kind: 'began', time, to: hashes.before, projects: 'Ed-Fi 1.0.0' },
        ],
      },
    ]);
  });

  it('fails for a database that does not exist', async () => {
    const { code, err } = await status('--dialect', 'pgsql', ...connectionOf('west'));
    expect([code, err]).toEqual([1, expect.stringContaining('DB_NO_DATABASE')]);
  });

  it.each([
    [['--dialect', 'pgsql'], 'name a database with one of the options'],
    [['--connection', 'what'], "required option '--dialect <name>' not specified"],
    [['--dialect', 'pgsql', ...connectionOf('north'), '--only', 'x'], "needs '--fleet <file>'"],
  ])('refuses wrong use: %j', async (options, text) => {
    const { code, err } = await status(...options);
    expect([code, err]).toEqual([2, expect.stringContaining(text)]);
  });

  it('groups the databases of a fleet by schema set', async () => {
    for (const name of ['north', 'south']) vi.stubEnv(`STATUS_${name}`, targetOf(name));
    const entries = [
      ...['north', 'south'].map((name) => ({ name, env: `STATUS_${name}` })),
      { name: 'west', target: targetOf('west') },
    ];
    writeFileSync(place('fleet.json'), JSON.stringify({ databases: entries }));
    const { code, out } = await status('--fleet', place('fleet.json'), '--concurrency', '1', '--json');
    const objects = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([code, objects.map(({ type, name, outcome }) => [type, name, outcome])]).toEqual([
      1,
      [
        ['database', 'north', 'provisioned'],
        ['database', 'south', 'upgraded'],
        ['database', 'west', 'failed'],
        ['result', undefined, undefined],
      ],
    ]);
    expect(objects[1]).toMatchObject({
      effectiveSchemaHash: hashes.after,
      since: time,
      history: [{ kind: 'upgraded' }, {}],
    });
    const each = Object.entries({ north: hashes.before, south: hashes.after }).map(([name, effectiveSchemaHash]) => ({
      effectiveSchemaHash,
      projects: ['Ed-Fi 1.0.0'],
      shape: 'v1',
      databases: [name],
    }));
    expect(objects[3].sets).toEqual(
      each.sort((a, b) => ((a.effectiveSchemaHash ?? '') < (b.effectiveSchemaHash ?? '') ? -1 : 1)),
    );
  });
});
