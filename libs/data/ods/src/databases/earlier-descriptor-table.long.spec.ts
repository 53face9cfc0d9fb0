import { readFileSync } from 'node:fs';
import { type Connection, dropMarkedViews, introspect } from '@dms/databases';
import { type Descriptor, descriptorReferentialId, writeDescriptors } from '@dms/documents';
import { mustExist, qualified } from '@dms/model';
import { givenScript, trusted } from '@dms/sql';
import { breakingRelease, type DatabaseOfSpec, errorOf, serverEngine, usualGenerations } from '@dms/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { completeTranslation, earlierSet } from '../../test/earlier-views.ts';
import {
  applyViews,
  deriveEarlier,
  dropViews,
  type EarlierViewOptions,
  earlierScript,
  ownViewOptions,
  type ReportingOptions,
  reportingScript,
  restoreViews,
  usualOptions,
} from '../index.ts';

/* The table of descriptors of an earlier version (design 21 §3): its rows are those of the view that it replaces. */

const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

describe.each(usualGenerations('v1'))('the table of descriptors of an earlier version in %s', (mappingVersion) => {
  const before = earlierSet(breakingRelease.before.map(json), mappingVersion);
  const after = earlierSet(breakingRelease.after.map(json), mappingVersion);
  const translation = completeTranslation(json(breakingRelease.translation), before, after);
  const earlier = deriveEarlier(before.mapping, after.mapping, translation, 'rules');
  const { mapping, model } = after;
  const resources = model.resources.filter(({ storageKind }) => storageKind === 'SharedDescriptorTable');

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
      effectiveBeginDate: null,
      effectiveEndDate: null,
      referentialId: descriptorReferentialId(resourceKey, `${namespace}#${codeValue}`),
    };
  };

  let database: DatabaseOfSpec;
  let connection: Connection;
  beforeAll(async () => {
    database = await serverEngine.open(after.script);
    connection = database.connection;
  });
  afterAll(() => database.close());
  afterEach(async () => {
    await connection.execute(givenScript('DROP SCHEMA IF EXISTS analytics CASCADE; DELETE FROM dms."Document"'));
    await dropViews(connection);
    const left = await connection.query(
      trusted(
        `SELECT tgname FROM pg_trigger WHERE tgname LIKE '%Reporting%' UNION ALL SELECT proname FROM pg_proc WHERE proname LIKE 'tf_descriptor_%'`,
      ),
    );
    expect(left).toEqual([]);
  });

  const write = (descriptors: readonly Descriptor[]) =>
    writeDescriptors(connection, descriptors, 'update', mappingVersion);

  const own = (options: Partial<ReportingOptions> = {}) =>
    reportingScript(mapping, model, { ...usualOptions, ...options });

  async function scriptOn(chosen: Partial<EarlierViewOptions> = {}) {
    const options = await ownViewOptions(connection, mapping.effectiveSchemaHash);
    const { changeColumns, exactTypes } = options;
    return earlierScript(
      earlier,
      { mapping, model, options },
      { suffix: null, changeColumns, exactTypes, descriptorTable: true, grants: [], ...chosen },
    );
  }

  /** Applies the own views, and those of the earlier version with its table of descriptors. */
  async function applyBoth(options: Partial<ReportingOptions> = {}): Promise<void> {
    await applyViews(connection, own(options));
    const script = await scriptOn();
    expect(await applyViews(connection, script)).toMatchObject({
      views: earlier.tables.length - 1,
      descriptorTable: 'edfi_10.descriptor',
    });
  }

  /** Expects the rows that the view of the earlier version has, apart from rows that scripts inserted. */
  async function expectRows(): Promise<number> {
    const view = await scriptOn({ suffix: '_view', descriptorTable: false });
    const [text = ''] = /CREATE OR REPLACE VIEW "edfi_view"."descriptor" AS\n[^;]*;/.exec(view.text) ?? [];
    await connection.execute(givenScript(`CREATE SCHEMA edfi_view; ${text}`));
    try {
      const rows = await connection.query(
        trusted('SELECT * FROM edfi_10.descriptor WHERE descriptorid > 0 ORDER BY 1'),
      );
      expect(rows).toEqual(
        await connection.query(trusted('SELECT * FROM edfi_view.descriptor WHERE descriptorid > 0 ORDER BY 1')),
      );
      return rows.length;
    } finally {
      await connection.execute(givenScript('DROP SCHEMA edfi_view CASCADE'));
    }
  }

  it.each<Partial<ReportingOptions>>([
    {},
    { descriptorTable: true },
    { descriptorTable: true, changeColumns: true, exactTypes: true },
    { schemaSuffix: '_later', descriptorTable: true },
  ])('has the rows of the view at any time, on own views with %j', async (options) => {
    await write([descriptor(0), descriptor(1)]);
    await applyBoth(options);
    expect(await expectRows()).toBe(2);
    await write([descriptor(2), descriptor(3), descriptor(4)]);
    expect(await expectRows()).toBe(5);
    await write([descriptor(1, 'changed'), descriptor(4, 'changed too')]);
    expect(await expectRows()).toBe(5);
    await connection.execute(
      givenScript(
        `DELETE FROM dms."Document" WHERE "DocumentId" IN (SELECT "DocumentId" FROM dms."Descriptor" WHERE "CodeValue" = 'Code 0')`,
      ),
    );
    expect(await expectRows()).toBe(4);
    // the own views again, then those of the earlier version
    await applyBoth(options);
    await write([descriptor(5)]);
    expect(await expectRows()).toBe(5);
  });

  it('has the discriminators of the earlier version', async () => {
    await applyBoth({ descriptorTable: true });
    await write(resources.map((_, index) => descriptor(index)));
    const values = async (table: string) =>
      (await connection.query<{ value: string }>(trusted(`SELECT DISTINCT discriminator AS value FROM ${table}`))).map(
        ({ value }) => value,
      );
    const shown = before.mapping.tables
      .filter(({ kind }) => kind === 'descriptor')
      .map(({ schema, name }) => `${schema}.${name}`);
    const later = mapping.tables
      .filter(({ kind }) => kind === 'descriptor')
      .map(({ schema, name }) => `${schema}.${name}`);
    expect((await values('edfi.descriptor')).sort()).toEqual([...later].sort());
    const found = await values('edfi_10.descriptor');
    expect(found.filter((value) => shown.includes(value)).length).toBeGreaterThan(0);
    expect(found).toHaveLength(later.length);
  });

  it('takes keys and rows of scripts, apart from those of the own table', async () => {
    await applyBoth({ descriptorTable: true });
    await write([descriptor(1)]);
    const insert = (schema: string, code: string) =>
      connection.query(
        trusted(
          `INSERT INTO ${schema}.Descriptor (Namespace, CodeValue, ShortDescription, Discriminator) VALUES ('uri://x', '${code}', 'Own', 'x.X') RETURNING DescriptorId AS id`,
        ),
      );
    expect(await insert('edfi', 'Own')).toEqual([{ id: -1 }]);
    expect(await insert('edfi_10', 'Earlier')).toEqual([{ id: -1 }]);
    await connection.execute(
      givenScript(`CREATE SCHEMA analytics; CREATE TABLE analytics.map (DescriptorId int REFERENCES edfi_10.Descriptor (DescriptorId));
INSERT INTO analytics.map SELECT DescriptorId FROM edfi_10.Descriptor WHERE CodeValue = 'Code 1'`),
    );
    const applied = await applyViews(connection, await scriptOn());
    expect(applied).toMatchObject({ earlier: earlier.tables.length - 1, descriptorTable: 'edfi_10.descriptor' });
    const codes = await connection.query(
      trusted('SELECT codevalue AS code FROM edfi_10.descriptor ORDER BY descriptorid'),
    );
    expect(codes).toEqual([{ code: 'Earlier' }, { code: 'Code 1' }]);
    for (const run of [
      () => dropViews(connection, { layers: ['earlier'] }),
      () => dropViews(connection),
      async () => applyViews(connection, await scriptOn({ descriptorTable: false })),
      async () => applyViews(connection, await scriptOn({ suffix: '_other' })),
    ]) {
      const error = await errorOf(run);
      expect(error.code).toBe('REPORTING_VIEWS_IN_USE');
      expect(error.message).toContain('on analytics.map');
      expect(error.message).toContain('1 inserted row');
    }
    await connection.execute(
      givenScript('DROP SCHEMA analytics CASCADE; DELETE FROM edfi_10.descriptor WHERE descriptorid < 0'),
    );
    await applyViews(connection, await scriptOn({ descriptorTable: false }));
    await write([descriptor(2)]);
    expect(
      await connection.query(trusted('SELECT 1 AS one FROM edfi_10.descriptor WHERE descriptorid > 0')),
    ).toHaveLength(2);
    await connection.execute(givenScript('DELETE FROM edfi.descriptor WHERE descriptorid < 0'));
  });

  it('is no drift, and each layer is only changed by its own triggers', async () => {
    const { catalog } = await introspect(connection);
    await applyBoth({ descriptorTable: true });
    const changed = async () => {
      const found = await introspect(connection);
      expect(found.catalog).toEqual(catalog);
      return found.reporting.filter(({ isUnchanged }) => !isUnchanged).map(qualified);
    };
    expect(await changed()).toEqual([]);
    const tables = (await introspect(connection)).reporting.filter(({ kind }) => kind === 'table');
    expect(tables.map((table) => [qualified(table), table.made?.options]).sort()).toEqual([
      ['edfi.descriptor', { descriptorTable: true, grants: [] }],
      ['edfi_10.descriptor', { descriptorTable: true, grants: [] }],
    ]);
    await connection.execute(
      givenScript(
        'ALTER TABLE dms."Descriptor" DISABLE TRIGGER "TR_Descriptor_Reporting_Update_Earlier"; ALTER FUNCTION edfi.tf_descriptor_clear() SECURITY INVOKER',
      ),
    );
    expect((await changed()).sort()).toEqual(['edfi.descriptor', 'edfi_10.descriptor']);
    await connection.execute(givenScript('ALTER FUNCTION edfi.tf_descriptor_clear() SECURITY DEFINER'));
    expect(await changed()).toEqual(['edfi_10.descriptor']);
    await applyViews(connection, await scriptOn());
    expect(await changed()).toEqual([]);
    expect(await dropViews(connection, { layers: ['earlier'] })).toEqual({
      views: earlier.tables.length - 1,
      descriptorTables: ['edfi_10.descriptor'],
    });
    expect(await changed()).toEqual([]);
    await write([descriptor(1)]);
    expect(await connection.query(trusted('SELECT 1 AS one FROM edfi.descriptor'))).toHaveLength(1);
    await applyBoth({ descriptorTable: true });
    expect((await dropViews(connection)).descriptorTables).toEqual(['edfi.descriptor', 'edfi_10.descriptor']);
    expect(await changed()).toEqual([]);
  });

  it('stays through an upgrade, in which descriptors are written', async () => {
    await applyBoth({ descriptorTable: true });
    await write([descriptor(1), descriptor(2)]);
    await connection.execute(
      givenScript(
        'CREATE SCHEMA analytics; CREATE TABLE analytics.map (DescriptorId int REFERENCES edfi_10.Descriptor (DescriptorId))',
      ),
    );
    const { reporting } = await introspect(connection);
    await connection.execute(givenScript('BEGIN'));
    await dropMarkedViews(connection, {}, { keepsTable: true });
    await connection.execute(
      givenScript(
        `UPDATE dms."Descriptor" SET "ShortDescription" = 'changed' WHERE "CodeValue" = 'Code 1'; DELETE FROM dms."Document" WHERE "DocumentId" IN (SELECT "DocumentId" FROM dms."Descriptor" WHERE "CodeValue" = 'Code 2')`,
      ),
    );
    await restoreViews(connection, { mapping, model, earlier }, reporting);
    await connection.execute(givenScript('COMMIT'));
    expect((await introspect(connection)).reporting.filter(({ isUnchanged }) => !isUnchanged)).toEqual([]);
    const rows = await connection.query(trusted('SELECT shortdescription AS text FROM edfi_10.descriptor'));
    expect(rows).toEqual([{ text: 'changed' }]);
    await write([descriptor(3)]);
    expect(await expectRows()).toBe(2);
  });
});
