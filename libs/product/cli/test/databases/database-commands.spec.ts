import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createProvisionedDatabase,
  createScratchDatabase,
  openSession,
  ownSchemaFile,
  ownSchemas,
  type PostgresDatabase,
  serverUrl,
  type TestDatabase,
} from '@dms/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { jsonLines, type Ran, ran } from '../ran.ts';

/* provision, check and inspect on a server and in a folder, on the command line (design 09 §1.7, §2, 09b §2.5). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-commands-'));
const artifacts = path.join(scratch, 'artifacts');
const schemas = ownSchemas.flatMap((name) => ['--schema', ownSchemaFile(name)]);
const variable = 'DMS_COMMANDS_SPEC';
const fromArtifacts = ['--artifacts', artifacts, '--dialect', 'pgsql', '--connection-env', variable];

let databases: PostgresDatabase[] = [];
let administrator: TestDatabase;

async function newDatabase(encoding: 'UTF8' | 'LATIN1' = 'UTF8'): Promise<PostgresDatabase> {
  const database = await createScratchDatabase({ encoding });
  databases.push(database);
  vi.stubEnv(variable, database.url);
  return database;
}

/** A database that was provisioned from the artifacts. */
async function provisionedDatabase(): Promise<PostgresDatabase> {
  const database = await createProvisionedDatabase(readFileSync(path.join(artifacts, 'pgsql.sql'), 'utf8'));
  databases.push(database);
  vi.stubEnv(variable, database.url);
  return database;
}

async function sql(database: PostgresDatabase, text: string): Promise<void> {
  const session = await openSession(database.url);
  try {
    await session.exec(text);
  } finally {
    await session.close();
  }
}

/** The number of objects outside the schemas of the engine. */
async function objects(database: PostgresDatabase): Promise<number> {
  const session = await openSession(database.url);
  try {
    const [row] = await session.query<{ n: number }>(
      `SELECT count(*)::int4 AS n FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^(pg_|information_schema)'`,
    );
    return row?.n ?? -1;
  } finally {
    await session.close();
  }
}

beforeAll(async () => {
  vi.stubEnv('NO_COLOR', '1');
  administrator = await openSession(await serverUrl());
  expect((await ran(['emit', ...schemas, '--output', artifacts])).code).toBe(0);
});

afterEach(async () => {
  for (const database of databases) await database.drop();
  databases = [];
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await administrator.close();
  rmSync(scratch, { recursive: true, force: true });
});

