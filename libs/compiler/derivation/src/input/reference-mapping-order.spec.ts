import { build, expectDiagnostics, expectRejected, schemaSet } from '@dms/testing';
import { describe, it } from 'vitest';
import { deriveModel } from '../derive-model.ts';

const wide = build.resource('Wide', {
  identityJsonPaths: ['$.a', '$.b', '$.c'],
  jsonSchemaForInsert: build.object({ a: build.string(), b: build.string(), c: build.string() }, ['a', 'b', 'c']),
});

const pair = (identity: string, field: string, object = 'wideReference') =>
  [`$.${identity}`, `$.${object}.${field}`] as const;

type MappingPairs = readonly (readonly [string, string])[];

const expectDiagnostic = (
  code: Parameters<typeof expectRejected>[1]['code'],
  pairs: MappingPairs,
  { isRequired = true, identity = [] as readonly string[] },
  ...others: readonly Parameters<typeof expectRejected>[1][]
) => {
  const wideReference = build.object({ a: build.string(), b: build.string(), c: build.string() }, ['a']);
  const thing = build.rawResource('Thing', {
    identityJsonPaths: identity,
    documentPathsMapping: { Wide: build.reference('Ed-Fi:Wide', pairs, isRequired) },
    jsonSchemaForInsert: build.object({ wideReference, uncovered: build.string() }, ['wideReference', 'uncovered']),
  });
  expectDiagnostics(
    () => deriveModel(schemaSet(build.project('Ed-Fi', [wide, thing])), 'pgsql'),
    { code, resource: 'Ed-Fi:Thing', names: ['Wide'] },
    ...others,
  );
};

// design 02 §5.3: the rules of an entry are evaluated in the order of the table in the design
describe('an entry that breaks several rules is reported for the first', () => {
  const identity = ['$.wideReference.a'];

  it('a repeated identity path before an incomplete identity', () => {
    expectDiagnostic('REFERENCE_IDENTITY_PATH_DUPLICATE', [pair('a', 'a'), pair('b', 'b'), pair('b', 'c')], {
      identity,
    });
  });

  it('an incomplete identity before an optional reference', () => {
    expectDiagnostic('REFERENCE_IDENTITY_INCOMPLETE', [pair('a', 'a'), pair('b', 'b')], {
      identity,
      isRequired: false,
    });
  });

  it('an optional reference before an identity path that nothing covers', () => {
    expectDiagnostic(
      'REFERENCE_IDENTITY_OPTIONAL',
      [pair('a', 'a')],
      { identity: [...identity, '$.uncovered'], isRequired: false },
      { code: 'IDENTITY_PATH_UNMAPPED', resource: 'Ed-Fi:Thing', names: ['$.uncovered'] },
    );
  });
});

describe('an identity path that is the object of a reference', () => {
  it('is not covered by it: only its fields are', () => {
    const thing = build.rawResource('Thing', {
      identityJsonPaths: ['$.wideReference'],
      documentPathsMapping: { Wide: build.reference('Ed-Fi:Wide', [pair('a', 'a')]) },
    });
    expectRejected([build.project('Ed-Fi', [wide, thing])], {
      code: 'IDENTITY_PATH_UNMAPPED',
      resource: 'Ed-Fi:Thing',
      names: ['$.wideReference'],
    });
  });
});
