import type { ScriptModule } from '@dms/script-checks';
import {
  hasSharedData,
  mssqlServerText,
  openMssqlDatabase,
  RecordedMssql,
  recordedSystemViews,
  sentTextFindings,
  sentTextScope,
  sharedFile,
  shareOf,
  type TestDatabase,
  usualDatabaseEngines,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmittedSet, emitters } from '../../../test/emitted.ts';
import { emitFixtureV2 } from '../../../test/fixtures-v2.ts';
import { resultColumns } from '../../../test/mssql/result-columns.ts';
import {
  leftOutOnServer,
  placesWordedByHand,
  serverNames,
  tsqlScenario,
  tsqlText,
} from '../../../test/mssql/scenario-wording.ts';
import { type MssqlDatabase, mssqlServerScenarios, provisionedOnServer } from '../../../test/mssql/server-scenarios.ts';
import { provisionLikeServer, ServerSession } from '../../../test/mssql/server-tables.ts';
import { postgresScenarios } from '../../../test/postgres-scenarios.ts';
import {
  byFixtureV2,
  ownScenariosV2,
  readScenarioFileV2,
  runScenarioV2,
  type ScenarioFileV2,
  type ScenarioV2,
  trackingTexts,
} from '../../../test/scenarios-v2.ts';

/*
 * The scenarios of the second generation over the bodies of SQL Server, run in the dialect of PostgreSQL with the keys
 * of SQL Server; and in T-SQL, for a server. They are written for PostgreSQL, so some of them do not concern the
 * bodies.
 */

const leftOut: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['N21', 'T09', 'T10', 'I06'].map((id) => [id, 'ON CONFLICT, which SQL Server does not have'])),
  ...Object.fromEntries(['T12', 'T13', 'Q17', 'H12'].map((id) => [id, 'a statement that writes several times'])),
  T18: 'MERGE, which PostgreSQL alone would run',
  N25: 'SQL Server checks a key at the end of the statement',
  H15: 'SQL Server checks a key before the abstract row exists',
  D59: 'looks for the trigger of PostgreSQL',
  R02: 'looks for deferrable keys, which SQL Server does not have',
};

/** PostgreSQL shortens names of this schema, so the bodies of SQL Server do not find some of its columns. */
const fixtureLeftOut = 'ds-5.2';

/**
 * SQL Server runs the triggers of a cascade in the opposite order of the cascade, and those of one table in any order;
 * here that order is the one of the script.
 */
function inOrder<Item>(items: readonly Item[]): readonly Item[] {
  const byTable = new Map<string, Item[]>();
  for (const item of items) {
    const { table } = (item as { readonly trigger: ScriptModule }).trigger;
    byTable.set(String(table), [...(byTable.get(String(table)) ?? []), item]);
  }
  return [...byTable.values()].reverse().flat();
}

const shared = hasSharedData ? [readScenarioFileV2(sharedFile('design', 'vectors', 'trigger-scenarios-v2.json'))] : [];
const files = [
  ...ownScenariosV2.map((own) => ({ ...own, share: 1 })),
  ...shared.map((file) => ({ title: 'shared', file, share: 2 })),
].filter(({ file }) => byFixtureV2(file, 'mssql').size > 0);

it.runIf(hasSharedData)('only existing scenarios are left out (needs the shared conformance data)', () => {
  const ids = shared.flatMap(({ scenarios }) => scenarios.map(({ id }) => id));
  expect(ids).toEqual(expect.arrayContaining(Object.keys(leftOut)));
});

async function setOf(fixture: string, { inputs }: ScenarioFileV2): Promise<EmittedSet> {
  const input = inputs[fixture];
  return input ? emitters.v2.documents(...[input].flat()) : emitFixtureV2(fixture);
}

describe.each(files)('behaviour scenarios over the bodies of SQL Server: $title', ({ file, share }) => {
  // a server takes less than half of the time of the embedded engine
  const engine = usualDatabaseEngines().find(({ name }) => name === 'PostgreSQL server');

  describe.each(
    shareOf(
      [...byFixtureV2(file, 'mssql')].filter(([fixture]) => fixture !== fixtureLeftOut),
      share,
    ),
  )('%s', (fixture, scenarios) => {
    let database: TestDatabase;
    let session: ServerSession;

    beforeAll(async () => {
      database = await (engine as ReturnType<typeof usualDatabaseEngines>[number]).open();
      const set = await setOf(fixture, file);
      await provisionLikeServer(database, set);
      session = new ServerSession(database, set.mssql.script, { inOrder });
    });

    afterAll(() => database.close());

    const run = scenarios.filter(({ id }) => !leftOut[id]);
    it.each(run.map((scenario) => [scenario.id, scenario.title, scenario] as const))(
      '%s %s',
      async (_id, _title, scenario) => {
        const before = session.bodies;
        await runScenarioV2(postgresScenarios(session), scenario, file.uuidNamespace);
        if (scenario.steps.some((step) => 'stamps' in step)) expect(session.bodies).toBeGreaterThan(before);
      },
    );
  });
});

