import { type Connection, markedViews, viewMarks } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import { build, errorOf, shareOf } from '@dms/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Compiled, compiled, contentsOf, databaseText, emptied } from '../../test/bench.ts';
import { evolutionPair, evolutions } from '../../test/evolutions.ts';
import { documentsOf, renameEvolutions } from '../../test/rename-evolutions.ts';
import { sessionForAll } from '../../test/sessions.ts';
import { filled } from '../../test/upgraded.ts';
import { type ApplyOptions, applyUpgrade, type RestoreViews, surveyUpgrade } from '../index.ts';
import { planUpgrade } from '../plan/plan-upgrade.ts';
import { parseRename } from '../renaming/renaming.ts';
import { foreignObjects } from './foreign-objects.ts';

const { string } = build;

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

const longer = () =>
  evolutionPair({
    edit(set) {
      set.properties('schools').nickname = string(99);
    },
  });

const mark = (name: string, options: object) =>
  `${viewMarks.own} ${JSON.stringify({ set: 'hash', definition: 'digest', views: 1, name, next: name, options })}`;

/** Views of the database's schema set, as `reporting apply` marks them. */
const ownViews = `CREATE VIEW core.school AS SELECT "Nickname" AS nickname FROM core."School";
COMMENT ON VIEW core.school IS '${mark('core.school', { exactTypes: true })}'`;

const restoring = (restore: RestoreViews['restore'], earlierSet: string | null = null): RestoreViews => ({
  earlierSet,
  restore,
});

describe('reporting views', () => {
  const [before, after] = longer();
  beforeEach(async () => {
    await filled(connection, before, contentsOf(before.model));
  });

  it('are out of the way during an upgrade, and are then those of the later set', async () => {
    await connection.execute(givenScript(`${ownViews}; ALTER VIEW core.school SET (security_barrier = true)`));
    const seen: unknown[] = [];
    await applyUpgrade(connection, before, after, {
      restoreViews: restoring(async (session, earlier) => {
        seen.push(earlier);
        expect(await markedViews(session)).toEqual([]);
        await session.execute(givenScript(ownViews));
      }),
    });
    expect(seen).toEqual([
      [
        expect.objectContaining({
          schema: 'core',
          name: 'school',
          made: expect.objectContaining({ options: { exactTypes: true, grants: [] } }),
        }),
      ],
    ]);
    expect(await markedViews(connection)).toHaveLength(1);
    // an option that others gave
    expect(
      await connection.query(
        trusted(`SELECT reloptions::text AS options FROM pg_class WHERE oid = 'core.school'::regclass`),
      ),
    ).toEqual([{ options: '{security_barrier=true}' }]);
  });

  it('leave the table of descriptors in its place, with the keys of others and the rows of scripts', async () => {
    await connection.execute(
      givenScript(`${ownViews}; CREATE TABLE core.descriptor (descriptorid bigint PRIMARY KEY);
COMMENT ON TABLE core.descriptor IS '${mark('core.descriptor', { descriptorTable: true })}'; INSERT INTO core.descriptor VALUES (-1);
CREATE TABLE public.map (descriptorid bigint REFERENCES core.descriptor)`),
    );
    try {
      await applyUpgrade(connection, before, after, {
        restoreViews: restoring(async (session, earlier) => {
          expect(earlier.map(({ kind, name }) => [kind, name]).sort()).toEqual([
            ['table', 'descriptor'],
            ['view', 'school'],
          ]);
          expect(await markedViews(session)).toEqual([expect.objectContaining({ kind: 'table', name: 'descriptor' })]);
        }),
      });
      expect(await connection.query(trusted('SELECT descriptorid::int4 AS id FROM core.descriptor'))).toEqual([
        { id: -1 },
      ]);
    } finally {
      await connection.execute(givenScript('DROP TABLE public.map'));
    }
  });

  it('stay as they were if the upgrade fails', async () => {
    await connection.execute(givenScript(ownViews));
    const text = await databaseText(connection);
    const restoreViews = restoring(() => Promise.reject(new Error('no views')));
    await expect(applyUpgrade(connection, before, after, { restoreViews })).rejects.toThrow('no views');
    expect(await databaseText(connection)).toBe(text);
    expect(await markedViews(connection)).toHaveLength(1);
  });

  it('of an earlier version need the mapping of that version', async () => {
    const others = { set: 'hash', definition: 'digest', views: 1, name: 'core_1.school', next: 'core_1.school' };
    const earlier = { ...others, earlier: { set: 'before', translation: 'rules' }, options: {} };
    await connection.execute(
      givenScript(`${ownViews}; CREATE SCHEMA core_1; CREATE VIEW core_1.school AS SELECT * FROM core.school;
COMMENT ON VIEW core_1.school IS '${viewMarks.earlier} ${JSON.stringify(earlier)}'`),
    );
    const seen: (readonly string[])[] = [];
    const restore: RestoreViews['restore'] = async (_, found) => {
      seen.push(found.map(({ layer }) => layer).sort());
    };
    for (const earlierSet of [null, 'another']) {
      const options = { restoreViews: restoring(restore, earlierSet) };
      const error = await errorOf(() => applyUpgrade(connection, before, after, options));
      expect(error.code).toBe('REPORTING_MAPPING_MISSING');
      expect(error.message).toContain('dms-ddl reporting drop --earlier');
      const { errors } = await surveyUpgrade(connection, before, after, options);
      expect(errors.map(({ code }) => code)).toEqual(['REPORTING_MAPPING_MISSING']);
      expect(await markedViews(connection)).toHaveLength(2);
    }
    const fitting = { restoreViews: restoring(restore, 'before') };
    expect((await surveyUpgrade(connection, before, after, fitting)).errors).toEqual([]);
    await applyUpgrade(connection, before, after, fitting);
    expect(seen).toEqual([['earlier', 'own']]);
  });

  it('need the mapping of the later set', async () => {
    await connection.execute(givenScript(ownViews));
    const error = await errorOf(() => applyUpgrade(connection, before, after));
    expect(error.code).toBe('REPORTING_MAPPING_MISSING');
    expect(error.message).toContain('has 1 reporting view, and');
    expect(await markedViews(connection)).toHaveLength(1);
  });

  it('and columns that others have built on are named before anything runs', async () => {
    await connection.execute(
      givenScript(`${ownViews}; CREATE SCHEMA "my views"; CREATE VIEW "my views".names AS SELECT * FROM core.school;
CREATE MATERIALIZED VIEW public.counts AS SELECT count("Nickname") FROM core."School";
CREATE VIEW public.other AS SELECT "Label", "SchoolId" FROM core."School";
CREATE VIEW public.above AS SELECT * FROM "my views".names`),
    );
    const text = await databaseText(connection);
    const options: ApplyOptions = { restoreViews: restoring(() => Promise.reject(new Error('too late'))) };
    const error = await errorOf(() => applyUpgrade(connection, before, after, options));
    expect(error.code).toBe('UPGRADE_VIEWS_OBJECT');
    expect(error.diagnostics[0].details.users).toEqual([
      { usedBy: 'view "my views".names', uses: 'core.school' },
      { usedBy: 'materialized view public.counts', uses: 'core.School.Nickname' },
    ]);
    const { errors } = await surveyUpgrade(connection, before, after);
    expect(errors).toEqual(error.diagnostics);
    expect(await databaseText(connection)).toBe(text);
  });
});

