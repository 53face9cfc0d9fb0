import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSession, ownSchemaFile, serverUrl, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/* The commands that take a fleet, on databases of a server, on the command line (design 18). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-fleet-commands-'));
const place = (name: string) => path.join(scratch, name);
const prefix = `dms_fleet_${process.pid}_`;
const role = `dms_fleet_${process.pid}`;
const artifacts = place('released');
const later = place('out');
let server: URL;
let administrator: TestDatabase;

function urlOf(database: string): URL {
  const url = new URL(server);
  url.pathname = `/${prefix}${database}`;
  return url;
}

/** The environment variable of a name. */
const variableOf = (name: string) => `DMS_FLEET_${name.replaceAll('-', '_').toUpperCase()}`;

/** Writes a fleet of databases of the server, each with labels from its name. */
function writeFleet(file: string, names: readonly string[]): string {
  const databases = names.map((name) => {
    const [district = '', year = ''] = name.split('-');
    vi.stubEnv(variableOf(name), urlOf(name).href);
    return { name, labels: { district, year }, env: variableOf(name) };
  });
  writeFileSync(place(file), JSON.stringify({ databases }));
  return place(file);
}

async function sql(database: string, text: string): Promise<TestDatabase> {
  const session = await openSession(urlOf(database).href);
  await session.exec(text);
  return session;
}

const outcomes = (out: string) =>
  Object.fromEntries(
    jsonLines(out)
      .filter(({ type }) => type === 'database')
      .map(({ name, outcome }) => [name, outcome]),
  );
const codes = (out: string) =>
  Object.fromEntries(
    jsonLines(out)
      .filter(({ type, failed }) => type === 'database' && failed)
      .map(({ name, diagnostics }) => [name, diagnostics[0].code]),
  );
/** Runs a command with `--json`. */
const asked = (args: readonly string[]) => ran([...args, '--json']);
const summary = (out: string) => jsonLines(out).find(({ type }) => type === 'result');

const four = ['north-2025', 'south-2025', 'north-2026', 'south-2026'];

beforeAll(async () => {
  server = new URL(await serverUrl());
  administrator = await openSession(server.href);
  const campus = ['--schema', ownSchemaFile('campus')];
  const released = path.join(import.meta.dirname, '../../../../../fixtures/released/athletics-0.8.0.json');
  for (const [folder, athletics] of [
    [artifacts, released],
    [later, ownSchemaFile('athletics')],
  ] as const)
    expect(
      await ran(['emit', ...campus, '--schema', athletics, '--dialect', 'pgsql', '--output', folder]),
    ).toMatchObject({
      code: 0,
    });
  const fleet = writeFleet('fleet.json', four);
  const { code, out } = await asked(['provision', '--artifacts', artifacts, '--fleet', fleet, '--create-database']);
  expect([code, outcomes(out)]).toEqual([0, Object.fromEntries(four.map((name) => [name, 'provisioned']))]);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  const made = await administrator.query<{ datname: string }>('SELECT datname FROM pg_database WHERE datname LIKE $1', [
    `${prefix}%`,
  ]);
  for (const { datname } of made) await administrator.exec(`DROP DATABASE "${datname}" WITH (FORCE)`);
  await administrator.exec(`DROP ROLE IF EXISTS "${role}"`);
  await administrator.close();
  rmSync(scratch, { recursive: true, force: true });
});

