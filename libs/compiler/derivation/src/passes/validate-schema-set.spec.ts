import type { EffectiveSchemaSet, ResourceKeyEntry } from '@dms/api-schema';
import {
  build,
  type ExpectedDiagnostic,
  edFi,
  expectDiagnostics,
  expectRejected,
  failureOf,
  modelOf,
  resourceOf,
  schemaSet,
  school,
  tableNames,
  tableOf,
  uncheckedSet,
  withProjectSchema,
} from '@dms/testing';
import { type JsonObject, type JsonValue, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { columnLines } from '../../test/model-text.ts';
import { deriveModel } from '../derive-model.ts';

const expectSetDiagnostics = (set: EffectiveSchemaSet, ...faults: readonly ExpectedDiagnostic[]) =>
  expectDiagnostics(() => deriveModel(set, 'pgsql'), ...faults);

/** `School` with one member of its schema changed, or removed if undefined. */
const schoolWith = (member: string, value: build.Json | undefined): build.BuiltResource => {
  const { [member]: _, ...others } = school.schema;
  return { ...school, schema: value === undefined ? others : { ...others, [member]: value } };
};

/** A reference of `Thing` to `label` over the given pairs; the referring paths are in its schema. */
const referring = (label: string, pairs: readonly (readonly [string, string])[], key = 'Target') =>
  build.resource('Thing', {
    documentPathsMapping: { [key]: build.reference(label, pairs) },
    jsonSchemaForInsert: build.object({ targetReference: build.object({ id: build.integer() }) }),
  });

const oneOf = (members: build.JsonRecord, name = 'Member') =>
  build.resource(name, {
    isSubclass: true,
    superclassProjectName: 'Ed-Fi',
    superclassResourceName: 'Organization',
    identityJsonPaths: ['$.memberId'],
    jsonSchemaForInsert: build.object({ memberId: build.integer() }, ['memberId']),
    ...members,
  });

const organization = (identityJsonPaths: readonly string[] = ['$.organizationId']) => ({
  abstractResources: { Organization: { identityJsonPaths } },
});

describe('the shape of a project', () => {
  it.each(['projectEndpointName', 'projectName', 'projectVersion'] as const)(
    'needs a %s that is not blank',
    (member) => {
      const set = uncheckedSet(edFi([school]));
      const projects = set.projects.map((project) => ({ ...project, [member]: ' ' }));
      expectSetDiagnostics({ ...set, projects }, { code: 'APISCHEMA_INVALID', names: [member] });
    },
  );

  it.each([undefined, null, []])('needs resourceSchemas that are an object, not %j', (value) => {
    const set = withProjectSchema(uncheckedSet(edFi([])), 'Ed-Fi', (schema) => {
      const { resourceSchemas: _, ...others } = Object.fromEntries(schema);
      return new Map<string, JsonValue>([
        ...Object.entries(others),
        ...(value === undefined ? [] : [['resourceSchemas', toJsonValue(value)] as const]),
      ]);
    });
    expectSetDiagnostics(set, { code: 'APISCHEMA_INVALID', names: ['resourceSchemas', 'Ed-Fi'] });
  });

  const withEntries = (entries: Readonly<Record<string, unknown>>) =>
    withProjectSchema(
      uncheckedSet(edFi([])),
      'Ed-Fi',
      (schema: JsonObject) => new Map([...schema, ['resourceSchemas', toJsonValue(entries)]]),
    );

  it('needs entries that are objects under non-empty keys, and reports every one that is not', () => {
    expectSetDiagnostics(
      withEntries({ '': school.schema, schools: null, students: [] }),
      { code: 'APISCHEMA_INVALID', resource: 'Ed-Fi:' },
      { code: 'APISCHEMA_INVALID', resource: 'Ed-Fi:schools' },
      { code: 'APISCHEMA_INVALID', resource: 'Ed-Fi:students' },
    );
  });

  it.each([undefined, null, 'false', 0])('needs a boolean isResourceExtension on every resource, not %j', (value) => {
    const { schema } = schoolWith('isResourceExtension', value);
    expectSetDiagnostics(uncheckedSet(edFi([{ endpoint: 'School', schema }])), {
      code: 'APISCHEMA_INVALID',
      resource: 'Ed-Fi:School',
      names: ['isResourceExtension'],
    });
  });

  it('names a resource without isResourceExtension by its resourceName, not by its key', () => {
    expectSetDiagnostics(uncheckedSet(edFi([schoolWith('isResourceExtension', undefined)])), {
      code: 'APISCHEMA_INVALID',
      resource: 'Ed-Fi:School',
    });
  });

  it('reports every resource without isResourceExtension', () => {
    const { resourceName: _, isResourceExtension: __, ...rest } = school.schema;
    const nameless = (key: string) => ({ endpoint: key, schema: { ...rest, resourceName: key } });
    expectSetDiagnostics(
      uncheckedSet(edFi([nameless('a'), school, nameless('b')])),
      { code: 'APISCHEMA_INVALID', resource: 'Ed-Fi:a', names: ['isResourceExtension'] },
      { code: 'APISCHEMA_INVALID', resource: 'Ed-Fi:b', names: ['isResourceExtension'] },
    );
  });
});

describe('the known resources', () => {
  it('must not have one name for a concrete and an abstract resource', () => {
    const set = withProjectSchema(
      schemaSet(edFi([school])),
      'Ed-Fi',
      (schema) =>
        new Map([...schema, ['abstractResources', toJsonValue({ School: { identityJsonPaths: ['$.schoolId'] } })]]),
    );
    expectSetDiagnostics(set, {
      code: 'RESOURCE_KEY_DUPLICATE',
      resource: 'Ed-Fi:School',
      names: ['resourceSchemas.schools', 'abstractResources.School'],
    });
  });

  it('are none of abstractResources when that is not an object', () => {
    const set = withProjectSchema(
      schemaSet(edFi([school])),
      'Ed-Fi',
      (schema) => new Map([...schema, ['abstractResources', toJsonValue(null)]]),
    );
    expect(deriveModel(set, 'pgsql').model.resources).toHaveLength(1);
  });

  it('are abstract resources under their key, and can be referenced by it', () => {
    const model = modelOf([
      build.project(
        'Ed-Fi',
        [
          oneOf({ superclassIdentityJsonPath: '$.organizationId' }),
          referring('Ed-Fi:Organization', [['$.organizationId', '$.targetReference.id']]),
        ],
        organization(),
      ),
    ]);
    expect(columnLines(tableOf(model, 'edfi.Thing')).slice(1)).toEqual([
      'Target_DocumentId DocumentFk Int64 NOT NULL $.targetReference',
      'Target_Id Scalar Int32 NOT NULL $.targetReference.id',
    ]);
  });

  it('are abstract resources under their key, whatever name they carry beside it', () => {
    const named = { Organization: { identityJsonPaths: ['$.organizationId'], resourceName: 'Institution' } };
    const member = oneOf({ superclassIdentityJsonPath: '$.organizationId' });
    const model = modelOf([build.project('Ed-Fi', [member], { abstractResources: named })]);
    expect(model.abstractIdentityTables.map(({ table: { table: identity } }) => identity.name)).toEqual([
      'OrganizationIdentity',
    ]);
  });

  it('are not resource extensions: these have no key and cannot be referenced', () => {
    const extension = build.extensionOf('School', {
      jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object({ x: build.string() })) }),
    });
    const sample = build.project('Sample', [extension], { isExtension: true });
    const model = modelOf([edFi([school]), sample]);
    expect(tableNames(resourceOf(model, 'Ed-Fi:School'))).toEqual(['edfi.School', 'sample.SchoolExtension']);
    expect(model.resources).toHaveLength(1);
    expectRejected([edFi([school, referring('Sample:School', [['$.schoolId', '$.targetReference.id']])]), sample], {
      code: 'REFERENCE_TARGET_UNKNOWN',
      resource: 'Ed-Fi:Thing',
      names: ['Target', 'Sample:School'],
    });
  });
});

