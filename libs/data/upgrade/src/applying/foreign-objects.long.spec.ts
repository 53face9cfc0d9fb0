import { type Connection, rolledBack } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { givenScript, textOf, trusted } from '@dms/sql';
import { build, type MainGeneration, mainGenerations, someOf, usualGenerations } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Compiled, compiled, openOnServer } from '../../test/bench.ts';
import { roomPairs, schools, simple } from '../../test/schools.ts';
import { planUpgrade } from '../plan/plan-upgrade.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import { type ForeignObjects, foreignErrors, foreignLosses, foreignObjects } from './foreign-objects.ts';

/*
 * Compares the check for foreign objects with the server's own answer: the script runs in spite of the findings (design
 * 12 §7.3).
 */

const { array, integer, object, scalarPath, string } = build;

/** A set, and a second one that differs from it by all kinds of changes. */
function sets(generation: MainGeneration): readonly [Compiled, Compiled] {
  const later = schools();
  later.properties('schools').nickname = string(99);
  later.properties('rooms').devices = array(object({ name: string(20) }, ['name']));
  later.add(simple('Club'));
  later.resource('rooms').relational = { rootTableNameOverride: 'Space' };
  later.resource('bookings').relational = { nameOverrides: { '$.one': 'First' } };
  delete later.properties('sections').title;
  delete later.properties('sections').meetings.items.properties.slots;
  delete later.extra.resourceSchemas.volunteers;
  // the key of rooms gets another column
  later.resource('rooms').identityJsonPaths.push('$.floor');
  later.required('rooms').push('floor');
  later.mapping('rooms').Floor = { ...scalarPath('$.floor'), isPartOfIdentity: true };
  const parts = { roomCode: string(20), schoolId: integer(), floor: integer() };
  later.properties('sections').roomReference = object(parts, Object.keys(parts));
  later.mapping('sections').Room = build.reference(
    'Core:Room',
    [...roomPairs, ['$.floor', '$.roomReference.floor']],
    false,
  );
  return [compiled(schools().documents, 'pgsql', generation), compiled(later.documents, 'pgsql', generation)];
}

/** An upgrade and the database that it is for. */
interface ForeignObjectBench {
  readonly before: Compiled;
  readonly plan: UpgradePlan;
  readonly connection: Connection;
}

const benches = new Map<MainGeneration, ForeignObjectBench>();
beforeAll(async () => {
  for (const generation of mainGenerations) {
    const [before, after] = sets(generation);
    const connection = await openOnServer();
    benches.set(generation, { before, plan: planUpgrade(before, after, { allowLoss: ['all'] }), connection });
    await connection.execute(givenScript(before.script));
  }
});
afterAll(async () => {
  for (const { connection } of benches.values()) await connection.close();
});

/** The script alone makes nothing of others again. */
const noneKept = { again: new Set<string>() };

/** Counts the objects that are called `mine`, and the functions whose code contains `mine`. */
const mine = `SELECT count(*) AS number FROM (
  SELECT 1 FROM pg_class WHERE relname = 'mine' UNION ALL SELECT 1 FROM pg_constraint WHERE conname = 'mine'
  UNION ALL SELECT 1 FROM pg_proc WHERE prosrc LIKE '%mine%' OR proname = 'mine' UNION ALL SELECT 1 FROM pg_trigger WHERE tgname = 'mine'
  UNION ALL SELECT 1 FROM pg_policy WHERE polname = 'mine' UNION ALL SELECT 1 FROM pg_rewrite WHERE rulename = 'mine'
  UNION ALL SELECT 1 FROM pg_statistic_ext WHERE stxname = 'mine'
  UNION ALL SELECT 1 FROM pg_attribute WHERE attname = 'mine' AND NOT attisdropped
  UNION ALL SELECT 1 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relname = 'mine' AND a.attname = 'Title'
  UNION ALL SELECT 1 FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid WHERE p.pubname = 'mine') AS x`;

const kept = async (connection: Connection) => (await connection.query<{ number: number }>(trusted(mine)))[0]?.number;

interface TriedObjects {
  readonly found: ForeignObjects;
  /** The outcome for foreign objects when the script runs in spite of the findings. */
  readonly outcome: 'fails' | 'gone' | 'works';
  readonly error: string;
}

