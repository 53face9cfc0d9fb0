import { propertyRuns, type TestDatabase, usualDatabaseEngines } from '@dms/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitCampusAndAthletics } from '../emitted.ts';
import { rolledBack, type SqlSession } from '../sql-session.ts';
import { referentialNamespace, uuidOf } from '../uuid.ts';

/* The invariants after any sequence of statements (design 07 §14 invariants 10 to 12; 05 §10 invariants 13 and 14). */

const numRuns = propertyRuns(12);

type HierarchyKind = 'School' | 'District' | 'AthleticLeague';

/** Table, id column and parent columns of each kind of organization. */
const organizations = {
  School: {
    table: 'campus."School"',
    project: 'Campus',
    id: 'SchoolId',
    path: '$.schoolId',
    extra: ', "SchoolName"',
    value: `, 'S'`,
    parent: 'District',
  },
  District: {
    table: 'campus."District"',
    project: 'Campus',
    id: 'DistrictId',
    path: '$.districtId',
    extra: ', "DistrictName"',
    value: `, 'D'`,
    parent: 'ParentDistrict',
  },
  AthleticLeague: {
    table: 'athletics."AthleticLeague"',
    project: 'Athletics',
    id: 'AthleticLeagueId',
    path: '$.athleticLeagueId',
    extra: ', "LeagueName"',
    value: `, 'L'`,
    parent: 'SanctioningDistrict',
  },
} as const;

const kinds = Object.keys(organizations) as HierarchyKind[];

class World {
  private readonly session: SqlSession;
  private documents = 0;

  constructor(session: SqlSession) {
    this.session = session;
  }

  /** Runs statements as one step; returns false if they were refused. */
  async attempt(...statements: readonly string[]): Promise<boolean> {
    await this.session.exec('SAVEPOINT step');
    try {
      for (const statement of statements) await this.session.exec(statement);
      await this.session.exec('SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; RELEASE SAVEPOINT step');
      return true;
    } catch (error) {
      // the database may only refuse a statement that violates a constraint
      expect((error as { code?: string }).code, (error as Error).message).toMatch(/^23/);
      await this.session.exec('ROLLBACK TO SAVEPOINT step; RELEASE SAVEPOINT step');
      return false;
    }
  }

  document(resource: string): { id: number; insert: string } {
    this.documents += 1;
    const id = this.documents;
    return {
      id,
      insert: `INSERT INTO dms."Document" ("DocumentId", "DocumentUuid", "ResourceKeyId") OVERRIDING SYSTEM VALUE
        VALUES (${id}, gen_random_uuid(), (SELECT "ResourceKeyId" FROM dms."ResourceKey" WHERE "ResourceName" = '${resource}'))`,
    };
  }

  /** Everything that the triggers maintain, as one value. */
  async state(): Promise<unknown[][][]> {
    const queries = [
      'SELECT "DocumentId", "ContentVersion", "IdentityVersion" FROM dms."Document" ORDER BY 1',
      'SELECT "DocumentId", "ChangeVersion" FROM dms."DocumentChangeEvent" ORDER BY 1, 2',
      'SELECT "DocumentId", "ResourceKeyId", "ReferentialId"::text FROM dms."ReferentialIdentity" ORDER BY 1, 2',
      'SELECT "DocumentId", "EducationOrganizationId", "Discriminator" FROM campus."EducationOrganizationIdentity" ORDER BY 1',
      'SELECT "DocumentId", "EducationOrganizationId", "Discriminator" FROM campus."EducationOrganization_View" ORDER BY 1',
      'SELECT "SourceEducationOrganizationId", "TargetEducationOrganizationId" FROM auth."EducationOrganizationIdToEducationOrganizationId" ORDER BY 1, 2',
    ];
    const states: unknown[][][] = [];
    for (const query of queries) states.push(await this.session.queryRows(query));
    return states;
  }

