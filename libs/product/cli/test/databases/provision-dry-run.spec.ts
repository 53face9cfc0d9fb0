import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createProvisionedDatabase, createScratchDatabase, openSession, ownSchemaFile, serverUrl } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/*
 * provision --dry-run reports what provision would create, in which database and as which role, and creates nothing
 * (design 09 §2.8).
 */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-dry-run-'));
const place = (name: string) => path.join(scratch, name);
const variable = 'DMS_DRY_RUN_SPEC';
const dryRun = ['provision', '--artifacts', place('out'), '--dialect', 'pgsql', '--dry-run'];
const named = ['--connection-env', variable];
const drops: (() => Promise<void>)[] = [];

const script = () => readFileSync(path.join(place('out'), 'pgsql.sql'), 'utf8');

async function database(text?: string): Promise<string> {
  const made = text === undefined ? await createScratchDatabase() : await createProvisionedDatabase(text);
  drops.push(() => made.drop());
  vi.stubEnv(variable, made.url);
  return made.url;
}

async function sql<Row extends Record<string, unknown>>(url: string, text: string): Promise<readonly Row[]> {
  const session = await openSession(url);
  try {
    return await session.query<Row>(text);
  } finally {
    await session.close();
  }
}

/** The number of objects of a database. */
const counts = (url: string) =>
  sql(
    url,
    `SELECT count(*)::int AS objects FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname !~ '^(pg_|information_schema)'`,
  );

beforeAll(async () => {
  const { code } = await ran([
    'emit',
    '--schema',
    ownSchemaFile('campus'),
    '--dialect',
    'pgsql',
    '--output',
    place('out'),
  ]);
  expect(code).toBe(0);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  for (const drop of drops) await drop();
  rmSync(scratch, { recursive: true, force: true });
});

describe('on a server', () => {
  it('an empty database would be provisioned, and stays empty', async () => {
    const url = await database();
    const { username, pathname } = new URL(url);
    const before = await counts(url);
    const { code, out, err } = await ran([...dryRun, ...named]);
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')).toEqual([
      'Dry run: nothing was changed',
      expect.stringMatching(new RegExp(`^Would provision pgsql database: postgres://\\S*${pathname}$`)),
      `Role: ${username}`,
      expect.stringMatching(/^Effective schema hash: [0-9a-f]{64}$/),
      expect.stringMatching(/^Resource key count: \d+$/),
      expect.stringMatching(
        /^Objects of the schema set: \d+ schemas, \d+ tables, \d+ columns, \d+ indexes, \d+ triggers, \d+ functions, \d+ views?, 1 sequence$/,
      ),
      // a script of some 300 KB
      expect.stringMatching(/^Size and time: about [234] MB while it is empty; about 1 second$/),
      '',
    ]);
    expect(await counts(url)).toEqual(before);
    const [value] = jsonLines((await ran([...dryRun, ...named, '--json'])).out);
    expect(value).toMatchObject({
      command: 'provision',
      dryRun: true,
      outcome: 'provisioned',
      database: pathname.slice(1),
      isNewDatabase: false,
      role: username,
      newRoles: [],
      objects: { schemas: 3, tables: expect.any(Number) },
    });
  });

  it('a provisioned one would be applied again, skipped or refused, as asked', async () => {
    await database(script());
    const outcome = async (...args: string[]) => (await ran([...dryRun, ...named, ...args])).out.split('\n')[1];
    expect(await outcome()).toMatch(/^Is provisioned already; would apply the script again to pgsql database: /);
    expect(await outcome('--if-same', 'skip')).toMatch(/^Is provisioned already; would skip pgsql database: /);
    const refused = await ran([...dryRun, ...named, '--if-same', 'fail']);
    expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/^error PROVISION_ALREADY /)]);
  });

  it('says first what provision would refuse', async () => {
    const url = await database(script());
    await sql(
      url,
      `SET session_replication_role = replica; UPDATE dms."EffectiveSchema" SET "EffectiveSchemaHash" = repeat('0', 64)`,
    );
    const { code, err } = await ran([...dryRun, ...named]);
    expect([code, err]).toEqual([1, expect.stringMatching(/^error PROVISION_FINGERPRINT_MISMATCH /)]);
  });

  it('a database that is not there would be created, by a role that may do so', async () => {
    const url = new URL(await serverUrl());
    url.pathname = `/dms_dry_run_${process.pid}`;
    vi.stubEnv(variable, url.href);
    const without = await ran([...dryRun, ...named]);
    expect([without.code, without.err]).toEqual([1, expect.stringMatching(/^error DB_NO_DATABASE /)]);
    const { code, out } = await ran([...dryRun, ...named, '--create-database']);
    expect([code, out.split('\n')[1]]).toEqual([0, expect.stringMatching(/, which would be created$/)]);
    const administrator = await serverUrl();
    expect(await sql(administrator, `SELECT 1 FROM pg_database WHERE datname = '${url.pathname.slice(1)}'`)).toEqual(
      [],
    );
    const role = `dms_dry_run_${process.pid}`;
    await sql(administrator, `CREATE ROLE ${role} LOGIN PASSWORD 'geheim7'`);
    try {
      [url.username, url.password] = [role, 'geheim7'];
      vi.stubEnv(variable, url.href);
      const refused = await ran([...dryRun, ...named, '--create-database']);
      expect([refused.code, refused.err]).toEqual([
        1,
        expect.stringMatching(/^error DB_PERMISSION .*CREATEDB is missing/),
      ]);
    } finally {
      await sql(administrator, `DROP ROLE ${role}`);
    }
  });

  it('a fleet has a line for each database', async () => {
    const [empty, done] = [await database(), await database(script())];
    for (const [name, url] of Object.entries({ empty, done })) writeFileSync(place(`${name}.txt`), url);
    const databases = ['empty', 'done'].map((name) => ({ name, file: `${name}.txt` }));
    writeFileSync(place('fleet.json'), JSON.stringify({ dialect: 'pgsql', databases }));
    const before = await counts(empty);
    const { code, out } = await ran([...dryRun, '--fleet', place('fleet.json'), '--json']);
    expect(code).toBe(0);
    const [first, second, summary] = jsonLines(out);
    expect([...[first, second].sort((a, b) => (a.name < b.name ? 1 : -1)), summary]).toMatchObject([
      { name: 'empty', outcome: 'would be provisioned', dryRun: true, isNewDatabase: false },
      { name: 'done', outcome: 'would be skipped' },
      { outcomes: { 'would be provisioned': 1, 'would be skipped': 1 } },
    ]);
    expect(await counts(empty)).toEqual(before);
  });
});

describe('in a folder', () => {
  it('makes no database, and counts the descriptors', async () => {
    const grade = { namespace: 'uri://example.org/GradeLevelDescriptor', codeValue: 'x', shortDescription: 'x' };
    writeFileSync(place('grades.json'), JSON.stringify({ gradeLevelDescriptors: [grade] }));
    const at = ['--connection', `pglite:${place('data')}`, '--seed-descriptors', place('grades.json')];
    const { code, out } = await ran([...dryRun, ...at]);
    expect(code).toBe(0);
    expect(out).toContain(`Would provision pgsql database: pglite ${place('data')}, which would be created\n`);
    expect(out).toContain('Descriptors: 1 read, which would be written\n');
    expect(out).not.toContain('Role:');
    expect(existsSync(place('data'))).toBe(false);
    const taken = await ran([...dryRun, '--connection', `pglite:${scratch}`]);
    expect([taken.code, taken.err]).toEqual([1, expect.stringMatching(/^error DB_NO_DATABASE .*holds other files/)]);
  });
});
