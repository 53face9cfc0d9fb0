import { build, edFi, extension, rows, schemaSetOf } from '@dms/testing';
import { type JsonObject, toJsonValue } from '@dms/values';
import { expect, it } from 'vitest';
import { deriveMapping, tableLabel } from '../index.ts';
import { documentRows } from './document-rows.ts';

/* The numbers of rows that documents have in tables of an ODS. */

const { ext, extensionOf, object, resource, scalarPath, string } = build;

const thing = edFi([
  resource('Thing', {
    identityJsonPaths: ['$.k'],
    documentPathsMapping: {
      K: scalarPath('$.k'),
      'Nested.X': scalarPath('$.nested.x'),
      'Item.Name': scalarPath('$.items[*].name'),
    },
    jsonSchemaForInsert: object({ k: string(9), nested: object({ x: string(5) }), items: rows({ name: string(5) }) }, [
      'k',
    ]),
  }),
]);

/** The tables with rows of a document, and their numbers; the values at `paths` are those of an extension. */
function rowsOf(paths: Readonly<Record<string, string>>, properties: build.JsonRecord, document: unknown) {
  const added = extensionOf('Thing', {
    documentPathsMapping: Object.fromEntries(Object.entries(paths).map(([key, path]) => [key, scalarPath(path)])),
    jsonSchemaForInsert: object(properties),
  });
  const { mapping } = deriveMapping(schemaSetOf('v2', [thing, extension([added])]));
  const counts = documentRows(mapping);
  counts.add('Ed-Fi:Thing', toJsonValue(document) as JsonObject);
  return Object.fromEntries(
    mapping.tables.map((table) => [tableLabel(table), counts.countOf(table)]).filter(([, count]) => count),
  );
}

it('an item of an array of an extension is a row, and content of the extension, even if it is empty', () => {
  const ofExtension = (path: string) => ({ Own: `${path}.own`, 'Mark.Z': `${path}.marks[*].z` });
  const schema = ext('sample', object({ own: string(5), marks: rows({ z: string(5) }) }));
  const value = { sample: { marks: [{}] } };
  expect(rowsOf(ofExtension('$._ext.sample'), { _ext: schema }, { k: 'a', _ext: value })).toEqual({
    'edfi.Thing': 1,
    'sample.ThingExtension': 1,
    'sample.ThingMark': 1,
  });
  const nested = object({ _ext: schema });
  expect(rowsOf(ofExtension('$.nested._ext.sample'), { nested }, { k: 'a', nested: { _ext: value } })).toEqual({
    'edfi.Thing': 1,
    'edfi.ThingNested': 1,
    'sample.ThingNestedExtension': 1,
    'sample.ThingNestedMark': 1,
  });
});

it('an array of an extension that repeats another one does not count as content if all its items are empty', () => {
  const paths = { Own: '$._ext.sample.own', 'Item.Added': '$._ext.sample.items[*]._ext.sample.added' };
  const items = rows({ _ext: ext('sample', object({ added: string(5) })) });
  const schema = { _ext: ext('sample', object({ own: string(5), items })) };
  const document = { k: 'a', items: [{ name: 'b' }], _ext: { sample: { items: [{}] } } };
  expect(rowsOf(paths, schema, document)).toEqual({ 'edfi.Thing': 1, 'edfi.ThingItem': 1 });
});
