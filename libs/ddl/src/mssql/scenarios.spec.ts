import { readdirSync } from 'node:fs';
import path from 'node:path';
import { databaseEngines, hasSharedData, sharedFile, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmittedSet, emitCampusAndAthletics, emitDocuments, emitFiles, emitFolder } from '../../test/emitted.ts';
import { provisionLikeServer, ServerSession } from '../../test/mssql/server-tables.ts';
import { byFixture, readScenarioFile, runScenario, type ScenarioFile } from '../../test/scenarios.ts';
import { dropEverything } from '../../test/sql-session.ts';

/* The scenarios of SQL Server (design 07 §12): the bodies of its script, run in the dialect of PostgreSQL, on its keys. */

const ownFolder = path.resolve(import.meta.dirname, '../../scenarios');

async function setOf(fixture: string, { inputs }: ScenarioFile): Promise<EmittedSet> {
  const input = inputs[fixture];
  if (input) return emitDocuments(input);
  if (fixture === 'campus-athletics') return emitCampusAndAthletics();
  if (fixture === 'ds-5.2') return emitFiles(sharedFile('inputs', 'ds-5.2-core.json'));
  return emitFolder(sharedFile('fixtures', fixture, 'inputs'));
}

const own = readdirSync(ownFolder).map((name) => ({ title: name, file: readScenarioFile(path.join(ownFolder, name)) }));
const shared = hasSharedData
  ? [{ title: 'shared', file: readScenarioFile(sharedFile('design', 'vectors', 'trigger-scenarios.json')) }]
  : [];

describe('behaviour scenarios over the bodies of SQL Server', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    const [engine] = databaseEngines;
    database = await (engine as (typeof databaseEngines)[number]).open();
  });

  afterAll(() => database.close());

  describe.each([...own, ...shared])('$title', ({ file }) => {
    describe.each([...byFixture(file, 'mssql')])('%s', (fixture, scenarios) => {
      let session: ServerSession;

      beforeAll(async () => {
        await dropEverything(database);
        const set = await setOf(fixture, file);
        await provisionLikeServer(database, set);
        session = new ServerSession(database, set.mssql.script);
      }, 300_000);

      it.each(scenarios.map((scenario) => [scenario.id, scenario.title, scenario] as const))(
        '%s %s',
        async (_id, _title, scenario) => {
          await runScenario(session, scenario, file.uuidNamespace, 'mssql');
          expect(session.bodies).toBeGreaterThan(0);
        },
      );
    });
  });
});
