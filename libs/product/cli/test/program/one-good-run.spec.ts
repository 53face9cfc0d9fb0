import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSession, ownSchemaFile } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namedDatabases } from '../named-databases.ts';
import { jsonLines, ran } from '../ran.ts';

/*
 * One good run, and one refusal, of the commands whose other cases take long (`*.long.spec.ts` of this folder): on one
 * small database, from its script to its fleet.
 */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-one-good-run-'));
const place = (name: string) => path.join(scratch, name);
const schemas = ['--schema', ownSchemaFile('campus')];
const databases = namedDatabases('first', 'second');
let loaded = '';
const at = (name: string) => ['--artifacts', place('artifacts'), '--dialect', 'pgsql', ...databases.connection(name)];

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs a command that must succeed; a failure shows its messages. */
async function done(...args: string[]): Promise<string> {
  const { code, out, err } = await ran(args);
  expect([args[0], code, code === 0 ? '' : err]).toEqual([args[0], 0, '']);
  return out;
}

beforeAll(async () => {
  await done('emit', ...schemas, '--output', place('artifacts'));
  await done('provision', ...at('first'));
  await done('sample', '--artifacts', place('artifacts'), '--documents', '20', '--output', place('sample'));
  loaded = await done('load', place('sample'), ...at('first'));
});

describe('documents', () => {
  it('of a sample are loaded, dumped and read', async () => {
    expect(loaded).toMatch(/^resource +inserted +replaced +unchanged +skipped +rejected\n/);
    expect(await done('dump', ...at('first'), '--output', place('dump'), '--resource', 'Campus:District')).toMatch(
      /^\d+ documents? of 1 resource or descriptor written to /,
    );
    const [district = ''] = readFileSync(path.join(place('dump'), 'campus', 'districts.jsonl'), 'utf8').split('\n');
    const { districtId } = JSON.parse(district);
    expect(await done('get', 'Campus:District', '--where', `districtId=${districtId}`, ...at('first'))).toBe(
      `${district}\n`,
    );
    const file = place('district.jsonl');
    const options = ['--where', `districtId=${districtId}`, ...at('first'), '--output', file];
    expect(await done('get', 'Campus:District', ...options)).toBe(`1 document written to ${file}\n`);
    expect(readFileSync(file, 'utf8')).toBe(`${district}\n`);
    const [told] = jsonLines(await done('get', 'Campus:District', ...options, '--json'));
    expect(told).toEqual({
      type: 'result',
      command: 'get',
      resource: 'Campus:District',
      documents: 1,
      next: null,
      output: file,
    });
  });

  it('that are not there are not found', async () => {
    const { code, err } = await ran([
      'get',
      'Campus:District',
      '--id',
      '00000000-0000-4000-8000-000000000000',
      ...at('first'),
    ]);
    expect(code).toBe(1);
    expect(err).toContain('DOCUMENT_NOT_FOUND');
  });
});

describe('check --data', () => {
  it('finds a row that is not what others make it', async () => {
    expect(await done('check', '--data', ...at('first'))).toContain('Rows: ok\n');
    const session = await openSession(databases.url('first'));
    try {
      await session.exec(`SET session_replication_role = replica;
        DELETE FROM dms."ReferentialIdentity" WHERE "DocumentId" = (SELECT min("DocumentId") FROM campus."School")`);
    } finally {
      await session.close();
    }
    const found = await ran(['check', '--data', '--json', ...at('first')]);
    expect(found.code).toBe(1);
    expect(jsonLines(found.out)[0].data).toMatchObject([
      { kind: 'referentialIdentity', object: 'Campus:School', count: 1 },
    ]);
  });

  it('refuses a database that is not provisioned', async () => {
    const { code, err } = await ran(['check', '--data', ...at('second')]);
    expect(code).toBe(1);
    expect(err).toMatch(/^error GATE_NOT_PROVISIONED .*: the database is empty\. Provision it\.$/m);
  });
});

describe('verify', () => {
  it('says plainly that nothing of a script for SQL Server was run', async () => {
    const out = await done('verify', '--artifacts', place('artifacts'), '--dialect', 'mssql');
    expect(out).toContain(
      'mssql: passed; the script was not run: its text was checked, nothing was executed on an engine',
    );
  });

  it('refuses a script that is not the one of its manifest', async () => {
    const file = path.join(place('changed'), 'mssql.sql');
    await done('emit', ...schemas, '--dialect', 'mssql', '--output', place('changed'));
    writeFileSync(file, 'SELECT 1;\n');
    const { code, err } = await ran(['verify', '--artifacts', place('changed'), '--dialect', 'mssql']);
    expect(code).toBe(1);
    expect(err).toMatch(/^error PROVISION_INPUT_STALE mssql\.sql/m);
  });
});

describe('commands with a fleet', () => {
  const fleet = (...names: string[]) => {
    const list = names.map((name) => ({ name, env: databases.variable(name) }));
    writeFileSync(place('fleet.json'), JSON.stringify({ databases: list }));
    return ['--artifacts', place('artifacts'), '--dialect', 'pgsql', '--fleet', place('fleet.json')];
  };

  it('provision and check each of its databases', async () => {
    await done('provision', ...fleet('first', 'second'));
    const out = await done('check', ...fleet('first', 'second'), '--json');
    const outcomes = jsonLines(out).flatMap(({ type, name, outcome }) =>
      type === 'database' ? [[name, outcome]] : [],
    );
    expect(outcomes.sort()).toEqual([
      ['first', 'passed'],
      ['second', 'passed'],
    ]);
  });

  it('refuse a database without a connection', async () => {
    const { code, err } = await ran(['check', ...fleet('first', 'unknown')]);
    expect(code).toBe(1);
    expect(err).toContain(databases.variable('unknown'));
  });
});