describe('provision', () => {
  it('skips complete databases, so that a run can be repeated', async () => {
    const { code, out, err } = await asked(['provision', '--artifacts', artifacts, '--fleet', place('fleet.json')]);
    expect([code, err]).toEqual([0, '']);
    expect(outcomes(out)).toEqual(Object.fromEntries(four.map((name) => [name, 'skipped'])));
    expect(summary(out)).toEqual({
      type: 'result',
      command: 'provision',
      dialect: 'pgsql',
      databases: 4,
      failed: 0,
      outcomes: { skipped: 4 },
      failures: [],
    });
  });

  it('applies the script again to complete databases on request', async () => {
    const args = [
      '--artifacts',
      artifacts,
      '--fleet',
      place('fleet.json'),
      '--only',
      'north-2025',
      '--if-same',
      'apply',
    ];
    expect(outcomes((await asked(['provision', ...args])).out)).toEqual({ 'north-2025': 'applied again' });
  });

  it('shows a table on a terminal', async () => {
    const args = ['provision', '--artifacts', artifacts, '--fleet', place('fleet.json'), '--only', 'year=2025'];
    const { code, out, err } = await ran(args, { isTerminal: true });
    expect([code, out]).toEqual([
      0,
      [
        'north-2025  district=north year=2025  skipped',
        'south-2025  district=south year=2025  skipped',
        '2 databases: 2 skipped',
        '',
      ].join('\n'),
    ]);
    expect(err).toContain('provision: 0 of 2 done');
    expect(err).toContain('provision: 2 of 2 done');
    // the table is cleared when the result is printed
    expect(err.endsWith('\u001b[J')).toBe(true);
  });

  it('prints text in a pipe too, and no JSON', async () => {
    const args = ['--artifacts', artifacts, '--fleet', place('fleet.json'), '--only', 'north-2025'];
    const { out } = await ran(['provision', ...args]);
    expect(out).toBe('north-2025  district=north year=2025  skipped\n1 database: 1 skipped\n');
  });

  it('prints only problems with --quiet', async () => {
    const args = ['provision', '--artifacts', artifacts, '--fleet', place('fleet.json'), '--quiet'];
    expect(await ran(args)).toEqual({ code: 0, out: '', err: '' });
  });
});

describe('reporting', () => {
  it('gives databases views, replaces them, and removes them', async () => {
    const released = path.join(import.meta.dirname, '../../../../../fixtures/released/athletics-0.8.0.json');
    const fleet = ['--fleet', place('fleet.json'), '--only', 'year=2025'];
    const apply = ['reporting', 'apply', '--schema', ownSchemaFile('campus'), '--schema', released, ...fleet];
    const both = (outcome: string) => ({ 'north-2025': outcome, 'south-2025': outcome });
    const shared = await ran([...apply, '--views-database', 'other']);
    expect([shared.code, shared.err]).toEqual([
      2,
      expect.stringContaining('error OPTION_CONFLICT The views of 2 databases cannot be in one database'),
    ]);
    expect(outcomes((await asked(apply)).out)).toEqual(both('applied'));
    expect(outcomes((await asked(apply)).out)).toEqual(both('replaced'));
    await (await sql('north-2025', 'SELECT StudentUSI FROM campus.Student')).close();
    const drop = ['reporting', 'drop', ...fleet];
    expect(outcomes((await asked(drop)).out)).toEqual(both('dropped'));
    expect(outcomes((await asked(drop)).out)).toEqual(both('without views'));
  });
});

describe('check', () => {
  beforeAll(async () => {
    for (const name of ['north-2026', 'south-2026'])
      await (await sql(name, 'DROP INDEX campus."IX_Calendar_School_DocumentId_School_SchoolId"')).close();
    await (await sql('south-2025', 'ALTER TABLE campus."School" ADD COLUMN "Extra" integer NOT NULL')).close();
  });
  afterAll(async () => {
    const index = 'CREATE INDEX "IX_Calendar_School_DocumentId_School_SchoolId"';
    for (const name of ['north-2026', 'south-2026'])
      await (await sql(name, `${index} ON campus."Calendar" ("School_DocumentId", "School_SchoolId")`)).close();
    await (await sql('south-2025', 'ALTER TABLE campus."School" DROP COLUMN "Extra"')).close();
  });

  const check = (...more: string[]) => ['check', '--artifacts', artifacts, '--fleet', place('fleet.json'), ...more];

  it('groups equal findings, and says which labels have them', async () => {
    const { code, out, err } = await ran(check(), { isTerminal: true });
    expect(code).toBe(1);
    expect(out.trimEnd().split('\n')).toEqual([
      'north-2025  district=north year=2025  passed',
      expect.stringMatching(
        /^south-2025 {2}district=south year=2025 {2}drifted {2}VERIFY_CATALOG_DIFFERS; \d differences? /,
      ),
      'north-2026  district=north year=2026  passed   1 difference (1 warning)',
      'south-2026  district=south year=2026  passed   1 difference (1 warning)',
      'error: 1 database has column campus.School.Extra, which the schema set does not make',
      '  south-2025',
      '  by district: south (1 of 2)',
      '  by year: 2025 (1 of 2)',
      'warning: 2 databases lack index campus.Calendar.IX_Calendar_School_DocumentId_School_SchoolId',
      '  north-2026, south-2026',
      '  by year: 2026 (2 of 2)',
      '4 databases: 1 drifted, 3 passed',
      '  1 VERIFY_CATALOG_DIFFERS: south-2025',
    ]);
    expect(err).toContain('VERIFY_CATALOG_DIFFERS');
    expect(err).toMatch(/FLEET_FAILED.* 1 of 4 databases failed: south-2025\. Fix what is wrong/);
  });

  it('prints one object per database, and the findings with the summary', async () => {
    const { code, out, err } = await asked(check('--strict'));
    expect(code).toBe(1);
    expect(outcomes(out)).toEqual({
      'north-2025': 'passed',
      'south-2025': 'drifted',
      'north-2026': 'drifted',
      'south-2026': 'drifted',
    });
    expect(summary(out)).toMatchObject({
      databases: 4,
      failed: 3,
      outcomes: { drifted: 3, passed: 1 },
      failures: [{ code: 'VERIFY_CATALOG_DIFFERS', databases: expect.arrayContaining(['south-2025']) }],
      findings: [{ databases: ['south-2025'] }, { change: 'missing', databases: ['north-2026', 'south-2026'] }],
    });
    expect(jsonLines(err).map(({ code: each, details }) => [each, details.database])).toEqual([
      ...Array.from({ length: 3 }, () => ['VERIFY_CATALOG_DIFFERS', expect.stringContaining('20')]),
      ['FLEET_FAILED', undefined],
    ]);
  });
});