describe('views of others', () => {
  const viewOf = (schema: string, table: string, column: string) => `${schema}.${table}.${column}`;
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

  /**
   * Creates a view on each column, drops those that the upgrade names as in its way, and expects it to find no others.
   */
  async function expectAllFound(before: Compiled, after: Compiled, options: ApplyOptions): Promise<readonly string[]> {
    const plan = planUpgrade(before, after, options);
    if (plan.script === null) return [];
    await emptied(connection);
    await connection.execute(givenScript(before.script));
    const views = [...before.catalog.tables, ...before.catalog.views].flatMap(({ schema, name, columns }) =>
      columns.map((column) => {
        const text = `SELECT ${quoted(column.name)} AS value FROM ${quoted(schema)}.${quoted(name)}`;
        return `CREATE VIEW others.${quoted(viewOf(schema, name, column.name).slice(0, 60))} AS ${text}`;
      }),
    );
    await connection.execute(givenScript(['CREATE SCHEMA others', ...new Set(views)].join(';\n')));
    const { users: found } = await foreignObjects(connection, {
      plan,
      before,
      prepared: null,
      isAdopted: false,
      kept: { again: new Set<string>() },
    });
    for (const name of new Set(found.map(({ usedBy }) => usedBy)))
      await connection.execute(givenScript(`DROP VIEW IF EXISTS ${name.replace(/^view /, '')}`));
    await applyUpgrade(connection, before, after, { ...options, plan });
    return [...new Set(found.map(({ uses }) => uses))];
  }

  it.each(shareOf(Object.entries(evolutions), 20))('are found: %s', async (_, evolution) => {
    const [before, after] = evolutionPair(evolution);
    await expectAllFound(before, after, { allowLoss: evolution.allowLoss });
  });

  it.each(shareOf(Object.entries(renameEvolutions), 20))('are found, renamed: %s', async (_, evolution) => {
    const [before, after] = documentsOf(evolution).map((documents) => compiled(documents)) as [Compiled, Compiled];
    await expectAllFound(before, after, { renames: evolution.renames.map(parseRename) });
  });

  it('do not hinder an upgrade that leaves their columns alone', async () => {
    const [before, after] = evolutionPair({
      edit(set) {
        set.properties('schools').motto = string(20);
      },
    });
    expect(await expectAllFound(before, after, {})).toEqual([]);
    const [first, later] = longer();
    // the view of all organizations selects from schools, and is made again
    expect(await expectAllFound(first, later, {})).toEqual(['core.EducationOrganization_View', 'core.School.Nickname']);
  });
});
