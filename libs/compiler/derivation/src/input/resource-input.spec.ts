import {
  build,
  columnNames,
  edFi,
  expectDiagnostics,
  expectRejected,
  modelOf,
  resourceOf,
  schemaSet,
  tableOf,
  uncheckedSet,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../derive-model.ts';

const school = build.resource('School', {
  identityJsonPaths: ['$.schoolId', '$.name'],
  jsonSchemaForInsert: build.object({ schoolId: build.integer(), name: build.string() }, ['schoolId', 'name']),
});

/** `School` with one member of its schema changed, or removed if undefined. */
const schoolWith = (member: string, value: build.Json | undefined): build.BuiltResource => {
  const { [member]: _, ...others } = school.schema;
  return { ...school, schema: value === undefined ? others : { ...others, [member]: value } };
};

describe('a required field of a resource schema', () => {
  it.each([
    ['isDescriptor', [undefined, null, 'false']],
    ['allowIdentityUpdates', [undefined, null, 1]],
    ['jsonSchemaForInsert', [undefined, null, 'object', []]],
    ['identityJsonPaths', [undefined, null, '$.schoolId', [5], [null], [' ']]],
  ] as const)('%s must be there and of its type', (field, values) => {
    for (const value of values) {
      const found = () => deriveModel(uncheckedSet(edFi([schoolWith(field, value)])), 'pgsql');
      expectDiagnostics(found, { code: 'APISCHEMA_INVALID', resource: 'Ed-Fi:School' });
      expect(found, `${field}: ${JSON.stringify(value)}`).toThrow(field);
    }
  });

  it('resourceName must be a text that is not blank', () => {
    const rejects = (value: build.Json | undefined, resource: string) =>
      expectDiagnostics(() => deriveModel(uncheckedSet(edFi([schoolWith('resourceName', value)])), 'pgsql'), {
        code: 'APISCHEMA_INVALID',
        resource,
        names: ['resourceName'],
      });
    // an entry without a resource name is labelled with its key
    rejects(undefined, 'Ed-Fi:schools');
    rejects(null, 'Ed-Fi:schools');
    rejects(5, 'Ed-Fi:schools');
    rejects(' ', 'Ed-Fi: ');
  });

  it('may be an empty list of identity paths', () => {
    const model = modelOf([
      edFi([build.resource('Thing', { identityJsonPaths: [], jsonSchemaForInsert: build.object({}) })]),
    ]);
    expect(resourceOf(model, 'Ed-Fi:Thing').naturalKey.columns).toEqual([]);
    expect(resourceOf(model, 'Ed-Fi:Thing').identityElements).toEqual([]);
  });
});

describe('an optional field of a resource schema', () => {
  const optional = [
    'isSubclass',
    'superclassProjectName',
    'superclassResourceName',
    'superclassIdentityJsonPath',
    'documentPathsMapping',
    'arrayUniquenessConstraints',
    'decimalPropertyValidationInfos',
    'equalityConstraints',
    'relational',
  ];
  const plain = () =>
    build.rawResource('Thing', {
      jsonSchemaForInsert: build.object({ a: build.string(), rows: build.array(build.object({})) }),
    });

  it.each(optional)('%s may be absent or null', (field) => {
    const { endpoint, schema } = plain();
    const { [field]: _, ...absent } = schema;
    const resourcesOf = (changed: build.JsonRecord) => modelOf([edFi([{ endpoint, schema: changed }])]).resources;
    expect(resourcesOf(absent)).toEqual(resourcesOf(schema));
    expect(resourcesOf({ ...absent, [field]: null })).toEqual(resourcesOf(schema));
  });

  it.each([
    ['isSubclass', 'yes'],
    ['superclassIdentityJsonPath', 5],
    ['documentPathsMapping', []],
    ['decimalPropertyValidationInfos', {}],
  ] as const)('%s must be of its type when it is there', (field, value) => {
    const { endpoint, schema } = plain();
    expectRejected([edFi([{ endpoint, schema: { ...schema, [field]: value } }])], {
      code: 'APISCHEMA_INVALID',
      resource: 'Ed-Fi:Thing',
      names: [field],
    });
  });

  it('decimalPropertyValidationInfos holds objects with a path and two integers', () => {
    for (const info of [
      5,
      null,
      {},
      { path: ' ' },
      { path: '$.a', totalDigits: 'five' },
      { path: '$.a', decimalPlaces: true },
    ]) {
      const { endpoint, schema } = plain();
      const found = () =>
        deriveModel(
          schemaSet(edFi([{ endpoint, schema: { ...schema, decimalPropertyValidationInfos: [info] } }])),
          'pgsql',
        );
      expectDiagnostics(found, { code: 'APISCHEMA_INVALID', resource: 'Ed-Fi:Thing' });
      expect(found).toThrow('decimalPropertyValidationInfos');
    }
  });

  it('all other fields are ignored', () => {
    const noise = {
      queryFieldMapping: 'none',
      openApiFragments: { resources: {} },
      booleanJsonPaths: [5],
      securableElements: null,
      domains: 'all',
      somethingElse: true,
    };
    const { endpoint, schema } = school;
    expect(modelOf([edFi([{ endpoint, schema: { ...schema, ...noise } }])]).resources).toEqual(
      modelOf([edFi([school])]).resources,
    );
  });
});

describe('identityJsonPaths', () => {
  it('must not repeat a path; those that are repeated are listed, sorted', () => {
    expectRejected(
      [edFi([schoolWith('identityJsonPaths', ['$.schoolId', '$.name', '$.schoolId', '$.name', '$.name'])])],
      {
        code: 'IDENTITY_PATH_DUPLICATE',
        resource: 'Ed-Fi:School',
        names: [['$.name', '$.schoolId']],
      },
    );
  });

  it('keep the order of the file', () => {
    const paths = (order: readonly string[]) =>
      resourceOf(modelOf([edFi([schoolWith('identityJsonPaths', order)])]), 'Ed-Fi:School').identityElements.map(
        ({ identityJsonPath }) => identityJsonPath.canonical,
      );
    expect(paths(['$.schoolId', '$.name'])).toEqual(['$.schoolId', '$.name']);
    expect(paths(['$.name', '$.schoolId'])).toEqual(['$.name', '$.schoolId']);
  });
});

describe('a JSONPath of the metadata', () => {
  const faulty: readonly string[] = [
    '',
    'name',
    '$name',
    '$..name',
    '$.na me',
    '$.a[0]',
    '$[*]',
    "$['a']",
    '$.a[*][*]',
    '$.',
    '$.a.',
  ];
  const expectInvalid = (members: build.JsonRecord, text: string) => {
    const found = () =>
      deriveModel(
        schemaSet(edFi([school, build.descriptor('KindDescriptor'), build.rawResource('Thing', members)])),
        'pgsql',
      );
    expectDiagnostics(found, { code: 'JSONPATH_INVALID', resource: 'Ed-Fi:Thing' });
    expect(found).toThrow(JSON.stringify(text));
  };

  it.each(faulty.filter((text) => text !== ''))('must be of the subset, which %s is not', (text) => {
    expectInvalid({ identityJsonPaths: [text] }, text);
  });

  it.each(faulty)('must be of the subset wherever it stands: %j', (text) => {
    const schema = { jsonSchemaForInsert: build.object({ rows: build.array(build.object({ a: build.string() })) }) };
    expectInvalid({ ...schema, arrayUniquenessConstraints: [{ paths: [text] }] }, text);
    expectInvalid({ ...schema, arrayUniquenessConstraints: [[text]] }, text);
    expectInvalid({ ...schema, arrayUniquenessConstraints: [{ basePath: text, paths: ['$.a'] }] }, text);
    if (text === '') return;
    expectInvalid({ ...schema, documentPathsMapping: { A: build.scalarPath(text) } }, text);
    expectInvalid({ ...schema, decimalPropertyValidationInfos: [{ path: text }] }, text);
    expectInvalid({ ...schema, documentPathsMapping: { K: build.descriptorPath('Ed-Fi:KindDescriptor', text) } }, text);
    expectInvalid(
      { ...schema, documentPathsMapping: { S: build.reference('Ed-Fi:School', [['$.schoolId', text]]) } },
      text,
    );
    expectInvalid(
      { ...schema, documentPathsMapping: { S: build.reference('Ed-Fi:School', [[text, '$.s.id']]) } },
      text,
    );
  });

  it('may hold Unicode letters and digits, "_" and "-"', () => {
    const path = '$.größe-in_m2٣';
    const model = modelOf([
      edFi([
        build.resource('Thing', {
          identityJsonPaths: [path],
          jsonSchemaForInsert: build.object({ 'größe-in_m2٣': build.integer() }, ['größe-in_m2٣']),
        }),
      ]),
    ]);
    expect(columnNames(tableOf(model, 'edfi.Thing'))).toEqual(['DocumentId', 'GrößeInM2٣']);
  });
});
