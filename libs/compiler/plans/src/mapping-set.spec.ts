import { type MappingVersion, resourceLabel } from '@dms/api-schema';
import type { AbstractIdentityTable, ResourceModel } from '@dms/model';
import { expectDiagnostic, handMade } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import {
  compileMappingSet,
  getReadPlan,
  getWritePlan,
  type MappingSet,
  type MappingSetKey,
  mappingSetManifestText,
} from './index.ts';

const { descriptorResource, modelSet, named, resource, rootTable, scalar } = handMade;

const school = resource('Ed-Fi:School', [rootTable('edfi.School', [scalar('SchoolId', '$.schoolId', 'Int32')])], {
  id: 2,
});
const schoolType = descriptorResource('Ed-Fi:SchoolTypeDescriptor', 3);
const organization: AbstractIdentityTable = {
  resourceKey: { id: 1, ...named('Ed-Fi:EducationOrganization'), resourceVersion: '1.0.0', isAbstract: true },
  table: rootTable('edfi.EducationOrganizationIdentity'),
};

const keyText = (dialect: string) => `${'a'.repeat(64)}/${dialect}/v1`;

describe('compiling a mapping set (design 08 §9.1)', () => {
  const model = modelSet([school, schoolType], 'mssql', { abstractIdentityTables: [organization] });
  const mappingSet = compileMappingSet(model);

  it('takes its key from the model', () => {
    expect(mappingSet.key).toEqual({
      effectiveSchemaHash: 'a'.repeat(64),
      dialect: 'mssql',
      relationalMappingVersion: 'v1',
    });
    expect(mappingSet.model).toBe(model);
  });

  it('gives plans to relational resources only: neither descriptors nor abstract resources have any', () => {
    expect([...mappingSet.writePlansByResource.keys()]).toEqual(['Ed-Fi:School']);
    expect([...mappingSet.readPlansByResource.keys()]).toEqual(['Ed-Fi:School']);
    expect(getWritePlan(mappingSet, named('Ed-Fi:School')).tablePlansInDependencyOrder[0]?.insertSql).toContain(
      'INSERT INTO [edfi].[School]',
    );
  });

  it('knows the key of every resource, abstract ones too', () => {
    expect(Object.fromEntries(mappingSet.resourceKeyIdByResource)).toEqual({
      'Ed-Fi:EducationOrganization': 1,
      'Ed-Fi:School': 2,
      'Ed-Fi:SchoolTypeDescriptor': 3,
    });
    expect([...mappingSet.resourceKeyById].map(([id, entry]) => [id, resourceLabel(entry)]).sort()).toEqual([
      [1, 'Ed-Fi:EducationOrganization'],
      [2, 'Ed-Fi:School'],
      [3, 'Ed-Fi:SchoolTypeDescriptor'],
    ]);
    expect(mappingSet.resourceKeyById.get(1)).toBe(organization.resourceKey);
  });

  it('names of resources are case-sensitive', () => {
    const other = { ...school, resourceKey: { ...school.resourceKey, id: 9, resourceName: 'school' } };
    expect(compileMappingSet(modelSet([school, other])).writePlansByResource.size).toBe(2);
    expectDiagnostic(() => getWritePlan(mappingSet, named('ed-fi:School')), 'MAPPING_RESOURCE_UNKNOWN', 'ed-fi:School');
  });
});

describe.each([
  { lookUp: getWritePlan, name: 'getWritePlan' },
  { lookUp: getReadPlan, name: 'getReadPlan' },
])('$name (design 08 §9.2)', ({ lookUp }) => {
  const mappingSet = compileMappingSet(modelSet([school, schoolType], 'mssql'));
  const without: MappingSet = { ...mappingSet, writePlansByResource: new Map(), readPlansByResource: new Map() };

  it('returns the plan', () => {
    expect(lookUp(mappingSet, named('Ed-Fi:School')).model).toBe(school);
  });

  it('an unknown resource', () => {
    expectDiagnostic(
      () => lookUp(mappingSet, named('Ed-Fi:Unknown')),
      'MAPPING_RESOURCE_UNKNOWN',
      'Ed-Fi:Unknown',
      keyText('mssql'),
    );
  });

  it('case 32: a descriptor resource has no plan, by intention', () => {
    const message = expectDiagnostic(
      () => lookUp(mappingSet, named('Ed-Fi:SchoolTypeDescriptor')),
      'MAPPING_PLAN_OMITTED',
      'Ed-Fi:SchoolTypeDescriptor',
      keyText('mssql'),
    );
    expect(message).toContain('descriptors');
  });

  it('a relational resource without plan is a defect', () => {
    expectDiagnostic(
      () => lookUp(without, named('Ed-Fi:School')),
      'MAPPING_INTERNAL',
      'Ed-Fi:School',
      keyText('mssql'),
    );
  });
});

