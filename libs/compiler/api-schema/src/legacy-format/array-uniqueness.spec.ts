import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { constraintsOf, descriptor, key, kitOf, reference, value } from '../../test/legacy-format/toy-kit.ts';

const { array, object, string } = build;

describe('step 5: arrayUniquenessConstraints', () => {
  const parts = (properties: build.JsonRecord, required: readonly string[] = []) =>
    object({ parts: array(object(properties, required)) });
  const makerReference = object({ makerCode: string(), makerKind: string() });

  it.each<[string, build.JsonRecord, build.JsonRecord, unknown]>([
    ['no array', { A: key('$.a') }, object({ a: string() }, ['a']), []],
    [
      'a marked property',
      { A: key('$.parts[*].a'), B: value('$.parts[*].b') },
      parts({ a: string(), b: string() }),
      [{ paths: ['$.parts[*].a'] }],
    ],
    [
      'several marked properties, in ordinal order',
      { B: key('$.parts[*].b'), A: key('$.parts[*].a'), Z: key('$.parts[*].Z') },
      parts({ a: string(), b: string(), Z: string() }),
      [{ paths: ['$.parts[*].Z', '$.parts[*].a', '$.parts[*].b'] }],
    ],
    [
      'one path in two entries, once',
      { A: key('$.parts[*].a'), B: key('$.parts[*].a') },
      parts({ a: string(), b: string() }),
      [{ paths: ['$.parts[*].a'] }],
    ],
    [
      'a marked descriptor',
      { A: descriptor('$.parts[*].a', true) },
      parts({ a: string(), b: string() }),
      [{ paths: ['$.parts[*].a'] }],
    ],
    [
      'a marked reference: all its paths',
      {
        A: reference(['$.parts[*].makerReference.makerKind', '$.parts[*].makerReference.makerCode'], true),
        B: key('$.parts[*].a'),
      },
      parts({ makerReference, a: string() }),
      [{ paths: ['$.parts[*].a', '$.parts[*].makerReference.makerCode', '$.parts[*].makerReference.makerKind'] }],
    ],
    [
      'one property that is not marked',
      { A: value('$.parts[*].a') },
      parts({ a: string() }),
      [{ paths: ['$.parts[*].a'] }],
    ],
    [
      'one descriptor that is not marked',
      { A: descriptor('$.parts[*].a') },
      parts({ a: string() }),
      [{ paths: ['$.parts[*].a'] }],
    ],
    [
      'one property that is not marked, beside _ext',
      { A: value('$.parts[*].a') },
      parts({ a: string(), _ext: build.ext('attic', object({})) }),
      [{ paths: ['$.parts[*].a'] }],
    ],
    [
      'one entry that is not marked, of items with more properties',
      { A: value('$.parts[*].a') },
      parts({ a: string(), b: string() }),
      [],
    ],
    [
      'two entries that are not marked',
      { A: value('$.parts[*].a'), B: value('$.parts[*].b') },
      parts({ a: string(), b: string() }),
      [],
    ],
    [
      'two entries of one path that are not marked',
      { A: value('$.parts[*].a'), B: descriptor('$.parts[*].a') },
      parts({ a: string() }),
      [],
    ],
    [
      'a collection of bare references',
      { A: reference(['$.parts[*].makerReference.makerCode']) },
      parts({ makerReference }),
      [],
    ],
    [
      'items that are values',
      { A: value('$.names[*]') },
      object({ names: array(string()) }),
      [{ paths: ['$.names[*]'] }],
    ],
    [
      'a key part inside an optional inline object, which is not part',
      { A: key('$.parts[*].a'), B: key('$.parts[*].box.size') },
      parts({ a: string(), box: object({ size: string() }, ['size']) }, ['a']),
      [{ paths: ['$.parts[*].a'] }],
    ],
    [
      'a key part inside a required inline object, which is part even if it is optional there',
      { A: key('$.parts[*].a'), B: key('$.parts[*].box.size') },
      parts({ a: string(), box: object({ size: string() }) }, ['box']),
      [{ paths: ['$.parts[*].a', '$.parts[*].box.size'] }],
    ],
    [
      'a key part inside two inline objects of which the inner is optional',
      { A: key('$.parts[*].a'), B: key('$.parts[*].box.lid.size') },
      parts({ a: string(), box: object({ lid: object({ size: string() }, ['size']) }) }, ['a', 'box']),
      [{ paths: ['$.parts[*].a'] }],
    ],
    [
      'a key part inside two required inline objects',
      { B: key('$.parts[*].box.lid.size') },
      parts({ a: string(), box: object({ lid: object({ size: string() }) }, ['lid']) }, ['box']),
      [{ paths: ['$.parts[*].box.lid.size'] }],
    ],
    [
      'a marked reference inside an optional inline object, which is not part',
      { A: key('$.parts[*].a'), B: reference(['$.parts[*].box.makerReference.makerCode'], true) },
      parts({ a: string(), box: object({ makerReference }, ['makerReference']) }),
      [{ paths: ['$.parts[*].a'] }],
    ],
  ])('are derived for %s', (_name, mapping, schema, expected) => {
    expect(constraintsOf(mapping, schema)).toEqual(expected);
  });

  const nestedParts = (properties: build.JsonRecord) => parts({ a: string(), b: string(), ...properties });
  it.each<[string, build.JsonRecord, build.JsonRecord, unknown]>([
    [
      'a scope inside another',
      { A: key('$.parts[*].a'), C: key('$.parts[*].colors[*].c') },
      nestedParts({ colors: array(object({ c: string() })) }),
      [{ paths: ['$.parts[*].a'], nestedConstraints: [{ basePath: '$.parts[*]', paths: ['$.colors[*].c'] }] }],
    ],
    [
      'a scope inside an inline object of another',
      { A: key('$.parts[*].a'), C: key('$.parts[*].box.colors[*].c') },
      nestedParts({ box: object({ colors: array(object({ c: string() })) }) }),
      [{ paths: ['$.parts[*].a'], nestedConstraints: [{ basePath: '$.parts[*]', paths: ['$.box.colors[*].c'] }] }],
    ],
    [
      'two scopes inside another, in ordinal order',
      { C: key('$.parts[*].y[*].c'), A: key('$.parts[*].a'), D: key('$.parts[*].x[*].d') },
      nestedParts({ y: array(object({ c: string() })), x: array(object({ d: string() })) }),
      [
        {
          paths: ['$.parts[*].a'],
          nestedConstraints: [
            { basePath: '$.parts[*]', paths: ['$.x[*].d'] },
            { basePath: '$.parts[*]', paths: ['$.y[*].c'] },
          ],
        },
      ],
    ],
    [
      'three levels: the innermost scope around takes it',
      { A: key('$.parts[*].a'), C: key('$.parts[*].colors[*].c'), D: key('$.parts[*].colors[*].shades[*].d') },
      nestedParts({ colors: array(object({ c: string(), shades: array(object({ d: string() })) })) }),
      [
        {
          paths: ['$.parts[*].a'],
          nestedConstraints: [
            {
              basePath: '$.parts[*]',
              paths: ['$.colors[*].c'],
              nestedConstraints: [{ basePath: '$.parts[*].colors[*]', paths: ['$.shades[*].d'] }],
            },
          ],
        },
      ],
    ],
    [
      'a scope whose direct outer scope has no constraint: the next one around takes it',
      { A: key('$.parts[*].a'), C: value('$.parts[*].colors[*].c'), D: key('$.parts[*].colors[*].shades[*].d') },
      nestedParts({ colors: array(object({ c: string(), x: string(), shades: array(object({ d: string() })) })) }),
      [
        {
          paths: ['$.parts[*].a'],
          nestedConstraints: [{ basePath: '$.parts[*]', paths: ['$.colors[*].shades[*].d'] }],
        },
      ],
    ],
    [
      'a scope with no constraint around it, which stands at the top with its whole path',
      { A: value('$.parts[*].a'), C: key('$.parts[*].colors[*].c') },
      nestedParts({ colors: array(object({ c: string() })) }),
      [{ paths: ['$.parts[*].colors[*].c'] }],
    ],
    [
      'scopes beside each other, in ordinal order',
      { Z: key('$.z[*].a'), B: key('$.B[*].a'), A: key('$.a[*].a') },
      object({
        z: array(object({ a: string() })),
        B: array(object({ a: string() })),
        a: array(object({ a: string() })),
      }),
      [{ paths: ['$.B[*].a'] }, { paths: ['$.a[*].a'] }, { paths: ['$.z[*].a'] }],
    ],
    [
      'a scope whose name begins like another, which is not inside it',
      { A: key('$.part[*].a'), B: key('$.parts[*].a') },
      object({ part: array(object({ a: string() })), parts: array(object({ a: string() })) }),
      [{ paths: ['$.part[*].a'] }, { paths: ['$.parts[*].a'] }],
    ],
  ])('are nested: %s', (_name, mapping, schema, expected) => {
    expect(constraintsOf(mapping, schema)).toEqual(expected);
  });

  it('stay as they are when present', () => {
    const given = [{ paths: ['$.parts[*].b'] }];
    const mapping = { A: key('$.parts[*].a') };
    expect(
      kitOf(mapping, parts({ a: string() }), { arrayUniquenessConstraints: given }).arrayUniquenessConstraints,
    ).toEqual(given);
    expect(
      kitOf(mapping, parts({ a: string() }), { arrayUniquenessConstraints: [] }).arrayUniquenessConstraints,
    ).toEqual([]);
  });
});

