import {
  build,
  codesOf,
  columnNames,
  diagnosticsOf,
  edFi,
  expectNamed,
  extension,
  failureOf,
  isExtensionTable,
  modelOf,
  plain,
  tableNames,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { columnLines } from '../model-text.ts';

const { array, descriptor, descriptorPath, ext, extensionOf, integer, object, string, uri } = build;

/** `Contact` with a collection, one in an inlined object, and two inlined objects without collections. */
const contact = plain('Contact', {
  addresses: array(object({ city: string() })),
  reach: object({ phones: array(object({ digits: string() })) }),
  home: object({ note: string() }),
  work: object({ note: string() }),
});

const setOf = (jsonSchemaForInsert: build.JsonRecord, members: build.JsonRecord = {}) => [
  edFi([contact, descriptor('KindDescriptor')]),
  extension([extensionOf('Contact', { jsonSchemaForInsert, ...members })]),
];

const site = (properties: build.JsonRecord, key = 'sample') => object({ _ext: ext(key, object(properties)) });

const failing = (jsonSchemaForInsert: build.JsonRecord, ...codes: readonly string[]) => {
  const error = failureOf(() => modelOf(setOf(jsonSchemaForInsert)));
  expect(codesOf(error)).toEqual(codes);
  return error.diagnostics[0];
};

const extensionTables = (documents: readonly build.JsonRecord[]) =>
  tableNames(modelOf(documents)).filter((name) => /^sample/.test(name));

describe('two sites that belong to one base table (design 03 §10.4)', () => {
  it.each<[string, build.JsonRecord, readonly string[]]>([
    [
      'in two inlined objects',
      object({ home: site({ a: integer() }), work: site({ b: integer() }) }),
      ['$.home._ext.sample', '$.work._ext.sample'],
    ],
    [
      'at the root and in an inlined object',
      object({ home: site({ a: integer() }), _ext: ext('sample', object({ b: integer() })) }),
      ['$._ext.sample', '$.home._ext.sample'],
    ],
    [
      'in an inlined object of the extension',
      site({ place: site({ a: integer() }) }),
      ['$._ext.sample', '$._ext.sample.place._ext.sample'],
    ],
    [
      'in two inlined objects of a collection item',
      object({ addresses: array(object({ a: site({ x: integer() }), b: site({ y: integer() }) })) }),
      ['$.addresses[*].a._ext.sample', '$.addresses[*].b._ext.sample'],
    ],
  ])('%s give two tables of one name: NAME_COLLISION with both scopes', (_, schema, scopes) => {
    const found = failing(schema, 'NAME_COLLISION');
    const [first, ...others] = found.details.collisions as unknown as {
      kind: string;
      location: string;
      sources: string[];
    }[];
    // the names of their constraints collide too
    expect(new Set(others.map(({ kind }) => kind))).toEqual(new Set(['constraint']));
    expect(first).toMatchObject({ kind: 'table', location: "schema 'sample'" });
    expect(first?.sources.map((source) => source.match(/Sample:Contact (\S+)\)/)?.[1])).toEqual(scopes);
  });
});

describe('an array that repeats a base collection below the project key (design 03 §10.3)', () => {
  const repeated = (properties: build.JsonRecord) =>
    site({ addresses: array(object({ ...properties, _ext: ext('sample', object({ zone: string() })) })) });

  it('may name descriptors of the extension: they are met, without a column or table', () => {
    const documents = setOf(repeated({ kindDescriptor: uri(), kinds: array(uri()) }), {
      documentPathsMapping: {
        Kind: descriptorPath('Ed-Fi:KindDescriptor', '$._ext.sample.addresses[*].kindDescriptor'),
        Kinds: descriptorPath('Ed-Fi:KindDescriptor', '$._ext.sample.addresses[*].kinds[*]'),
      },
    });
    expect(extensionTables(documents)).toEqual(['sample.ContactExtension', 'sample.ContactExtensionAddress']);
    const table = tableOf(modelOf(documents), 'sample.ContactExtensionAddress');
    expect(columnNames(table)).toEqual(['Contact_DocumentId', 'Ordinal', 'Zone']);
  });

  it('may lead to further collections of the base, whose sites extend these', () => {
    const schema = object({
      reach: object({ phones: array(object({ line: object({ _ext: ext('sample', object({ a: integer() })) }) })) }),
    });
    expect(extensionTables(setOf(schema))).toEqual(['sample.ContactExtensionPhone']);
  });

  it('has its base table at the same path: one in an inlined object is another collection', () => {
    const found = failing(
      site({ reach: object({ addresses: array(site({ a: integer() })) }) }),
      'EXTENSION_BASE_TABLE_MISSING',
    );
    const facts = ['$._ext.sample.reach.addresses[*]._ext.sample', 'to $.reach.addresses[*]'];
    expectNamed(found, facts);
    const model = modelOf(setOf(site({ reach: object({ phones: array(site({ a: integer() })) }) })));
    expect(tableNames(model)).toContain('sample.ContactExtensionPhone');
  });
});

describe('the items of an extension collection (design 03 §10.3)', () => {
  it.each([
    ['scalars that are not descriptors', array(string())],
    ['arrays', array(array(object({ a: integer() })))],
  ])('must not be %s: SCHEMA_ARRAY_ITEM_UNSUPPORTED with the array path', (_, items) => {
    const found = failing(site({ values: items }), 'SCHEMA_ARRAY_ITEM_UNSUPPORTED');
    expectNamed(found, ['Sample:Contact', '$._ext.sample.values']);
  });

  it('that are descriptors give one column, null where the items may be', () => {
    const kinds = { ...uri(), 'x-nullable': true };
    const documents = setOf(site({ kinds: array(kinds), sorts: array(uri()) }), {
      documentPathsMapping: {
        Kinds: descriptorPath('Ed-Fi:KindDescriptor', '$._ext.sample.kinds[*]'),
        Sorts: descriptorPath('Ed-Fi:KindDescriptor', '$._ext.sample.sorts[*]'),
      },
    });
    const lastColumn = (name: string) => columnLines(tableOf(modelOf(documents), name)).at(-1);
    expect(lastColumn('sample.ContactExtensionSort')).toBe(
      'Sort_DescriptorId DescriptorFk Int64 NOT NULL $._ext.sample.sorts[*]',
    );
    expect(lastColumn('sample.ContactExtensionKind')).toBe(
      'Kind_DescriptorId DescriptorFk Int64 NULL $._ext.sample.kinds[*]',
    );
  });
});

describe('the walk over an extension schema (design 03 §10.3)', () => {
  it('visits properties in ordinal order, whatever their order in the file: all faults are reported', () => {
    const faulty = { home: site({ a: integer() }, 'other'), Zone: site({ a: integer() }, 'other') };
    for (const schema of [object(faulty), object(Object.fromEntries(Object.entries(faulty).reverse()))])
      expect(diagnosticsOf(() => modelOf(setOf(schema))).map(({ code, where }) => [code, where.path])).toEqual([
        ['EXTENSION_KEY_UNRESOLVED', '$.properties.Zone.properties._ext'],
        ['EXTENSION_KEY_UNRESOLVED', '$.properties.home.properties._ext'],
      ]);
  });

  it('makes no table where the schema has no _ext', () => {
    const model = modelOf(setOf(object({ note: string(), items: array(object({ a: integer() })) })));
    expect(
      model.resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder).filter(isExtensionTable),
    ).toEqual([]);
  });
});