describe('the resource keys', () => {
  const set = schemaSet(edFi([school, build.descriptor('KindDescriptor')]));

  const withKeys = (
    change: (keys: readonly ResourceKeyEntry[]) => readonly ResourceKeyEntry[],
  ): EffectiveSchemaSet => ({
    ...set,
    info: { ...set.info, resourceKeys: change(set.info.resourceKeys) },
  });

  const key = (id: number, resourceName: string): ResourceKeyEntry => ({
    id,
    projectName: 'Ed-Fi',
    resourceName,
    resourceVersion: '1.0.0',
    isAbstract: false,
  });

  it.each([
    ['all known resources', () => [key(1, 'KindDescriptor')], ['Ed-Fi:School']],
    ['only known resources', (keys: readonly ResourceKeyEntry[]) => [...keys, key(3, 'Staff')], ['Ed-Fi:Staff']],
    ['no resource twice', (keys: readonly ResourceKeyEntry[]) => [...keys, key(3, 'School')], ['Ed-Fi:School']],
    ['no id twice', (keys: readonly ResourceKeyEntry[]) => keys.map((entry) => ({ ...entry, id: 7 })), ['7']],
    [
      'whether each is abstract',
      (keys: readonly ResourceKeyEntry[]) =>
        keys.map((entry) => ({ ...entry, isAbstract: entry.resourceName === 'School' })),
      ['Ed-Fi:School'],
    ],
  ])('must hold %s', (_, change, names) => {
    expectSetDiagnostics(withKeys(change), { code: 'RESOURCE_KEYS_INCONSISTENT', names });
  });

  it('are listed in order, whatever theirs is', () => {
    const wrong = withKeys((keys) => keys.map((entry) => ({ ...entry, isAbstract: true })).reverse());
    const [found] = failureOf(() => deriveModel(wrong, 'pgsql')).diagnostics;
    expect(found?.details.wrongFlag).toEqual(['Ed-Fi:KindDescriptor', 'Ed-Fi:School']);
  });

  it('are reported with all that is missing, extra and doubled together', () => {
    expectSetDiagnostics(
      withKeys(() => [key(1, 'School'), key(2, 'School'), key(3, 'Zoo'), key(4, 'Aquarium')]),
      {
        code: 'RESOURCE_KEYS_INCONSISTENT',
        names: ['Ed-Fi:KindDescriptor', ['Ed-Fi:Aquarium', 'Ed-Fi:Zoo'], 'Ed-Fi:School'],
      },
    );
  });
});

