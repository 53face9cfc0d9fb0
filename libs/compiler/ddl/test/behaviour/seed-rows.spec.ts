import { build, databaseEngines, type TestDatabase } from '@dms/testing';
import { compareOrdinal } from '@dms/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitDocuments, scriptWith } from '../emitted.ts';
import { attempts, hint, info, keyed, minimal, script } from '../provisioned.ts';
import { failureOf, singleValue, sqlText } from '../sql-session.ts';

const { project } = build;

describe.each(databaseEngines())('provisioning on $name', ({ openProvisioned }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openProvisioned(script);
  });

  afterAll(() => database.close());

  const { provisioned, onEmpty, afterChange } = attempts(() => database);

  describe('seed rows', () => {
    it('hold the fingerprint', () =>
      provisioned(async () => {
        expect(await database.queryRows('SELECT * FROM dms."ResourceKey"')).toEqual([[1, 'Ed-Fi', 'Person', '5.0.0']]);
        expect(
          await database.queryRows(
            `SELECT "EffectiveSchemaSingletonId", "ApiSchemaFormatVersion", "EffectiveSchemaHash", "ResourceKeyCount", encode("ResourceKeySeedHash", 'hex') FROM dms."EffectiveSchema"`,
          ),
        ).toEqual([[1, '1.0.0', info.effectiveSchemaHash, 1, Buffer.from(info.resourceKeySeedHash).toString('hex')]]);
        expect(await database.queryRows('SELECT * FROM dms."SchemaComponent"')).toEqual([
          [info.effectiveSchemaHash, 'ed-fi', 'Ed-Fi', '5.0.0', false],
        ]);
      }));

    const hash = info.effectiveSchemaHash;
    const seedHash = Buffer.from(info.resourceKeySeedHash).toString('hex');
    const failing: readonly (readonly [string, string, string])[] = [
      [
        'E2: a surplus resource key',
        `INSERT INTO dms."ResourceKey" VALUES (2, 'Ed-Fi', 'Other', '5.0.0')`,
        'dms.ResourceKey count mismatch: expected 1, found 2',
      ],
      ...(['"ResourceVersion" = \'5.0.1\'', '"ResourceName" = \'person\'', '"ProjectName" = \'ed-fi\''] as const).map(
        (change) =>
          [
            `E3: ${change}`,
            `UPDATE dms."ResourceKey" SET ${change}`,
            `dms.ResourceKey contents mismatch: 1 unexpected or modified rows (ResourceKeyIds: 1). ${hint}`,
          ] as const,
      ),
      [
        'E5: another count',
        'UPDATE dms."EffectiveSchema" SET "ResourceKeyCount" = 7',
        'dms.EffectiveSchema ResourceKeyCount mismatch: expected 1, found 7',
      ],
      [
        'E6: another seed hash',
        `UPDATE dms."EffectiveSchema" SET "ResourceKeySeedHash" = decode(repeat('AB', 32), 'hex')`,
        `dms.EffectiveSchema ResourceKeySeedHash mismatch: stored ${'ab'.repeat(32)} but expected ${seedHash}`,
      ],
      [
        'E7: a surplus component',
        `INSERT INTO dms."SchemaComponent" VALUES ('${hash}', 'zz', 'ZZ', '1.0.0', true)`,
        'dms.SchemaComponent count mismatch: expected 1, found 2',
      ],
      ...(['"IsExtensionProject" = true', '"ProjectName" = \'ed-fi\'', '"ProjectVersion" = \'5.0.1\''] as const).map(
        (change) =>
          [
            `E8: ${change}`,
            `UPDATE dms."SchemaComponent" SET ${change}`,
            `dms.SchemaComponent contents mismatch: 1 unexpected or modified rows (ProjectEndpointNames: ed-fi). ${hint}`,
          ] as const,
      ),
      [
        'E7: another endpoint name',
        `UPDATE dms."SchemaComponent" SET "ProjectEndpointName" = 'ED-FI'`,
        'dms.SchemaComponent count mismatch: expected 1, found 2',
      ],
      [
        'E7: one component gone, another added',
        `DELETE FROM dms."SchemaComponent"; INSERT INTO dms."SchemaComponent" VALUES ('${hash}', 'zz', 'ZZ', '1.0.0', true)`,
        'dms.SchemaComponent count mismatch: expected 1, found 2',
      ],
    ];

    it.each(failing)('%s', async (_title, change, message) => {
      const failure = await afterChange(change);
      expect({ code: failure.code, message: failure.message }).toEqual({ code: 'P0001', message });
    });

    it('E1: another hash in the row itself', async () => {
      const failure = await afterChange(
        `ALTER TABLE dms."SchemaComponent" DROP CONSTRAINT "FK_SchemaComponent_EffectiveSchemaHash"; UPDATE dms."EffectiveSchema" SET "EffectiveSchemaHash" = '${hash.toUpperCase()}'`,
      );
      expect(failure.message).toBe(
        `EffectiveSchemaHash mismatch: database has '${hash.toUpperCase()}' but expected '${hash}'`,
      );
    });

    it('a resource key under another id collides with its own insert', async () => {
      const failure = await afterChange('UPDATE dms."ResourceKey" SET "ResourceKeyId" = 5');
      expect({ code: failure.code, constraint: failure.constraint }).toEqual({
        code: '23505',
        constraint: 'UX_ResourceKey_ProjectName_ResourceName',
      });
    });

    it('a deleted resource key comes back', () =>
      provisioned(async () => {
        await database.exec('DELETE FROM dms."ResourceKey"');
        await database.exec(script);
        expect(await database.queryRows('SELECT "ResourceKeyId" FROM dms."ResourceKey"')).toEqual([[1]]);
      }));

    it('another format version is accepted and kept', () =>
      provisioned(async () => {
        await database.exec(`UPDATE dms."EffectiveSchema" SET "ApiSchemaFormatVersion" = '9 beta'`);
        await database.exec(script);
        expect(await singleValue(database, 'SELECT "ApiSchemaFormatVersion" FROM dms."EffectiveSchema"')).toBe(
          '9 beta',
        );
      }));

    it('a blank format version violates the check that the run adds again', async () => {
      const failure = await afterChange(
        `ALTER TABLE dms."EffectiveSchema" DROP CONSTRAINT "CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank"; UPDATE dms."EffectiveSchema" SET "ApiSchemaFormatVersion" = '  '`,
      );
      expect({ code: failure.code, constraint: failure.constraint }).toEqual({
        code: '23514',
        constraint: 'CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank',
      });
    });

    it('E4: a blank format version is reported where the check cannot be', async () => {
      // the check exists under its name but is always true: guards look only at existence
      const failure = await afterChange(
        `ALTER TABLE dms."EffectiveSchema" DROP CONSTRAINT "CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank";
         ALTER TABLE dms."EffectiveSchema" ADD CONSTRAINT "CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank" CHECK (true);
         UPDATE dms."EffectiveSchema" SET "ApiSchemaFormatVersion" = '  '`,
      );
      expect({ code: failure.code, message: failure.message }).toEqual({
        code: 'P0001',
        message: 'dms.EffectiveSchema.ApiSchemaFormatVersion must not be empty.',
      });
    });

    it('E3 lists ten ids at most, ascending by number', () =>
      onEmpty(async () => {
        const many = keyed(1500);
        await database.exec(many);
        await database.exec(`UPDATE dms."ResourceKey" SET "ResourceVersion" = '5.0.1' WHERE "ResourceKeyId" >= 1490`);
        const ids = Array.from({ length: 10 }, (_, index) => 1490 + index).join(', ');
        expect((await failureOf(database, many)).message).toBe(
          `dms.ResourceKey contents mismatch: 11 unexpected or modified rows (ResourceKeyIds: ${ids}). ${hint}`,
        );
        await database.exec(`UPDATE dms."ResourceKey" SET "ResourceVersion" = '5.0.0' WHERE "ResourceKeyId" >= 1490`);
        await database.exec(
          `UPDATE dms."ResourceKey" SET "ResourceVersion" = '5.0.1' WHERE "ResourceKeyId" IN (2, 10, 9, 100)`,
        );
        expect((await failureOf(database, many)).message).toContain(
          '4 unexpected or modified rows (ResourceKeyIds: 2, 9, 10, 100)',
        );
      }));

    it('E8 lists ten endpoint names at most, in name order', () =>
      onEmpty(async () => {
        const names = Array.from({ length: 12 }, (_, index) => `p${String.fromCharCode(97 + index)}`);
        const [component] = info.schemaComponents;
        const many = scriptWith(minimal.pgsql, {
          schemaComponents: names.map((name) => ({ ...component!, projectEndpointName: name })),
        });
        await database.exec(many);
        await database.exec(`UPDATE dms."SchemaComponent" SET "ProjectVersion" = '0'`);
        expect((await failureOf(database, many)).message).toContain(
          `12 unexpected or modified rows (ProjectEndpointNames: ${names.slice(0, 10).join(', ')}).`,
        );
      }));

    it.each([
      [999, 1],
      [1000, 2],
      [2500, 3],
    ])('%i resource keys: %i constructors, and the validation passes, twice', (count, constructors) =>
      onEmpty(async () => {
        const many = keyed(count);
        const block = many.slice(
          many.indexOf('-- ResourceKey full-table validation'),
          many.indexOf('-- EffectiveSchema singleton'),
        );
        expect(block.match(/\(VALUES$/gm)).toHaveLength(constructors);
        expect(block.match(/\(\d+::smallint, /g)).toHaveLength(count);
        await database.exec(many);
        await database.exec(many);
        expect(await singleValue(database, 'SELECT count(*) FROM dms."ResourceKey"')).toBe(count);
        await database.exec(`UPDATE dms."ResourceKey" SET "ResourceVersion" = '' WHERE "ResourceKeyId" = ${count}`);
        expect((await failureOf(database, many)).message).toContain(`(ResourceKeyIds: ${count})`);
      }),
    );

    it('no resource keys: neither inserts nor validation, count 0', () =>
      onEmpty(async () => {
        const empty = emitDocuments(project('Ed-Fi', [], { endpoint: 'ed-fi' }));
        for (const { script: text } of empty.scripts) {
          expect(text).not.toContain('ResourceKey seed inserts');
          expect(text).not.toContain('ResourceKey full-table validation');
        }
        await database.exec(empty.pgsql.script);
        await database.exec(empty.pgsql.script);
        expect(await singleValue(database, 'SELECT "ResourceKeyCount" FROM dms."EffectiveSchema"')).toBe(0);
        expect(await singleValue(database, 'SELECT count(*) FROM dms."ResourceKey"')).toBe(0);
      }));

    it('names with quotes, dollar tags, percent signs and backslashes are stored as they are', async () => {
      const names = [`O'Neil $$ 100% \\x`, `$dms$ %s "q"`];
      const [component] = info.schemaComponents;
      const hostile = scriptWith(minimal.pgsql, {
        resourceKeyCount: 2,
        resourceKeys: names.map((name, index) => ({
          id: index + 1,
          projectName: name,
          resourceName: names[1 - index]!,
          resourceVersion: `'${index}%`,
          isAbstract: false,
        })),
        schemaComponents: [...names]
          .sort(compareOrdinal)
          .map((name) => ({ ...component!, projectEndpointName: name, projectName: name })),
      });
      await onEmpty(async () => {
        await database.exec(hostile);
        await database.exec(hostile);
        expect(
          await database.queryRows(
            'SELECT "ProjectName", "ResourceName", "ResourceVersion" FROM dms."ResourceKey" ORDER BY "ResourceKeyId"',
          ),
        ).toEqual([
          [names[0], names[1], `'0%`],
          [names[1], names[0], `'1%`],
        ]);
        expect(
          await database.queryRows(
            'SELECT "ProjectName" FROM dms."SchemaComponent" ORDER BY "ProjectEndpointName" COLLATE "C"',
          ),
        ).toEqual([...names].sort(compareOrdinal).map((name) => [name]));
        await database.exec(
          `UPDATE dms."SchemaComponent" SET "ProjectVersion" = '0' WHERE "ProjectEndpointName" = ${sqlText(names[1]!)}`,
        );
        expect((await failureOf(database, hostile)).message).toContain(`(ProjectEndpointNames: ${names[1]}).`);
      });
    });
  });
});
