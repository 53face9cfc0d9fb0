import type { Connection } from '@dms/databases';
import { documentPlans, insertDescriptors, openDocuments } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { givenScript } from '@dms/sql';
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
import { checkData, repairData } from './check-data.ts';

const core = (resourceName: string) => ({ projectName: 'Core', resourceName });

/** Documents that meet all rules; the last has values only in the arrays. */
const schedules = [
  { scheduleId: 1, schoolId: 1, periods: [toPeriod('a', 1), toPeriod('b', 1)] },
  {
    scheduleId: 2,
    blocks: [
      { blockName: 'x', breaks: [toPeriod('a', 1)] },
      { blockName: 'y', breaks: [toPeriod('b', 1)] },
    ],
  },
  { scheduleId: 3, periods: [toPeriod('a', 1), toPeriod('b', 1)] },
];

const id = (schedule: number) => `(SELECT "DocumentId" FROM core."Schedule" WHERE "ScheduleId" = ${schedule})`;
const target = (name: string) => `(SELECT "DocumentId" FROM core."Period" WHERE "PeriodName" = '${name}')`;
const schools = 'Core:Schedule $.periods[*].periodReference.schoolId = $.schoolId';

describe.each(testedGenerations)(
  'documents of a database that break a rule which no constraint enforces, %s',
  (version) => {
    const input = scriptedSet(scheduleSchemas(), 'pgsql', version, false);
    const mssqlInput = scriptedSet(scheduleSchemas(), 'mssql', version, false);
    let database: DatabaseOfSpec;
    let mssql: Connection;

    beforeAll(async () => {
      database = await serverEngine.open(input.script);
      const { connection } = database;
      mssql = mssqlRowsOnPostgres(connection, () => undefined);
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
      for (const name of ['a', 'b']) await store.upsert(core('Period'), toJsonValue(toPeriod(name, 1).periodReference));
      for (const document of schedules) await store.upsert(core('Schedule'), toJsonValue(document));
    });
    afterAll(() => database.close());

    /** The findings of both dialects, which must agree. */
    const told = async () => {
      const findings = await checkData(database.connection, input);
      expect(await checkData(mssql, mssqlInput)).toEqual(findings);
      // if a case changes an item, its copies of values of the target also differ
      return findings
        .filter(({ kind }) => kind !== 'foreignKey')
        .map(({ kind, object, count, examples }) => `${kind} ${object} ${count} ${examples.length}`);
    };

    it.each([
      [
        'a value that differs from the value outside of the array',
        `UPDATE core."Schedule" SET "SchoolId" = 7 WHERE "ScheduleId" = 1`,
        `equality ${schools} 1 1`,
      ],
      [
        'values of an array that differ from each other',
        `UPDATE core."SchedulePeriod" SET "Period_SchoolId" = 7 WHERE "Schedule_DocumentId" = ${id(3)} AND "Period_PeriodName" = 'a'`,
        `equality ${schools} 1 1`,
      ],
      [
        'two items of different parents that refer to one document',
        `UPDATE core."ScheduleBlockBreak" SET "Break_DocumentId" = ${target('a')} WHERE "Schedule_DocumentId" = ${id(2)}`,
        'arrayUniqueness Core:Schedule $.blocks[*].breaks[*] 1 1',
      ],
      [
        'items without the value that distinguishes them, where absent values are equal',
        `UPDATE core."ScheduleBlock" SET "BlockName" = NULL WHERE "Schedule_DocumentId" = ${id(2)}`,
        version !== 'v1' ? 'arrayUniqueness Core:Schedule $.blocks[*] 1 1' : null,
      ],
    ])('%s', async (_, sql, expected) => {
      const { connection } = database;
      expect(await told()).toEqual([]);
      await connection.begin();
      await connection.execute(givenScript(`SET LOCAL session_replication_role = replica; ${sql}`));
      await connection.execute(givenScript('SET LOCAL session_replication_role = origin'));
      await connection.commit();
      const wanted = expected === null ? [] : [expected];
      expect(await told()).toEqual(wanted);
      // none of these values is derived from other rows, so none is rewritten
      const left = await repairData(connection, input);
      expect(left.filter(({ kind }) => kind !== 'foreignKey')).toHaveLength(wanted.length);
      expect(await told()).toEqual(wanted);
      // the next case starts without the fault
      await connection.execute(givenScript(`UPDATE core."Schedule" SET "SchoolId" = 1 WHERE "ScheduleId" = 1`));
      await connection.execute(
        givenScript(`SET session_replication_role = replica;
      UPDATE core."SchedulePeriod" SET "Period_SchoolId" = 1;
      UPDATE core."ScheduleBlockBreak" SET "Break_DocumentId" = ${target('b')} WHERE "Break_PeriodName" = 'b';
      UPDATE core."ScheduleBlock" SET "BlockName" = "Ordinal"::text;
      SET session_replication_role = origin`),
      );
    });
  },
);
