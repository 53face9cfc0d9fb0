import {
  build,
  type Document,
  type ExpectedDiagnostic,
  expectDiagnostics,
  failureOf,
  schemaSet,
  withSchool,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel } from './derive-model.ts';

const expectReported = (documents: readonly Document[], ...faults: readonly ExpectedDiagnostic[]) =>
  expectDiagnostics(() => deriveModel(schemaSet(...documents), 'pgsql'), ...faults);

const thing = (name: string, properties: build.JsonRecord, members: build.JsonRecord = {}) =>
  build.resource(name, { jsonSchemaForInsert: build.object(properties), ...members });

const toSchool = (path: string) => build.reference('Ed-Fi:School', [['$.schoolId', path]]);

/** Mistakes that different steps of derivation find; each makes a resource with that mistake. */
const mistakes = {
  schema: (name: string) => thing(name, { a: { type: ['string'] } }),
  type: (name: string) => thing(name, { a: { type: 'string' } }),
  collision: (name: string) => thing(name, { a: build.object({ b: build.string() }), aB: build.string() }),
  override: (name: string) => thing(name, {}, { relational: { nameOverrides: { '$.x': ' ' } } }),
  reference: (name: string) =>
    thing(
      name,
      { schoolReference: build.object({}) },
      { documentPathsMapping: { School: toSchool('$.schoolReference.schoolId') } },
    ),
  naturalKey: (name: string) =>
    build.resource(name, {
      identityJsonPaths: ['$.rows[*].a'],
      jsonSchemaForInsert: build.object({ rows: build.array(build.object({ a: build.string() }, ['a'])) }),
    }),
  unused: (name: string) => thing(name, {}, { relational: { nameOverrides: { '$.typo': 'X' } } }),
};