/** Runs the check, then the script on the server. */
async function tried(generation: MainGeneration, sql: string): Promise<TriedObjects> {
  const { before, plan, connection } = mustExist(benches.get(generation), generation);
  return rolledBack(connection, async () => {
    await connection.execute(givenScript(sql));
    const found = await foreignObjects(connection, { plan, before, prepared: null, isAdopted: false, kept: noneKept });
    const there = await kept(connection);
    try {
      await connection.execute(givenScript(plan.statements.map((statement) => textOf(statement.sql)).join('\n')));
    } catch (error) {
      if (!(error instanceof DmsError)) throw error;
      return { found, outcome: 'fails', error: error.message };
    }
    return { found, outcome: (await kept(connection)) === there ? 'works' : 'gone', error: '' };
  });
}

/** The columns of the table `kinds` below, each with a column of the earlier set. */
const places = {
  retyped: ['core."School"', '"Nickname"', 'varchar(30)'],
  dropped: ['core."Section"', '"Title"', 'varchar(30)'],
  renamed: ['core."Booking"', '"One"', 'integer'],
  'in a renamed table with another key': ['core."Room"', '"RoomCode"', 'varchar(20)'],
  'in a dropped table': ['core."SectionMeetingSlot"', '"Hour"', 'integer'],
} as const;

type KeptAnswer = 'stands' | 'lost' | 'free';
type Place = keyof typeof places;
type ForeignKindText = (table: string, column: string, type: string) => string;

const sqlAt = (sql: ForeignKindText, place: Place): string => {
  const [table, column, type] = places[place];
  return sql(table, column, type);
};

const code = 'RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$';

