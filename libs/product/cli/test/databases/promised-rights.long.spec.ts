import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSession, ownSchemaFile, ownSchemasV2, ownServer } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ran } from '../ran.ts';

/*
 * What doctor and a dry run say about the rights of a role, and what the run itself does then (design 09c §1.1): for each
 * right that may be missing, all three agree. And what `--grants` prints for a purpose is enough for every command that
 * serves it: each runs as a role with these rights alone.
 */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-promises-'));
const schemas = ownSchemasV2.flatMap((name) => ['--schema', ownSchemaFile(name)]);
const artifactsOf = (version: string) => path.join(scratch, version);
const variable = 'DMS_PROMISES_SPEC';
const role = 'promised';
const owner = 'edfi_dms_enqueue_owner';

const member = `GRANT ${owner} TO ${role} WITH SET TRUE, INHERIT FALSE`;

async function exec(url: string, ...statements: readonly string[]): Promise<void> {
  const session = await openSession(url);
  try {
    for (const statement of statements) await session.exec(statement);
  } finally {
    await session.close();
  }
}

/** What a superuser has done in an empty database before. */
interface RightsCase {
  readonly name: string;
  readonly before: readonly string[];
  /** Whether the server has the role that owns functions; only `v2` has one. */
  readonly hasOwner?: boolean;
}

/** A statement about the database of the session. */
const ofDatabase = (text: string) => `DO $$ BEGIN EXECUTE format('${text}', current_database()); END $$`;
const create = ofDatabase(`GRANT CREATE ON DATABASE %I TO ${role}`);

const cases: readonly RightsCase[] = [
  { name: 'nothing', before: [] },
  { name: 'CREATE on the database, no role of the queue', before: [create] },
  { name: 'CREATE on the database, a role of the queue', before: [create], hasOwner: true },
  { name: 'CREATE and membership', before: [create, member], hasOwner: true },
  { name: 'membership alone', before: [member], hasOwner: true },
  { name: 'CREATE and CREATEROLE', before: [create, `ALTER ROLE ${role} CREATEROLE`] },
  {
    name: 'CREATE and CREATEROLE, a role of the queue of another',
    before: [create, `ALTER ROLE ${role} CREATEROLE`],
    hasOwner: true,
  },
  { name: 'owner of the database', before: [ofDatabase(`ALTER DATABASE %I OWNER TO ${role}`), member], hasOwner: true },
  { name: 'a schema dms of another', before: [create, member, 'CREATE SCHEMA dms'], hasOwner: true },
  {
    name: 'a schema dms of another, with all rights on it',
    before: [create, member, 'CREATE SCHEMA dms', `GRANT ALL ON SCHEMA dms TO ${role}`],
    hasOwner: true,
  },
  { name: 'a schema edfi of another', before: [create, member, 'CREATE SCHEMA edfi'], hasOwner: true },
  {
    name: 'pgcrypto in a schema without USAGE',
    before: [create, member, 'CREATE SCHEMA ext; CREATE EXTENSION pgcrypto SCHEMA ext'],
    hasOwner: true,
  },
  { name: 'pgcrypto in public', before: [create, member, 'CREATE EXTENSION pgcrypto SCHEMA public'], hasOwner: true },
  {
    name: 'pgcrypto without EXECUTE',
    before: [
      create,
      member,
      'CREATE EXTENSION pgcrypto SCHEMA public',
      'REVOKE EXECUTE ON FUNCTION public.digest(bytea, text) FROM PUBLIC',
    ],
    hasOwner: true,
  },
  { name: 'no USAGE on public', before: [create, member, 'REVOKE ALL ON SCHEMA public FROM PUBLIC'], hasOwner: true },
  { name: 'no schema public', before: [create, member, 'DROP SCHEMA public'], hasOwner: true },
  { name: 'no plpgsql', before: [create, member, 'REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC'], hasOwner: true },
  {
    name: 'no temporary tables',
    before: [create, member, ofDatabase('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC')],
    hasOwner: true,
  },
  {
    name: 'no CONNECT',
    before: [create, member, ofDatabase('REVOKE CONNECT ON DATABASE %I FROM PUBLIC')],
    hasOwner: true,
  },
  {
    name: 'no EXECUTE for new functions',
    before: [create, member, `ALTER DEFAULT PRIVILEGES FOR ROLE ${role} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC`],
    hasOwner: true,
  },
];

