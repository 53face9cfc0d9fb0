import { givenScript, trusted } from '@dms/sql';
import { createScratchDatabase, openSession, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, targetOf } from '../../test/engines.ts';
import { type EmittedInput, emitted, small, smallSet } from '../../test/schema-sets.ts';
import type { ServerTarget } from '../addressing/target.ts';
import type { Connection } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { provision } from '../provisioning/provision.ts';
import { type RightPurpose, rightPurposes } from './needed-rights.ts';
import { expectWriter, missingText, roleFindings, roleRights } from './role-rights.ts';

/* What a role may do, by purpose (design 09c §1.1). */

const generations: readonly (readonly [string, EmittedInput])[] = [
  ['v1', small],
  ['v2', emitted(smallSet('5.0.0', 'v2'), 'pgsql')],
];

describe.each(generations)('the rights of a role in a database of %s', (version, input) => {
  const role = `Dms_app_${version}_${process.pid}`;
  const quoted = `"${role}"`;
  const { catalog } = input;
  const { schemas } = catalog;
  let database: PostgresDatabase;
  let connection: Connection;
  const run = async (sql: string) => {
    const session = await openSession(database.url);
    await session.exec(sql).finally(() => session.close());
  };
  const rightsOfReader = () =>
    schemas.flatMap((each) => [
      `GRANT USAGE ON SCHEMA "${each}" TO ${quoted}`,
      `GRANT SELECT ON ALL TABLES IN SCHEMA "${each}" TO ${quoted}`,
    ]);
  beforeAll(async () => {
    database = await createScratchDatabase();
    await run(`CREATE ROLE ${quoted}; CREATE SCHEMA ext; CREATE EXTENSION pgcrypto SCHEMA ext`);
    await provision(targetOf(database.url) as ServerTarget, input);
    connection = await openDatabase(targetOf(database.url));
  });
  afterAll(async () => {
    await connection.close();
    await run(`DROP OWNED BY ${quoted}; DROP ROLE ${quoted}`);
    await database.drop();
  });

  const textOf = async (purpose: RightPurpose) =>
    missingText(await roleRights(connection, catalog, { role }), purpose, 'pgsql');
  /** Runs the statements that a message names, until nothing is missing. */
  const granted = async (purpose: RightPurpose) => {
    const text = await textOf(purpose);
    if (text !== null) await run(text.replace(/^.* Run: /, ''));
    return textOf(purpose);
  };

  it('an owner lacks none, for any purpose', async () => {
    const own = await roleRights(connection, catalog);
    expect(rightPurposes.map((purpose) => missingText(own, purpose, 'pgsql'))).toEqual([null, null, null, null]);
    expect(roleFindings(connection, own, rightPurposes)).toEqual([]);
    expect(await expectWriter(connection, catalog)).toEqual([]);
  });

  it('the statements of a message give the rights, first to read and then to write', async () => {
    await run(`DROP OWNED BY ${quoted}`);
    expect(await textOf('read')).toContain('USAGE on schema "dms"');
    expect(await granted('read')).toBeNull();
    const write = await textOf('write');
    expect(write).toContain('USAGE on schema "ext"');
    expect(write).toContain('SEQUENCE');
    expect(await granted('write')).toBeNull();
    const session = await openSession(database.url);
    await session.exec(`SET ROLE ${quoted}; BEGIN`);
    const written = await session.query(
      `INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES ('11111111-1111-4111-8111-111111111111', 1) RETURNING "DocumentId"`,
    );
    await session.query(`SELECT dms.uuidv5('11111111-1111-4111-8111-111111111111', 'x')`);
    await session.close();
    expect(written).toHaveLength(1);
  });

  it('only a purpose that was asked for fails; who writes is warned, who reads is not', async () => {
    await run(`DROP OWNED BY ${quoted}; ${rightsOfReader().join('; ')}`);
    const found = async (...asked: readonly RightPurpose[]) =>
      roleFindings(connection, await roleRights(connection, catalog, { role }), asked).map(({ code }) => code);
    expect(await found()).toEqual([]);
    expect(await found('read')).toEqual([]);
    expect(await found('write')).toEqual(['DB_PERMISSION']);
    expect(await found('provision')).toEqual(['DB_PERMISSION']);
    await run(`GRANT INSERT ON dms."Document" TO ${quoted}`);
    expect(await found()).toEqual(['DB_ROLE_RIGHTS']);
    expect(await found('write')).toEqual(['DB_PERMISSION']);
    // a role that writes documents must not be able to provision
    expect(await granted('write')).toBeNull();
    expect(await found('read', 'write')).toEqual([]);
  });

  it.each([
    [
      'USAGE on the schema of pgcrypto',
      'REVOKE USAGE ON SCHEMA ext FROM',
      'documents: USAGE on schema "ext". Run: GRANT USAGE ON SCHEMA "ext" TO',
    ],
    [
      'EXECUTE on its functions',
      'REVOKE EXECUTE ON FUNCTION ext.digest(bytea, text) FROM PUBLIC,',
      'documents: EXECUTE on function "ext"."digest"(bytea, text). Run: GRANT EXECUTE ON FUNCTION "ext"."digest"(bytea, text) TO',
    ],
    [
      'EXECUTE on ours',
      'REVOKE EXECUTE ON FUNCTION dms.uuidv5 FROM PUBLIC,',
      'documents: EXECUTE on function "dms"."uuidv5"(uuid, text). Run: GRANT EXECUTE ON FUNCTION "dms"."uuidv5"(uuid, text) TO',
    ],
    [
      'USAGE of a sequence',
      'REVOKE ALL ON SEQUENCE dms."ChangeVersionSequence" FROM',
      'documents: USAGE on sequence "dms"."ChangeVersionSequence". Run: GRANT USAGE ON SEQUENCE "dms"."ChangeVersionSequence" TO',
    ],
  ])('a writer without %s is named, and cannot write a document', async (_, revoke, told) => {
    await run(`DROP OWNED BY ${quoted}`);
    expect(await granted('write')).toBeNull();
    await run(`${revoke} ${quoted}`);
    expect(await textOf('write')).toContain(`${told} ${quoted}`);
    const writer = { ...connection, queryAll: asRole(connection) };
    expect(await failureOf(() => expectWriter(writer, catalog))).toMatchObject({ code: 'DB_PERMISSION' });
    await run('GRANT EXECUTE ON FUNCTION ext.digest(bytea, text), dms.uuidv5 TO PUBLIC');
  });

  it('a writer who lacks a table of a resource is warned, because a load may need no such table', async () => {
    await run(`DROP OWNED BY ${quoted}`);
    expect(await granted('write')).toBeNull();
    await run(`REVOKE INSERT ON edfi."Person" FROM ${quoted}`);
    const found = await expectWriter({ ...connection, queryAll: asRole(connection) }, catalog);
    expect(found.map(({ code }) => code)).toEqual(['DB_ROLE_RIGHTS']);
    expect(found[0]?.message).toContain('INSERT on table "edfi"."Person"');
  });

  describe('a role that does not own the objects', () => {
    const owner = `Dms_owner_${version}_${process.pid}`;
    const strong = `Dms_strong_${version}_${process.pid}`;
    let other: PostgresDatabase;
    let session: Connection;
    beforeAll(async () => {
      other = await createScratchDatabase();
      await run(`CREATE ROLE "${owner}"; CREATE ROLE "${strong}"`);
      await provision(targetOf(other.url) as ServerTarget, input);
      session = await openDatabase(targetOf(other.url));
    });
    afterAll(async () => {
      for (const name of [role, owner, strong])
        await session.execute(givenScript(`REASSIGN OWNED BY "${name}" TO CURRENT_USER; DROP OWNED BY "${name}"`));
      await session.close();
      await other.drop();
      await run(`DROP ROLE "${owner}"; DROP ROLE "${strong}"`);
    });
    /** The membership that the guards of the second generation ask for, which no right on an object replaces. */
    const ofQueue = `GRANT "edfi_dms_enqueue_owner" TO ${quoted} WITH SET TRUE, INHERIT FALSE, ADMIN FALSE`;
    const statementsOf = async (purpose: RightPurpose = 'upgrade') => {
      const text = missingText(await roleRights(session, catalog, { role }), purpose, 'pgsql');
      const statements = text === null ? [] : text.replace(/^.* Run: /s, '').split('; ');
      expect(statements.includes(ofQueue)).toBe(version === 'v2');
      const others = statements.filter((each) => each !== ofQueue);
      return others.length === 0 ? null : others.join('; ');
    };
    const memberships = () =>
      session.query(
        trusted(`SELECT roleid::regrole::text AS role FROM pg_auth_members WHERE member = '${quoted}'::regrole`),
      );

    it('gets the membership in the role of the queue by the statement of the message', async () => {
      const lacks = async () => missingText(await roleRights(session, catalog, { role }), 'provision', 'pgsql') ?? '';
      const told = 'membership in role "edfi_dms_enqueue_owner"';
      expect((await lacks()).includes(told)).toBe(version === 'v2');
      if (version === 'v1') return;
      await session.execute(givenScript(ofQueue));
      expect(await lacks()).not.toContain(told);
      await session.execute(givenScript(`REVOKE edfi_dms_enqueue_owner FROM ${quoted}`));
      // the role belongs to the whole server, and every check warns about such a member
      await session.begin();
      await session.execute(givenScript(`GRANT edfi_dms_enqueue_owner TO ${quoted} WITH ADMIN TRUE`));
      expect(await lacks()).toContain('with other options than SET TRUE, INHERIT FALSE, ADMIN FALSE');
      await session.rollback();
    });

    it('gets them from a superuser, and never a membership in it', async () => {
      const statements = (await statementsOf()) ?? '';
      expect(statements).not.toMatch(/GRANT "[^"]*" TO/);
      const all = statements.split('; ');
      expect(new Set(all).size).toBe(all.length);
      // many objects change their owner in one statement
      expect(statements.includes('DO $owners$')).toBe(version === 'v2');
      await session.execute(givenScript(statements));
      expect([await statementsOf(), await statementsOf('provision'), await memberships()]).toEqual([null, null, []]);
      const [found] = await session.query<{ owners: string[] }>(
        trusted(
          `SELECT array_agg(DISTINCT relowner::regrole::text) AS owners FROM pg_class WHERE relnamespace = 'edfi'::regnamespace`,
        ),
      );
      expect(found?.owners).toEqual([quoted]);
    });

    it('gets a few of them one by one, each statement once', async () => {
      await session.execute(
        givenScript(`ALTER TABLE edfi."Person" OWNER TO CURRENT_USER; ALTER FUNCTION dms.uuidv5 OWNER TO CURRENT_USER;
        ALTER SEQUENCE dms."ChangeVersionSequence" OWNER TO CURRENT_USER`),
      );
      const statements = (await statementsOf())?.split('; ') ?? [];
      expect(statements).toEqual([
        `ALTER FUNCTION "dms"."uuidv5"(uuid, text) OWNER TO ${quoted}`,
        `ALTER SEQUENCE "dms"."ChangeVersionSequence" OWNER TO ${quoted}`,
        `ALTER TABLE "edfi"."Person" OWNER TO ${quoted}`,
      ]);
      await session.execute(givenScript(statements.join('; ')));
      expect(await statementsOf()).toBeNull();
    });

    it.each([
      ['makes roles', `ALTER ROLE "${strong}" CREATEROLE`, `ALTER ROLE "${strong}" NOCREATEROLE`],
      ['passes row security', `ALTER ROLE "${strong}" BYPASSRLS`, `ALTER ROLE "${strong}" NOBYPASSRLS`],
      [
        'runs programs of the server',
        `GRANT pg_execute_server_program TO "${strong}"`,
        `REVOKE pg_execute_server_program FROM "${strong}"`,
      ],
      [
        'is a member of a superuser',
        `CREATE ROLE "${strong}_root" SUPERUSER; GRANT "${strong}_root" TO "${strong}"`,
        `DROP ROLE "${strong}_root"`,
      ],
    ])('gets no membership in an owner that %s', async (_what, make, undo) => {
      await session.execute(givenScript(`REASSIGN OWNED BY ${quoted} TO "${strong}"; ${make}`));
      const statements = (await statementsOf()) ?? '';
      await session.execute(givenScript(undo));
      expect(statements).not.toMatch(/GRANT "[^"]*" TO/);
      await session.execute(givenScript(statements));
      expect([await statementsOf(), await memberships()]).toEqual([null, []]);
    });

    it('becomes a member of a role that only owns them, by one statement', async () => {
      await session.execute(
        givenScript(`REASSIGN OWNED BY ${quoted} TO "${owner}"; ALTER DATABASE "${other.name}" OWNER TO "${owner}"`),
      );
      await session.execute(givenScript(`REVOKE ALL ON DATABASE "${other.name}" FROM ${quoted}`));
      const statements = (await statementsOf()) ?? '';
      expect(statements.split('; ')).toEqual([
        `GRANT CREATE ON DATABASE "${other.name}" TO ${quoted}`,
        `GRANT "${owner}" TO ${quoted}`,
      ]);
      await session.execute(givenScript(statements));
      expect(await statementsOf()).toBeNull();
      await session.execute(givenScript(`REVOKE "${owner}" FROM ${quoted}`));
    });
  });

  /** Queries as the role, so that the catalog reports the rights of the role. */
  function asRole(session: Connection): Connection['queryAll'] {
    return async (statements) => {
      await session.execute(givenScript(`SET ROLE ${quoted}`));
      try {
        return await session.queryAll(statements);
      } finally {
        await session.execute(givenScript('RESET ROLE'));
      }
    };
  }

  it('a role that is not there is named by the server, without our statement', async () => {
    const error = await failureOf(() => roleRights(connection, catalog, { role: 'no such "role"' }));
    expect((error as Error).message).toMatch(/"no such "role"" does not exist \(42704\)\. Create the role, or correct/);
  });
});

describe('the right to execute functions', () => {
  it('that a setting takes away from everybody is given by provision, which says so', async () => {
    const database = await createScratchDatabase();
    try {
      const session = await openSession(database.url);
      await session
        .exec('ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC')
        .finally(() => session.close());
      const target = targetOf(database.url) as ServerTarget;
      const first = await provision(target, small);
      expect(first.outcome).toBe('provisioned');
      expect(first.warnings.map(({ code }) => code)).toContain('DB_DEFAULT_PRIVILEGES');
      expect(first.verified?.diff.differences).toEqual([]);
      // provision grants the right once; the second run has nothing to warn about
      expect((await provision(target, small)).warnings.map(({ code }) => code)).not.toContain('DB_DEFAULT_PRIVILEGES');
    } finally {
      await database.drop();
    }
  });
});
