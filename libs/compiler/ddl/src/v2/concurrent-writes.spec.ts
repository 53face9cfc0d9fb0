import {
  build,
  createScratchDatabase,
  openSession,
  type PostgresDatabase,
  propertyRuns,
  random,
  type TestDatabase,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitters } from '../../test/emitted.ts';
import { brokenMirrors } from '../../test/scenarios-v2.ts';
import { singleValue } from '../../test/sql-session.ts';

/*
 * Several concurrent sessions on a server: they wait for each other without deadlocks, no stamp and no tracked row is
 * lost, and mirrors equal the stamps of their documents (design 16 §6.2).
 */

const { array, integer, object, project, reference, resource, string } = build;

const document = project(
  'Ed-Fi',
  [
    resource('School', {
      allowIdentityUpdates: true,
      identityJsonPaths: ['$.schoolId'],
      jsonSchemaForInsert: object(
        { schoolId: integer(), motto: string(20), rooms: array(object({ label: string(20) }, ['label'])) },
        ['schoolId'],
      ),
    }),
    resource('Class', {
      identityJsonPaths: ['$.classCode', '$.schoolReference.schoolId'],
      documentPathsMapping: {
        School: {
          ...reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]),
          isPartOfIdentity: true,
        },
      },
      jsonSchemaForInsert: object(
        { classCode: string(20), schoolReference: object({ schoolId: integer() }, ['schoolId']) },
        ['classCode', 'schoolReference'],
      ),
    }),
  ],
  { endpoint: 'ed-fi' },
);

const schools = 20;

/** Schools 1 to 20, each with one class whose document has a hundred more rows. */
const ground = `
  INSERT INTO dms."Document" ("DocumentId", "DocumentUuid", "ResourceKeyId") OVERRIDING SYSTEM VALUE
  SELECT number, gen_random_uuid(), (SELECT "ResourceKeyId" FROM dms."ResourceKey" WHERE "ResourceName" = 'School')
  FROM generate_series(1, ${schools}) AS number;
  INSERT INTO edfi."School" ("DocumentId", "SchoolId") SELECT number, number FROM generate_series(1, ${schools}) AS number;
  INSERT INTO dms."Document" ("DocumentId", "DocumentUuid", "ResourceKeyId") OVERRIDING SYSTEM VALUE
  SELECT 100 + number, gen_random_uuid(), (SELECT "ResourceKeyId" FROM dms."ResourceKey" WHERE "ResourceName" = 'Class')
  FROM generate_series(1, ${schools}) AS number;
  INSERT INTO edfi."Class" ("DocumentId", "ClassCode", "School_DocumentId", "School_SchoolId")
  SELECT 100 + number, 'C', number, number FROM generate_series(1, ${schools}) AS number;`;

let database: PostgresDatabase;
let first: TestDatabase;
const sessions: TestDatabase[] = [];

beforeAll(async () => {
  database = await createScratchDatabase();
  for (let index = 0; index < 8; index += 1) sessions.push(await openSession(database.url));
  first = sessions[0] as TestDatabase;
  await first.exec(emitters.v2.documents(document).pgsql.script);
  await first.exec(`UPDATE dms."DocumentCacheState" SET "ProjectionLifecycleState" = 'Tracking'`);
  await first.exec(ground);
});

afterAll(async () => {
  for (const session of sessions) await session.close();
  await database?.drop();
});

/** Runs the statements of all sessions concurrently; every statement must succeed. */
async function runAll(statementsOf: (next: () => number, session: number) => readonly string[]): Promise<void> {
  const work = sessions.map(async (session, index) => {
    for (const statement of statementsOf(random(index + 1), index)) {
      try {
        await session.exec(statement);
      } catch (error) {
        throw new Error(`${(error as { code?: string }).code} ${(error as Error).message}: ${statement}`, {
          cause: error,
        });
      }
    }
  });
  await Promise.all(work);
}

const lastVersion = () => singleValue(first, 'SELECT last_value FROM dms."ChangeVersionSequence"').then(Number);

/** Some of the schools, in random order. */
function chosen(next: () => number, count: number): number[] {
  const ids = new Set<number>();
  while (ids.size < count) ids.add(1 + Math.floor(next() * schools));
  return [...ids];
}

