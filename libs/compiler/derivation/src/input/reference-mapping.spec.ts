import { build, expectDiagnostics, expectRejected, modelOf, resourceOf, schemaSet, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { columnLines } from '../../test/model-text.ts';
import { deriveModel } from '../derive-model.ts';

const school = build.resource('School', {
  identityJsonPaths: ['$.schoolId', '$.name'],
  jsonSchemaForInsert: build.object({ schoolId: build.integer(), name: build.string(20) }, ['schoolId', 'name']),
});

const withSchool = (...resources: build.BuiltResource[]) => build.project('Ed-Fi', [school, ...resources]);

const idPair = ['$.schoolId', '$.schoolReference.schoolId'] as const;
const namePair = ['$.name', '$.schoolReference.name'] as const;

const schema = build.object(
  {
    code: build.string(10),
    schoolReference: build.object({ schoolId: build.integer(), name: build.string(20) }, ['schoolId', 'name']),
    otherReference: build.object({ schoolId: build.integer(), name: build.string(20) }, ['schoolId', 'name']),
  },
  ['code', 'schoolReference'],
);

const thing = (documentPathsMapping: build.JsonRecord, identityJsonPaths: readonly string[] = []) =>
  build.rawResource('Thing', { documentPathsMapping, identityJsonPaths, jsonSchemaForInsert: schema });

const expectDiagnostic = (
  mapping: build.JsonRecord,
  identity: readonly string[],
  code: Parameters<typeof expectRejected>[1]['code'],
  names: readonly (string | readonly string[])[],
) => expectRejected([withSchool(thing(mapping, identity))], { code, resource: 'Ed-Fi:Thing', names });

const expectCodes = (
  mapping: build.JsonRecord,
  identity: readonly string[],
  ...codes: readonly Parameters<typeof expectRejected>[1]['code'][]
) =>
  expectDiagnostics(
    () => modelOf([withSchool(thing(mapping, identity))]),
    ...codes.map((code) => ({ code, resource: 'Ed-Fi:Thing' })),
  );

describe('an entry of documentPathsMapping', () => {
  const school = build.reference('Ed-Fi:School', [idPair, namePair]);
  const without = (entry: build.JsonRecord, member: string) => {
    const { [member]: _, ...others } = entry;
    return others;
  };

  it.each([
    ['must be an object', 'text', 'object'],
    ['must be an object', null, 'object'],
    ['needs isReference', without(build.scalarPath('$.code'), 'isReference'), 'isReference'],
    ['needs a boolean isReference', { ...build.scalarPath('$.code'), isReference: 'no' }, 'isReference'],
    ['needs isDescriptor when it is a reference', without(school, 'isDescriptor'), 'isDescriptor'],
    ['needs a boolean isDescriptor', { ...school, isDescriptor: 'no' }, 'isDescriptor'],
    ['needs the path of a scalar', without(build.scalarPath('$.code'), 'path'), 'path'],
    ['needs a path of a scalar that is not blank', build.scalarPath(' '), 'path'],
    ['needs the path of a descriptor', without(build.descriptorPath('Ed-Fi:School', '$.code'), 'path'), 'path'],
    [
      'needs the projectName of a descriptor',
      without(build.descriptorPath('Ed-Fi:School', '$.code'), 'projectName'),
      'projectName',
    ],
    [
      'needs the resourceName of a descriptor',
      without(build.descriptorPath('Ed-Fi:School', '$.code'), 'resourceName'),
      'resourceName',
    ],
    ['needs the projectName of a document reference', without(school, 'projectName'), 'projectName'],
    ['needs the resourceName of a document reference', { ...school, resourceName: '' }, 'resourceName'],
    ['needs a boolean isRequired', { ...school, isRequired: 1 }, 'isRequired'],
  ] as const)('%s (%j)', (_, entry, member) => {
    const found = () => deriveModel(schemaSet(withSchool(thing({ Key: entry }))), 'pgsql');
    expectDiagnostics(found, { code: 'APISCHEMA_INVALID', resource: 'Ed-Fi:Thing' });
    expect(found).toThrow(/documentPathsMapping.*Key/);
    expect(found).toThrow(member);
  });

  it('that is a scalar or a descriptor makes no column by itself', () => {
    const model = modelOf([
      withSchool(
        build.rawResource('Thing', {
          documentPathsMapping: { Code: build.scalarPath('$.code'), Absent: build.scalarPath('$.absent') },
          jsonSchemaForInsert: build.object({ code: build.string(10) }, ['code']),
        }),
      ),
    ]);
    expect(columnLines(tableOf(model, 'edfi.Thing')).slice(1)).toEqual(['Code Scalar String(10) NOT NULL $.code']);
  });

  it('that is a document reference is optional unless it says isRequired', () => {
    const nullability = (entry: build.JsonRecord) =>
      tableOf(modelOf([withSchool(thing({ School: entry }))]), 'edfi.Thing').columns.flatMap(({ name, isNullable }) =>
        name.startsWith('School_') ? [isNullable] : [],
      );
    expect(nullability(school)).toEqual([false, false, false]);
    expect(nullability({ ...school, isRequired: false })).toEqual([true, true, true]);
    expect(nullability(without(school, 'isRequired'))).toEqual([true, true, true]);
  });

  it.each([undefined, null, {}, 'x', []])(
    'that is a document reference needs a non-empty list referenceJsonPaths, not %j',
    (value) => {
      const { referenceJsonPaths: _, ...others } = school;
      const entry = value === undefined ? others : { ...others, referenceJsonPaths: value };
      expectDiagnostic({ TheKey: entry }, [], 'REFERENCE_PATHS_MISSING', ['TheKey']);
    },
  );

  it.each([
    [{ identityJsonPath: '$.schoolId' }],
    [{ referenceJsonPath: '$.schoolReference.schoolId' }],
    ['text'],
    [null],
  ] as const)(
    'that is a document reference has pairs of an identityJsonPath and a referenceJsonPath, unlike %j',
    (pair) => {
      const found = () =>
        deriveModel(schemaSet(withSchool(thing({ TheKey: { ...school, referenceJsonPaths: [pair] } }))), 'pgsql');
      expectDiagnostics(found, { code: 'APISCHEMA_INVALID', resource: 'Ed-Fi:Thing' });
      expect(found).toThrow(/TheKey.*referenceJsonPaths/);
    },
  );
});

describe('the pairs of a document reference', () => {
  it('must lie under one object; otherwise both prefixes are named', () => {
    const pairs = [idPair, ['$.name', '$.otherReference.name']] as const;
    expectDiagnostic({ TheKey: build.reference('Ed-Fi:School', pairs) }, [], 'REFERENCE_PREFIX_INCONSISTENT', [
      'TheKey',
      ['$.otherReference', '$.schoolReference'],
    ]);
  });

  it('must end in a property', () => {
    const found = () =>
      deriveModel(
        schemaSet(withSchool(thing({ TheKey: build.reference('Ed-Fi:School', [['$.schoolId', '$.ids[*]']]) }))),
        'pgsql',
      );
    expect(found).toThrow(/Ed-Fi:Thing.*TheKey.*\$\.ids\[\*\]/);
  });

  it('must not name one identity path twice', () => {
    const pairs = [idPair, ['$.schoolId', '$.schoolReference.id'], namePair] as const;
    expectDiagnostic({ TheKey: build.reference('Ed-Fi:School', pairs) }, [], 'REFERENCE_IDENTITY_PATH_DUPLICATE', [
      'TheKey',
      '$.schoolId',
      '$.schoolReference.schoolId',
      '$.schoolReference.id',
    ]);
  });

  it('may name one reference path twice', () => {
    const pairs = [
      ['$.schoolId', '$.schoolReference.schoolId'],
      ['$.otherId', '$.schoolReference.schoolId'],
    ] as const;
    const twice = build.resource('Twice', {
      identityJsonPaths: ['$.schoolId', '$.otherId'],
      equalityConstraints: [{ sourceJsonPath: '$.schoolId', targetJsonPath: '$.otherId' }],
      jsonSchemaForInsert: build.object({ schoolId: build.integer(), otherId: build.integer() }, [
        'schoolId',
        'otherId',
      ]),
    });
    const referrer = build.resource('Referrer', {
      documentPathsMapping: { Twice: build.reference('Ed-Fi:Twice', pairs) },
      jsonSchemaForInsert: build.object({ schoolReference: build.object({ schoolId: build.integer() }) }),
    });
    const binding = resourceOf(modelOf([withSchool(twice, referrer)]), 'Ed-Fi:Referrer').documentReferenceBindings[0];
    expect(binding?.identityBindings.map(({ column }) => column)).toEqual(['Twice_SchoolId', 'Twice_OtherId']);
  });

  it('keep their order in the binding', () => {
    const columns = (pairs: Parameters<typeof build.reference>[1]) =>
      resourceOf(
        modelOf([withSchool(thing({ School: build.reference('Ed-Fi:School', pairs) }))]),
        'Ed-Fi:Thing',
      ).documentReferenceBindings[0]?.identityBindings.map(({ column }) => column);
    expect(columns([idPair, namePair])).toEqual(['School_SchoolId', 'School_Name']);
    expect(columns([namePair, idPair])).toEqual(['School_Name', 'School_SchoolId']);
  });
});

describe('a document reference that is part of the identity', () => {
  const paths = ['$.schoolReference.schoolId', '$.schoolReference.name'];
  const reference = build.reference('Ed-Fi:School', [idPair, namePair]);

  it('is marked as such in its binding, and only it', () => {
    const other = build.reference(
      'Ed-Fi:School',
      [
        ['$.schoolId', '$.otherReference.schoolId'],
        ['$.name', '$.otherReference.name'],
      ],
      false,
    );
    const { documentReferenceBindings } = resourceOf(
      modelOf([withSchool(thing({ School: reference, Other: other }, paths))]),
      'Ed-Fi:Thing',
    );
    expect(
      documentReferenceBindings.map(({ fkColumn, isIdentityComponent }) => [fkColumn, isIdentityComponent]),
    ).toEqual([
      ['Other_DocumentId', false],
      ['School_DocumentId', true],
    ]);
  });

  it('has all of its paths in identityJsonPaths; those that are not are listed, sorted', () => {
    const wide = build.resource('Wide', {
      identityJsonPaths: ['$.a', '$.b', '$.c'],
      jsonSchemaForInsert: build.object({ a: build.string(), b: build.string(), c: build.string() }, ['a', 'b', 'c']),
    });
    const referrer = build.resource('Thing', {
      identityJsonPaths: ['$.wideReference.b'],
      documentPathsMapping: {
        TheKey: build.reference('Ed-Fi:Wide', [
          ['$.c', '$.wideReference.c'],
          ['$.b', '$.wideReference.b'],
          ['$.a', '$.wideReference.a'],
        ]),
      },
      jsonSchemaForInsert: build.object({
        wideReference: build.object({ a: build.string(), b: build.string(), c: build.string() }),
      }),
    });
    expectRejected([withSchool(wide, referrer)], {
      code: 'REFERENCE_IDENTITY_INCOMPLETE',
      resource: 'Ed-Fi:Thing',
      names: ['TheKey', '$.wideReference', ['$.wideReference.a', '$.wideReference.c']],
    });
  });

  it('has two paths, and one in identityJsonPaths is not enough', () => {
    expectDiagnostic({ TheKey: reference }, ['$.schoolReference.name'], 'REFERENCE_IDENTITY_INCOMPLETE', [
      'TheKey',
      '$.schoolReference',
      '$.schoolReference.schoolId',
    ]);
  });

  it('is required', () => {
    expectDiagnostic({ TheKey: { ...reference, isRequired: false } }, paths, 'REFERENCE_IDENTITY_OPTIONAL', ['TheKey']);
  });
});

describe('an identity path', () => {
  it('must be covered by some entry; those that are not are listed, sorted', () => {
    expectDiagnostic({ Code: build.scalarPath('$.code') }, ['$.zone', '$.code', '$.area'], 'IDENTITY_PATH_UNMAPPED', [
      ['$.area', '$.zone'],
    ]);
  });

  it('may be covered by a scalar, a descriptor or a reference', () => {
    const covered = build.rawResource('Thing', {
      identityJsonPaths: ['$.code', '$.kindDescriptor', '$.schoolReference.schoolId', '$.schoolReference.name'],
      documentPathsMapping: {
        Code: build.scalarPath('$.code'),
        Kind: build.descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor'),
        School: build.reference('Ed-Fi:School', [idPair, namePair]),
      },
      jsonSchemaForInsert: build.object(
        {
          code: build.string(10),
          kindDescriptor: build.uri(),
          schoolReference: build.object({ schoolId: build.integer(), name: build.string(20) }, ['schoolId', 'name']),
        },
        ['code', 'kindDescriptor', 'schoolReference'],
      ),
    });
    const model = modelOf([withSchool(covered, build.descriptor('KindDescriptor'))]);
    expect(resourceOf(model, 'Ed-Fi:Thing').naturalKey.columns).toEqual([
      'Code',
      'KindDescriptor_DescriptorId',
      'School_DocumentId',
    ]);
  });
});

describe('several mistakes in one mapping', () => {
  const inconsistent = build.reference('Ed-Fi:School', [idPair, ['$.name', '$.otherReference.name']]);
  const duplicate = build.reference('Ed-Fi:School', [idPair, ['$.schoolId', '$.schoolReference.name']]);

  it('are met in the order of the keys, not of the file', () => {
    const [twice, apart] = ['REFERENCE_IDENTITY_PATH_DUPLICATE', 'REFERENCE_PREFIX_INCONSISTENT'] as const;
    expectCodes({ B: inconsistent, A: duplicate }, [], twice, apart);
    expectCodes({ B: duplicate, A: inconsistent }, [], apart, twice);
  });

  it('come before identity paths that nothing covers', () => {
    expectCodes({ A: duplicate }, ['$.code'], 'REFERENCE_IDENTITY_PATH_DUPLICATE', 'IDENTITY_PATH_UNMAPPED');
  });
});
