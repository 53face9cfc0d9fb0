import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mappingVersions } from '@dms/api-schema';
import { dayUri, scheduleSchemas, toPeriod } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compiled, server } from '../../test/bench.ts';
import { BulkTarget, RecordFiles } from '../../test/bulk-target.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-document-rules-spec-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const files = new RecordFiles(scratch);

const period = (periodName: string, schoolId: number) => ({
  resource: 'Core:Period',
  document: toPeriod(periodName, schoolId).periodReference,
});
const schedule = (scheduleId: number, members: object) => ({
  resource: 'Core:Schedule',
  document: { scheduleId, ...members },
});

/** Two documents that fit, and three that break a rule for whole documents. */
const records = [
  {
    resource: 'Core:DayDescriptor',
    document: { namespace: 'uri://sample.org/DayDescriptor', codeValue: 'Mon', shortDescription: 'Mon' },
  },
  ...[period('a', 1), period('b', 1), period('a', 2)],
  schedule(1, { schoolId: 1, dayDescriptor: dayUri(), periods: [toPeriod('a', 1), toPeriod('b', 1)] }),
  schedule(2, { schoolId: 2, periods: [toPeriod('a', 1)] }),
  schedule(3, { periods: [toPeriod('a', 1), toPeriod('a', 2)] }),
  schedule(4, { schoolId: 1, periods: [toPeriod('a', 1), toPeriod('a', 1)] }),
  schedule(5, {
    blocks: [
      { blockName: 'x', breaks: [toPeriod('a', 1)] },
      { blockName: 'y', breaks: [toPeriod('a', 2), toPeriod('a', 1)] },
    ],
  }),
  schedule(6, {}),
];

describe.each(mappingVersions)('documents that break a rule which no table enforces, %s', (version) => {
  const set = compiled(scheduleSchemas(), version);
  let target: BulkTarget;
  beforeAll(async () => {
    target = new BulkTarget(await server.open(set.script), set);
  });
  afterAll(() => target.bench.close());

  it.each([
    ['load', false],
    ['load --bulk', true],
  ])('%s rejects them, and loads the others', async (_, isBulk) => {
    await target.empty();
    const input = files.records('schedules.jsonl', ...records);
    const { summary, told, messages } = await target.load([input], isBulk, { schemas: set.schemas });
    expect(told).toEqual([
      [6, 'Core:Schedule', ['DOCUMENT_EQUALITY_VIOLATED']],
      [7, 'Core:Schedule', ['DOCUMENT_EQUALITY_VIOLATED']],
      [8, 'Core:Schedule', ['DOCUMENT_DUPLICATE_ELEMENT']],
      [9, 'Core:Schedule', ['DOCUMENT_DUPLICATE_ELEMENT']],
    ]);
    expect(messages[0]).toBe(
      'Core:Schedule $.periods[0].periodReference.schoolId is 1, but $.schoolId is 2; by an equality constraint of the schema they must be equal.',
    );
    expect(summary.total).toMatchObject({ inserted: 6, rejected: 4 });
  });
});
