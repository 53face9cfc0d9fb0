import {
  build,
  codesOf,
  edFi,
  equal,
  expectNamed,
  failureOf,
  modelOf,
  random,
  seeds,
  shuffledList,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { failFast } from '../../../test/fail-fast.ts';
import { handMadeColumn, handMadeTable } from '../../../test/hand-made.ts';
import type { DraftColumn, DraftTable } from '../../draft/draft-table.ts';
import type { EqualityEdge } from './classify.ts';
import { buildClasses } from './unify-keys.ts';

const { descriptor, descriptorPath, integer, number, object, resource, string, uri } = build;

const label = 'Ed-Fi:HandMade';

const edge = (a: string, b: string) => ({ a, b });

/** Class members by name, of columns made by hand; a column is written as `Name path`. */
function classesOf(columns: readonly string[], edges: readonly { a: string; b: string }[]): string[][] {
  const table = handMadeTable(
    'edfi.HandMade',
    '$',
    columns.map((text) => {
      const [name = '', sourcePath = `$.${name}`] = text.split(' ');
      return handMadeColumn(name, sourcePath);
    }),
  );
  return buildClasses(label, table, edgesOf(table, edges), failFast).map((members) => members.map(({ name }) => name));
}

/** Edges between columns of the table, given by name. */
function edgesOf(table: DraftTable, edges: readonly { a: string; b: string }[]): EqualityEdge[] {
  return edges.map(({ a, b }) => ({ a: table.columns.get(a)!, b: table.columns.get(b)! }));
}

describe('classes', () => {
  it('are the connected components of the edges: equality is transitive', () => {
    expect(classesOf(['A', 'B', 'C', 'D', 'E', 'F'], [edge('A', 'B'), edge('B', 'C'), edge('D', 'E')])).toEqual([
      ['A', 'B', 'C'],
      ['D', 'E'],
    ]);
  });

  it('are the same for every order and direction of the edges', () => {
    const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I'];
    const edges = [
      edge('A', 'B'),
      edge('C', 'D'),
      edge('B', 'D'),
      edge('D', 'E'),
      edge('F', 'G'),
      edge('G', 'H'),
      edge('F', 'H'),
    ];
    const expected = [
      ['A', 'B', 'C', 'D', 'E'],
      ['F', 'G', 'H'],
    ];
    for (const seed of seeds(50)) {
      const next = random(seed);
      const turned = edges.map(({ a, b }) => (next() < 0.5 ? edge(a, b) : edge(b, a)));
      expect(classesOf(shuffledList(names, next), shuffledList(turned, next)), `seed ${seed}`).toEqual(expected);
    }
  });

  it('order their members by path, then by column name', () => {
    expect(classesOf(['Z $.a', 'Y $.b', 'X $.b', 'W $.c'], [edge('W', 'X'), edge('X', 'Y'), edge('Y', 'Z')])).toEqual([
      ['Z', 'X', 'Y', 'W'],
    ]);
  });

  it('compare paths and names by UTF-16 code unit', () => {
    expect(classesOf(['A $.a_b', 'B $.aB', 'C $.ab'], [edge('A', 'B'), edge('B', 'C')])).toEqual([['B', 'A', 'C']]);
  });

  it('follow each other in the order of their smallest column name, not of their members', () => {
    expect(classesOf(['B $.a', 'C $.b', 'A $.z', 'D $.c'], [edge('B', 'C'), edge('D', 'A')])).toEqual([
      ['D', 'A'],
      ['B', 'C'],
    ]);
  });

  it('have at least two members: an edge of a column with itself makes none', () => {
    expect(classesOf(['A', 'B'], [edge('A', 'A')])).toEqual([]);
  });
});

describe('members of a class', () => {
  const incompatible = (first: Partial<DraftColumn>, second: Partial<DraftColumn>) => {
    const table = handMadeTable('edfi.HandMade', '$', [
      handMadeColumn('First', '$.a', first),
      handMadeColumn('Second', '$.b', second),
    ]);
    return failureOf(() => buildClasses(label, table, edgesOf(table, [edge('Second', 'First')]), failFast));
  };
  const int64 = { kind: 'Int64', maxLength: null, decimal: null } as const;
  const text = (maxLength: number | null) => ({ scalarType: { kind: 'String', maxLength, decimal: null } as const });
  const decimal = (precision: number, scale: number) => ({
    scalarType: { kind: 'Decimal', maxLength: null, decimal: { precision, scale } } as const,
  });
  const descriptorOf = (resourceName: string | null, projectName = 'Ed-Fi') =>
    ({
      kind: 'DescriptorFk',
      scalarType: int64,
      targetResource: resourceName === null ? null : { projectName, resourceName },
    }) as const;

  it.each<[string, string, Partial<DraftColumn>, Partial<DraftColumn>, string?]>([
    ['KU_MEMBER_KIND', 'a document reference', {}, { kind: 'DocumentFk', scalarType: int64 }],
    ['KU_MEMBER_KIND', 'a document reference as the first', { kind: 'DocumentFk', scalarType: int64 }, {}, 'First'],
    ['KU_MEMBER_KIND', 'an ordinal', {}, { kind: 'Ordinal' }],
    ['KU_MIXED_KINDS', 'a scalar and a descriptor', { scalarType: int64 }, descriptorOf('KindDescriptor')],
    ['KU_SCALAR_TYPE_MISMATCH', 'strings of different length', text(60), text(50)],
    ['KU_SCALAR_TYPE_MISMATCH', 'a bounded and an unbounded string', text(60), text(null)],
    ['KU_SCALAR_TYPE_MISMATCH', 'Int32 and Int64', {}, { scalarType: int64 }],
    ['KU_SCALAR_TYPE_MISMATCH', 'decimals of different precision', decimal(10, 2), decimal(9, 2)],
    ['KU_SCALAR_TYPE_MISMATCH', 'decimals of different scale', decimal(10, 2), decimal(10, 3)],
    [
      'KU_DESCRIPTOR_TARGET_MISSING',
      'a descriptor without resource',
      descriptorOf('KindDescriptor'),
      descriptorOf(null),
    ],
    [
      'KU_DESCRIPTOR_TARGET_MISSING',
      'a first descriptor without resource',
      descriptorOf(null),
      descriptorOf('KindDescriptor'),
      'First',
    ],
    [
      'KU_DESCRIPTOR_TARGET_MISMATCH',
      'two descriptors',
      descriptorOf('KindDescriptor'),
      descriptorOf('TypeDescriptor'),
    ],
    [
      'KU_DESCRIPTOR_TARGET_MISMATCH',
      'descriptors with the same resource name in two projects',
      descriptorOf('KindDescriptor'),
      descriptorOf('KindDescriptor', 'Sample'),
    ],
  ])(
    '%s: must not be %s; the message names the offending column, the first and the table',
    (code, _, first, second, offending = 'Second') => {
      const error = incompatible(first, second);
      expect(codesOf(error)).toEqual([code]);
      expectNamed(error.diagnostics[0], [label, 'edfi.HandMade', 'First', offending]);
    },
  );

  it('are compared with the first, so that the message names the first and the offending one', () => {
    const table = handMadeTable('edfi.HandMade', '$', [
      handMadeColumn('One', '$.a', text(60)),
      handMadeColumn('Two', '$.b', text(60)),
      handMadeColumn('Three', '$.c', text(61)),
    ]);
    const error = failureOf(() =>
      buildClasses(label, table, edgesOf(table, [edge('Two', 'Three'), edge('One', 'Two')]), failFast),
    );
    expectNamed(error.diagnostics[0], ['One', 'Three']);
    expect(error.diagnostics[0].message).not.toContain('Two');
  });

  it('are checked for a wrong kind first, then for mixed kinds, then for types', () => {
    const table = (third: Partial<DraftColumn>) =>
      handMadeTable('edfi.HandMade', '$', [
        handMadeColumn('One', '$.a'),
        handMadeColumn('Two', '$.b', text(60)),
        handMadeColumn('Three', '$.c', third),
      ]);
    const edges = [edge('One', 'Two'), edge('Two', 'Three')];
    const codeWith = (third: Partial<DraftColumn>) => {
      const made = table(third);
      return failureOf(() => buildClasses(label, made, edgesOf(made, edges), failFast)).code;
    };
    expect(codeWith({ kind: 'DocumentFk' })).toBe('KU_MEMBER_KIND');
    expect(codeWith(descriptorOf('KindDescriptor'))).toBe('KU_MIXED_KINDS');
    expect(codeWith({})).toBe('KU_SCALAR_TYPE_MISMATCH');
  });

  it('may differ in nullability', () => {
    const table = handMadeTable('edfi.HandMade', '$', [
      handMadeColumn('First', '$.a', { isNullable: true }),
      handMadeColumn('Second', '$.b'),
    ]);
    expect(buildClasses(label, table, edgesOf(table, [edge('First', 'Second')]), failFast)).toHaveLength(1);
  });

  it('decimals of different digits are reported with what to do', () => {
    const thing = resource('Thing', {
      equalityConstraints: [equal('$.a', '$.b')],
      decimalPropertyValidationInfos: [{ path: '$.a', totalDigits: 10, decimalPlaces: 2 }],
      jsonSchemaForInsert: object({ a: number(), b: number() }),
    });
    const { message } = failureOf(() => modelOf([edFi([thing])])).diagnostics[0];
    expect(message).toContain(
      'Decimal(10,2) and Decimal(18,4); give both properties the same digits in decimalPropertyValidationInfos',
    );
  });

  it.each<[string, build.JsonRecord, build.JsonRecord, build.JsonRecord]>([
    ['KU_SCALAR_TYPE_MISMATCH', { a: string(60), b: string(50) }, {}, {}],
    ['KU_SCALAR_TYPE_MISMATCH', { a: integer(), b: integer('int64') }, {}, {}],
    [
      'KU_SCALAR_TYPE_MISMATCH',
      { a: number(), b: number() },
      {},
      { decimalPropertyValidationInfos: [{ path: '$.a', totalDigits: 10, decimalPlaces: 2 }] },
    ],
    ['KU_MIXED_KINDS', { a: uri(), b: uri() }, { A: descriptorPath('Ed-Fi:KindDescriptor', '$.a') }, {}],
    [
      'KU_DESCRIPTOR_TARGET_MISMATCH',
      { a: uri(), b: uri() },
      { A: descriptorPath('Ed-Fi:KindDescriptor', '$.a'), B: descriptorPath('Ed-Fi:TypeDescriptor', '$.b') },
      {},
    ],
  ])('%s stops derivation for the properties %o', (code, properties, documentPathsMapping, members) => {
    const thing = resource('Thing', {
      documentPathsMapping,
      equalityConstraints: [equal('$.a', '$.b')],
      jsonSchemaForInsert: object(properties),
      ...members,
    });
    const error = failureOf(() => modelOf([edFi([descriptor('KindDescriptor'), descriptor('TypeDescriptor'), thing])]));
    expect(codesOf(error)).toEqual([code]);
    expectNamed(error.diagnostics[0], ['Ed-Fi:Thing', 'edfi.Thing']);
  });

  it('pass on their common type to the canonical column', () => {
    const thing = resource('Thing', {
      equalityConstraints: [equal('$.a', '$.b')],
      decimalPropertyValidationInfos: ['$.a', '$.b'].map((path) => ({ path, totalDigits: 12, decimalPlaces: 3 })),
      jsonSchemaForInsert: object({ a: number(), b: number() }),
    });
    const table = tableOf(modelOf([edFi([thing])]), 'edfi.Thing');
    expect(table.columns.find(({ name }) => name === 'A_Unified')).toMatchObject({
      kind: 'Scalar',
      scalarType: { kind: 'Decimal', decimal: { precision: 12, scale: 3 } },
      targetResource: null,
      sourcePath: null,
      storage: { kind: 'Stored' },
      isWritable: true,
      isNullable: true,
    });
  });
});