/** The scenarios of a fixture that run on a server, in T-SQL. */
function onServer(set: EmittedSet, scenarios: readonly ScenarioV2[]): ScenarioV2[] {
  const names = serverNames(set);
  return scenarios.filter(({ id }) => !leftOutOnServer[id]).map((scenario) => tsqlScenario(scenario, names));
}

describe.runIf(mssqlServerText).each(files)(
  'behaviour scenarios on SQL Server: $title (needs DMS_TEST_MSSQL_URL)',
  ({ file }) => {
    // each fixture has a database of its own
    describe.each([...byFixtureV2(file, 'mssql')])('%s', (fixture, scenarios) => {
      let database: MssqlDatabase;
      let worded: ReadonlyMap<string, ScenarioV2>;

      beforeAll(async () => {
        const set = await setOf(fixture, file);
        worded = new Map(onServer(set, scenarios).map((scenario) => [scenario.id, scenario]));
        database = await provisionedOnServer(set.mssql.script);
      });

      afterAll(() => database?.close());

      const run = scenarios.filter(({ id }) => !leftOutOnServer[id]);
      it.each(run.map(({ id, title }) => [id, title] as const))('%s %s', async (id) => {
        await runScenarioV2(mssqlServerScenarios(database), worded.get(id) ?? expect.unreachable(), file.uuidNamespace);
      });
    });
  },
);

/**
 * Words that occur in scenarios and in their runner, but in no text of the product, among them names of savepoints and
 * of columns of lists.
 */
const wordsOfScenarios: ReadonlySet<string> = new Set(
  'SAVE MERGE USING MATCHED LANGUAGE German us_english JSON PATH INCLUDE_NULL_VALUES WITHOUT_ARRAY_WRAPPER a d o p v'.split(
    ' ',
  ),
);
const unknownWord = /^(\w+) is neither a known word/;

describe.each(files)('the T-SQL of the scenarios: $title', ({ file }) => {
  const systemViews = recordedSystemViews();

  it.each([...byFixtureV2(file, 'mssql')])('of %s names what its database has', async (fixture, scenarios) => {
    const set = await setOf(fixture, file);
    const { catalog } = set.mssql;
    const scope = sentTextScope(catalog, systemViews);
    const constraints = new Set(
      catalog.tables.flatMap(({ primaryKey, uniques, foreignKeys, checks }) =>
        [...(primaryKey ? [primaryKey] : []), ...uniques, ...foreignKeys, ...checks].map(({ name }) => name),
      ),
    );
    const faults: string[] = [];
    const check = (place: string, text: string) => {
      const findings = sentTextFindings({ text, declarations: '' }, scope);
      const unknown = findings.filter((finding) => !wordsOfScenarios.has(unknownWord.exec(finding)?.[1] ?? ''));
      for (const finding of unknown) faults.push(`${place}: ${finding} in: ${text}`);
    };
    const tracked = new Set<string>();
    for (const { id, steps } of onServer(set, scenarios))
      for (const step of steps) {
        if ('tracked' in step) {
          tracked.add(step.tracked);
          const columns = scope.tables.get(step.tracked);
          for (const { old, new: after } of step.rows)
            for (const name of [
              ...Object.keys(old).map((key) => `Old${key}`),
              ...Object.keys(after ?? {}).map((key) => `New${key}`),
            ])
              if (!columns?.has(name)) faults.push(`${id}: ${step.tracked} has no column ${name}`);
          continue;
        }
        const text = step.do ?? step.query ?? step.error;
        if (text !== undefined) check(id, text);
        if (step.query !== undefined) {
          const names = resultColumns(step.query);
          if (new Set(names).size < names.length || names.includes(''))
            faults.push(`${id}: columns without a name of their own: ${text}`);
        }
        if (step.error !== undefined && step.mssqlError === undefined && step.sqlstate !== undefined)
          faults.push(`${id}: no error number for ${step.sqlstate}`);
        if (step.mssqlConstraint !== undefined && !constraints.has(step.mssqlConstraint))
          faults.push(`${id}: no constraint ${step.mssqlConstraint}`);
      }
    for (const text of trackingTexts('mssql', ['[dms].[Descriptor]'], [...tracked])) check('the runner', text);
    expect(faults).toEqual([]);
  });
});