/** Kinds of dependents of a column, each with its answers for the places above. */
const kinds: Readonly<Record<string, readonly [ForeignKindText, ...KeptAnswer[]]>> = {
  view: [(t, c) => `CREATE VIEW mine AS SELECT ${c} FROM ${t}`, 'stands', 'stands', 'free', 'free', 'stands'],
  'materialized view': [
    (t, c) => `CREATE MATERIALIZED VIEW mine AS SELECT ${c} FROM ${t}`,
    ...(['stands', 'stands', 'free', 'free', 'stands'] as const),
  ],
  'view of another column': [(t) => `CREATE VIEW mine AS SELECT 1 FROM ${t}`, 'free', 'free', 'free', 'free', 'stands'],
  rule: [
    (t, c) =>
      `CREATE TABLE log (x text); CREATE RULE mine AS ON INSERT TO ${t} DO ALSO INSERT INTO log VALUES (NEW.${c})`,
    ...(['stands', 'stands', 'free', 'free', 'lost'] as const),
  ],
  'generated column': [
    (t, c) => `ALTER TABLE ${t} ADD COLUMN mine boolean GENERATED ALWAYS AS (${c} IS NULL) STORED`,
    ...(['stands', 'stands', 'free', 'free', 'lost'] as const),
  ],
  'plain column': [(t) => `ALTER TABLE ${t} ADD COLUMN mine int`, 'free', 'free', 'free', 'free', 'lost'],
  'column with a sequence': [(t) => `ALTER TABLE ${t} ADD COLUMN mine serial`, 'free', 'free', 'free', 'free', 'lost'],
  'sequence owned by the column': [
    (t, c) => `CREATE SEQUENCE core.mine OWNED BY ${t}.${c}`,
    ...(['free', 'lost', 'free', 'free', 'lost'] as const),
  ],
  'check constraint': [
    (t, c) => `ALTER TABLE ${t} ADD CONSTRAINT mine CHECK (${c} IS NOT NULL)`,
    ...(['free', 'lost', 'free', 'free', 'lost'] as const),
  ],
  index: [(t, c) => `CREATE INDEX mine ON ${t} (${c})`, 'free', 'lost', 'free', 'free', 'lost'],
  'index on an expression': [
    (t, c) => `CREATE INDEX mine ON ${t} ((${c} IS NULL))`,
    ...(['free', 'lost', 'free', 'free', 'lost'] as const),
  ],
  'index with a condition': [
    (t, c) => `CREATE INDEX mine ON ${t} ((1)) WHERE ${c} IS NULL`,
    ...(['free', 'lost', 'free', 'free', 'lost'] as const),
  ],
  'unique constraint that a key of others uses': [
    (t, c, type) =>
      `ALTER TABLE ${t} ADD CONSTRAINT mine UNIQUE (${c}); CREATE TABLE theirs (x ${type} REFERENCES ${t} (${c}))`,
    ...(['free', 'stands', 'free', 'free', 'stands'] as const),
  ],
  'extended statistics': [
    (t, c) => `CREATE STATISTICS mine ON ${c}, (1 + 1) FROM ${t}`.replace(', (1 + 1)', `, (${c} IS NULL)`),
    ...(['free', 'lost', 'free', 'free', 'lost'] as const),
  ],
  'trigger on a column': [
    (t, c) =>
      `CREATE FUNCTION tf() ${code}; CREATE TRIGGER mine BEFORE UPDATE OF ${c} ON ${t} FOR EACH ROW EXECUTE FUNCTION tf()`,
    ...(['stands', 'stands', 'free', 'free', 'lost'] as const),
  ],
  'trigger with a condition': [
    (t, c) =>
      `CREATE FUNCTION tf() ${code}; CREATE TRIGGER mine BEFORE INSERT ON ${t} FOR EACH ROW WHEN (NEW.${c} IS NULL) EXECUTE FUNCTION tf()`,
    ...(['stands', 'stands', 'free', 'free', 'lost'] as const),
  ],
  'trigger of the table': [
    (t) => `CREATE FUNCTION tf() ${code}; CREATE TRIGGER mine BEFORE INSERT ON ${t} FOR EACH ROW EXECUTE FUNCTION tf()`,
    ...(['free', 'free', 'free', 'free', 'lost'] as const),
  ],
  policy: [
    (t, c) => `CREATE POLICY mine ON ${t} USING (${c} IS NULL)`,
    ...(['stands', 'stands', 'free', 'free', 'lost'] as const),
  ],
  'function with an SQL body': [
    (t, c) => `CREATE FUNCTION mine() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(${c}) FROM ${t}; END`,
    ...(['stands', 'stands', 'free', 'free', 'stands'] as const),
  ],
  'function whose body is a text': [
    (t, c) => `CREATE FUNCTION mine() RETURNS bigint LANGUAGE sql AS $$ SELECT count(${c}) FROM ${t} $$`,
    ...(['free', 'free', 'free', 'free', 'free'] as const),
  ],
  'function of the row type': [
    (t) => `CREATE FUNCTION mine(x ${t}) RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    ...(['free', 'free', 'free', 'free', 'stands'] as const),
  ],
  'column of the row type': [
    (t) => `CREATE TABLE mine (x ${t})`,
    ...(['stands', 'free', 'free', 'free', 'stands'] as const),
  ],
  'column of an array of the row type': [
    (t) => `CREATE TABLE mine (x ${t}[])`,
    ...(['stands', 'free', 'free', 'free', 'stands'] as const),
  ],
  'column of a domain over the row type': [
    (t) => `CREATE DOMAIN d AS ${t}; CREATE TABLE mine (x d)`,
    ...(['stands', 'free', 'free', 'free', 'stands'] as const),
  ],
  'column of a type with the row type': [
    (t) => `CREATE TYPE c AS (x ${t}); CREATE TABLE mine (x c)`,
    ...(['stands', 'free', 'free', 'free', 'stands'] as const),
  ],
  'type with the row type': [(t) => `CREATE TYPE mine AS (x ${t})`, 'free', 'free', 'free', 'free', 'stands'],
  'column of the row type of a view': [
    (t, c) => `CREATE VIEW v AS SELECT ${c} FROM ${t}; CREATE TABLE mine (x v)`,
    ...(['stands', 'stands', 'free', 'free', 'stands'] as const),
  ],
  'child table': [(t) => `CREATE TABLE mine () INHERITS (${t})`, 'free', 'lost', 'free', 'free', 'stands'],
  'view of a child table': [
    (t, c) => `CREATE TABLE child () INHERITS (${t}); CREATE VIEW mine AS SELECT ${c} FROM child`,
    ...(['stands', 'stands', 'free', 'free', 'stands'] as const),
  ],
  'parent table with the column': [
    (t, c, type) => `CREATE TABLE mine (${c} ${type}); ALTER TABLE ${t} INHERIT mine`,
    ...(['stands', 'stands', 'stands', 'free', 'free'] as const),
  ],
  'publication with columns': [
    (t, c) => `CREATE PUBLICATION mine FOR TABLE ${t} (${c}) WITH (publish = 'insert')`,
    ...(['stands', 'stands', 'free', 'free', 'lost'] as const),
  ],
  'publication with a condition': [
    (t, c) => `CREATE PUBLICATION mine FOR TABLE ${t} WHERE (${c} IS NULL) WITH (publish = 'insert')`,
    ...(['stands', 'stands', 'free', 'free', 'lost'] as const),
  ],
  'publication of the table': [
    (t) => `CREATE PUBLICATION mine FOR TABLE ${t}`,
    ...(['free', 'free', 'free', 'free', 'lost'] as const),
  ],
};

const answerOf = ({ users, losses, taken }: ForeignObjects): KeptAnswer | 'taken' =>
  taken.length > 0 ? 'taken' : users.length > 0 ? 'stands' : losses.length > 0 ? 'lost' : 'free';

const said = ({ outcome, error, found }: TriedObjects) => `${outcome} ${error} ${JSON.stringify(found)}`;

/** Expects the answer of the check, and the outcome of the script that follows from it. */
function expectTrue(result: TriedObjects, expected: KeptAnswer): void {
  expect(answerOf(result.found), said(result)).toBe(expected);
  const outcomes = { stands: ['fails', 'gone'], lost: ['gone'], free: ['works'] };
  expect(outcomes[expected], said(result)).toContain(result.outcome);
}

describe('what depends on a column', () => {
  const all = Object.entries(kinds).flatMap(([kind, [sql, ...answers]]) =>
    (Object.keys(places) as Place[]).map((place, index) => [kind, place, sqlAt(sql, place), answers[index]!] as const),
  );

  // every kind at one place or more; the places of each kind differ
  const some = someOf(all, 3);

  it.each(all)('%s: %s', async (_kind, _place, sql, answer) => {
    expectTrue(await tried('v1', sql), answer);
  });

  it.each(some)('of the second generation, %s: %s', async (_kind, _place, sql, answer) => {
    expectTrue(await tried('v2', sql), answer);
  });
});

const room = '"DocumentId", "RoomCode", "School_SchoolId"';

describe.each(usualGenerations('v1'))('what depends on another object of %s', (generation) => {
  it.each<readonly [string, string, KeptAnswer]>([
    ['nothing', 'SELECT 1', 'free'],
    [
      'key on a replaced key',
      `CREATE TABLE mine (a bigint, b varchar(20), c int, FOREIGN KEY (a, b, c) REFERENCES core."Room" (${room}))`,
      'stands',
    ],
    ['key on a key that stays', 'CREATE TABLE mine (a bigint REFERENCES core."Room" ("DocumentId"))', 'free'],
    [
      'view that groups by a key that stays',
      'CREATE VIEW mine AS SELECT "DocumentId", "RoomCode" FROM core."Room" GROUP BY 1',
      'free',
    ],
    ['key of a dropped table', 'CREATE TABLE mine (a bigint REFERENCES extra."Volunteer" ("DocumentId"))', 'stands'],
    [
      'view of a view that is made again',
      'CREATE VIEW mine AS SELECT * FROM core."EducationOrganization_View"',
      'stands',
    ],
    [
      'trigger of a view that is made again',
      `CREATE FUNCTION tf() ${code}; CREATE TRIGGER mine INSTEAD OF INSERT ON core."EducationOrganization_View" FOR EACH ROW EXECUTE FUNCTION tf()`,
      'stands',
    ],
    [
      'trigger with a function that is dropped',
      'CREATE TABLE theirs (x int); CREATE TRIGGER mine BEFORE INSERT ON theirs FOR EACH ROW EXECUTE FUNCTION core."TF_TR_Room_Stamp"()',
      'stands',
    ],
    [
      'view of a function with the name of a dropped one and other parameters',
      `CREATE FUNCTION core."TF_TR_Room_Stamp"(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW mine AS SELECT core."TF_TR_Room_Stamp"(1) AS x`,
      'free',
    ],
    [
      'trigger with a function that is replaced',
      'CREATE TABLE theirs (x int); CREATE TRIGGER mine BEFORE INSERT ON theirs FOR EACH ROW EXECUTE FUNCTION core."TF_TR_School_Stamp"()',
      'free',
    ],
    [
      'publication of a table whose rows are written without its key',
      `ALTER TABLE dms."ReferentialIdentity" REPLICA IDENTITY USING INDEX "UX_ReferentialIdentity_DocumentId_ResourceKeyId";
      CREATE PUBLICATION mine FOR TABLE dms."ReferentialIdentity"`,
      'stands',
    ],
    [
      'publication of its new rows only',
      `ALTER TABLE dms."ReferentialIdentity" REPLICA IDENTITY USING INDEX "UX_ReferentialIdentity_DocumentId_ResourceKeyId";
      CREATE PUBLICATION mine FOR TABLE dms."ReferentialIdentity" WITH (publish = 'insert')`,
      'free',
    ],
    ['publication of everything', 'CREATE PUBLICATION mine FOR ALL TABLES', 'free'],
  ])('%s', async (_, sql, answer) => {
    expectTrue(await tried(generation, sql), answer);
  });
});

describe.each(usualGenerations())('names that are taken in %s', (generation) => {
  it.each<readonly [string, string, string]>([
    ['table', 'CREATE TABLE core."Club" (x int)', 'table core.Club'],
    ['view', 'CREATE VIEW core."Club" AS SELECT 1 AS x', 'table core.Club'],
    ['materialized view', 'CREATE MATERIALIZED VIEW core."Club" AS SELECT 1 AS x', 'table core.Club'],
    ['sequence', 'CREATE SEQUENCE core."Club"', 'table core.Club'],
    ['index', 'CREATE TABLE core.t (x int); CREATE INDEX "Club" ON core.t (x)', 'table core.Club'],
    ['composite type', 'CREATE TYPE core."Club" AS (x int)', 'table core.Club'],
    ['domain', 'CREATE DOMAIN core."Club" AS int', 'table core.Club'],
    ['enumeration', `CREATE TYPE core."Club" AS ENUM ('x')`, 'table core.Club'],
    ['table of a new name', 'CREATE TABLE core."Space" (x int)', 'table core.Space'],
    ['index of a key', 'CREATE TABLE core."PK_Club" (x int)', 'index core.Club.PK_Club'],
    [
      'constraint',
      'ALTER TABLE core."Room" ADD CONSTRAINT "CK_Space_School_AllNone" CHECK (true)',
      'constraint core.Space.CK_Space_School_AllNone',
    ],
    ['column', 'ALTER TABLE core."Section" ADD COLUMN "Room_Floor" text', 'column core.Section.Room_Floor'],
    ['column of a new name', 'ALTER TABLE core."Booking" ADD COLUMN "First" text', 'column core.Booking.First'],
    [
      'function',
      `CREATE FUNCTION core."TF_TR_Club_Stamp"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN /* mine */ RETURN NEW; END $$`,
      'function core.TF_TR_Club_Stamp',
    ],
    [
      'function of another type',
      `CREATE FUNCTION core."TF_TR_Club_Stamp"() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
      'function core.TF_TR_Club_Stamp',
    ],
    [
      'procedure',
      `CREATE PROCEDURE core."TF_TR_Club_Stamp"() LANGUAGE sql AS 'SELECT 1'`,
      'function core.TF_TR_Club_Stamp',
    ],
  ])('%s', async (_, sql, makes) => {
    const result = await tried(generation, sql);
    expect(
      result.found.taken.map((each) => each.makes),
      said(result),
    ).toContain(makes);
    expect(['fails', 'gone'], said(result)).toContain(result.outcome);
  });

  it.each<readonly [string, string]>([
    ['in another schema', 'CREATE TABLE public."Club" (x int)'],
    ['in another case', 'CREATE TABLE core.club (x int)'],
    ['of a column in another table', 'ALTER TABLE core."School" ADD COLUMN "Room_Floor" text'],
    [
      'of a constraint in another table',
      'ALTER TABLE core."School" ADD CONSTRAINT "CK_Space_School_AllNone" CHECK (true)',
    ],
    [
      'of a function with parameters',
      `CREATE FUNCTION core."TF_TR_Club_Stamp"(x int) RETURNS int LANGUAGE sql AS 'SELECT 1 /* mine */'`,
    ],
    ['of a table that a function has', `CREATE FUNCTION core."Club"() RETURNS int LANGUAGE sql AS 'SELECT 1'`],
    ['of a function that a table has', 'CREATE TABLE core."TF_TR_Club_Stamp" (x int)'],
    [
      'with the array type of a table',
      'CREATE TABLE theirs (x int); ALTER TABLE theirs SET SCHEMA core; ALTER TABLE core.theirs RENAME TO "lub"',
    ],
  ])('are not those %s', async (_, sql) => {
    const result = await tried(generation, sql);
    expect([answerOf(result.found), result.outcome], said(result)).toEqual(['free', 'works']);
  });
});

