import { build, propertyRuns, type TestDatabase, usualDatabaseEngines } from '@dms/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitDocuments } from '../emitted.ts';
import { rolledBack } from '../sql-session.ts';
import { referentialNamespace, uuidOf } from '../uuid.ts';

/*
 * Random statements of zero to many rows on organizations with several parents, circles, changing ids, children and
 * referrers. After each statement the hierarchy is the closure of the parents, identities are those of the stored rows,
 * and exactly the documents that the statement touched have the stamps that design 07 §9.1 counts.
 */

const { array, integer, object, project, reference, resource, string } = build;

/** Each kind with its parents: the label of the reference and the kind that it refers to. */
const parentsOf = {
  Center: [],
  Agency: [
    ['Parent', 'Agency'],
    ['Center', 'Center'],
  ],
  Campus: [
    ['Agency', 'Agency'],
    ['Center', 'Center'],
  ],
} as const satisfies Record<string, readonly (readonly [string, string])[]>;

type TriedTable = keyof typeof parentsOf;
const kinds = Object.keys(parentsOf) as TriedTable[];

const idOf = (kind: string) => `${kind[0]?.toLowerCase()}${kind.slice(1)}Id`;
const table = (kind: string) => `org."${kind}"`;
const idColumn = (kind: string) => `"${kind}Id"`;

const organization = (kind: TriedTable) =>
  resource(kind, {
    isSubclass: true,
    allowIdentityUpdates: true,
    superclassProjectName: 'Org',
    superclassResourceName: 'EducationOrganization',
    superclassIdentityJsonPath: '$.educationOrganizationId',
    identityJsonPaths: [`$.${idOf(kind)}`],
    documentPathsMapping: Object.fromEntries(
      parentsOf[kind].map(([label, target]) => [
        label,
        reference(`Org:${target}`, [[`$.${idOf(target)}`, `$.${label.toLowerCase()}Reference.${idOf(target)}`]], false),
      ]),
    ),
    jsonSchemaForInsert: object(
      {
        [idOf(kind)]: integer(),
        name: string(20),
        ...Object.fromEntries(
          parentsOf[kind].map(([label, target]) => [
            `${label.toLowerCase()}Reference`,
            object({ [idOf(target)]: integer() }, [idOf(target)]),
          ]),
        ),
        ...(kind === 'Campus' && { rooms: array(object({ label: string(20) }, ['label'])) }),
      },
      [idOf(kind)],
    ),
  });

const document = project(
  'Org',
  [
    ...kinds.map(organization),
    resource('Cohort', {
      allowIdentityUpdates: true,
      identityJsonPaths: ['$.cohortName', '$.educationOrganizationReference.educationOrganizationId'],
      documentPathsMapping: {
        EducationOrganization: {
          ...reference('Org:EducationOrganization', [
            ['$.educationOrganizationId', '$.educationOrganizationReference.educationOrganizationId'],
          ]),
          isPartOfIdentity: true,
        },
      },
      jsonSchemaForInsert: object(
        {
          cohortName: string(20),
          educationOrganizationReference: object({ educationOrganizationId: integer() }, ['educationOrganizationId']),
        },
        ['cohortName', 'educationOrganizationReference'],
      ),
    }),
  ],
  {
    endpoint: 'org',
    abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } },
  },
);

const parentColumns = (kind: TriedTable) =>
  parentsOf[kind].map(([label, target]) => ({
    target,
    document: `"${label}_DocumentId"`,
    id: `"${label}_${target}Id"`,
  }));

type TriedRow = readonly unknown[];
type TableState = Readonly<Record<string, ReadonlyMap<string, TriedRow>>>;

/** The rows of every table by key; the first column is the document id. */
async function stateOf(database: TestDatabase): Promise<TableState> {
  const queries: Readonly<Record<string, readonly [string, number]>> = {
    ...Object.fromEntries(
      kinds.map((kind) => [
        kind,
        [
          `SELECT "DocumentId", ${[idColumn(kind), '"Name"', ...parentColumns(kind).flatMap((parent) => [parent.document, parent.id])].join(', ')} FROM ${table(kind)}`,
          1,
        ],
      ]),
    ),
    CampusRoom: ['SELECT "Campus_DocumentId", "Ordinal", "Label" FROM org."CampusRoom"', 2],
    Cohort: ['SELECT "DocumentId", "CohortName", "EducationOrganization_EducationOrganizationId" FROM org."Cohort"', 1],
    Document: [
      `SELECT "DocumentId", "ContentVersion", "IdentityVersion", (SELECT count(*) FROM dms."DocumentChangeEvent" AS e
       WHERE e."DocumentId" = d."DocumentId") FROM dms."Document" AS d`,
      1,
    ],
  };
  const state: Record<string, Map<string, TriedRow>> = {};
  for (const [name, [query, key]] of Object.entries(queries)) {
    const rows = await database.queryRows(query);
    state[name] = new Map(rows.map((row) => [row.slice(0, key).join(' '), row]));
  }
  return state;
}