it.runIf(hasSharedData)('each step worded by hand belongs to a scenario (needs the shared conformance data)', () => {
  const scenarios = new Map(shared.flatMap(({ scenarios: list }) => list.map((scenario) => [scenario.id, scenario])));
  expect([...scenarios.keys()]).toEqual(expect.arrayContaining(Object.keys(leftOutOnServer)));
  const worded = placesWordedByHand.map((place) => place.split(' '));
  expect(worded.filter(([id = '', step]) => scenarios.get(id)?.steps[Number(step)] === undefined)).toEqual([]);
});

it.each([
  ['UPDATE edfi."A" SET "B"=\'x\' WHERE false', 'UPDATE "edfi"."A" SET "B"=N\'x\' WHERE 1 = 0'],
  [
    'INSERT INTO edfi."A" ("B") VALUES (\'2029-12-31T23:30:00.25-01:00\')',
    'INSERT INTO "edfi"."A" ("B") VALUES (N\'2030-01-01T00:30:00.25\')',
  ],
  [
    'INSERT INTO edfi."A" ("B","C") VALUES (1,\'2.5\'),(2,3)',
    'INSERT INTO "edfi"."A" ("B","C") VALUES (1,N\'2.5\'),(2,N\'3\')',
  ],
  [
    'SELECT a."B"=c."D","E",COUNT(*) FROM dms."A" a JOIN dms."C" c USING ("Id")',
    'SELECT CASE WHEN a."B"=c."D" THEN 1 ELSE 0 END AS [c1], "E", COUNT(*) AS [c3] FROM "dms"."A" AS a INNER JOIN "dms"."C" AS c ON a."Id" = c."Id"',
  ],
  ['ROLLBACK TO SAVEPOINT a', 'ROLLBACK TRANSACTION a'],
])('%s in T-SQL', (text, worded) => {
  expect(tsqlText(text)).toBe(worded);
});

/*
 * The statements that are sent to a server and the reading of its answers, as far as a recorded driver can show them.
 */
describe('a scenario on SQL Server', () => {
  const scenario: ScenarioV2 = {
    id: 'X',
    fixture: 'nodes',
    title: '',
    steps: [
      { mark: true },
      { do: 'UPDATE depot."Node" SET "NodeName"=\'b\'' },
      { stamps: { 7: { content: 1, identity: 1 } } },
      {
        tracked: 'tracked_changes_depot.Node',
        rows: [{ document: 7, old: { NodeName: 'a' }, new: { NodeName: 'b' }, version: 'content' }],
      },
      { query: 'SELECT "NodeName"=\'b\' FROM depot."Node"', rows: [[true]] },
    ],
  };

  /** Runs the scenario on a server whose mirrors have this version after the update. */
  async function ranWith(mirror: number) {
    let version = 10;
    const recorded = new RecordedMssql((text) => {
      if (text.startsWith('UPDATE')) version = 12;
      if (text.includes('AS [identity]')) return [[{ id: '7', content: `${version}`, identity: `${version}` }]];
      if (text.includes('AS [drawn]')) return [[{ drawn: '11' }]];
      if (text.includes('FROM sys.tables')) return [[{ table: '[dms].[Descriptor]' }, { table: '[depot].[Node]' }]];
      if (text.includes('AS [mirror]'))
        return [mirror === version ? [] : [{ table: '[depot].[Node]', document: '7', mirror, content: version }]];
      if (text.includes('FOR JSON'))
        return [
          [
            {
              row: '{"Id":"00000000-0000-4000-8000-000000000007","ChangeVersion":12,"CreatedAt":"2030","OldNodeName":"a","NewNodeName":"b"}',
            },
          ],
        ];
      if (text.startsWith('SELECT CASE')) return [[{ c1: 1 }]];
      return undefined;
    });
    const database = await openMssqlDatabase('mssql://sa:pw@h/d', recorded.load);
    const outcome = runScenarioV2(mssqlServerScenarios(database), tsqlScenario(scenario, new Map()), '');
    await outcome.finally(() => database.close());
    return recorded.sent;
  }

  it('compares stamps, mirrors, tracked rows and rows', async () => {
    expect(await ranWith(12)).toEqual(
      expect.arrayContaining([
        `batch UPDATE "depot"."Node" SET "NodeName"=N'b'`,
        expect.stringMatching(/FROM \[tracked_changes_depot\]\.\[Node\] AS t\s+WHERE t\.\[ChangeVersion\] > 11 /),
        `batch SELECT CASE WHEN "NodeName"=N'b' THEN 1 ELSE 0 END AS [c1] FROM "depot"."Node"`,
      ]),
    );
  });

  it('fails where a mirror differs from its document', async () => {
    await expect(ranWith(10)).rejects.toThrow(/^X, step 2: mirrors/);
  });
});
