import {
  build,
  edFi,
  equal,
  expectDiagnostics,
  expectRejected,
  modelOf,
  resourceOf,
  schemaSet,
  schemaSetV2,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../../src/derive-model.ts';

const standard = {
  namespace: build.string(255),
  codeValue: build.string(50),
  shortDescription: build.string(75),
  description: build.string(1024),
  effectiveBeginDate: build.date(),
  effectiveEndDate: build.date(),
};

const kind = (
  properties: build.JsonRecord,
  required: readonly string[] = ['namespace', 'codeValue'],
  members: build.JsonRecord = {},
) => build.descriptor('KindDescriptor', { jsonSchemaForInsert: build.object(properties, required), ...members });

/** The standard properties without the given ones. */
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(standard).filter(([name]) => !names.includes(name)));

describe('a descriptor resource', () => {
  it('has no table, no keys and the fixed columns of dms.Descriptor', () => {
    const descriptor = kind(standard, ['namespace', 'codeValue', 'shortDescription'], {
      identityJsonPaths: ['$.namespace', '$.codeValue'],
    });
    const found = resourceOf(modelOf([edFi([descriptor])]), 'Ed-Fi:KindDescriptor');
    expect(found).toMatchObject({
      physicalSchema: 'edfi',
      storageKind: 'SharedDescriptorTable',
      tablesInDependencyOrder: [],
      naturalKey: { columns: [] },
      identityElements: [],
      documentReferenceBindings: [],
      descriptorEdgeSources: [],
      descriptorFkDeduplications: [],
      decimalPrecisionFallbacks: [],
      descriptorMetadata: {
        columns: {
          namespace: 'Namespace',
          codeValue: 'CodeValue',
          shortDescription: 'ShortDescription',
          description: 'Description',
          effectiveBeginDate: 'EffectiveBeginDate',
          effectiveEndDate: 'EffectiveEndDate',
          discriminator: null,
        },
        discriminatorStrategy: 'resourceKeyId',
      },
    });
  });

  it('is numbered like any other resource, and others have no descriptor metadata', () => {
    const thing = build.resource('Thing', { jsonSchemaForInsert: build.object({}) });
    const model = modelOf([edFi([thing, kind(standard)])]);
    expect(
      model.resources.map(({ resourceKey, storageKind, descriptorMetadata }) => [
        resourceKey.id,
        resourceKey.resourceName,
        storageKind,
        descriptorMetadata === null,
      ]),
    ).toEqual([
      [1, 'KindDescriptor', 'SharedDescriptorTable', false],
      [2, 'Thing', 'RelationalTables', true],
    ]);
  });

  it('needs no optional property, and may have further ones that are not required', () => {
    const minimal = resourceOf(
      modelOf([edFi([kind({ namespace: build.string(), codeValue: build.string() })])]),
      'Ed-Fi:KindDescriptor',
    );
    const further = kind({
      ...standard,
      priority: build.integer(),
      tags: build.array(build.object({ tag: build.string() })),
    });
    expect(resourceOf(modelOf([edFi([further])]), 'Ed-Fi:KindDescriptor')).toEqual(minimal);
  });

  it('refers to nothing in the model, whatever its mapping says', () => {
    const mapped = kind({ ...standard, parentDescriptor: build.uri() }, undefined, {
      documentPathsMapping: { Parent: build.descriptorPath('Ed-Fi:OtherDescriptor', '$.parentDescriptor') },
    });
    const found = resourceOf(modelOf([edFi([mapped, build.descriptor('OtherDescriptor')])]), 'Ed-Fi:KindDescriptor');
    expect(found.descriptorEdgeSources).toEqual([]);
  });

  it.each(['Kind', 'KindDescriptors', 'Kinddescriptor'])(
    'has a name that ends with "Descriptor", unlike %s',
    (name) => {
      expectRejected([edFi([build.descriptor(name)])], { code: 'DESCRIPTOR_NAME_INVALID', resource: `Ed-Fi:${name}` });
    },
  );

  it.each([null, {}, { rootTableNameOverride: 'Kind' }])(
    'must not have a relational block, not even %j',
    (relational) => {
      expectRejected([edFi([kind(standard, undefined, { relational })])], {
        code: 'DESCRIPTOR_OVERRIDE_FORBIDDEN',
        resource: 'Ed-Fi:KindDescriptor',
        names: ['relational'],
      });
    },
  );

  it('passes all checks of an ordinary insert schema first', () => {
    expectRejected([edFi([kind({ ...standard, note: { type: 'string' } })])], {
      code: 'STRING_MAX_LENGTH_MISSING',
      resource: 'Ed-Fi:KindDescriptor',
      names: ['$.note'],
    });
    expectRejected([edFi([kind(standard, ['namespace', 'codeValue'], { identityJsonPaths: ['$.description'] })])], {
      code: 'IDENTITY_NULLABLE',
      resource: 'Ed-Fi:KindDescriptor',
      names: ['$.description'],
    });
    expectRejected([edFi([kind({ ...standard, tags: build.array(build.string()) })])], {
      code: 'SCHEMA_ARRAY_ITEM_UNSUPPORTED',
      resource: 'Ed-Fi:KindDescriptor',
      names: ['$.tags'],
    });
  });
});

