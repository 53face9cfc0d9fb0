import * as build from '../schema-builder.ts';
import { edFi, extension, fields, rows } from './document-parts.ts';

const { boolean, object, reference, resource, scalarPath, string } = build;

const thing = (paths: readonly string[], nested: build.JsonRecord, members: build.JsonRecord = {}) =>
  resource('Thing', {
    identityJsonPaths: ['$.k'],
    documentPathsMapping: {
      K: scalarPath('$.k'),
      ...Object.fromEntries(paths.map((path) => [keyOf(path), scalarPath(path)])),
    },
    jsonSchemaForInsert: object({ k: string(9), nested }, ['k']),
    ...members,
  });

/** The property path of a JSON path: `Nested.Item.Name` of `$.nested.items[*].name`. */
const keyOf = (path: string) =>
  path
    .replace(/^\$\./, '')
    .replace(/_ext\.sample\./g, '')
    .split('.')
    .map((step) => step.replace(/s?\[\*\]$/, ''))
    .map((step) => step.charAt(0).toUpperCase() + step.slice(1))
    .join('.');

const itemsUnique = { arrayUniquenessConstraints: [{ paths: ['$.nested.items[*].name'] }] };

const a = resource('A', {
  identityJsonPaths: ['$.k'],
  documentPathsMapping: { K: scalarPath('$.k') },
  jsonSchemaForInsert: fields({ k: string(20) }),
});
const c = resource('C', {
  identityJsonPaths: ['$.aReference.k', '$.cn'],
  documentPathsMapping: { A: reference('Ed-Fi:A', [['$.k', '$.aReference.k']]), Cn: scalarPath('$.cn') },
  jsonSchemaForInsert: fields({ aReference: fields({ k: string(20) }), cn: string(8) }),
});

/** A reference to C as `$.cReference`. */
const toC = (isRequired: boolean) =>
  reference(
    'Ed-Fi:C',
    [
      ['$.aReference.k', '$.cReference.k'],
      ['$.cn', '$.cReference.cn'],
    ],
    isRequired,
  );

/**
 * Small schema sets with objects in objects, all of whose parts are optional, and with two references that give one
 * column of an ODS.
 */
export const objectsInObjects = {
  'an object without values of its own': [
    edFi([
      thing(
        ['$.nested.deeper.deepest.flag', '$.nested.x'],
        object({ deeper: object({ deepest: object({ flag: boolean() }) }), x: string(5) }),
      ),
    ]),
  ],
  'objects in one another without any values': [
    edFi([
      thing(['$.nested.deeper.deepest.flag'], object({ deeper: object({ deepest: object({ flag: boolean() }) }) })),
    ]),
  ],
  'an object with a value beside an object': [
    edFi([
      thing(['$.nested.deeper.flag', '$.nested.x'], object({ deeper: object({ flag: boolean() }), x: string(5) })),
    ]),
  ],
  'an object with a collection': [
    edFi([
      thing(
        ['$.nested.items[*].name', '$.nested.items[*].part.size', '$.nested.x'],
        object({ items: rows({ name: string(5), part: object({ size: string(5) }) }, ['name']), x: string(5) }),
        itemsUnique,
      ),
    ]),
  ],
  'an extension of an object and of an object in an item': [
    edFi([
      thing(
        ['$.nested.items[*].name', '$.nested.items[*].part.size', '$.nested.x'],
        object({ items: rows({ name: string(5), part: object({ size: string(5) }) }, ['name']), x: string(5) }),
        itemsUnique,
      ),
    ]),
    extension([
      build.extensionOf('Thing', {
        documentPathsMapping: Object.fromEntries(
          ['$.nested._ext.sample.y', '$.nested.items[*].part._ext.sample.z'].map((path) => [
            keyOf(path),
            scalarPath(path),
          ]),
        ),
        jsonSchemaForInsert: object({
          nested: object({
            _ext: build.ext('sample', object({ y: string(5) })),
            items: rows({ part: object({ _ext: build.ext('sample', object({ z: string(5) })) }) }),
          }),
        }),
      }),
    ]),
  ],
  'a required reference that has the column of an optional one': [
    edFi([
      a,
      c,
      resource('Dd', {
        identityJsonPaths: ['$.d'],
        documentPathsMapping: {
          A: reference('Ed-Fi:A', [['$.k', '$.aReference.k']], false),
          C: toC(true),
          D: scalarPath('$.d'),
        },
        jsonSchemaForInsert: object(
          { d: string(8), aReference: fields({ k: string(20) }), cReference: fields({ k: string(20), cn: string(8) }) },
          ['d', 'cReference'],
        ),
      }),
    ]),
  ],
  'items with a required reference in the column of an optional one': [
    edFi([
      a,
      c,
      resource('Dd', {
        identityJsonPaths: ['$.d'],
        documentPathsMapping: {
          D: scalarPath('$.d'),
          'Item.A': reference('Ed-Fi:A', [['$.k', '$.items[*].aReference.k']], false),
          'Item.C': reference('Ed-Fi:C', [
            ['$.aReference.k', '$.items[*].cReference.k'],
            ['$.cn', '$.items[*].cReference.cn'],
          ]),
        },
        arrayUniquenessConstraints: [{ paths: ['$.items[*].cReference.k', '$.items[*].cReference.cn'] }],
        jsonSchemaForInsert: object(
          {
            d: string(8),
            items: rows(
              { aReference: fields({ k: string(20) }), cReference: fields({ k: string(20), cn: string(8) }) },
              ['cReference'],
            ),
          },
          ['d'],
        ),
      }),
    ]),
  ],
} as const satisfies Readonly<Record<string, readonly build.JsonRecord[]>>;
