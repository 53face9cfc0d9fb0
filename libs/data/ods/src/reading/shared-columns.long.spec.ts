import type { Diagnostic } from '@dms/diagnostics';
import { build, schemaSetOf } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { copiedOds } from '../../test/copied-ods.ts';
import { compiledSet, type WrittenDocument } from '../../test/round-trip.ts';

/*
 * Columns that an ODS has for two values of a document (design 19 §5.3). Enrolments begin on a date, and so do their
 * specializations; the `beginDate` of an award is a number, and that of a visit a text, so neither can be a date.
 */

const { array, date, integer, object, project, reference, resource, scalarPath, string } = build;

const enrolment = resource('Enrolment', {
  // as files of the current format have them
  relational: { nameOverrides: { '$.specializations[*].beginDate': 'SpecializationBeginDate' } },
  identityJsonPaths: ['$.beginDate', '$.number'],
  documentPathsMapping: {
    BeginDate: scalarPath('$.beginDate'),
    Number: scalarPath('$.number'),
    'Specialization.BeginDate': scalarPath('$.specializations[*].beginDate'),
    'Specialization.Major': scalarPath('$.specializations[*].major'),
    'Specialization.Level.Name': scalarPath('$.specializations[*].levels[*].name'),
    'Specialization.Level.Hours': scalarPath('$.specializations[*].levels[*].hours'),
    'Award.BeginDate': scalarPath('$.awards[*].beginDate'),
    'Award.Title': scalarPath('$.awards[*].title'),
    'Award.Part.Name': scalarPath('$.awards[*].parts[*].name'),
    'Award.Part.Hours': scalarPath('$.awards[*].parts[*].hours'),
    'Visit.BeginDate': scalarPath('$.visits[*].beginDate'),
    'Visit.Place': scalarPath('$.visits[*].place'),
  },
  arrayUniquenessConstraints: [
    {
      paths: ['$.specializations[*].beginDate', '$.specializations[*].major'],
      nestedConstraints: [{ basePath: '$.specializations[*]', paths: ['$.levels[*].name'] }],
    },
    { paths: ['$.awards[*].title'], nestedConstraints: [{ basePath: '$.awards[*]', paths: ['$.parts[*].name'] }] },
    { paths: ['$.visits[*].place'] },
  ],
  jsonSchemaForInsert: object(
    {
      beginDate: date(),
      number: integer(),
      specializations: array(
        object(
          { beginDate: date(), major: string(), levels: array(object({ name: string(), hours: integer() }, ['name'])) },
          ['beginDate', 'major'],
        ),
      ),
      awards: array(
        object(
          {
            beginDate: integer(),
            title: string(),
            parts: array(object({ name: string(), hours: integer() }, ['name'])),
          },
          ['beginDate', 'title'],
        ),
      ),
      visits: array(object({ beginDate: string(5), place: string() }, ['place'])),
    },
    ['beginDate', 'number'],
  ),
});

const named = (name: string, id: build.JsonRecord) =>
  resource(name, {
    identityJsonPaths: ['$.placeId'],
    documentPathsMapping: { PlaceId: scalarPath('$.placeId') },
    jsonSchemaForInsert: object({ placeId: id }, ['placeId']),
  });

/** Goes from a stop, whose id is a number, to a market, whose id is a text; an ODS has one column PlaceId for both. */
const trip = resource('Trip', {
  identityJsonPaths: ['$.tripId'],
  documentPathsMapping: {
    TripId: scalarPath('$.tripId'),
    Stop: reference('Core:Stop', [['$.placeId', '$.stopReference.placeId']]),
    Market: reference('Core:Market', [['$.placeId', '$.marketReference.placeId']]),
  },
  jsonSchemaForInsert: object(
    {
      tripId: integer(),
      stopReference: object({ placeId: integer() }),
      marketReference: object({ placeId: string() }),
    },
    ['tripId', 'stopReference', 'marketReference'],
  ),
});

/** Only the first of two students of a team has a column; the student of a member is that of its team. */
const student = resource('Student', {
  identityJsonPaths: ['$.studentUniqueId'],
  documentPathsMapping: { StudentUniqueId: scalarPath('$.studentUniqueId') },
  jsonSchemaForInsert: object({ studentUniqueId: string() }, ['studentUniqueId']),
});

const toStudent = (path: string) =>
  reference('Core:Student', [['$.studentUniqueId', `${path}.studentReference.studentUniqueId`]]);

const ofStudent = object({ studentUniqueId: string() }, ['studentUniqueId']);

const team = resource('Team', {
  // as files of the current format have them
  relational: { nameOverrides: { '$.studentReference': 'Student' } },
  identityJsonPaths: ['$.studentReference.studentUniqueId'],
  documentPathsMapping: {
    Student: toStudent('$'),
    'Member.Student': toStudent('$.members[*]'),
    'Member.Part': scalarPath('$.members[*].part'),
  },
  arrayUniquenessConstraints: [{ paths: ['$.members[*].part'] }],
  jsonSchemaForInsert: object(
    {
      studentReference: ofStudent,
      members: array(object({ part: string(), studentReference: ofStudent }, ['part', 'studentReference'])),
    },
    ['studentReference'],
  ),
});

