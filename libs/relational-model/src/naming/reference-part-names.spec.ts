import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { columnNames, edFi, equal, fields, modelOf, resourceOf, tableOf } from '../names-and-keys.spec-support.ts';

const { descriptor, descriptorPath, integer, object, reference, resource, string, uri } = build;

type JsonRecord = build.JsonRecord;
type Pairs = readonly (readonly [string, string])[];

/** A target with five identity paths; two of them end in the same name and always have the same value. */
const offering = resource('CourseOffering', {
  identityJsonPaths: [
    '$.localCourseCode',
    '$.schoolReference.schoolId',
    '$.sessionReference.schoolId',
    '$.sessionReference.sessionName',
    '$.termDescriptor',
  ],
  equalityConstraints: [equal('$.schoolReference.schoolId', '$.sessionReference.schoolId')],
  documentPathsMapping: { Term: descriptorPath('Ed-Fi:TermDescriptor', '$.termDescriptor') },
  jsonSchemaForInsert: fields({
    localCourseCode: string(),
    schoolReference: fields({ schoolId: integer() }),
    sessionReference: fields({ schoolId: integer(), sessionName: string() }),
    termDescriptor: uri(),
  }),
});

const at = '$.courseOfferingReference';

const usual: Pairs = [
  ['$.localCourseCode', `${at}.localCourseCode`],
  ['$.schoolReference.schoolId', `${at}.schoolId`],
  ['$.sessionReference.schoolId', `${at}.schoolId`],
  ['$.sessionReference.sessionName', `${at}.sessionName`],
  ['$.termDescriptor', `${at}.termDescriptor`],
];

const leaves = { localCourseCode: string(), schoolId: integer(), sessionName: string(), termDescriptor: uri() };

/** Columns of a reference to `CourseOffering` from a resource, in the order of the pairs. */
const columnsFor = (pairs: Pairs, referenceObject: JsonRecord = fields(leaves), nameOverrides: JsonRecord = {}) => {
  const section = resource('Section', {
    documentPathsMapping: { CourseOffering: reference('Ed-Fi:CourseOffering', pairs, false) },
    relational: { nameOverrides },
    jsonSchemaForInsert: object({ courseOfferingReference: referenceObject }),
  });
  const model = modelOf([edFi([descriptor('TermDescriptor'), offering, section])]);
  const [binding] = resourceOf(model, 'Ed-Fi:Section').documentReferenceBindings;
  const columns = binding?.identityBindings.map(({ column }) => column) ?? [];
  expect(columnNames(tableOf(model, 'edfi.Section'))).toEqual(
    expect.arrayContaining(['CourseOffering_DocumentId', ...columns]),
  );
  return columns;
};

describe('the identity parts of a reference (design 03 §3.4)', () => {
  it('are named by their field; where two entries have one field, by their paths in the target', () => {
    expect(columnsFor(usual)).toEqual([
      'CourseOffering_LocalCourseCode',
      'CourseOffering_SchoolReferenceSchoolId',
      'CourseOffering_SessionReferenceSchoolId',
      'CourseOffering_SessionName',
      'CourseOffering_TermDescriptor_DescriptorId',
    ]);
  });

  it('have one field also where two paths only read alike', () => {
    const pairs = usual.map(([target, own], index) => [target, index === 2 ? `${at}.school_id` : own] as const);
    expect(columnsFor(pairs, fields({ ...leaves, school_id: integer() })).slice(1, 3)).toEqual([
      'CourseOffering_SchoolReferenceSchoolId',
      'CourseOffering_SessionReferenceSchoolId',
    ]);
  });

  it('are counted before overrides: one that is renamed does not give its field to the other', () => {
    const pairs = usual.map(([target, own], index) => [target, index === 2 ? `${at}.school_id` : own] as const);
    const renamed = columnsFor(pairs, fields({ ...leaves, school_id: integer() }), { [`${at}.school_id`]: 'other_school' });
    expect(renamed.slice(1, 3)).toEqual(['CourseOffering_SchoolReferenceSchoolId', 'CourseOffering_OtherSchool']);
  });

  it('keep the ending of a descriptor under an override', () => {
    expect(columnsFor(usual, fields(leaves), { [`${at}.termDescriptor`]: 'season' }).at(-1)).toBe(
      'CourseOffering_Season_DescriptorId',
    );
  });
});