/** The pairs (ancestor, organization) of all stored rows, by number. */
function closureOf(state: TableState): [number, number][] {
  const parents = new Map<number, Set<number>>();
  for (const kind of kinds)
    for (const [, id, , ...references] of state[kind]?.values() ?? [])
      parents.set(
        id as number,
        new Set(references.filter((value, index) => index % 2 === 1 && value !== null) as number[]),
      );
  const tuples: [number, number][] = [];
  for (const id of parents.keys()) {
    const reached = new Set([id]);
    for (const one of reached) for (const parent of parents.get(one) ?? []) reached.add(parent);
    for (const ancestor of reached) tuples.push([ancestor, id]);
  }
  return tuples.sort(([a, b], [c, d]) => a - c || b - d);
}

/** The tuples (document, resource, id) that the stored rows require, computed outside the database. */
function identitiesOf(state: TableState, keys: ReadonlyMap<string, number>): [number, number, string][] {
  const wanted: [number, number, string][] = [];
  const add = (row: TriedRow, resourceName: string, name: string) =>
    wanted.push([row[0] as number, keys.get(resourceName) as number, uuidOf(referentialNamespace, name)]);
  for (const kind of kinds)
    for (const row of state[kind]?.values() ?? []) {
      add(row, kind, `Org${kind}$.${idOf(kind)}=${row[1]}`);
      add(row, 'EducationOrganization', `OrgEducationOrganization$.educationOrganizationId=${row[1]}`);
    }
  for (const row of state.Cohort?.values() ?? [])
    add(
      row,
      'Cohort',
      `OrgCohort$.cohortName=${row[1]}#$.educationOrganizationReference.educationOrganizationId=${row[2]}`,
    );
  return wanted.sort(([a, b], [c, d]) => a - c || b - d);
}

/** The effect of a statement: its table, its event, and the documents of the rows that it returned. */
interface Hit {
  readonly on: string;
  readonly event: 'INSERT' | 'UPDATE' | 'DELETE';
  readonly documents: readonly number[];
}

const differs = (one: TriedRow, other: TriedRow) => one.some((value, index) => value !== other[index]);

/**
 * New content versions per document: one per table and event of the statement itself and of its cascades, which the
 * rows show. A separate statement updates the row of a cohort after the abstract row of its organization; a cohort
 * refers to only one organization.
 */
function contentStamps(before: TableState, after: TableState, hits: readonly Hit[]): Map<number, number> {
  const touched = new Set<string>();
  const add = (on: string, event: string, id: unknown) => {
    const isRootInsert = event === 'INSERT' && on !== 'CampusRoom';
    if (!isRootInsert) touched.add(`${on} ${event} ${id}`);
  };
  for (const { on, event, documents } of hits) for (const id of documents) add(on, event, id);
  const isDirect = (on: string) => hits.some((hit) => hit.on === on);
  for (const on of [...kinds, 'CampusRoom', 'Cohort']) {
    for (const [key, row] of before[on] ?? []) {
      const now = after[on]?.get(key);
      if (now && differs(row, now)) add(on, 'UPDATE', row[0]);
      // a missing room was deleted or moved by the statement, or deleted with its campus
      if (!now && on === 'CampusRoom')
        add(on, hits.some((hit) => hit.on === on && hit.event === 'UPDATE') ? 'UPDATE' : 'DELETE', row[0]);
      else if (!now && !isDirect(on)) add(on, 'DELETE', row[0]);
    }
  }
  const counts = new Map<number, number>();
  for (const place of touched) {
    const id = Number(place.slice(place.lastIndexOf(' ')));
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

const identityColumns: Readonly<Record<string, readonly number[]>> = {
  Center: [1],
  Agency: [1],
  Campus: [1],
  Cohort: [1, 2],
};

/** Documents whose row exists before and after the statement, with another identity. */
function identityStamps(before: TableState, after: TableState): number[] {
  return Object.entries(identityColumns).flatMap(([on, columns]) =>
    [...(before[on] ?? [])].flatMap(([key, row]) => {
      const now = after[on]?.get(key);
      return now && columns.some((column) => row[column] !== now[column]) ? [row[0] as number] : [];
    }),
  );
}

const few = fc.uniqueArray(fc.nat({ max: 7 }), { minLength: 1, maxLength: 4 });
const kind = fc.constantFrom(...kinds);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('insert' as const),
      kind,
      rows: few,
      parents: fc.array(fc.option(fc.nat({ max: 9 })), { minLength: 8, maxLength: 8 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      kind,
      rows: few,
      which: fc.nat({ max: 1 }),
      shift: fc.nat({ max: 5 }),
      clears: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('renumber' as const),
      kind,
      rows: few,
      by: fc.integer({ min: -3, max: 12 }),
      alsoClears: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('touch' as const), kind, rows: few }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deleteRows' as const), kind, rows: few }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deleteDocuments' as const), rows: few }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('rooms' as const),
      rows: few,
      ordinal: fc.nat({ max: 3 }),
      skips: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('labelRooms' as const), rows: few, moves: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deleteRooms' as const), rows: few }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cohorts' as const), rows: few, name: fc.nat({ max: 3 }) }) },
);

