import { dialects, type SqlDialect } from '@dms/sql';
import { build, ownSchema } from '@dms/testing';
import { canonicalText, type JsonValue, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { compiled, json, named, ownSet } from '../../test/bench.ts';
import { referentialIdOfText } from '../identity/referential-id.ts';
import { type CheckOptions, checkDocument, type DocumentPlans } from '../index.ts';

const { plans } = ownSet();
const mssql = compiled([ownSchema('campus'), ownSchema('athletics')], 'mssql').plans;

const staff = { staffUniqueId: 's1', familyName: 'Ng', givenName: 'Ada', isActive: true };
const fall = 'uri://sample.org/TermDescriptor#Fall';
const session = { schoolId: 1, schoolYear: 2030, sessionName: 'A', termDescriptor: fall };
const offering = {
  localCourseCode: 'c',
  courseReference: { courseCode: 'c', educationOrganizationId: 1 },
  schoolReference: { schoolId: 1 },
  sessionReference: session,
};
const enrolment = {
  entryDate: '2030-08-01',
  entryGradeLevelDescriptor: 'uri://sample.org/GradeLevelDescriptor#One',
  schoolReference: { schoolId: 1 },
  studentReference: { studentUniqueId: 'x' },
};
const school = { schoolId: 1, schoolName: 'North' };
const location = { classroomCode: 'a', schoolReference: { schoolId: 1 } };

/** Codes and paths of the problems. */
function diagnosticsOf(
  label: string,
  document: JsonValue | object,
  options?: CheckOptions,
  all: DocumentPlans = plans,
): string[] {
  const value = document instanceof Map ? document : toJsonValue(document);
  return checkDocument(all, named(label), value, options).diagnostics.map(({ code, where }) => `${code} ${where.path}`);
}

const invalid = (path: string) => [`DOCUMENT_VALUE_INVALID ${path}`];

describe('a document that fits', () => {
  it.each([
    ['Campus:Staff', staff],
    ['Campus:CourseOffering', offering],
    ['Campus:StudentSchoolEnrolment', enrolment],
    ['Campus:School', { ...school, addresses: [], _ext: { athletics: { hasStadium: null } } }],
  ])('%s', (label, document) => {
    const { document: checked, diagnostics, warnings } = checkDocument(plans, named(label), toJsonValue(document));
    expect([...diagnostics, ...warnings]).toEqual([]);
    expect(checked?.referentialId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('an id is refused, because an API assigns it; only a replacement may repeat it', () => {
    const uuid = '0a9d7a6c-1f61-4b0e-9d53-6f0d2f0c3b11';
    const document = { ...school, id: uuid };
    const [diagnostic] = checkDocument(plans, named('Campus:School'), toJsonValue(document)).diagnostics;
    expect(diagnostic).toMatchObject({
      code: 'DOCUMENT_PROPERTY_UNKNOWN',
      message: 'Campus:School $.id is assigned by an API, so a document to write must not have one: leave it out.',
    });
    expect(diagnosticsOf('Campus:School', document, { uuid: uuid.toUpperCase() })).toEqual([]);
    expect(diagnosticsOf('Campus:School', { ...school, id: 5 }, { uuid })).toEqual(['DOCUMENT_PROPERTY_UNKNOWN $.id']);
    const ignored = checkDocument(plans, named('Campus:School'), toJsonValue(document), { ignoreUnknown: true });
    expect(ignored.diagnostics).toEqual([]);
    expect(ignored.warnings).toMatchObject([{ class: 'W', where: { path: '$.id' } }]);
  });

  it('members that an API adds are not looked at, where it adds them', () => {
    const document = { ...offering, _etag: [], _lastModifiedDate: null, schoolReference: { schoolId: 1, link: {} } };
    expect(diagnosticsOf('Campus:CourseOffering', document)).toEqual([]);
    expect(diagnosticsOf('Campus:School', { ...school, addresses: [{ id: 1 }], link: {} })).toEqual(
      expect.arrayContaining(['DOCUMENT_PROPERTY_UNKNOWN $.addresses[0].id', 'DOCUMENT_PROPERTY_UNKNOWN $.link']),
    );
  });
});

describe('a reference to an abstract resource', () => {
  const { array, integer, object, project, reference, resource, string } = build;
  const member = (name: string, ...further: readonly string[]) =>
    resource(name, {
      isSubclass: true,
      superclassProjectName: 'Core',
      superclassResourceName: 'Place',
      identityJsonPaths: ['$.code', ...further.map((each) => `$.${each}`)],
      jsonSchemaForInsert: object({ code: integer(), ...Object.fromEntries(further.map((each) => [each, string()])) }, [
        'code',
        ...further,
      ]),
    });
  const visit = resource('Visit', {
    identityJsonPaths: ['$.visitId'],
    documentPathsMapping: { Place: reference('Core:Place', [['$.code', '$.stops[*].placeReference.code']], false) },
    jsonSchemaForInsert: object(
      {
        visitId: integer(),
        stops: array(object({ placeReference: object({ code: integer() }, ['code']) })),
      },
      ['visitId'],
    ),
  });
  const plansOf = (...members: readonly build.BuiltResource[]) =>
    compiled([
      project('Core', [...members, visit], { abstractResources: { Place: { identityJsonPaths: ['$.code'] } } }),
    ]).plans;
  const document = toJsonValue({ visitId: 1, stops: [{ placeReference: { code: 7 } }] });

  it('names the members that have no more in their identity than it', () => {
    for (const all of [
      plansOf(member('Hall'), member('Seat', 'row')),
      plansOf(member('Desk', 'row'), member('Hall')),
    ]) {
      const { document: checked, diagnostics } = checkDocument(all, named('Core:Visit'), document);
      expect(diagnostics).toEqual([]);
      expect(checked?.targets.map(({ referentialId }) => referentialId)).toEqual([
        referentialIdOfText('CorePlace$.code=7'),
      ]);
    }
  });

  it('is refused where all of them have more', () => {
    const { diagnostics } = checkDocument(plansOf(member('Seat', 'row')), named('Core:Visit'), document);
    expect(diagnostics).toMatchObject([
      {
        code: 'DOCUMENT_REFERENCE_UNRESOLVED',
        where: { path: '$.stops[0].placeReference' },
        details: { target: 'Core:Place' },
      },
    ]);
    expect(diagnostics[0]?.message).toContain('$.row');
  });
});

describe('what the model does not have', () => {
  it.each<[string, string]>([
    ['{"nickname":1}', '$.nickname'],
    ['{"__proto__":1}', '$.__proto__'],
    ['{"constructor":{"a":1}}', '$.constructor'],
    ['{"a.b[0]\\"; DROP TABLE":1}', '$["a.b[0]\\"; DROP TABLE"]'],
    ['{"contactNumbers":[{"phoneNumber":"1","":2}]}', '$.contactNumbers[0][""]'],
    ['{"_ext":{"other":{}}}', '$._ext.other'],
    ['{"supervisorReference":{"staffUniqueId":"a","name":"b"}}', '$.supervisorReference.name'],
  ])('%s', (text, path) => {
    const document = new Map([
      ...(toJsonValue(staff) as Map<string, JsonValue>),
      ...(json(text) as Map<string, JsonValue>),
    ]);
    expect(diagnosticsOf('Campus:Staff', document)).toEqual([`DOCUMENT_PROPERTY_UNKNOWN ${path}`]);
    const lenient = checkDocument(plans, named('Campus:Staff'), document, { ignoreUnknown: true });
    expect(lenient.diagnostics).toEqual([]);
    expect(lenient.warnings).toMatchObject([{ code: 'DOCUMENT_PROPERTY_UNKNOWN', class: 'W', where: { path } }]);
    expect(lenient.document).not.toBeNull();
  });
});

describe('what is missing', () => {
  it.each<[string, string, object, string[]]>([
    ['a value', 'Campus:Staff', { ...staff, familyName: undefined }, ['DOCUMENT_VALUE_MISSING $.familyName']],
    ['null', 'Campus:Staff', { ...staff, familyName: null }, ['DOCUMENT_VALUE_MISSING $.familyName']],
    [
      'a value of an element',
      'Campus:Staff',
      { ...staff, contactNumbers: [{ phoneNumber: '1' }, { label: 'x' }] },
      ['DOCUMENT_VALUE_MISSING $.contactNumbers[1].phoneNumber'],
    ],
    [
      'an element that is a value',
      'Campus:School',
      { ...school, gradeLevelDescriptors: [null] },
      ['DOCUMENT_VALUE_MISSING $.gradeLevelDescriptors[0]'],
    ],
    [
      'a reference, named once',
      'Campus:CourseOffering',
      { ...offering, courseReference: null },
      ['DOCUMENT_VALUE_MISSING $.courseReference'],
    ],
    ['nothing of an object that is not there', 'Campus:School', { ...school, _ext: {} }, []],
  ])('%s', (_, label, document, expected) => {
    const present = Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined));
    expect(diagnosticsOf(label, present)).toEqual(expected);
  });

  it('parts of a reference', () => {
    const { diagnostics } = checkDocument(
      plans,
      named('Campus:CourseOffering'),
      toJsonValue({ ...offering, sessionReference: { schoolId: 1, sessionName: 'A' } }),
    );
    expect(diagnostics).toMatchObject([
      {
        code: 'DOCUMENT_REFERENCE_INCOMPLETE',
        where: { resource: 'Campus:CourseOffering', path: '$.sessionReference' },
        details: { missing: ['$.sessionReference.schoolYear', '$.sessionReference.termDescriptor'] },
      },
    ]);
    expect(diagnosticsOf('Campus:Staff', { ...staff, supervisorReference: {} })).toEqual([
      'DOCUMENT_REFERENCE_INCOMPLETE $.supervisorReference',
    ]);
    expect(diagnosticsOf('Campus:Staff', { ...staff, supervisorReference: null })).toEqual([]);
  });
});

describe('values', () => {
  const withStaff = (member: string) =>
    new Map([...(toJsonValue(staff) as Map<string, JsonValue>), ...(json(`{${member}}`) as Map<string, JsonValue>)]);

  it.each([
    ['"familyName":5', '$.familyName'],
    ['"familyName":{}', '$.familyName'],
    ['"familyName":["x"]', '$.familyName'],
    ['"isActive":"true"', '$.isActive'],
    ['"isActive":1', '$.isActive'],
    ['"payrollNumber":"5"', '$.payrollNumber'],
    ['"payrollNumber":5.5', '$.payrollNumber'],
    ['"payrollNumber":5.0', '$.payrollNumber'],
    ['"payrollNumber":-1.50e1', '$.payrollNumber'],
    ['"payrollNumber":9223372036854775808', '$.payrollNumber'],
    ['"payrollNumber":1e400000000', '$.payrollNumber'],
    ['"hourlyRate":100000.00', '$.hourlyRate'],
    ['"hourlyRate":1.005', '$.hourlyRate'],
    ['"hourlyRate":1e-3', '$.hourlyRate'],
    ['"hiredOn":"2030-02-29"', '$.hiredOn'],
    ['"hiredOn":"2030-2-1"', '$.hiredOn'],
    ['"hiredOn":"0000-01-01"', '$.hiredOn'],
    ['"hiredOn":"2030-01-01T00:00:00Z"', '$.hiredOn'],
    ['"preferredStartTime":"24:00:00"', '$.preferredStartTime'],
    ['"preferredStartTime":"08:00"', '$.preferredStartTime'],
    ['"preferredStartTime":"08:00:00+02:00"', '$.preferredStartTime'],
    ['"preferredStartTime":"08:00:00.5"', '$.preferredStartTime'],
    ['"preferredStartTime":"08:00:00Z"', '$.preferredStartTime'],
    ['"lastSignedInAt":"2030-01-01T08:00:00"', '$.lastSignedInAt'],
    ['"lastSignedInAt":"2030-01-01"', '$.lastSignedInAt'],
    ['"lastSignedInAt":"0001-01-01T00:00:00+01:00"', '$.lastSignedInAt'],
    ['"lastSignedInAt":"2030-01-01T08:00:60Z"', '$.lastSignedInAt'],
    ['"givenName":"a\\u0000b"', '$.givenName'],
    ['"contactNumbers":{}', '$.contactNumbers'],
    ['"contactNumbers":["1"]', '$.contactNumbers[0]'],
    ['"contactNumbers":[null]', '$.contactNumbers[0]'],
    ['"supervisorReference":"s1"', '$.supervisorReference'],
    ['"_ext":[]', '$._ext'],
  ])('%s does not fit', (member, path) => {
    expect(diagnosticsOf('Campus:Staff', withStaff(member))).toEqual(invalid(path));
  });

  it.each([
    ['"payrollNumber":9223372036854775807', 'payrollNumber', '9223372036854775807'],
    ['"payrollNumber":-0', 'payrollNumber', '0'],
    ['"hourlyRate":99999.990', 'hourlyRate', '99999.99'],
    ['"hourlyRate":1.2e4', 'hourlyRate', '12000'],
    ['"hiredOn":"2028-02-29"', 'hiredOn', '2028-02-29'],
    ['"preferredStartTime":"08:00:00"', 'preferredStartTime', '08:00:00'],
    ['"lastSignedInAt":"2030-01-01t01:00:00.25+02:30"', 'lastSignedInAt', '2029-12-31T22:30:00.25Z'],
    ['"lastSignedInAt":"2030-01-01T01:00:00-00:00"', 'lastSignedInAt', '2030-01-01T01:00:00Z'],
  ])('%s fits, as %s %s', (member, name, stored) => {
    const { document, diagnostics } = checkDocument(plans, named('Campus:Staff'), withStaff(member));
    expect(diagnostics).toEqual([]);
    const leaf = document?.plans.shape.tables[0]?.leaves.find(({ path }) => path === `$.${name}`);
    expect(document?.rows[0]?.[0]?.values[leaf!.slot]).toBe(stored);
  });

  it('texts are as long as the engine counts them', () => {
    const family = (length: number) => ({ ...staff, familyName: '\u{1F4E6}'.repeat(length) });
    expect(diagnosticsOf('Campus:Staff', family(75))).toEqual([]);
    expect(diagnosticsOf('Campus:Staff', family(76))).toEqual(invalid('$.familyName'));
    expect(diagnosticsOf('Campus:Staff', family(37), {}, mssql)).toEqual([]);
    expect(diagnosticsOf('Campus:Staff', family(38), {}, mssql)).toEqual(invalid('$.familyName'));
  });

  it('a fraction of a second has as many digits as the engine keeps', () => {
    const at = (digits: string) => ({ ...staff, lastSignedInAt: `2030-01-01T00:00:00.${digits}Z` });
    expect(diagnosticsOf('Campus:Staff', at('123456'))).toEqual([]);
    expect(diagnosticsOf('Campus:Staff', at('1234567'))).toEqual(invalid('$.lastSignedInAt'));
    expect(diagnosticsOf('Campus:Staff', at('1234567'), {}, mssql)).toEqual([]);
  });

  it('a descriptor is named by text', () => {
    expect(diagnosticsOf('Campus:School', { ...school, gradeLevelDescriptors: [5] })).toEqual([
      ...invalid('$.gradeLevelDescriptors[0]'),
    ]);
  });
});

describe('values that are stored once', () => {
  it('both paths and both values are named', () => {
    const document = { ...offering, schoolReference: { schoolId: 2 } };
    const { diagnostics } = checkDocument(plans, named('Campus:CourseOffering'), toJsonValue(document));
    expect(diagnostics).toHaveLength(1);
    const [{ code, where, details } = {} as (typeof diagnostics)[number]] = diagnostics;
    expect(code).toBe('DOCUMENT_UNIFICATION_CONFLICT');
    expect([where.path, details.otherPath].sort()).toEqual([
      '$.schoolReference.schoolId',
      '$.sessionReference.schoolId',
    ]);
    expect([details.value, details.otherValue].sort()).toEqual(['1', '2']);
  });

  it('those that are absent differ from nothing', () => {
    const years = (classOfYear: number | null, completionYear: number | null) =>
      diagnosticsOf('Campus:StudentSchoolEnrolment', { ...enrolment, classOfYear, graduationPlan: { completionYear } });
    expect(years(2030, null)).toEqual([]);
    expect(years(null, 2030)).toEqual([]);
    expect(years(2030, 2030)).toEqual([]);
    expect(years(2030, 2031)).toHaveLength(1);
  });
});

describe('elements that are equal', () => {
  it('both positions are named', () => {
    const contactNumbers = [{ phoneNumber: '1' }, { phoneNumber: '2' }, { phoneNumber: '1', label: 'x' }];
    const { diagnostics } = checkDocument(plans, named('Campus:Staff'), toJsonValue({ ...staff, contactNumbers }));
    expect(diagnostics).toMatchObject([
      {
        code: 'DOCUMENT_DUPLICATE_ELEMENT',
        where: { path: '$.contactNumbers[2]' },
        details: { other: '$.contactNumbers[0]' },
      },
    ]);
  });

  it('elements of different parents may be', () => {
    const checks = [{ checkedOn: '2030-01-01', passed: true }];
    const equipment = [
      { itemName: 'a', quantity: 1, checks },
      { itemName: 'b', quantity: 1, checks: [...checks, ...checks] },
    ];
    expect(diagnosticsOf('Campus:Location', { ...location, equipment })).toEqual([
      'DOCUMENT_DUPLICATE_ELEMENT $.equipment[1].checks[1]',
    ]);
  });

  it('two absent values are equal only on SQL Server', () => {
    const { array, date, integer, object, project, resource, string } = build;
    const school = resource('School', {
      identityJsonPaths: ['$.schoolId'],
      arrayUniquenessConstraints: [{ paths: ['$.terms[*].name', '$.terms[*].beginsOn'] }],
      jsonSchemaForInsert: object(
        { schoolId: integer(), terms: array(object({ name: string(), beginsOn: date() }, ['name'])) },
        ['schoolId'],
      ),
    });
    const fall = { name: 'Fall' };
    const diagnostics = (dialect: SqlDialect, ...terms: readonly object[]) =>
      diagnosticsOf('Core:School', { schoolId: 1, terms }, {}, compiled([project('Core', [school])], dialect).plans);
    expect(diagnostics('pgsql', fall, fall)).toEqual([]);
    expect(diagnostics('mssql', fall, fall)).toEqual(['DOCUMENT_DUPLICATE_ELEMENT $.terms[1]']);
    for (const dialect of dialects) {
      const dated = { ...fall, beginsOn: '2030-08-01' };
      expect(diagnostics(dialect, fall, dated, { name: 'Spring' })).toEqual([]);
      expect(diagnostics(dialect, fall, dated, dated)).toEqual(['DOCUMENT_DUPLICATE_ELEMENT $.terms[2]']);
    }
  });

  it('descriptors are equal whatever their case', () => {
    const grades = (...codes: string[]) => codes.map((code) => `uri://sample.org/GradeLevelDescriptor#${code}`);
    expect(diagnosticsOf('Campus:School', { ...school, gradeLevelDescriptors: grades('One', 'Two', 'ONE') })).toEqual([
      'DOCUMENT_DUPLICATE_ELEMENT $.gradeLevelDescriptors[2]',
    ]);
  });
});

describe('the whole document', () => {
  it('all problems are reported together, with file and line', () => {
    const document = { ...staff, familyName: 5, givenName: null, nickname: 'x', supervisorReference: {} };
    const { diagnostics, document: checked } = checkDocument(plans, named('Campus:Staff'), toJsonValue(document), {
      file: 'staff.jsonl',
      line: 7,
    });
    expect(checked).toBeNull();
    expect(diagnostics.map(({ code }) => code).sort()).toEqual([
      'DOCUMENT_PROPERTY_UNKNOWN',
      'DOCUMENT_REFERENCE_INCOMPLETE',
      'DOCUMENT_VALUE_INVALID',
      'DOCUMENT_VALUE_MISSING',
    ]);
    for (const { where } of diagnostics)
      expect(where).toMatchObject({ file: 'staff.jsonl', line: 7, resource: 'Campus:Staff' });
  });

  it.each([5, [], null, 'x'])('%j is not a document', (value) => {
    expect(checkDocument(plans, named('Campus:Staff'), toJsonValue(value)).diagnostics).toMatchObject([
      { code: 'DOCUMENT_VALUE_INVALID', where: { path: '$' } },
    ]);
  });

  it('nests as deep as the limit', () => {
    const nested = (depth: number) => json(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
    const codes = (depth: number, nestingLimit?: number) =>
      checkDocument(plans, named('Campus:Staff'), nested(depth), { nestingLimit, ignoreUnknown: true }).diagnostics.map(
        ({ code }) => code,
      );
    expect(codes(64)).not.toContain('DOCUMENT_TOO_LARGE');
    expect(codes(4, 3)).toEqual(['DOCUMENT_TOO_LARGE']);
    expect(codes(3, 3)).not.toContain('DOCUMENT_TOO_LARGE');
  });

  it('an extension belongs to an element of the array that it extends', () => {
    const extended = (count: number) => ({
      ...staff,
      contactNumbers: [{ phoneNumber: '1' }],
      _ext: { athletics: { contactNumbers: Array(count).fill({ _ext: { athletics: { isTeamHotline: true } } }) } },
    });
    expect(diagnosticsOf('Campus:Staff', extended(1))).toEqual([]);
    expect(diagnosticsOf('Campus:Staff', extended(2))).toEqual(
      invalid('$._ext.athletics.contactNumbers[1]._ext.athletics'),
    );
  });

  it.each([
    ['Campus:Nothing', /no resource Campus:Nothing/],
    ['Campus:Staf', /; did you mean "Campus:Staff"/],
    ['Campus:TermDescriptor', /descriptor/],
    ['Campus:EducationOrganization', /abstract/],
  ])('%s is not a resource of documents', (label, text) => {
    const check = () => checkDocument(plans, named(label), toJsonValue({}));
    expect(check).toThrow(text);
    expect(check).toThrow(/DOCUMENT_RESOURCE_UNKNOWN/);
  });

  it('is not changed by the check', () => {
    const document = toJsonValue(offering);
    const before = canonicalText(document);
    checkDocument(plans, named('Campus:CourseOffering'), document);
    expect(canonicalText(document)).toBe(before);
  });
});
