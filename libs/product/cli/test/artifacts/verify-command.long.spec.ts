import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, openSession, ownSchemaFile, ownSchemas, serverUrl } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/* verify on the command line (design 09b §2). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-verify-'));
const artifacts = path.join(scratch, 'artifacts');
const schemas = ownSchemas.flatMap((name) => ['--schema', ownSchemaFile(name)]);
const variable = 'DMS_VERIFY_SPEC';
const onServer = ['verify', '--artifacts', artifacts, '--dialect', 'pgsql', '--connection-env', variable];

beforeAll(async () => {
  vi.stubEnv('NO_COLOR', '1');
  vi.stubEnv(variable, await serverUrl());
  expect((await ran(['emit', ...schemas, '--output', artifacts])).code).toBe(0);
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(scratch, { recursive: true, force: true });
});

/** A database name for this run only: others verify on the same server at the same time. */
const scratchDatabase = `dms_verify_command_${process.pid}`;

async function isLeft(): Promise<boolean> {
  const session = await openSession(await serverUrl());
  const rows = await session.query('SELECT 1 FROM pg_database WHERE datname = $1', [scratchDatabase]);
  await session.close();
  return rows.length > 0;
}

describe('dms-ddl verify', () => {
  it('says plainly that nothing of a script for SQL Server was run', async () => {
    const { code, out, err } = await ran(['verify', ...schemas, '--dialect', 'mssql']);
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n').slice(0, 3)).toEqual([
      'mssql: passed; the script was not run: its text was checked, nothing was executed on an engine',
      '  static: passed',
      '  rolls-back: skipped (no server)',
    ]);
  });

  it('refuses a schema set without a resource, because there is nothing to prove', async () => {
    const file = path.join(scratch, 'none.json');
    writeFileSync(file, JSON.stringify(build.project('Ed-Fi', [])));
    const { code, err } = await ran(['verify', '--schema', file, '--dialect', 'mssql']);
    expect([code, err]).toEqual([1, expect.stringContaining('error VERIFY_EMPTY')]);
  });

  it('verifies on a server from artifacts, writes the report where that is asked, and leaves nothing', async () => {
    const output = path.join(scratch, 'reports');
    const options = ['--output', output, '--scratch-database', scratchDatabase];
    const { code, out } = await ran([...onServer, ...options]);
    expect([code, out.split('\n')[0]]).toEqual([
      0,
      expect.stringMatching(/^pgsql: passed; the script was run on a server \(PostgreSQL \d+\.\d+\)$/),
    ]);
    expect(out).toMatch(/^ {2}\d+ shapes of triggers stood for \d+ tables: \d+ tried for their triggers, \d+ for/m);
    expect(out).toContain('Report written to verification.pgsql.json');
    expect(readdirSync(output)).toEqual(['verification.pgsql.json']);
    expect(JSON.parse(readFileSync(path.join(output, 'verification.pgsql.json'), 'utf8'))).toMatchObject({
      verification_format: 1,
      result: 'passed',
      engine: { kind: 'server' },
      behaviour: { shapes: { tables: expect.any(Number), without_form: expect.any(Array) } },
    });
    expect(await isLeft()).toBe(false);
  });

  it('fails with the findings, as JSON too, and writes the report all the same', async () => {
    const broken = path.join(scratch, 'broken');
    await ran(['emit', ...schemas, '--output', broken]);
    rmSync(path.join(broken, 'ddl.manifest.json'));
    const script = path.join(broken, 'pgsql.sql');
    const text = readFileSync(script, 'utf8').replace(
      /CREATE OR REPLACE TRIGGER "TR_Document_Journal_Update"[^;]*;\n/,
      '',
    );
    writeFileSync(script, text);
    const output = path.join(scratch, 'broken-reports');
    const args = [
      'verify',
      '--artifacts',
      broken,
      '--dialect',
      'pgsql',
      '--connection-env',
      variable,
      '--output',
      output,
      '--scratch-database',
      scratchDatabase,
      '--json',
    ];
    const { code, out, err } = await ran(args);
    expect(code).toBe(1);
    const codes = jsonLines(err).map((line) => line.code);
    expect(codes.filter((found) => found !== 'VERIFY_LEFTOVER')).toEqual(['VERIFY_CATALOG_DIFFERS']);
    const [result] = jsonLines(out);
    expect(result).toMatchObject({ command: 'verify', reports: [{ dialect: 'pgsql', result: 'failed' }] });
    expect(readFileSync(path.join(output, 'verification.pgsql.json'), 'utf8')).toContain('"result": "failed"');
    expect(await isLeft()).toBe(false);
  });

  it('shows no password of a server that cannot be reached or refuses the login', async () => {
    vi.stubEnv('DMS_VERIFY_WRONG', 'postgres://nobody:s3cret%2Fword@127.0.0.1:1/d');
    const { code, out, err } = await ran([
      'verify',
      ...schemas,
      '--dialect',
      'pgsql',
      '--connection-env',
      'DMS_VERIFY_WRONG',
    ]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('DB_UNREACHABLE');
    expect(err).not.toMatch(/s3cret/);
  });

  it.each([
    ['a connection that shows no dialect', ['--connection', 'what']],
    ['a connection for both', ['--connection-env', variable, '--dialect', 'pgsql', '--dialect', 'mssql']],
  ])('refuses %s as wrong use', async (_name, args) => {
    const { code, err } = await ran(['verify', ...schemas, ...args]);
    expect([code, err.split('\n')[0]]).toEqual([
      2,
      "error: a connection has one dialect; name it with the option '--dialect <name>'",
    ]);
  });

  it('needs a source', async () => {
    expect((await ran(['verify'])).code).toBe(2);
  });
});
