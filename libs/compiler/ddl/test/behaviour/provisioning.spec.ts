import { databaseEngines, type TestDatabase } from '@dms/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topLevelStatements } from '../pgsql-statements.ts';
import { attempts, info, numRuns, other, script } from '../provisioned.ts';
import { catalogLines, failureOf, inSavepoint, seedLines, singleValue } from '../sql-session.ts';

/*
 * The state of a database after the script, whatever happened to the database in between (design 06 §3, §6, §11, §12).
 */

describe.each(databaseEngines())('provisioning on $name', ({ open }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await open();
  });

  afterAll(() => database.close());

  const { provisioned, onEmpty, afterChange } = attempts(() => database);

  describe('on an empty database', () => {
    it('the server sends no notices, and the second time only about existing objects', () =>
      onEmpty(async () => {
        const before = database.notices.length;
        await database.exec(script);
        expect(database.notices.slice(before)).toEqual([]);
        await database.exec(script);
        expect(database.notices.slice(before)).toContainEqual('schema "dms" already exists, skipping');
      }));

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

    it('a failing statement between any two others leaves nothing', async () => {
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
    });

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
        expect(
          await singleValue(database, "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'edfi'"),
        ).toBe('dms_plain_owner');
      }));

    // the last test here leaves the database provisioned for the ones below
    it('three times in three transactions: same catalog, same rows, first AppliedAt', async () => {
      await database.exec(script);
      const catalog = await catalogLines(database);
      const seeds = await seedLines(database);
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
        expect(
          await singleValue(database, `SELECT "AppliedAt" = '2001-02-03 04:05:06+00' FROM dms."EffectiveSchema"`),
        ).toBe(true);
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
      // the foreign key of the components is dropped with the key that it references, and created again with it
      'ALTER TABLE dms."EffectiveSchema" DROP CONSTRAINT "UX_EffectiveSchema_EffectiveSchemaHash" CASCADE',
      ...[
        'IX_Document_ResourceKeyId_DocumentId',
        'IX_DocumentCache_ProjectName_ResourceName_LastModifiedAt',
        'IX_DocumentChangeEvent_DocumentId',
        'IX_DocumentChangeEvent_ResourceKeyId_ChangeVersion',
      ].map((name) => `DROP INDEX dms."${name}"`),
      'DROP TRIGGER "TR_Document_Journal_Update" ON dms."Document"',
      'DROP FUNCTION dms."TF_Document_Journal"() CASCADE',
      'DROP FUNCTION dms.uuidv5(uuid, text)',
      `DROP TRIGGER "TR_Document_Journal_Insert" ON dms."Document"; DROP INDEX dms."IX_DocumentChangeEvent_DocumentId"; ALTER TABLE dms."Document" DROP CONSTRAINT "FK_Document_ResourceKey"`,
      // objects derived from the schema: a foreign key, triggers, functions
      'ALTER TABLE edfi."Person" DROP CONSTRAINT "FK_Person_Document"',
      'DROP TRIGGER "TR_Person_Stamp_Update" ON edfi."Person"',
      'DROP FUNCTION edfi."TF_TR_Person_ReferentialIdentity"() CASCADE',
      'DROP TABLE edfi."Person" CASCADE',
    ];

    it('restores dropped objects: constraints, indexes, triggers, functions, tables', () =>
      provisioned(async () => {
        const before = await catalogLines(database);
        for (const statement of dropped) {
          await inSavepoint(database, async () => {
            await database.exec(statement);
            expect(await catalogLines(database), statement).not.toEqual(before);
            await database.exec(script);
            // columns are numbered by position: a table that was created again has the same numbers
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

    it('is left as it is even by a client that sends every statement in spite of the error', async () => {
      await database.exec(script);
      const before = [await catalogLines(database), await seedLines(database)];
      const outcomes: string[] = [];
      for (const statement of topLevelStatements(other.pgsql.script)) {
        try {
          await database.exec(statement);
          outcomes.push('done');
        } catch (error) {
          outcomes.push((error as Error).message);
        }
      }
      // the first statement disarms the session, the second one raises the refusal
      expect(outcomes[0]).toBe('done');
      expect(outcomes[1]).toMatch(/^EffectiveSchemaHash mismatch/);
      expect(outcomes.filter((outcome) => /in a read-only transaction$/.test(outcome)).length).toBeGreaterThan(20);
      await database.exec('SET default_transaction_read_only = off');
      expect([await catalogLines(database), await seedLines(database)]).toEqual(before);
    });

    it('disarms no session that is not refused', async () => {
      await database.exec(script);
      for (const statement of topLevelStatements(script)) await database.exec(statement);
      expect(await singleValue(database, 'SHOW default_transaction_read_only')).toBe('off');
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
          expect((await failureOf(database, other.pgsql.script)).message, change).toMatch(
            /^EffectiveSchemaHash mismatch/,
          );
          expect(await catalogLines(database)).toEqual(before);
        });
      }
    });

    it('is not one when the table is there without its row', () =>
      provisioned(async () => {
        await database.exec('DELETE FROM dms."EffectiveSchema"');
        expect(await singleValue(database, 'SELECT count(*) FROM dms."SchemaComponent"')).toBe(0);
        await database.exec(script);
        expect(
          await database.queryRows('SELECT "EffectiveSchemaHash", "ResourceKeyCount" FROM dms."EffectiveSchema"'),
        ).toEqual([[info.effectiveSchemaHash, 1]]);
        expect(await singleValue(database, 'SELECT count(*) FROM dms."SchemaComponent"')).toBe(1);
      }));
  });
});
