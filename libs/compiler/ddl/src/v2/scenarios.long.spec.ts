import { hasSharedData, sharedFile, type TestDatabase, usualDatabaseEngines } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitters } from '../../test/emitted.ts';
import { emitFixtureV2, fixturesV2 } from '../../test/fixtures-v2.ts';
import { postgresScenarios } from '../../test/postgres-scenarios.ts';
import {
  byFixtureV2,
  ownScenariosV2,
  readScenarioFileV2,
  runScenarioV2,
  type ScenarioStepV2,
} from '../../test/scenarios-v2.ts';

const shared = hasSharedData ? [readScenarioFileV2(sharedFile('design', 'vectors', 'trigger-scenarios-v2.json'))] : [];
const files = [...ownScenariosV2, ...shared.map((file) => ({ title: 'shared', file }))];

it.runIf(hasSharedData)(
  'there are 251 scenarios, 15 of which the reference fails (needs the shared conformance data)',
  () => {
    const [file = expect.unreachable()] = shared;
    expect(file.scenarios).toHaveLength(251);
    expect(file.scenarios.filter(({ referenceFails }) => referenceFails)).toHaveLength(15);
    expect(Object.keys(fixturesV2)).toEqual(expect.arrayContaining([...byFixtureV2(file, 'pgsql').keys()]));
  },
);

describe.each(files)('behaviour scenarios of the second generation: $title', ({ file }) => {
  const scripts = new Map<string, Promise<string>>();

  /** The script of a fixture, emitted once for all engines. */
  const scriptOf = (fixture: string): Promise<string> => {
    const input = file.inputs[fixture];
    const set = input ? Promise.resolve(emitters.v2.documents(...[input].flat())) : emitFixtureV2(fixture);
    const script = scripts.get(fixture) ?? set.then(({ pgsql }) => pgsql.script);
    scripts.set(fixture, script);
    return script;
  };

  describe.each(usualDatabaseEngines())('on $name', ({ openProvisioned }) => {
    describe.each([...byFixtureV2(file, 'pgsql')])('%s', (fixture, scenarios) => {
      let database: TestDatabase;

      // creating a new database is faster than emptying a large one
      beforeAll(async () => {
        database = await openProvisioned(await scriptOf(fixture));
      });

      afterAll(() => database.close());

      it.each(scenarios.map((scenario) => [scenario.id, scenario.title, scenario] as const))(
        '%s %s',
        async (_id, _title, scenario) => {
          await runScenarioV2(postgresScenarios(database), scenario, file.uuidNamespace);
        },
      );
    });
  });
});

describe.each(shared)('what the runner notices (needs the shared conformance data)', ({ uuidNamespace }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await (usualDatabaseEngines()[0] as ReturnType<typeof usualDatabaseEngines>[number]).open();
    await database.exec((await emitFixtureV2('nested')).pgsql.script);
  });

  afterAll(() => database.close());

  const school: readonly ScenarioStepV2[] = [
    { document: 1, resource: 'School' },
    { do: 'INSERT INTO edfi."School" ("DocumentId", "SchoolId") VALUES (1, 5)' },
    { mark: true },
  ];
  const table = 'tracked_changes_edfi.School';
  const remove = { do: 'DELETE FROM edfi."School"' };
  const tombstone = { document: 1, old: { SchoolId: 5 }, new: null, version: 'content' } as const;
  const run = (...steps: readonly ScenarioStepV2[]) =>
    runScenarioV2(
      postgresScenarios(database),
      { id: 'X', fixture: 'nested', title: '', steps: [...school, ...steps] },
      uuidNamespace,
    );

  it('accepts true claims', async () => {
    await run(
      { stamps: {} },
      { tracked: table, rows: [] },
      { descriptor: 2, resource: 'AddressTypeDescriptor', codeValue: 'Home' },
      remove,
      { stamps: { 1: { content: 1, identity: 0 } } },
      { tracked: table, rows: [tombstone] },
    );
  });

  const withoutTriggers = { do: `SET LOCAL session_replication_role = 'replica'` };

  it.each<readonly [string, string, ScenarioStepV2[]]>([
    ['a stamp that nobody names', 'stamps', [remove, { stamps: {} }]],
    ['a stamp that did not happen', 'stamps', [{ stamps: { 1: { content: 1, identity: 0 } } }]],
    ['an identity stamp', 'stamps', [{ do: 'UPDATE dms."Document" SET "IdentityVersion" = 99' }, { stamps: {} }]],
    [
      'a version that was drawn before',
      'content version of 1 was drawn after the mark',
      [
        withoutTriggers,
        { do: 'UPDATE dms."Document" SET "ContentVersion" = 0' },
        { do: 'UPDATE edfi."School" SET "ContentVersion" = 0' },
        { stamps: { 1: { content: 1, identity: 0 } } },
      ],
    ],
    [
      'a mirror with another version',
      'mirrors',
      [withoutTriggers, { do: 'UPDATE edfi."School" SET "ContentVersion" = 0' }, { stamps: {} }],
    ],
    [
      'a mirror with another time',
      'mirrors',
      [withoutTriggers, { do: `UPDATE edfi."School" SET "ContentLastModifiedAt" = '2000-01-01'` }, { stamps: {} }],
    ],
    [
      'a mirror of a descriptor',
      'mirrors',
      [
        { descriptor: 2, resource: 'AddressTypeDescriptor', codeValue: 'Home' },
        withoutTriggers,
        { do: 'UPDATE dms."Descriptor" SET "ContentVersion" = 0' },
        { stamps: {} },
      ],
    ],
    ['a tracked row that nobody names', table, [remove, { tracked: table, rows: [] }]],
    ['a tracked row that is not there', table, [{ tracked: table, rows: [tombstone] }]],
    ['another old value', table, [remove, { tracked: table, rows: [{ ...tombstone, old: { SchoolId: 6 } }] }]],
    ['a new value', table, [remove, { tracked: table, rows: [{ ...tombstone, new: { SchoolId: 6 } }] }]],
    ['another document', table, [remove, { tracked: table, rows: [{ ...tombstone, document: 2 }] }]],
    [
      'a tracked row of an earlier version',
      table,
      [remove, { do: 'UPDATE dms."Document" SET "ContentVersion" = 99' }, { tracked: table, rows: [tombstone] }],
    ],
  ])('%s', async (_title, message, steps) => {
    await expect(run(...steps)).rejects.toThrow(new RegExp(`^X, step \\d+: ${message}`));
  });
});
