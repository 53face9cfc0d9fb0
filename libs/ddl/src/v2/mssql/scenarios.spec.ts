import { hasSharedData, sharedFile, shareOf, type TestDatabase, usualDatabaseEngines } from '@dms/testing';
import type { ScriptModule } from '@dms/verification';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmittedSet, emitters } from '../../../test/emitted.ts';
import { emitFixtureV2 } from '../../../test/fixtures-v2.ts';
import { provisionLikeServer, ServerSession } from '../../../test/mssql/server-tables.ts';
import { postgresScenarios } from '../../../test/postgres-scenarios.ts';
import { byFixtureV2, ownScenariosV2, readScenarioFileV2, runScenarioV2 } from '../../../test/scenarios-v2.ts';

/*
 * The scenarios of the second generation over the bodies of SQL Server, run in the dialect of PostgreSQL, on its keys. They are written
 * for PostgreSQL, so some of them say nothing of the bodies.
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
 * SQL Server runs the triggers of a cascade in the opposite order of the cascade; those of one table in any order, here in that of the
 * script.
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

describe.each(files)('behaviour scenarios over the bodies of SQL Server: $title', ({ file, share }) => {
  // less than half of the time that the embedded engine needs
  const engine = usualDatabaseEngines.find(({ name }) => name === 'PostgreSQL server');

  const setOf = async (fixture: string): Promise<EmittedSet> => {
    const input = file.inputs[fixture];
    return input ? emitters.v2.documents(...[input].flat()) : emitFixtureV2(fixture);
  };

  describe.each(
    shareOf(
      [...byFixtureV2(file, 'mssql')].filter(([fixture]) => fixture !== fixtureLeftOut),
      share,
    ),
  )('%s', (fixture, scenarios) => {
    let database: TestDatabase;
    let session: ServerSession;

    beforeAll(async () => {
      database = await (engine as (typeof usualDatabaseEngines)[number]).open();
      const set = await setOf(fixture);
      await provisionLikeServer(database, set);
      session = new ServerSession(database, set.mssql.script, { inOrder });
    }, 300_000);

    afterAll(() => database.close());

    const run = scenarios.filter(({ id }) => !leftOut[id]);
    it.each(run.map((scenario) => [scenario.id, scenario.title, scenario] as const))('%s %s', async (_id, _title, scenario) => {
      const before = session.bodies;
      await runScenarioV2(postgresScenarios(session), scenario, file.uuidNamespace);
      if (scenario.steps.some((step) => 'stamps' in step)) expect(session.bodies).toBeGreaterThan(before);
    });
  });
});
