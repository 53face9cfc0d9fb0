import { databaseEngines, type TestDatabase } from '@dms/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attempts, numRuns, script } from '../provisioned.ts';
import { failureOf, singleValue } from '../sql-session.ts';

describe.each(databaseEngines())('provisioning on $name', ({ openProvisioned }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openProvisioned(script);
  });

  afterAll(() => database.close());

  const { provisioned, onEmpty } = attempts(() => database);

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
        await database.exec(
          'INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), 1)',
        );
        const insert = (json: string) =>
          `INSERT INTO dms."DocumentCache" ("DocumentId", "DocumentUuid", "ProjectName", "ResourceName", "ResourceVersion", "Etag", "LastModifiedAt", "DocumentJson")
           SELECT "DocumentId", "DocumentUuid", 'Ed-Fi', 'Person', '5.0.0', 'e', now(), '${json}' FROM dms."Document"`;
        for (const json of ['[]', '1', '"{}"', 'null'])
          expect((await failureOf(database, insert(json))).constraint).toBe('CK_DocumentCache_JsonObject');
        await database.exec(insert('{}'));
      }));

    it('a content version that does not change and an identity version journal nothing, one that the document had is refused', () =>
      provisioned(async () => {
        await database.exec(
          'INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), 1), (gen_random_uuid(), 1)',
        );
        const events = () => singleValue(database, 'SELECT count(*) FROM dms."DocumentChangeEvent"');
        await database.exec('UPDATE dms."Document" SET "ContentVersion" = "ContentVersion"');
        expect(await events()).toBe(2);
        await database.exec('UPDATE dms."Document" SET "ContentVersion" = "ContentVersion" + 1000');
        expect(await events()).toBe(4);
        const failure = await failureOf(
          database,
          'UPDATE dms."Document" SET "ContentVersion" = "ContentVersion" - 1000',
        );
        expect({ code: failure.code, constraint: failure.constraint }).toEqual({
          code: '23505',
          constraint: 'PK_DocumentChangeEvent',
        });
        await database.exec('UPDATE dms."Document" SET "IdentityVersion" = "IdentityVersion" + 1000');
        expect(await events()).toBe(4);
      }));

    it('the first document has content version 1 and identity version 2, the second 3 and 4', () =>
      onEmpty(async () => {
        await database.exec(script);
        const insert = 'INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), 1)';
        await database.exec(insert);
        await database.exec(insert);
        expect(
          await database.queryRows(
            'SELECT "ContentVersion", "IdentityVersion" FROM dms."Document" ORDER BY "DocumentId"',
          ),
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
          Promise.all(
            tables.map((table) => singleValue(database, `SELECT count(DISTINCT "DocumentId") FROM dms."${table}"`)),
          );
        expect(await counts()).toEqual([3, 3, 3, 3]);
        await database.exec(
          'DELETE FROM dms."Document" WHERE "DocumentId" = (SELECT min("DocumentId") FROM dms."Document")',
        );
        expect(await counts()).toEqual([2, 2, 2, 2]);
        expect(await singleValue(database, 'SELECT count(*) FROM edfi."Person"')).toBe(2);
      }));

    it('the journal holds exactly the content versions that a document ever had, each once', async () => {
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
    });
  });
});
