import { openSession, ownServer, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitters } from '../../test/emitted.ts';
import { personProject } from '../../test/provisioned.ts';
import { failureOf, rolledBack, singleValue } from '../../test/sql-session.ts';

/*
 * The role that owns the functions of the queue (design 16 §2.6). It belongs to the whole cluster, so these tests have
 * their own server, on which it exists only within their transactions.
 */

const { script } = emitters.v2.documents(personProject('ed-fi')).pgsql;

const owner = 'edfi_dms_enqueue_owner';
const lockedDown = 'NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';
const createOwner = `CREATE ROLE ${owner} ${lockedDown}`;
const grantTo = (user: string) => `GRANT ${owner} TO ${user} WITH SET TRUE, INHERIT FALSE, ADMIN FALSE`;

const hasOwnRights = `The role ${owner} has rights of its own. Make it ${lockedDown}.`;
const otherOptions = (user: string) =>
  `${user} is a member of the role ${owner} with other options than SET TRUE, INHERIT FALSE, ADMIN FALSE. Revoke the membership and grant it with these.`;
const noMember = (user: string) =>
  `${user} is not a member of the role ${owner}. Grant it: GRANT ${owner} TO ${user} WITH SET TRUE, INHERIT FALSE, ADMIN FALSE (PostgreSQL 16 and later) or GRANT ${owner} TO ${user}.`;

/**
 * The users of these tests: `plain` may not create roles, `creator` may; either can be made the owner of the database.
 */
const users = 'CREATE ROLE plain; CREATE ROLE creator CREATEROLE';

type RoleOfUser = 'plain' | 'creator' | 'postgres';

const refusals: readonly (readonly [title: string, setup: string, user: RoleOfUser, message: string])[] = [
  [
    'a role that is missing, for a user who may not create it',
    'SELECT 1',
    'plain',
    `The role ${owner} does not exist, and plain may not create it. Provision once as a superuser or as a role with CREATEROLE.`,
  ],
  ...['LOGIN', 'INHERIT', 'SUPERUSER', 'CREATEDB', 'CREATEROLE', 'REPLICATION', 'BYPASSRLS'].map(
    (flag) => [`a role with ${flag}`, `${createOwner}; ALTER ROLE ${owner} ${flag}`, 'postgres', hasOwnRights] as const,
  ),
  [
    'a role that is a member of another role',
    `${createOwner}; GRANT pg_monitor TO ${owner}`,
    'postgres',
    `The role ${owner} is a member of other roles. Revoke these memberships.`,
  ],
  ...(['plain', 'creator', 'postgres'] as const).flatMap((user) =>
    [
      'SET TRUE, INHERIT FALSE, ADMIN TRUE',
      'SET TRUE, INHERIT TRUE, ADMIN FALSE',
      'SET FALSE, INHERIT FALSE, ADMIN FALSE',
      'SET FALSE, INHERIT TRUE, ADMIN TRUE',
    ].map(
      (options) =>
        [
          `a membership of ${user} with ${options}`,
          `${createOwner}; GRANT ${owner} TO ${user} WITH ${options}`,
          user,
          otherOptions(user),
        ] as const,
    ),
  ),
  ['a user who is not a member', createOwner, 'plain', noMember('plain')],
  [
    'a user with CREATEROLE who is not a member of a role of somebody else',
    createOwner,
    'creator',
    noMember('creator'),
  ],
  [
    'a user who may only grant the role',
    `${createOwner}; GRANT ${owner} TO creator WITH SET FALSE, INHERIT FALSE, ADMIN TRUE`,
    'creator',
    noMember('creator'),
  ],
];

/** Checks no. 1 to 4 of design 16 §2.6 on a database that `user` has provisioned. */
async function expectOwner(database: TestDatabase, user: RoleOfUser): Promise<void> {
  expect(
    await database.queryRows(
      `SELECT rolcanlogin, rolinherit, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls,
        EXISTS (SELECT 1 FROM pg_auth_members AS m WHERE m.member = r.oid) FROM pg_roles AS r WHERE rolname = '${owner}'`,
    ),
  ).toEqual([Array(8).fill(false)]);
  const functions = `pg_proc AS p WHERE p.pronamespace = 'dms'::regnamespace AND p.prosecdef`;
  expect(
    await database.queryRows(
      `SELECT p.proname, pg_get_userbyid(p.proowner), array_to_string(p.proconfig, ';'), array_to_string(p.proacl, ';') FROM ${functions} ORDER BY 1`,
    ),
  ).toEqual(
    ['Insert', 'Update'].map((event) => [
      `TF_Document_EnqueueProjection${event}`,
      owner,
      'search_path=pg_catalog',
      `${owner}=X/${owner}`,
    ]),
  );
  const may = async (object: string, kind: string, privileges: readonly string[]) => {
    const values = privileges.map((privilege) => `has_${kind}_privilege('${owner}', '${object}', '${privilege}')`);
    const [row = []] = await database.queryRows(`SELECT ${values.join(', ')}`);
    return privileges.filter((_, index) => row[index] === true);
  };
  const all = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'];
  expect(await may('dms', 'schema', ['USAGE', 'CREATE'])).toEqual(['USAGE']);
  expect(await may('dms."DocumentCacheState"', 'table', all)).toEqual(['SELECT']);
  expect(await may('dms."DocumentProjectionWork"', 'table', all)).toEqual(['SELECT', 'INSERT', 'UPDATE']);
  expect(await may('dms."Document"', 'table', all)).toEqual([]);
  expect(
    await database.queryRows(
      `SELECT 1 FROM pg_class AS c, aclexplode(c.relacl) AS a WHERE c.oid = 'dms."DocumentProjectionWork"'::regclass AND a.grantee = 0`,
    ),
  ).toEqual([]);
  const granted = await database.queryRows(
    `SELECT set_option, inherit_option, admin_option FROM pg_auth_members WHERE roleid = '${owner}'::regrole AND member = '${user}'::regrole
      AND set_option`,
  );
  expect(granted).toEqual([[true, false, false]]);
}

