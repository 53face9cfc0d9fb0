import { compareOrdinal } from '@dms/canonical-json';
import { build, databaseEngines, type TestDatabase } from '@dms/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitDocuments, scriptWith } from './emitted.spec-support.ts';
import {
  catalogLines,
  dropEverything,
  failureOf,
  inSavepoint,
  rolledBack,
  seedLines,
  singleValue,
  sqlText,
} from './sql-session.spec-support.ts';

/* What a database owes to the script, whatever happened to it in between (design 06 §3, §6, §11, §12). */

const { integer, object, project, resource } = build;

const personProject = (endpoint: string, version = '5.0.0') =>
  project(
    'Ed-Fi',
    [
      resource('Person', {
        identityJsonPaths: ['$.personId'],
        jsonSchemaForInsert: object({ personId: integer() }, ['personId']),
      }),
    ],
    {
      endpoint,
      version,
    },
  );

const minimal = emitDocuments(personProject('ed-fi'));
const script = minimal.pgsql.script;
const info = minimal.set.info;

/** A set whose fingerprint differs and whose objects stand in another schema. */
const other = emitDocuments(personProject('rival', '6.0.0'));

const keyed = (count: number) =>
  scriptWith(minimal.pgsql, {
    resourceKeyCount: count,
    resourceKeys: Array.from({ length: count }, (_, index) => ({
      id: index + 1,
      projectName: 'Ed-Fi',
      resourceName: index === 0 ? 'Person' : `Resource ${index + 1}`,
      resourceVersion: '5.0.0',
      isAbstract: false,
    })),
  });

const numRuns = Number(process.env.DMS_PROPERTY_RUNS ?? 12);
const propertyTimeout = 60_000 + numRuns * 3000;

const hint = 'Run dms-ddl provision for a row-level diff.';

