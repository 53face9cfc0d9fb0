import { type TestDatabase, usualDatabaseEngines } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitters } from '../../../test/emitted.ts';
import { provisionLikeServer, ServerSession } from '../../../test/mssql/server-tables.ts';
import { rolledBack } from '../../../test/sql-session.ts';

/*
 * A root row that is reassigned to another document (design 16 §6.2, §7.3). SQL Server is not available here, so the
 * queries with which its trigger chooses documents run on PostgreSQL, over tables with the names of its row sets.
 */

const scripts = await emitters.v2.campusAndAthletics();

/** The query of `INSERT INTO target (…)` in the dialect of PostgreSQL; every column is a text. */
const queryBehind = (body: string, target: RegExp): string => {
  const [, query] = new RegExp(`INSERT INTO ${target.source} \\([^)]*\\)\\s+(SELECT[^;]*);`).exec(body) ?? [];
  return (query ?? expect.unreachable())
    .replaceAll(' COLLATE Latin1_General_100_BIN2', '')
    .replaceAll(/DATALENGTH\(/g, 'octet_length(')
    .replaceAll(/\[(\w+)\]/g, '"$1"')
    .replaceAll(/@(\w+)/g, '"@$1"');
};

/** The columns of the projection in the query that chooses renamed documents. */
const projectionOf = (query: string): string[] => [
  ...new Set([...query.matchAll(/\bi\."(\w+)"/g)].map(([, name = '']) => name).filter((name) => name !== 'DocumentId')),
];

/** The batches with triggers that stamp identities, each with its name. */
const bodies = scripts.mssql.script.split('\nGO\n').flatMap((text) => {
  const [, name] = /TRIGGER (\S+)/.exec(text) ?? [];
  return name !== undefined && text.includes('INSERT INTO @renamed') ? [{ name, text }] : [];
});

/** The rows of a statement, each with its document and the value of its key: `1a` becomes `2b`. */
const statements: readonly (readonly [
  what: string,
  old: string,
  now: string,
  renamed: number[],
  recorded: number[],
])[] = [
  ['a row gets another key', '1a 4d', '1b 4d', [1], [1]],
  ['a row changes nothing of its key', '1a', '1a', [], []],
  ['a row moves with another key', '1a', '2b', [2], []],
  ['one row moves and another gets a key', '1a 3c', '2b 3d', [2, 3], [3]],
  ['rows move on', '1a 2b', '2c 3d', [2, 3], [2]],
];

const rowsOf = (text: string) => text.split(' ').map((row) => [Number(row.charAt(0)), row.slice(1)] as const);

describe.each(usualDatabaseEngines())('the queries of the stamp triggers on $name', ({ open }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await open();
  });

  afterAll(() => database.close());

  it.each(statements)('%s', (_what, old, now, renamed, recorded) =>
    rolledBack(database, async () => {
      expect(bodies.length).toBeGreaterThan(5);
      for (const { name, text } of bodies) {
        const query = queryBehind(text, /@renamed/);
        const columns = projectionOf(query);
        const documents = [...new Set([...rowsOf(old), ...rowsOf(now)].map(([id]) => id))];
        const create = (table: string, list: readonly string[]) =>
          `DROP TABLE IF EXISTS "${table}"; CREATE TEMPORARY TABLE "${table}" ("DocumentId" bigint, ${list.map((column) => `"${column}" text`).join(', ')});`;
        const fill = (table: string, rows: ReturnType<typeof rowsOf>) =>
          `INSERT INTO "${table}" VALUES ${rows.map(([id, key]) => `(${id}, ${columns.map(() => `'${key}'`).join(', ')})`).join(', ')};`;
        await database.exec(
          [
            create('deleted', columns),
            create('inserted', columns),
            create('@renamed', ['x']),
            create('@stamped', ['DocumentUuid', 'ContentVersion']),
            fill('deleted', rowsOf(old)),
            fill('inserted', rowsOf(now)),
            ...documents.map((id) => `INSERT INTO "@stamped" VALUES (${id});`),
          ].join('\n'),
        );
        const found = await database.query<{ id: number }>(
          `SELECT "DocumentId"::int AS id FROM (${query}) AS q ORDER BY 1`,
        );
        expect(
          found.map(({ id }) => id),
          name,
        ).toEqual(renamed);
        if (!text.includes('INNER JOIN @renamed')) continue;
        await database.exec(`INSERT INTO "@renamed" ("DocumentId") ${query};`);
        const [, from = ''] = /(FROM @stamped AS c\s+INNER JOIN @renamed[^;]*);/.exec(text) ?? [];
        const kept = await database.query<{ id: number }>(
          `SELECT c."DocumentId"::int AS id ${from.replaceAll(/\[(\w+)\]/g, '"$1"').replaceAll(/@(\w+)/g, '"@$1"')} ORDER BY 1`,
        );
        expect(
          kept.map(({ id }) => id),
          name,
        ).toEqual(recorded);
      }
    }),
  );

  it.each([
    ['v1', 'gets another key', `"Namespace" = 'other'`],
    ['v1', 'moves with another key', `"DocumentId" = 2, "Namespace" = 'other'`],
    ['v2', 'gets another key', `"Namespace" = 'other'`],
    ['v2', 'moves with another key', `"DocumentId" = 2, "Namespace" = 'other'`],
  ] as const)('the referential ids and stamps follow on both engines in %s: a row %s', async (version, _what, set) => {
    const scripts = await emitters[version].campusAndAthletics();
    const idsOf = (isServer: boolean) =>
      rolledBack(database, async () => {
        if (isServer) await provisionLikeServer(database, scripts);
        else await database.exec(scripts.pgsql.script);
        const session = isServer ? new ServerSession(database, scripts.mssql.script, {}) : database;
        await database.exec(`
          INSERT INTO dms."Document" ("DocumentId", "DocumentUuid", "ResourceKeyId") OVERRIDING SYSTEM VALUE
          SELECT n, gen_random_uuid(), k."ResourceKeyId"
          FROM generate_series(1, 2) AS n, dms."ResourceKey" AS k WHERE k."ResourceName" = 'Assessment';`);
        await session.exec(
          `INSERT INTO campus."Assessment" ("DocumentId", "AssessmentIdentifier", "AssessmentTitle", "Namespace") VALUES (1, 'a', 'a', 'n');`,
        );
        const stamps = () =>
          database.queryRows('SELECT "DocumentId"::int, "IdentityVersion"::text FROM dms."Document" ORDER BY 1');
        const earlier = await stamps();
        await session.exec(`UPDATE campus."Assessment" SET ${set};`);
        const stamped = (await stamps()).filter(([, version], row) => version !== earlier[row]?.[1]);
        const ids = await database.queryRows(
          'SELECT "DocumentId"::int, "ReferentialId"::text FROM dms."ReferentialIdentity" ORDER BY 1',
        );
        return { stamped: stamped.map(([document]) => document), ids };
      });
    const [server, postgres] = [await idsOf(true), await idsOf(false)];
    expect(server).toEqual(postgres);
    expect(server.stamped).toEqual(set.includes('DocumentId') ? [2] : [1]);
    expect(new Set(server.ids.map(([, id]) => id)).size).toBe(set.includes('DocumentId') ? 2 : 1);
  });

  it.each([
    ['gets another key', `"Namespace" = 'other'`, 1, 1],
    ['moves with another key', `"DocumentId" = 2, "Namespace" = 'other'`, 2, 0],
  ])('the trigger of PostgreSQL stamps and records the same: a row %s', (_what, set, stamped, recorded) =>
    rolledBack(database, async () => {
      await database.exec(scripts.pgsql.script);
      await database.exec(`
        INSERT INTO dms."Document" ("DocumentId", "DocumentUuid", "ResourceKeyId") OVERRIDING SYSTEM VALUE
        SELECT n, gen_random_uuid(), k."ResourceKeyId"
        FROM generate_series(1, 2) AS n, dms."ResourceKey" AS k WHERE k."ResourceName" = 'Assessment';
        INSERT INTO campus."Assessment" ("DocumentId", "AssessmentIdentifier", "AssessmentTitle", "Namespace") VALUES (1, 'a', 'a', 'n');`);
      const identities = () =>
        database.query<{ id: number; version: string }>(
          'SELECT "DocumentId"::int AS id, "IdentityVersion"::text AS version FROM dms."Document" ORDER BY 1',
        );
      const before = await identities();
      await database.exec(`UPDATE campus."Assessment" SET ${set};`);
      const after = await identities();
      expect(after.filter(({ version }, index) => version !== before[index]?.version).map(({ id }) => id)).toEqual([
        stamped,
      ]);
      expect(await database.queryRows('SELECT COUNT(*)::int FROM tracked_changes_campus."Assessment"')).toEqual([
        [recorded],
      ]);
    }),
  );
});
