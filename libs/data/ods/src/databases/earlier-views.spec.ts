import { readFileSync } from 'node:fs';
import { type Connection, introspect, markedViews } from '@dms/databases';
import { mustExist, qualified } from '@dms/model';
import { givenScript, trusted } from '@dms/sql';
import { breakingRelease, type DatabaseOfSpec, errorOf, provisionedEngines } from '@dms/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { completeTranslation, earlierSet } from '../../test/earlier-views.ts';
import { viewsOf } from '../../test/views.ts';
import {
  applyViews,
  deriveEarlier,
  dropViews,
  type EarlierViewOptions,
  earlierMappingText,
  earlierScript,
  ownViewOptions,
  type ReportingOptions,
  readEarlierMapping,
  reportingScript,
  usualOptions,
} from '../index.ts';

/* Views of an earlier version on a database (design 21 §3). */

const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const before = earlierSet(breakingRelease.before.map(json), 'v2');
const after = earlierSet(breakingRelease.after.map(json), 'v2');
const translation = completeTranslation(json(breakingRelease.translation), before, after);
const earlier = deriveEarlier(before.mapping, after.mapping, translation, 'rules');
const hash = after.mapping.effectiveSchemaHash;

const own = (options: Partial<ReportingOptions> = {}) =>
  reportingScript(after.mapping, after.model, { ...usualOptions, ...options });

/** The views of the earlier version, which select from the own views of a database. */
async function scriptOn(connection: Connection, chosen: Partial<EarlierViewOptions> = {}) {
  const options = await ownViewOptions(connection, hash);
  const { changeColumns, exactTypes } = options;
  return earlierScript(
    earlier,
    { mapping: after.mapping, model: after.model, options },
    { suffix: null, changeColumns, exactTypes, descriptorTable: false, grants: [], ...chosen },
  );
}

it('reads what it has written', () => {
  const text = earlierMappingText(earlier);
  expect(readEarlierMapping(Buffer.from(text), 'earlier-mapping.json', hash)).toEqual(
    JSON.parse(JSON.stringify(earlier)),
  );
  expect(() => readEarlierMapping(Buffer.from(text), 'earlier-mapping.json', 'another')).toThrow(
    'after must be that of',
  );
  const damaged = text.replace('"kind":"column"', '"kind":"colum"');
  expect(() => readEarlierMapping(Buffer.from(damaged), 'earlier-mapping.json', hash)).toThrow('earlier-mapping.json');
});

const [engine] = provisionedEngines();

