import { type Connection, healthFindings, introspect, markedViews, roleRights } from '@dms/databases';
import { type Descriptor, descriptorReferentialId, writeDescriptors } from '@dms/documents';
import { mustExist } from '@dms/model';
import { givenScript, joined, textOf, trusted } from '@dms/sql';
import { type DatabaseOfSpec, errorOf, serverEngine, usualGenerations } from '@dms/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ownDocuments, type ViewsOptions, viewsOf } from '../../test/views.ts';
import { applyViews, dropViews } from '../index.ts';
import { pgsqlReporting, usualOptions } from '../views/reporting-dialect.ts';
import { reportingViews } from '../views/reporting-views.ts';
import { viewQuery } from '../views/view-text.ts';

/* The table of descriptors (design 19 §8.1): scripts that refer to it or insert into it, and the rows that it has. */

describe.each(usualGenerations('v1'))('the table of descriptors in %s', (mappingVersion) => {
  const views = (options: ViewsOptions = {}) =>
    viewsOf(ownDocuments(mappingVersion), { mappingVersion, descriptorTable: true, ...options });
  const usual = views();
  const { schema: core } = mustExist(
    usual.mapping.tables.find(({ kind }) => kind === 'descriptorBase'),
    'the table of descriptors',
  );
  const resources = usual.model.resources.filter(({ storageKind }) => storageKind === 'SharedDescriptorTable');

  const descriptor = (number: number, shortDescription = `Short ${number}`): Descriptor => {
    const { resourceKey } = mustExist(resources[number % resources.length], 'a descriptor');
    const namespace = `uri://ed-fi.org/${resourceKey.resourceName}`;
    const codeValue = `Code ${number}`;
    return {
      file: 'descriptors.xml',
      line: number,
      resourceKey,
      namespace,
      codeValue,
      shortDescription,
      description: null,
      effectiveBeginDate: '0001-01-01',
      effectiveEndDate: number % 2 === 0 ? '9999-12-31' : null,
      referentialId: descriptorReferentialId(resourceKey, `${namespace}#${codeValue}`),
    };
  };

  let database: DatabaseOfSpec;
  let connection: Connection;
  beforeAll(async () => {
    database = await serverEngine.open(usual.script);
    connection = database.connection;
  });
  afterAll(() => database.close());
  afterEach(async () => {
    await connection.execute(givenScript('DROP SCHEMA IF EXISTS analytics CASCADE; DELETE FROM dms."Document"'));
    await dropViews(connection);
  });

  const write = (descriptors: readonly Descriptor[]) =>
    writeDescriptors(connection, descriptors, 'update', mappingVersion);

  /** Expects the rows of the view, apart from rows that scripts inserted. Returns their number. */
  async function expectRows(options: ViewsOptions = {}, schema = core): Promise<number> {
    const chosen = { ...usualOptions, ...options };
    const { mapping, model } = usual;
    const view = mustExist(
      reportingViews(mapping, model, chosen).find(({ table }) => table.kind === 'descriptorBase'),
      'the view of descriptors',
    );
    const rows = await connection.query(
      trusted(`SELECT * FROM ${schema}.descriptor WHERE descriptorid > 0 ORDER BY descriptorid`),
    );
    expect(rows).toEqual(
      await connection.query(
        trusted(`SELECT * FROM (${textOf(joined(viewQuery(pgsqlReporting, view, chosen)))}) v ORDER BY descriptorid`),
      ),
    );
    return rows.length;
  }

  /** A table as in the scripts of reports, with the type that an ODS gives to the ids of descriptors. */
  const descriptorMap = `CREATE SCHEMA analytics;
CREATE TABLE analytics.DescriptorMap (DescriptorMapId SERIAL PRIMARY KEY, Constant varchar(50) NOT NULL, DescriptorId INT NOT NULL,
  CONSTRAINT FK_DescriptorMap_Descriptor FOREIGN KEY (DescriptorId) REFERENCES ${core}.Descriptor (DescriptorId));
INSERT INTO analytics.DescriptorMap (Constant, DescriptorId) SELECT 'Code.' || d.CodeValue, d.DescriptorId FROM ${core}.Descriptor d
  WHERE d.CodeValue = 'Code 1' AND d.Namespace LIKE 'uri://ed-fi.org/%'`;

  it.each<ViewsOptions>([{}, { changeColumns: true }, { exactTypes: true }])(
    'has the rows of the view at any time: %j',
    async (options) => {
      await write([descriptor(0), descriptor(1)]);
      await applyViews(connection, views(options).reporting);
      expect(await expectRows(options)).toBe(2);
      await write([descriptor(2), descriptor(3), descriptor(4)]);
      expect(await expectRows(options)).toBe(5);
      await write([descriptor(1, 'changed'), descriptor(4, 'changed too'), descriptor(3)]);
      expect(await expectRows(options)).toBe(5);
      await connection.execute(
        givenScript(`DELETE FROM dms."Document" WHERE "DocumentId" IN
  (SELECT "DocumentId" FROM dms."Descriptor" WHERE "CodeValue" IN ('Code 0', 'Code 4'))`),
      );
      expect(await expectRows(options)).toBe(3);
      // like a copy of the database that runs no triggers
      await connection.execute(
        givenScript(
          'SET session_replication_role = replica; DELETE FROM dms."Descriptor"; SET session_replication_role = origin',
        ),
      );
      await write([descriptor(5)]);
      await applyViews(connection, views(options).reporting);
      expect(await expectRows(options)).toBe(1);
    },
  );

  it('can be the target of a foreign key, in each run and after it', async () => {
    await write([descriptor(1), descriptor(2)]);
    const { names } = usual.reporting;
    const applied = { views: names.length - 1, earlier: 0, descriptorTable: `${core}.descriptor` };
    expect(await applyViews(connection, usual.reporting)).toEqual(applied);
    await connection.execute(givenScript(descriptorMap));
    expect(await connection.query(trusted('SELECT constant FROM analytics.descriptormap'))).toEqual([
      { constant: 'Code.Code 1' },
    ]);
    expect(await applyViews(connection, usual.reporting)).toEqual({ ...applied, earlier: names.length - 1 });
    await applyViews(connection, views({ changeColumns: true }).reporting);
    await applyViews(connection, usual.reporting);
    expect(await expectRows()).toBe(2);
    const refused = await errorOf(() =>
      connection.execute(givenScript(`DELETE FROM dms."Descriptor" WHERE "CodeValue" = 'Code 1'`)),
    );
    expect(refused.message).toContain('fk_descriptormap_descriptor');
    const inUse = await errorOf(() => dropViews(connection));
    expect(inUse.code).toBe('REPORTING_VIEWS_IN_USE');
    expect(inUse.message).toContain('fk_descriptormap_descriptor on analytics.descriptormap');
    // a run without the option would need the name for a view
    const asView = await errorOf(() => applyViews(connection, views({ descriptorTable: false }).reporting));
    expect(asView.code).toBe('REPORTING_VIEWS_IN_USE');
    expect(await expectRows()).toBe(2);
  });

  it('takes rows that scripts insert, and keeps them', async () => {
    await write([descriptor(1)]);
    await applyViews(connection, usual.reporting);
    const insert = `INSERT INTO ${core}.Descriptor (Namespace, CodeValue, ShortDescription, Discriminator)
VALUES ('uri://example.org', 'Own', 'Own', 'core.OwnDescriptor') RETURNING DescriptorId AS id, Uri AS uri, Id IS NOT NULL AND CreateDate IS NOT NULL AS filled`;
    expect(await connection.query(trusted(insert))).toEqual([{ id: -1, uri: 'uri://example.org#Own', filled: true }]);
    await applyViews(connection, usual.reporting);
    await write([descriptor(2)]);
    expect(await expectRows()).toBe(2);
    expect(
      await connection.query(trusted(`SELECT descriptorid AS id FROM ${core}.descriptor WHERE descriptorid < 0`)),
    ).toEqual([{ id: -1 }]);
    for (const run of [
      () => dropViews(connection),
      () => applyViews(connection, views({ descriptorTable: false }).reporting),
      () => applyViews(connection, views({ schemaSuffix: '_ods' }).reporting),
    ]) {
      const error = await errorOf(run);
      expect(error.code).toBe('REPORTING_VIEWS_IN_USE');
      expect(error.message).toContain('1 inserted row');
    }
    await connection.execute(givenScript(`DELETE FROM ${core}.descriptor WHERE descriptorid < 0`));
  });

  it('becomes a view again, and moves, where nobody needs it', async () => {
    await write([descriptor(1)]);
    await applyViews(connection, views({ descriptorTable: false }).reporting);
    await applyViews(connection, usual.reporting);
    await applyViews(connection, views({ schemaSuffix: '_ods' }).reporting);
    expect(await expectRows({}, `${core}_ods`)).toBe(1);
    await write([descriptor(2)]);
    expect(await expectRows({}, `${core}_ods`)).toBe(2);
    await applyViews(connection, views({ descriptorTable: false }).reporting);
    expect((await markedViews(connection)).filter(({ kind }) => kind === 'table')).toEqual([]);
    await write([descriptor(3)]);
    expect(await connection.query(trusted(`SELECT * FROM ${core}.descriptor`))).toHaveLength(3);
  });

  it('is no drift, and its triggers and functions are gone with it', async () => {
    const { catalog } = await introspect(connection);
    await applyViews(connection, usual.reporting);
    const found = await introspect(connection);
    expect(found.catalog).toEqual(catalog);
    expect(found.reporting.filter(({ isUnchanged }) => !isUnchanged)).toEqual([]);
    expect(found.reporting.filter(({ kind }) => kind === 'table')).toEqual([
      expect.objectContaining({
        schema: core,
        name: 'descriptor',
        made: expect.objectContaining({ options: { descriptorTable: true, grants: [] } }),
      }),
    ]);
    for (const change of [
      'ALTER TABLE dms."Descriptor" DISABLE TRIGGER "TR_Descriptor_Reporting_Update"',
      `ALTER FUNCTION ${core}.tf_descriptor_fill() SECURITY INVOKER`,
      `ALTER TABLE ${core}.descriptor ENABLE ROW LEVEL SECURITY`,
    ]) {
      await connection.execute(givenScript(change));
      const changed = (await introspect(connection)).reporting.filter(({ isUnchanged }) => !isUnchanged);
      expect(
        changed.map(({ name }) => name),
        change,
      ).toEqual(['descriptor']);
      await connection.execute(givenScript(`DROP TABLE ${core}.descriptor CASCADE`));
      await applyViews(connection, usual.reporting);
    }
    expect(await dropViews(connection)).toEqual({
      views: usual.reporting.names.length - 1,
      descriptorTables: [`${core}.descriptor`],
    });
    const left = await connection.query(
      trusted(
        `SELECT tgname FROM pg_trigger WHERE tgname LIKE '%Reporting%' UNION ALL SELECT proname FROM pg_proc WHERE proname LIKE 'tf_descriptor_%'`,
      ),
    );
    expect(left).toEqual([]);
    expect((await introspect(connection)).catalog).toEqual(catalog);
  });

  it('is filled for writers who have no right on it', async () => {
    await connection.execute(givenScript('CREATE ROLE dms_test_writer'));
    try {
      await applyViews(connection, usual.reporting);
      await connection.execute(
        givenScript(`GRANT USAGE ON SCHEMA dms TO dms_test_writer; GRANT ALL ON ALL TABLES IN SCHEMA dms TO dms_test_writer;
GRANT ALL ON ALL SEQUENCES IN SCHEMA dms TO dms_test_writer; SET ROLE dms_test_writer`),
      );
      await write([descriptor(1)]);
      await write([descriptor(1, 'changed')]);
      const denied = await errorOf(() => connection.query(trusted(`SELECT * FROM ${core}.descriptor`)));
      expect(denied.message).toContain('permission denied');
      await connection.execute(givenScript('RESET ROLE'));
      expect(await expectRows()).toBe(1);
      // roles that write or read documents need no rights on the objects that reports read
      const schemas = [...new Set(usual.reporting.names.map(({ schema }) => schema))];
      const set = (await introspect(connection)).catalog;
      const { missing } = await roleRights(connection, set, { role: 'dms_test_writer' });
      const objects = missing.write.rights.flatMap((each) => each.objects);
      expect(objects.some((object) => object.includes('"School"') || object.endsWith('.School'))).toBe(true);
      expect(objects.filter((object) => /descriptor\b|\.school$/.test(object))).toEqual([]);
      await connection.execute(
        givenScript(
          `ALTER TABLE ${core}.descriptor OWNER TO dms_test_writer; ALTER VIEW ${core}.school OWNER TO dms_test_writer`,
        ),
      );
      expect(await healthFindings(connection, 'check', { schemas: ['dms', ...schemas] })).toEqual([]);
      await connection.execute(
        givenScript(
          `ALTER TABLE ${core}.descriptor OWNER TO CURRENT_USER; ALTER VIEW ${core}.school OWNER TO CURRENT_USER`,
        ),
      );
    } finally {
      await connection.execute(givenScript('RESET ROLE; DROP OWNED BY dms_test_writer; DROP ROLE dms_test_writer'));
    }
  });

  it('is not created over something else', async () => {
    await connection.execute(givenScript(`CREATE TABLE ${core}.descriptor (id int)`));
    const taken = await errorOf(() => applyViews(connection, usual.reporting));
    expect(taken.code).toBe('ODS_VIEW_NAME_TAKEN');
    await connection.execute(givenScript(`DROP TABLE ${core}.descriptor`));
  });

  it('does not take the place of a view that others use', async () => {
    await applyViews(connection, views({ descriptorTable: false }).reporting);
    await connection.execute(
      givenScript(`CREATE SCHEMA analytics; CREATE VIEW analytics.codes AS SELECT codevalue FROM ${core}.descriptor`),
    );
    const error = await errorOf(() => applyViews(connection, usual.reporting));
    expect(error.code).toBe('REPORTING_VIEWS_IN_USE');
    expect(error.message).toContain('view analytics.codes');
  });
});