  /** The referential identities that the stored rows require, computed outside the database. */
  async wantedIdentities(): Promise<unknown[][]> {
    const keys = new Map(
      (await this.session.queryRows('SELECT "ResourceName", "ResourceKeyId" FROM dms."ResourceKey"')) as [
        string,
        number,
      ][],
    );
    const wanted: [number, number, string][] = [];
    const add = (id: number, resource: string, name: string) =>
      wanted.push([id, keys.get(resource) ?? 0, uuidOf(referentialNamespace, name)]);
    for (const kind of kinds) {
      const { table, project, id, path } = organizations[kind];
      for (const [document, value] of (await this.session.queryRows(`SELECT "DocumentId", "${id}" FROM ${table}`)) as [
        number,
        number,
      ][]) {
        add(document, kind, `${project}${kind}${path}=${value}`);
        add(document, 'EducationOrganization', `CampusEducationOrganization$.educationOrganizationId=${value}`);
      }
    }
    for (const [document, code, school] of (await this.session.queryRows(
      'SELECT "DocumentId", "ClassroomCode", "School_SchoolId" FROM campus."Location"',
    )) as [number, string, number][])
      add(document, 'Location', `CampusLocation$.classroomCode=${code}#$.schoolReference.schoolId=${school}`);
    for (const [document, code, organization] of (await this.session.queryRows(
      'SELECT "DocumentId", "CourseCode", "EducationOrganization_EducationOrganizationId" FROM campus."Course"',
    )) as [number, string, number][])
      add(
        document,
        'Course',
        `CampusCourse$.courseCode=${code}#$.educationOrganizationReference.educationOrganizationId=${organization}`,
      );
    return wanted.sort(([a, b], [c, d]) => a - c || b - d);
  }
}

const insertOrganization = (
  world: World,
  kind: HierarchyKind,
  value: number,
  parent: readonly [number, number] | null,
) => {
  const { table, id, extra, value: text, parent: prefix } = organizations[kind];
  const document = world.document(kind);
  const columns = parent ? `, "${prefix}_DocumentId", "${prefix}_DistrictId"` : '';
  const values = parent ? `, ${parent[0]}, ${parent[1]}` : '';
  return {
    id: document.id,
    statements: [
      document.insert,
      `INSERT INTO ${table} ("DocumentId", "${id}"${extra}${columns}) VALUES (${document.id}, ${value}${text}${values})`,
    ],
  };
};