/** A server of its own: the role of the queue belongs to all databases of a server. */
let server: Awaited<ReturnType<typeof ownServer>>;
const urlOf = (database: string, user?: string) =>
  Object.assign(new URL(server.url), { pathname: `/${database}`, ...(user ? { username: user, password: 'x' } : {}) })
    .href;

beforeAll(async () => {
  for (const version of ['v1', 'v2']) {
    const generation = ['--mapping-version', version, '--output', artifactsOf(version)];
    expect(await ran(['emit', ...schemas, '--dialect', 'pgsql', ...generation])).toMatchObject({ code: 0 });
  }
  server = await ownServer();
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await server?.stop();
  rmSync(scratch, { recursive: true });
});

describe.each(['v1', 'v2'])('%s', (version) => {
  it.each(cases)('$name', async ({ before, hasOwner = false }) => {
    const database = `promised_${version}`;
    vi.stubEnv(variable, urlOf(database, role));
    const options = ['--artifacts', artifactsOf(version), '--connection-env', variable];
    const owners = hasOwner ? [`CREATE ROLE ${owner} NOLOGIN NOINHERIT`] : [];
    await exec(
      urlOf('postgres'),
      `CREATE DATABASE ${database} TEMPLATE template0`,
      `CREATE ROLE ${role} LOGIN PASSWORD 'x'`,
      ...owners,
    );
    try {
      await exec(urlOf(database), ...before);
      const doctor = await ran(['doctor', ...options, '--dialect', 'pgsql']);
      const dry = await ran(['provision', ...options, '--dialect', 'pgsql', '--dry-run']);
      const done = await ran(['provision', ...options, '--dialect', 'pgsql']);
      expect({ doctor: doctor.code, dry: dry.code }).toEqual({ doctor: done.code, dry: done.code });
      // a database without the set is no reason to promise rights on its tables
      if (done.err.includes('DB_PERMISSION'))
        expect(doctor.out).not.toMatch(/ok {2}rights to (?:read|write|provision)/);
      if (done.code === 0) expect(doctor.out).toMatch(/ok {2}rights to provision/);
    } finally {
      await exec(
        urlOf('postgres'),
        `DROP DATABASE ${database} WITH (FORCE)`,
        `DROP ROLE IF EXISTS ${owner}`,
        `DROP ROLE ${role}`,
      );
    }
  });
});

