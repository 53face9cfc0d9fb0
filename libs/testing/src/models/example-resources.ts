import * as build from '../schema-builder.ts';
import { edFi, equal, fields, keyed, numbered } from './document-parts.ts';

/* The schemas of the worked examples of design 04 §15. */

const { array, date, descriptor, integer, object, reference, resource, string, uri } = build;

export const school = numbered('School', 'schoolId');

/** The core project with a school and a descriptor that other resources can refer to. */
export const withSchool = (...resources: readonly build.BuiltResource[]) =>
  edFi([school, build.descriptor('KindDescriptor'), ...resources]);

export const schoolReference = (isRequired = true, object = '$.schoolReference') =>
  reference('Ed-Fi:School', [['$.schoolId', `${object}.schoolId`]], isRequired);

/** A resource that its code and its school identify. */
export const room = resource('Room', {
  identityJsonPaths: ['$.roomCode', '$.schoolReference.schoolId'],
  documentPathsMapping: { School: schoolReference() },
  jsonSchemaForInsert: object({ roomCode: string(20), schoolReference: fields({ schoolId: integer() }) }, [
    'roomCode',
    'schoolReference',
  ]),
});

export const roomReference = (objectPath: string, isRequired = true) =>
  reference(
    'Ed-Fi:Room',
    [
      ['$.roomCode', `${objectPath}.roomCode`],
      ['$.schoolReference.schoolId', `${objectPath}.schoolId`],
    ],
    isRequired,
  );

export const roomFields = fields({ roomCode: string(20), schoolId: integer() });

/** §15.1: two required references in a root table; the constraint is written with the larger path first. */
export const booking = resource('Booking', {
  identityJsonPaths: [
    '$.bookingDate',
    '$.roomReference.roomCode',
    '$.roomReference.schoolId',
    '$.schoolReference.schoolId',
  ],
  documentPathsMapping: { Room: roomReference('$.roomReference'), School: schoolReference() },
  equalityConstraints: [equal('$.schoolReference.schoolId', '$.roomReference.schoolId')],
  jsonSchemaForInsert: object(
    { bookingDate: date(), roomReference: roomFields, schoolReference: fields({ schoolId: integer() }) },
    ['bookingDate', 'roomReference', 'schoolReference'],
  ),
});

/** §15.2: two optional references. */
export const standby = resource('Standby', {
  documentPathsMapping: {
    Room: roomReference('$.roomReference', false),
    Backup: roomReference('$.backupRoomReference', false),
  },
  equalityConstraints: [equal('$.roomReference.schoolId', '$.backupRoomReference.schoolId')],
  jsonSchemaForInsert: object({ roomReference: roomFields, backupRoomReference: roomFields }),
});

/** The pairs of a reference to `Booking` whose object spells `schoolId` once. */
export const bookingPairs = (objectPath: string): [string, string][] => [
  ['$.bookingDate', `${objectPath}.bookingDate`],
  ['$.roomReference.roomCode', `${objectPath}.roomCode`],
  ['$.roomReference.schoolId', `${objectPath}.schoolId`],
  ['$.schoolReference.schoolId', `${objectPath}.schoolId`],
];

export const bookingFields = fields({ bookingDate: date(), roomCode: string(20), schoolId: integer() });

/** §15.3: nested collection, implicit class, a constraint across tables. */
export const agenda = resource('Agenda', {
  documentPathsMapping: {
    School: schoolReference(),
    Booking: reference('Ed-Fi:Booking', bookingPairs('$.slots[*].bookings[*].bookingReference'), false),
  },
  equalityConstraints: [equal('$.schoolReference.schoolId', '$.slots[*].bookings[*].bookingReference.schoolId')],
  jsonSchemaForInsert: object(
    {
      schoolReference: fields({ schoolId: integer() }),
      slots: array(object({ bookings: array(object({ bookingReference: bookingFields })) })),
    },
    ['schoolReference'],
  ),
});

export const languageDescriptor = descriptor('LanguageDescriptor');

/** §15.4: descriptors outside references; `required` names the descriptors that are always present. */
export const menu = (required: readonly string[] = ['secondLanguageDescriptor'], more: build.JsonRecord = {}) =>
  resource('Menu', {
    documentPathsMapping: {
      First: build.descriptorPath('Ed-Fi:LanguageDescriptor', '$.firstLanguageDescriptor'),
      Second: build.descriptorPath('Ed-Fi:LanguageDescriptor', '$.secondLanguageDescriptor'),
    },
    equalityConstraints: [equal('$.firstLanguageDescriptor', '$.secondLanguageDescriptor')],
    jsonSchemaForInsert: object({ firstLanguageDescriptor: uri(), secondLanguageDescriptor: uri(), ...more }, required),
  });

