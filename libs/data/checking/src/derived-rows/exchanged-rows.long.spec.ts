import type { Connection } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { documentPlans, insertDescriptors } from '@dms/documents';
import { authTable } from '@dms/inventory';
import { compileMappingSet } from '@dms/plans';
import { dialects, givenScript, pgsqlName, type SqlDialect, trusted } from '@dms/sql';
import {
  type DatabaseOfSpec,
  inTurn,
  ownScriptedSet,
  type ScriptedSet,
  serverEngine,
  testedGenerations,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillWithSamples } from '../../test/filled-database.ts';
import { mssqlRowsOnPostgres, shortenedNames } from '../../test/mssql-rows-on-postgres.ts';
import { nestedConnection } from '../../test/nested-connection.ts';
import { checkData, repairData } from './check-data.ts';

/*
 * Rows that have exchanged their values: a key refuses a repair that writes one before the other. If the database refuses a
 * row in any order, the repair says why.
 */

/** Writes two descriptors of different resources with the same text. */
async function describeTwice(connection: Connection, { model, inventory }: ScriptedSet) {
  const resources = model.resources.filter(({ storageKind }) => storageKind === 'SharedDescriptorTable').slice(0, 2);
  await connection.begin();
  await insertDescriptors(
    connection,
    documentPlans(compileMappingSet(model), inventory),
    resources.map(({ resourceKey: { projectName, resourceName } }) => ({
      resource: { projectName, resourceName },
      namespace: 'uri://sample.org/Two',
      codeValue: 'Of two',
      shortDescription: 'Of two',
    })),
  );
  await connection.commit();
}

