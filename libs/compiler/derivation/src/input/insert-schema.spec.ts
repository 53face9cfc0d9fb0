import { build, columnNames, expectRejected, modelOf, resourceOf, tableNames, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';

const withThing = (jsonSchemaForInsert: build.JsonRecord, members: build.JsonRecord = {}) =>
  build.project('Ed-Fi', [
    build.resource('Thing', { jsonSchemaForInsert, ...members }),
    build.descriptor('KindDescriptor'),
  ]);

const sample = build.project('Sample', [], { isExtension: true });

type Code = Parameters<typeof expectRejected>[1]['code'];

const expectDiagnostic = (
  schema: build.JsonRecord,
  code: Code,
  names: readonly (string | readonly string[])[],
  members?: build.JsonRecord,
) => expectRejected([withThing(schema, members), sample], { code, resource: 'Ed-Fi:Thing', names });

describe('a schema node without "type"', () => {
  it('is an array when it has items, else an object when it has properties', () => {
    const model = modelOf([
      withThing(
        build.object({
          rows: { items: { properties: { a: build.string() } } },
          inner: { type: null, properties: { b: build.string() } },
        }),
      ),
    ]);
    expect(tableNames(resourceOf(model, 'Ed-Fi:Thing'))).toEqual(['edfi.Thing', 'edfi.ThingRow']);
    expect(columnNames(tableOf(model, 'edfi.Thing'))).toEqual(['DocumentId', 'InnerB']);
  });

  it('is an object when it is the root', () => {
    expect(tableNames(resourceOf(modelOf([withThing({})]), 'Ed-Fi:Thing'))).toEqual(['edfi.Thing']);
  });

  it('is a scalar otherwise', () => {
    expectDiagnostic(build.object({ a: {} }), 'SCALAR_TYPE_MISSING', ['$.a']);
  });
});

describe('the "type" of a schema node', () => {
  it.each([
    ['a list', ['string', 'null']],
    ['a number', 5],
    ['an object', { type: 'string' }],
  ] as const)('must not be %s', (_, type) => {
    expectDiagnostic(build.object({ a: { type } }), 'SCHEMA_TYPE_INVALID', ['$.properties.a']);
    expectDiagnostic(build.object({ rows: build.array({ type, properties: {} }) }), 'SCHEMA_TYPE_INVALID', [
      '$.properties.rows.items',
    ]);
    expectDiagnostic({ type, properties: {} }, 'SCHEMA_TYPE_INVALID', ['$']);
  });

  it.each([
    ['an array', build.array(build.object({}))],
    ['an array by its items', { items: build.object({}) }],
    ['a scalar', build.string()],
  ] as const)('of the root must not make it %s', (_, schema) => {
    expectDiagnostic(schema, 'SCHEMA_ROOT_NOT_OBJECT', ['root']);
  });
});

describe.each(['$ref', 'oneOf', 'anyOf', 'allOf', 'patternProperties'])('the keyword %s', (keyword) => {
  const code = 'SCHEMA_KEYWORD_UNSUPPORTED';

  it('is rejected on the root', () => {
    expectDiagnostic({ ...build.object({}), [keyword]: [] }, code, [keyword, `$.${keyword}`]);
  });

  it('is rejected on a nested property', () => {
    const schema = build.object({ a: build.object({ b: { ...build.string(), [keyword]: ['x'] } }) });
    expectDiagnostic(schema, code, [keyword, `$.properties.a.properties.b.${keyword}`]);
  });

  it('is rejected on the items of an array', () => {
    const schema = build.object({ addresses: build.array({ ...build.object({}), [keyword]: {} }) });
    expectDiagnostic(schema, code, [keyword, `$.properties.addresses.items.${keyword}`]);
  });

  it('is rejected on items that say nothing else', () => {
    const schema = build.object({ addresses: build.array({ [keyword]: [] }) });
    expectDiagnostic(schema, code, [keyword, `$.properties.addresses.items.${keyword}`]);
  });

  it('is rejected below _ext', () => {
    const schema = build.object({
      _ext: build.ext('sample', build.object({ a: { ...build.string(), [keyword]: [] } })),
    });
    expectDiagnostic(schema, code, [keyword, `$.properties._ext.properties.sample.properties.a.${keyword}`]);
  });

  it.each([null, false, []])('is rejected whatever its value, also %j', (value) => {
    expectDiagnostic(build.object({ a: { ...build.string(), [keyword]: value } }), code, [
      keyword,
      `$.properties.a.${keyword}`,
    ]);
  });

  it('is an ordinary name for a property', () => {
    if (keyword === '$ref') return;
    const model = modelOf([withThing(build.object({ [keyword]: build.string() }))]);
    expect(tableOf(model, 'edfi.Thing').columns.map(({ sourcePath }) => sourcePath?.canonical)).toEqual([
      undefined,
      `$.${keyword}`,
    ]);
  });
});

describe('the keyword enum', () => {
  it.each([
    ['on the root', { ...build.object({}), enum: ['x'] }, '$.enum'],
    ['on an object', build.object({ a: { ...build.object({}), enum: ['x'] } }), '$.properties.a.enum'],
    ['on an array', build.object({ a: { ...build.array(build.object({})), enum: ['x'] } }), '$.properties.a.enum'],
    [
      'on the items of an array',
      build.object({ a: build.array({ ...build.object({}), enum: ['x'] }) }),
      '$.properties.a.items.enum',
    ],
  ])('is rejected %s', (_, schema, place) => {
    expectDiagnostic(schema, 'SCHEMA_KEYWORD_UNSUPPORTED', ['enum', place]);
  });

  it.each([[null], ['x'], [[]], [[null]], [[['x']]], [['x', {}]]])('must list values of a scalar: %j', (values) => {
    expectDiagnostic(build.object({ a: { ...build.string(), enum: values } }), 'SCHEMA_SHAPE_INVALID', [
      '"enum"',
      '$.properties.a',
    ]);
  });
});

it('other keywords of JSON schema mean nothing to derivation', () => {
  const text = { ...build.string(), minLength: 2, enum: ['ab', 'ac'], pattern: '^a', description: 'd', default: 'x' };
  const plain = build.object({ a: build.string(), rows: build.array(build.object({ b: build.integer() })) });
  const ornate = {
    ...build.object({
      a: text,
      rows: { ...build.array(build.object({ b: { ...build.integer(), minimum: 1 } })), uniqueItems: true, minItems: 1 },
    }),
    additionalProperties: false,
    title: 'T',
    $schema: 'https://json-schema.org/draft/2020-12/schema',
  };
  expect(modelOf([withThing(ornate)]).resources).toEqual(modelOf([withThing(plain)]).resources);
});

describe('the shape of the insert schema', () => {
  const code = 'SCHEMA_SHAPE_INVALID';

  it.each([[], 'none', null])('needs "properties" that are an object, not %j', (properties) => {
    expectDiagnostic(build.object({ a: { type: 'object', properties } }), code, ['$.properties.a']);
    expectDiagnostic({ type: 'object', properties }, code, ['$']);
  });

  it.each([true, null, []])('needs property schemas that are objects, not %j', (schema) => {
    expectDiagnostic(build.object({ a: build.object({ b: schema }) }), code, ['$.properties.a.properties.b']);
  });

  it.each([null, [], true])('needs "items" that are an object, not %j', (items) => {
    expectDiagnostic(build.object({ a: { type: 'array', items } }), code, ['$.properties.a']);
  });

  it('needs "items" on every array', () => {
    expectDiagnostic(build.object({ a: { type: 'array' } }), code, ['$.properties.a']);
  });

  it.each([['a', null], ['a', ''], ['a', ' '], ['a', 5], 'a', {}])(
    'needs "required" to be a list of names, not %j',
    (...required) => {
      const value = required.length === 1 ? (required[0] as build.Json) : required;
      expectDiagnostic(build.object({ o: { ...build.object({ a: build.string() }), required: value } }), code, [
        '$.properties.o',
      ]);
      expectDiagnostic({ ...build.object({ a: build.string() }), required: value }, code, ['$']);
    },
  );

  it.each(['true', 1, null])('needs x-nullable to be true or false, not %j', (nullable) => {
    expectDiagnostic(build.object({ a: { ...build.string(), 'x-nullable': nullable } }), code, ['$.properties.a']);
  });

  it('is checked below _ext too', () => {
    const schema = build.object({ _ext: build.ext('sample', build.object({ a: { type: 'array' } })) });
    expectDiagnostic(schema, code, ['$.properties._ext.properties.sample.properties.a']);
  });
});

describe('the items of an array', () => {
  const code = 'SCHEMA_ARRAY_ITEM_UNSUPPORTED';

  it('must not be plain scalars', () => {
    expectDiagnostic(build.object({ tags: build.array(build.string()) }), code, ['$.tags']);
    expectDiagnostic(build.object({ rows: build.array(build.object({ tags: build.array(build.integer()) })) }), code, [
      '$.rows[*].tags',
    ]);
  });

  it('must not be arrays', () => {
    expectDiagnostic(build.object({ grid: build.array(build.array(build.object({}))) }), code, ['$.grid']);
  });

  it('may be strings where the mapping names a descriptor', () => {
    const mapping = { K: build.descriptorPath('Ed-Fi:KindDescriptor', '$.kinds[*]') };
    const schema = build.object({ kinds: build.array(build.uri()) });
    const model = modelOf([withThing(schema, { documentPathsMapping: mapping })]);
    expect(tableNames(resourceOf(model, 'Ed-Fi:Thing'))).toEqual(['edfi.Thing', 'edfi.ThingKind']);
    const elsewhere = build.object({ kinds: build.array(build.uri()), tags: build.array(build.uri()) });
    expectDiagnostic(elsewhere, code, ['$.tags'], { documentPathsMapping: mapping });
  });
});

describe('a path of the metadata', () => {
  it('of the identity must be a scalar of the schema; those that are none are listed, sorted', () => {
    const schema = build.object(
      { a: build.object({ b: build.string() }, ['b']), c: build.string(), rows: build.array(build.object({})) },
      ['a', 'c'],
    );
    expectDiagnostic(schema, 'IDENTITY_PATH_NOT_IN_SCHEMA', [['$.a', '$.missing', '$.rows']], {
      identityJsonPaths: ['$.rows', '$.missing', '$.c', '$.a', '$.a.b'],
    });
  });

  const schema = build.object({
    rows: build.array(build.object({ a: build.string(), inner: build.array(build.object({ b: build.string() })) })),
    one: build.object({ a: build.string() }),
  });

  it('of array uniqueness must be a scalar of the schema; those that are none are listed, sorted', () => {
    expectDiagnostic(
      schema,
      'ARRAY_UNIQUENESS_PATH_NOT_IN_SCHEMA',
      [['$.rows[*].b', '$.rows[*].inner', '$.rows[*].z']],
      {
        arrayUniquenessConstraints: [
          { paths: ['$.rows[*].z', '$.rows[*].a'] },
          { paths: ['$.rows[*].b', '$.rows[*].inner'] },
        ],
      },
    );
  });

  it('of array uniqueness is checked together with its base path', () => {
    expectDiagnostic(schema, 'ARRAY_UNIQUENESS_PATH_NOT_IN_SCHEMA', ['$.rows[*].inner[*].c'], {
      arrayUniquenessConstraints: [
        {
          paths: ['$.rows[*].a'],
          nestedConstraints: [{ basePath: '$.rows[*]', paths: ['$.inner[*].c'] }],
        },
      ],
    });
  });

  it('that is a base path of array uniqueness must be an array of the schema', () => {
    expectDiagnostic(schema, 'ARRAY_UNIQUENESS_PATH_NOT_IN_SCHEMA', [['$.one', '$.shelves[*]']], {
      arrayUniquenessConstraints: [
        { basePath: '$.shelves[*]', paths: ['$.a'] },
        {
          paths: ['$.rows[*].a'],
          nestedConstraints: [{ basePath: '$.one', paths: ['$.rows[*].a'] }],
        },
      ],
    });
  });

  it.each([
    ['$.one', '$.a'],
    ['$.one.a', '$.b'],
    ['$.rows', '$.a'],
    ['$.nowhere', '$.a'],
  ])(
    'that is the base path %s is named as it is written, although nothing below it lies in an array',
    (basePath, path) => {
      // the refused path is not suggested
      expectDiagnostic(schema, 'ARRAY_UNIQUENESS_PATH_NOT_IN_SCHEMA', [[basePath], '"$.rows[*]"'], {
        arrayUniquenessConstraints: [{ paths: ['$.rows[*].a'], nestedConstraints: [{ basePath, paths: [path] }] }],
      });
    },
  );

  it('may be absent from the partial schema of a resource extension', () => {
    const base = build.resource('Thing', { jsonSchemaForInsert: schema, identityJsonPaths: [] });
    const extension = build.extensionOf('Thing', {
      identityJsonPaths: ['$.inherited'],
      documentPathsMapping: { Inherited: build.scalarPath('$.inherited') },
      arrayUniquenessConstraints: [{ paths: ['$.rows[*].a'] }],
      jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object({ x: build.string() })) }),
    });
    const model = modelOf([
      build.project('Ed-Fi', [base]),
      build.project('Sample', [extension], { isExtension: true }),
    ]);
    expect(tableNames(resourceOf(model, 'Ed-Fi:Thing'))).toContain('sample.ThingExtension');
  });
});

it('an array of descriptors in a resource extension is legal only below _ext', () => {
  const base = build.resource('Thing', { jsonSchemaForInsert: build.object({}) });
  const documents = (schema: build.JsonRecord, path: string) => [
    build.project('Ed-Fi', [base, build.descriptor('KindDescriptor')]),
    build.project(
      'Sample',
      [
        build.extensionOf('Thing', {
          documentPathsMapping: { Kind: build.descriptorPath('Ed-Fi:KindDescriptor', path) },
          jsonSchemaForInsert: schema,
        }),
      ],
      { isExtension: true },
    ),
  ];
  const kinds = build.array(build.uri());
  const below = modelOf(
    documents(build.object({ _ext: build.ext('sample', build.object({ kinds })) }), '$._ext.sample.kinds[*]'),
  );
  expect(tableNames(resourceOf(below, 'Ed-Fi:Thing'))).toContain('sample.ThingExtensionKind');
  const outside = build.object({ kinds, _ext: build.ext('sample', build.object({})) });
  expectRejected(documents(outside, '$.kinds[*]'), {
    code: 'SCHEMA_ARRAY_ITEM_UNSUPPORTED',
    resource: 'Sample:Thing',
    names: ['$.kinds'],
  });
});
