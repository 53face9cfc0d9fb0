import { readdirSync } from 'node:fs';
import { buildEffectiveSchema, effectiveSchemaManifestText, loadApiSchemaFiles } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { dialects, type SqlDialect } from '@dms/sql';
import { countBy, hasSharedData, readSharedJson, readSharedText, sharedFile } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveInventory } from '../../src/index.ts';
import { modelManifestText } from '../../src/manifest/model-manifest.ts';

const fixtures = ['minimal', 'nested', 'polymorphic', 'ext'];

async function schemaOf(fixture: string) {
  const folder = ['fixtures', fixture, 'inputs'];
  const files = readdirSync(sharedFile(...folder)).map((name) => ({ file: sharedFile(...folder, name) }));
  return buildEffectiveSchema(await loadApiSchemaFiles(files));
}

async function standard(dialect: SqlDialect) {
  const set = buildEffectiveSchema(await loadApiSchemaFiles([{ file: sharedFile('inputs', 'ds-5.2-core.json') }]));
  return deriveInventory(deriveModel(set, dialect).model);
}

describe.runIf(hasSharedData)('manifests and inventories (needs the shared conformance data)', () => {
  it.each(fixtures)('effective-schema.manifest.json of %s is byte-equal', async (fixture) => {
    const set = await schemaOf(fixture);
    expect(effectiveSchemaManifestText(set.info)).toBe(
      readSharedText('fixtures', fixture, 'expected', 'effective-schema.manifest.json'),
    );
  });

  it.each(fixtures.flatMap((fixture) => dialects.map((dialect) => [fixture, dialect] as const)))(
    'relational-model manifest of %s for %s is byte-equal',
    async (fixture, dialect) => {
      const set = await schemaOf(fixture);
      const { model } = deriveModel(set, dialect);
      const text = modelManifestText(model, deriveInventory(model), set.info);
      expect(text).toBe(readSharedText('fixtures', fixture, 'expected', `relational-model.${dialect}.manifest.json`));
    },
  );

  it.each(dialects)('the data standard 5.2 has the counts of design 05 §9 for %s', async (dialect) => {
    const { indexes, triggers, authEdOrgHierarchy } = await standard(dialect);
    expect(countBy(indexes, ({ kind }) => kind)).toEqual({
      PrimaryKey: 467,
      UniqueConstraint: 500,
      ForeignKeySupport: 900,
      Explicit: 1,
    });
    expect(countBy(triggers, ({ kind }) => kind)).toEqual({
      DocumentStamping: 465,
      ReferentialIdentityMaintenance: 138,
      AbstractIdentityMaintenance: 19,
      AuthHierarchyMaintenance: 23,
    });
    expect(
      triggers.filter((trigger) => trigger.kind === 'ReferentialIdentityMaintenance' && trigger.superclassAlias),
    ).toHaveLength(19);
    const shortened = (list: readonly { name: string }[]) =>
      list.filter(({ name }) => /_[0-9a-f]{10}$/.test(name)).length;
    expect(shortened(indexes.filter(({ kind }) => kind === 'ForeignKeySupport'))).toBe(dialect === 'pgsql' ? 715 : 137);
    expect(shortened(triggers)).toBe(dialect === 'pgsql' ? 64 : 0);
    expect(authEdOrgHierarchy?.entities.map(({ entityName, parentFks }) => [entityName, parentFks.length])).toEqual([
      ['CommunityOrganization', 0],
      ['CommunityProvider', 1],
      ['EducationOrganizationNetwork', 0],
      ['EducationServiceCenter', 1],
      ['LocalEducationAgency', 3],
      ['OrganizationDepartment', 1],
      ['PostSecondaryInstitution', 0],
      ['School', 1],
      ['StateEducationAgency', 0],
    ]);
  });

  it.each(dialects)(
    'every index of the expected 5.2 catalog for %s is in the inventory and the reverse',
    async (dialect) => {
      const { indexes } = await standard(dialect);
      const expected = readSharedJson('fixtures', 'ds-5.2', 'expected', `catalog.${dialect}.json`).indexes.filter(
        (index: { schema: string }) => index.schema !== 'dms',
      );
      const wanted = new Set(
        expected.map((index: { schema: string; table: string; name: string; unique: boolean; columns: string[] }) =>
          JSON.stringify([
            index.schema,
            index.table,
            index.name,
            index.unique,
            index.columns.map((column) => column.replace(/^"(.*)"$/, '$1')),
          ]),
        ),
      );
      const isCreatedByStatement = (kind: string) => kind === 'ForeignKeySupport' || kind === 'Explicit';
      const listed = indexes.filter(({ kind }) => dialect === 'pgsql' || isCreatedByStatement(kind));
      const actual = new Set(
        listed.map(({ table, name, isUnique, keyColumns }) =>
          JSON.stringify([table.schema, table.name, name, isUnique, keyColumns]),
        ),
      );
      // the key of the auth table is not an entry of the inventory (design 05 §2.2)
      const missing = [...wanted].filter(
        (entry) =>
          !actual.has(entry as string) &&
          !(entry as string).includes('PK_EducationOrganizationIdToEducationOrganizationId'),
      );
      expect(missing).toEqual([]);
      expect([...actual].filter((entry) => !wanted.has(entry))).toEqual([]);
    },
  );
});
