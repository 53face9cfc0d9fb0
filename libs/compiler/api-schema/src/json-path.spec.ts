import { DmsError } from '@dms/diagnostics';
import { anyText, propertyRuns } from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arrayDepth,
  arrayScope,
  childPath,
  compileJsonPath,
  concatPaths,
  elementPath,
  isBelow,
  isExtensionScoped,
  isPathPrefix,
  isWithin,
  type JsonPath,
  type JsonPathSegment,
  parentPath,
  parseJsonPath,
  pathOf,
  propertyNames,
  rootPath,
  stripExtensionPrefix,
} from './index.ts';

const property = (name: string): JsonPathSegment => ({ kind: 'property', name });
const anyElement: JsonPathSegment = { kind: 'anyElement' };

function path(text: string): JsonPath {
  const result = parseJsonPath(text);
  if ('reason' in result) throw new Error(`${text}: ${result.reason}`);
  return result.path;
}

describe('a JSONPath of the subset is read into its segments:', () => {
  it.each<[string, JsonPathSegment[]]>([
    ['$', []],
    ['$.a', [property('a')]],
    ['$.0', [property('0')]],
    ['$.a.b', [property('a'), property('b')]],
    ['$.a[*]', [property('a'), anyElement]],
    ['$.a[*].b[*].c', [property('a'), anyElement, property('b'), anyElement, property('c')]],
    ['$._ext.my-ext.b_2', [property('_ext'), property('my-ext'), property('b_2')]],
    ['$.-', [property('-')]],
    ['$.Ähre.漢.ß', [property('Ähre'), property('漢'), property('ß')]],
    ['$.٣', [property('٣')]],
    ['$.__proto__', [property('__proto__')]],
    ['$.aB.Ab', [property('aB'), property('Ab')]],
  ])('%s', (text, segments) => {
    expect(path(text).segments).toEqual(segments);
    expect(path(text).canonical).toBe(text);
  });
});

describe('a text outside the subset is refused with one reason and its offset:', () => {
  it.each<[string, string, number]>([
    ['', 'empty', 0],
    ['a', 'no-root', 0],
    ['.a', 'no-root', 0],
    [' $.a', 'no-root', 0],
    ['@.a', 'no-root', 0],
    ['$a', 'unexpected-character', 1],
    ['$ ', 'unexpected-character', 1],
    ['$$', 'unexpected-character', 1],
    ['$]', 'unexpected-character', 1],
    ['$.a[*]b', 'unexpected-character', 6],
    ['$.a[*] ', 'unexpected-character', 6],
    ['$.', 'empty-property', 2],
    ['$..a', 'empty-property', 2],
    ['$.a.', 'empty-property', 4],
    ['$.a..b', 'empty-property', 4],
    ['$.[*]', 'empty-property', 2],
    ['$[*]', 'wildcard-position', 1],
    ["$['a']", 'wildcard-position', 1],
    ['$[0]', 'wildcard-position', 1],
    ['$.a[*][*]', 'wildcard-position', 6],
    ['$.a[*][0]', 'wildcard-position', 6],
    ['$.a[0]', 'array-not-wildcard', 3],
    ["$.a['b']", 'array-not-wildcard', 3],
    ['$.a[*', 'array-not-wildcard', 3],
    ['$.a[', 'array-not-wildcard', 3],
    ['$.a[ *]', 'array-not-wildcard', 3],
    ['$.a[1:2]', 'array-not-wildcard', 3],
    ['$.a[?(@.b)]', 'array-not-wildcard', 3],
    ['$.a b', 'invalid-property-character', 3],
    ['$.*', 'invalid-property-character', 2],
    ['$.a]', 'invalid-property-character', 3],
    ['$.a$', 'invalid-property-character', 3],
    ['$.a\n', 'invalid-property-character', 3],
    ['$.ab:c', 'invalid-property-character', 4],
    ['$.a²', 'invalid-property-character', 3],
    ['$.e\u0301', 'invalid-property-character', 3],
    ['$.Ⅳ', 'invalid-property-character', 2],
    ['$.a😀', 'invalid-property-character', 3],
    ['$.𝔸', 'invalid-property-character', 2],
    ['$.é𝔸', 'invalid-property-character', 3],
    ['$.a\ud800', 'invalid-property-character', 3],
  ])('%j is %s at %i', (text, reason, offset) => {
    expect(parseJsonPath(text)).toEqual({ reason, offset });
  });
});

