import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createScratchDatabase, openSession, ownSchemaFile, type ScratchDatabase } from '@dms/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { jsonLines, ran } from '../test/ran.ts';

/* doctor, and commands beside a dms.json (design 09 §9). */

const scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'dms-doctor-')));
const place = (name: string) => path.join(scratch, name);
const before = process.cwd();
const variable = 'DMS_DOCTOR_SPEC';
let database: ScratchDatabase;

beforeAll(async () => {
  database = await createScratchDatabase();
  mkdirSync(place('set'));
  writeFileSync(
    place('set/dms.json'),
    JSON.stringify({
      schemas: [ownSchemaFile('campus')],
      dialects: ['pgsql'],
      databases: { pgsql: { env: variable } },
    }),
  );
});
beforeEach(() => {
  process.chdir(place('set'));
  vi.stubEnv(variable, database.url);
});
afterEach(() => {
  process.chdir(before);
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await database.drop();
  rmSync(scratch, { recursive: true, force: true });
});

describe('beside a dms.json', () => {
  it('emit needs no argument, and takes a folder with one', async () => {
    const { code, out } = await ran(['emit', '--output', place('out')]);
    expect([code, out]).toEqual([0, expect.stringContaining('pgsql.sql')]);
    process.chdir(scratch);
    expect((await ran(['emit', 'set', '--output', place('out'), '--check'])).code).toBe(0);
  });

  it('a folder without one is named', async () => {
    process.chdir(scratch);
    const { code, err } = await ran(['emit', 'out', '--output', place('other')]);
    expect([code, err]).toEqual([1, expect.stringContaining(path.join('out', 'dms.json'))]);
    expect((await ran(['emit'])).err).toContain("a dms.json or option '--schema <file...>' must be given");
  });
});

describe('dms-ddl doctor', () => {
  it('says what is installed, and that no database is named', async () => {
    process.chdir(scratch);
    const { code, out, err } = await ran(['doctor']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`ok  Node ${process.versions.node} (needs 20.19 or newer)`);
    expect(out).toMatch(/(ok|--) {2}mssql \S+/);
    expect(out).toContain('ok  pgsql: embedded');
    expect(out).toContain('none is named');
  });

  it('says that the database of a dms.json is not there, and fails', async () => {
    vi.stubEnv(variable, `${database.url}_none`);
    const { code, out, err } = await ran(['doctor']);
    expect(code).toBe(1);
    expect(out).toContain('--  pgsql: DB_NO_DATABASE');
    expect(err).toContain('error DB_NO_DATABASE');
  });

  it('says what provision would do, and as which role', async () => {
    expect((await ran(['provision'])).code).toBe(0);
    const { code, out } = await ran(['doctor']);
    expect(code).toBe(0);
    expect(out).toMatch(/ok {2}pgsql: PostgreSQL \d+\.\d+, as \w+/);
    expect(out).toContain('ok  CREATE on the database (for provision)');
    expect(out).toContain('encoding UTF8');
    expect(out).toContain('It has this schema set');
  });

  it('says that a database takes no writes, and not that provision would bring it up to date', async () => {
    const administrator = await openSession(database.url);
    await administrator.exec(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);
    const { code, out, err } = await ran(['doctor']);
    await administrator.exec('SET default_transaction_read_only = off');
    await administrator.exec(`ALTER DATABASE ${database.name} RESET default_transaction_read_only`);
    await administrator.close();
    expect([code, out]).toEqual([1, expect.stringMatching(/-- {2}pgsql: /)]);
    expect(out).toContain('It can only be read: provision and upgrade refuse it');
    expect(out).not.toContain('provision would');
    expect(err).toContain(`Run: ALTER DATABASE ${database.name} RESET default_transaction_read_only`);
  });

  it('says that another schema set is there', async () => {
    const schemas = (['campus', 'athletics'] as const).flatMap((name) => ['--schema', ownSchemaFile(name)]);
    const { code, out } = await ran(['doctor', ...schemas, '--dialect', 'pgsql', '--connection-env', variable, '--json']);
    const [found] = jsonLines(out);
    expect(code).toBe(0);
    expect(found.databases[0]).toMatchObject({ dialect: 'pgsql', isReached: true, state: 'different' });
    expect(found.databases[0].advice[0]).toContain('upgrade plan');
  });
});
