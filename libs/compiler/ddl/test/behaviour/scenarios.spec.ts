import { readdirSync } from 'node:fs';
import path from 'node:path';
import { casesOfSpec, hasSharedData, sharedFile, type TestDatabase, usualDatabaseEngines } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitCampusAndAthletics, emitDocuments, emitFiles, emitFolder } from '../emitted.ts';
import { postgresScenarios } from '../postgres-scenarios.ts';
import { byFixture, readScenarioFile, runScenario, type ScenarioFile, type ScenarioStep } from '../scenarios.ts';
import { uuidOf } from '../uuid.ts';

const ownFolder = path.resolve(import.meta.dirname, '../../scenarios');

/** The script of a fixture; undefined for the empty database. */
async function scriptOf(fixture: string, { inputs }: ScenarioFile): Promise<string | undefined> {
  if (fixture === 'none') return undefined;
  const input = inputs[fixture];
  if (input) return emitDocuments(...[input].flat()).pgsql.script;
  if (fixture === 'campus-athletics') return (await emitCampusAndAthletics()).pgsql.script;
  if (fixture === 'ds-5.2') return (await emitFiles(sharedFile('inputs', 'ds-5.2-core.json'))).pgsql.script;
  return (await emitFolder(sharedFile('fixtures', fixture, 'inputs'))).pgsql.script;
}

/** A file of scenarios with the scripts of its fixtures, each script emitted once for all engines. */
function titled(title: string, file: ScenarioFile) {
  const scripts = new Map<string, Promise<string | undefined>>();
  const script = (fixture: string) => {
    const known = scripts.get(fixture) ?? scriptOf(fixture, file);
    scripts.set(fixture, known);
    return known;
  };
  return { title, file, script };
}

const own = readdirSync(ownFolder).map((name) => titled(name, readScenarioFile(path.join(ownFolder, name))));
const shared = hasSharedData
  ? [titled('shared', readScenarioFile(sharedFile('design', 'vectors', 'trigger-scenarios.json')))]
  : [];

describe.each(usualDatabaseEngines())('behaviour scenarios on $name', ({ open, openProvisioned }) => {
  let database: TestDatabase;

  describe.each(casesOfSpec(own, shared))('$title', ({ file, script }) => {
    describe.each([...byFixture(file, 'pgsql')])('%s', (fixture, scenarios) => {
      // creating a new database is faster than emptying a large one
      beforeAll(async () => {
        database = await open();
        const text = await script(fixture);
        if (text !== undefined) await database.exec(text);
      });

      afterAll(() => database.close());

      it.each(scenarios.map((scenario) => [scenario.id, scenario.title, scenario] as const))(
        '%s %s',
        async (_id, _title, scenario) => {
          await runScenario(postgresScenarios(database), scenario, file.uuidNamespace);
        },
      );
    });
  });

  describe('what the runner notices', () => {
    const { inputs, uuidNamespace } = readScenarioFile(path.join(ownFolder, 'identity-values.json'));
    const rename = `UPDATE "depot"."Node" SET "NodeName" = 'b'`;
    const name = "O'Brien & Co. #1Node$.nodeName=a";
    const uuid = uuidOf(uuidNamespace, name);
    const node: readonly ScenarioStep[] = [
      { document: 1, project: "O'Brien & Co. #1", resource: 'Node' },
      { do: `INSERT INTO "depot"."Node" ("DocumentId", "NodeName") VALUES (1, 'a')` },
      { mark: true },
    ];

    beforeAll(async () => {
      database = await openProvisioned(emitDocuments(inputs.nodes ?? {}).pgsql.script);
    });

    afterAll(() => database.close());

    const run = (...steps: readonly ScenarioStep[]) =>
      runScenario(
        postgresScenarios(database),
        { id: 'X', fixture: 'nodes', dialects: ['pgsql'], title: '', steps: [...node, ...steps] },
        uuidNamespace,
      );

    it('accepts true claims', async () => {
      await run(
        { referentialIdentity: 1, expect: [{ resourceKeyId: 1, name, uuid }] },
        { do: rename },
        { stamps: { 1: { content: 1, identity: 1 } } },
        { query: 'SELECT "NodeName" FROM "depot"."Node"', rows: [['b']] },
        { error: 'INSERT INTO "depot"."Node" ("DocumentId") VALUES (2)', sqlstate: '23502' },
      );
    });

    it.each<readonly [string, ScenarioStep[]]>([
      ['a statement that fails', [{ do: 'SELECT 1/0' }]],
      ['a statement that must fail but does not', [{ error: rename, sqlstate: '23505' }]],
      ['another SQLSTATE', [{ error: 'SELECT 1/0', sqlstate: '23505' }]],
      [
        'another constraint',
        [
          {
            error: 'INSERT INTO "depot"."Node" ("DocumentId", "NodeName") VALUES (2, \'c\')',
            sqlstate: '23503',
            constraint: 'FK_Node_Parent',
          },
        ],
      ],
      ['other rows', [{ query: 'SELECT "NodeName" FROM "depot"."Node"', rows: [['b']] }]],
      ['rows in another order', [{ query: 'SELECT * FROM (VALUES (1), (2)) AS t ORDER BY 1', rows: [[2], [1]] }]],
      ['a stamp that nobody names', [{ do: rename }, { stamps: {} }]],
      ['a stamp that did not happen', [{ stamps: { 1: { content: 1, identity: 0 } } }]],
      ['a second stamp', [{ do: rename }, { do: rename }, { stamps: { 1: { content: 1, identity: 1 } } }]],
      ['an identity stamp', [{ do: rename }, { stamps: { 1: { content: 1, identity: 0 } } }]],
      ['stamps of a document that was not marked', [{ stamps: { 9: { content: 0, identity: 0 } } }]],
      ['an identity that is not there', [{ referentialIdentity: 2, expect: [{ resourceKeyId: 1, name, uuid }] }]],
      ['an identity too many', [{ referentialIdentity: 1, expect: [] }]],
      ['another resource key', [{ referentialIdentity: 1, expect: [{ resourceKeyId: 2, name, uuid }] }]],
      [
        'a UUID that is not that of its name',
        [{ referentialIdentity: 1, expect: [{ resourceKeyId: 1, name: `${name} `, uuid }] }],
      ],
      ['a step with two members', [{ do: 'SELECT 1', mark: true }]],
    ])('%s', async (_title, steps) => {
      await expect(run(...steps)).rejects.toThrow(/^X, step \d+: /);
    });
  });
});