describe.each(usualDatabaseEngines())('triggers on $name', ({ openProvisioned }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openProvisioned((await emitCampusAndAthletics()).pgsql.script);
  });

  afterAll(() => database.close());

  const pick = fc.nat({ max: 99 });
  const identifier = fc.integer({ min: 1, max: 5 });
  const command = fc.oneof(
    {
      arbitrary: fc.record({
        do: fc.constant('organization' as const),
        kind: fc.constantFrom(...kinds),
        value: identifier,
      }),
      weight: 4,
    },
    {
      arbitrary: fc.record({
        do: fc.constant('rename' as const),
        kind: fc.constantFrom(...kinds),
        at: pick,
        value: identifier,
      }),
      weight: 3,
    },
    { arbitrary: fc.record({ do: fc.constant('location' as const), at: pick, value: identifier }), weight: 2 },
    { arbitrary: fc.record({ do: fc.constant('course' as const), at: pick, value: identifier }), weight: 2 },
    { arbitrary: fc.record({ do: fc.constant('renameLocation' as const), value: identifier }), weight: 2 },
    { arbitrary: fc.record({ do: fc.constant('touch' as const), kind: fc.constantFrom(...kinds) }), weight: 1 },
    { arbitrary: fc.record({ do: fc.constant('delete' as const), at: pick }), weight: 2 },
  );

  it('keep identities, abstract rows, stamps and journal in step over any sequence of statements', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 14 }), (commands) =>
        rolledBack(database, async () => {
          const world = new World(database);
          await database.exec(world.document('SubjectDescriptor').insert);
          await database.exec(
            `INSERT INTO dms."Descriptor" ("DocumentId", "Namespace", "CodeValue", "ShortDescription", "Discriminator", "Uri") VALUES (1, 'n', 'c', 's', 'd', 'u')`,
          );
          for (const step of commands) {
            const before = await world.state();
            const documents = (before[0] ?? []).map(([id]) => id as number);
            const at = (index: number) => documents[index % documents.length] ?? 0;
            const one = (kind: HierarchyKind, index: number) =>
              `(SELECT "DocumentId" FROM ${organizations[kind].table} ORDER BY 1 OFFSET ${index % 3} LIMIT 1)`;
            let statements: readonly string[];
            switch (step.do) {
              case 'organization':
                statements = insertOrganization(world, step.kind, step.value, null).statements;
                break;
              case 'rename':
                statements = [
                  `UPDATE ${organizations[step.kind].table} SET "${organizations[step.kind].id}" = ${step.value} WHERE "DocumentId" = ${one(step.kind, step.at)}`,
                ];
                break;
              case 'location': {
                const document = world.document('Location');
                statements = [
                  document.insert,
                  `INSERT INTO campus."Location" ("DocumentId", "ClassroomCode", "School_DocumentId", "School_SchoolId") VALUES (${document.id}, 'R${step.value}', ${one('School', step.at)}, (SELECT "SchoolId" FROM campus."School" WHERE "DocumentId" = ${one('School', step.at)}))`,
                ];
                break;
              }
              case 'course': {
                const document = world.document('Course');
                const identity = `(SELECT "DocumentId" FROM campus."EducationOrganizationIdentity" ORDER BY 1 OFFSET ${step.at % 3} LIMIT 1)`;
                statements = [
                  document.insert,
                  `INSERT INTO campus."Course" ("DocumentId", "CourseCode", "CourseTitle", "SubjectDescriptor_DescriptorId", "EducationOrganization_DocumentId", "EducationOrganization_EducationOrganizationId")
                   VALUES (${document.id}, 'C${step.value}', 'T', 1, ${identity}, (SELECT "EducationOrganizationId" FROM campus."EducationOrganizationIdentity" WHERE "DocumentId" = ${identity}))`,
                ];
                break;
              }
              case 'renameLocation':
                statements = [
                  `UPDATE campus."Location" SET "ClassroomCode" = 'R${step.value}' WHERE "DocumentId" = (SELECT max("DocumentId") FROM campus."Location")`,
                ];
                break;
              case 'touch':
                statements = [
                  `UPDATE ${organizations[step.kind].table} SET "${organizations[step.kind].id}" = "${organizations[step.kind].id}"`,
                ];
                break;
              case 'delete':
                statements = [`DELETE FROM dms."Document" WHERE "DocumentId" = ${at(step.at)} AND "DocumentId" > 1`];
                break;
            }
            const isAccepted = await world.attempt(...statements);
            const after = await world.state();
            const [versions = [], events = [], identities, abstracts, view] = after;
            if (!isAccepted) expect(after).toEqual(before);
            expect(identities).toEqual(await world.wantedIdentities());
            expect(abstracts).toEqual(view);
            const journal = new Set(events.map(([id, version]) => `${id} ${version}`));
            const earlier = new Map(
              (before[0] ?? []).map(([id, content, identity]) => [id, [content, identity] as [number, number]]),
            );
            const wasEvents = new Set((before[1] ?? []).map(([id, version]) => `${id} ${version}`));
            for (const [id, content, identity] of versions as [number, number, number][]) {
              expect(journal.has(`${id} ${content}`)).toBe(true);
              const [oldContent = 0, oldIdentity = identity] = earlier.get(id) ?? [];
              expect(content).toBeGreaterThanOrEqual(oldContent);
              expect(identity).toBeGreaterThanOrEqual(oldIdentity);
              // an identity stamp always comes with a content stamp
              if (identity > oldIdentity) expect(content).toBeGreaterThan(oldContent);
            }
            // the journal only grows, except for documents that are gone
            const present = new Set(versions.map(([id]) => String(id)));
            for (const event of wasEvents)
              if (present.has(event.split(' ')[0] ?? '')) expect(journal.has(event)).toBe(true);
          }
        }),
      ),
      { numRuns },
    );
  });
});
