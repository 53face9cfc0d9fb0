import { readdirSync } from 'node:fs';
import path from 'node:path';
import {
  hasSharedData,
  mssqlServerText,
  openMssqlDatabase,
  RecordedMssql,
  serverError,
  sharedFile,
  shareOf,
  type TestDatabase,
  usualDatabaseEngines,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmittedSet, emitCampusAndAthletics, emitDocuments, emitFiles, emitFolder } from '../../test/emitted.ts';
import { resultColumns } from '../../test/mssql/result-columns.ts';
import { type MssqlDatabase, mssqlServerScenarios, provisionedOnServer } from '../../test/mssql/server-scenarios.ts';
import { provisionLikeServer, ServerSession } from '../../test/mssql/server-tables.ts';
import { postgresScenarios } from '../../test/postgres-scenarios.ts';
import {
  byFixture,
  readScenarioFile,
  runScenario,
  type ScenarioFile,
  type ScenarioStep,
} from '../../test/scenarios.ts';

/*
 * The scenarios of SQL Server (design 07 §12): the bodies of its script run in the dialect of PostgreSQL, with the keys
 * of SQL Server.
 */

const ownFolder = path.resolve(import.meta.dirname, '../../scenarios');

async function setOf(fixture: string, { inputs }: ScenarioFile): Promise<EmittedSet> {
  const input = inputs[fixture];
  if (input) return emitDocuments(...[input].flat());
  if (fixture === 'campus-athletics') return emitCampusAndAthletics();
  if (fixture === 'ds-5.2') return emitFiles(sharedFile('inputs', 'ds-5.2-core.json'));
  return emitFolder(sharedFile('fixtures', fixture, 'inputs'));
}

const own = readdirSync(ownFolder).map((name) => ({
  title: name,
  share: 1,
  file: readScenarioFile(path.join(ownFolder, name)),
}));
const shared = hasSharedData
  ? [{ title: 'shared', share: 2, file: readScenarioFile(sharedFile('design', 'vectors', 'trigger-scenarios.json')) }]
  : [];

describe('behaviour scenarios over the bodies of SQL Server', () => {
  // a server takes less than half of the time of the embedded engine
  const engine = usualDatabaseEngines().find(({ name }) => name === 'PostgreSQL server');

  describe.each([...own, ...shared])('$title', ({ file, share }) => {
    describe.each(shareOf([...byFixture(file, 'mssql')], share))('%s', (fixture, scenarios) => {
      let database: TestDatabase;
      let session: ServerSession;

      // creating a new database is faster than emptying a large one
      beforeAll(async () => {
        database = await (engine as ReturnType<typeof usualDatabaseEngines>[number]).open();
        const set = await setOf(fixture, file);
        await provisionLikeServer(database, set);
        session = new ServerSession(database, set.mssql.script);
      });

      afterAll(() => database.close());

      it.each(scenarios.map((scenario) => [scenario.id, scenario.title, scenario] as const))(
        '%s %s',
        async (_id, _title, scenario) => {
          await runScenario(postgresScenarios(session, 'mssql'), scenario, file.uuidNamespace);
          expect(session.bodies).toBeGreaterThan(0);
        },
      );
    });
  });
});

describe.runIf(mssqlServerText)('behaviour scenarios on SQL Server (needs DMS_TEST_MSSQL_URL)', () => {
  describe.each([...own, ...shared])('$title', ({ file }) => {
    // each fixture has a database of its own
    describe.each([...byFixture(file, 'mssql')])('%s', (fixture, scenarios) => {
      let database: MssqlDatabase;

      beforeAll(async () => {
        database = await provisionedOnServer((await setOf(fixture, file)).mssql.script);
      });

      afterAll(() => database?.close());

      it.each(scenarios.map((scenario) => [scenario.id, scenario.title, scenario] as const))(
        '%s %s',
        async (_id, _title, scenario) => {
          await runScenario(mssqlServerScenarios(database), scenario, file.uuidNamespace);
        },
      );
    });
  });
});