describe.each(['v1', 'v2'])('a role of %s with what --grants prints', (version) => {
  const database = `granted_${version}`;
  const roles = { maker: 'provision', reader: 'read', writer: 'write', analyst: 'report' } as const;
  type Granted = keyof typeof roles;
  const place = (name: string) => path.join(scratch, `${version}-${name}`);
  const [core = ''] = schemas.slice(1, 2);
  const ofFirst = ['--artifacts', place('first')];
  // only the owner reads the queue
  const readsQueue = version === 'v1' ? ['--data'] : [];
  const toBoth = ['--before', place('first'), '--after', artifactsOf(version)];

  /** Runs a command as a role that has been given the rights of its purpose. */
  async function succeeds(role: Granted, ...command: readonly string[]) {
    vi.stubEnv(variable, urlOf(database, role));
    const { code, out, err } = await ran([...command, '--connection-env', variable]);
    expect([command.join(' '), code, code === 0 ? '' : out + err]).toEqual([command.join(' '), 0, '']);
    return out;
  }

  /** Gives a role exactly what is printed for its purpose. */
  async function grant(role: Granted, artifacts: readonly string[]): Promise<void> {
    const purpose = roles[role] === 'report' ? [] : ['--purpose', roles[role]];
    const { code, out } = await ran(['doctor', ...artifacts, '--dialect', 'pgsql', '--grants', role, ...purpose]);
    expect(code).toBe(0);
    const [, reporting = ''] = out.split('-- To read the reporting views.');
    await exec(urlOf(database), purpose.length > 0 ? out : (reporting.split('\n-- To ')[0] ?? ''));
  }

  beforeAll(async () => {
    const one = ['--schema', core, '--dialect', 'pgsql', '--mapping-version', version, '--output', place('first')];
    expect(await ran(['emit', ...one])).toMatchObject({ code: 0 });
    const samples = ['sample', ...ofFirst, '--documents', '150', '--output', place('samples')];
    expect(await ran(samples)).toMatchObject({ code: 0 });
    await exec(
      urlOf('postgres'),
      `CREATE DATABASE ${database} TEMPLATE template0`,
      `CREATE ROLE ${owner} NOLOGIN NOINHERIT`,
      ...Object.keys(roles).map((each) => `CREATE ROLE ${each} LOGIN PASSWORD 'x'`),
    );
    // nothing but what is granted
    await exec(urlOf(database), ofDatabase('REVOKE ALL ON DATABASE %I FROM PUBLIC'));
  });

  afterAll(async () => {
    await exec(
      urlOf('postgres'),
      `DROP DATABASE ${database} WITH (FORCE)`,
      ...[owner, ...Object.keys(roles)].map((each) => `DROP ROLE ${each}`),
    );
  });

  it('provisions, and provisions again', async () => {
    await grant('maker', ofFirst);
    for (const dryRun of [['--dry-run'], [], []]) await succeeds('maker', 'provision', ...ofFirst, ...dryRun);
    await succeeds('maker', 'comments', 'apply', ...ofFirst);
  });

  it('loads documents', async () => {
    await grant('writer', ofFirst);
    // a load in bulk is the owner's: it disables triggers
    await succeeds('writer', 'load', place('samples'), ...ofFirst);
    await succeeds('writer', 'load', place('samples'), ...ofFirst, '--on-existing', 'replace');
    await succeeds('writer', 'check', ...ofFirst, ...readsQueue);
  });

  it('reads documents and what is recorded of them', async () => {
    await grant('reader', ofFirst);
    await succeeds('reader', 'dump', ...ofFirst, '--output', place('dumped'));
    await succeeds('reader', 'check', ...ofFirst, ...readsQueue);
    await succeeds('reader', 'inspect');
    await succeeds('reader', 'upgrade', 'status');
    if (version === 'v2') await succeeds('reader', 'changes', ...ofFirst);
  });

  it('repairs rows and sequences', async () => {
    await exec(
      urlOf(database),
      'SET session_replication_role = replica',
      'DELETE FROM dms."ReferentialIdentity" WHERE ctid = (SELECT min(ctid) FROM dms."ReferentialIdentity")',
      'ALTER SEQUENCE dms."ChangeVersionSequence" RESTART',
    );
    const out = await succeeds('maker', 'check', ...ofFirst, '--data', '--repair');
    expect(out).toContain('Rows: ok');
  });

  it('reads every reporting view', async () => {
    await succeeds('maker', 'reporting', 'apply', ...ofFirst);
    await grant('analyst', ofFirst);
    const session = await openSession(urlOf(database, 'analyst'));
    const views = await session.query<{ name: string }>(
      "SELECT c.oid::regclass::text AS name FROM pg_class AS c WHERE c.relkind = 'v' AND obj_description(c.oid) LIKE 'dms-ddl reporting%'",
    );
    expect(views.length).toBeGreaterThan(10);
    for (const { name } of views) await session.query(`SELECT * FROM ${name}`);
    await session.close();
  });

  it('upgrades, with and without preparation', async () => {
    await succeeds('maker', 'upgrade', 'plan', ...toBoth);
    await succeeds('maker', 'upgrade', 'prepare', ...toBoth);
    await succeeds('maker', 'upgrade', 'prepare', '--undo');
    await succeeds('maker', 'upgrade', 'apply', ...toBoth, '--dry-run');
    await succeeds('maker', 'upgrade', 'apply', ...toBoth);
    await succeeds('maker', 'check', '--artifacts', artifactsOf(version));
  });
});
