import { assembleEffectiveSchema } from '@dms/api-schema';
import {
  abstractResource,
  build,
  codesOf,
  edFi,
  expectNamed,
  failureOf,
  keyed,
  modelOf,
  plain,
  subclassOf,
  uncheckedSet,
} from '@dms/testing';
import { isJsonObject, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../../src/derive-model.ts';
import {
  abstractResources,
  armsOf,
  organization,
  organizationId,
  renamed,
  withMembers,
} from '../organization-members.ts';

const { array, integer, object, resource, string } = build;

describe('an abstract resource that does not fit its members', () => {
  it('must have members: ABSTRACT_NO_MEMBERS', () => {
    const error = failureOf(() => modelOf(withMembers(plain('Thing', { note: string() }))));
    expect(codesOf(error)).toEqual(['ABSTRACT_NO_MEMBERS']);
    expectNamed(error.diagnostics[0], [organization]);
  });

  it.each<[string, build.JsonRecord, string]>([
    ['a missing project', { superclassProjectName: undefined as never }, 'superclassProjectName'],
    ['a null project', { superclassProjectName: null }, 'superclassProjectName'],
    ['a blank project', { superclassProjectName: ' ' }, 'superclassProjectName'],
    ['a numeric project', { superclassProjectName: 5 }, 'superclassProjectName'],
    ['a null name', { superclassResourceName: null }, 'superclassResourceName'],
    ['an empty name', { superclassResourceName: '' }, 'superclassResourceName'],
    ['a name that is a flag', { superclassResourceName: true }, 'superclassResourceName'],
  ])('has subclasses that name it: %s is ABSTRACT_SUPERCLASS_INVALID', (_, members, member) => {
    const schema = {
      ...keyed('School', { educationOrganizationId: integer() }, { ...subclassOf(organization), ...members }).schema,
    };
    const documents = withMembers({ endpoint: 'schools', schema: JSON.parse(JSON.stringify(schema)) });
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['ABSTRACT_SUPERCLASS_INVALID']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:School', member]);
  });

  it.each([
    [
      'referenced',
      { School: build.reference(organization, [[organizationId, '$.organizationReference.educationOrganizationId']]) },
    ],
    ['not referenced', {}],
  ])('has no descriptor for a member, %s or not: ABSTRACT_MEMBER_IS_DESCRIPTOR', (_, documentPathsMapping) => {
    const kind = build.descriptor('KindDescriptor');
    const organizationReference = object({ educationOrganizationId: integer() });
    const documents = withMembers(
      keyed('School', { educationOrganizationId: integer() }, subclassOf(organization)),
      { ...kind, schema: { ...kind.schema, ...subclassOf(organization) } },
      resource('Visit', { documentPathsMapping, jsonSchemaForInsert: object({ organizationReference }) }),
    );
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['ABSTRACT_MEMBER_IS_DESCRIPTOR']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:KindDescriptor', 'isSubclass']);
  });

  it.each([
    ['without', undefined],
    ['with', organizationId],
  ])('must exist: ABSTRACT_SUPERCLASS_UNKNOWN names both labels, %s rename', (_, rename) => {
    const school = keyed('School', { educationOrganizationId: integer() }, subclassOf('Ed-Fi:Nothing', rename));
    const error = failureOf(() => modelOf(withMembers(school, renamed('Agency'))));
    expect(codesOf(error)).toEqual(['ABSTRACT_SUPERCLASS_UNKNOWN']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:School', 'Ed-Fi:Nothing']);
  });

  it.each([
    ['without', undefined],
    ['with', organizationId],
  ])('must be abstract: ABSTRACT_SUPERCLASS_NOT_ABSTRACT names both labels, %s rename', (_, rename) => {
    const school = keyed('School', { educationOrganizationId: integer() }, subclassOf('Ed-Fi:Agency', rename));
    const error = failureOf(() => modelOf(withMembers(school, renamed('Agency'))));
    expect(codesOf(error)).toEqual(['ABSTRACT_SUPERCLASS_NOT_ABSTRACT']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:School', 'Ed-Fi:Agency']);
  });

  it.each<[string, build.Json]>([
    ['a missing', undefined as never],
    ['a null', null],
    ['a text', 'object'],
    ['an array', []],
  ])(
    'has subclasses with an object schema: %s jsonSchemaForInsert is ABSTRACT_SCHEMA_MISSING',
    (_, jsonSchemaForInsert) => {
      const schema = JSON.parse(JSON.stringify({ ...renamed('School').schema, jsonSchemaForInsert }));
      const error = failureOf(() => modelOf(withMembers({ endpoint: 'schools', schema })));
      expect(codesOf(error)).toEqual(['ABSTRACT_SCHEMA_MISSING']);
      expectNamed(error.diagnostics[0], ['Ed-Fi:School']);
    },
  );

  it.each([
    ['the member', { schoolId: integer(), otherId: integer() }, [organizationId], '2'],
    ['the member without identity', {}, [organizationId], '0'],
    ['the abstract resource', { schoolId: integer() }, [organizationId, '$.secondId'], '2'],
  ])(
    'is renamed one identity path to one: another number on %s is ABSTRACT_RENAME_ARITY with its count',
    (_, properties, paths, count) => {
      const school = keyed('School', properties, subclassOf(organization, organizationId));
      const documents = [edFi([school], { abstractResources: { EducationOrganization: abstractResource(paths) } })];
      const error = failureOf(() => modelOf(documents));
      expect(codesOf(error)).toEqual(['ABSTRACT_RENAME_ARITY']);
      expectNamed(error.diagnostics[0], ['Ed-Fi:School', count]);
    },
  );

  it.each([
    ['the member', { schoolId: integer(), otherId: integer() }, [organizationId]],
    ['the abstract resource', { schoolId: integer() }, [organizationId, '$.secondId']],
  ])('with a wrong number of paths on %s is reported with both labels', (_, properties, paths) => {
    const school = keyed('School', properties, subclassOf(organization, organizationId));
    const documents = [edFi([school], { abstractResources: { EducationOrganization: abstractResource(paths) } })];
    expectNamed(failureOf(() => modelOf(documents)).diagnostics[0], ['Ed-Fi:School', organization]);
  });

  it('is renamed by its own path: another one is ABSTRACT_RENAME_MISMATCH with both paths', () => {
    const school = keyed('School', { schoolId: integer() }, subclassOf(organization, '$.organizationId'));
    const error = failureOf(() => modelOf(withMembers(school)));
    expect(codesOf(error)).toEqual(['ABSTRACT_RENAME_MISMATCH']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:School', organization, '$.organizationId', organizationId]);
  });

  it('must be covered by the identity of a member without rename: ABSTRACT_PATH_MISSING', () => {
    const school = resource('School', {
      ...subclassOf(organization),
      identityJsonPaths: ['$.schoolId'],
      jsonSchemaForInsert: object({ schoolId: integer(), educationOrganizationId: integer() }, [
        'schoolId',
        'educationOrganizationId',
      ]),
    });
    const error = failureOf(() => modelOf(withMembers(school)));
    expect(codesOf(error)).toEqual(['ABSTRACT_PATH_MISSING']);
    expectNamed(error.diagnostics[0], [organizationId, organization, 'Ed-Fi:School']);
  });

  it('must find its path in the root table of a member: ABSTRACT_COLUMN_MISSING', () => {
    const school = resource('School', {
      ...subclassOf(organization, organizationId),
      identityJsonPaths: ['$.codes[*].value'],
      jsonSchemaForInsert: object({ codes: array(object({ value: integer() }, ['value'])) }),
    });
    const error = failureOf(() => modelOf(withMembers(school)));
    expect(codesOf(error)).toEqual(['ABSTRACT_COLUMN_MISSING']);
    expectNamed(error.diagnostics[0], ['$.codes[*].value', 'Ed-Fi:School', 'edfi.School']);
  });

  it.each([
    ['with [*]', '$.codes[*].value'],
    ['with [*] at the end', '$.codes[*]'],
    ['without a property', '$'],
  ])('must not have an identity path %s: IDENTITY_PATH_IN_ARRAY', (_, path) => {
    const school = keyed('School', { schoolId: integer() }, subclassOf(organization, path));
    const documents = [edFi([school], { abstractResources: { EducationOrganization: abstractResource([path]) } })];
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['IDENTITY_PATH_IN_ARRAY']);
    expectNamed(error.diagnostics[0], [organization, path]);
  });

  it('must not repeat an identity path: IDENTITY_PATH_DUPLICATE', () => {
    const school = keyed('School', { educationOrganizationId: integer() }, subclassOf(organization));
    const documents = [
      edFi([school], {
        abstractResources: { EducationOrganization: abstractResource([organizationId, organizationId]) },
      }),
    ];
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['IDENTITY_PATH_DUPLICATE']);
    expectNamed(error.diagnostics[0], [organization, organizationId]);
  });

  it('must not have an identity path outside the JSONPath subset', () => {
    const school = keyed('School', { educationOrganizationId: integer() }, subclassOf(organization));
    const documents = [edFi([school], { abstractResources: { EducationOrganization: abstractResource(['$.a[0]']) } })];
    expect(failureOf(() => modelOf(documents)).code).toBe('JSONPATH_INVALID');
  });

  it('has labels that fit 256 characters: a longer one is ABSTRACT_DISCRIMINATOR_LENGTH with the value', () => {
    const ofLength = (length: number) => `S${'x'.repeat(length - 'Ed-Fi:'.length - 1)}`;
    const member = (length: number) =>
      keyed(ofLength(length), { educationOrganizationId: integer() }, subclassOf(organization));
    expect(armsOf(modelOf(withMembers(member(256))))[0]?.at(-1)).toBe(`'Ed-Fi:${ofLength(256)}'`);
    const error = failureOf(() => modelOf(withMembers(member(257))));
    expect(codesOf(error)).toEqual(['ABSTRACT_DISCRIMINATOR_LENGTH']);
    expectNamed(error.diagnostics[0], [`Ed-Fi:${ofLength(257)}`]);
  });

  it('must not share its name with a concrete resource: RESOURCE_KEY_DUPLICATE', () => {
    const documents = [
      edFi([renamed('School'), keyed('EducationOrganization', { id: integer() })], { abstractResources }),
    ];
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['RESOURCE_KEY_DUPLICATE']);
    expectNamed(error.diagnostics[0], [organization]);
  });

  it('whose name is concrete, too, is reported with both locations', () => {
    const documents = [
      edFi([renamed('School'), keyed('EducationOrganization', { id: integer() })], { abstractResources }),
    ];
    const places = ['resourceSchemas.educationOrganizations', 'abstractResources.EducationOrganization'];
    expectNamed(failureOf(() => modelOf(documents)).diagnostics[0], places);
  });

  it('whose name is concrete, too, is found by derivation itself when the set was numbered without it', () => {
    const sound = uncheckedSet(...withMembers(renamed('School')));
    const [project] = sound.projects;
    const schemas = project!.projectSchema.get('resourceSchemas');
    if (!isJsonObject(schemas)) throw new Error('no resourceSchemas');
    const second = keyed('EducationOrganization', { id: integer() });
    const resourceSchemas = new Map([...schemas, [second.endpoint, toJsonValue(second.schema)]]);
    const broken = {
      info: assembleEffectiveSchema('1.0.0', sound.projects).info,
      projects: [
        { ...project!, projectSchema: new Map([...project!.projectSchema, ['resourceSchemas', resourceSchemas]]) },
      ],
    };
    const error = failureOf(() => deriveModel(broken, 'pgsql'));
    expect(codesOf(error)).toEqual(['RESOURCE_KEY_DUPLICATE']);
    expect(error.diagnostics[0].details).toMatchObject({
      resource: organization,
      locations: ['abstractResources.EducationOrganization', 'resourceSchemas.educationOrganizations'],
    });
    expectNamed(error.diagnostics[0], [
      organization,
      'resourceSchemas.educationOrganizations',
      'abstractResources.EducationOrganization',
    ]);
  });

  it('reports the faults of several members together', () => {
    const member = (name: string) => keyed(name, { educationOrganizationId: integer() }, subclassOf('Ed-Fi:Nothing'));
    expect(codesOf(failureOf(() => modelOf(withMembers(member('A'), member('B'), renamed('School')))))).toEqual([
      'ABSTRACT_SUPERCLASS_UNKNOWN',
      'ABSTRACT_SUPERCLASS_UNKNOWN',
    ]);
  });
});