describe('a database that cannot be worked on', () => {
  const broken = [
    ...['other-2026', 'rights-2026', 'locked-2026', 'gone-2026', 'away-2026', 'silent-2026', 'full-2026', 'unset-2026'],
  ];
  let fleet: string;
  const lockers: TestDatabase[] = [];
  /** A server that accepts connections and never answers. */
  let silent: Server;
  let tries = 0;

  beforeAll(async () => {
    const names = [...broken, 'north-2025'];
    fleet = writeFleet('broken.json', names);
    const databases = ['other', 'rights', 'locked', 'full'].map((name) => `${name}-2026`);
    for (const name of databases) await administrator.exec(`CREATE DATABASE "${prefix}${name}"`);
    const campus = ['--schema', ownSchemaFile('campus'), '--dialect', 'pgsql'];
    const other = ['--connection', urlOf('other-2026').href];
    expect(await ran(['provision', ...campus, ...other])).toMatchObject({ code: 0 });
    const full = `CREATE FUNCTION public.full() RETURNS event_trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
      CREATE EVENT TRIGGER full_disk ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION public.full()`;
    await (await sql('full-2026', full)).close();
    await administrator.exec(`CREATE ROLE "${role}" LOGIN PASSWORD 'none of your business'`);
    const rights = urlOf('rights-2026');
    rights.username = role;
    rights.password = 'none of your business';
    vi.stubEnv(variableOf('rights-2026'), rights.href);
    await (await sql('rights-2026', 'REVOKE CREATE ON SCHEMA public FROM PUBLIC')).close();
    const away = urlOf('away-2026');
    away.port = '1';
    vi.stubEnv(variableOf('away-2026'), away.href);
    silent = createServer(() => {
      tries += 1;
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    vi.stubEnv(
      variableOf('silent-2026'),
      `postgres://127.0.0.1:${(silent.address() as AddressInfo).port}/d?connect_timeout=1`,
    );
    vi.stubEnv(variableOf('unset-2026'), '');
    // a session that waits for a table of this database gives up after half a second
    const locked = ['--connection', urlOf('locked-2026').href, '--dialect', 'pgsql', '--artifacts', artifacts];
    expect(await ran(['provision', ...locked])).toMatchObject({ code: 0 });
    await administrator.exec(`ALTER DATABASE "${prefix}locked-2026" SET lock_timeout = '500ms'`);
    lockers.push(await sql('locked-2026', 'BEGIN; LOCK TABLE dms."EffectiveSchema" IN ACCESS EXCLUSIVE MODE'));
  });
  afterAll(async () => {
    for (const locker of lockers) await locker.close();
    silent.close();
  });

  it('fails alone, with its own diagnostic, and no message holds a password', async () => {
    const { code, out, err } = await asked(['check', '--artifacts', artifacts, '--fleet', fleet]);
    expect(code).toBe(1);
    expect(codes(out)).toEqual({
      'other-2026': 'VERIFY_CATALOG_DIFFERS',
      'rights-2026': 'GATE_NOT_PROVISIONED',
      'locked-2026': 'DB_LOCK_TIMEOUT',
      'gone-2026': 'DB_NO_DATABASE',
      'away-2026': 'DB_UNREACHABLE',
      'silent-2026': 'DB_UNREACHABLE',
      'full-2026': 'GATE_NOT_PROVISIONED',
      'unset-2026': 'DB_ENV_MISSING',
    });
    expect(outcomes(out)).toMatchObject({ 'north-2025': 'passed', 'locked-2026': 'failed' });
    expect(`${out}${err}`).not.toMatch(/none of your business|none%20of/);
    expect(`${out}${err}`).not.toContain(decodeURIComponent(server.password));
  });

  it('is given up after the time that its server has to answer, and the diagnostic says how to give it longer', async () => {
    const before = tries;
    const { out } = await asked(['check', '--artifacts', artifacts, '--fleet', fleet, '--only', 'silent-2026']);
    const [database] = jsonLines(out).filter(({ type }) => type === 'database');
    expect(database.diagnostics[0].message).toContain('give it longer with connect_timeout');
    // the connection is not retried
    expect(tries - before).toBe(1);
  });

  it('does not keep provisioning from the others', async () => {
    const names = broken.filter((name) => name !== 'locked-2026');
    const args = ['provision', '--artifacts', artifacts, '--fleet', fleet, '--only', ...names, 'north-2025'];
    const { code, out } = await asked(args);
    expect(code).toBe(1);
    expect(codes(out)).toEqual({
      'other-2026': 'PROVISION_FINGERPRINT_MISMATCH',
      'rights-2026': 'DB_PERMISSION',
      'gone-2026': 'DB_NO_DATABASE',
      'away-2026': 'DB_UNREACHABLE',
      'silent-2026': 'DB_UNREACHABLE',
      'full-2026': 'DB_SQL',
      'unset-2026': 'DB_ENV_MISSING',
    });
    expect(jsonLines(out).find(({ name }) => name === 'full-2026').diagnostics[0].message).toContain('No space left');
    expect(outcomes(out)['north-2025']).toBe('skipped');
  });

  it('stops a run that exceeds its limit of failures', async () => {
    const args = ['--artifacts', artifacts, '--fleet', fleet, '--concurrency', '1', '--max-failures', '2'];
    const { code, out, err } = await asked(['check', ...args]);
    expect(code).toBe(1);
    expect(summary(out)).toMatchObject({ databases: 9, failed: 2, outcomes: { 'not started': 7 } });
    expect(err).toMatch(/2 of 9 databases failed: other-2026, rights-2026; 7 databases were not started\./);
  });

  it('among the first keeps the others from being started', async () => {
    const names = ['unset-2026', 'north-2025', 'gone-2026'];
    const file = writeFleet('canary.json', names);
    vi.stubEnv(variableOf('unset-2026'), '');
    const { out } = await asked(['check', '--artifacts', artifacts, '--fleet', file, '--canary', '2']);
    expect(outcomes(out)).toEqual({ 'unset-2026': 'failed', 'north-2025': 'passed', 'gone-2026': 'not started' });
  });
});

describe('seed-descriptors', () => {
  it('writes descriptors into each database, and nothing if they exist', async () => {
    const file = place('kinds.json');
    const kind = { namespace: 'uri://campus.example.org/AddressKindDescriptor', codeValue: 'Home' };
    writeFileSync(file, JSON.stringify([{ resource: 'AddressKindDescriptor', ...kind }]));
    const args = [
      'seed-descriptors',
      file,
      '--artifacts',
      artifacts,
      '--fleet',
      place('fleet.json'),
      '--only',
      'year=2025',
    ];
    const first = await asked(args);
    expect([first.code, outcomes(first.out)]).toEqual([0, { 'north-2025': 'seeded', 'south-2025': 'seeded' }]);
    expect(outcomes((await asked(args)).out)).toEqual({ 'north-2025': 'unchanged', 'south-2025': 'unchanged' });
  });
});

describe('check --data', () => {
  it('recomputes the derived rows of every database, and says which differ', async () => {
    await (await sql('south-2025', 'DELETE FROM dms."ReferentialIdentity"')).close();
    const args = [
      'check',
      '--artifacts',
      artifacts,
      '--fleet',
      place('fleet.json'),
      '--only',
      'year=2025',
      '--data',
      '--json',
    ];
    const { code, out } = await ran(args);
    expect([code, outcomes(out)]).toEqual([1, { 'north-2025': 'passed', 'south-2025': 'rows differ' }]);
    expect(codes(out)).toEqual({ 'south-2025': 'CHECK_DATA_DIFFERS' });
    const at = ['--dialect', 'pgsql', '--connection-env', variableOf('south-2025')];
    await ran(['check', '--artifacts', artifacts, ...at, '--data', '--repair']);
    expect(outcomes((await ran(args)).out)).toEqual({ 'north-2025': 'passed', 'south-2025': 'passed' });
  });
});

describe('upgrade', () => {
  const sets = ['--before', artifacts, '--after', later];
  const plan = (...more: string[]) => [
    ...[
      'upgrade',
      'plan',
      ...sets,
      '--output',
      place('plan'),
      '--dialect',
      'pgsql',
      '--fleet',
      place('fleet.json'),
      ...more,
    ],
  ];
  const apply = (...more: string[]) => ['upgrade', 'apply', ...sets, '--fleet', place('fleet.json'), ...more];

  it('plan queries every database, a dry run rolls back, apply upgrades, and a second apply skips finished databases', async () => {
    const all = (outcome: string) => Object.fromEntries(four.map((name) => [name, outcome]));
    const planned = await asked(plan());
    expect(outcomes(planned.out)).toEqual(all('ready'));
    const estimates = jsonLines(planned.out).filter(({ type }) => type === 'database');
    for (const { estimate } of estimates) expect(estimate).toEqual({ seconds: 1, bytes: expect.any(Number) });
    const table = await ran(plan());
    expect(table.out).toMatch(/^north-2025 .* ready {2,}less than 1 s; \d+ MB more until the commit$/m);
    expect(outcomes((await asked(apply('--dry-run'))).out)).toEqual(all('could be upgraded'));
    const first = await asked(apply('--only', 'north-2025'));
    expect(outcomes(first.out)).toEqual({ 'north-2025': 'upgraded' });
    expect(outcomes((await asked(plan())).out)).toEqual({ ...all('ready'), 'north-2025': 'already upgraded' });
    const rest = await asked(apply('--canary', '1'));
    expect([rest.code, outcomes(rest.out)]).toEqual([0, { ...all('upgraded'), 'north-2025': 'already upgraded' }]);
    const { code } = await ran(['check', '--artifacts', later, '--fleet', place('fleet.json')]);
    expect(code).toBe(0);
  });
});

describe('wrong use', () => {
  const source = ['--artifacts', artifacts];
  it.each([
    ['--only without a fleet', ['check', ...source, '--only', 'a'], "option '--only <name...>' needs '--fleet <file>'"],
    [
      '--canary without a fleet',
      ['provision', ...source, '--canary', '1'],
      "option '--canary <n>' needs '--fleet <file>'",
    ],
    [
      'a fleet and a connection',
      ['check', ...source, '--fleet', 'f.json', '--connection-env', 'X'],
      "option '--fleet <file>' cannot be used with option '--connection-env <NAME>'",
    ],
    ['neither a fleet nor a database', ['check', ...source], 'name a database with one of the options'],
    ['no database at a time', ['check', ...source, '--fleet', 'f.json', '--concurrency', '0'], 'It must be 1 or more.'],
  ])('%s', async (_, args, text) => {
    const { code, err } = await ran(args);
    expect([code, err]).toEqual([2, expect.stringContaining(text)]);
  });

  it('a dialect that is not the one of the fleet', async () => {
    const { code, err } = await ran(['check', ...source, '--fleet', place('fleet.json'), '--dialect', 'mssql']);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/CONFIG_INVALID .*is a fleet of pgsql, and this run is for mssql/),
    ]);
  });
});
