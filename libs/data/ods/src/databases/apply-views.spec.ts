import { type Connection, introspect, markedViews } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import { type DatabaseOfSpec, errorOf, givenByOthers, ownSchema, provisionedEngines } from '@dms/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ownDocuments, type ViewsOptions, viewsOf } from '../../test/views.ts';
import { applyViews, dropViews } from '../index.ts';

/** Views and schemas. */
const picture = (connection: Connection) =>
  connection.query(
    trusted(`SELECT 'schema' AS kind, n.nspname::text AS name, 0::int8 AS id, NULL AS mark
FROM pg_namespace n WHERE n.nspname !~ '^(pg_|information_schema)'
UNION ALL SELECT 'view', n.nspname || '.' || c.relname, c.oid::int8, obj_description(c.oid, 'pg_class') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'v' AND n.nspname !~ '^(pg_|information_schema)' ORDER BY 1, 2`),
  );

const reporting = (options: ViewsOptions = {}) => viewsOf(ownDocuments('v2'), options).reporting;
const usual = viewsOf(ownDocuments('v2'));

describe.each(provisionedEngines())('reporting views on $name', ({ open }) => {
  let database: DatabaseOfSpec;
  let connection: Connection;
  let before: unknown;
  beforeAll(async () => {
    database = await open(usual.script);
    connection = database.connection;
    before = await picture(connection);
  });
  afterAll(() => database.close());
  afterEach(async () => {
    await connection.execute(givenScript('DROP SCHEMA IF EXISTS dashboards CASCADE'));
    await dropViews(connection);
    expect(await picture(connection)).toEqual(before);
  });

  it('are created, replaced and removed', async () => {
    const { names } = usual.reporting;
    expect(await applyViews(connection, usual.reporting)).toEqual({
      views: names.length,
      earlier: 0,
      descriptorTable: null,
    });
    const marked = await markedViews(connection);
    expect(marked.map(({ schema, name }) => `${schema}.${name}`).sort()).toEqual(
      names.map(({ schema, name }) => `${schema}.${name}`).sort(),
    );
    expect(new Set(marked.map(({ made }) => made?.set))).toEqual(new Set([usual.mapping.effectiveSchemaHash]));
    expect(new Set(marked.map(({ made }) => made?.views))).toEqual(new Set([names.length]));
    // each name is the next one of another view
    expect(marked.map(({ made }) => made?.next).sort()).toEqual(marked.map(({ made }) => made?.name).sort());
    expect(await applyViews(connection, usual.reporting)).toEqual({
      views: names.length,
      earlier: names.length,
      descriptorTable: null,
    });
    await connection.query(trusted('SELECT StudentUSI, StudentUniqueId FROM edfi.Student'));
    expect(await dropViews(connection)).toEqual({ views: names.length, descriptorTables: [] });
    expect(await dropViews(connection)).toEqual({ views: 0, descriptorTables: [] });
  });

  it('move when they are asked for elsewhere, and schemas made for them go with them', async () => {
    await applyViews(connection, usual.reporting);
    const { views } = await applyViews(connection, reporting({ schemaSuffix: '_ods' }));
    const marked = await markedViews(connection);
    expect(marked).toHaveLength(views);
    expect(new Set(marked.map(({ schema }) => schema))).toEqual(new Set(['edfi_ods', 'transport_ods']));
    await connection.query(trusted('SELECT * FROM edfi_ods.Student'));
    await applyViews(connection, reporting({ changeColumns: true }));
    await connection.query(trusted('SELECT ChangeVersion, AggregateId FROM edfi.Student'));
  });

  it.each(['', '_ods'])(
    'are not in the catalog, which lists them beside it: schemas with "%s"',
    async (schemaSuffix) => {
      const { catalog } = await introspect(connection);
      const { views } = await applyViews(connection, reporting({ schemaSuffix }));
      const found = await introspect(connection);
      expect(found.catalog).toEqual(catalog);
      expect(found.reporting).toHaveLength(views);
      expect(found.reporting.every(({ isUnchanged }) => isUnchanged)).toBe(true);
      expect(found.reporting.every((view) => view.made?.name === `${view.schema}.${view.name}`)).toBe(true);
    },
  );

  it('can be written by none, not even their owner', async () => {
    await applyViews(connection, usual.reporting);
    const writable = await connection.query(
      trusted(
        "SELECT table_schema || '.' || table_name AS name FROM information_schema.views WHERE (is_updatable = 'YES' OR is_insertable_into = 'YES') AND table_schema IN ('edfi', 'transport')",
      ),
    );
    expect(writable).toEqual([]);
  });

  it('are made for no role that does not exist, which is named', async () => {
    const refused = await errorOf(() => applyViews(connection, reporting({ grants: ['dms_test_nobody'] })));
    expect(refused.message).toMatch(
      /role "dms_test_nobody" does not exist \(42704\)\. Create the role, or correct its name/,
    );
  });

  it('can be read by a role that may read no table', async () => {
    await connection.execute(givenScript('CREATE ROLE dms_test_reader'));
    try {
      const script = reporting({ grants: ['dms_test_reader'] });
      await applyViews(connection, script);
      await connection.execute(givenScript('SET ROLE dms_test_reader'));
      for (const { schema, name } of script.names)
        await connection.query(trusted(`SELECT * FROM "${schema}"."${name}"`));
      const denied = await errorOf(() => connection.query(trusted('SELECT * FROM edfi."Student"')));
      expect(denied.message).toContain('permission denied');
      await connection.execute(givenScript('RESET ROLE'));
      const readable = await connection.query<{ name: string }>(
        trusted(
          "SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)' AND has_table_privilege('dms_test_reader', c.oid, 'SELECT, INSERT, UPDATE, DELETE')",
        ),
      );
      expect(readable).toEqual([]);
    } finally {
      await connection.execute(givenScript('RESET ROLE; DROP OWNED BY dms_test_reader; DROP ROLE dms_test_reader'));
    }
  });

  it('keep what others gave them, and belong to the owner of the tables', async () => {
    const roles = ['dms_test_reader', 'dms_test_clerk', 'dms_test_owner'];
    await connection.execute(givenScript(`${roles.map((role) => `CREATE ROLE ${role}`).join(';')}`));
    const main = 'dms."EffectiveSchema"';
    try {
      await connection.execute(
        givenScript(
          `GRANT CREATE, USAGE ON SCHEMA edfi, transport TO dms_test_owner; GRANT USAGE ON SCHEMA edfi TO dms_test_clerk`,
        ),
      );
      const first = reporting({ grants: ['dms_test_reader'], descriptorTable: true });
      await applyViews(connection, first);
      await connection.execute(
        givenScript(
          `GRANT SELECT ON edfi.student TO dms_test_clerk WITH GRANT OPTION;
GRANT SELECT (studentusi) ON edfi.school TO dms_test_clerk; GRANT INSERT ON edfi.descriptor TO dms_test_clerk;
SET ROLE dms_test_clerk; GRANT SELECT ON edfi.student TO dms_test_owner; RESET ROLE;
COMMENT ON COLUMN edfi.student.studentusi IS 'of others'`.replace(
            '(studentusi) ON edfi.school',
            '(schoolid) ON edfi.school',
          ),
        ),
      );
      const given = await givenByOthers(connection, ['edfi', 'transport']);
      await applyViews(connection, first);
      expect(await givenByOthers(connection, ['edfi', 'transport'])).toEqual(given);
      // the rights of a run that has other options go with it
      await applyViews(connection, reporting({ descriptorTable: true }));
      const left = (await givenByOthers(connection, ['edfi'])).join('\n');
      expect(left).not.toMatch(/view .*dms_test_reader/);
      expect(left).toMatch(/view edfi\.student: .*dms_test_clerk=r\*.*dms_test_owner=r\/dms_test_clerk/);

      await connection.execute(givenScript(`ALTER TABLE ${main} OWNER TO dms_test_owner`));
      await dropViews(connection);
      await applyViews(connection, first);
      const owners = await connection.query<{ owner: string; kind: string }>(
        trusted(`SELECT DISTINCT pg_get_userbyid(c.relowner)::text AS owner, c.relkind::text AS kind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('edfi', 'transport') AND obj_description(c.oid, 'pg_class') LIKE 'dms-ddl reporting%' UNION
SELECT pg_get_userbyid(p.proowner), 'f' FROM pg_proc p WHERE p.proname LIKE 'tf_descriptor%' ORDER BY 2`),
      );
      expect(owners).toEqual(['f', 'r', 'v'].map((kind) => ({ owner: 'dms_test_owner', kind })));
      const { reporting: views } = await introspect(connection);
      expect(views.filter(({ isUnchanged, revoked }) => !isUnchanged || revoked.length > 0)).toEqual([]);
    } finally {
      await connection.execute(givenScript(`RESET ROLE; ALTER TABLE ${main} OWNER TO CURRENT_USER`));
      await dropViews(connection);
      await connection.execute(givenScript(`DROP OWNED BY ${roles.join(', ')}; DROP ROLE ${roles.join(', ')}`));
    }
  });

  it('are left as they are for a role that could not give them back their owner', async () => {
    await applyViews(connection, usual.reporting);
    await connection.execute(givenScript('CREATE ROLE dms_test_clerk; SET ROLE dms_test_clerk'));
    try {
      const { code, message } = await errorOf(() => applyViews(connection, usual.reporting));
      expect(code).toBe('UPGRADE_CANNOT_KEEP');
      expect(message).toMatch(/the owner \S+ of edfi\./);
    } finally {
      await connection.execute(givenScript('RESET ROLE; DROP ROLE dms_test_clerk'));
    }
  });

  it('are not created over something else', async () => {
    await connection.execute(givenScript('CREATE TABLE edfi.student (id int)'));
    const taken = await errorOf(() => applyViews(connection, usual.reporting));
    expect(taken.code).toBe('ODS_VIEW_NAME_TAKEN');
    expect(taken.message).toMatch(/the names of 1 view are taken: "edfi\.student"\. Put the views elsewhere/);
    expect(await markedViews(connection)).toEqual([]);
    // the script itself refuses too
    const refused = await errorOf(() => connection.execute(givenScript(`BEGIN; ${usual.reporting.text} COMMIT`)));
    expect(refused.message).toContain('These names of views are taken: edfi.student');
    await connection.execute(givenScript('ROLLBACK; DROP TABLE edfi.student'));
  });

  describe('with views of others on top', () => {
    const onTop = `CREATE SCHEMA dashboards; CREATE VIEW dashboards.daily AS SELECT firstname FROM edfi.student;
CREATE MATERIALIZED VIEW dashboards.count AS SELECT count(*) FROM dashboards.daily`;

    it('are replaced as long as their columns stay', async () => {
      await applyViews(connection, usual.reporting);
      await connection.execute(givenScript(onTop));
      await applyViews(connection, usual.reporting);
      expect(await connection.query(trusted('SELECT * FROM dashboards.daily'))).toEqual([]);
    });

    it('are neither changed nor removed, and the others are named', async () => {
      await applyViews(connection, usual.reporting);
      await connection.execute(givenScript(onTop));
      const first = await picture(connection);
      for (const run of [
        () => dropViews(connection),
        () => applyViews(connection, reporting({ exactTypes: true })),
        () => applyViews(connection, reporting({ schemaSuffix: '_ods' })),
      ]) {
        const error = await errorOf(run);
        expect(error.code).toBe('REPORTING_VIEWS_IN_USE');
        expect(error.message).toContain('view dashboards.daily');
        expect(error.message).not.toContain('dashboards.count');
        expect(error.diagnostics[0].details.users).toEqual([{ usedBy: 'view dashboards.daily', uses: 'edfi.student' }]);
        expect(await picture(connection)).toEqual(first);
      }
    });
  });

  it('have the same text in v2-natural, whose tables have what they select', async () => {
    const natural = viewsOf(ownDocuments('v2-natural'), { mappingVersion: 'v2-natural' });
    expect(natural.script).not.toBe(usual.script);
    expect(natural.reporting.text).toBe(usual.reporting.text);
    const other = await open(natural.script);
    try {
      const { views } = await applyViews(other.connection, natural.reporting);
      for (const { schema, name } of natural.reporting.names)
        expect(await other.connection.query(trusted(`SELECT * FROM "${schema}"."${name}"`))).toEqual([]);
      expect(await dropViews(other.connection)).toEqual({ views, descriptorTables: [] });
    } finally {
      await other.close();
    }
  });

  it('are refused for a database of another schema set', async () => {
    const other = viewsOf([ownSchema('district')]).reporting;
    const error = await errorOf(() => applyViews(connection, other));
    expect(error.message).toContain('EffectiveSchemaHash mismatch');
    expect(await markedViews(connection)).toEqual([]);
  });

  describe('say when they were changed by hand', () => {
    const role = 'dms_test_reader';
    /** Views that differ from their creation, as `check` reads them. */
    async function found() {
      const { reporting: views } = await introspect(connection);
      return views.flatMap(({ schema, name, made, isUnchanged, revoked }) => {
        const now = `${schema}.${name}`;
        return [
          ...(isUnchanged ? [] : [`changed ${now}`]),
          ...(made?.name === now ? [] : [`renamed ${now}`]),
          ...revoked.map((each) => `revoked ${now} ${each}`),
        ];
      });
    }
    beforeAll(() => connection.execute(givenScript(`CREATE ROLE ${role}; GRANT ${role} TO CURRENT_USER`)));
    afterAll(() => connection.execute(givenScript(`DROP OWNED BY ${role}; DROP ROLE ${role}`)));

    /** Changes to a view, each with its finding; each change is made to another view. */
    const changes: readonly (readonly [change: (view: string) => string, found: (view: string) => string])[] = [
      [(view) => `ALTER VIEW ${view} SET (security_invoker = true)`, (view) => `changed ${view}`],
      [(view) => `ALTER VIEW ${view} OWNER TO ${role}`, (view) => `changed ${view}`],
      [(view) => `CREATE RULE nothing AS ON UPDATE TO ${view} DO INSTEAD NOTHING`, (view) => `changed ${view}`],
      [
        (view) =>
          `CREATE FUNCTION pg_temp.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER t INSTEAD OF UPDATE ON ${view} FOR EACH ROW EXECUTE FUNCTION pg_temp.f()`,
        (view) => `changed ${view}`,
      ],
      [(view) => `ALTER VIEW ${view} ALTER COLUMN createdate SET DEFAULT now()`, (view) => `changed ${view}`],
      [(view) => `ALTER VIEW ${view} RENAME COLUMN createdate TO made`, (view) => `changed ${view}`],
      [(view) => `ALTER VIEW ${view} RENAME TO other`, () => 'renamed edfi.other'],
      [
        (view) => `CREATE SCHEMA dashboards; ALTER VIEW ${view} SET SCHEMA dashboards`,
        (view) => `renamed ${view.replace('edfi', 'dashboards')}`,
      ],
      [(view) => `REVOKE SELECT ON ${view} FROM ${role}`, (view) => `revoked ${view} ${role}`],
    ];

    it('by each way of changing one, until apply runs again', async () => {
      const script = reporting({ grants: [role] });
      await applyViews(connection, script);
      expect(await found()).toEqual([]);
      const dated = await connection.query<{ name: string }>(
        trusted(
          "SELECT table_schema || '.' || table_name AS name FROM information_schema.columns WHERE table_schema = 'edfi' AND column_name = 'createdate' AND table_name <> 'schoolgradelevel' ORDER BY 1",
        ),
      );
      await connection.execute(
        givenScript(
          'CREATE OR REPLACE VIEW edfi.schoolgradelevel AS SELECT NULL::int AS schoolid, NULL::int8 AS gradeleveldescriptorid, NULL::timestamp AS createdate',
        ),
      );
      const expected = ['changed edfi.schoolgradelevel'];
      for (const [index, [change, result]] of changes.entries()) {
        const view = dated[index]?.name ?? '';
        await connection.execute(givenScript(change(view)));
        expected.push(result(view));
      }
      expect((await found()).sort()).toEqual(expected.sort());
      await applyViews(connection, script);
      expect(await found()).toEqual([]);
    });

    const view = 'edfi.schoolgradelevel';

    it('the right to a schema, for all its views', async () => {
      await applyViews(connection, reporting({ grants: [role] }));
      await connection.execute(givenScript(`REVOKE USAGE ON SCHEMA transport FROM ${role}`));
      const lost = await found();
      expect(lost).not.toEqual([]);
      expect(lost.every((each) => each.startsWith('revoked transport.'))).toBe(true);
    });

    it('a view that is gone, by the one before it', async () => {
      await applyViews(connection, usual.reporting);
      await connection.execute(givenScript(`DROP VIEW ${view}`));
      const marks = (await markedViews(connection)).map(({ made }) => made);
      const names = new Set(marks.map((made) => made?.name));
      expect(marks.flatMap((made) => (names.has(made?.next) ? [] : made?.next))).toEqual([view]);
      expect(marks[0]?.views).toBe(marks.length + 1);
    });

    it('rules and defaults of a view on which others have built; apply keeps its owner and options', async () => {
      await applyViews(connection, usual.reporting);
      await connection.execute(
        givenScript(`CREATE SCHEMA dashboards; CREATE VIEW dashboards.daily AS SELECT * FROM ${view};
CREATE RULE nothing AS ON UPDATE TO ${view} DO INSTEAD NOTHING; ALTER VIEW ${view} ALTER COLUMN schoolid SET DEFAULT 1;
ALTER VIEW ${view} SET (security_barrier = true); ALTER VIEW ${view} OWNER TO ${role}`),
      );
      await applyViews(connection, usual.reporting);
      const [state] = await connection.query(
        trusted(`SELECT (SELECT count(*)::int FROM pg_rewrite r WHERE r.ev_class = c.oid) AS rules, c.reloptions, c.relowner::regrole::text AS owner,
(SELECT count(*)::int FROM pg_attrdef d WHERE d.adrelid = c.oid) AS defaults FROM pg_class c WHERE c.oid = '${view}'::regclass`),
      );
      expect(state).toEqual({ rules: 1, reloptions: ['security_barrier=true'], owner: role, defaults: 0 });
      expect(await found()).toEqual([]);
    });
  });
});
