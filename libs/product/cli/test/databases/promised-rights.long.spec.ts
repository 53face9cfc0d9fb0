import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSession, ownSchemaFile, ownSchemasV2, ownServer } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ran } from '../ran.ts';

/*
 * What doctor and a dry run say about the rights of a role, and what the run itself does then (design 09c §1.1): for each
 * right that may be missing, all three agree.
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
interface Case {
  readonly name: string;
  readonly before: readonly string[];
  /** Whether the server has the role that owns functions; only `v2` has one. */
  readonly hasOwner?: boolean;
}

/** A statement about the database of the session. */
const ofDatabase = (text: string) => `DO $$ BEGIN EXECUTE format('${text}', current_database()); END $$`;
const create = ofDatabase(`GRANT CREATE ON DATABASE %I TO ${role}`);

const cases: readonly Case[] = [
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
}, 120_000);

afterAll(async () => {
  vi.unstubAllEnvs();
  await server?.stop();
  rmSync(scratch, { recursive: true });
});

describe.each(['v1', 'v2'])('%s', (version) => {
  it.each(cases)('$name', { timeout: 60_000 }, async ({ before, hasOwner = false }) => {
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
