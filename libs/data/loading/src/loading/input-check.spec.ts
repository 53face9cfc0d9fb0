import { mappingVersions } from '@dms/api-schema';
import { schemaCheck } from '@dms/documents';
import { dayUri, scheduleSchemas, toPeriod } from '@dms/testing';
import { type JsonObject, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { compiled } from '../../test/bench.ts';
import { inputCheck } from './input-check.ts';

const day = { namespace: 'uri://sample.org/DayDescriptor', codeValue: 'Mon', shortDescription: 'Mon' };

/** Records that `load` refuses without a database: rules of descriptors (14a §4.2) and of documents (14 §1). */
const records: readonly (readonly [resource: string, document: object, codes: readonly string[]])[] = [
  ['Core:DayDescriptor', day, []],
  ['Core:DayDescriptor', { ...day, codeValue: ' Mon ' }, []],
  ['Core:DayDescriptor', { ...day, codeValue: '' }, ['SEED_VALUE']],
  ['Core:DayDescriptor', { ...day, codeValue: '  ' }, ['SEED_VALUE']],
  ['Core:DayDescriptor', { ...day, namespace: ' ' }, ['SEED_VALUE']],
  ['Core:DayDescriptor', { ...day, codeValue: 'x'.repeat(51) }, ['SEED_VALUE']],
  ['Core:DayDescriptor', { ...day, effectiveBeginDate: '2026-02-30' }, ['SEED_VALUE']],
  ['Core:Schedule', { scheduleId: 1, schoolId: 1, dayDescriptor: dayUri(), periods: [toPeriod('a', 1)] }, []],
  ['Core:Schedule', { scheduleId: 2 ** 31 - 1 }, []],
  ['Core:Schedule', { scheduleId: 2 ** 31 }, ['DOCUMENT_VALUE_INVALID']],
  ['Core:Schedule', {}, ['DOCUMENT_VALUE_MISSING']],
  ['Core:Schedule', { scheduleId: 1, schoolId: 2, periods: [toPeriod('a', 1)] }, ['DOCUMENT_EQUALITY_VIOLATED']],
  ['Core:Schedule', { scheduleId: 1, periods: [toPeriod('a', 1), toPeriod('a', 1)] }, ['DOCUMENT_DUPLICATE_ELEMENT']],
  ['Core:Schedule', { scheduleId: 1, dayDescriptor: 'a\u0000#b' }, ['DOCUMENT_VALUE_INVALID']],
  [
    'Core:Schedule',
    { scheduleId: 1, periods: Array.from({ length: 30_000 }, (_, index) => toPeriod(`${index}`.padEnd(60, 'é'), 1)) },
    ['DOCUMENT_TOO_LARGE'],
  ],
];

describe.each(mappingVersions)('what load refuses before it asks the database, %s', (version) => {
  const { plans, schemas } = compiled(scheduleSchemas(), version);
  const codesWith = (withSchemas: boolean) => {
    const options = { schemaCheck: withSchemas ? schemaCheck(schemas) : null, onWarning: () => undefined };
    const check = inputCheck(plans, options);
    return (resource: string, document: object) => [
      ...new Set(check(resource, toJsonValue(document) as JsonObject).map(({ code }) => code)),
    ];
  };
  const ofModel = codesWith(false);
  const ofAll = codesWith(true);

  it.each(records)('%s %j', (resource, document, codes) => {
    expect(ofModel(resource, document)).toEqual(codes);
  });

  it('is also what the JSON schema of a resource refuses', () => {
    expect(ofAll('Core:Schedule', { scheduleId: 1, schoolId: 'a' })).toEqual(['DOCUMENT_VALUE_INVALID']);
    expect(ofModel('Core:DayDescriptor', { ...day, shortDescription: null })).toEqual([]);
    expect(ofAll('Core:Schedule', { scheduleId: 1, other: 1 })).toContain('DOCUMENT_PROPERTY_UNKNOWN');
  });
});
