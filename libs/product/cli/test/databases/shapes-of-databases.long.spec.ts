import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Connection, openDatabase, parseTarget } from '@dms/databases';
import { mustExist } from '@dms/model';
import { operations } from '@dms/operations';
import { givenScript, trusted } from '@dms/sql';
import { build, naturalShape } from '@dms/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { namedDatabases } from '../named-databases.ts';
import { jsonLines, ran } from '../ran.ts';

/*
 * Every command on a database whose schema dms has another shape than that of the artifacts, or that cannot have their
 * shape: refused by name, and nothing changes (design 16 §1.1, 22 §1.1).
 */

const { descriptor, integer, object, project, resource } = build;
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-shapes-'));
const place = (name: string) => path.join(scratch, name);

const versions = ['v1', 'v2', 'v2-natural'] as const;
type Version = (typeof versions)[number];

/** The databases, each with the version of its shape. */
const shapes = { first: 'v1', second: 'v2', natural: 'v2-natural', mixed: 'mixed' } as const;
const names = Object.keys(shapes) as readonly (keyof typeof shapes)[];
/** Databases that cannot hold the shape of `v2-natural`, with the code that says so: one of `v2`, and an empty one. */
const unsuitable = { latin: 'DB_ENCODING', old: 'DB_VERSION_UNSUPPORTED' } as const;
const unsuitableNames = Object.keys(unsuitable) as readonly (keyof typeof unsuitable)[];
type DatabaseName = keyof typeof shapes | keyof typeof unsuitable;
const databases = namedDatabases(...names, { name: 'latin', encoding: 'LATIN1' }, 'old');
const sessions = new Map<DatabaseName, Connection>();

const connectionOf = (name: DatabaseName) => ['--dialect', 'pgsql', ...databases.connection(name)];

/** The rows of system catalogs and of core tables, by where they are stored and who wrote them. */
const storedTables = [
  'class',
  'attribute',
  'constraint',
  'index',
  'trigger',
  'proc',
  'namespace',
  'description',
  'rewrite',
]
  .map((name) => `pg_catalog.pg_${name}`)
  .concat('dms."Document"', 'dms."EffectiveSchema"', 'dms."ResourceKey"');

/** A hash of the objects of a database and of its documents; even a row that is written again changes it. */
async function digestOf(name: DatabaseName): Promise<string> {
  const rows = storedTables
    .slice(0, name === 'old' ? -3 : undefined)
    .map((table) => `SELECT tableoid::text || ctid::text || xmin::text AS stored FROM ${table}`)
    .join(' UNION ALL ');
  const [row] = (await mustExist(sessions.get(name), name).query(
    trusted(`SELECT md5(string_agg(stored, ',' ORDER BY stored COLLATE "C")) AS digest FROM (${rows}) AS r`),
  )) as readonly { readonly digest: string }[];
  return mustExist(row, 'the digest').digest;
}

/** Sessions of a database see the version of PostgreSQL 16 from now on. */
function fakeVersion(name: DatabaseName): void {
  const faked = new URL(databases.url(name)).pathname.slice(1);
  // without quotation marks, because statements quote scripts
  const older = (text: string) =>
    text.replaceAll(/(?:pg_catalog\.)?current_setting\('server_version(_num)?'\)/g, (_, isNumber) =>
      isNumber ? '(160009)::text' : '(16.9)::text',
    );
  const query: (asked: string | pg.QueryConfig) => unknown = pg.Client.prototype.query;
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, asked: string | pg.QueryConfig) {
    if (this.database !== faked) return query.call(this, asked);
    return query.call(this, typeof asked === 'string' ? older(asked) : { ...asked, text: older(asked.text) });
  });
}