describe('mappingset.manifest.json (design 08 §11)', () => {
  const keyOf = (
    effectiveSchemaHash: string,
    dialect: 'pgsql' | 'mssql',
    relationalMappingVersion: MappingVersion = 'v1',
  ): MappingSetKey => ({ effectiveSchemaHash, dialect, relationalMappingVersion });
  const entry = (key: MappingSetKey, resources: readonly ResourceModel[] = [schoolType]) => ({
    key,
    model: { effectiveSchema: { relationalMappingVersion: 'v1' as const }, resources },
    writePlansByResource: new Map(),
    readPlansByResource: new Map(),
    queryCapabilities: new Map(),
    descriptorQueryCapabilities: new Map(),
  });
  const resourceNames = (text: string): unknown =>
    JSON.parse(text).mapping_sets.map(
      ({ resources }: { resources: { resource: { project_name: string; resource_name: string } }[] }) =>
        resources.map((each) => `${each.resource.project_name}:${each.resource.resource_name}`),
    );

  it('case 32: a descriptor resource is an entry with two nulls', () => {
    expect(mappingSetManifestText([entry(keyOf('0'.repeat(64), 'pgsql'))])).toBe(
      [
        '{',
        '  "mapping_sets": [',
        '    {',
        '      "mapping_set_key": {',
        `        "effective_schema_hash": "${'0'.repeat(64)}",`,
        '        "dialect": "pgsql",',
        '        "relational_mapping_version": "v1"',
        '      },',
        '      "resources": [',
        '        {',
        '          "resource": {',
        '            "project_name": "Ed-Fi",',
        '            "resource_name": "SchoolTypeDescriptor"',
        '          },',
        '          "write_plan": null,',
        '          "read_plan": null',
        '        }',
        '      ]',
        '    }',
        '  ]',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('case 33: mapping sets are ordered by hash, dialect and version, in whatever order they are given', () => {
    const keys = [
      keyOf('b', 'mssql', 'v1'),
      keyOf('a', 'pgsql', 'v2'),
      keyOf('a', 'pgsql', 'v1'),
      keyOf('a', 'mssql', 'v2'),
      keyOf('B', 'pgsql', 'v1'),
    ];
    const written = JSON.parse(mappingSetManifestText(keys.map((key) => entry(key)))).mapping_sets.map(
      ({ mapping_set_key: key }: { mapping_set_key: Record<string, string> }) => Object.values(key).join(' '),
    );
    expect(written).toEqual(['B pgsql v1', 'a mssql v2', 'a pgsql v1', 'a pgsql v2', 'b mssql v1']);
    const both = [entry(keyOf('a', 'pgsql')), entry(keyOf('a', 'mssql'))];
    expect(mappingSetManifestText(both)).toBe(mappingSetManifestText(both.toReversed()));
  });

  it('resources are ordered by project, then name, both ordinal', () => {
    const labels = ['b:A', 'B:Z', 'B:a', 'B:A', 'Ba:A', 'B-:A'];
    const resources = labels.map((label, index) => descriptorResource(label, index));
    const text = mappingSetManifestText([entry(keyOf('a', 'pgsql'), resources)]);
    expect(resourceNames(text)).toEqual([['B:A', 'B:Z', 'B:a', 'B-:A', 'Ba:A', 'b:A']]);
  });

  it('abstract resources have no entry, and nothing is an empty list', () => {
    const set = compileMappingSet(modelSet([schoolType], 'pgsql', { abstractIdentityTables: [organization] }));
    expect(resourceNames(mappingSetManifestText([set]))).toEqual([['Ed-Fi:SchoolTypeDescriptor']]);
    expect(mappingSetManifestText([])).toBe('{\n  "mapping_sets": []\n}\n');
  });

  it('escapes characters that a manifest must not contain', () => {
    const text = mappingSetManifestText([entry(keyOf('a', 'pgsql'), [descriptorResource("Ed'Fi:Größe<\\")])]);
    expect(text).toContain('"project_name": "Ed\\u0027Fi"');
    expect(text).toContain('"resource_name": "Gr\\u00F6\\u00DFe\\u003C\\\\"');
  });
});
