import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findDatabase } from '@dms/databases';
import { createScratchDatabase, openSession, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { odsDialectOf } from '../database-documents/ods-source.ts';
import { parseFleet } from './check-fleet.ts';
import { fleetDatabases, selectDatabases } from './fleet-databases.ts';
import { readFleet } from './work-on-fleet.ts';

/* The databases of a fleet from a list, from variables and from the rows of a query (design 18 §1). */

const folder = mkdtempSync(path.join(tmpdir(), 'dms-fleet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fleetOf(content: unknown) {
  const { fleet, diagnostics } = parseFleet(Buffer.from(JSON.stringify(content)), 'fleet.json');
  if (fleet === null) throw new Error(JSON.stringify(diagnostics));
  return fleet;
}

const databasesOf = (content: unknown, environment: Readonly<Record<string, string>> = {}) =>
  fleetDatabases(fleetOf(content), { environment, folder });

const summary = (databases: Awaited<ReturnType<typeof fleetDatabases>>) =>
  databases.map(({ name, labels }) => [name, labels]);

describe('a list', () => {
  it('keeps its order, and its connections are looked up where it says', async () => {
    const databases = await databasesOf(
      {
        databases: [
          { name: 'south', labels: { year: '2026' }, env: 'SOUTH' },
          { name: 'north', target: 'postgres://app@h/north' },
        ],
      },
      { SOUTH: 'postgres://app:secret7@h:6000/d' },
    );
    expect(summary(databases)).toEqual([
      ['south', { year: '2026' }],
      ['north', {}],
    ]);
    const targets = databases.map(({ place }) => findDatabase(place, 'check').target);
    expect(targets).toMatchObject([
      { host: 'h', port: 6000, database: 'd' },
      { host: 'h', port: 5432, database: 'north' },
    ]);
    expect(JSON.stringify(targets)).not.toContain('secret7');
  });

  it('names the ODS of a database, and looks its connection up in the same way', async () => {
    const ods = { env: 'ODS', since: '900000000000000001' };
    const [north, south] = await databasesOf(
      {
        databases: [
          { name: 'north', env: 'NORTH', ods },
          { name: 'south', env: 'SOUTH' },
        ],
      },
      { ODS: 'mssql://app:secret7@h/EdFi' },
    );
    expect(south?.ods).toBeUndefined();
    expect(north?.ods?.since).toEqual({ version: 900000000000000001n, origin: '/databases/0/ods/since' });
    const place = north?.ods?.place;
    if (place === undefined) throw new Error('The database has no ODS.');
    expect(odsDialectOf(place)).toBe('mssql');
    const { target } = findDatabase({ ...place, dialect: 'mssql' }, 'check');
    expect(target).toMatchObject({ host: 'h', database: 'EdFi' });
  });

  it('may hold no password: the file is refused, with the place of each one', () => {
    const databases = [
      { name: 'a', target: 'postgres://app:secret7@h/a' },
      { name: 'b', target: 'postgres://app@h/b' },
      { name: 'c', env: 'Server=h;Database=c;Password=secret8' },
      { name: 'd', env: 'D', ods: { target: 'postgres://app:secret9@h/d' } },
    ];
    const { diagnostics } = parseFleet(Buffer.from(JSON.stringify({ databases })), 'fleet.json');
    expect(diagnostics.map(({ code, where, message }) => [code, where.path, message])).toEqual([
      ['DB_SECRET_IN_PROJECT_FILE', '/databases/0/target', expect.stringMatching(/ name it in databases\.0\.env\.$/)],
      ['DB_SECRET_IN_PROJECT_FILE', '/databases/2/env', expect.stringMatching(/ name it in databases\.2\.env\.$/)],
      [
        'DB_SECRET_IN_PROJECT_FILE',
        '/databases/3/ods/target',
        expect.stringMatching(/ name it in databases\.3\.ods\.env\.$/),
      ],
    ]);
    expect(JSON.stringify(diagnostics)).not.toMatch(/secret[78]/);
  });

  it('that is empty is refused', async () => {
    await expect(databasesOf({ databases: [] })).rejects.toThrow(/FLEET_EMPTY: The fleet has no databases/);
  });
});

describe('variables', () => {
  it('are databases by what stands in place of the labels, sorted by name', async () => {
    const environment = {
      DISTRICT_SOUTH_2026_DB: 'postgres://h/s',
      DISTRICT_NEW_YORK_2026_DB: 'postgres://h/n',
      DISTRICT_2026_DB: 'postgres://h/x',
      OTHER_SOUTH_2026_DB: 'postgres://h/o',
    };
    const databases = await databasesOf({ env: 'DISTRICT_{district}_{year}_DB' }, environment);
    expect(summary(databases)).toEqual([
      ['NEW_YORK-2026', { district: 'NEW_YORK', year: '2026' }],
      ['SOUTH-2026', { district: 'SOUTH', year: '2026' }],
    ]);
    expect(findDatabase(databases[1]!.place, 'check').target).toMatchObject({ database: 's' });
  });

  const pairs = {
    env: 'DISTRICT_{district}_{year}_DB',
    ods: { env: 'ODS_{year}_{district}', sinceEnv: 'SINCE_{district}_{year}' },
  };

  it('lead to those of their ODSs, and to the versions after which to read', async () => {
    const environment = {
      DISTRICT_NORTH_2026_DB: 'postgres://h/n',
      DISTRICT_SOUTH_2026_DB: 'postgres://h/s',
      DISTRICT_WEST_2026_DB: 'postgres://h/w',
      ODS_2026_NORTH: 'mssql://h/ods_n',
      ODS_2026_SOUTH: 'postgres://h/ods_s',
      SINCE_NORTH_2026: '313',
      SINCE_SOUTH_2026: '',
    };
    const [north, south, west] = await databasesOf(pairs, environment);
    expect(findDatabase({ ...north!.ods!.place, dialect: 'mssql' }, 'check').target).toMatchObject({
      database: 'ods_n',
    });
    expect([north, south].map((database) => database?.ods?.since)).toEqual([
      { version: 313n, origin: 'the variable SINCE_NORTH_2026' },
      undefined,
    ]);
    expect([west?.ods, west?.odsAdvice]).toEqual([undefined, 'Set the variable ODS_2026_WEST']);
  });

  it('of their ODSs and versions are not taken for databases', async () => {
    const environment = {
      DB_NORTH: 'postgres://h/n',
      DB_NORTH_ODS: 'postgres://h/o',
      DB_NORTH_SINCE: '1',
      DB_SOUTH: 'postgres://h/s',
    };
    const fleet = { env: 'DB_{district}', ods: { env: 'DB_{district}_ODS', sinceEnv: 'DB_{district}_SINCE' } };
    expect(summary(await databasesOf(fleet, environment)).map(([name]) => name)).toEqual(['NORTH', 'SOUTH']);
  });

  it('have names without letter case on Windows', async () => {
    const environment = {
      District_North_2026_Db: 'postgres://h/n',
      ods_2026_north: 'postgres://h/ods_n',
      Since_NORTH_2026: '313',
      db_South: 'postgres://h/s',
      DB_South_ods: 'postgres://h/o',
    };
    const onPlatform = (value: string) => vi.stubGlobal('process', Object.create(process, { platform: { value } }));
    try {
      onPlatform('linux');
      await expect(databasesOf(pairs, environment)).rejects.toThrow('FLEET_EMPTY');
      onPlatform('win32');
      const [north] = await databasesOf(pairs, environment);
      expect(north).toMatchObject({ name: 'North-2026', labels: { district: 'North', year: '2026' } });
      expect(findDatabase(north!.place, 'check').target).toMatchObject({ database: 'n' });
      expect(findDatabase({ ...north!.ods!.place, dialect: 'pgsql' }, 'check').target).toMatchObject({
        database: 'ods_n',
      });
      expect(north?.ods?.since).toMatchObject({ version: 313n });
      const fleet = { env: 'DB_{district}', ods: { env: 'DB_{district}_ODS' } };
      expect(summary(await databasesOf(fleet, environment)).map(([name]) => name)).toEqual(['South']);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('of versions hold digits', async () => {
    const environment = { DISTRICT_A_1_DB: 'x', ODS_1_A: 'y', SINCE_A_1: '3.5' };
    await expect(databasesOf(pairs, environment)).rejects.toThrow(
      /FLEET_ENTRY_INVALID: fleet\.json: the variable SINCE_A_1 gives the version "3\.5" of an ODS; expected up to 18 digits/,
    );
  });

  it('that give one name twice are refused', async () => {
    const environment = { 'DB_a-b_c': 'x', 'DB_a_b-c': 'y' };
    await expect(databasesOf({ env: 'DB_{x}_{y}' }, environment)).rejects.toThrow(
      /FLEET_ENTRY_INVALID: .* gives the name "a-b-c", which is also the name of the variable /,
    );
  });
});

describe('a query', () => {
  let catalog: PostgresDatabase;
  beforeAll(async () => {
    catalog = await createScratchDatabase();
    const session = await openSession(catalog.url);
    await session.exec(`CREATE TABLE district (name text, db text, year int, note text);
      INSERT INTO district VALUES ('south', 'ods_south', 2026, NULL), ('north', NULL, 2025, 'x y')`);
    await session.close();
  });
  afterAll(() => catalog?.drop());

  const query = (sql: string, server?: unknown, odsServer?: unknown) => ({
    query: {
      sql,
      catalog: { env: 'CATALOG' },
      ...(server === undefined ? {} : { server }),
      ...(odsServer === undefined ? {} : { odsServer }),
    },
  });
  const environment = () => ({ CATALOG: catalog.url, SERVER: 'postgres://app@other.example.org/postgres' });

  it('has a database per row, on the server of the catalog or on another one', async () => {
    const sql = 'SELECT name, db AS database, year, note FROM district ORDER BY name';
    const databases = await databasesOf(query(sql), environment());
    expect(summary(databases)).toEqual([
      ['north', { year: '2025', note: 'x y' }],
      ['south', { year: '2026' }],
    ]);
    const { hostname } = new URL(catalog.url);
    expect(databases.map(({ place }) => findDatabase(place, 'check').target)).toMatchObject([
      { host: hostname, database: 'north' },
      { host: hostname, database: 'ods_south' },
    ]);
    const [elsewhere] = await databasesOf(query(sql, { env: 'SERVER' }), environment());
    expect(findDatabase(elsewhere!.place, 'check').target).toMatchObject({
      host: 'other.example.org',
      database: 'north',
    });
  });

  it('names the ODS of each database, on the server of the databases or on another one', async () => {
    const sql =
      'SELECT name, db AS ods, CASE WHEN db IS NULL THEN NULL ELSE 313 END AS since FROM district ORDER BY name';
    const [north, south] = await databasesOf(query(sql, { env: 'SERVER' }), environment());
    expect([north?.ods, north?.labels, south?.labels]).toEqual([undefined, {}, {}]);
    expect(south?.ods?.since).toEqual({ version: 313n, origin: '"since" of row 2 of the query' });
    const odsOf = (place = south?.ods?.place) => findDatabase({ ...place!, dialect: 'pgsql' }, 'check').target;
    expect(odsOf()).toMatchObject({ host: 'other.example.org', database: 'ods_south' });
    const [, elsewhere] = await databasesOf(
      query(sql, { env: 'SERVER' }, { target: 'postgres://app@third/x' }),
      environment(),
    );
    expect(odsOf(elsewhere?.ods?.place)).toMatchObject({ host: 'third', database: 'ods_south' });
    expect(findDatabase(elsewhere!.place, 'check').target).toMatchObject({
      host: 'other.example.org',
      database: 'south',
    });
  });

  it.each([
    [
      "UPDATE district SET note = 'changed' RETURNING name",
      /read-only transaction \(25006\)\. This transaction only reads/,
    ],
    ["COMMIT; UPDATE district SET note = 'changed' RETURNING name", /multiple commands/],
    ['SELECT name FROM district; SET ROLE NONE', /multiple commands/],
  ])('changes nothing: %s', async (sql, message) => {
    await expect(databasesOf(query(sql), environment())).rejects.toThrow(message);
    const session = await openSession(catalog.url);
    expect(await session.query("SELECT count(*)::int4 AS n FROM district WHERE note = 'changed'")).toEqual([{ n: 0 }]);
    await session.close();
  });

  it.each([
    ["SELECT 'a:b' AS name", /FLEET_ENTRY_INVALID: fleet\.json: row 1 of the query gives the name "a:b"/],
    [
      "SELECT 'a:b' AS name UNION ALL SELECT 'c:d' UNION ALL SELECT 'e:f'",
      /^FLEET_ENTRY_INVALID: fleet\.json: row 1 of .* The same mistake is in row 2 of the query and row 3 of the query\.$/,
    ],
    [
      'SELECT year FROM district',
      /FLEET_ENTRY_INVALID: fleet\.json: row 1 of the query gives no name; add a column "name" to the query, with a name of letters/,
    ],
    [
      "SELECT 'a' AS name, 'o' AS ods, 'x' AS since",
      /FLEET_ENTRY_INVALID: .*"since" of row 1 of the query gives the version "x" of an ODS;/,
    ],
    [
      "SELECT 'a' AS name, 3 AS since",
      /FLEET_ENTRY_INVALID: .*"since" of row 1 of the query gives the version of an ODS, but names no ODS\./,
    ],
    ['SELECT name FROM nowhere', /DB_SQL/],
    ['SELECT name FROM district WHERE false', /FLEET_EMPTY/],
  ])('%s is refused', async (sql, message) => {
    await expect(databasesOf(query(sql), environment())).rejects.toThrow(message);
  });
});

describe('--only', () => {
  const databases = ['north-2025', 'south-2025', 'north-2026'].map((name) => {
    const [district = '', year = ''] = name.split('-');
    return {
      name,
      labels: { district, year },
      place: { dialect: 'pgsql', sources: {}, environment: {}, folder },
      odsAdvice: '',
    } as const;
  });
  const selected = (...only: string[]) => selectDatabases(databases, only).map(({ name }) => name);

  it('takes names and labels, each of which adds databases, in the order of the fleet', () => {
    expect(selected()).toEqual(['north-2025', 'south-2025', 'north-2026']);
    expect(selected('year=2025')).toEqual(['north-2025', 'south-2025']);
    expect(selected('north-2026', 'district=south')).toEqual(['south-2025', 'north-2026']);
  });

  it('that selects nothing is refused, with what may have been meant', () => {
    expect(() => selected('north-2025', 'nort-2026', 'year=2027')).toThrow(
      /FLEET_SELECTION_EMPTY: .*"nort-2026"; did you mean "north-2026" or .*\nFLEET_SELECTION_EMPTY: .*"year=2027"; did you mean "year=2025"/,
    );
  });
});

describe('a file', () => {
  const write = (name: string, content: unknown) => {
    const file = path.join(folder, name);
    writeFileSync(file, JSON.stringify(content));
    return file;
  };

  it('is a fleet, or a dms.json that holds or names one', async () => {
    const databases = [{ name: 'a', env: 'A' }];
    const fleet = write('fleet.json', { databases });
    for (const file of [
      fleet,
      write('dms-inline.json', { schemas: ['x'], databases: { fleet: databases } }),
      write('dms-file.json', { schemas: ['x'], databases: { fleet: 'fleet.json' } }),
    ]) {
      const read = await readFleet(file);
      expect([read.folder, read.fleet.list]).toEqual([
        folder,
        { kind: 'listed', databases: [{ name: 'a', labels: {}, place: { env: 'A' } }] },
      ]);
    }
  });

  it.each([
    [{ schemas: ['x'] }, /CONFIG_INVALID: \/databases\/fleet is missing/],
    [{ schemas: ['x'], databases: { fleet: [{ name: 'a' }] } }, /CONFIG_INVALID: \/databases\/fleet\/0 must be/],
    [{ databases: 3 }, /CONFIG_INVALID: \/databases must be a list of databases/],
  ])('%j is refused', async (content, message) => {
    await expect(readFleet(write('wrong.json', content))).rejects.toThrow(message);
  });
});