beforeAll(async () => {
  const room = resource('Room', {
    identityJsonPaths: ['$.code'],
    jsonSchemaForInsert: object({ code: integer() }, ['code']),
  });
  for (const version of versions) {
    for (const [name, number] of [
      [version, '1.0.0'],
      [`${version}-later`, '2.0.0'],
    ] as const) {
      const schema = project('Ed-Fi', [descriptor('ColorDescriptor'), room], { version: number });
      writeFileSync(place(`${name}.json`), JSON.stringify(schema));
      const schemas = ['--schema', place(`${name}.json`), '--mapping-version', version];
      expect(await ran(['emit', ...schemas, '--output', place(name), '--quiet'])).toMatchObject({ code: 0 });
    }
  }
  for (const name of [...names, ...unsuitableNames]) {
    const { target } = parseTarget(databases.url(name), 'pgsql');
    if (target.kind === 'static') throw new Error('unexpected');
    const session = await openDatabase(target);
    sessions.set(name, session);
    if (name === 'old') continue;
    const shape = name === 'latin' ? 'v2' : shapes[name];
    const version = shape === 'mixed' ? 'v2' : shape;
    // provision refuses LATIN1, and the script of v2 does not ask for the encoding
    await session.execute(givenScript(readFileSync(path.join(place(version), 'pgsql.sql'), 'utf8')));
  }
  fakeVersion('old');
  await sessions.get('mixed')?.execute(givenScript(naturalShape[1]));
  writeFileSync(place('rooms.jsonl'), '{"resource":"ed-fi:Room","document":{"code":1}}\n');
  writeFileSync(
    place('colors.json'),
    JSON.stringify({ colorDescriptors: [{ namespace: 'uri://x', codeValue: 'red', shortDescription: 'red' }] }),
  );
});

