import type { Connection } from '@dms/databases';
import { documentPlans, insertDescriptors, openDocuments } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { givenScript, trusted } from '@dms/sql';
import {
  type DatabaseOfSpec,
  scheduleSchemas,
  scriptedSet,
  serverEngine,
  testedGenerations,
  toPeriod,
} from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mssqlRowsOnPostgres } from '../../test/mssql-rows-on-postgres.ts';
import { nestedConnection } from '../../test/nested-connection.ts';
import { checkData } from './check-data.ts';
import { dataLines } from './data-finding.ts';

const core = (resourceName: string) => ({ projectName: 'Core', resourceName });
const far = 2_147_483_647;

describe.each(testedGenerations)('positions of the items of arrays, %s', (version) => {
  const input = scriptedSet(scheduleSchemas(), 'pgsql', version, false);
  const mssqlInput = scriptedSet(scheduleSchemas(), 'mssql', version, false);
  let database: DatabaseOfSpec;
  let mssql: Connection;
  let uuid: string;

  beforeAll(async () => {
    database = await serverEngine.open(input.script);
    const { connection } = database;
    const plans = documentPlans(compileMappingSet(input.model), input.inventory);
    await connection.begin();
    await insertDescriptors(connection, plans, [
      {
        resource: core('DayDescriptor'),
        namespace: 'uri://sample.org/DayDescriptor',
        codeValue: 'Mon',
        shortDescription: 'Mon',
      },
    ]);
    await connection.commit();
    const store = openDocuments(connection, plans);
    for (const name of ['a', 'b', 'c'])
      await store.upsert(core('Period'), toJsonValue(toPeriod(name, 1).periodReference));
    const periods = ['a', 'b', 'c'].map((name) => toPeriod(name, 1));
    const blocks = ['x', 'y'].map((blockName, index) => ({
      blockName,
      breaks: [toPeriod(index === 0 ? 'a' : 'b', 1)],
    }));
    const document = { scheduleId: 1, periods, blocks };
    uuid = (await store.upsert(core('Schedule'), toJsonValue(document))).uuid;
    mssql = mssqlRowsOnPostgres(connection, () => undefined);
  });
  afterAll(() => database.close());

  /** The findings after statements, which must be the same in both dialects; the database stays unchanged. */
  async function told(...statements: readonly string[]) {
    const { connection } = database;
    await connection.begin();
    try {
      await connection.execute(givenScript('SET LOCAL session_replication_role = replica'));
      for (const each of statements) await connection.execute(givenScript(each));
      const found = await checkData(nestedConnection(connection), input);
      expect(await checkData(nestedConnection(mssql), mssqlInput)).toEqual(found);
      return found.filter(({ kind }) => kind === 'itemPosition');
    } finally {
      await connection.rollback();
    }
  }
  const move = (from: number, to: number) =>
    `UPDATE core."SchedulePeriod" SET "Ordinal" = ${to} WHERE "Ordinal" = ${from}`;
  /** The key of a row in the form of an example. */
  async function shownKey(name: string, ordinal: number) {
    if (version === 'v1') return '';
    const [row] = await database.connection.query<{ id: string }>(
      trusted(`SELECT "CollectionItemId"::text AS id FROM core."SchedulePeriod" WHERE "Period_PeriodName" = '${name}'`),
    );
    return `CollectionItemId ${row?.id}, Ordinal ${ordinal}`;
  }

  it('are right after a write', async () => {
    expect(await told()).toEqual([]);
  });

  it.each<[string, readonly string[], readonly [string, number][], boolean]>([
    ['far away', [move(2, far)], [['c', far]], true],
    ['after a gap in the middle', [move(2, 9), move(1, 8)], [['b', 8]], true],
    ['after a gap at the beginning', [move(2, 3), move(1, 2), move(0, 1)], [['a', 1]], true],
    ['below zero', [move(2, -1)], [['c', -1]], false],
    ['as far below zero as there are numbers', [move(2, -far - 1)], [['c', -far - 1]], false],
    [
      'taken, where the key of the positions is gone',
      [
        `DO $$ DECLARE k text; BEGIN FOR k IN SELECT conname FROM pg_constraint WHERE conrelid = 'core."SchedulePeriod"'::regclass AND contype IN ('p', 'u') LOOP EXECUTE format('ALTER TABLE core."SchedulePeriod" DROP CONSTRAINT %I CASCADE', k); END LOOP; END $$`,
        move(1, 0),
        move(2, 1),
      ],
      [['b', 0]],
      false,
    ],
  ])('%s are found, with the row', async (_, statements, rows, isGap) => {
    const found = await told(...statements);
    if (isGap && version !== 'v1') return expect(found).toEqual([]);
    expect(found).toMatchObject([{ kind: 'itemPosition', object: 'core.SchedulePeriod', count: 1, repairable: false }]);
    const examples = found[0]?.examples ?? [];
    for (const [name, ordinal] of rows) {
      if (version === 'v1') expect(examples).toContain(`${uuid} (Ordinal ${ordinal})`);
      else if (examples[0]?.includes(await shownKey(name, ordinal)) !== true)
        // the example may name either of two rows with the same position
        expect(examples).toEqual([`${uuid} (${await shownKey('a', 0)})`]);
    }
    expect(dataLines(found)[0]).toContain('core.SchedulePeriod: 1 item of an array whose position is negative');
  });

  it('of an inner array are counted for each item around it', async () => {
    const found = await told('UPDATE core."ScheduleBlockBreak" SET "Ordinal" = -2');
    expect(found).toMatchObject([{ object: 'core.ScheduleBlockBreak', count: 2 }]);
    if (version === 'v1')
      expect(found[0]?.examples).toEqual([0, 1].map((block) => `${uuid} (BlockOrdinal ${block}, Ordinal -2)`));
  });
});