describe('on a server', () => {
  it('provision says what it made; again, it applies, skips or fails as requested', async () => {
    const { name } = await newDatabase();
    const first = await ran(['provision', ...fromArtifacts]);
    expect([first.code, first.err]).toEqual([0, '']);
    const [heading, hash, count, catalog, ...more] = first.out.trimEnd().split('\n');
    expect(heading).toBe(`Provisioned pgsql database: ${name}`);
    expect(hash).toMatch(/^Effective schema hash: [0-9a-f]{64}$/);
    expect(count).toBe('Resource key count: 31');
    expect(catalog).toMatch(/^Catalog: \d+ tables, \d+ columns, 0 differences$/);
    expect(more).toEqual([]);
    expect((await ran(['provision', ...fromArtifacts])).out).toMatch(/^Already provisioned, applied again\n/);
    expect((await ran(['provision', ...fromArtifacts, '--if-same', 'skip', '--no-verify'])).out).toMatch(
      /^Already provisioned, skipped\nEffective.*\nResource key count: 31\n$/,
    );
    const failed = await ran(['provision', ...fromArtifacts, '--if-same', 'fail']);
    expect([failed.code, failed.out]).toEqual([1, '']);
    expect(failed.err).toMatch(/^error PROVISION_ALREADY /);
  });

  it('provision from schemas makes the same database, and check from artifacts agrees', async () => {
    await newDatabase();
    const fromSchemas = [...schemas, '--dialect', 'pgsql', '--connection-env', variable];
    const { code, out } = await ran(['provision', ...fromSchemas, '--json']);
    expect(code).toBe(0);
    expect(jsonLines(out)).toMatchObject([
      { type: 'result', command: 'provision', outcome: 'provisioned', differences: [] },
    ]);
    const checked = await ran(['check', ...fromArtifacts, '--deep', '--strict']);
    expect(checked).toEqual({
      code: 0,
      out: expect.stringMatching(/^pgsql: 0 differences in \d+ tables\nGate: ok\nCheck: passed\n$/),
      err: '',
    });
  });

  it('provision --create-database creates it', async () => {
    const { name, url } = await newDatabase();
    const created = `${name}_created`;
    const other = new URL(url);
    other.pathname = `/${created}`;
    vi.stubEnv(variable, other.href);
    const without = await ran(['provision', ...fromArtifacts]);
    expect(without.code).toBe(1);
    expect(without.err).toMatch(/^error DB_NO_DATABASE .*use --create-database/);
    try {
      const { code, out } = await ran(['provision', ...fromArtifacts, '--create-database']);
      expect([code, out]).toEqual([0, expect.stringContaining(`Provisioned pgsql database: ${created}\n`)]);
    } finally {
      await administrator.exec(`DROP DATABASE IF EXISTS "${created}" WITH (FORCE)`);
    }
  });

  it('check finds drift and fails, on the terminal and in a file, and changes nothing', async () => {
    const database = await provisionedDatabase();
    await sql(
      database,
      `ALTER TABLE dms."Descriptor" ALTER COLUMN "ShortDescription" DROP NOT NULL;
       UPDATE dms."ResourceKey" SET "ResourceName" = 'Other' WHERE "ResourceKeyId" = 1`,
    );
    const before = await objects(database);
    const { code, out, err } = await ran(['check', ...fromArtifacts]);
    expect(code).toBe(1);
    expect(out).toContain('column ShortDescription: nullable');
    expect(out).toMatch(/Gate: ok\nCheck: failed\n$/);
    expect(err).toMatch(/^error VERIFY_CATALOG_DIFFERS .*\nerror PROVISION_SEED_MISMATCH /);
    const deep = await ran(['check', ...fromArtifacts, '--deep', '--json']);
    expect(deep.code).toBe(1);
    expect(jsonLines(deep.out)).toMatchObject([
      { command: 'check', result: 'failed', gate: 'GATE_RESOURCE_KEYS_MISMATCH' },
    ]);
    const file = path.join(scratch, 'report.json');
    expect((await ran(['check', ...fromArtifacts, '--output', file])).out).toContain(`Report written to ${file}\n`);
    const report = JSON.parse(readFileSync(file, 'utf8'));
    expect(report).toMatchObject({ check_format: 1, dialect: 'pgsql', result: 'failed', gate: 'ok' });
    expect(report.differences).toContainEqual({
      object: 'column',
      path: ['dms.Descriptor', 'ShortDescription'],
      change: 'changed',
      field: 'nullable',
      expected: false,
      actual: true,
      severity: 'error',
    });
    expect(await objects(database)).toBe(before);
  });

  it('a database that an earlier release made of the same set is told to upgrade, by check and by provision', async () => {
    const database = await provisionedDatabase();
    // earlier releases did not make foreign keys of a document to itself deferrable
    await sql(
      database,
      `DO $$ DECLARE k record; BEGIN
  FOR k IN SELECT conrelid::regclass AS of, conname FROM pg_constraint WHERE contype = 'f' AND condeferrable LOOP
    EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I NOT DEFERRABLE', k.of, k.conname);
  END LOOP;
END $$`,
    );
    const advice =
      'If an earlier version of dms-ddl made it, run dms-ddl upgrade apply with --before <the artifacts that it was made from> and --after <these artifacts>.';
    for (const command of [['check'], ['provision', '--if-same', 'apply'], ['provision']]) {
      const { code, err } = await ran([...command, ...fromArtifacts]);
      expect([code, err], command.join(' ')).toEqual([1, expect.stringContaining('VERIFY_CATALOG_DIFFERS')]);
      expect(err, command.join(' ')).toContain(advice);
    }
  });

  it.each([
    ['that is empty', '', 'the database is empty. Provision it.'],
    [
      'of another product',
      'CREATE TABLE invoices (n int); CREATE VIEW paid AS SELECT n FROM invoices',
      'the database is of another product (public: 1 table, 1 view). Name another database, or provision a new one.',
    ],
    [
      'of another product with a schema of the same name',
      'CREATE SCHEMA campus; CREATE TABLE campus."Student" (n int); CREATE TABLE campus."School" (n int)',
      'the database is of another product (campus: 2 tables). Name another database, or provision a new one.',
    ],
  ])('check of a database %s says so in one line, without its differences', async (_, objects, said) => {
    const database = await newDatabase();
    if (objects !== '') await sql(database, objects);
    const { code, out, err } = await ran(['check', ...fromArtifacts]);
    expect([code, out.split('\n')]).toEqual([1, ['Gate: GATE_NOT_PROVISIONED', 'Check: failed', '']]);
    expect(err.split('\n').filter((line) => line.startsWith('error '))).toEqual([
      expect.stringMatching(/^error GATE_NOT_PROVISIONED /),
    ]);
    expect(err).toContain(said);
  });

  it('check of a database that has lost its fingerprint lists its differences', async () => {
    const database = await provisionedDatabase();
    await sql(database, 'DROP TABLE dms."EffectiveSchema" CASCADE');
    const { code, out, err } = await ran(['check', ...fromArtifacts]);
    expect([code, out]).toEqual([1, expect.stringContaining('dms.EffectiveSchema')]);
    expect(err).toContain('VERIFY_CATALOG_DIFFERS');
  });

  it.each([
    [['--views-database', 'other'], '--views-database <name>'],
    [['--create-database'], '--create-database'],
  ])('reporting refuses %j on PostgreSQL, which has the views beside the tables', async (options, named) => {
    await newDatabase();
    const { code, err } = await ran(['reporting', 'apply', ...fromArtifacts, ...options]);
    expect([code, err]).toEqual([2, expect.stringContaining(`error OPTION_CONFLICT "${named}" is for SQL Server`)]);
    if (options[0] !== '--views-database') return;
    const dropped = await ran(['reporting', 'drop', '--dialect', 'pgsql', '--connection-env', variable, ...options]);
    expect([dropped.code, dropped.err]).toEqual([2, expect.stringContaining('error OPTION_CONFLICT')]);
  });

  it('reporting drop takes the source that reporting apply takes, or the dialect of the connection', async () => {
    await newDatabase();
    expect((await ran(['provision', ...fromArtifacts])).code).toBe(0);
    expect((await ran(['reporting', 'apply', ...fromArtifacts])).code).toBe(0);
    const { code, out } = await ran(['reporting', 'drop', ...fromArtifacts]);
    expect([code, out]).toEqual([0, expect.stringMatching(/^Dropped /)]);
    expect((await ran(['reporting', 'apply', ...fromArtifacts])).code).toBe(0);
    const alone = await ran(['reporting', 'drop', '--connection-env', variable]);
    expect([alone.code, alone.out]).toEqual([0, out]);
  });

  it('a folder without artifacts is what is wrong, not a missing dialect', async () => {
    const { code, err } = await ran(['check', '--artifacts', scratch, '--connection-env', variable]);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^error INPUT_FILE_NOT_FOUND .*has no artifacts of a dialect; dms-ddl emit /),
    ]);
  });

  it('inspect writes the catalog of the database, to a file or to the terminal', async () => {
    const database = await newDatabase();
    await sql(database, 'CREATE TABLE public.note (id bigint PRIMARY KEY)');
    const connection = ['--dialect', 'pgsql', '--connection-env', variable];
    const file = path.join(scratch, 'catalog.json');
    const { code, out } = await ran(['inspect', ...connection, '--output', file]);
    expect([code, out]).toEqual([
      0,
      `Catalog written to ${file}\nTables: 1, views: 0, functions: 0, schemas: public\n`,
    ]);
    expect(JSON.parse(readFileSync(file, 'utf8')).tables).toMatchObject([{ schema: 'public', name: 'note' }]);
    expect((await ran(['inspect', ...connection])).out).toBe(readFileSync(file, 'utf8'));
  });
});

