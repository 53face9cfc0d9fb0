import {
  build,
  edFi,
  expectDiagnostics,
  expectRejected,
  modelOf,
  resourceOf,
  schemaSet,
  school,
  tableNames,
  uncheckedSet,
  withProjectSchema,
} from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../../src/derive-model.ts';

const toName = { Target: build.reference('Ed-Fi:School', [['$.name', '$.targetReference.name']]) };

describe('the first rules for a set (design 02 §3)', () => {
  const concreteAndAbstract = (resources: readonly build.BuiltResource[]) =>
    withProjectSchema(
      uncheckedSet(edFi(resources)),
      'Ed-Fi',
      (schema) =>
        new Map([...schema, ['abstractResources', toJsonValue({ School: { identityJsonPaths: ['$.schoolId'] } })]]),
    );
  const withoutKeys = (set: ReturnType<typeof uncheckedSet>) => ({ ...set, info: { ...set.info, resourceKeys: [] } });

  it('check shapes before names', () => {
    const { isResourceExtension: _, ...schema } = school.schema;
    const shapeless = { endpoint: 'others', schema: { ...schema, resourceName: 'Other' } };
    expectDiagnostics(
      () => deriveModel(concreteAndAbstract([school, shapeless]), 'pgsql'),
      { code: 'APISCHEMA_INVALID', resource: 'Ed-Fi:Other', names: ['isResourceExtension'] },
      { code: 'RESOURCE_KEY_DUPLICATE', resource: 'Ed-Fi:School' },
    );
  });

  it('check names before resource keys', () => {
    expectDiagnostics(() => deriveModel(withoutKeys(concreteAndAbstract([school])), 'pgsql'), {
      code: 'RESOURCE_KEY_DUPLICATE',
      resource: 'Ed-Fi:School',
    });
  });
});

describe('an identityJsonPath that is none of its target is reported for', () => {
  it('an abstract resource', () => {
    const abstractResources = { Base: { identityJsonPaths: ['$.id'], documentPathsMapping: toName } };
    expectDiagnostics(
      () => deriveModel(schemaSet(edFi([school], { abstractResources })), 'pgsql'),
      { code: 'REFERENCE_IDENTITY_PATH_UNKNOWN', resource: 'Ed-Fi:Base', names: ['Target', '$.name', 'Ed-Fi:School'] },
      { code: 'ABSTRACT_NO_MEMBERS', resource: 'Ed-Fi:Base' },
    );
  });

  it('a resource extension', () => {
    const extension = build.extensionOf('School', { documentPathsMapping: toName });
    expectRejected([edFi([school]), build.project('Sample', [extension], { isExtension: true })], {
      code: 'REFERENCE_IDENTITY_PATH_UNKNOWN',
      resource: 'Sample:School',
      names: ['Target', '$.name', 'Ed-Fi:School'],
    });
  });

  it('a reference to an abstract resource', () => {
    const member = build.resource('Member', {
      isSubclass: true,
      superclassProjectName: 'Ed-Fi',
      superclassResourceName: 'Base',
      superclassIdentityJsonPath: '$.id',
      identityJsonPaths: ['$.memberId'],
      jsonSchemaForInsert: build.object({ memberId: build.integer() }, ['memberId']),
    });
    // the path of the value in the member is not an identity path of the abstract resource
    const referrer = build.resource('Referrer', {
      documentPathsMapping: { Target: build.reference('Ed-Fi:Base', [['$.memberId', '$.targetReference.id']]) },
    });
    expectRejected([edFi([member, referrer], { abstractResources: { Base: { identityJsonPaths: ['$.id'] } } })], {
      code: 'REFERENCE_IDENTITY_PATH_UNKNOWN',
      resource: 'Ed-Fi:Referrer',
      names: ['Target', '$.memberId', 'Ed-Fi:Base'],
    });
  });
});

it('superclass facts of a resource that is not a subclass are not looked at', () => {
  const plain = { ...school.schema, superclassProjectName: 'Ed-Fi', superclassResourceName: 'Missing' };
  const model = modelOf([
    edFi([{ endpoint: 'schools', schema: { ...plain, superclassIdentityJsonPath: '$.missing' } }]),
  ]);
  expect(resourceOf(model, 'Ed-Fi:School').superclass).toBeNull();
});

it('a resource extension may have the name of an abstract resource of its project', () => {
  // the extension is not a resource of its own, so the name is not used twice
  const extension = build.extensionOf('School', {
    jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object({})) }),
  });
  const member = build.resource('Member', {
    isSubclass: true,
    superclassProjectName: 'Sample',
    superclassResourceName: 'School',
    identityJsonPaths: ['$.id'],
    jsonSchemaForInsert: build.object({ id: build.integer() }, ['id']),
  });
  const sample = build.project('Sample', [extension, member], {
    isExtension: true,
    abstractResources: { School: { identityJsonPaths: ['$.id'] } },
  });
  const model = modelOf([edFi([school]), sample]);
  expect(tableNames(resourceOf(model, 'Ed-Fi:School'))).toEqual(['edfi.School', 'sample.SchoolExtension']);
});