type RandomStep = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const listed = (values: readonly unknown[]) => (values.length > 0 ? values.join(', ') : 'NULL');

/** The documents of a table at the picked places, none at the last place, so that statements of no rows occur too. */
function picked(state: TableState, on: string, places: readonly number[]): number[] {
  const rows = [...(state[on]?.values() ?? [])].map(([id]) => id as number).sort((a, b) => a - b);
  return [
    ...new Set(places.flatMap((place) => (place < 7 && rows.length > 0 ? (rows[place % rows.length] ?? []) : []))),
  ];
}

interface RandomStatement extends Omit<Hit, 'documents'> {
  /** Documents that the statement needs first. */
  readonly documents: readonly string[];
  readonly sql: string;
}

class Statements {
  private documents = 0;
  private ids = 0;

  private newDocument(resourceName: string): [number, string] {
    this.documents += 1;
    return [
      this.documents,
      `INSERT INTO dms."Document" ("DocumentId", "DocumentUuid", "ResourceKeyId") OVERRIDING SYSTEM VALUE
       VALUES (${this.documents}, gen_random_uuid(), (SELECT "ResourceKeyId" FROM dms."ResourceKey" WHERE "ResourceName" = '${resourceName}'))`,
    ];
  }

  of(state: TableState, command: RandomStep): RandomStatement {
    const returning = (column = 'DocumentId') => `RETURNING "${column}"`;
    switch (command.do) {
      case 'insert': {
        const parents = parentColumns(command.kind);
        const documents: string[] = [];
        const tuples = command.rows.map((place) => {
          const [id, insert] = this.newDocument(command.kind);
          documents.push(insert);
          this.ids += 1;
          const references = parents.flatMap(({ target }, index) => {
            const at = command.parents[(place + index * 3) % 8];
            const rows = [...(state[target]?.values() ?? [])];
            const row = at === null || at === undefined ? undefined : rows[at];
            return row ? [row[0], row[1]] : ['NULL', 'NULL'];
          });
          return `(${[id, this.ids, `'n'`, ...references].join(', ')})`;
        });
        const columns = [
          '"DocumentId"',
          idColumn(command.kind),
          '"Name"',
          ...parents.flatMap((parent) => [parent.document, parent.id]),
        ];
        const rows =
          tuples.length > 0
            ? `VALUES ${tuples.join(', ')}`
            : `SELECT ${columns.join(', ')} FROM ${table(command.kind)} WHERE false`;
        return {
          on: command.kind,
          event: 'INSERT',
          documents,
          sql: `INSERT INTO ${table(command.kind)} (${columns.join(', ')}) ${rows} ${returning()}`,
        };
      }
      case 'move': {
        const [parent = parentColumns('Agency')[0]!, other] = parentColumns(command.kind);
        const { target, document: link, id } = (command.which === 1 && other) || parent;
        const isPossible = parentsOf[command.kind].length > 0;
        const at = picked(state, command.kind, command.rows);
        const targets = [...(state[target]?.values() ?? [])];
        const cases = (column: 0 | 1) =>
          at.map((row, index) => {
            const found = command.clears ? undefined : targets[(index + command.shift) % targets.length];
            return `WHEN ${row} THEN ${found ? found[column] : 'NULL'}`;
          });
        const value = (column: 0 | 1, type: string) =>
          at.length === 0 ? 'NULL' : `CAST(CASE "DocumentId" ${cases(column).join(' ')} END AS ${type})`;
        const set = isPossible ? `${link} = ${value(0, 'bigint')}, ${id} = ${value(1, 'integer')}` : '"Name" = "Name"';
        return {
          on: command.kind,
          event: 'UPDATE',
          documents: [],
          sql: `UPDATE ${table(command.kind)} SET ${set} WHERE "DocumentId" IN (${listed(at)}) ${returning()}`,
        };
      }
      case 'renumber': {
        const at = picked(state, command.kind, command.rows);
        const [parent] = parentColumns(command.kind);
        const clears = command.alsoClears && parent ? `, ${parent.document} = NULL, ${parent.id} = NULL` : '';
        const column = idColumn(command.kind);
        return {
          on: command.kind,
          event: 'UPDATE',
          documents: [],
          sql: `UPDATE ${table(command.kind)} SET ${column} = ${column} + ${command.by}${clears} WHERE "DocumentId" IN (${listed(at)}) ${returning()}`,
        };
      }
      case 'touch':
        return {
          on: command.kind,
          event: 'UPDATE',
          documents: [],
          sql: `UPDATE ${table(command.kind)} SET "Name" = "Name" WHERE "DocumentId" IN (${listed(picked(state, command.kind, command.rows))}) ${returning()}`,
        };
      case 'deleteRows':
        return {
          on: command.kind,
          event: 'DELETE',
          documents: [],
          sql: `DELETE FROM ${table(command.kind)} WHERE "DocumentId" IN (${listed(picked(state, command.kind, command.rows))}) ${returning()}`,
        };
      case 'deleteDocuments':
        return {
          on: 'Document',
          event: 'DELETE',
          documents: [],
          sql: `DELETE FROM dms."Document" WHERE "DocumentId" IN (${listed(picked(state, 'Document', command.rows))}) ${returning()}`,
        };
      case 'rooms': {
        const rows = picked(state, 'Campus', command.rows).flatMap((id) => [
          `(${id}, ${command.ordinal}, 'r')`,
          `(${id}, ${command.ordinal + 4}, 'r')`,
        ]);
        const source = rows.length > 0 ? `VALUES ${rows.join(', ')}` : 'SELECT 1, 1, NULL WHERE false';
        return {
          on: 'CampusRoom',
          event: 'INSERT',
          documents: [],
          sql: `INSERT INTO org."CampusRoom" ("Campus_DocumentId", "Ordinal", "Label") ${source}${command.skips ? ' ON CONFLICT DO NOTHING' : ''} ${returning('Campus_DocumentId')}`,
        };
      }
      case 'labelRooms': {
        const at = picked(state, 'Campus', command.rows);
        const target = at[0];
        const set =
          command.moves && target !== undefined
            ? `"Campus_DocumentId" = ${target}, "Ordinal" = "Ordinal" + "Campus_DocumentId" * 10`
            : '"Label" = \'s\'';
        return {
          on: 'CampusRoom',
          event: 'UPDATE',
          documents: [],
          sql: `UPDATE org."CampusRoom" SET ${set} WHERE "Campus_DocumentId" IN (${listed(at)}) ${returning('Campus_DocumentId')}`,
        };
      }
      case 'deleteRooms':
        return {
          on: 'CampusRoom',
          event: 'DELETE',
          documents: [],
          sql: `DELETE FROM org."CampusRoom" WHERE "Campus_DocumentId" IN (${listed(picked(state, 'Campus', command.rows))}) ${returning('Campus_DocumentId')}`,
        };
      case 'cohorts': {
        const documents: string[] = [];
        const rows = kinds
          .flatMap((one) => picked(state, one, command.rows).map((id) => state[one]?.get(String(id)) as TriedRow))
          .map((row) => {
            const [id, insert] = this.newDocument('Cohort');
            documents.push(insert);
            return `(${id}, 'c${command.name}', ${row[0]}, ${row[1]})`;
          });
        const source = rows.length > 0 ? `VALUES ${rows.join(', ')}` : `SELECT 1, 'c', 1, 1 WHERE false`;
        return {
          on: 'Cohort',
          event: 'INSERT',
          documents,
          sql: `INSERT INTO org."Cohort" ("DocumentId", "CohortName", "EducationOrganization_DocumentId", "EducationOrganization_EducationOrganizationId") ${source} ${returning()}`,
        };
      }
    }
  }
}