describe('a refused path in a schema', () => {
  it.each<[string, string, number]>([
    ['$.a[0]', 'array-not-wildcard', 3],
    ['$[*]', 'wildcard-position', 1],
    ['$..a', 'empty-property', 2],
    ['$.a[*][*]', 'wildcard-position', 6],
    ['', 'empty', 0],
  ])('%j is JSONPATH_INVALID with text, reason, offset, resource and member', (text, reason, offset) => {
    let thrown: unknown;
    try {
      compileJsonPath(text, { file: 'a.json', resource: 'Toy:Widget' }, 'identityJsonPaths[2]');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(DmsError);
    const [failure, ...others] = (thrown as DmsError).diagnostics;
    expect(others).toEqual([]);
    expect(failure.code).toBe('JSONPATH_INVALID');
    expect({ ...failure.where, ...failure.details }).toEqual({
      file: 'a.json',
      resource: 'Toy:Widget',
      path: 'identityJsonPaths[2]',
      text,
      reason,
      offset,
      member: 'identityJsonPaths[2]',
    });
    for (const part of ['Toy:Widget', 'identityJsonPaths[2]', JSON.stringify(text), String(offset)]) {
      expect(failure.message).toContain(part);
    }
  });

  it('is nothing that a good path becomes', () => {
    expect(compileJsonPath('$.a[*].b', { resource: 'Toy:Widget' }, 'path').canonical).toBe('$.a[*].b');
  });
});

describe('a path is a prefix of another', () => {
  it.each([
    ['$', '$'],
    ['$', '$.a[*].b'],
    ['$.a', '$.a'],
    ['$.a', '$.a.b'],
    ['$.a', '$.a[*]'],
    ['$.a[*]', '$.a[*].b'],
    ['$.a[*].b', '$.a[*].b[*].c'],
  ])('when every segment of it is the other segment at the same index: %s of %s', (prefix, other) => {
    expect(isPathPrefix(path(prefix), path(other))).toBe(true);
  });

  it.each([
    ['$.a', '$'],
    ['$.a', '$.ab'],
    ['$.a', '$.a-b'],
    ['$.a', '$.b'],
    ['$.a', '$.A'],
    ['$.a.b', '$.a'],
    ['$.a[*]', '$.a'],
    ['$.a[*]', '$.a.b'],
    ['$.a.b', '$.a[*].b'],
    ['$.b', '$.a.b'],
    ['$.a[*].b', '$.a[*].bc'],
  ])('and is none otherwise: %s of %s', (prefix, other) => {
    expect(isPathPrefix(path(prefix), path(other))).toBe(false);
  });
});

describe('the array scope of a path is the path cut after its last [*]', () => {
  it.each([
    ['$.a[*]', '$.a[*]'],
    ['$.a[*].b', '$.a[*]'],
    ['$.a[*].b.c', '$.a[*]'],
    ['$.a[*].b[*].c', '$.a[*].b[*]'],
    ['$.o.a[*].b', '$.o.a[*]'],
  ])('%s -> %s', (text, scope) => {
    expect(arrayScope(path(text))?.canonical).toBe(scope);
    expect(arrayScope(path(text))?.segments).toEqual(path(scope).segments);
  });

  it.each(['$', '$.a', '$.a.b'])('and %s has none', (text) => {
    expect(arrayScope(path(text))).toBeUndefined();
  });

  it.each([
    ['$', 0],
    ['$.a.b', 0],
    ['$.a[*]', 1],
    ['$.a[*].b.c', 1],
    ['$.a[*].b[*].c[*].d', 3],
  ])('%s has depth %i', (text, depth) => {
    expect(arrayDepth(path(text))).toBe(depth);
  });
});

describe('concatenated paths are the segments of one followed by those of the other', () => {
  it.each([
    ['$', '$', '$'],
    ['$', '$.a', '$.a'],
    ['$.a', '$', '$.a'],
    ['$.a[*]', '$.b.c', '$.a[*].b.c'],
    ['$.parts[*]', '$.colors[*].colorDescriptor', '$.parts[*].colors[*].colorDescriptor'],
  ])('%s + %s = %s', (base, relative, joined) => {
    expect(concatPaths(path(base), path(relative)).canonical).toBe(joined);
    expect(concatPaths(path(base), path(relative)).segments).toEqual(path(joined).segments);
  });
});

describe('the parent of a path is the path without its last segment', () => {
  it.each([
    ['$.a', '$'],
    ['$.a.b', '$.a'],
    ['$.a[*]', '$.a'],
    ['$.a[*].b', '$.a[*]'],
  ])('%s -> %s', (text, parent) => {
    expect(parentPath(path(text)).canonical).toBe(parent);
  });
});

describe('the path without extension prefix', () => {
  it.each([
    ['$._ext.sample.a', '$.a'],
    ['$._ext.sample', '$'],
    ['$._ext.my-ext.a[*]._ext.my-ext.b', '$.a[*]._ext.my-ext.b'],
    ['$._ext._ext.a', '$.a'],
  ])('of %s is %s', (text, rest) => {
    expect(stripExtensionPrefix(path(text))?.canonical).toBe(rest);
  });

  it.each([
    '$',
    '$.a',
    '$._ext',
    '$._ext[*]',
    '$._ext.sample[*].a',
    '$.a._ext.sample.b',
    '$._extra.sample.a',
    '$.ext.sample.a',
  ])('does not exist for %s', (text) => {
    expect(stripExtensionPrefix(path(text))).toBeUndefined();
  });

  it.each([
    ['$._ext.sample.a', true],
    ['$.a[*]._ext.sample.b', true],
    ['$._ext', true],
    ['$', false],
    ['$.a._extra', false],
    ['$.ext', false],
  ])('and %s in an extension scope is %s', (text, expected) => {
    expect(isExtensionScoped(path(text))).toBe(expected);
  });
});

describe('the property names of segments', () => {
  it('are those of the properties, in order, without wildcards', () => {
    expect(propertyNames(path('$.a[*].b[*].a').segments)).toEqual(['a', 'b', 'a']);
    expect(propertyNames([])).toEqual([]);
  });
});

describe('a path made of segments', () => {
  it('is the path of its text', () => {
    expect(rootPath.canonical).toBe('$');
    expect(childPath(rootPath, 'a').canonical).toBe('$.a');
    expect(elementPath(childPath(rootPath, 'a')).canonical).toBe('$.a[*]');
    expect(childPath(elementPath(childPath(rootPath, 'a')), 'b').segments).toEqual(path('$.a[*].b').segments);
  });

  it('does not change the path that it was made from', () => {
    const base = path('$.a');
    elementPath(base);
    childPath(base, 'b');
    expect(base.segments).toEqual([property('a')]);
    expect(base.canonical).toBe('$.a');
  });

  it.each<[string, () => JsonPath]>([
    ['a wildcard after the root', () => pathOf([anyElement])],
    ['two wildcards', () => pathOf([property('a'), anyElement, anyElement])],
    ['an empty name', () => pathOf([property('')])],
    ['a name with a blank', () => pathOf([property('a b')])],
    ['a name with a dot, which would be two segments', () => pathOf([property('a.b')])],
    [
      'a concatenation with two wildcards',
      () => concatPaths(path('$.a[*]'), { canonical: '$[*]', segments: [anyElement] }),
    ],
    ['an element of the root', () => elementPath(rootPath)],
    ['an element of an element', () => elementPath(path('$.a[*]'))],
    ['a child with an empty name', () => childPath(rootPath, '')],
    ['a child whose name has a blank', () => childPath(rootPath, 'a b')],
    ['a child whose name has a dot, which would be two segments', () => childPath(rootPath, 'a.b')],
    ['a child whose name ends like an array', () => childPath(rootPath, 'a[*]')],
  ])('is checked by the same rules: %s is refused', (_name, make) => {
    expect(make).toThrow();
  });
});

const name = fc
  .array(fc.constantFrom('a', 'B', '0', '9', '_', '-', 'é', 'Ω', '漢', '٣', 'ª'), { minLength: 1, maxLength: 4 })
  .map((characters) => characters.join(''));
const segments = fc
  .array(fc.tuple(name, fc.boolean()), { maxLength: 5 })
  .map((steps) => steps.flatMap(([text, isArray]) => (isArray ? [property(text), anyElement] : [property(text)])));
const alphabet = fc.constantFrom(
  '$',
  '$',
  '.',
  '.',
  '.',
  '[*]',
  '[*]',
  '[',
  '*',
  ']',
  'a',
  'bc',
  'é',
  '_',
  '-',
  '0',
  ' ',
  "'",
  '😀',
  '𝔸',
  '\n',
  '²',
);
const possiblePath = fc.oneof(
  fc.array(alphabet, { maxLength: 8 }).map((parts) => parts.join('')),
  fc.array(alphabet, { maxLength: 8 }).map((parts) => `$.${parts.join('')}`),
  anyText(),
);

/** The grammar of the rules as one expression; `\p{L}` and `\p{Nd}` of the BMP only. */
function isInGrammar(text: string): boolean {
  return /^\$(?:\.[\p{L}\p{Nd}_-]+(?:\[\*\])?)*$/u.test(text) && [...text].every((character) => character.length === 1);
}

describe('for all paths', () => {
  it('printing segments and reading the text returns the segments', () => {
    fc.assert(
      fc.property(segments, (list) => {
        const printed = pathOf(list);
        expect(printed.segments).toEqual(list);
        expect(path(printed.canonical).segments).toEqual(list);
      }),
    );
  });

  it('the canonical text of a text that is read is the text', () => {
    fc.assert(
      fc.property(possiblePath, (text) => {
        const result = parseJsonPath(text);
        if ('path' in result)
          expect([result.path.canonical, pathOf(result.path.segments).canonical]).toEqual([text, text]);
      }),
    );
  });

  it('a path cut at a segment boundary is read', () => {
    fc.assert(
      fc.property(segments, fc.nat(10), (list, length) => {
        const cut = pathOf(list.slice(0, length));
        expect(path(cut.canonical).segments).toEqual(list.slice(0, length));
        expect(isPathPrefix(cut, pathOf(list))).toBe(true);
      }),
    );
  });

  it('a text is read exactly when it is in the grammar', () => {
    fc.assert(
      fc.property(possiblePath, (text) => {
        expect('path' in parseJsonPath(text)).toBe(isInGrammar(text));
      }),
      { numRuns: propertyRuns(1000) },
    );
  });

  it('a refused text has one of the reasons and an offset within the text', () => {
    const reasons = [
      'empty',
      'no-root',
      'invalid-property-character',
      'empty-property',
      'wildcard-position',
      'array-not-wildcard',
      'unexpected-character',
    ];
    fc.assert(
      fc.property(possiblePath, (text) => {
        const result = parseJsonPath(text);
        if ('path' in result) return;
        expect(Object.keys(result).sort()).toEqual(['offset', 'reason']);
        expect(reasons).toContain(result.reason);
        expect(Number.isInteger(result.offset) && result.offset >= 0 && result.offset <= text.length).toBe(true);
      }),
      { numRuns: propertyRuns(1000) },
    );
  });

  it('the text before the offset is right', () => {
    fc.assert(
      fc.property(segments, fc.constantFrom('b', ' ', '$', ']'), (list, wrong) => {
        const good = pathOf([...list, property('a'), anyElement]).canonical;
        expect(parseJsonPath(good + wrong)).toEqual({ reason: 'unexpected-character', offset: good.length });
      }),
    );
  });
});

it.each([
  ['$.a', true, false],
  ['$.a.b', true, true],
  ['$.a[*].b', true, false],
  ['$.ab', false, false],
  ['$', false, false],
])('%s is within $.a: %s, and below it: %s', (text, within, below) => {
  expect([isWithin(text, '$.a'), isBelow(text, '$.a')]).toEqual([within, below]);
});