describe('the contract of a descriptor schema', () => {
  const violation = (descriptor: build.BuiltResource, ...names: string[]) =>
    expectRejected([edFi([descriptor])], {
      code: 'DESCRIPTOR_CONTRACT_VIOLATION',
      resource: 'Ed-Fi:KindDescriptor',
      names,
    });

  it('wants properties', () => {
    violation(build.descriptor('KindDescriptor', { jsonSchemaForInsert: { type: 'object' } }), 'properties');
  });

  it.each(['namespace', 'codeValue'])('wants the property %s', (name) => {
    violation(kind(without(name)), name);
  });

  it.each(['namespace', 'codeValue', 'shortDescription', 'description', 'effectiveBeginDate', 'effectiveEndDate'])(
    'wants texts: %s must be one',
    (name) => {
      violation(kind({ ...standard, [name]: build.integer() }), name);
    },
  );

  it.each(['effectiveBeginDate', 'effectiveEndDate'])('wants dates: %s must be one', (name) => {
    violation(kind({ ...standard, [name]: build.string() }), name);
    violation(kind({ ...standard, [name]: build.dateTime() }), name);
  });

  it('wants a list of required properties', () => {
    violation(
      build.descriptor('KindDescriptor', { jsonSchemaForInsert: { type: 'object', properties: standard } }),
      '"required" is missing',
    );
  });

  it.each(['namespace', 'codeValue'])('wants %s to be required', (name) => {
    violation(
      kind(
        standard,
        ['namespace', 'codeValue'].filter((other) => other !== name),
      ),
      name,
    );
  });

  it.each(['description', 'effectiveBeginDate', 'effectiveEndDate', 'priority'])(
    'wants %s not to be required',
    (name) => {
      violation(kind({ ...standard, priority: build.integer() }, ['namespace', 'codeValue', name]), name);
    },
  );

  it('is reported with everything that breaks it at once', () => {
    violation(
      kind(
        {
          ...without('codeValue'),
          description: build.integer(),
          effectiveEndDate: build.string(),
          priority: build.integer(),
        },
        ['namespace', 'priority'],
      ),
      'codeValue',
      'description',
      'effectiveEndDate',
      'priority',
    );
  });

  it.each([
    [
      'an array',
      { ...standard, notes: build.array(build.object({ text: build.string() })) },
      {},
      '$.notes is an array',
    ],
  ])(
    'refuses %s in the second generation, where it would be lost; the first accepts it',
    (_, properties, members, said) => {
      const document = edFi([kind(properties, undefined, members)]);
      expectDiagnostics(() => deriveModel(schemaSetV2(document), 'pgsql'), {
        code: 'DESCRIPTOR_CONTRACT_VIOLATION',
        resource: 'Ed-Fi:KindDescriptor',
        names: [said],
      });
      expect(resourceOf(modelOf([document]), 'Ed-Fi:KindDescriptor').tablesInDependencyOrder).toEqual([]);
    },
  );

  const withFormat = (name: 'namespace' | 'codeValue' | 'shortDescription' | 'description', format: string) =>
    kind({ ...standard, [name]: { ...standard[name], format } });
  const ofBoth = [schemaSet, schemaSetV2] as const;

  it.each(
    (['namespace', 'codeValue', 'shortDescription', 'description'] as const).flatMap((name) =>
      ['date', 'time', 'date-time'].map((format) => [name, format] as const),
    ),
  )('refuses %s with the format %s, at its place', (name, format) => {
    for (const setOf of ofBoth)
      expectDiagnostics(() => deriveModel(setOf(edFi([withFormat(name, format)])), 'pgsql'), {
        code: 'DESCRIPTOR_CONTRACT_VIOLATION',
        resource: 'Ed-Fi:KindDescriptor',
        names: [`$.${name}`, format],
      });
  });

  it('accepts other formats of texts, which say nothing about their type', () => {
    expect(resourceOf(modelOf([edFi([withFormat('namespace', 'uri')])]), 'Ed-Fi:KindDescriptor')).toBeDefined();
  });

  it.each([
    ['of its values', equal('$.namespace', '$.codeValue')],
    ['of a value it has not', equal('$.codeValue', '$.gone')],
  ])('refuses an equality constraint %s, at its place', (_, constraint) => {
    const document = edFi([kind(standard, undefined, { equalityConstraints: [constraint] })]);
    for (const setOf of ofBoth)
      expectDiagnostics(() => deriveModel(setOf(document), 'pgsql'), {
        code: 'DESCRIPTOR_CONTRACT_VIOLATION',
        resource: 'Ed-Fi:KindDescriptor',
        names: ['equalityConstraints[0]', '$.codeValue'],
      });
  });

  it.each([
    [0, 'STRING_MAX_LENGTH_INVALID'],
    [-1, 'STRING_MAX_LENGTH_INVALID'],
    [60.5, 'SCHEMA_SHAPE_INVALID'],
  ] as const)('has no value of the length %j, like any resource', (maxLength, code) => {
    const document = edFi([kind({ ...standard, codeValue: { type: 'string', maxLength } })]);
    for (const setOf of ofBoth)
      expectDiagnostics(() => setOf(document), { code, resource: 'Ed-Fi:KindDescriptor', names: ['$.codeValue'] });
  });

  it('is checked for every descriptor, and all that break it are reported', () => {
    const bad = (name: string) => build.descriptor(name, { jsonSchemaForInsert: build.object({}) });
    expectDiagnostics(
      () => deriveModel(schemaSet(edFi([bad('BDescriptor'), build.descriptor('Wrong'), bad('ADescriptor')])), 'pgsql'),
      { code: 'DESCRIPTOR_CONTRACT_VIOLATION', resource: 'Ed-Fi:ADescriptor' },
      { code: 'DESCRIPTOR_CONTRACT_VIOLATION', resource: 'Ed-Fi:BDescriptor' },
      { code: 'DESCRIPTOR_NAME_INVALID', resource: 'Ed-Fi:Wrong' },
    );
  });
});
