import { empty, givenScript, textOf } from '@dms/sql';
import { createScratchDatabase, givenByOthers, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { targetOf } from '../../test/engines.ts';
import type { Connection } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { run } from '../drivers/statement.ts';
import { cannotKeep, cannotKeepFindings, everythingAgain, type MadeAgain } from './cannot-keep.ts';
import { giveBack, keptDuring } from './give-back.ts';
import { keepOperations } from './keep-operations.ts';
import type { LaterObjects } from './kept.ts';
import { readKept } from './read-kept.ts';

/* A table on which everything is planted is dropped and made again, and gets back what it had (design 12a §3). */

const [owner, reader, clerk, helper] = ['owner', 'reader', 'clerk', 'helper'].map(
  (name) => `Dms ${name} ${process.pid}`,
) as [string, string, string, string];
const roles = [owner, reader, clerk, helper];

const q = (name: string) => `"${name}"`;

const table = `CREATE TABLE s.t (id int CONSTRAINT t_pk PRIMARY KEY, name text NOT NULL CONSTRAINT t_name UNIQUE, note text, amount numeric);
CREATE INDEX t_note ON s.t (note, (amount + 1));
CREATE TRIGGER t_always BEFORE UPDATE ON s.t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER t_disabled BEFORE UPDATE ON s.t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();`;

const objects = `CREATE SCHEMA s;
${table}
CREATE VIEW s.v AS SELECT id, name FROM s.t;
CREATE SEQUENCE s.q;
CREATE FUNCTION s.f(a int, b text) RETURNS int LANGUAGE sql AS 'SELECT 1';`;

/** One entry for each thing that a table, a view, a sequence or a function can have. */
const planted: Readonly<Record<string, string>> = {
  owner: `ALTER TABLE s.t OWNER TO ${q(owner)}`,
  persistence: 'ALTER TABLE s.t SET UNLOGGED',
  options: 'ALTER TABLE s.t SET (fillfactor = 70, autovacuum_enabled = false)',
  'toast options': 'ALTER TABLE s.t SET (toast.autovacuum_enabled = false)',
  'column statistics': 'ALTER TABLE s.t ALTER note SET STATISTICS 500',
  'column storage': 'ALTER TABLE s.t ALTER note SET STORAGE EXTERNAL',
  'column compression': 'ALTER TABLE s.t ALTER name SET COMPRESSION pglz',
  'column options': 'ALTER TABLE s.t ALTER note SET (n_distinct = -0.5)',
  'index options': 'ALTER INDEX s.t_note SET (fillfactor = 60)',
  'index statistics': 'ALTER INDEX s.t_note ALTER COLUMN 2 SET STATISTICS 300',
  'index cluster': 'ALTER TABLE s.t CLUSTER ON t_note',
  'index replica identity': 'ALTER TABLE s.t REPLICA IDENTITY USING INDEX t_name',
  'trigger always': 'ALTER TABLE s.t ENABLE ALWAYS TRIGGER t_always',
  'trigger disabled': 'ALTER TABLE s.t DISABLE TRIGGER t_disabled',
  'row security': 'ALTER TABLE s.t ENABLE ROW LEVEL SECURITY',
  'forced row security': 'ALTER TABLE s.t FORCE ROW LEVEL SECURITY',
  rights: `GRANT SELECT, INSERT ON s.t TO ${q(reader)}`,
  'rights with option': `GRANT UPDATE, SELECT ON s.t TO ${q(clerk)} WITH GRANT OPTION`,
  'rights of a grantor': `SET LOCAL ROLE ${q(clerk)}; GRANT UPDATE ON s.t TO ${q(helper)}; RESET ROLE`,
  'rights of everybody': 'GRANT REFERENCES ON s.t TO PUBLIC',
  'right taken from the owner': `REVOKE TRUNCATE ON s.t FROM ${q(owner)}`,
  'column rights': `GRANT SELECT (name), UPDATE (note) ON s.t TO ${q(helper)}`,
  'column rights of a grantor': `SET LOCAL ROLE ${q(clerk)}; GRANT UPDATE (amount) ON s.t TO ${q(reader)}; RESET ROLE`,
  comment: "COMMENT ON TABLE s.t IS 'it''s of others'",
  'column comment': "COMMENT ON COLUMN s.t.note IS 'a note'",
  'constraint comment': "COMMENT ON CONSTRAINT t_name ON s.t IS 'a key'",
  'index comment': "COMMENT ON INDEX s.t_note IS 'an index'",
  'trigger comment': "COMMENT ON TRIGGER t_always ON s.t IS 'a trigger'",
  'view owner': `ALTER VIEW s.v OWNER TO ${q(owner)}`,
  'view options': 'ALTER VIEW s.v SET (security_barrier = true)',
  'view default': "ALTER VIEW s.v ALTER name SET DEFAULT 'x'",
  'view rights': `GRANT SELECT ON s.v TO ${q(reader)}`,
  'view column rights': `GRANT SELECT (id) ON s.v TO ${q(helper)}`,
  'view comment': "COMMENT ON VIEW s.v IS 'a view'",
  'view column comment': "COMMENT ON COLUMN s.v.id IS 'an id'",
  'sequence owner': `ALTER SEQUENCE s.q OWNER TO ${q(owner)}`,
  'sequence rights': `GRANT USAGE ON SEQUENCE s.q TO ${q(reader)}`,
  'sequence comment': "COMMENT ON SEQUENCE s.q IS 'numbers'",
  'function owner': `ALTER FUNCTION s.f OWNER TO ${q(owner)}`,
  'function rights': `GRANT EXECUTE ON FUNCTION s.f TO ${q(reader)}`,
  'function comment': "COMMENT ON FUNCTION s.f IS 'a function'",
};

const again = `DROP SCHEMA s CASCADE; ${objects}`;

let database: PostgresDatabase;
let connection: Connection;
beforeAll(async () => {
  database = await createScratchDatabase();
  connection = await openDatabase(targetOf(database.url));
  await connection.execute(givenScript(roles.map((role) => `CREATE ROLE ${q(role)};`).join('\n')));
  await connection.execute(
    givenScript(`${objects} GRANT CREATE, USAGE ON SCHEMA s TO ${q(owner)}; GRANT USAGE ON SCHEMA s TO ${q(clerk)};`),
  );
});
afterAll(async () => {
  const all = roles.map(q).join(', ');
  await connection.execute(givenScript(`DROP OWNED BY ${all} CASCADE; DROP ROLE ${all}`));
  await connection.close();
  await database.drop();
});

/** Runs an action in a transaction that is rolled back. */
async function tried<Result>(action: () => Promise<Result>): Promise<Result> {
  await connection.begin();
  try {
    return await action();
  } finally {
    await connection.rollback();
  }
}

const state = () => givenByOthers(connection, ['s']);
const plant = async (...statements: readonly string[]) => {
  for (const statement of statements) await connection.execute(givenScript(statement));
};

describe('a database with objects that are dropped and made again', () => {
  it.each(Object.entries(planted))('gets back: %s', (name, statement) =>
    tried(async () => {
      const needed = name.includes('of a grantor') ? [planted['rights with option'] ?? ''] : [];
      await plant(...needed, statement);
      const kept = await readKept(connection, ['s']);
      const before = await state();
      await plant(again);
      expect(await state()).not.toEqual(before);
      await giveBack(connection, kept, { schemas: ['s'] });
      expect(await state()).toEqual(before);
    }),
  );

  it('gets back everything at once, and each operation is needed', () =>
    tried(async () => {
      await plant(...Object.values(planted));
      const kept = await readKept(connection, ['s']);
      const before = await state();
      await plant(again);
      const operations = keepOperations('pgsql', kept, await readKept(connection, ['s']));
      expect(operations.length).toBeGreaterThan(40);
      for (const [left] of operations.entries()) {
        await connection.execute(givenScript('SAVEPOINT one'));
        // some operations need an earlier one
        for (const [index, { sql }] of operations.entries()) {
          if (index === left) continue;
          await connection.execute(givenScript('SAVEPOINT each'));
          await run(connection, sql).catch(() => connection.execute(givenScript('ROLLBACK TO SAVEPOINT each')));
        }
        const found = await state();
        // what a new object has is taken from its owner first, to be given in the earlier order
        const text = textOf(operations[left]?.sql ?? empty);
        if (!/^REVOKE/.test(text)) expect(found, text).not.toEqual(before);
        await connection.execute(givenScript('ROLLBACK TO SAVEPOINT one'));
      }
      for (const { sql } of operations) await run(connection, sql);
      expect(await state()).toEqual(before);
      expect(keepOperations('pgsql', kept, await readKept(connection, ['s']))).toEqual([]);
    }));

  it('takes what default privileges give', () =>
    tried(async () => {
      const kept = await readKept(connection, ['s']);
      const before = await state();
      await plant(`ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO ${q(reader)}`, again);
      expect(await state()).not.toEqual(before);
      await giveBack(connection, kept, { schemas: ['s'] });
      expect(await state()).toEqual(before);
    }));

  it('gives back under the later names', () =>
    tried(async () => {
      await plant(...Object.values(planted));
      const kept = await readKept(connection, ['s']);
      await plant(again, 'ALTER TABLE s.t RENAME TO u', 'ALTER TABLE s.u RENAME note TO remark');
      await plant('ALTER INDEX s.t_note RENAME TO u_note');
      const names: LaterObjects = {
        schema: (name) => name,
        relation: ({ schema, name }) => ({ schema, name: name === 't' ? 'u' : name }),
        part: (_relation, { name }) => ({ note: 'remark', t_note: 'u_note' })[name] ?? name,
      };
      await giveBack(connection, kept, { schemas: ['s'], names });
      const found = (await state()).join('\n');
      expect(found).toMatch(/table column s\.u\.remark: \{"?"?\\?"?Dms helper.*n_distinct=-0\.5.* 500 e/);
      expect(found).toContain('index s.u_note: comment an index');
      expect(found).toContain("table s.u: comment it's of others");
    }));

  it('leaves out parts that are gone', () =>
    tried(async () => {
      await plant(...Object.values(planted));
      const kept = await readKept(connection, ['s']);
      await plant(again, 'ALTER TABLE s.t DROP note', 'DROP TRIGGER t_always ON s.t');
      const operations = await giveBack(connection, kept, { schemas: ['s'] });
      expect(operations.filter(({ part }) => part?.name === 'note' || part?.name === 't_always')).toEqual([]);
      expect((await state()).join('\n')).toContain(`${reader}`);
    }));

  it('keeps a newer comment, and rights of the roles that own functions', () =>
    tried(async () => {
      await plant("COMMENT ON TABLE s.t IS 'earlier'");
      const kept = await readKept(connection, ['s']);
      await plant("COMMENT ON TABLE s.t IS 'later'");
      expect(await giveBack(connection, kept, { schemas: ['s'] })).toEqual([]);
    }));
});

describe('what a session cannot give back', () => {
  const asHelper = async (change: MadeAgain) => {
    await connection.execute(givenScript(`SET LOCAL ROLE ${q(helper)}`));
    const found = cannotKeep('pgsql', await readKept(connection, ['s']), change);
    await connection.execute(givenScript('RESET ROLE'));
    return found.map(({ text }) => text);
  };

  it('is nothing for a superuser', () =>
    tried(async () => {
      await plant(...Object.values(planted));
      expect(cannotKeep('pgsql', await readKept(connection, ['s']), everythingAgain)).toEqual([]);
    }));

  it('are owners and grantors that a role may not become, with role and object', () =>
    tried(async () => {
      await plant(planted.owner ?? '', planted['rights with option'] ?? '', planted['rights of a grantor'] ?? '');
      const found = await asHelper(everythingAgain);
      expect(found).toContain(
        `the owner ${owner} of s.t. Run it as a superuser, or make ${helper} a member of ${owner}`,
      );
      expect(found).toContain(
        `UPDATE on s.t for ${helper}, which ${clerk} gave. Run it as a superuser, or make ${helper} a member of ${clerk}`,
      );
      await plant(`GRANT ${q(owner)}, ${q(clerk)} TO ${q(helper)}`);
      expect((await asHelper(everythingAgain)).filter((text) => text.includes('s.t'))).toEqual([]);
      await plant(`REVOKE CREATE ON SCHEMA s FROM ${q(owner)}`);
      expect(await asHelper(everythingAgain)).toContain(
        `the owner ${owner} of s.t, which may not create in the schema s. Grant it CREATE on the schema`,
      );
    }));

  it('are parents and types of a table, and marks of an index that goes', () =>
    tried(async () => {
      await plant('CREATE TABLE public.parent (id int NOT NULL)', 'ALTER TABLE s.t INHERIT public.parent');
      await plant(planted['index replica identity'] ?? '', planted['index cluster'] ?? '');
      const kept = await readKept(connection, ['s']);
      const inherited = cannotKeep('pgsql', kept, everythingAgain).map(({ text }) => text);
      expect(inherited).toEqual([
        expect.stringMatching(
          /^the parent (?:public\.)?parent of s\.t\. Detach the table with ALTER TABLE … NO INHERIT$/,
        ),
      ]);
      const gone: MadeAgain = {
        isRemoved: () => false,
        isMadeAgain: () => false,
        isMoved: () => false,
        fateOf: (_object, { kind }) => (kind === 'index' ? 'gone' : 'stays'),
      };
      expect(cannotKeep('pgsql', kept, gone).map(({ text }) => text)).toEqual([
        'the replica identity of index t_name of s.t. Give the table another one first: ALTER TABLE … REPLICA IDENTITY DEFAULT, or FULL',
        'the mark of CLUSTER of index t_note of s.t. Remove it with ALTER TABLE … SET WITHOUT CLUSTER',
      ]);
      expect(cannotKeep('pgsql', kept, { ...gone, isRemoved: () => true })).toEqual([]);
    }));
});

describe('a change of a database that has objects already', () => {
  it('gives what it adds the owner of the others, and keeps the rights on what it makes again', () =>
    tried(async () => {
      await plant(
        'CREATE SCHEMA dms',
        'CREATE TABLE dms."EffectiveSchema" (a int)',
        'CREATE FUNCTION dms.old() RETURNS int LANGUAGE sql AS $$SELECT 1$$',
        `GRANT EXECUTE ON FUNCTION dms.old TO ${q(reader)}`,
        `ALTER TABLE dms."EffectiveSchema" OWNER TO ${q(owner)}`,
        `GRANT USAGE, CREATE ON SCHEMA dms TO ${q(owner)}`,
      );
      const given = await givenByOthers(connection, ['dms']);
      await keptDuring(connection, { schemas: ['dms', 'later'] }, {}, () =>
        plant(
          'DROP FUNCTION dms.old',
          'CREATE FUNCTION dms.old() RETURNS int LANGUAGE sql AS $$SELECT 2$$',
          'CREATE SCHEMA later',
          'CREATE TABLE later.added (a serial)',
          'CREATE VIEW later.shown AS SELECT 1 AS a',
        ),
      );
      expect(await givenByOthers(connection, ['dms'])).toEqual(given);
      const strangers = (await givenByOthers(connection, ['later'])).filter(
        (line) => /^(?:schema|table|view|sequence) [^ ]+: /.test(line) && !line.includes(`: ${owner} `),
      );
      expect(strangers).toEqual([]);
    }));

  it('leaves what it adds to the session that may not give it', () =>
    tried(async () => {
      await plant(
        'CREATE SCHEMA dms',
        'CREATE TABLE dms."EffectiveSchema" (a int)',
        `GRANT USAGE, CREATE ON SCHEMA dms TO ${q(helper)}`,
        `SET LOCAL ROLE ${q(helper)}`,
      );
      await keptDuring(connection, { schemas: ['dms'] }, {}, () => plant('CREATE TABLE dms.added (a int)'));
      await plant('RESET ROLE');
      expect((await givenByOthers(connection, ['dms'])).join('\n')).toContain(`table dms.added: ${helper} `);
    }));
});

it('what an upgrade might not give back is a warning where no plan says what is made again', () =>
  tried(async () => {
    await plant(planted.owner ?? '', `SET LOCAL ROLE ${q(helper)}`);
    const found = cannotKeep('pgsql', await readKept(connection, ['s']), everythingAgain);
    const [warning] = cannotKeepFindings('db', found, 'W');
    expect(warning).toMatchObject({ code: 'UPGRADE_CANNOT_KEEP', class: 'W' });
    expect(warning?.message).toContain(`the owner ${owner} of s.t.`);
    expect(warning?.details.roles).toContain(owner);
    expect(cannotKeepFindings('db', found)[0]).toMatchObject({ class: 'D' });
    expect(cannotKeepFindings('db', [])).toEqual([]);
  }));