describe('the target of a mapping', () => {
  const unknownDescriptor = build.resource('Kind', {
    documentPathsMapping: { KindOf: build.descriptorPath('Ed-Fi:MissingDescriptor', '$.kindDescriptor') },
    jsonSchemaForInsert: build.object({ kindDescriptor: build.uri() }),
  });

  it('must be a known resource, for a document reference', () => {
    expectRejected([edFi([referring('Ed-Fi:Missing', [['$.id', '$.targetReference.id']])])], {
      code: 'REFERENCE_TARGET_UNKNOWN',
      resource: 'Ed-Fi:Thing',
      names: ['Target', 'Ed-Fi:Missing'],
    });
  });

  it('must be a known resource, for a descriptor reference', () => {
    expectRejected([edFi([unknownDescriptor])], {
      code: 'REFERENCE_TARGET_UNKNOWN',
      resource: 'Ed-Fi:Kind',
      names: ['KindOf', '$.kindDescriptor', 'Ed-Fi:MissingDescriptor'],
    });
  });

  it('must not be a descriptor for a document reference, whatever identity paths it names', () => {
    for (const identityPath of ['$.codeValue', '$.namespace', '$.id']) {
      expectRejected(
        [
          edFi([
            build.descriptor('KindDescriptor'),
            referring('Ed-Fi:KindDescriptor', [[identityPath, '$.targetReference.id']]),
          ]),
        ],
        {
          code: 'REFERENCE_TARGET_UNKNOWN',
          resource: 'Ed-Fi:Thing',
          names: ['Target', 'the descriptor Ed-Fi:KindDescriptor', 'named by its URI'],
        },
      );
    }
  });

  it('of a project that the set lacks comes with the advice to add its file', () => {
    expectRejected([edFi([referring('TPDM:Candidate', [['$.id', '$.targetReference.id']])])], {
      code: 'REFERENCE_TARGET_UNKNOWN',
      resource: 'Ed-Fi:Thing',
      names: ['TPDM:Candidate', 'no project of the set is called "TPDM": add its ApiSchema file'],
    });
  });

  it('must be known in the project that the mapping names', () => {
    expectRejected(
      [
        edFi([school, referring('Sample:School', [['$.schoolId', '$.targetReference.id']])]),
        build.project('Sample', [], { isExtension: true }),
      ],
      {
        code: 'REFERENCE_TARGET_UNKNOWN',
        resource: 'Ed-Fi:Thing',
        names: ['Target', 'Sample:School'],
      },
    );
  });

  it('is checked for abstract resources too', () => {
    const abstractResources = {
      Organization: {
        identityJsonPaths: ['$.organizationId'],
        documentPathsMapping: { Kind: build.descriptorPath('Ed-Fi:MissingDescriptor', '$.kindDescriptor') },
      },
    };
    expectSetDiagnostics(
      schemaSet(build.project('Ed-Fi', [], { abstractResources })),
      {
        code: 'REFERENCE_TARGET_UNKNOWN',
        resource: 'Ed-Fi:Organization',
        names: ['Kind', '$.kindDescriptor', 'Ed-Fi:MissingDescriptor'],
      },
      { code: 'ABSTRACT_NO_MEMBERS', resource: 'Ed-Fi:Organization' },
    );
  });

  it('is reported wherever it is unknown', () => {
    expectSetDiagnostics(
      schemaSet(edFi([unknownDescriptor, referring('Ed-Fi:Missing', [['$.id', '$.targetReference.id']])])),
      { code: 'REFERENCE_TARGET_UNKNOWN', resource: 'Ed-Fi:Kind' },
      { code: 'REFERENCE_TARGET_UNKNOWN', resource: 'Ed-Fi:Thing' },
    );
  });

  it('has every identityJsonPath of the mapping in its identity; each that is not is reported', () => {
    const pairs = [
      ['$.schoolId', '$.targetReference.id'],
      ['$.name', '$.targetReference.name'],
      ['$.id', '$.targetReference.other'],
    ] as const;
    const fault = { code: 'REFERENCE_IDENTITY_PATH_UNKNOWN', resource: 'Ed-Fi:Thing' } as const;
    expectSetDiagnostics(
      schemaSet(edFi([school, referring('Ed-Fi:School', pairs)])),
      { ...fault, names: ['Target', '$.name', 'Ed-Fi:School'] },
      { ...fault, names: ['Target', '$.id', 'Ed-Fi:School'] },
    );
  });
});