afterAll(async () => {
  vi.restoreAllMocks();
  for (const session of sessions.values()) await session.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** The codes that refuse another shape and a mixture. */
interface Refusals {
  readonly other: string;
  readonly mixed: string;
}

const byGate: Refusals = { other: 'GATE_OTHER_GENERATION', mixed: 'GATE_OTHER_GENERATION' };
const byCheck: Refusals = { other: 'GATE_OTHER_GENERATION', mixed: 'CHECK_SHAPE_MIXED' };
const byProvision: Refusals = { other: 'PROVISION_OTHER_GENERATION', mixed: 'PROVISION_OTHER_GENERATION' };
const byUpgrade: Refusals = { other: 'UPGRADE_OTHER_GENERATION', mixed: 'UPGRADE_SHAPE_MIXED' };

/** What a refusal advises. */
const wayOut =
  /Use a mapping set of its version|with dms-ddl upgrade\.|or a new database\.|Restore it from a backup, or provision a new one\./;

/** One way to run an operation with the artifacts of a version on a database. */
interface TriedCommand {
  readonly words: string;
  readonly refusals: Refusals;
  readonly arguments: (of: Version, database: DatabaseName) => readonly string[];
  /** Whether the way exists for the artifacts and is refused on the database; by default it is. */
  readonly isRefused?: (of: Version, database: DatabaseName) => boolean;
  /** Whether the database gets the shape of another version. */
  readonly isMove?: boolean;
}

const onSet = (words: string, refusals: Refusals, ...more: readonly string[]): TriedCommand => ({
  words,
  refusals,
  arguments: (of, database) => [...words.split(' '), '--artifacts', place(of), ...connectionOf(database), ...more],
});

const onSets = (words: string, after: (of: Version) => string = (of) => `${of}-later`): TriedCommand => ({
  words,
  refusals: byUpgrade,
  arguments: (of, database) => [
    ...words.split(' '),
    '--before',
    place(of),
    '--after',
    place(after(of)),
    ...connectionOf(database),
  ],
});

const isMoving = (of: Version) => of !== 'v1';

/** A move to the other shape, which a database of that shape already has. */
const moved = (words: string): TriedCommand => ({
  ...onSets(words, (of) => (of === 'v2' ? 'v2-natural' : 'v2')),
  words: `${words} to the other shape`,
  isMove: true,
  isRefused: (of, database) => isMoving(of) && ['first', 'mixed'].includes(database),
});

const databaseOf = (of: Version) =>
  mustExist(
    names.find((name) => shapes[name] === of),
    of,
  );

/** Every way in which an operation works on a database of its artifacts. */
const ways: Readonly<Record<string, readonly TriedCommand[]>> = {
  provision: [
    onSet('provision', byProvision),
    onSet('provision --dry-run', byProvision),
    onSet('provision --if-same skip', byProvision),
  ],
  check: [
    onSet('check', byCheck),
    onSet('check --data --repair', byCheck),
    onSet('check --repair-catalog', byCheck),
    onSet('check --repair-catalog --dry-run', byCheck),
  ],
  doctor: [onSet('doctor', byProvision)],
  adopt: [{ ...onSet('adopt', byUpgrade), isRefused: isMoving }],
  'upgrade plan': [onSets('upgrade plan'), moved('upgrade plan')],
  'upgrade prepare': [onSets('upgrade prepare'), moved('upgrade prepare')],
  'upgrade apply': [onSets('upgrade apply'), onSets('upgrade apply --dry-run'), moved('upgrade apply')],
  'seed-descriptors': [onSet('seed-descriptors', byGate, place('colors.json'))],
  load: [
    onSet('load', byGate, place('rooms.jsonl')),
    onSet('load --bulk', byGate, place('rooms.jsonl')),
    {
      words: 'load --from-database',
      refusals: byGate,
      arguments: (of, database) => [
        ...['load', '--artifacts', place(of), ...connectionOf(databaseOf(of))],
        ...['--from-database-env', databases.variable(database)],
      ],
    },
  ],
  dump: [onSet('dump', byGate, '--output', place('dumped'))],
  changes: [onSet('changes', byGate)],
  get: [onSet('get Room', byGate)],
  'reporting apply': [onSet('reporting apply', byGate)],
  'comments apply': [onSet('comments apply', byGate)],
};

/** Operations that work on databases of every shape, or on databases without a schema set. */
const suitable = ['inspect', 'upgrade status', 'reporting drop', 'read-ods', 'verify'];

it('tries every operation on a database', async () => {
  const all = (await Promise.all(Object.values(operations).map(({ load }) => load()))).flat();
  const onDatabases = all.filter(({ worksOn }) => worksOn.connection !== undefined).map(({ name }) => name);
  expect([...Object.keys(ways), ...suitable].sort()).toEqual(onDatabases.sort());
});

describe('a database of another shape', () => {
  const pairs = names.flatMap((database) =>
    versions.flatMap((of) => (shapes[database] === of ? [] : [{ database, of }])),
  );
  describe.each(pairs)('$database, with artifacts of $of', ({ database, of }) => {
    let given: string;
    beforeAll(async () => {
      given = await digestOf(database);
    });
    const tried = Object.values(ways)
      .flat()
      .filter(({ isRefused }) => isRefused?.(of, database) ?? true);

    it.each(tried)('is refused by $words', async ({ refusals, arguments: words }) => {
      const { code, out, err } = await ran(words(of, database));
      const shape = shapes[database];
      expect([code, out + err]).toEqual([
        1,
        expect.stringContaining(shape === 'mixed' ? refusals.mixed : refusals.other),
      ]);
      expect(err).toContain(
        shape === 'mixed'
          ? 'mixed (it has the table dms.ReferentialIdentity, UX_Document_DocumentId_ResourceKeyId on'
          : `for version ${shape} of the mapping`,
      );
      expect(err).toMatch(wayOut);
      expect(await digestOf(database)).toBe(given);
    });
  });

  describe.each(unsuitableNames)('%s, with artifacts of v2-natural', (database) => {
    let given: string;
    beforeAll(async () => {
      given = await digestOf(database);
    });

    it.each(Object.values(ways).flat())('is refused by $words', async ({ isMove, arguments: words }) => {
      const { code, out, err } = await ran(words(isMove ? 'v2' : 'v2-natural', database));
      expect([code, out + err]).toEqual([1, expect.stringContaining(unsuitable[database])]);
      expect(err).toMatch(/another database|PostgreSQL 17 is the first/);
      expect(await digestOf(database)).toBe(given);
    });
  });

  it('in LATIN1 is above all one of another generation, where no move leads to the artifacts', async () => {
    const words = ['dump', '--artifacts', place('v1'), ...connectionOf('latin'), '--output', place('dumped')];
    const { code, err } = await ran(words);
    expect([code, err]).toEqual([1, expect.stringContaining('GATE_OTHER_GENERATION')]);
    expect(err).not.toContain('UTF8');
  });

  it('in LATIN1 is refused by the script of a move', async () => {
    const given = await digestOf('latin');
    const sets = ['--before', place('v2'), '--after', place('v2-natural')];
    await ran(['upgrade', 'plan', ...sets, '--dialect', 'pgsql', '--output', place('move')]);
    const session = mustExist(sessions.get('latin'), 'latin');
    await expect(
      session.execute(givenScript(readFileSync(path.join(place('move'), 'upgrade.pgsql.sql'), 'utf8'))),
    ).rejects.toThrow('DB_ENCODING: The collation pg_c_utf8 needs PostgreSQL 17 and a UTF8 database');
    await session.rollback();
    expect(await digestOf('latin')).toBe(given);
  });

  it.each(names)('%s is named by status, inspect and doctor', async (database) => {
    const shape = shapes[database];
    const printed = async (...words: readonly string[]) => (await ran([...words, ...connectionOf(database)])).out;
    expect(await printed('upgrade', 'status')).toContain(`Mapping version: ${shape}`);
    expect(await printed('inspect', '--output', place('catalog.json'))).toContain(`Mapping version: ${shape}`);
    expect(await printed('doctor')).toContain(`mapping version ${shape}`);
    for (const words of [['upgrade', 'status'], ['inspect']])
      expect(jsonLines((await ran([...words, ...connectionOf(database), '--json'])).out)).toContainEqual(
        expect.objectContaining({ shape }),
      );
  });

  it('moves in a fleet; members of the other shape stay, and those of no shape are refused', async () => {
    const names = ['second', 'natural', 'mixed', 'first'];
    const listed = names.map((name) => ({ name, env: databases.variable(name) }));
    writeFileSync(place('fleet.json'), JSON.stringify({ databases: listed }));
    const refused = [
      ['first', 'failed', 'UPGRADE_OTHER_GENERATION'],
      ['mixed', 'failed', 'UPGRADE_SHAPE_MIXED'],
    ];
    const way = (from: string, to: string) => ['--before', place(from), '--after', place(to), '--dialect', 'pgsql'];
    const there = way('v2', 'v2-natural');
    /** The names, outcomes and refusals of all members. */
    const run = async (...words: readonly string[]) => {
      const { out } = await ran(['upgrade', ...words, '--fleet', place('fleet.json'), '--json']);
      const members = jsonLines(out).filter(({ type }) => type === 'database');
      return members.map(({ name, outcome, failed, diagnostics }) => [name, outcome, failed && diagnostics[0].code]);
    };
    const all = async (...words: readonly string[]) => (await run(...words)).sort();
    const outcomes = (natural: string, second: string) => [
      ...refused,
      ['natural', natural, false],
      ['second', second, false],
    ];

    expect(await all('plan', ...there)).toEqual(outcomes('already upgraded', 'ready'));
    expect(await all('apply', ...there, '--dry-run')).toEqual(outcomes('already upgraded', 'could be upgraded'));
    expect(await all('prepare', ...there)).toEqual(outcomes('already upgraded', 'prepared'));
    expect(await all('apply', ...there)).toEqual(outcomes('already upgraded', 'upgraded'));
    expect(await all('apply', ...there)).toEqual(outcomes('already upgraded', 'already upgraded'));
    const back = way('v2-natural', 'v2');
    const alone = await ran(['upgrade', 'apply', ...back, ...databases.connection('second'), '--dry-run']);
    expect(alone.out).toContain('\nMapping version: v2-natural → v2\n');
    const printed = await ran(['upgrade', 'apply', ...back, '--fleet', place('fleet.json')]);
    for (const name of ['second', 'natural'])
      expect(printed.out).toMatch(new RegExp(`^${name} +upgraded +v2-natural → v2; `, 'm'));
    const { out } = await ran(['upgrade', 'status', '--dialect', 'pgsql', '--fleet', place('fleet.json')]);
    for (const shape of ['v1', 'v2', 'mixed']) expect(out).toContain(`(${shape}, `);
  });
});
