import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createScratchDatabase, openSession, type PostgresDatabase, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { jsonLines, ran } from '../ran.ts';
import { makeOds, odsOptions } from '../source-ods.ts';

/*
 * load --fleet: pairs of an ODS and the database that gets its documents (design 18 §7). The tests build on each other.
 */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-load-fleet-'));
const place = (name: string) => path.join(scratch, name);
const names = ['north', 'south', 'west'] as const;
type Name = (typeof names)[number];
const databases: PostgresDatabase[] = [];
let session: TestDatabase;
let targets: Readonly<Record<Name, PostgresDatabase>>;
/** The last version of the ODS before anything changes there. */
let last = '';
let documents = 0;

/** Two pairs read the same ODS; the ODS of the south is a database without tables at first. */
const variableOf = (name: Name, kind: 'DB' | 'ODS') => `DMS_LOAD_FLEET_${name.toUpperCase()}_${kind}`;
const sources = {
  north: { env: variableOf('north', 'ODS') },
  south: { env: variableOf('south', 'ODS') },
  west: { file: 'west-ods.txt' },
} as const;

function writeFleet(file: string, more: Partial<Record<Name, object | undefined>> = {}): string {
  const entries = names.map((name) => {
    const ods = name in more ? more[name] && { ...sources[name], ...more[name] } : sources[name];
    return { name, env: variableOf(name, 'DB'), ...(ods === undefined ? {} : { ods }) };
  });
  writeFileSync(place(file), JSON.stringify({ databases: entries }));
  return place(file);
}

const load = (fleet: string, ...options: readonly string[]) =>
  ran(['load', ...odsOptions, '--fleet', fleet, ...options]);
const ends = (out: string): Readonly<Record<string, ReturnType<typeof JSON.parse>>> =>
  Object.fromEntries(
    jsonLines(out)
      .filter(({ type }) => type === 'database')
      .map((each) => [each.name, each]),
  );

async function counted(target: Pick<PostgresDatabase, 'url'>, rows: string): Promise<number> {
  const other = await openSession(target.url);
  try {
    return Number((await other.query<{ found: string }>(`SELECT count(*)::text AS found FROM ${rows}`))[0]?.found);
  } finally {
    await other.close();
  }
}
const documentsIn = (name: Name) => counted(targets[name], 'dms."Document"');

beforeAll(async () => {
  const made = async () => {
    const database = await createScratchDatabase();
    databases.push(database);
    return database;
  };
  const ods = await makeOds(place, 'v2', ['--change-columns']);
  databases.push(ods);
  const empty = await made();
  session = await openSession(ods.url);
  documents = await counted(ods, 'dms."Document"');
  targets = { north: await made(), south: await made(), west: await made() };
  for (const name of names) vi.stubEnv(variableOf(name, 'DB'), targets[name].url);
  vi.stubEnv(variableOf('north', 'ODS'), ods.url);
  vi.stubEnv(variableOf('south', 'ODS'), empty.url);
  writeFileSync(place('west-ods.txt'), ods.url);
  chmodSync(place('west-ods.txt'), 0o600);
  const fleet = writeFleet('fleet.json');
  const provisioned = await ran(['provision', '--artifacts', place('out'), '--fleet', fleet]);
  expect(provisioned.code, provisioned.err).toBe(0);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await session.close();
  for (const database of databases) await database.drop();
  rmSync(scratch, { recursive: true, force: true });
});