describe('messages', () => {
  async function messages(sql: string, allowLoss: readonly string[] = ['all']): Promise<readonly string[]> {
    const { found } = await tried('v1', sql);
    const { plan } = mustExist(benches.get('v1'), 'v1');
    return foreignErrors('db', { ...plan, allowedLosses: allowLoss }, found).map(
      ({ code: name, message }) => `${name} ${message}`,
    );
  }

  it('name everything that stands in the way together', async () => {
    const views = `CREATE VIEW public."My view" AS SELECT "Nickname" FROM core."School";
      CREATE VIEW public.other AS SELECT "Title" FROM core."Section"; CREATE TABLE core."Club" (x int)`;
    const users =
      'db: others have built on what the upgrade replaces: view public.other, view public."My view" (on core.Section.Title, core.School.Nickname).';
    expect(await messages(views)).toEqual([
      expect.stringContaining(
        `UPGRADE_VIEWS_OBJECT ${users} Nothing was changed. Remove these first, and create them again afterwards.\nViews are removed by:\nDROP VIEW `,
      ),
      'UPGRADE_NAME_TAKEN db: names that the upgrade needs are taken: table core."Club" (for table core.Club). Nothing was changed. Rename or drop these objects.',
    ]);
  });

  it('have statements that remove views and make them again as they were', async () => {
    const { connection, plan, before } = mustExist(benches.get('v1'), 'v1');
    const role = `viewer_${Math.random().toString(36).slice(2)}`;
    const views = `CREATE ROLE ${role};
      CREATE VIEW public."My view" WITH (security_barrier = true, check_option = 'local') AS SELECT "Nickname" AS "its name" FROM core."School" WHERE "Nickname" <> 'it''s';
      CREATE VIEW public.above AS SELECT count(*) AS n FROM public."My view";
      CREATE MATERIALIZED VIEW public.kept AS SELECT "Title" FROM core."Section"; CREATE INDEX kept_title ON public.kept ("Title");
      ALTER VIEW public.above OWNER TO ${role}; GRANT SELECT ON public."My view" TO PUBLIC; GRANT SELECT, UPDATE ON public."My view" TO ${role} WITH GRANT OPTION;
      COMMENT ON VIEW public."My view" IS 'it''s mine'; GRANT SELECT ("Title") ON public.kept TO ${role}`;
    const facts = async () =>
      connection.query(
        trusted(`SELECT c.relname, c.relkind, pg_get_viewdef(c.oid), c.reloptions::text, c.relacl::text, pg_get_userbyid(c.relowner), obj_description(c.oid),
  ARRAY(SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = c.oid)::text FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm') ORDER BY 1`),
      );
    await rolledBack(connection, async () => {
      await connection.execute(givenScript(views));
      const found = await foreignObjects(connection, {
        plan,
        before,
        prepared: null,
        isAdopted: false,
        kept: noneKept,
      });
      const there = await facts();
      for (const text of found.views.drop) await connection.execute(givenScript(text));
      expect(await facts()).toEqual([]);
      for (const text of found.views.create) await connection.execute(givenScript(text));
      expect(await facts()).toEqual(there);
      expect(found.views.incomplete).toEqual(['"public"."kept"']);
      const [error] = foreignErrors('db', plan, found);
      for (const text of [...found.views.drop, ...found.views.create]) expect(error?.message).toContain(`\n${text}`);
      expect(error?.message).toMatch(/These statements lack rights on columns, .* of "public"\."kept"\.$/);
    });
  });

  it('do not name where the server keeps long values of a table', async () => {
    const { found } = await tried('v1', 'ALTER TABLE core."SectionMeetingSlot" ADD COLUMN mine text');
    expect(found.losses).toEqual([
      { usedBy: 'table column core."SectionMeetingSlot".mine', uses: 'core.SectionMeetingSlot' },
    ]);
  });

  it('ask for the permission to lose what goes with a table or column', async () => {
    const column = 'ALTER TABLE core."SectionMeetingSlot" ADD COLUMN mine int';
    const loss =
      'UPGRADE_LOSS db: table column core."SectionMeetingSlot".mine is not of the schema set and would be lost with core.SectionMeetingSlot. Permit it with --allow-loss core.SectionMeetingSlot.';
    for (const permission of ['all', 'core.SectionMeetingSlot'])
      expect(await messages(column, [permission])).toEqual([]);
    for (const permission of ['Core', 'Core.Section', 'core.Section', 'core'])
      expect(await messages(column, [permission])).toEqual([loss]);
    const { found } = await tried('v1', column);
    expect(foreignLosses('db', found).map(({ code: name, message }) => `${name} ${message}`)).toEqual([
      'UPGRADE_FOREIGN_LOST db: not of the schema set, and lost: table column core."SectionMeetingSlot".mine (with core.SectionMeetingSlot).',
    ]);
  });
});
