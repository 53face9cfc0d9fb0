import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { givenScript } from '../libs/base/sql/src/index.ts';
import { documentSchemas } from '../libs/compiler/api-schema/src/index.ts';
import { serviceCatalog } from '../libs/compiler/catalog/src/index.ts';
import { type EmittedSet, emitters } from '../libs/compiler/ddl/test/emitted.ts';
import { emitFixtureV2 } from '../libs/compiler/ddl/test/fixtures-v2.ts';
import { postgresScenarios } from '../libs/compiler/ddl/test/postgres-scenarios.ts';
import {
  byFixtureV2,
  ownScenariosV2,
  readScenarioFileV2,
  runScenarioV2,
} from '../libs/compiler/ddl/test/scenarios-v2.ts';
import { openDatabase, parseTarget } from '../libs/data/databases/src/index.ts';
import { applyUpgrade } from '../libs/data/upgrade/src/index.ts';
import {
  createScratchDatabase,
  hasSharedData,
  openSession,
  type PostgresDatabase,
  serviceProvisioning,
  sharedFile,
  someOf,
  type TestDatabase,
} from '../libs/testing/src/index.ts';

/* The scenarios on adopted databases of the service's own tool (design 12a §4). */

const shared = hasSharedData ? [readScenarioFileV2(sharedFile('design', 'vectors', 'trigger-scenarios-v2.json'))] : [];
const files = [...ownScenariosV2, ...shared.map((file) => ({ title: 'shared', file }))];

/** Fills an empty database as the service's tool does, and adopts it. */
async function provisionAndAdopt(url: string, emitted: EmittedSet): Promise<void> {
  const { target } = parseTarget(url, 'pgsql');
  if (target.kind !== 'server') throw new Error(target.kind);
  const { model, inventory, catalog, script } = emitted.pgsql;
  const set = { info: model.effectiveSchema, model, inventory, catalog, schemas: documentSchemas(emitted.set) };
  const connection = await openDatabase(target);
  try {
    await connection.execute(givenScript(script));
    await connection.begin();
    await connection.execute(
      givenScript(serviceProvisioning(catalog, serviceCatalog(catalog, inventory) ?? expect.unreachable())),
    );
    await connection.commit();
    const { outcome, adoption } = await applyUpgrade(connection, set, set, { adopt: true });
    expect([outcome, adoption?.purpose]).toEqual(['upgraded', 'adoption']);
  } finally {
    await connection.close();
  }
}

describe.each(files)('behaviour scenarios on an adopted database: $title', ({ file }) => {
  // the spec of the package runs every scenario on a database of this project
  describe.each(someOf([...byFixtureV2(file, 'pgsql')], 4))('%s', (fixture, scenarios) => {
    let scratch: PostgresDatabase;
    let session: TestDatabase | undefined;

    beforeAll(async () => {
      scratch = await createScratchDatabase();
      const input = file.inputs[fixture];
      await provisionAndAdopt(
        scratch.url,
        input ? emitters.v2.documents(...[input].flat()) : await emitFixtureV2(fixture),
      );
      session = await openSession(scratch.url);
    });

    afterAll(async () => {
      await session?.close();
      await scratch.drop();
    });

    it.each(scenarios.map((scenario) => [scenario.id, scenario.title, scenario] as const))(
      '%s %s',
      async (_id, _title, scenario) => {
        await runScenarioV2(postgresScenarios(session ?? expect.unreachable()), scenario, file.uuidNamespace);
      },
    );
  });
});
