import {
  array,
  date,
  dateTime,
  descriptor,
  descriptorPath,
  integer,
  object,
  project,
  reference,
  resource,
  scalarPath,
  string,
  uri,
} from '../schema-builder.ts';

/* A schema set with rules for whole documents that no table enforces (design 14 §1.2). */

const period = resource('Period', {
  identityJsonPaths: ['$.periodName', '$.schoolId', '$.dayDescriptor'],
  documentPathsMapping: { Day: descriptorPath('Core:DayDescriptor', '$.dayDescriptor') },
  jsonSchemaForInsert: object({ periodName: string(), schoolId: integer(), dayDescriptor: uri() }, [
    'periodName',
    'schoolId',
    'dayDescriptor',
  ]),
});

/** The paths of a reference to a period. */
const periodAt = (path: string) =>
  reference('Core:Period', [
    ['$.periodName', `${path}.periodName`],
    ['$.schoolId', `${path}.schoolId`],
    ['$.dayDescriptor', `${path}.dayDescriptor`],
  ]);

const periodReference = object({ periodName: string(), schoolId: integer(), dayDescriptor: uri() }, [
  'periodName',
  'schoolId',
  'dayDescriptor',
]);

const schedule = resource('Schedule', {
  identityJsonPaths: ['$.scheduleId'],
  documentPathsMapping: {
    Day: descriptorPath('Core:DayDescriptor', '$.dayDescriptor'),
    Period: periodAt('$.periods[*].periodReference'),
    Break: periodAt('$.blocks[*].breaks[*].periodReference'),
  },
  equalityConstraints: [
    { sourceJsonPath: '$.periods[*].periodReference.schoolId', targetJsonPath: '$.schoolId' },
    { sourceJsonPath: '$.dayDescriptor', targetJsonPath: '$.periods[*].periodReference.dayDescriptor' },
  ],
  arrayUniquenessConstraints: [{ paths: ['$.blocks[*].blockName'] }],
  jsonSchemaForInsert: object(
    {
      scheduleId: integer(),
      schoolId: integer(),
      dayDescriptor: uri(),
      periods: array(object({ periodReference }, ['periodReference'])),
      blocks: array(object({ blockName: string(), breaks: array(object({ periodReference }, ['periodReference'])) })),
    },
    ['scheduleId'],
  ),
});

/** Schedules with periods: values of arrays equal values of the root, and only a reference distinguishes the items. */
export const scheduleSchemas = () => [project('Core', [period, schedule, descriptor('DayDescriptor')])];

/** The URI of a day. */
export const dayUri = (code = 'Mon') => `uri://sample.org/DayDescriptor#${code}`;

/** An item that refers to a period. */
export const toPeriod = (periodName: string, schoolId: number, code?: string) => ({
  periodReference: { periodName, schoolId, dayDescriptor: dayUri(code) },
});

const occasion = resource('Occasion', {
  identityJsonPaths: ['$.day', '$.startsAt'],
  documentPathsMapping: { LastDay: scalarPath('$.lastDay'), EndsAt: scalarPath('$.endsAt') },
  queryFieldMapping: { day: [{ path: '$.day', type: 'date' }] },
  jsonSchemaForInsert: object({ day: date(), startsAt: dateTime(), lastDay: date(), endsAt: dateTime() }, [
    'day',
    'startsAt',
  ]),
});

const visit = resource('Visit', {
  identityJsonPaths: ['$.visitId'],
  documentPathsMapping: {
    Occasion: reference(
      'Core:Occasion',
      [
        ['$.day', '$.occasionReference.day'],
        ['$.startsAt', '$.occasionReference.startsAt'],
      ],
      false,
    ),
  },
  jsonSchemaForInsert: object(
    { visitId: integer(), occasionReference: object({ day: date(), startsAt: dateTime() }, ['day', 'startsAt']) },
    ['visitId'],
  ),
});

/** Occasions that dates identify, visits that refer to them, and a descriptor. */
export const occasionSchemas = () => [project('Core', [occasion, visit, descriptor('DayDescriptor')])];