describe('the examples of the rules', () => {
  it('a part code that is part of the identity and inner colours: a key with a nested key', () => {
    const { arrayUniquenessConstraints, documentPathsMapping } = kitOf(
      { 'Part.PartCode': key('$.parts[*].partCode'), 'Part.Color': descriptor('$.parts[*].colors[*].colorDescriptor') },
      object(
        {
          parts: array(
            object(
              {
                partCode: string(),
                colors: array(object({ colorDescriptor: { type: 'string' } }, ['colorDescriptor'])),
              },
              ['partCode'],
            ),
          ),
        },
        ['parts'],
      ),
    );
    expect(arrayUniquenessConstraints).toEqual([
      {
        paths: ['$.parts[*].partCode'],
        nestedConstraints: [{ basePath: '$.parts[*]', paths: ['$.colors[*].colorDescriptor'] }],
      },
    ]);
    expect(documentPathsMapping['Part.PartCode'].isRequired).toBe(true);
    expect(documentPathsMapping['Part.Color'].isRequired).toBe(false);
  });

  it('a reference as the only property of items: no key, not required', () => {
    const { arrayUniquenessConstraints, documentPathsMapping } = kitOf(
      { Maker: reference(['$.links[*].makerReference.makerCode']) },
      object({
        links: array(object({ makerReference: object({ makerCode: string() }, ['makerCode']) }, ['makerReference'])),
      }),
    );
    expect(arrayUniquenessConstraints).toEqual([]);
    expect(documentPathsMapping.Maker.isRequired).toBe(false);
  });

  it('a key part in an optional inline object of an item: not part of the key', () => {
    expect(
      constraintsOf(
        { Code: key('$.parts[*].partCode'), Size: key('$.parts[*].box.size') },
        object({
          parts: array(object({ partCode: string(), box: object({ size: string() }, ['size']) }, ['partCode'])),
        }),
      ),
    ).toEqual([{ paths: ['$.parts[*].partCode'] }]);
  });
});