describe('views of an earlier version', () => {
  let database: DatabaseOfSpec;
  let connection: Connection;
  beforeAll(async () => {
    database = await mustExist(engine, 'an engine').open(after.script);
    connection = database.connection;
  });
  afterAll(() => database.close());
  afterEach(async () => {
    await connection.execute(givenScript('DROP SCHEMA IF EXISTS dashboards CASCADE'));
    await dropViews(connection);
    const schemas = await connection.query(
      trusted("SELECT nspname FROM pg_namespace WHERE nspname ~ '_(10|61)$|^preparation'"),
    );
    expect(schemas).toEqual([]);
  });

  it('need the views of the set itself', async () => {
    const none = await errorOf(() => ownViewOptions(connection, hash));
    expect([none.code, none.message]).toEqual([
      'REPORTING_EARLIER_NEEDS',
      expect.stringContaining('has no reporting views, and views of the earlier version select from those'),
    ]);
    await applyViews(connection, own());
    const script = await scriptOn(connection);
    expect((await errorOf(() => ownViewOptions(connection, 'another'))).message).toContain('of another schema set');
    await dropViews(connection);
    // the script itself checks this
    const refused = await errorOf(() => applyViews(connection, script));
    expect(refused.message).toContain(`The database has no reporting views of the schema set ${hash}`);
  });

  it('are created beside those of the set, with marks of their own, and are no drift', async () => {
    await applyViews(connection, own());
    const { catalog } = await introspect(connection);
    const script = await scriptOn(connection);
    const applied = { views: earlier.tables.length, earlier: 0, descriptorTable: null };
    expect(await applyViews(connection, script)).toEqual(applied);
    expect(new Set(script.names.map(({ schema }) => schema))).toEqual(new Set(['edfi_10', 'preparation_10']));
    await connection.query(trusted('SELECT StudentUSI, StudentUniqueId FROM edfi_10.Student'));
    const found = await introspect(connection);
    expect(found.catalog).toEqual(catalog);
    expect(found.reporting.filter(({ isUnchanged }) => !isUnchanged)).toEqual([]);
    const above = found.reporting.filter(({ layer }) => layer === 'earlier');
    expect(above.map(qualified).sort()).toEqual(script.names.map(qualified).sort());
    expect(new Set(above.map(({ made }) => JSON.stringify([made?.set, made?.earlier, made?.views])))).toEqual(
      new Set([
        JSON.stringify([hash, { set: before.mapping.effectiveSchemaHash, translation: 'rules' }, above.length]),
      ]),
    );
    expect(found.reporting).toHaveLength(above.length + own().names.length);
    // once more, in place of the first ones
    expect(await applyViews(connection, await scriptOn(connection))).toEqual({ ...applied, earlier: above.length });
    await connection.execute(
      givenScript(`CREATE OR REPLACE VIEW edfi_10.student AS ${'SELECT * FROM edfi.student'} WHERE false`),
    );
    const changed = (await introspect(connection)).reporting.filter(({ isUnchanged }) => !isUnchanged);
    expect(changed.map(qualified)).toEqual(['edfi_10.student']);
  });

  it('say in the comment of a view what it does not give back', async () => {
    await applyViews(connection, own());
    const script = await scriptOn(connection);
    await applyViews(connection, script);
    const commentOf = async (view: string) => {
      const [row] = await connection.query<{ mark: string }>(
        trusted(`SELECT obj_description('${view}'::regclass) AS mark`),
      );
      const mark = row?.mark ?? '';
      return JSON.parse(mark.slice(mark.indexOf('{'))).notGivenBack;
    };
    const gone = 'Ed-Fi:ContactTypeDescriptor: gone';
    expect(await commentOf('edfi_10.contacttypedescriptor')).toEqual([expect.stringContaining(gone)]);
    expect(await commentOf('edfi_10.student')).toEqual([]);
    expect(script.text).toContain(`-- Not given back: ${gone}`);
  });

  it('can be read by a role that may read nothing else', async () => {
    await connection.execute(givenScript('CREATE ROLE dms_test_earlier_reader'));
    try {
      await applyViews(connection, own());
      const script = await scriptOn(connection, { grants: ['dms_test_earlier_reader'] });
      await applyViews(connection, script);
      await connection.execute(givenScript('SET ROLE dms_test_earlier_reader'));
      for (const { schema, name } of script.names)
        await connection.query(trusted(`SELECT * FROM "${schema}"."${name}"`));
      expect((await errorOf(() => connection.query(trusted('SELECT * FROM edfi.student')))).message).toContain(
        'permission denied',
      );
      await connection.execute(
        givenScript('RESET ROLE; REVOKE SELECT ON edfi_10.student FROM dms_test_earlier_reader'),
      );
      const revoked = (await introspect(connection)).reporting.filter((view) => view.revoked.length > 0);
      expect(revoked.map(qualified)).toEqual(['edfi_10.student']);
    } finally {
      await connection.execute(
        givenScript('RESET ROLE; DROP OWNED BY dms_test_earlier_reader; DROP ROLE dms_test_earlier_reader'),
      );
    }
  });

  it('hold those of the set in place, whose columns may not change meanwhile', async () => {
    await applyViews(connection, own());
    await applyViews(connection, await scriptOn(connection));
    const text = () =>
      connection.query(
        trusted(
          "SELECT c.oid::regclass::text AS name, pg_get_viewdef(c.oid) FROM pg_class c WHERE c.relkind = 'v' AND c.relnamespace::regnamespace::text ~ 'edfi' ORDER BY 1",
        ),
      );
    const made = await text();
    // the same ones again, with the earlier ones on top
    expect(await applyViews(connection, own())).toEqual({
      views: own().names.length,
      earlier: own().names.length,
      descriptorTable: null,
    });
    expect(await text()).toEqual(made);
    const count = `${earlier.tables.length} views of the earlier version select from them`;
    const moved = await errorOf(() => applyViews(connection, own({ schemaSuffix: '_61' })));
    expect([moved.code, moved.message]).toEqual(['REPORTING_VIEWS_IN_USE', expect.stringContaining(count)]);
    expect(moved.message).toContain('dms-ddl reporting drop --earlier');
    const dropped = await errorOf(() => dropViews(connection, { layers: ['own'] }));
    expect([dropped.code, dropped.message]).toEqual(['REPORTING_VIEWS_IN_USE', expect.stringContaining(count)]);
    expect(dropped.message).toContain('--with-earlier');
    expect(await text()).toEqual(made);
    expect(await dropViews(connection, { layers: ['earlier'] })).toEqual({
      views: earlier.tables.length,
      descriptorTables: [],
    });
    expect((await markedViews(connection)).map(({ layer }) => layer)).not.toContain('earlier');
    await applyViews(connection, await scriptOn(connection));
    expect(await dropViews(connection)).toEqual({
      views: earlier.tables.length + own().names.length,
      descriptorTables: [],
    });
  });

  it('are not removed from under others', async () => {
    await applyViews(connection, own());
    await applyViews(connection, await scriptOn(connection));
    await connection.execute(
      givenScript(
        'CREATE SCHEMA dashboards; CREATE VIEW dashboards.names AS SELECT StudentUniqueId FROM edfi_10.Student',
      ),
    );
    for (const layers of [['earlier'], ['own', 'earlier']] as const) {
      const error = await errorOf(() => dropViews(connection, { layers }));
      expect([error.code, error.message]).toEqual([
        'REPORTING_VIEWS_IN_USE',
        expect.stringContaining('view dashboards.names'),
      ]);
    }
  });

  it('have the names of an ODS where those of the set are elsewhere', async () => {
    await applyViews(connection, own());
    const taken = await errorOf(() => scriptOn(connection, { suffix: '' }));
    expect([taken.code, taken.message]).toEqual(['ODS_VIEW_NAME_TAKEN', expect.stringContaining('--schema-suffix')]);
    await dropViews(connection);
    await applyViews(connection, own({ schemaSuffix: '_61' }));
    await applyViews(connection, await scriptOn(connection, { suffix: '' }));
    await connection.query(
      trusted('SELECT s.StudentUSI FROM edfi.Student s JOIN edfi_61.Student t ON t.StudentUSI = s.StudentUSI'),
    );
    await dropViews(connection, { layers: ['earlier'] });
    await connection.execute(givenScript('CREATE TABLE edfi.student (id int)'));
    const other = await errorOf(async () => applyViews(connection, await scriptOn(connection, { suffix: '' })));
    expect([other.code, other.message]).toEqual(['ODS_VIEW_NAME_TAKEN', expect.stringContaining('--earlier-suffix')]);
    await connection.execute(givenScript('DROP TABLE edfi.student'));
  });

  it('have the columns and types that those of the set were given', async () => {
    await applyViews(connection, own({ changeColumns: true, exactTypes: true, descriptorTable: true }));
    await applyViews(connection, await scriptOn(connection));
    const columns = (schema: string, table: string) =>
      connection.query<{ name: string; type: string }>(
        trusted(
          `SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type FROM pg_attribute a WHERE a.attrelid = '${schema}.${table}'::regclass AND a.attnum > 0 ORDER BY a.attnum`,
        ),
      );
    const published = viewsOf(breakingRelease.before.map(json), { changeColumns: true, exactTypes: true });
    const ofOwn = await mustExist(engine, 'an engine').open(published.script);
    try {
      await applyViews(ofOwn.connection, published.reporting);
      for (const { schema, pgsqlName } of earlier.tables) {
        const name = pgsqlName.toLowerCase();
        const expected = await ofOwn.connection.query(
          trusted(
            `SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type FROM pg_attribute a WHERE a.attrelid = '${schema}.${name}'::regclass AND a.attnum > 0 ORDER BY a.attnum`,
          ),
        );
        expect(await columns(`${schema}_10`, name), name).toEqual(expected);
      }
    } finally {
      await ofOwn.close();
    }
    const [version] = await connection.query(
      trusted('SELECT ChangeVersion, AggregateId, AggregateData FROM edfi_10.Student'),
    );
    expect(version).toBeUndefined();
  });
});
