import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { convert, kit, kitOf, legacy, projectOf } from '../../test/legacy-format/toy-kit.ts';

const { object } = build;

describe('step 1: the project', () => {
  it('gets its key as projectEndpointName and keeps its members', () => {
    const project = projectOf(legacy({}, { description: 'x', compatibleDsRange: null, someMember: [1] }));
    expect(project).toMatchObject({
      projectEndpointName: 'toy',
      projectName: 'Toy',
      projectVersion: '1.0.0',
      isExtensionProject: false,
      description: 'x',
      compatibleDsRange: null,
      someMember: [1],
    });
  });

  it.each<[string, build.Json | undefined]>([
    ['names another endpoint', { Toy: 'toys' }],
    ['does not name the project', { Other: 'toy' }],
    ['is not an object', 'toy'],
    ['is absent', undefined],
  ])('is warned about when projectNameMapping %s', (_name, projectNameMapping) => {
    const { projectNameMapping: _dropped, ...rest } = legacy({});
    const { schemas, report } = convert(projectNameMapping === undefined ? rest : { ...rest, projectNameMapping });
    expect(report.warnings.map((entry) => [entry.code, entry.class, entry.where.file])).toEqual([
      ['CONVERSION_PROJECT_NAME', 'W', 'legacy.json'],
    ]);
    expect(report.warnings[0]?.message).toMatch(/toy/);
    expect(schemas[0]?.projectEndpointName).toBe('toy');
  });

  it('is not warned about when projectNameMapping names its key', () => {
    expect(convert(legacy({})).report.warnings).toEqual([]);
  });
});

describe('step 2: the members of the project', () => {
  it('resourceNameMapping is built from the resource schemas, so that no descriptor hides a resource', () => {
    const mapping = projectOf(
      legacy(
        {
          gradingPeriods: kit({}, object({}), { resourceName: 'GradingPeriod' }),
          gradingPeriodDescriptors: kit({}, object({}), {
            resourceName: 'GradingPeriodDescriptor',
            isDescriptor: true,
          }),
        },
        { resourceNameMapping: { GradingPeriod: 'gradingPeriodDescriptors', Gone: 'gones' } },
      ),
    ).resourceNameMapping;
    expect(mapping).toEqual({ GradingPeriod: 'gradingPeriods', GradingPeriodDescriptor: 'gradingPeriodDescriptors' });
  });

  it('resourceNameMapping lists no resource extension', () => {
    expect(projectOf(legacy({ kits: kit({}, object({}), { isResourceExtension: true }) })).resourceNameMapping).toEqual(
      {},
    );
  });

  it('domains, educationOrganizationHierarchy and educationOrganizationTypes are empty when absent', () => {
    expect(projectOf(legacy({}))).toMatchObject({
      domains: [],
      educationOrganizationHierarchy: {},
      educationOrganizationTypes: [],
    });
  });

  it('and stay as they are when present', () => {
    const members = {
      domains: ['a'],
      educationOrganizationHierarchy: { School: {} },
      educationOrganizationTypes: ['School'],
    };
    expect(projectOf(legacy({}, members))).toMatchObject(members);
  });
});

describe('step 6: the members of a resource', () => {
  it('decimalPropertyValidationInfos, domains and authorizationPathways are empty when absent', () => {
    expect(kitOf({}, object({}))).toMatchObject({
      decimalPropertyValidationInfos: [],
      domains: [],
      authorizationPathways: [],
    });
  });

  it('and stay as they are when present', () => {
    const members = {
      decimalPropertyValidationInfos: [{ path: '$.a', totalDigits: 5, decimalPlaces: 2 }],
      domains: ['x'],
      authorizationPathways: ['y'],
    };
    expect(kitOf({}, object({}), members)).toMatchObject(members);
  });

  it('items of queryFieldMapping lose the flag identity and nothing else', () => {
    const { queryFieldMapping } = kitOf({}, object({}), {
      queryFieldMapping: {
        code: [{ path: '$.code', type: 'string', identity: true }],
        other: [
          { path: '$.a', type: 'number' },
          { path: '$.b', type: 'number', identity: false, more: 1 },
        ],
        identity: [],
      },
    });
    expect(queryFieldMapping).toEqual({
      code: [{ path: '$.code', type: 'string' }],
      other: [
        { path: '$.a', type: 'number' },
        { path: '$.b', type: 'number', more: 1 },
      ],
      identity: [],
    });
  });

  it('a resource without queryFieldMapping gets none', () => {
    expect(kitOf({}, object({}))).not.toHaveProperty('queryFieldMapping');
  });

  it('all other members stay as they are', () => {
    const members = {
      booleanJsonPaths: ['$.a'],
      allowIdentityUpdates: true,
      equalityConstraints: [{ sourceJsonPath: '$.a', targetJsonPath: '$.b' }],
    };
    const schema = object({ a: { type: 'string', maxLength: 5, description: 'é' } }, ['a']);
    expect(kitOf({}, schema, members)).toMatchObject({ ...members, jsonSchemaForInsert: schema });
  });
});