describe.each(testedGenerations)('rows that have exchanged their values, %s', (version) => {
  const storesIds = version !== 'v2-natural';
  let database: DatabaseOfSpec;
  let inputs: Record<SqlDialect, ScriptedSet>;
  let connections: Record<SqlDialect, Connection>;
  let school: string;
  let abstract: string;

  beforeAll(async () => {
    inputs = { pgsql: await ownScriptedSet('pgsql', version), mssql: await ownScriptedSet('mssql', version) };
    database = await serverEngine.open(inputs.pgsql.script);
    await fillWithSamples(database.connection, inputs.pgsql);
    await describeTwice(database.connection, inputs.pgsql);
    const names = shortenedNames(inputs.mssql.model, inputs.pgsql.model);
    connections = {
      pgsql: database.connection,
      mssql: mssqlRowsOnPostgres(database.connection, () => undefined, names),
    };
    const [table] = inputs.pgsql.model.abstractIdentityTables;
    const { schema, name } = table?.table.table ?? authTable;
    abstract = pgsqlName({ schema, name });
    school = pgsqlName({ schema, name: 'School' });
  });
  afterAll(() => database.close());

  /** Gives each of the first rows of a table the value of the next one, and the last the value of the first. */
  const rotated = (table: string, column: string, count: number, where = 'true') => `DO $$
    DECLARE ids bigint[]; vals text[]; n int; type text;
    BEGIN
      SELECT array_agg(r.id ORDER BY r.id), array_agg(r.val ORDER BY r.id) INTO ids, vals
      FROM (SELECT t."DocumentId" AS id, t."${column}"::text AS val FROM ${table} AS t WHERE ${where} ORDER BY 1 LIMIT ${count}) AS r;
      n := cardinality(ids);
      IF n < ${count} THEN RAISE EXCEPTION 'only % rows', n; END IF;
      SELECT format_type(a.atttypid, a.atttypmod) INTO type FROM pg_attribute AS a WHERE a.attrelid = '${table}'::regclass AND a.attname = '${column}';
      FOR i IN 1..n LOOP
        EXECUTE format('UPDATE ${table} AS t SET "${column}" = %s WHERE t."DocumentId" = $1 AND (${where})',
          CASE type WHEN 'uuid' THEN 'gen_random_uuid()' WHEN 'integer' THEN (-i)::text WHEN 'bigint' THEN (-i)::text ELSE quote_literal('x' || i) END) USING ids[i];
      END LOOP;
      FOR i IN 1..n LOOP
        EXECUTE format('UPDATE ${table} AS t SET "${column}" = $1::%s WHERE t."DocumentId" = $2 AND (${where})', type) USING vals[i % n + 1], ids[i];
      END LOOP;
    END $$`;

  /** Gives a row the value of another one, which is deleted. */
  const taken = (table: string, column: string, where: string) => `DO $$
    DECLARE ids bigint[]; vals ${table}[];
    BEGIN
      SELECT array_agg(t."DocumentId" ORDER BY t."DocumentId"), array_agg(t ORDER BY t."DocumentId") INTO ids, vals FROM ${table} AS t WHERE ${where};
      IF cardinality(ids) < 2 THEN RAISE EXCEPTION 'only % rows', cardinality(ids); END IF;
      DELETE FROM ${table} AS t WHERE t."DocumentId" = ids[2] AND (${where});
      UPDATE ${table} AS t SET "${column}" = (vals[2])."${column}" WHERE t."DocumentId" = ids[1] AND (${where});
    END $$`;

  /** The findings after statements, the findings after a repair, and whether all rows are as before. */
  async function repaired(dialect: SqlDialect, statement: string) {
    const { connection } = database;
    const own = nestedConnection(connections[dialect]);
    const rows = async () =>
      JSON.stringify(
        await Promise.all(
          [abstract, 'dms."Descriptor"', ...(storesIds ? ['dms."ReferentialIdentity"'] : [])].map((name) =>
            connection.query(trusted(`SELECT t::text AS row FROM ${name} AS t ORDER BY 1`)),
          ),
        ),
      );
    const before = await rows();
    await connection.begin();
    try {
      await connection.execute(givenScript('SET LOCAL session_replication_role = replica'));
      await connection.execute(givenScript(statement));
      await connection.execute(givenScript('SET LOCAL session_replication_role = origin'));
      const found = (await checkData(own, inputs[dialect])).map(({ kind, count, repairable }) => ({
        kind,
        count,
        repairable,
      }));
      const wrong = await rows();
      const left = await repairData(own, inputs[dialect]).catch((error: unknown) => {
        expect(error).toBeInstanceOf(DmsError);
        return (error as DmsError).diagnostics;
      });
      const after = await rows();
      return { found, left, isRestored: after === before, isUnchanged: after === wrong };
    } finally {
      await connection.rollback();
    }
  }

  const cases: readonly (readonly [string, () => string, string, number])[] = [
    [
      'two abstract identities',
      () => rotated(abstract, 'EducationOrganizationId', 2, `t."DocumentId" IN (SELECT "DocumentId" FROM ${school})`),
      'abstractIdentity',
      2,
    ],
    ['three abstract identities', () => rotated(abstract, 'EducationOrganizationId', 3), 'abstractIdentity', 3],
    [
      'the texts of two descriptors of one resource',
      () =>
        rotated(
          'dms."Descriptor"',
          'Uri',
          2,
          `t."Discriminator" = (SELECT s."Discriminator" FROM dms."Descriptor" AS s GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 1)`,
        ),
      'descriptorUri',
      2,
    ],
    [
      'the referential ids of two documents',
      () =>
        rotated(
          'dms."ReferentialIdentity"',
          'ReferentialId',
          2,
          `t."DocumentId" IN (SELECT "DocumentId" FROM ${school}) AND t."ResourceKeyId" = (SELECT d."ResourceKeyId" FROM dms."Document" AS d WHERE d."DocumentId" = t."DocumentId")`,
        ),
      'referentialIdentity',
      2,
    ],
    [
      'an abstract identity with the values of one that is gone',
      () => taken(abstract, 'EducationOrganizationId', `t."DocumentId" IN (SELECT "DocumentId" FROM ${school})`),
      'abstractIdentity',
      2,
    ],
    [
      'a document with the referential id of one that has none',
      () =>
        taken(
          'dms."ReferentialIdentity"',
          'ReferentialId',
          `t."DocumentId" IN (SELECT "DocumentId" FROM ${school}) AND t."ResourceKeyId" = (SELECT d."ResourceKeyId" FROM dms."Document" AS d WHERE d."DocumentId" = t."DocumentId")`,
        ),
      'referentialIdentity',
      2,
    ],
    [
      'the resources of two descriptors with one text',
      () => rotated('dms."Descriptor"', 'Discriminator', 2, `t."CodeValue" = $q$Of two$q$`),
      'discriminator',
      2,
    ],
  ];

  const wrongIds = () =>
    `UPDATE dms."ReferentialIdentity" SET "ReferentialId" = gen_random_uuid() WHERE "DocumentId" IN (SELECT "DocumentId" FROM ${school})`;

  /** Damages that no repair mends: the name of the case, the reason, and the statement. */
  const refused: readonly (readonly [string, string, () => string])[] = [
    [
      'ids to which a table outside the script refers',
      'a foreign key or a check refuses one of its rows',
      () =>
        `${wrongIds()}; CREATE TABLE public.mine AS SELECT "ReferentialId" FROM dms."ReferentialIdentity";
        ALTER TABLE public.mine ADD FOREIGN KEY ("ReferentialId") REFERENCES dms."ReferentialIdentity" ("ReferentialId")`,
    ],
    [
      'ids that a trigger outside the script refuses',
      'the database refuses one of its rows',
      () => `${wrongIds()}; CREATE FUNCTION public.refusal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
        CREATE TRIGGER refusal BEFORE INSERT OR UPDATE ON dms."ReferentialIdentity" FOR EACH ROW EXECUTE FUNCTION public.refusal()`,
    ],
    [
      'a descriptor whose text a descriptor in doubt has',
      'one of its rows would get the values of a row that is in doubt',
      () => `DO $$
        DECLARE ids bigint[]; uris text[];
        BEGIN
          SELECT array_agg(t."DocumentId" ORDER BY t."DocumentId"), array_agg(t."Uri" ORDER BY t."DocumentId") INTO ids, uris FROM dms."Descriptor" AS t
          WHERE t."Discriminator" = (SELECT s."Discriminator" FROM dms."Descriptor" AS s GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 1);
          UPDATE dms."Descriptor" SET "Uri" = 'x' WHERE "DocumentId" = ids[1];
          UPDATE dms."Descriptor" SET "Uri" = uris[1] WHERE "DocumentId" = ids[2];
          UPDATE dms."ReferentialIdentity" SET "ReferentialId" = gen_random_uuid() WHERE "DocumentId" = ids[2];
        END $$`,
    ],
  ];

  it.each(storesIds ? refused : [])('%s: the repair says why it failed', async (_, why, statement) => {
    const { left, isUnchanged } = await repaired('pgsql', statement());
    const message = expect.stringContaining(`Referential ids or descriptors cannot be recomputed, because ${why}`);
    expect(left).toMatchObject([{ code: 'CHECK_REPAIR_FAILED', message }]);
    expect(isUnchanged).toBe(true);
  });

  it.runIf(storesIds)('a descriptor gets back the id that a document had taken', async () => {
    const { found, left, isRestored } = await repaired(
      'pgsql',
      `DO $$
        DECLARE descriptor dms."ReferentialIdentity"; school bigint;
        BEGIN
          SELECT r.* INTO STRICT descriptor FROM dms."ReferentialIdentity" AS r INNER JOIN dms."Descriptor" AS d ON d."DocumentId" = r."DocumentId" ORDER BY r."DocumentId" LIMIT 1;
          SELECT min("DocumentId") INTO STRICT school FROM ${school};
          DELETE FROM dms."ReferentialIdentity" WHERE "DocumentId" = descriptor."DocumentId";
          UPDATE dms."ReferentialIdentity" AS r SET "ReferentialId" = descriptor."ReferentialId"
          WHERE r."DocumentId" = school AND r."ResourceKeyId" = (SELECT d."ResourceKeyId" FROM dms."Document" AS d WHERE d."DocumentId" = school);
        END $$`,
    );
    expect(found).toEqual([
      { kind: 'referentialIdentity', count: 1, repairable: true },
      { kind: 'referentialIdentity', count: 1, repairable: true },
    ]);
    expect(left).toEqual([]);
    expect(isRestored).toBe(true);
  });

  it('two abstract identities to which others refer are named, and not repaired', async () => {
    const [{ column = '', ...referrer } = { schema: '', name: '' }] = inputs.pgsql.catalog.tables.flatMap((table) =>
      table.foreignKeys
        .filter(({ target }) => pgsqlName({ schema: target.schema, name: target.table }) === abstract)
        .map(({ columns, targetColumns }) => ({
          schema: table.schema,
          name: table.name,
          column: columns[targetColumns.indexOf('DocumentId')],
        })),
    );
    const referredTo = `SELECT "${column}" FROM ${pgsqlName(referrer)}`;
    // the copies follow
    const exchanged = `SET LOCAL session_replication_role = origin; ${rotated(abstract, 'EducationOrganizationId', 2, `t."DocumentId" IN (${referredTo})`)}`;
    const { found, left, isUnchanged } = await repaired('pgsql', exchanged);
    expect(found).toContainEqual({ kind: 'abstractIdentity', count: 2, repairable: false });
    expect(left).toContainEqual(expect.objectContaining({ kind: 'abstractIdentity', count: 2, repairable: false }));
    expect(isUnchanged).toBe(true);
  });

  // each case runs in both dialects: in one with each generation
  const both = cases.flatMap((each, index) =>
    (index % 2 === 0 ? dialects : dialects.toReversed()).map((dialect) => [...each, dialect] as const),
  );

  // without referential ids, a cached document alone decides about a Uri, and this database has none
  const isDecided = (kind: string) => storesIds || kind !== 'descriptorUri';
  const ofGeneration = both.filter(([, , kind]) => storesIds || kind !== 'referentialIdentity');
  const isChosen = new Set(inTurn(testedGenerations, version, both));

  it.each(ofGeneration.filter((each) => isChosen.has(each) || !isDecided(each[2])))(
    '$0 are found, and repaired if another row decides, $4',
    async (_, statement, kind, count, dialect) => {
      const repairable = isDecided(kind);
      const { found, left, isRestored, isUnchanged } = await repaired(dialect, statement());
      expect(found).toEqual([{ kind, count, repairable }]);
      expect(left).toMatchObject(repairable ? [] : [{ kind, count, repairable }]);
      expect({ isRestored, isUnchanged }).toEqual({ isRestored: repairable, isUnchanged: !repairable });
    },
  );
});