describe('a subclass', () => {
  it('needs an insert schema, and every one without is reported', () => {
    expectSetDiagnostics(
      schemaSet(
        build.project(
          'Ed-Fi',
          [oneOf({ jsonSchemaForInsert: null }, 'B'), oneOf({ jsonSchemaForInsert: [] }, 'A')],
          organization(),
        ),
      ),
      { code: 'ABSTRACT_SCHEMA_MISSING', resource: 'Ed-Fi:A' },
      { code: 'ABSTRACT_SCHEMA_MISSING', resource: 'Ed-Fi:B' },
    );
  });

  it('names its superclass in the model, with the path that it renames', () => {
    const superclassOf = (member: build.BuiltResource, abstractPath = '$.organizationId') => {
      const model = modelOf([build.project('Ed-Fi', [member], organization([abstractPath]))]);
      const { superclass } = resourceOf(model, 'Ed-Fi:Member');
      return superclass && { ...superclass, identityJsonPath: superclass.identityJsonPath?.canonical ?? null };
    };
    const resource = { projectName: 'Ed-Fi', resourceName: 'Organization' };
    expect(superclassOf(oneOf({ superclassIdentityJsonPath: '$.organizationId' }))).toEqual({
      resource,
      identityJsonPath: '$.organizationId',
    });
    expect(superclassOf(oneOf({}), '$.memberId')).toEqual({ resource, identityJsonPath: null });
  });

  it('is only what says isSubclass', () => {
    const model = modelOf([edFi([oneOf({ isSubclass: false })])]);
    expect(resourceOf(model, 'Ed-Fi:Member').superclass).toBeNull();
  });

  const renaming = (members: build.JsonRecord = {}, name?: string) =>
    oneOf({ superclassIdentityJsonPath: '$.organizationId', ...members }, name);

  it('that renames its identity path has exactly one', () => {
    const two = renaming({
      identityJsonPaths: ['$.memberId', '$.name'],
      jsonSchemaForInsert: build.object({ memberId: build.integer(), name: build.string() }, ['memberId', 'name']),
    });
    expectRejected([build.project('Ed-Fi', [two], organization())], {
      code: 'ABSTRACT_RENAME_ARITY',
      resource: 'Ed-Fi:Member',
    });
  });

  it('that renames its identity path has a superclass with exactly one', () => {
    expectRejected([build.project('Ed-Fi', [renaming()], organization(['$.organizationId', '$.name']))], {
      code: 'ABSTRACT_RENAME_ARITY',
      resource: 'Ed-Fi:Member',
    });
  });

  it('that renames its identity path has a known superclass', () => {
    expectRejected([build.project('Ed-Fi', [renaming({ superclassResourceName: 'Missing' })], organization())], {
      code: 'ABSTRACT_SUPERCLASS_UNKNOWN',
      resource: 'Ed-Fi:Member',
      names: ['Ed-Fi:Missing'],
    });
  });

  it('that renames its identity path has an abstract superclass', () => {
    expectRejected([build.project('Ed-Fi', [school, renaming({ superclassResourceName: 'School' })], organization())], {
      code: 'ABSTRACT_SUPERCLASS_NOT_ABSTRACT',
      resource: 'Ed-Fi:Member',
      names: ['Ed-Fi:School'],
    });
  });

  it("that renames its identity path names the superclass's identity path", () => {
    expectRejected([build.project('Ed-Fi', [renaming({ superclassIdentityJsonPath: '$.orgId' })], organization())], {
      code: 'ABSTRACT_RENAME_MISMATCH',
      resource: 'Ed-Fi:Member',
      names: ['$.orgId', '$.organizationId', 'Ed-Fi:Organization'],
    });
  });

  it('that renames wrongly is reported together with the others that do', () => {
    expectSetDiagnostics(
      schemaSet(
        build.project(
          'Ed-Fi',
          [
            renaming({ superclassIdentityJsonPath: '$.orgId' }, 'A'),
            renaming({ superclassResourceName: 'Missing' }, 'B'),
            renaming({ superclassResourceName: 'Gone' }, 'C'),
          ],
          organization(),
        ),
      ),
      { code: 'ABSTRACT_SUPERCLASS_UNKNOWN', resource: 'Ed-Fi:B' },
      { code: 'ABSTRACT_SUPERCLASS_UNKNOWN', resource: 'Ed-Fi:C' },
      { code: 'ABSTRACT_RENAME_MISMATCH', resource: 'Ed-Fi:A' },
    );
  });
});