const document = (name: string, value: object): WrittenDocument => ({
  resource: `Core:${name}`,
  document: toJsonValue(value) as WrittenDocument['document'],
});

const begun = { beginDate: '2026-09-01', number: 7 };
const specializations = [
  { beginDate: '2026-09-01', major: 'Algebra', levels: [{ name: 'first', hours: 3 }] },
  { beginDate: '2026-09-01', major: 'Biology' },
];
const awards = [{ beginDate: 4, title: 'Best', parts: [{ name: 'gold', hours: 1 }, { name: 'lead' }] }];
const visits = [{ beginDate: 'early', place: 'Zoo' }];

describe.each(['v1', 'v2'] as const)('a column for two values in %s', (version) => {
  const set = () =>
    compiledSet(
      schemaSetOf(version, [project('Core', [enrolment, named('Stop', integer()), named('Market', string()), trip])]),
    );

  it('gives its value to both, and a part that cannot have it stays behind and names the column', async () => {
    const ods = await copiedOds(set(), [document('Enrolment', { ...begun, specializations, awards, visits })]);
    try {
      expect(ods.refused).toEqual([]);
      const { found, reading } = await ods.read();
      const [read] = Object.values(found).flat();
      expect(JSON.parse(JSON.stringify(read).replaceAll('"#', '"'))).toEqual({
        beginDate: '2026-09-01',
        number: '7',
        specializations: [
          { beginDate: '2026-09-01', major: 'Algebra', levels: [{ name: 'first', hours: '3' }] },
          { beginDate: '2026-09-01', major: 'Biology' },
        ],
        visits: [{ place: 'Zoo' }],
      });
      expect(reading.losses.filter(({ code }) => code === 'ODS_NAME_COLLISION')).toEqual([
        {
          code: 'ODS_NAME_COLLISION',
          resource: 'Core:Enrolment',
          path: '$.awards[*]',
          column: 'core.EnrolmentAward.BeginDate',
          count: 1,
        },
        {
          code: 'ODS_NAME_COLLISION',
          resource: 'Core:Enrolment',
          path: '$.visits[*].beginDate',
          column: 'core.EnrolmentVisit.BeginDate',
          count: 1,
        },
      ]);
      expect(reading.tables.filter(({ left }) => left > 0)).toEqual([
        { table: 'core.EnrolmentAward', rows: 1, written: 0, refused: 0, left: 1 },
        { table: 'core.EnrolmentAwardPart', rows: 2, written: 0, refused: 0, left: 2 },
      ]);
      expect(reading.diagnostics.map(({ code }) => code)).toEqual(['ODS_ORDER_LOST', 'ODS_NAME_COLLISION']);
      const { message = '' } = reading.diagnostics.find(({ code }) => code === 'ODS_NAME_COLLISION') ?? {};
      expect(message).toContain('"core.EnrolmentAward.BeginDate", "core.EnrolmentVisit.BeginDate"');
    } finally {
      await ods.close();
    }
  });

  it('gives the number of a person to a reference whose only column is that of the key around it', async () => {
    const set = compiledSet(schemaSetOf(version, [project('Core', [student, team])]));
    const [column] = set.mapping.tables
      .filter(({ name }) => name === 'TeamMember')
      .flatMap(({ sources }) => sources.map(({ paths, sharing }) => ({ paths, sharing })));
    expect(column?.paths.StudentUSI).toEqual(['$.studentReference.studentUniqueId']);
    expect(column?.sharing?.StudentUSI?.map(({ path }) => path)).toEqual([
      '$.members[*].studentReference.studentUniqueId',
    ]);
    const ods = await copiedOds(set, [
      document('Student', { studentUniqueId: 's1' }),
      document('Team', {
        studentReference: { studentUniqueId: 's1' },
        members: [{ part: 'lead', studentReference: { studentUniqueId: 's1' } }],
      }),
    ]);
    try {
      const { found, reading } = await ods.read();
      expect(reading.documents).toBe(2);
      expect(Object.values(found).flat()).toContainEqual({
        studentReference: { studentUniqueId: 's1' },
        members: [{ part: 'lead', studentReference: { studentUniqueId: 's1' } }],
      });
    } finally {
      await ods.close();
    }
  });

  it('refuses a document that cannot be without the value', async () => {
    const places = [document('Stop', { placeId: 3 }), document('Market', { placeId: 'north' })];
    const trips = [
      document('Trip', { tripId: 1, stopReference: { placeId: 3 }, marketReference: { placeId: 'north' } }),
    ];
    const ods = await copiedOds(set(), [...places, ...trips]);
    try {
      const refused: Diagnostic[] = [];
      const { reading } = await ods.read({ onRefused: (diagnostics) => void refused.push(...diagnostics) });
      expect(reading.documents).toBe(2);
      expect(refused.map(({ code, where, details }) => [code, where.resource, details.column])).toEqual([
        ['ODS_VALUE_REJECTED', 'Core:Trip', 'core.Trip.PlaceId'],
      ]);
    } finally {
      await ods.close();
    }
  });
});
