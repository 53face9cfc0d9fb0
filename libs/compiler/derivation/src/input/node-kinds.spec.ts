import { build, expectRejected, modelOf, resourceOf, tableNames, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { columnLines } from '../../test/model-text.ts';

const withThing = (properties: build.JsonRecord, members: build.JsonRecord = {}) =>
  build.project('Ed-Fi', [
    build.resource('Thing', { jsonSchemaForInsert: build.object(properties), ...members }),
    build.descriptor('KindDescriptor'),
  ]);

const facts = (properties: build.JsonRecord) => {
  const model = modelOf([withThing(properties)]);
  return {
    tables: tableNames(resourceOf(model, 'Ed-Fi:Thing')).slice(1),
    columns: columnLines(tableOf(model, 'edfi.Thing')).slice(1),
  };
};

// design 02 §6.1
describe('the kind of a schema node', () => {
  const properties = { b: build.string(5) };
  const items = build.object({ c: build.string(5) });
  const asArray = { tables: ['edfi.ThingA'], columns: [] };
  const asObject = { tables: [], columns: ['AB Scalar String(5) NULL $.a.b'] };
  const asScalar = { tables: [], columns: ['A Scalar String(5) NULL $.a'] };

  it.each<[string, build.JsonRecord, unknown]>([
    ['is what its type says, whatever members it has: an object', { type: 'object', items, properties }, asObject],
    ['is what its type says, whatever members it has: an array', { type: 'array', items, properties }, asArray],
    [
      'is what its type says, whatever members it has: a scalar',
      { type: 'string', maxLength: 5, items, properties },
      asScalar,
    ],
    ['is an array before it is an object where it has no type', { items, properties }, asArray],
    ['is an array before it is an object where its type is null', { type: null, items, properties }, asArray],
  ])('%s', (_, schema, expected) => {
    expect(facts({ a: schema })).toEqual(expected);
  });
});

// design 02 §6.3
describe('an object without "properties"', () => {
  it('has no children, and no column', () => {
    expect(facts({ a: { type: 'object' } })).toEqual({ tables: [], columns: [] });
  });

  it('as the item of an array makes a table of keys', () => {
    const model = modelOf([withThing({ rows: build.array({ type: 'object' }) })]);
    expect(columnLines(tableOf(model, 'edfi.ThingRow'))).toEqual([
      'Thing_DocumentId ParentKeyPart Int64 NOT NULL -',
      'Ordinal Ordinal Int32 NOT NULL -',
    ]);
  });

  it('may be the whole schema, but not where a path leads into it', () => {
    const document = withThing({}, { jsonSchemaForInsert: { type: 'object' } });
    expect(tableNames(resourceOf(modelOf([document]), 'Ed-Fi:Thing'))).toEqual(['edfi.Thing']);
    expectRejected([withThing({}, { jsonSchemaForInsert: { type: 'object' }, identityJsonPaths: ['$.id'] })], {
      code: 'IDENTITY_PATH_NOT_IN_SCHEMA',
      resource: 'Ed-Fi:Thing',
      names: ['$.id'],
    });
  });
});

describe('the paths that metadata may name', () => {
  const ext = build.ext(
    'sample',
    build.object({ rows: build.array(build.object({ a: build.string() })), x: build.string() }),
  );
  const documents = (members: build.JsonRecord) => [
    withThing({ _ext: ext, kinds: build.array(build.uri()) }, members),
    build.project('Sample', [], { isExtension: true }),
  ];

  // the structural walk enters _ext, so the failure is that no table holds these values
  it('include those below _ext', () => {
    expectRejected(
      documents({ identityJsonPaths: ['$._ext.sample.x'], jsonSchemaForInsert: build.object({ _ext: ext }) }),
      {
        code: 'IDENTITY_NOT_ON_ROOT',
        resource: 'Ed-Fi:Thing',
      },
    );
    expectRejected(
      documents({
        arrayUniquenessConstraints: [{ paths: ['$._ext.sample.rows[*].a'] }],
        jsonSchemaForInsert: build.object({ _ext: ext }),
      }),
      { code: 'ARRAY_UNIQUENESS_UNMAPPED', resource: 'Ed-Fi:Thing' },
    );
  });

  it('include the elements of an array of descriptors, which are scalars', () => {
    const model = modelOf(
      documents({
        documentPathsMapping: { Kind: build.descriptorPath('Ed-Fi:KindDescriptor', '$.kinds[*]') },
        arrayUniquenessConstraints: [{ basePath: '$.kinds[*]', paths: ['$'] }],
      }),
    );
    expect(tableOf(model, 'edfi.ThingKind').constraints.flatMap(({ name }) => name)).toContain(
      'UX_ThingKind_Kind_DescriptorId_Thing_DocumentId',
    );
  });
});