describe('physical schemas', () => {
  const extension = (name: string, endpoint: string) => build.project(name, [], { endpoint, isExtension: true });

  it('must be distinct: endpoint names that differ in dropped characters or case only are reported', () => {
    expectRejected([edFi([school]), extension('One', 'my-sample'), extension('Two', 'MySample')], {
      code: 'PHYSICAL_SCHEMA_COLLISION',
      names: ['my-sample', 'MySample', 'mysample'],
    });
  });

  it('are reported one by one when several collide', () => {
    expectSetDiagnostics(
      schemaSet(edFi([school]), extension('One', 'ed_fi'), extension('Two', '7'), extension('Three', 'p7')),
      { code: 'PHYSICAL_SCHEMA_COLLISION', names: ['ed-fi', 'ed_fi', 'edfi'] },
      { code: 'PHYSICAL_SCHEMA_COLLISION', names: ['7', 'p7'] },
    );
  });

  it('are those of the projects, by endpoint name', () => {
    const model = modelOf([
      extension('TPDM', 'TPDM'),
      edFi([school]),
      extension('Digits', '99-select'),
      extension('None', '---'),
    ]);
    expect(
      model.projects.map(({ projectEndpointName, physicalSchema }) => [projectEndpointName, physicalSchema]),
    ).toEqual([
      ['---', 'p'],
      ['99-select', 'p99select'],
      ['TPDM', 'tpdm'],
      ['ed-fi', 'edfi'],
    ]);
  });
});

