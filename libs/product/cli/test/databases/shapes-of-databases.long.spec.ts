import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { catalogText } from '@dms/catalog';
import { type Connection, introspect, openDatabase, parseTarget } from '@dms/databases';
import { build, naturalShape } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namedDatabases } from '../named-databases.ts';
import { jsonLines, ran } from '../ran.ts';

/*
 * Every command on a database whose schema dms has another shape than that of the artifacts: refused by name, and nothing
 * changes (design 16 §1.1).
 */

const { integer, object, project, resource } = build;
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-shapes-'));
const place = (name: string) => path.join(scratch, name);
const databases = namedDatabases('first', 'second', 'natural', 'mixed');
const connectionOf = (name: string) => ['--dialect', 'pgsql', ...databases.connection(name)];
const artifacts = (version: string) => ['--artifacts', place(version)];

async function onDatabase<Result>(name: string, work: (session: Connection) => Promise<Result>): Promise<Result> {
  const { target } = parseTarget(databases.url(name), 'pgsql');
  if (target.kind === 'static') throw new Error('unexpected');
  const session = await openDatabase(target);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

const execute = (name: string, statements: readonly string[]) =>
  onDatabase(name, async (session) => {
    for (const statement of statements) await session.execute(statement);
  });

/** The catalog of a database and its documents. */
const contentOf = (name: string) =>
  onDatabase(name, async (session) => ({
    catalog: catalogText((await introspect(session)).catalog),
    documents: await session.query('SELECT * FROM dms."Document"'),
  }));

beforeAll(async () => {
  const room = resource('Room', {
    identityJsonPaths: ['$.code'],
    jsonSchemaForInsert: object({ code: integer() }, ['code']),
  });
  for (const [name, version] of [
    ['v1', '1.0.0'],
    ['v2', '1.0.0'],
    ['v2-natural', '1.0.0'],
    ['v2-later', '2.0.0'],
  ] as const) {
    writeFileSync(place(`${name}.json`), JSON.stringify(project('Ed-Fi', [room], { version })));
    const schemas = ['--schema', place(`${name}.json`), '--mapping-version', name.replace('-later', '')];
    expect(await ran(['emit', ...schemas, '--output', place(name), '--quiet'])).toMatchObject({ code: 0 });
  }
  for (const [name, version] of [
    ['first', 'v1'],
    ['second', 'v2'],
    ['natural', 'v2-natural'],
    ['mixed', 'v2'],
  ] as const)
    expect(await ran(['provision', ...artifacts(version), ...connectionOf(name)])).toMatchObject({ code: 0 });
  await execute('mixed', naturalShape.slice(1, 2));
  writeFileSync(place('rooms.jsonl'), '{"resource":"ed-fi:Room","document":{"code":1}}\n');
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const upgrade = (database: string, version: string, command: string, ...more: readonly string[]) => [
  'upgrade',
  command,
  '--before',
  place(version),
  '--after',
  place('v2-later'),
  ...connectionOf(database),
  ...more,
];

/** Commands that need a database of the artifacts, with the code that refuses a shape and the one for a mixture. */
const commands: readonly (readonly [
  name: string,
  of: (database: string, version: string) => readonly string[],
  other: string,
  mixed: string,
])[] = [
  ['check', (on, of) => ['check', ...artifacts(of), ...connectionOf(on)], 'GATE_OTHER_GENERATION', 'CHECK_SHAPE_MIXED'],
  [
    'check --data --repair',
    (on, of) => ['check', ...artifacts(of), ...connectionOf(on), '--data', '--repair'],
    'GATE_OTHER_GENERATION',
    'CHECK_SHAPE_MIXED',
  ],
  [
    'check --repair-catalog',
    (on, of) => ['check', ...artifacts(of), ...connectionOf(on), '--repair-catalog'],
    'GATE_OTHER_GENERATION',
    'CHECK_SHAPE_MIXED',
  ],
  [
    'provision',
    (on, of) => ['provision', ...artifacts(of), ...connectionOf(on)],
    'PROVISION_OTHER_GENERATION',
    'PROVISION_OTHER_GENERATION',
  ],
  [
    'load',
    (on, of) => ['load', ...artifacts(of), ...connectionOf(on), place('rooms.jsonl')],
    'GATE_OTHER_GENERATION',
    'GATE_OTHER_GENERATION',
  ],
  [
    'load --bulk',
    (on, of) => ['load', ...artifacts(of), ...connectionOf(on), '--bulk', place('rooms.jsonl')],
    'GATE_OTHER_GENERATION',
    'GATE_OTHER_GENERATION',
  ],
  [
    'dump',
    (on, of) => ['dump', ...artifacts(of), ...connectionOf(on), '--output', place('dumped')],
    'GATE_OTHER_GENERATION',
    'GATE_OTHER_GENERATION',
  ],
  [
    'get',
    (on, of) => ['get', 'Room', ...artifacts(of), ...connectionOf(on)],
    'GATE_OTHER_GENERATION',
    'GATE_OTHER_GENERATION',
  ],
];

/** The commands that a generation without documents has. */
const ofCatalogs = commands.filter(([name]) => ['check', 'check --repair-catalog', 'provision'].includes(name));

const ofSecondOnly: typeof commands = [
  ['upgrade apply', (on, of) => upgrade(on, of, 'apply'), 'UPGRADE_OTHER_GENERATION', 'UPGRADE_SHAPE_MIXED'],
  [
    'upgrade apply --dry-run',
    (on, of) => upgrade(on, of, 'apply', '--dry-run'),
    'UPGRADE_OTHER_GENERATION',
    'UPGRADE_SHAPE_MIXED',
  ],
  ['upgrade prepare', (on, of) => upgrade(on, of, 'prepare'), 'UPGRADE_OTHER_GENERATION', 'UPGRADE_SHAPE_MIXED'],
  ['upgrade plan', (on, of) => upgrade(on, of, 'plan'), 'UPGRADE_OTHER_GENERATION', 'UPGRADE_SHAPE_MIXED'],
  [
    'adopt',
    (on, of) => ['adopt', ...artifacts(of), ...connectionOf(on)],
    'UPGRADE_OTHER_GENERATION',
    'UPGRADE_SHAPE_MIXED',
  ],
];

describe('a database of another shape', () => {
  describe.each([
    ['natural', 'v2', 'v2-natural', [...commands, ...ofSecondOnly]],
    ['natural', 'v1', 'v2-natural', commands],
    ['second', 'v1', 'v2', commands],
    ['second', 'v2-natural', 'v2', ofCatalogs],
    ['first', 'v2-natural', 'v1', ofCatalogs],
    ['first', 'v2', 'v1', [...commands, ...ofSecondOnly]],
  ] as const)('%s, with artifacts of %s', (database, version, shape, tried) => {
    it.each(tried)('is refused by %s', async (_name, of, other) => {
      const before = await contentOf(database);
      const { code, err } = await ran(of(database, version));
      expect([code, err]).toEqual([1, expect.stringContaining(other)]);
      expect(err).toContain(`for version ${shape} of the mapping`);
      expect(await contentOf(database)).toEqual(before);
    });
  });

  it.each([...commands, ...ofSecondOnly])('that is mixed is refused by %s', async (_name, of, _other, mixed) => {
    const before = await contentOf('mixed');
    const { code, err } = await ran(of('mixed', 'v2'));
    expect([code, err]).toEqual([1, expect.stringContaining(mixed)]);
    expect(err).toContain('mixed (it has the table dms.ReferentialIdentity, UX_Document_DocumentId_ResourceKeyId on');
    expect(await contentOf('mixed')).toEqual(before);
  });

  it.each([
    ['first', 'v1'],
    ['second', 'v2'],
    ['natural', 'v2-natural'],
    ['mixed', 'mixed'],
  ])('%s is named by status, inspect and doctor', async (database, shape) => {
    const printed = async (...words: readonly string[]) => (await ran([...words, ...connectionOf(database)])).out;
    expect(await printed('upgrade', 'status')).toContain(`Mapping version: ${shape}`);
    expect(await printed('inspect', '--output', place('catalog.json'))).toContain(`Mapping version: ${shape}`);
    expect(await printed('doctor')).toContain(`mapping version ${shape}`);
    for (const words of [['upgrade', 'status'], ['inspect']])
      expect(jsonLines((await ran([...words, ...connectionOf(database), '--json'])).out)).toContainEqual(
        expect.objectContaining({ shape }),
      );
  });
});