/** §15.5: a class of four with every kind of gate; a resource that refers to it. */
export const budget = resource('Budget', {
  identityJsonPaths: ['$.fiscalYear'],
  documentPathsMapping: {
    Fund: reference('Ed-Fi:Fund', [['$.fiscalYear', '$.fundReference.fiscalYear']], false),
    Grant: reference('Ed-Fi:Grant', [['$.fiscalYear', '$.grantReference.fiscalYear']]),
  },
  equalityConstraints: [
    equal('$.fiscalYear', '$.fundReference.fiscalYear'),
    equal('$.grantReference.fiscalYear', '$.fiscalYear'),
    equal('$.plannedFiscalYear', '$.fundReference.fiscalYear'),
  ],
  jsonSchemaForInsert: object(
    {
      fiscalYear: integer(),
      plannedFiscalYear: integer(),
      fundReference: fields({ fiscalYear: integer() }),
      grantReference: fields({ fiscalYear: integer() }),
    },
    ['fiscalYear', 'grantReference'],
  ),
});

export const spending = resource('Spending', {
  documentPathsMapping: { Budget: reference('Ed-Fi:Budget', [['$.fiscalYear', '$.budgetReference.fiscalYear']]) },
  jsonSchemaForInsert: object({ budgetReference: fields({ fiscalYear: integer() }) }, ['budgetReference']),
});

/** §15.6: two targets that allow identity updates and share a school year. */
export const registration = resource('Registration', {
  identityJsonPaths: [
    '$.sectionReference.sectionId',
    '$.sectionReference.schoolYear',
    '$.periodReference.periodId',
    '$.periodReference.schoolYear',
  ],
  documentPathsMapping: {
    Section: reference('Ed-Fi:Section', [
      ['$.sectionId', '$.sectionReference.sectionId'],
      ['$.schoolYear', '$.sectionReference.schoolYear'],
    ]),
    Period: reference('Ed-Fi:Period', [
      ['$.periodId', '$.periodReference.periodId'],
      ['$.schoolYear', '$.periodReference.schoolYear'],
    ]),
  },
  equalityConstraints: [equal('$.sectionReference.schoolYear', '$.periodReference.schoolYear')],
  jsonSchemaForInsert: object(
    {
      sectionReference: fields({ sectionId: integer(), schoolYear: integer() }),
      periodReference: fields({ periodId: integer(), schoolYear: integer() }),
    },
    ['sectionReference', 'periodReference'],
  ),
});

/** §15.7: two references use the names that the class and its flag would have. */
export const trip = resource('Trip', {
  documentPathsMapping: {
    SchoolId: reference('Ed-Fi:Marker', [['$.mark', '$.markerReference.mark']], false),
    A: reference('Ed-Fi:Marker', [['$.mark', '$.otherMarkerReference.mark']], false),
  },
  equalityConstraints: [equal('$.schoolId', '$.visitedSchoolId')],
  relational: {
    nameOverrides: {
      '$.markerReference.mark': 'Unified',
      '$.otherMarkerReference.mark': 'Present',
      '$.schoolId': 'A',
      '$.visitedSchoolId': 'B',
    },
  },
  jsonSchemaForInsert: object({
    schoolId: integer(),
    visitedSchoolId: integer(),
    markerReference: fields({ mark: string(10) }),
    otherMarkerReference: fields({ mark: string(10) }),
  }),
});

/**
 * §15.7, second part: a course offering that holds its school twice, and a section with two classes with the same base
 * token.
 */
export const courseOffering = resource('CourseOffering', {
  identityJsonPaths: ['$.localCourseCode', '$.schoolReference.schoolId', '$.sessionReference.schoolId'],
  documentPathsMapping: {
    School: schoolReference(),
    Session: reference('Ed-Fi:Session', [['$.schoolId', '$.sessionReference.schoolId']]),
  },
  equalityConstraints: [equal('$.schoolReference.schoolId', '$.sessionReference.schoolId')],
  jsonSchemaForInsert: object(
    {
      localCourseCode: string(60),
      schoolReference: fields({ schoolId: integer() }),
      sessionReference: fields({ schoolId: integer() }),
    },
    ['localCourseCode', 'schoolReference', 'sessionReference'],
  ),
});