describe('the rules for a set', () => {
  const unknownTarget = referring('Ed-Fi:Missing', [['$.id', '$.targetReference.id']]);
  const unknownIdentityPath: build.BuiltResource = {
    endpoint: 'others',
    schema: { ...referring('Ed-Fi:School', [['$.id', '$.targetReference.id']]).schema, resourceName: 'Other' },
  };
  const withoutSchema = oneOf({ jsonSchemaForInsert: null }, 'Schemaless');
  const wrongRename = oneOf({ superclassIdentityJsonPath: '$.orgId' });
  const collision = build.project('Two', [], { endpoint: 'edfi', isExtension: true });

  it('run in order, and are all reported', () => {
    const resources = [school, unknownTarget, unknownIdentityPath, withoutSchema, wrongRename];
    expectSetDiagnostics(
      schemaSet(build.project('Ed-Fi', resources, organization()), collision),
      { code: 'REFERENCE_TARGET_UNKNOWN', resource: 'Ed-Fi:Thing' },
      { code: 'REFERENCE_IDENTITY_PATH_UNKNOWN', resource: 'Ed-Fi:Other' },
      { code: 'ABSTRACT_SCHEMA_MISSING', resource: 'Ed-Fi:Schemaless' },
      { code: 'ABSTRACT_RENAME_MISMATCH', resource: 'Ed-Fi:Member' },
      { code: 'PHYSICAL_SCHEMA_COLLISION' },
    );
  });

  it('run before anything is read from a resource schema', () => {
    expectSetDiagnostics(
      schemaSet(edFi([schoolWith('allowIdentityUpdates', 'maybe'), unknownTarget])),
      { code: 'REFERENCE_TARGET_UNKNOWN', resource: 'Ed-Fi:Thing' },
      { code: 'APISCHEMA_INVALID', resource: 'Ed-Fi:School', names: ['allowIdentityUpdates'] },
    );
  });

  it('list the resource keys before the targets', () => {
    const set = schemaSet(edFi([unknownTarget]));
    expectSetDiagnostics(
      { ...set, info: { ...set.info, resourceKeys: [] } },
      { code: 'RESOURCE_KEYS_INCONSISTENT', names: ['Ed-Fi:Thing'] },
    );
  });
});