let server: Awaited<ReturnType<typeof ownServer>>;

beforeAll(async () => {
  server = await ownServer();
});

afterAll(() => server?.stop());

describe('the owner of the queue', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openSession(server.url);
  });

  afterAll(() => database.close());

  /** Runs `action` as `user` in a database that `user` owns, and rolls everything back. */
  const as = <Result>(user: RoleOfUser, setup: string, action: () => Promise<Result>) =>
    rolledBack(database, async () => {
      const name = await singleValue(database, 'SELECT current_database()');
      await database.exec(`${users}; ALTER DATABASE "${name}" OWNER TO ${user}; ${setup}`);
      // not SET ROLE: a user may not assume every role that a superuser may
      await database.exec(`SET LOCAL SESSION AUTHORIZATION ${user}`);
      return action();
    });

  const administer = () => database.exec('SET LOCAL SESSION AUTHORIZATION DEFAULT');

  const state = async () => [
    await database.queryRows('SELECT nspname FROM pg_namespace ORDER BY 1'),
    await database.queryRows('SELECT r::text FROM pg_roles AS r ORDER BY 1'),
    await database.queryRows('SELECT m::text FROM pg_auth_members AS m ORDER BY 1'),
  ];

  it.each(refusals)('%s is refused before anything changes', (_title, setup, user, message) =>
    as(user, setup, async () => {
      const before = await state();
      expect(await failureOf(database, script)).toMatchObject({ code: 'P0001', message });
      expect(await state()).toEqual(before);
    }),
  );

  it.each<readonly [string, RoleOfUser, string]>([
    ['a superuser makes the role', 'postgres', 'SELECT 1'],
    ['a superuser finds the role of somebody else', 'postgres', createOwner],
    ['a user with CREATEROLE makes the role', 'creator', 'SELECT 1'],
    ['a user who is a member needs no CREATEROLE', 'plain', `${createOwner}; ${grantTo('plain')}`],
    [
      'a user who may also grant the role',
      'creator',
      `SET LOCAL ROLE creator; ${createOwner}; ${grantTo('creator')}; RESET ROLE`,
    ],
  ])('%s, and the script can run again', (_title, user, setup) =>
    as(user, setup, async () => {
      for (const _ of [1, 2]) {
        await database.exec(script);
        expect(await singleValue(database, 'SELECT current_user')).toBe(user);
        await expectOwner(database, user);
      }
    }),
  );

  it('revokes rights that were granted to others', () =>
    as('postgres', 'SELECT 1', async () => {
      await database.exec(script);
      await database.exec(
        `GRANT EXECUTE ON FUNCTION dms."TF_Document_EnqueueProjectionInsert"() TO PUBLIC;
         GRANT INSERT, UPDATE, DELETE ON dms."DocumentProjectionWork" TO PUBLIC; GRANT CREATE ON SCHEMA dms TO ${owner}`,
      );
      await database.exec(script);
      await expectOwner(database, 'postgres');
    }));

  it('lets a user queue documents who may not touch the queue', () =>
    as('postgres', 'CREATE ROLE writer', async () => {
      await database.exec(script);
      await database.exec(
        `UPDATE dms."DocumentCacheState" SET "ProjectionLifecycleState" = 'Tracking';
         GRANT USAGE ON SCHEMA dms TO writer; GRANT SELECT, INSERT, UPDATE ON dms."Document" TO writer;
         GRANT USAGE ON SEQUENCE dms."ChangeVersionSequence" TO writer; SET LOCAL SESSION AUTHORIZATION writer`,
      );
      await database.exec(`INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), 1)`);
      const next = `nextval('dms."ChangeVersionSequence"')`;
      await database.exec(`UPDATE dms."Document" SET "ContentVersion" = ${next}`);
      const version = await singleValue(database, 'SELECT "ContentVersion" FROM dms."Document"');
      for (const statement of [
        'SELECT * FROM dms."DocumentProjectionWork"',
        'DELETE FROM dms."DocumentProjectionWork"',
        'SELECT * FROM dms."DocumentCacheState"',
      ])
        expect((await failureOf(database, statement)).code, statement).toBe('42501');
      await administer();
      expect(await database.queryRows('SELECT "RequiredContentVersion" FROM dms."DocumentProjectionWork"')).toEqual([
        [version],
      ]);
    }));
});

describe('databases that are provisioned at once', () => {
  it('share the role that the first one creates', async () => {
    const administrator = await openSession(server.url);
    const names = ['first', 'second', 'third'];
    for (const name of names) await administrator.exec(`CREATE DATABASE "${name}"`);
    const sessions = await Promise.all(
      names.map((name) => {
        const url = new URL(server.url);
        url.pathname = `/${name}`;
        return openSession(url.href);
      }),
    );
    try {
      const [first, ...others] = sessions as [TestDatabase, ...TestDatabase[]];
      await first.exec('BEGIN');
      await first.exec(script);
      // they see no role, try to create one, and wait for the first session
      const waiting = Promise.all(others.map((session) => session.exec(script)));
      const isWaiting = `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname <> current_database()`;
      await expect.poll(() => singleValue(administrator, isWaiting), { timeout: 20_000 }).toBe(others.length);
      await first.exec('COMMIT');
      await waiting;
      for (const session of sessions) await expectOwner(session, 'postgres');
      await first.exec(script);
    } finally {
      for (const session of [...sessions, administrator]) await session.close();
    }
  });
});
