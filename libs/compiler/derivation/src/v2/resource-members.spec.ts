import type { ResourceModel } from '@dms/model';
import {
  build,
  edFi,
  expectDiagnostics,
  extension,
  modelOf,
  modelV2,
  numbered,
  resourceOf,
  uncheckedSetV2,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../index.ts';

const { descriptor, ext, extensionOf, object, string } = build;

const lamp = (members: build.JsonRecord) => [edFi([numbered('Lamp', 'lampId', members)])];

const secured = {
  securableElements: {
    EducationOrganization: [
      { jsonPath: '$.schoolReference.schoolId', metaEdName: 'SchoolId' },
      { jsonPath: '$.agencyId', metaEdName: 'AgencyId' },
    ],
    Namespace: ['$.namespace', '$.a.namespace'],
    Student: ['$.studentReference.studentUniqueId'],
    Contact: [],
    Staff: ['$.staffs[*].staffReference.staffUniqueId'],
  },
};

const elements = ({ securableElements: { educationOrganization, ...others } }: ResourceModel) => ({
  educationOrganization: educationOrganization.map(({ jsonPath, metaEdName }) => [jsonPath.canonical, metaEdName]),
  ...Object.fromEntries(Object.entries(others).map(([kind, paths]) => [kind, paths.map(({ canonical }) => canonical)])),
});
const none = { educationOrganization: [], namespace: [], student: [], contact: [], staff: [] };

describe('securableElements (design 15 §3.2)', () => {
  it('keep the order of the file', () => {
    expect(elements(resourceOf(modelV2(lamp(secured)), 'Ed-Fi:Lamp'))).toEqual({
      educationOrganization: [
        ['$.schoolReference.schoolId', 'SchoolId'],
        ['$.agencyId', 'AgencyId'],
      ],
      namespace: ['$.namespace', '$.a.namespace'],
      student: ['$.studentReference.studentUniqueId'],
      contact: [],
      staff: ['$.staffs[*].staffReference.staffUniqueId'],
    });
  });

  it.each<[string, build.JsonRecord]>([
    ['absent', {}],
    ['null', { securableElements: null }],
    ['an empty object', { securableElements: {} }],
    ['an object of nulls', { securableElements: { EducationOrganization: null, Namespace: null, Staff: null } }],
  ])('are none where they are %s', (_, members) => {
    expect(elements(resourceOf(modelV2(lamp(members)), 'Ed-Fi:Lamp'))).toEqual(none);
  });

  it('are read of descriptors too', () => {
    const model = modelV2([
      edFi([descriptor('KindDescriptor', { securableElements: { Namespace: ['$.namespace'] } })]),
    ]);
    expect(elements(resourceOf(model, 'Ed-Fi:KindDescriptor'))).toEqual({ ...none, namespace: ['$.namespace'] });
  });

  it('of a resource extension are ignored, whatever they are', () => {
    const extended = extensionOf('Lamp', {
      securableElements: 'all',
      queryFieldMapping: [],
      jsonSchemaForInsert: object({ _ext: ext('sample', object({ note: string() })) }),
    });
    const { securableElements, queryFieldMapping } = resourceOf(
      deriveModel(uncheckedSetV2(...lamp({}), extension([extended])), 'pgsql').model,
      'Ed-Fi:Lamp',
    );
    expect(securableElements).toEqual(none);
    expect(queryFieldMapping).toEqual([]);
  });

  it('are not read in the first generation', () => {
    expect(
      elements(resourceOf(modelOf(lamp({ securableElements: 'all', queryFieldMapping: 1 })), 'Ed-Fi:Lamp')),
    ).toEqual(none);
  });

  it.each<[string, build.Json, string]>([
    ['a text', 'Student', 'securableElements'],
    ['an array', [], 'securableElements'],
    ['a kind that is a text', { Student: '$.a' }, 'securableElements.Student'],
    ['a kind that is an object', { Namespace: {} }, 'securableElements.Namespace'],
    ['a path that is a number', { Contact: ['$.a', 1] }, 'securableElements.Contact[1]'],
    [
      'an organization that is a text',
      { EducationOrganization: ['$.a'] },
      'securableElements.EducationOrganization[0]',
    ],
    [
      'an organization without metaEdName',
      { EducationOrganization: [{ jsonPath: '$.a' }] },
      'securableElements.EducationOrganization[0].metaEdName',
    ],
    [
      'an organization without jsonPath',
      { EducationOrganization: [{ metaEdName: 'A' }] },
      'securableElements.EducationOrganization[0].jsonPath',
    ],
  ])('are refused where they are %s', (_, securableElements, member) => {
    expectDiagnostics(() => modelV2(lamp({ securableElements })), {
      code: 'APISCHEMA_INVALID',
      resource: 'Ed-Fi:Lamp',
      names: [member],
    });
  });

  it.each<[build.Json, string]>([
    [{ Staff: ['$.a', 'b'] }, 'securableElements.Staff[1]'],
    [{ Namespace: ['$.a[0]'] }, 'securableElements.Namespace[0]'],
    [
      { EducationOrganization: [{ jsonPath: '$..a', metaEdName: 'A' }] },
      'securableElements.EducationOrganization[0].jsonPath',
    ],
  ])('with the path of %j are JSONPATH_INVALID', (securableElements, member) => {
    expectDiagnostics(() => modelV2(lamp({ securableElements })), {
      code: 'JSONPATH_INVALID',
      resource: 'Ed-Fi:Lamp',
      names: [member],
    });
  });
});

describe('queryFieldMapping (design 15 §3.2)', () => {
  const fields = (queryFieldMapping: build.Json) =>
    resourceOf(modelV2(lamp({ queryFieldMapping })), 'Ed-Fi:Lamp').queryFieldMapping.map(({ field, paths }) => [
      field,
      paths.map(({ path, type }) => `${path.canonical} ${type}`),
    ]);

  it('is in the order of the fields, ordinal; the paths of a field keep theirs', () => {
    expect(
      fields({
        name: [{ path: '$.name', type: 'string' }],
        Zone: [{ path: '$.zone', type: 'number' }],
        code: [
          { path: '$.second.code', type: 'string' },
          { path: '$.first.code', type: 'string' },
        ],
      }),
    ).toEqual([
      ['Zone', ['$.zone number']],
      ['code', ['$.second.code string', '$.first.code string']],
      ['name', ['$.name string']],
    ]);
  });

  it.each([null, {}])('is empty where it is %j', (queryFieldMapping) => {
    expect(fields(queryFieldMapping)).toEqual([]);
  });

  it.each<[string, build.Json, string]>([
    ['an array', [], 'queryFieldMapping'],
    ['a field that is an object', { a: { path: '$.a', type: 'string' } }, 'queryFieldMapping.a'],
    ['a field without paths', { a: [] }, 'queryFieldMapping.a'],
    ['a path that is a text', { a: ['$.a'] }, 'queryFieldMapping.a[0]'],
    ['a path without type', { a: [{ path: '$.a' }] }, 'queryFieldMapping.a[0].type'],
    ['a type that is blank', { a: [{ path: '$.a', type: ' ' }] }, 'queryFieldMapping.a[0].type'],
  ])('is refused where it is %s', (_, queryFieldMapping, member) => {
    expectDiagnostics(() => fields(queryFieldMapping), {
      code: 'APISCHEMA_INVALID',
      resource: 'Ed-Fi:Lamp',
      names: [member],
    });
  });

  it('with a bad path is JSONPATH_INVALID', () => {
    expectDiagnostics(() => fields({ a: [{ path: 'a', type: 'string' }] }), {
      code: 'JSONPATH_INVALID',
      resource: 'Ed-Fi:Lamp',
      names: ['queryFieldMapping.a[0].path'],
    });
  });
});

describe('the texts of a descriptor (design 15a §4)', () => {
  it('have the lengths of its schema', () => {
    const schema = object({ namespace: string(40), codeValue: string(7), shortDescription: string(75) }, [
      'namespace',
      'codeValue',
      'shortDescription',
    ]);
    const model = modelV2([
      edFi([descriptor('KindDescriptor', { jsonSchemaForInsert: schema }), numbered('Lamp', 'lampId')]),
    ]);
    expect(resourceOf(model, 'Ed-Fi:KindDescriptor').descriptorTexts).toMatchObject({
      namespace: { kind: 'String', maxLength: 40 },
      codeValue: { kind: 'String', maxLength: 7 },
    });
    expect(resourceOf(model, 'Ed-Fi:Lamp').descriptorTexts).toBeNull();
  });
});