describe('a fleet of pairs', () => {
  it('is not loaded where an entry names no ODS, unless others are selected', async () => {
    const fleet = writeFleet('missing.json', { west: undefined });
    const { code, out, err } = await load(fleet);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^error FLEET_ODS_MISSING .*missing\.json: the database west names no ODS to load documents from\. Add "ods"/,
    );
    expect(await documentsIn('north')).toBe(0);
    const { out: selected } = await load(fleet, '--only', 'south', '--json');
    expect(ends(selected)).toMatchObject({ south: { outcome: 'failed' } });
  });

  it.each([
    [['--bulk'], 'cannot be used with --bulk'],
    [['--on-existing', 'skip'], 'cannot be used with --on-existing skip'],
  ])('refuses versions of entries with %j', async (options, message) => {
    const { code, out, err } = await load(writeFleet('versions.json', { north: { since: '1' } }), ...options);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(`/databases/0/ods/since ${message}`);
  });

  it('loads each pair, of which one with a wrong source fails alone', async () => {
    const { code, out, err } = await load(
      place('fleet.json'),
      '--keep-ids',
      '--verify',
      '--rejects',
      place('rejects'),
      '--json',
    );
    expect(code).toBe(1);
    const { north, south, west } = ends(out);
    expect(south).toMatchObject({
      outcome: 'failed',
      failed: true,
      diagnostics: [{ code: 'ODS_TABLE_MISSING' }, { code: 'ODS_TABLE_MISSING' }],
    });
    for (const each of [north, west]) {
      expect(each).toMatchObject({ outcome: 'loaded', failed: false, total: { inserted: documents, rejected: 0 } });
      expect(each.comparison).toMatchObject({ differences: [], tables: expect.any(Number) });
      expect(each.comparison.tables).toBeGreaterThan(20);
    }
    last = north.reading.lastVersion;
    expect(last).toMatch(/^[0-9]+$/);
    expect(await Promise.all(names.map(documentsIn))).toEqual([documents, 0, documents]);
    expect(jsonLines(out).at(-1)).toMatchObject({ type: 'result', command: 'load', databases: 3, failed: 1 });
    expect(err).toContain('FLEET_FAILED');
    expect(existsSync(place('rejects'))).toBe(false);
    expect(`${out}${err}`).not.toContain(new URL(targets.north.url).password || '\0');
  });

  it('loads what is missing when it runs again, and shows it in a table', async () => {
    vi.stubEnv(variableOf('south', 'ODS'), process.env[variableOf('north', 'ODS')] ?? '');
    const { code, out, err } = await load(place('fleet.json'), '--keep-ids', '--verify', '--bulk');
    expect(code, err).toBe(0);
    const rest = `rejected; verified \\([0-9]+ tables, 0 different\\); version ${last}`;
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^north {2}unchanged {2}0 documents written; 0 ${rest}$`)),
      expect.stringMatching(new RegExp(`^south {2}loaded {5}${documents} documents written; 0 ${rest}$`)),
      expect.stringMatching(new RegExp(`^west {3}unchanged {2}0 documents written; 0 ${rest}$`)),
      '3 databases: 1 loaded, 2 unchanged',
    ]);
    expect(await documentsIn('south')).toBe(documents);
  });

  it('reads what has changed after the version of each entry, or of the option, which must not be too late', async () => {
    const next = String(BigInt(last) + 1n);
    await session.exec(`UPDATE edfi_src.student SET firstname = 'Changed', changeversion = ${next}
WHERE studentusi = (SELECT min(studentusi) FROM edfi_src.student)`);
    const fleet = writeFleet('since.json', { north: { since: 'last' } });
    const { code, out } = await load(fleet, '--since', next, '--keep-ids', '--json');
    expect(code).toBe(1);
    const all = ends(out);
    expect(all.north).toMatchObject({ outcome: 'loaded', total: { replaced: 1 }, reading: { lastVersion: next } });
    // they have the documents of the ODS before the change
    for (const name of ['south', 'west'] as const)
      expect(all[name]).toMatchObject({ outcome: 'failed', diagnostics: [{ code: 'ODS_VERSION_SKIPPED' }] });
    const changed = `edfi."Student" WHERE "FirstName" = 'Changed'`;
    expect(await Promise.all(names.map((name) => counted(targets[name], changed)))).toEqual([1, 0, 0]);
  });

  it('is found by variables, which also hold the versions', async () => {
    const variables = (kind: string) => `DMS_LOAD_FLEET_{name}_${kind}`;
    writeFileSync(
      place('variables.json'),
      JSON.stringify({ env: variables('DB'), ods: { env: variables('ODS'), sinceEnv: variables('SINCE') } }),
    );
    const missing = await load(place('variables.json'));
    expect([missing.code, missing.out]).toEqual([1, '']);
    expect(missing.err).toMatch(
      /^error FLEET_ODS_MISSING .*the database WEST names no ODS to load documents from\. Set the variable DMS_LOAD_FLEET_WEST_ODS, or/,
    );
    vi.stubEnv('DMS_LOAD_FLEET_SOUTH_SINCE', last);
    const bulk = await load(place('variables.json'), '--only', 'NORTH', 'SOUTH', '--bulk');
    expect(bulk.err).toContain('the variable DMS_LOAD_FLEET_SOUTH_SINCE cannot be used with --bulk');
    const { code, out, err } = await load(place('variables.json'), '--only', 'NORTH', 'SOUTH', '--keep-ids', '--json');
    expect(code, err).toBe(0);
    const { NORTH: north, SOUTH: south } = ends(out);
    // the north reads all documents, the south only the changed one
    expect(north).toMatchObject({ outcome: 'unchanged', total: { inserted: 0, replaced: 0 } });
    expect(north.total.unchanged + north.total.skipped).toBe(documents);
    expect(south).toMatchObject({ outcome: 'loaded', total: { unchanged: 0, skipped: 0, replaced: 1 } });
  });

  it('has differences and rejects by pair', async () => {
    await session.exec('UPDATE edfi_src.staff SET firstname = NULL');
    const options = ['--only', 'north', 'west', '--continue', '--verify', '--rejects', place('rejects'), '--json'];
    const { code, out } = await load(place('fleet.json'), ...options);
    await session.exec(`UPDATE edfi_src.staff SET firstname = 'A'`);
    expect(code).toBe(1);
    const { north, west } = ends(out);
    const rejected = north.total.rejected;
    expect(rejected).toBeGreaterThan(0);
    const differing = (end: typeof north) =>
      end.comparison.differences.map(({ table }: { readonly table: string }) => table);
    expect(north).toMatchObject({ outcome: 'loaded in part', failed: true, total: { inserted: 0 } });
    expect(differing(north)).toEqual(['edfi.Staff']);
    // the west does not have the last change either
    expect(differing(west)).toEqual(['edfi.Staff', 'edfi.Student']);
    expect(readdirSync(place('rejects')).sort()).toEqual(['north.jsonl', 'west.jsonl']);
    const lines = readFileSync(place('rejects/north.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(rejected);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ resource: 'Ed-Fi:Staff', table: 'edfi.Staff' });
  });
});

it.each<[string, readonly string[], string]>([
  [
    'a fleet and files',
    ['load', 'x.jsonl', '--fleet', 'f'],
    "name one source, not both 'x.jsonl' and '--fleet <file>'",
  ],
  [
    'a fleet and an ODS',
    ['load', '--fleet', 'f', '--from-ods', 'x'],
    "'--fleet <file>' cannot be used with option '--from-ods <text>'",
  ],
  [
    '--since in bulk',
    ['load', '--fleet', 'f', '--since', '1', '--bulk'],
    "option '--since <version>' cannot be used with option '--bulk'",
  ],
  [
    '--since below zero',
    ['load', '--fleet', 'f', '--since', '-1'],
    "'--since <version>' argument '-1' is invalid. It must be a version, a whole number, or 'last'.",
  ],
  ['--only alone', ['load', 'x.jsonl', '--only', 'a'], "option '--only <name...>' needs '--fleet <file>'"],
])('%s is wrong use', async (_, args, text) => {
  const { code, err } = await ran([...args, '--artifacts', 'out']);
  expect([code, err]).toEqual([2, expect.stringContaining(text)]);
});
