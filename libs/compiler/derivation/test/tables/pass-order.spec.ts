import { build, failureOf, schemaSet } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../../src/derive-model.ts';

const { array, descriptorPath, ext, integer, object, reference, string, uri } = build;

const pair = build.resource('Pair', {
  identityJsonPaths: ['$.a', '$.b'],
  jsonSchemaForInsert: object({ a: string(10), b: string(10) }, ['a', 'b']),
});

const toPair = (...names: readonly string[]) =>
  reference(
    'Ed-Fi:Pair',
    names.map((name) => [`$.${name}`, `$.pairReference.${name}`] as const),
  );
const pairReference = object({ a: string(10), b: string(10) });

const thing = (name: string, properties: build.JsonRecord, members: build.JsonRecord = {}) =>
  build.resource(name, { jsonSchemaForInsert: object(properties), ...members });

interface Mistake {
  readonly code: string;
  readonly core?: build.BuiltResource;
  readonly extension?: build.BuiltResource;
  readonly abstractResources?: build.JsonRecord;
}

// later passes have the smaller resource names, so in the order of resources their mistakes would be reported first
const mistakes: readonly (readonly [string, Mistake])[] = [
  [
    'the rules for a set',
    {
      code: 'REFERENCE_TARGET_UNKNOWN',
      core: thing('Z', {}, { documentPathsMapping: { A: descriptorPath('Ed-Fi:MissingDescriptor', '$.a') } }),
    },
  ],
  [
    'the descriptor path map',
    {
      code: 'DESCRIPTOR_PATH_CONFLICT',
      core: thing(
        'Y',
        { a: uri() },
        {
          documentPathsMapping: {
            A: descriptorPath('Ed-Fi:KindDescriptor', '$.a'),
            B: descriptorPath('Ed-Fi:OtherDescriptor', '$.a'),
          },
        },
      ),
    },
  ],
  ['tables and columns', { code: 'STRING_MAX_LENGTH_MISSING', core: thing('X', { a: { type: 'string' } }) }],
  [
    'descriptor resources',
    {
      code: 'DESCRIPTOR_CONTRACT_VIOLATION',
      core: build.descriptor('WDescriptor', { jsonSchemaForInsert: object({}) }),
    },
  ],
  ['extension tables', { code: 'EXTENSION_BASE_UNRESOLVED', extension: build.extensionOf('V', {}) }],
  [
    'references',
    {
      code: 'REFERENCE_OBJECT_DUPLICATE',
      core: thing('U', { pairReference }, { documentPathsMapping: { A: toPair('a', 'b'), B: toPair('a', 'b') } }),
    },
  ],
  [
    'key unification',
    {
      code: 'KU_SCALAR_TYPE_MISMATCH',
      core: thing(
        'T',
        { a: integer(), b: string() },
        { equalityConstraints: [{ sourceJsonPath: '$.a', targetJsonPath: '$.b' }] },
      ),
    },
  ],
  ['abstract resources', { code: 'ABSTRACT_NO_MEMBERS', abstractResources: { S: { identityJsonPaths: ['$.a'] } } }],
  [
    'natural keys',
    {
      code: 'IDENTITY_PATH_IN_ARRAY',
      core: thing('R', { rows: array(object({ a: string() }, ['a'])) }, { identityJsonPaths: ['$.rows[*].a'] }),
    },
  ],
  [
    'reference constraints',
    {
      code: 'REFERENCE_IDENTITY_NOT_COVERED',
      core: thing('Q', { pairReference }, { documentPathsMapping: { A: toPair('a') } }),
    },
  ],
  [
    'array uniqueness',
    {
      code: 'ARRAY_UNIQUENESS_UNMAPPED',
      extension: build.extensionOf('Pair', {
        arrayUniquenessConstraints: [{ paths: ['$.rows[*].a'] }],
        jsonSchemaForInsert: object({ _ext: ext('sample', object({})) }),
      }),
    },
  ],
  [
    'the final checks',
    { code: 'OVERRIDE_UNUSED', core: thing('A', {}, { relational: { nameOverrides: { '$.typo': 'X' } } }) },
  ],
];

const documentsWith = (given: readonly Mistake[]) => [
  build.project(
    'Ed-Fi',
    [
      pair,
      build.descriptor('KindDescriptor'),
      build.descriptor('OtherDescriptor'),
      ...given.flatMap(({ core }) => core ?? []),
    ],
    { abstractResources: Object.assign({}, ...given.map(({ abstractResources }) => abstractResources)) },
  ),
  build.project(
    'Sample',
    given.flatMap(({ extension }) => extension ?? []),
    { isExtension: true },
  ),
];

// design 02 §2: later passes continue with the results of earlier ones
describe('where every later pass would find mistakes too', () => {
  it.each(mistakes.map(([name], index) => [name, index] as const))(
    'those of %s and of all later passes are reported together',
    (_, index) => {
      const given = mistakes.slice(index).map(([, mistake]) => mistake);
      const found = failureOf(() => deriveModel(schemaSet(...documentsWith(given)), 'pgsql')).diagnostics;
      expect(found.map((diagnostic) => diagnostic.code)).toEqual(given.map(({ code }) => code));
    },
  );
});