describe('mistakes of independent resources', () => {
  it('are reported together, by project and resource, when one step finds them', () => {
    const other = build.project('Alpha', [mistakes.type('Zeta')], { isExtension: true });
    expectReported(
      [withSchool(mistakes.collision('D'), mistakes.schema('B'), mistakes.override('C'), mistakes.type('A')), other],
      { code: 'STRING_MAX_LENGTH_MISSING', resource: 'Alpha:Zeta' },
      { code: 'STRING_MAX_LENGTH_MISSING', resource: 'Ed-Fi:A' },
      { code: 'SCHEMA_TYPE_INVALID', resource: 'Ed-Fi:B' },
      { code: 'OVERRIDE_INVALID', resource: 'Ed-Fi:C' },
      { code: 'COLUMN_NAME_COLLISION', resource: 'Ed-Fi:D' },
    );
  });

  it('are reported in an order that does not depend on that of the input', () => {
    const resources = [mistakes.schema('B'), mistakes.type('A'), mistakes.collision('C')];
    const report = (...list: build.BuiltResource[]) =>
      failureOf(() => deriveModel(schemaSet(withSchool(...list)), 'pgsql')).diagnostics;
    expect(report(...resources)).toEqual(report(...[...resources].reverse()));
  });

  it.each([
    ['required fields', 'APISCHEMA_INVALID', (name: string) => thing(name, {}, { allowIdentityUpdates: 'no' })],
    [
      'entries of documentPathsMapping',
      'APISCHEMA_INVALID',
      (name: string) => thing(name, {}, { documentPathsMapping: { A: {} } }),
    ],
    [
      'reference pairs',
      'REFERENCE_PATHS_MISSING',
      (name: string) =>
        thing(name, {}, { documentPathsMapping: { A: { ...toSchool('$.a.b'), referenceJsonPaths: [] } } }),
    ],
    [
      'descriptor paths',
      'DESCRIPTOR_PATH_CONFLICT',
      (name: string) =>
        thing(
          name,
          { kindDescriptor: build.uri() },
          {
            documentPathsMapping: {
              A: build.descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor'),
              B: build.descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor'),
            },
          },
        ),
    ],
    ['references', 'REFERENCE_PATH_NOT_IN_SCHEMA', mistakes.reference],
    ['natural keys', 'IDENTITY_PATH_IN_ARRAY', mistakes.naturalKey],
    [
      'reference constraints',
      'REFERENCE_IDENTITY_NOT_COVERED',
      (name: string) =>
        build.resource(name, {
          documentPathsMapping: { Two: build.reference('Ed-Fi:Two', [['$.a', '$.twoReference.a']]) },
          jsonSchemaForInsert: build.object({ twoReference: build.object({ a: build.string() }) }),
        }),
    ],
    ['overrides', 'OVERRIDE_UNUSED', mistakes.unused],
  ] as const)('in their %s are all found', (_, code, mistake) => {
    const two = build.resource('Two', {
      identityJsonPaths: ['$.a', '$.b'],
      jsonSchemaForInsert: build.object({ a: build.string(), b: build.string() }, ['a', 'b']),
    });
    expectReported(
      [withSchool(two, mistake('Q'), mistake('P'))],
      { code, resource: 'Ed-Fi:P' },
      { code, resource: 'Ed-Fi:Q' },
    );
  });

  it('are found in resource extensions too', () => {
    const extension = (name: string, properties: build.JsonRecord) =>
      build.extensionOf(name, {
        jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object(properties)) }),
      });
    expectReported(
      [
        withSchool(thing('A', {}), thing('B', {})),
        build.project(
          'Sample',
          [extension('C', {}), extension('B', { n: build.number() }), extension('A', { s: { type: 'string' } })],
          {
            isExtension: true,
          },
        ),
      ],
      { code: 'STRING_MAX_LENGTH_MISSING', resource: 'Sample:A' },
      { code: 'DECIMAL_INFO_MISSING', resource: 'Sample:B' },
      { code: 'EXTENSION_BASE_UNRESOLVED', resource: 'Sample:C' },
    );
  });

  it('in array uniqueness are found for bases and extensions together', () => {
    const rows = { rows: build.array(build.object({ a: build.string() })) };
    const wrong = { arrayUniquenessConstraints: [{ paths: ['$.rows[*].b'] }] };
    const extension = (name: string) =>
      build.extensionOf(name, {
        ...wrong,
        jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object({ x: build.string() })) }),
      });
    expectReported(
      [
        withSchool(thing('A', rows), thing('B', rows)),
        build.project('Sample', [extension('B'), extension('A')], { isExtension: true }),
      ],
      { code: 'ARRAY_UNIQUENESS_UNMAPPED', resource: 'Sample:A' },
      { code: 'ARRAY_UNIQUENESS_UNMAPPED', resource: 'Sample:B' },
    );
  });
});

describe('mistakes that different steps find', () => {
  it('are reported together, in the order of the steps', () => {
    expectReported(
      [withSchool(mistakes.type('Z'), mistakes.reference('Y'), mistakes.naturalKey('X'), mistakes.unused('W'))],
      { code: 'STRING_MAX_LENGTH_MISSING', resource: 'Ed-Fi:Z' },
      { code: 'REFERENCE_PATH_NOT_IN_SCHEMA', resource: 'Ed-Fi:Y' },
      { code: 'IDENTITY_PATH_IN_ARRAY', resource: 'Ed-Fi:X' },
      { code: 'OVERRIDE_UNUSED', resource: 'Ed-Fi:W' },
    );
  });

  it('are reported together in one resource', () => {
    // wrong are the type of "a", and the lengths of "b", "c" and of "e" in a collection
    const rows = { d: build.array(build.object({ e: { type: 'string' } })) };
    const fault = (code: 'SCHEMA_TYPE_INVALID' | 'STRING_MAX_LENGTH_MISSING') => ({ code, resource: 'Ed-Fi:A' });
    expectReported(
      [withSchool(thing('A', { a: { type: 5 }, b: { type: 'string' }, c: { type: 'string' }, ...rows }))],
      fault('SCHEMA_TYPE_INVALID'),
      fault('STRING_MAX_LENGTH_MISSING'),
      fault('STRING_MAX_LENGTH_MISSING'),
      fault('STRING_MAX_LENGTH_MISSING'),
    );
  });
});
