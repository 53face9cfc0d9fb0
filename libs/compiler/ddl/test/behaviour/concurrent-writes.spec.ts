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
import { emitDocuments } from '../emitted.ts';

/*
 * Several concurrent sessions on a server: writers of the same documents wait for each other and none becomes a
 * deadlock victim (design 07 §8.2), and the hierarchy is the closure of the parents after any concurrent writes (§9.6).
 */

const { array, integer, object, project, reference, resource, string } = build;

const organization = (name: string, id: string, parent?: { readonly name: string; readonly id: string }) =>
  resource(name, {
    isSubclass: true,
    superclassProjectName: 'Org',
    superclassResourceName: 'EducationOrganization',
    superclassIdentityJsonPath: '$.educationOrganizationId',
    identityJsonPaths: [`$.${id}`],
    ...(parent && {
      documentPathsMapping: {
        Parent: reference(`Org:${parent.name}`, [[`$.${parent.id}`, `$.parentReference.${parent.id}`]], false),
      },
    }),
    jsonSchemaForInsert: object(
      {
        [id]: integer(),
        ...(parent && { parentReference: object({ [parent.id]: integer() }, [parent.id]) }),
        rooms: array(object({ label: string(20) }, ['label'])),
      },
      [id],
    ),
  });

const document = project(
  'Org',
  [
    organization('Agency', 'agencyId', { name: 'Agency', id: 'agencyId' }),
    organization('School', 'schoolId', { name: 'Agency', id: 'agencyId' }),
  ],
  {
    endpoint: 'org',
    abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } },
  },
);

const agencies = 12;
const schools = 20;

let database: PostgresDatabase;
const sessions: TestDatabase[] = [];

/** Agencies 1…12 and schools 101…120 without parents; the id of each document is its number. */
const ground = [
  ['Agency', 1, agencies],
  ['School', 101, schools],
]
  .map(
    ([name, first, count]) => `
    INSERT INTO dms."Document" ("DocumentId", "DocumentUuid", "ResourceKeyId") OVERRIDING SYSTEM VALUE
    SELECT number, gen_random_uuid(), (SELECT "ResourceKeyId" FROM dms."ResourceKey" WHERE "ResourceName" = '${name}')
    FROM generate_series(${first}, ${Number(first) + Number(count) - 1}) AS number;
    INSERT INTO org."${name}" ("DocumentId", "${name}Id")
    SELECT number, number FROM generate_series(${first}, ${Number(first) + Number(count) - 1}) AS number;`,
  )
  .join('');

beforeAll(async () => {
  database = await createScratchDatabase();
  for (let index = 0; index < 4; index += 1) sessions.push(await openSession(database.url));
  await sessions[0]!.exec(emitDocuments(document).pgsql.script);
  await sessions[0]!.exec(ground);
});

afterAll(async () => {
  for (const session of sessions) await session.close();
  await database?.drop();
});

/** The error code of each statement of a session; `undefined` for a statement that succeeded. */
async function codesOf(session: TestDatabase, statements: readonly string[]): Promise<(string | undefined)[]> {
  const codes: (string | undefined)[] = [];
  for (const statement of statements) {
    try {
      await session.exec(statement);
      codes.push(undefined);
    } catch (error) {
      codes.push((error as { code?: string }).code ?? String(error));
    }
  }
  return codes;
}

const tally = (codes: readonly (string | undefined)[]) => {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code ?? 'done'] = (counts[code ?? 'done'] ?? 0) + 1;
  return counts;
};

describe('four sessions on a server', () => {
  it('that write child rows of the same documents, 5 of 20 each time, meet no deadlock', async () => {
    const times = propertyRuns(150);
    const work = sessions.map((session, index) => {
      const next = random(index + 1);
      const statements = Array.from({ length: times }, (_, time) => {
        const chosen = new Set<number>();
        while (chosen.size < 5) chosen.add(101 + Math.floor(next() * schools));
        const ordinal = time * sessions.length + index;
        const rows = [...chosen].map((id) => `(${id}, ${ordinal}, 'Room')`);
        return `INSERT INTO org."SchoolRoom" ("School_DocumentId", "Ordinal", "Label") VALUES ${rows.join(', ')}`;
      });
      return codesOf(session, statements);
    });
    const codes = (await Promise.all(work)).flat();
    expect(tally(codes)).toEqual({ done: times * sessions.length });
    // one stamp and one event per document and statement; none is lost
    const [row] = await sessions[0]!.queryRows(
      `SELECT count(*) FROM dms."DocumentChangeEvent" WHERE "DocumentId" BETWEEN 101 AND ${100 + schools}`,
    );
    expect(row).toEqual([schools + times * sessions.length * 5]);
  });

  it('that change parents at once leave the closure of what is stored, and every refusal is a clean one', async () => {
    const times = propertyRuns(60);
    const work = sessions.map((session, index) => {
      const next = random(100 + index);
      const pick = (count: number) => 1 + Math.floor(next() * count);
      const statements = Array.from({ length: times }, () => {
        const parent = pick(agencies);
        const parentOrNone = next() < 0.2 ? 'NULL::bigint, NULL::integer' : `${parent}::bigint, ${parent}::integer`;
        // writers who do not see each other cannot keep a tree of agencies acyclic, so a parent always has a lower
        // number than its agencies
        if (next() < 0.5) {
          const from = pick(agencies - 1);
          return `UPDATE org."Agency" SET ("Parent_DocumentId", "Parent_AgencyId") = (SELECT ${parentOrNone}) WHERE "AgencyId" BETWEEN ${from} AND ${from + 1} AND "AgencyId" > ${parent}`;
        }
        const from = 100 + pick(schools - 3);
        return `UPDATE org."School" SET ("Parent_DocumentId", "Parent_AgencyId") = (SELECT ${parentOrNone}) WHERE "SchoolId" BETWEEN ${from} AND ${from + 3}`;
      });
      return codesOf(session, statements);
    });
    const codes = (await Promise.all(work)).flat();
    expect(codes).toHaveLength(times * sessions.length);
    // a session may be the victim if two wait for each other's rows: the server reports it, and rolls its statement
    // back
    expect(Object.keys(tally(codes)).filter((code) => code !== 'done' && code !== '40P01')).toEqual([]);
    const differences = await sessions[0]!.queryRows(`
      WITH RECURSIVE parent AS (
        SELECT "AgencyId" AS id, "Parent_AgencyId" AS parent FROM org."Agency"
        UNION ALL
        SELECT "SchoolId", "Parent_AgencyId" FROM org."School"
      ), reached AS (
        SELECT id, id AS ancestor FROM parent
        UNION
        SELECT reached.id, parent.parent FROM reached JOIN parent ON parent.id = reached.ancestor WHERE parent.parent IS NOT NULL
      ), kept AS (
        SELECT "SourceEducationOrganizationId" AS ancestor, "TargetEducationOrganizationId" AS id
        FROM auth."EducationOrganizationIdToEducationOrganizationId"
      )
      SELECT 'lost', ancestor, id FROM (SELECT ancestor, id FROM reached EXCEPT SELECT ancestor, id FROM kept) AS lost
      UNION ALL
      SELECT 'too many', ancestor, id FROM (SELECT ancestor, id FROM kept EXCEPT SELECT ancestor, id FROM reached) AS many`);
    expect(differences).toEqual([]);
    expect(
      (await sessions[0]!.queryRows('SELECT count(*) FROM org."Agency" WHERE "Parent_AgencyId" IS NOT NULL'))[0]![0],
    ).toBeGreaterThan(2);
  });
});