export const sectionOfTwoClasses = resource('Section', {
  documentPathsMapping: {
    CourseOffering: reference('Ed-Fi:CourseOffering', [
      ['$.localCourseCode', '$.courseOfferingReference.localCourseCode'],
      ['$.schoolReference.schoolId', '$.courseOfferingReference.schoolId'],
      ['$.sessionReference.schoolId', '$.courseOfferingReference.schoolId'],
    ]),
    LocationLocation: roomReference('$.locationReference', false),
    LocationSchool: schoolReference(false, '$.locationSchoolReference'),
  },
  equalityConstraints: [equal('$.locationReference.schoolId', '$.locationSchoolReference.schoolId')],
  jsonSchemaForInsert: object(
    {
      courseOfferingReference: fields({ localCourseCode: string(60), schoolId: integer() }),
      locationReference: roomFields,
      locationSchoolReference: fields({ schoolId: integer() }),
    },
    ['courseOfferingReference'],
  ),
});

/** §15.8: a resource with every outcome. */
export const ledger = resource('Ledger', {
  equalityConstraints: [
    equal('$.fiscalYear', '$.localFiscalYear'),
    equal('$.localFiscalYear', '$.fiscalYear'),
    equal('$.fiscalYear', '$.fiscalYear'),
    equal('$.sections[*].fiscalYear', '$.fiscalYear'),
    equal('$.nowhere', '$.fiscalYear'),
    equal('$.x', '$.y'),
  ],
  jsonSchemaForInsert: object({
    fiscalYear: integer(),
    localFiscalYear: integer(),
    sections: array(object({ fiscalYear: integer() })),
  }),
});

/** §15.9: the target holds one number as two identity parts; the reference object spells it once. */
export const twinSchool = keyed(
  'TwinSchool',
  { schoolId: integer(), localEducationAgencyId: integer() },
  { equalityConstraints: [equal('$.schoolId', '$.localEducationAgencyId')] },
);

export const agency = numbered('LocalEducationAgency', 'localEducationAgencyId');

export const enrolment = resource('Enrolment', {
  documentPathsMapping: {
    LocalEducationAgency: reference('Ed-Fi:LocalEducationAgency', [
      ['$.localEducationAgencyId', '$.localEducationAgencyReference.localEducationAgencyId'],
    ]),
    School: reference('Ed-Fi:TwinSchool', [
      ['$.schoolId', '$.schoolReference.educationOrganizationId'],
      ['$.localEducationAgencyId', '$.schoolReference.educationOrganizationId'],
    ]),
  },
  equalityConstraints: [
    equal('$.schoolReference.educationOrganizationId', '$.localEducationAgencyReference.localEducationAgencyId'),
  ],
  jsonSchemaForInsert: object(
    {
      localEducationAgencyReference: fields({ localEducationAgencyId: integer() }),
      schoolReference: fields({ educationOrganizationId: integer() }),
    },
    ['localEducationAgencyReference', 'schoolReference'],
  ),
});

/**
 * All worked examples that a schema can express, as one project; names are distinct, so they do not disturb each other.
 */
export const workedExamples: readonly build.JsonRecord[] = [
  edFi([
    school,
    room,
    booking,
    standby,
    agenda,
    languageDescriptor,
    menu(),
    budget,
    spending,
    numbered('Fund', 'fiscalYear'),
    numbered('Grant', 'fiscalYear'),
    keyed('Marker', { mark: string(10) }),
    trip,
    numbered('Session', 'schoolId'),
    courseOffering,
    sectionOfTwoClasses,
    ledger,
    twinSchool,
    agency,
    enrolment,
  ]),
];

/** A reference, a value and a flag with names too long for PostgreSQL, all in one class. */
export const longNames = {
  mappingKey: 'EmploymentStaffEducationOrganizationEmploymentAssociation',
  property: 'currentSchoolYearOfTheEmploymentThatTheStaffMemberHasInTheOrganization',
  column: 'CurrentSchoolYearOfTheEmploymentThatTheStaffMemberHasInTheOrganization',
};

export const longNamed: build.JsonRecord = edFi([
  keyed('Job', { jobId: integer(), schoolYear: integer() }),
  resource('Contract', {
    documentPathsMapping: {
      [longNames.mappingKey]: reference(
        'Ed-Fi:Job',
        [
          ['$.jobId', '$.employmentReference.jobId'],
          ['$.schoolYear', '$.employmentReference.schoolYear'],
        ],
        false,
      ),
    },
    equalityConstraints: [
      equal('$.employmentReference.schoolYear', `$.${longNames.property}`),
      equal('$.gone', `$.${longNames.property}`),
      equal(`$.${longNames.property}`, `$.${longNames.property}`),
      equal(`$.${longNames.property}`, '$.terms[*].schoolYear'),
    ],
    jsonSchemaForInsert: object({
      [longNames.property]: integer(),
      employmentReference: fields({ jobId: integer(), schoolYear: integer() }),
      terms: array(object({ schoolYear: integer() })),
    }),
  }),
]);