const numRuns = propertyRuns(25);

describe.each(usualDatabaseEngines())('random statements on $name', ({ openProvisioned }) => {
  let database: TestDatabase;
  let keys: ReadonlyMap<string, number>;
  const seen = { accepted: 0, refused: 0, empty: 0, several: 0 };

  beforeAll(async () => {
    database = await openProvisioned(emitDocuments(document).pgsql.script);
    keys = new Map(
      (await database.queryRows('SELECT "ResourceName", "ResourceKeyId" FROM dms."ResourceKey"')) as [string, number][],
    );
  });

  afterAll(() => database.close());

  /**
   * Runs a statement as one step; returns the documents of its rows, or undefined if the database refused it for a
   * constraint.
   */
  async function attempt(statement: RandomStatement): Promise<number[] | undefined> {
    await database.exec('SAVEPOINT step');
    for (const insert of statement.documents) await database.exec(insert);
    try {
      const rows = await database.queryRows(statement.sql);
      await database.exec('SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; RELEASE SAVEPOINT step');
      return rows.map(([id]) => id as number);
    } catch (error) {
      expect((error as { code?: string }).code, `${statement.sql}: ${(error as Error).message}`).toMatch(/^23/);
      await database.exec('ROLLBACK TO SAVEPOINT step; RELEASE SAVEPOINT step');
      return undefined;
    }
  }

  it('leave hierarchy, identities and stamps as the rows say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), (commands) =>
        rolledBack(database, async () => {
          const statements = new Statements();
          for (const command of commands) {
            const empty = await stateOf(database);
            const statement = statements.of(empty, command);
            await database.exec('SAVEPOINT documents');
            for (const insert of statement.documents) await database.exec(insert);
            const before = statement.documents.length > 0 ? await stateOf(database) : empty;
            const documents = await attempt({ ...statement, documents: [] });
            if (documents === undefined) {
              seen.refused += 1;
              expect(await stateOf(database), statement.sql).toEqual(before);
              await database.exec('ROLLBACK TO SAVEPOINT documents');
              continue;
            }
            await database.exec('RELEASE SAVEPOINT documents');
            seen.accepted += 1;
            if (documents.length === 0) seen.empty += 1;
            if (documents.length > 1) seen.several += 1;
            const after = await stateOf(database);
            const tuples = await database.queryRows(
              `SELECT "SourceEducationOrganizationId", "TargetEducationOrganizationId"
               FROM auth."EducationOrganizationIdToEducationOrganizationId" ORDER BY 1, 2`,
            );
            expect(tuples, statement.sql).toEqual(closureOf(after));
            const identities = await database.queryRows(
              `SELECT "DocumentId", "ResourceKeyId", "ReferentialId"::text FROM dms."ReferentialIdentity" AS r
               WHERE ${[...kinds, 'Cohort'].map((one) => `EXISTS (SELECT 1 FROM ${table(one)} AS t WHERE t."DocumentId" = r."DocumentId")`).join(' OR ')}
               ORDER BY 1, 2`,
            );
            expect(identities, statement.sql).toEqual(identitiesOf(after, keys));
            const content = contentStamps(before, after, [{ ...statement, documents }]);
            const identity = new Set(identityStamps(before, after));
            for (const [key, [id, version, identityVersion, events]] of after.Document ?? []) {
              const was = before.Document?.get(key);
              if (!was) continue;
              const found = {
                id,
                events: (events as number) - (was[3] as number),
                grew: (version as number) > (was[1] as number),
                identity: identityVersion !== was[2],
              };
              const count = content.get(id as number) ?? 0;
              expect(found, statement.sql).toEqual({
                id,
                events: count,
                grew: count > 0,
                identity: identity.has(id as number),
              });
            }
          }
        }),
      ),
      { numRuns },
    );
    expect(seen.several).toBeGreaterThan(numRuns / 2);
    expect(seen.empty).toBeGreaterThan(0);
    expect(seen.refused).toBeGreaterThan(0);
    expect(seen.accepted).toBeGreaterThan(seen.refused);
  });
});