describe.each(databaseEngines)('provisioning on $name', ({ open }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await open();
  });

  afterAll(() => database.close());

  /** The provisioned database, in a transaction that leaves no trace. */
  const provisioned = <Result>(action: () => Promise<Result>) => rolledBack(database, action);

  /** The same, emptied. */
  const onEmpty = <Result>(action: () => Promise<Result>) =>
    rolledBack(database, async () => {
      await dropEverything(database);
      return action();
    });

  /** The failure of a run after `change`; the database is then as `change` left it. */
  const afterChange = (change: string, run = script) =>
    provisioned(async () => {
      await database.exec(change);
      const before = [await catalogLines(database), await seedLines(database)];
      const failure = await failureOf(database, run);
      expect([await catalogLines(database), await seedLines(database)]).toEqual(before);
      return failure;
    });

  describe('on an empty database', () => {
    it('a failing statement at the end leaves nothing, with and without an explicit transaction', async () => {
      const before = await catalogLines(database);
      await expect(database.exec(`${script}SELECT 1/0;`)).rejects.toMatchObject({ code: '22012' });
      expect(await catalogLines(database)).toEqual(before);
      await database.exec('BEGIN');
      await expect(database.exec(`${script}SELECT 1/0;`)).rejects.toMatchObject({ code: '22012' });
      await database.exec('ROLLBACK');
      expect(await catalogLines(database)).toEqual(before);
      expect(before.filter((line) => line.startsWith('schema '))).toEqual(['schema public']);
    });

    it(
      'a failing statement between any two others leaves nothing',
      async () => {
        const before = await catalogLines(database);
        const statements = script.split('\n\n');
        await fc.assert(
          fc.asyncProperty(fc.integer({ min: 1, max: statements.length - 1 }), async (at) => {
            const broken = [...statements.slice(0, at), 'SELECT 1/0;', ...statements.slice(at)].join('\n\n');
            await expect(database.exec(broken)).rejects.toMatchObject({ code: '22012' });
            expect(await catalogLines(database)).toEqual(before);
          }),
          { numRuns },
        );
      },
      propertyTimeout,
    );

    it('the owner of the database needs no other right', () =>
      onEmpty(async () => {
        const name = await singleValue(database, 'SELECT current_database()');
        await database.exec(
          `CREATE ROLE dms_plain_owner NOSUPERUSER NOCREATEDB NOCREATEROLE; ALTER DATABASE "${name}" OWNER TO dms_plain_owner`,
        );
        await database.exec('SET LOCAL ROLE dms_plain_owner');
        expect(
          await singleValue(
            database,
            'SELECT usesuper FROM pg_user WHERE usename = current_user UNION ALL SELECT rolsuper FROM pg_roles WHERE rolname = current_user LIMIT 1',
          ),
        ).toBe(false);
        await database.exec(script);
        await database.exec(script);
        expect(await singleValue(database, "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'edfi'")).toBe(
          'dms_plain_owner',
        );
      }));

    // the last test here leaves the database provisioned for the ones below
    it('three times in three transactions: same catalog, same rows, first AppliedAt', async () => {
      await database.exec(script);
      const [catalog, seeds] = [await catalogLines(database), await seedLines(database)];
      expect(catalog.length).toBeGreaterThan(100);
      const applied = await singleValue(database, 'SELECT "AppliedAt" FROM dms."EffectiveSchema"');
      for (let run = 0; run < 2; run += 1) {
        await database.exec(script);
        expect(await catalogLines(database)).toEqual(catalog);
        expect(await seedLines(database)).toEqual(seeds);
      }
      expect(await singleValue(database, 'SELECT "AppliedAt" FROM dms."EffectiveSchema"')).toBe(applied);
      expect(await singleValue(database, 'SELECT count(*) FROM dms."EffectiveSchema"')).toBe(1);
    });
  });

  describe('running it again', () => {
    it('keeps an AppliedAt that is not of this moment', () =>
      provisioned(async () => {
        await database.exec(`UPDATE dms."EffectiveSchema" SET "AppliedAt" = '2001-02-03 04:05:06+00'`);
        await database.exec(script);
        expect(await singleValue(database, `SELECT "AppliedAt" = '2001-02-03 04:05:06+00' FROM dms."EffectiveSchema"`)).toBe(
          true,
        );
      }));

    const dropped = [
      ...[
        ['Descriptor', 'UX_Descriptor_Uri_Discriminator'],
        ['Document', 'UX_Document_DocumentUuid'],
        ['DocumentCache', 'UX_DocumentCache_DocumentUuid'],
        ['DocumentCache', 'CK_DocumentCache_JsonObject'],
        ['EffectiveSchema', 'CK_EffectiveSchema_Singleton'],
        ['EffectiveSchema', 'CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank'],
        ['EffectiveSchema', 'CK_EffectiveSchema_ResourceKeySeedHash_Length'],
        ['ResourceKey', 'UX_ResourceKey_ProjectName_ResourceName'],
        ['Descriptor', 'FK_Descriptor_Document'],
        ['Document', 'FK_Document_ResourceKey'],
        ['DocumentCache', 'FK_DocumentCache_Document'],
        ['DocumentChangeEvent', 'FK_DocumentChangeEvent_Document'],
        ['DocumentChangeEvent', 'FK_DocumentChangeEvent_ResourceKey'],
        ['ReferentialIdentity', 'FK_ReferentialIdentity_Document'],
        ['ReferentialIdentity', 'FK_ReferentialIdentity_ResourceKey'],
        ['SchemaComponent', 'FK_SchemaComponent_EffectiveSchemaHash'],
      ].map(([table, name]) => `ALTER TABLE dms."${table}" DROP CONSTRAINT "${name}"`),
      // the foreign key of the components goes with the key that it names, and comes back with it
      'ALTER TABLE dms."EffectiveSchema" DROP CONSTRAINT "UX_EffectiveSchema_EffectiveSchemaHash" CASCADE',
      ...[
        'IX_Descriptor_Uri_Discriminator',
        'IX_Document_ResourceKeyId_DocumentId',
        'IX_DocumentCache_ProjectName_ResourceName_LastModifiedAt',
        'IX_DocumentChangeEvent_DocumentId',
        'IX_DocumentChangeEvent_ResourceKeyId_ChangeVersion',
        'IX_ReferentialIdentity_DocumentId',
      ].map((name) => `DROP INDEX dms."${name}"`),
      'DROP TRIGGER "TR_Document_Journal" ON dms."Document"',
      'DROP FUNCTION dms."TF_Document_Journal"() CASCADE',
      'DROP FUNCTION dms.uuidv5(uuid, text)',
      `DROP TRIGGER "TR_Document_Journal" ON dms."Document"; DROP INDEX dms."IX_ReferentialIdentity_DocumentId"; ALTER TABLE dms."Document" DROP CONSTRAINT "FK_Document_ResourceKey"`,
      // of the schema-derived objects: a foreign key, triggers, functions
      'ALTER TABLE edfi."Person" DROP CONSTRAINT "FK_Person_Document"',
      'DROP TRIGGER "TR_Person_Stamp" ON edfi."Person"',
      'DROP FUNCTION edfi."TF_TR_Person_ReferentialIdentity"() CASCADE',
      'DROP TABLE edfi."Person" CASCADE',
    ];

    it('restores what was dropped: constraints, indexes, triggers, functions, tables', () =>
      provisioned(async () => {
        const before = await catalogLines(database);
        for (const statement of dropped) {
          await inSavepoint(database, async () => {
            await database.exec(statement);
            expect(await catalogLines(database), statement).not.toEqual(before);
            await database.exec(script);
            // columns are numbered by position: a table that was made again has the same ones
            expect(await catalogLines(database), statement).toEqual(before);
          });
        }
      }));

    it('does not compare definitions: a dropped column and a dropped inline constraint stay missing', () =>
      provisioned(async () => {
        await database.exec(
          'ALTER TABLE dms."DocumentCache" DROP COLUMN "Etag"; ALTER TABLE edfi."Person" DROP CONSTRAINT "UX_Person_NK"',
        );
        const before = await catalogLines(database);
        await database.exec(script);
        expect(await catalogLines(database)).toEqual(before);
      }));

    it('is not misled by constraints and indexes of the same name on other tables', () =>
      onEmpty(async () => {
        await database.exec(
          `CREATE TABLE public.decoy (a int CONSTRAINT "UX_Document_DocumentUuid" UNIQUE, b int CONSTRAINT "UX_decoy" UNIQUE,
             c int CONSTRAINT "FK_Document_ResourceKey" REFERENCES public.decoy (b) CONSTRAINT "CK_EffectiveSchema_Singleton" CHECK (c > 0))`,
        );
        await database.exec(script);
        const lines = await catalogLines(database);
        for (const name of ['UX_Document_DocumentUuid', 'FK_Document_ResourceKey', 'CK_EffectiveSchema_Singleton'])
          expect(
            lines.filter((line) => line.startsWith('constraint dms.') && line.includes(name)),
            name,
          ).toHaveLength(1);
      }));

    it('replaces a function that was changed by hand', () =>
      provisioned(async () => {
        const before = await catalogLines(database);
        await database.exec(
          `CREATE OR REPLACE FUNCTION edfi."TF_TR_Person_Stamp"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
        );
        expect(await catalogLines(database)).not.toEqual(before);
        await database.exec(script);
        expect(await catalogLines(database)).toEqual(before);
      }));
  });

  describe('a database of another schema', () => {
    it('is refused with both hashes and left as it is', async () => {
      const failure = await afterChange('', other.pgsql.script);
      expect(failure.code).toBe('P0001');
      expect(failure.message).toBe(
        `EffectiveSchemaHash mismatch: database has '${info.effectiveSchemaHash}' but expected '${other.set.info.effectiveSchemaHash}'`,
      );
    });

    it('is refused whatever else is wrong with it', async () => {
      const changes = [
        'DELETE FROM dms."ResourceKey"',
        'UPDATE dms."EffectiveSchema" SET "ResourceKeyCount" = 7',
        'DROP TABLE dms."SchemaComponent"',
        'DROP SCHEMA edfi CASCADE',
        'DROP TABLE dms."ResourceKey" CASCADE',
      ];
      for (const change of changes.slice(0, 2))
        expect((await afterChange(change, other.pgsql.script)).message).toMatch(/^EffectiveSchemaHash mismatch/);
      for (const change of changes.slice(2)) {
        await provisioned(async () => {
          await database.exec(change);
          const before = await catalogLines(database);
          expect((await failureOf(database, other.pgsql.script)).message, change).toMatch(/^EffectiveSchemaHash mismatch/);
          expect(await catalogLines(database)).toEqual(before);
        });
      }
    });

    it('is not one when the table is there without its row', () =>
      provisioned(async () => {
        await database.exec('DELETE FROM dms."EffectiveSchema"');
        expect(await singleValue(database, 'SELECT count(*) FROM dms."SchemaComponent"')).toBe(0);
        await database.exec(script);
        expect(await database.queryRows('SELECT "EffectiveSchemaHash", "ResourceKeyCount" FROM dms."EffectiveSchema"')).toEqual(
          [[info.effectiveSchemaHash, 1]],
        );
        expect(await singleValue(database, 'SELECT count(*) FROM dms."SchemaComponent"')).toBe(1);
      }));
  });

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
      expect(failure.message).toBe(`EffectiveSchemaHash mismatch: database has '${hash.toUpperCase()}' but expected '${hash}'`);
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
        expect(await singleValue(database, 'SELECT "ApiSchemaFormatVersion" FROM dms."EffectiveSchema"')).toBe('9 beta');
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
      // the check is there under its name but says nothing: guards look at existence only
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

  describe('core constraints', () => {
    const refusals: readonly (readonly [string, string, string | undefined])[] = [
      [
        `INSERT INTO dms."EffectiveSchema" VALUES (2, '1', 'x', 0, decode(repeat('00', 32), 'hex'))`,
        '23514',
        'CK_EffectiveSchema_Singleton',
      ],
      [
        `UPDATE dms."EffectiveSchema" SET "ResourceKeySeedHash" = '\\x00'`,
        '23514',
        'CK_EffectiveSchema_ResourceKeySeedHash_Length',
      ],
      [
        `UPDATE dms."EffectiveSchema" SET "ApiSchemaFormatVersion" = '   '`,
        '23514',
        'CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank',
      ],
      [
        'INSERT INTO dms."Document" ("DocumentId", "DocumentUuid", "ResourceKeyId") VALUES (9, gen_random_uuid(), 1)',
        '428C9',
        undefined,
      ],
      [
        'INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), 99)',
        '23503',
        'FK_Document_ResourceKey',
      ],
    ];

    it.each(refusals)('%s', (sql, code, constraint) =>
      provisioned(async () => {
        const failure = await failureOf(database, sql);
        expect(failure.code).toBe(code);
        if (constraint !== undefined) expect(failure.constraint).toBe(constraint);
      }),
    );

    it('the cache takes objects only', () =>
      provisioned(async () => {
        await database.exec('INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), 1)');
        const insert = (json: string) =>
          `INSERT INTO dms."DocumentCache" ("DocumentId", "DocumentUuid", "ProjectName", "ResourceName", "ResourceVersion", "Etag", "LastModifiedAt", "DocumentJson")
           SELECT "DocumentId", "DocumentUuid", 'Ed-Fi', 'Person', '5.0.0', 'e', now(), '${json}' FROM dms."Document"`;
        for (const json of ['[]', '1', '"{}"', 'null'])
          expect((await failureOf(database, insert(json))).constraint).toBe('CK_DocumentCache_JsonObject');
        await database.exec(insert('{}'));
      }));

    it('a content version that does not change is refused by the journal, an identity version journals nothing', () =>
      provisioned(async () => {
        await database.exec(
          'INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), 1), (gen_random_uuid(), 1)',
        );
        const failure = await failureOf(database, 'UPDATE dms."Document" SET "ContentVersion" = "ContentVersion"');
        expect({ code: failure.code, constraint: failure.constraint }).toEqual({
          code: '23505',
          constraint: 'PK_DocumentChangeEvent',
        });
        await database.exec('UPDATE dms."Document" SET "IdentityVersion" = "IdentityVersion" + 1000');
        expect(await singleValue(database, 'SELECT count(*) FROM dms."DocumentChangeEvent"')).toBe(2);
      }));

    it('the first document has content version 1 and identity version 2, the second 3 and 4', () =>
      onEmpty(async () => {
        await database.exec(script);
        const insert = 'INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), 1)';
        await database.exec(insert);
        await database.exec(insert);
        expect(
          await database.queryRows('SELECT "ContentVersion", "IdentityVersion" FROM dms."Document" ORDER BY "DocumentId"'),
        ).toEqual([
          [1, 2],
          [3, 4],
        ]);
        expect(
          await database.queryRows('SELECT "ChangeVersion", "ResourceKeyId" FROM dms."DocumentChangeEvent" ORDER BY 1'),
        ).toEqual([
          [1, 1],
          [3, 1],
        ]);
      }));

    it('a deleted document takes its descriptor, cache, identity and journal rows along', () =>
      provisioned(async () => {
        await database.exec(
          `INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), 1), (gen_random_uuid(), 1), (gen_random_uuid(), 1);
           INSERT INTO edfi."Person" SELECT "DocumentId", "DocumentId"::int FROM dms."Document";
           INSERT INTO dms."Descriptor" ("DocumentId", "Namespace", "CodeValue", "ShortDescription", "Discriminator", "Uri")
             SELECT "DocumentId", 'n', 'c', 's', 'd', "DocumentId"::text FROM dms."Document";
           INSERT INTO dms."DocumentCache" ("DocumentId", "DocumentUuid", "ProjectName", "ResourceName", "ResourceVersion", "Etag", "LastModifiedAt", "DocumentJson")
             SELECT "DocumentId", "DocumentUuid", 'p', 'r', 'v', 'e', now(), '{}' FROM dms."Document"`,
        );
        const tables = ['Descriptor', 'DocumentCache', 'DocumentChangeEvent', 'ReferentialIdentity'];
        const counts = async () =>
          Promise.all(tables.map((table) => singleValue(database, `SELECT count(DISTINCT "DocumentId") FROM dms."${table}"`)));
        expect(await counts()).toEqual([3, 3, 3, 3]);
        await database.exec('DELETE FROM dms."Document" WHERE "DocumentId" = (SELECT min("DocumentId") FROM dms."Document")');
        expect(await counts()).toEqual([2, 2, 2, 2]);
        expect(await singleValue(database, 'SELECT count(*) FROM edfi."Person"')).toBe(2);
      }));

    it(
      'the journal holds exactly the content versions that a document ever had, each once',
      async () => {
        const action = fc.oneof(
          fc.record({ kind: fc.constant('insert' as const), count: fc.integer({ min: 1, max: 3 }) }),
          fc.record({ kind: fc.constant('content' as const), modulus: fc.integer({ min: 1, max: 3 }) }),
          fc.record({ kind: fc.constant('identity' as const), modulus: fc.integer({ min: 1, max: 3 }) }),
        );
        await fc.assert(
          fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 8 }), (actions) =>
            provisioned(async () => {
              const seen = new Map<number, number[]>();
              for (const step of actions) {
                if (step.kind === 'insert') {
                  const values = Array.from({ length: step.count }, () => '(gen_random_uuid(), 1)').join(', ');
                  await database.exec(`INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES ${values}`);
                } else {
                  const column = step.kind === 'content' ? 'ContentVersion' : 'IdentityVersion';
                  await database.exec(
                    `UPDATE dms."Document" SET "${column}" = nextval('dms."ChangeVersionSequence"') WHERE "DocumentId" % ${step.modulus} = 0`,
                  );
                }
                for (const [id, version] of (await database.queryRows(
                  'SELECT "DocumentId", "ContentVersion" FROM dms."Document"',
                )) as [number, number][]) {
                  const versions = seen.get(id) ?? [];
                  if (versions.at(-1) !== version) seen.set(id, [...versions, version]);
                }
              }
              const events = (await database.queryRows(
                'SELECT "DocumentId", "ChangeVersion" FROM dms."DocumentChangeEvent" ORDER BY 1, 2',
              )) as number[][];
              const expected = [...seen]
                .sort(([a], [b]) => a - b)
                .flatMap(([id, versions]) => versions.map((version) => [id, version]));
              expect(events).toEqual(expected);
            }),
          ),
          { numRuns },
        );
      },
      propertyTimeout,
    );
  });
});