describe('artifacts that do not belong together', () => {
  it.each([
    ['a changed script', 'pgsql.sql', (text: string) => `${text}SELECT 1;\n`],
    [
      'a catalog of another set',
      'catalog.pgsql.json',
      (text: string) => text.replace(/("effective_schema_hash": ")./, '$1x'),
    ],
    [
      'a manifest of another set',
      'ddl.manifest.json',
      (text: string) => text.replace(/("effective_schema_hash": ")./, '$1f'),
    ],
    ['a manifest without the script', 'ddl.manifest.json', (text: string) => text.replace('"pgsql"', '"mssql"')],
  ])('%s is refused before anything is opened', async (_what, file, change) => {
    vi.stubEnv(variable, 'postgres://u@127.0.0.1:1/db');
    const place = path.join(artifacts, file);
    const text = readFileSync(place, 'utf8');
    writeFileSync(place, change(text));
    try {
      const { code, err } = await ran(['provision', ...fromArtifacts]);
      expect(code).toBe(1);
      expect(err).toMatch(/^error PROVISION_INPUT_STALE .*Emit the artifacts again\.$/m);
    } finally {
      writeFileSync(place, text);
    }
  });

  it('a folder without artifacts names the file and the step', async () => {
    const args = ['--artifacts', scratch, '--dialect', 'pgsql', '--connection', 'pglite:x'];
    const { code, err } = await ran(['provision', ...args]);
    expect(code).toBe(1);
    expect(err).toMatch(
      /^error INPUT_FILE_NOT_FOUND .*effective-schema\.manifest\.json does not exist; dms-ddl emit --schema … --output <another folder> writes it\./,
    );
  });
});

describe('wrong use', () => {
  const fromSchemas = ['--schema', ownSchemaFile('campus')];
  const named =
    "name a database with one of the options '--connection <text>', '--connection-env <NAME>' and '--connection-file <path>'";
  const ofAnyDialect = `error: ${named}, or databases.<dialect> of a dms.json`;
  it.each([
    ['no source', ['provision', '--dialect', 'pgsql'], "'--artifacts <dir>' must be given"],
    ['two sources', ['check', '--dialect', 'pgsql', '--artifacts', 'a', '--schema', 'b'], 'cannot be used with option'],
    ['no dialect', ['inspect', '--connection', 'what'], "required option '--dialect <name>' not specified"],
    ['another action', ['provision', ...schemas, '--dialect', 'pgsql', '--if-same', 'drop'], 'apply, skip, fail'],
    ['an empty connection', ['inspect', '--dialect', 'pgsql', '--connection', ''], 'It must not be empty.'],
    ['no database', ['inspect', '--dialect', 'mssql'], `error: ${named}\n`],
    [
      'no database for provision',
      ['provision', ...fromSchemas, '--dialect', 'pgsql'],
      `${named}, or databases.pgsql of a dms.json\n`,
    ],
    [
      'no database for check',
      ['check', ...fromSchemas, '--dialect', 'mssql'],
      `${named}, or databases.mssql of a dms.json\n`,
    ],
    ['no database for documents', ['get', 'Campus:School', ...fromSchemas], `${ofAnyDialect}\n`],
    ['none to dump', ['dump', ...fromSchemas, '--output', 'x'], `${ofAnyDialect}\n`],
    ['none to load', ['load', 'x.jsonl', ...fromSchemas], `${ofAnyDialect}\n`],
    [
      'none for descriptors',
      ['seed-descriptors', 'x.xml', ...fromSchemas, '--dialect', 'pgsql'],
      `${named}, or databases.pgsql of a dms.json\n`,
    ],
    ['none to upgrade', ['upgrade', 'apply', '--before', 'a', '--after', 'b'], `error: ${named}\n`],
    ['an empty variable', ['inspect', '--dialect', 'pgsql', '--connection-env', ''], 'It must not be empty.'],
  ])('%s', async (_what, args, text) => {
    const { code, err } = await ran(args);
    expect([code, err]).toEqual([2, expect.stringContaining(text)]);
  });
});

describe('a database that cannot be used', () => {
  // every kind of character that has another spelling in a URL, in JSON or in a pattern
  const password = 'Pa"s%s/wörd?@:{1}';
  const role = `dms_commands_${process.pid}`;
  const spellings = [
    password,
    encodeURIComponent(password),
    encodeURI(password),
    JSON.stringify(password).slice(1, -1),
  ];

  beforeAll(async () => {
    await administrator.exec(`CREATE ROLE "${role}" LOGIN PASSWORD '${password}'`);
  });
  afterAll(async () => {
    await administrator.exec(`DROP ROLE "${role}"`);
  });

  function expectNoSecret({ out, err }: Ran): void {
    for (const spelling of spellings) {
      expect(out.toLowerCase()).not.toContain(spelling.toLowerCase());
      expect(err.toLowerCase()).not.toContain(spelling.toLowerCase());
    }
  }

  /** A URL of the scratch database with another user, password, database, host. */
  function changed(
    url: string,
    change: Partial<Pick<URL, 'username' | 'password' | 'pathname' | 'host' | 'port'>>,
  ): string {
    return Object.assign(new URL(url), change).href;
  }

  const asRole = (url: string) => changed(url, { username: role, password: encodeURIComponent(password) });

  interface Trouble {
    readonly name: string;
    readonly code: string;
    readonly advice: RegExp;
    readonly connection: (database: PostgresDatabase) => Promise<string> | string;
    readonly encoding?: 'LATIN1';
  }

  const troubles: readonly Trouble[] = [
    {
      name: 'a wrong password',
      code: 'DB_AUTH_FAILED',
      advice: /28P01.*Check user and password/,
      connection: ({ url }) => changed(url, { password: encodeURIComponent(password) }),
    },
    {
      name: 'an unknown user',
      code: 'DB_AUTH_FAILED',
      advice: /Check user and password/,
      connection: ({ url }) => changed(url, { username: 'nobody', password: encodeURIComponent(password) }),
    },
    {
      name: 'an unknown database, named like the password',
      code: 'DB_NO_DATABASE',
      advice: /database "\*\*\*" does not exist.*use --create-database/,
      connection: ({ url }) => changed(asRole(url), { pathname: `/${encodeURIComponent(password)}` }),
    },
    {
      name: 'a closed port',
      code: 'DB_UNREACHABLE',
      advice: /ECONNREFUSED.*Check host, port and network/,
      connection: () => `postgres://u:${encodeURIComponent(password)}@127.0.0.1:1/db?connect_timeout=1`,
    },
    {
      name: 'a role without the privilege to create',
      code: 'DB_PERMISSION',
      advice: /lacks rights to provision: CREATE on database "[^"]+"\. Run: GRANT CREATE ON DATABASE "[^"]+" TO /,
      connection: ({ url }) => asRole(url),
    },
    {
      name: 'a server that takes no writes',
      code: 'DB_READ_ONLY',
      advice:
        /Run: SET default_transaction_read_only = off; ALTER ROLE \S+ IN DATABASE \S+ RESET default_transaction_read_only/,
      connection: async (database) => {
        await sql(
          database,
          `GRANT CREATE ON DATABASE "${database.name}" TO "${role}";
           ALTER ROLE "${role}" IN DATABASE "${database.name}" SET default_transaction_read_only = on`,
        );
        return asRole(database.url);
      },
    },
    {
      name: 'a database in another encoding',
      code: 'DB_ENCODING',
      advice: /LATIN1.*create another database/,
      connection: async (database) => {
        await sql(database, `GRANT CREATE ON DATABASE "${database.name}" TO "${role}"`);
        return asRole(database.url);
      },
      encoding: 'LATIN1',
    },
  ];

  it.each(troubles)('$name: $code, what to do, and no secret', async ({ code, advice, connection, encoding }) => {
    const database = await newDatabase(encoding);
    vi.stubEnv(variable, await connection(database));
    const before = await objects(database);
    for (const more of [[], ['--json']]) {
      const result = await ran(['provision', ...fromArtifacts, ...more]);
      expect([result.code, result.out]).toEqual([1, '']);
      expect(result.err).toContain(code);
      if (more.length === 0) expect(result.err).toMatch(advice);
      expectNoSecret(result);
    }
    expect(await objects(database)).toBe(before);
  });

  it.each([
    ['no known form', `nonsense ${password}`, 'DB_TARGET_SYNTAX'],
    ['the other dialect', `mssql://sa:${encodeURIComponent(password)}@h/db`, 'DB_TARGET_DIALECT'],
    ['no database', `postgres://u:${encodeURIComponent(password)}@h`, 'DB_TARGET_INCOMPLETE'],
    ['a wrong value', `postgres://u:${encodeURIComponent(password)}@h/d?sslmode=prefer`, 'DB_OPTION_VALUE'],
    ['no variable', undefined, 'DB_ENV_MISSING'],
  ])('a connection text with %s: %s', async (_what, text, code) => {
    vi.stubEnv(variable, text);
    const result = await ran(['provision', ...fromArtifacts]);
    expect([result.code, result.out]).toEqual([1, '']);
    expect(result.err).toMatch(new RegExp(`^error ${code} `, 'm'));
    expectNoSecret(result);
  });

  it('a password on the command line is warned of, and not repeated', async () => {
    const text = `postgres://u:${encodeURIComponent(password)}@127.0.0.1:1/db?connect_timeout=1`;
    const result = await ran(['inspect', '--dialect', 'pgsql', '--connection', text]);
    expect(result.err).toMatch(/^warning DB_SECRET_ON_COMMAND_LINE /m);
    expectNoSecret(result);
    const misspelt = await ran(['inspect', '--dialect', 'pgsql', `--conection=${text}`]);
    expect([misspelt.code, misspelt.err]).toEqual([2, expect.stringContaining('--conection')]);
    expectNoSecret(misspelt);
    const misplaced = await ran([text]);
    expect(misplaced.code).toBe(2);
    expectNoSecret(misplaced);
  });

  it('a server that cannot be reached is named where the connection has no password', async () => {
    const result = await ran([
      'inspect',
      '--dialect',
      'pgsql',
      '--connection',
      'postgres://ann@127.0.0.1:1/campus?connect_timeout=1',
    ]);
    expect([result.code, result.err]).toEqual([
      1,
      expect.stringMatching(/^error DB_UNREACHABLE postgres(?:ql)?:\/\/ann@127\.0\.0\.1:1\/campus: /),
    ]);
  });

  it('a folder that another process has', async () => {
    const folder = path.join(scratch, 'taken');
    writeFileSync(`${folder}.lock`, String(process.ppid));
    const args = ['--artifacts', artifacts, '--dialect', 'pgsql', '--connection', `pglite:${folder}`];
    const { code, err } = await ran(['provision', ...args]);
    expect(code).toBe(1);
    expect(err).toMatch(/^error DB_EMBEDDED_IN_USE .*in use by process \d+/);
  });
});

it.each([
  ['check', ['check', '--artifacts', artifacts]],
  ['inspect', ['inspect']],
])('%s makes no database where there is none, least of all among other files', async (_, command) => {
  const folder = path.join(scratch, 'papers');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'thesis.txt'), 'mine');
  for (const place of [folder, path.join(scratch, 'typo')]) {
    const { code, err } = await ran([...command, '--dialect', 'pgsql', '--connection', `pglite:${place}`]);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^error DB_NO_DATABASE .*there is no embedded database in /),
    ]);
  }
  const provisioned = await ran([
    ...['provision', '--artifacts', artifacts, '--dialect', 'pgsql', '--connection', `pglite:${folder}`],
  ]);
  expect(provisioned).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^error DB_NO_DATABASE .*holds other files/),
  });
  expect(readdirSync(folder)).toEqual(['thesis.txt']);
  expect(existsSync(path.join(scratch, 'typo'))).toBe(false);
});

it('a folder that cannot be created is reported as such', async () => {
  const file = path.join(scratch, 'a-file');
  writeFileSync(file, 'mine');
  const args = ['--artifacts', artifacts, '--dialect', 'pgsql', '--connection', `pglite:${path.join(file, 'db')}`];
  expect(await ran(['provision', ...args])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^error OUTPUT_NOT_A_FOLDER /),
  });
});