describe.each([...own, ...shared])('the queries of $title', ({ file }) => {
  const queries = file.scenarios
    .filter(({ dialects }) => dialects.includes('mssql'))
    .flatMap(({ id, steps }) =>
      steps.flatMap(({ query, dialect }, index) =>
        query === undefined || dialect === 'pgsql' ? [] : [[`${id} step ${index}`, query] as const],
      ),
    );

  it('name each column otherwise, because the client of SQL Server merges equal names', () => {
    const merged = queries.filter(([, query]) => {
      const names = resultColumns(query);
      return new Set(names).size < names.length;
    });
    expect(merged.map(([place]) => place)).toEqual([]);
  });
});

it.each([
  ['SELECT (SELECT COUNT(*) FROM "a"),(SELECT COUNT(*) FROM "b")', ['', '']],
  ['SELECT (SELECT COUNT(*) FROM "a") AS c1,(SELECT COUNT(*) FROM "b") AS c2', ['c1', 'c2']],
  ['SELECT "DocumentId",CAST("B" AS varchar(20)) AS "b",t."C" FROM "a" AS t', ['documentid', 'b', 'c']],
  ["SELECT CASE WHEN 1=1 THEN 2 END, 'x'", ['', '']],
])('the columns of %s', (query, columns) => {
  expect(resultColumns(query)).toEqual(columns);
});

/*
 * The statements that are sent to a server and the reading of its answers, as far as a recorded driver can show them.
 */
describe('a scenario of SQL Server', () => {
  const steps: readonly ScenarioStep[] = [
    { document: 7, project: "O'Brien", resource: 'Node' },
    { mark: true },
    { do: 'UPDATE "depot"."Node" SET "NodeName" = \'b\'' },
    { stamps: { 7: { content: 1, identity: 0 } } },
    { error: 'DELETE FROM "depot"."Node"', mssqlError: 547, constraint: 'FK_Node_Parent' },
    { query: 'SELECT "NodeId","Code" FROM "depot"."Node"', rows: [[5, '604825']] },
    { do: 'SELECT nothing', dialect: 'pgsql' },
  ];

  /** Runs the steps; the versions that the server returns grow with each update, and the refusal names `constraint`. */
  async function ranWith(constraint: string) {
    let version = 10;
    const recorded = new RecordedMssql((text) => {
      if (text.startsWith('UPDATE')) version += 1;
      if (text.startsWith('DELETE'))
        throw serverError(547, `The DELETE statement conflicted with the constraint "${constraint}".`);
      if (text.includes('AS [events]')) return [[{ id: '7', content: `${version}`, identity: '9', events: version }]];
      if (text.startsWith('SELECT "NodeId"')) return [[{ NodeId: '5', Code: '604825' }]];
      return undefined;
    });
    const database = await openMssqlDatabase('mssql://sa:pw@h/d', recorded.load);
    const from = recorded.sent.length;
    const outcome = runScenario(
      mssqlServerScenarios(database),
      { id: 'X', fixture: 'nodes', dialects: ['mssql'], title: '', steps },
      '',
    );
    await outcome.finally(() => database.close());
    return recorded.sent.slice(from).map((line) => line.replaceAll(/\s+/g, ' '));
  }

  it('keeps the id of a document, and repeats statements that a refusal has ended', async () => {
    const sent = await ranWith('FK_Node_Parent');
    const document = expect.stringMatching(
      /^batch SET IDENTITY_INSERT \[dms\]\.\[Document\] ON; INSERT .*VALUES \(7, N'0{8}-0000-4000-8000-0{11}7'.*N'O''Brien'.* OFF;$/,
    );
    const look = expect.stringContaining('AS [events]');
    const update = `batch UPDATE "depot"."Node" SET "NodeName" = 'b'`;
    const end = ['rollback', 'batch SET NOEXEC OFF;'];
    expect(sent.slice(0, 18)).toEqual([
      'begin 2',
      document,
      look,
      update,
      look,
      'batch DELETE FROM "depot"."Node"',
      ...end,
      'begin 2',
      document,
      look,
      update,
      look,
      'batch SELECT "NodeId","Code" FROM "depot"."Node"',
      ...end,
      'close',
      'connect',
    ]);
  });

  it('fails where another constraint refuses', async () => {
    await expect(ranWith('FK_Other')).rejects.toThrow(/^X, step 4: .*FK_Node_Parent/s);
  });
});
