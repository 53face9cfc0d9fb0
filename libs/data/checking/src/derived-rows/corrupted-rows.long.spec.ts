import { DmsError } from '@dms/diagnostics';
import { qualified } from '@dms/model';
import { givenScript, pgsqlName, trusted } from '@dms/sql';
import {
  type DatabaseOfSpec,
  ownScriptedSet,
  random,
  type ScriptedSet,
  seeds,
  serverEngine,
  usualGenerations,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { corruptionsOf } from '../../test/corruptions.ts';
import { fillWithSamples } from '../../test/filled-database.ts';
import { nestedConnection } from '../../test/nested-connection.ts';
import { checkData, repairData } from './check-data.ts';

/*
 * One to three random corruptions at a time: each set is reported, and after a repair either all rows are as before, or
 * the check still fails. `DMS_PROPERTY_RUNS=34` tries about 100 sets per generation.
 */

describe.each([...usualGenerations('v1'), 'v2-natural' as const])('corrupted rows of %s', (version) => {
  let input: ScriptedSet;
  let database: DatabaseOfSpec;
  let before: ReadonlyMap<string, string>;
  let setBack: string;

  /** The rows of each table, as text. */
  async function state(): Promise<ReadonlyMap<string, string>> {
    const texts = input.catalog.tables.map(
      ({ schema, name }) =>
        `SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE "C"), '') AS rows FROM ${pgsqlName({ schema, name })} AS t`,
    );
    const answers = await database.connection.queryEach(texts.map(trusted));
    return new Map(input.catalog.tables.map((table, index) => [qualified(table), String(answers[index]?.[0]?.rows)]));
  }

  const changedTables = async () => {
    const after = await state();
    return [...after].flatMap(([name, rows]) => (before.get(name) === rows ? [] : [name]));
  };

  beforeAll(async () => {
    input = await ownScriptedSet('pgsql', version);
    database = await serverEngine.open(input.script);
    await fillWithSamples(database.connection, input);
    before = await state();
    const [row] = await database.connection.query<{ text: string }>(
      trusted(
        `SELECT string_agg(format('SELECT setval(%L, %s)', format('%I.%I', schemaname, sequencename), last_value), ';') AS text FROM pg_sequences WHERE last_value IS NOT NULL`,
      ),
    );
    setBack = row?.text ?? '';
  });
  afterAll(() => database.close());

  /** Applies corruptions that the database accepts, and returns their texts. */
  async function corrupt(seed: number): Promise<string[]> {
    const { connection } = database;
    const next = random(seed);
    const { derived, documents } = corruptionsOf(input);
    const wanted = 1 + Math.floor(next() * 3);
    const done: string[] = [];
    await connection.execute(givenScript('SET LOCAL session_replication_role = replica'));
    for (let tries = 0; done.length < wanted && tries < 60; tries += 1) {
      const kinds = next() < 0.6 ? derived : documents;
      const text = kinds[Math.floor(next() * kinds.length)]?.sql(next) ?? '';
      await connection.execute(givenScript('SAVEPOINT corruption'));
      try {
        await connection.execute(givenScript(text));
        await connection.execute(givenScript('RELEASE SAVEPOINT corruption'));
      } catch {
        await connection.execute(givenScript('ROLLBACK TO SAVEPOINT corruption'));
        continue;
      }
      // an update to the value that the row already has, or of a table without rows, changes nothing
      if (text.startsWith('SELECT setval') || (await changedTables()).length > 0) done.push(text);
    }
    await connection.execute(givenScript('SET LOCAL session_replication_role = origin'));
    return done;
  }

  it.each(seeds(3))(
    'set %i is reported, and a repair restores everything or leaves the check failing',
    async (seed) => {
      const { connection } = database;
      await connection.begin();
      try {
        const done = await corrupt(seed);
        const found = await checkData(nestedConnection(connection), input);
        expect([done, found.length > 0]).toEqual([done, true]);
        const left = await repairData(nestedConnection(connection), input).catch((error: unknown) => {
          if (error instanceof DmsError && error.diagnostics[0].code === 'CHECK_REPAIR_FAILED') return found;
          throw error;
        });
        expect(await checkData(nestedConnection(connection), input)).toEqual(left);
        if (left.length === 0) expect([done, await changedTables()]).toEqual([done, []]);
        if (process.env.DMS_SHOW_RUNS)
          console.log(
            version,
            seed,
            done.length,
            left.length === 0 ? 'restored' : 'left',
            left.map(({ kind }) => kind).join(),
          );
      } finally {
        await connection.rollback();
        await connection.execute(givenScript(setBack));
      }
    },
  );
});