async function expectLaws(): Promise<void> {
  expect(await brokenMirrors({ queryRows: (sql) => first.queryRows(sql) })).toEqual([]);
  const unqueued = `SELECT d."DocumentId" FROM dms."Document" AS d LEFT JOIN dms."DocumentProjectionWork" AS w
    ON w."DocumentId" = d."DocumentId" WHERE w."RequiredContentVersion" IS DISTINCT FROM d."ContentVersion"`;
  expect(await first.queryRows(unqueued), 'documents that are not queued with their last version').toEqual([]);
}

describe('eight sessions on a server', () => {
  const times = propertyRuns(50);

  it('that write rows below the same roots draw one version per document and statement, and lose none', async () => {
    const before = await lastVersion();
    await runAll((next, session) =>
      Array.from({ length: times }, (_, time) => {
        const rows = chosen(next, 5).map((id) => `(${id}, ${time * sessions.length + session}, 'Room')`);
        return `INSERT INTO edfi."SchoolRoom" ("School_DocumentId", "Ordinal", "Label") VALUES ${rows.join(', ')}`;
      }),
    );
    expect((await lastVersion()) - before).toBe(times * sessions.length * 5);
    await expectLaws();
  });

  it('that write roots and the rows below them meet no deadlock', async () => {
    await runAll((next, session) =>
      Array.from({ length: times }, (_, time) => {
        const [id = 1, ...others] = chosen(next, 3);
        const kind = time % 4;
        // the plan of a statement decides the order of its row locks, so the sessions write disjoint rows below the
        // roots
        const own = `"Ordinal" % ${sessions.length} = ${session}`;
        if (kind === 0) return `UPDATE edfi."School" SET "Motto" = 'M${time}-${session}' WHERE "DocumentId" = ${id}`;
        if (kind === 1)
          return `UPDATE edfi."SchoolRoom" SET "Label" = 'L${time}-${session}' WHERE ${own} AND "School_DocumentId" IN (${[id, ...others].join(', ')})`;
        if (kind === 2) {
          const rows = [id, ...others].map(
            (school) => `(${school}, ${1_000_000 + time * sessions.length + session}, 'Room')`,
          );
          return `INSERT INTO edfi."SchoolRoom" ("School_DocumentId", "Ordinal", "Label") VALUES ${rows.join(', ')}`;
        }
        return `DELETE FROM edfi."SchoolRoom" WHERE ${own} AND "School_DocumentId" = ${id} AND "Ordinal" % 7 = ${time % 7}`;
      }),
    );
    await expectLaws();
  });

  it('that rename the same schools leave every change in the tracked rows', async () => {
    await runAll((next, session) =>
      Array.from({ length: times }, (_, time) => {
        const [id] = chosen(next, 1);
        return `UPDATE edfi."School" SET "SchoolId" = ${1000 + time * sessions.length + session} WHERE "DocumentId" = ${id}`;
      }),
    );
    await expectLaws();
    for (const table of ['School', 'Class']) {
      const column = table === 'School' ? 'SchoolId' : 'School_SchoolId';
      const rows = await first.queryRows(
        `SELECT d."DocumentId", array_agg(t."Old${column}" ORDER BY t."ChangeVersion"), array_agg(t."New${column}" ORDER BY t."ChangeVersion"),
           max(t."ChangeVersion") = max(d."ContentVersion"), min(r."${column}")
         FROM tracked_changes_edfi."${table}" AS t JOIN dms."Document" AS d ON d."DocumentUuid" = t."Id"
         JOIN edfi."${table}" AS r ON r."DocumentId" = d."DocumentId" GROUP BY 1`,
      );
      let changes = 0;
      for (const [id, old, now, isLast, current] of rows as [number, number[], number[], boolean, number][]) {
        const start = id % 100;
        expect([old, isLast], `${table} ${id}`).toEqual([[start, ...now.slice(0, -1)], true]);
        expect(now.at(-1), `${table} ${id}`).toBe(current);
        changes += now.length;
      }
      expect(changes, table).toBe(times * sessions.length);
    }
  });
});
