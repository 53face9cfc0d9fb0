import { DmsError } from '@dms/diagnostics';
import { jsonText } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { givenDocument } from './given-document.ts';

/* Documents that a program gives as objects (design 14a §1.6). */

const textOf = (document: unknown) => jsonText(givenDocument(document, 'Ed-Fi:School'));

/** The codes and places of a refused document. */
function refusals(document: unknown): readonly (readonly [string, string | undefined])[] {
  try {
    givenDocument(document, 'Ed-Fi:School');
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    for (const { message, where } of error.diagnostics) {
      expect(where.resource).toBe('Ed-Fi:School');
      expect(message.startsWith(`Ed-Fi:School ${where.path} `)).toBe(true);
    }
    return error.diagnostics.map(({ code, where }) => [code, where.path]);
  }
  throw new Error('nothing was refused');
}

const invalid = (...places: readonly string[]) => places.map((place) => ['DOCUMENT_VALUE_INVALID', place]);
const throwing = () => {
  throw new Error('the reason');
};

describe('an object is read as JSON.stringify reads it', () => {
  const shared = { a: 1 };
  it.each([
    ['members of every kind', { a: 'x\n', b: 1.5, c: true, d: null, e: [1, 'a', null], f: {} }],
    ['members without a value are absent', { a: undefined, b: 1 }],
    ['a date has its text', { a: new Date(0) }],
    ['the result of toJSON', { a: { toJSON: (key: string) => `<${key}>` }, b: [{ toJSON: () => ({ c: 1 }) }] }],
    ['toJSON is called once', { a: { toJSON: () => ({ b: 1, toJSON: undefined }) } }],
    ['boxed values', { a: Object('x'), b: Object(2), c: Object(false) }],
    ['an object at two places is not a circle', { a: shared, b: [shared, shared] }],
    [
      'members of a class, without those of its prototype',
      new (class extends URLSearchParams {
        own = 1;
      })(),
    ],
    ['names of any kind', { '': 1, 'a.b': 2, '"': 3 }],
    [
      'getters',
      {
        get a() {
          return 5;
        },
      },
    ],
    ['minus zero', { a: -0 }],
  ])('%s', (_name, document) => {
    expect(JSON.parse(textOf(document))).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('a text keeps its digits', () => {
    expect(textOf('{"a":12345678901234567890.10}')).toContain('12345678901234567890.10');
  });
});

describe('a value that JSON does not have is refused with its place', () => {
  const circle: Record<string, unknown> = { a: { b: [] } };
  (circle.a as { b: unknown[] }).b.push(circle);
  const array: unknown[] = [];
  array.push(array);
  it.each([
    ['undefined', undefined, ['$']],
    ['null', null, ['$']],
    ['an array', [{}], ['$']],
    ['a text with an array', '[]', ['$']],
    ['toJSON that returns a text', { toJSON: () => 'x' }, ['$']],
    ['a function', () => 1, ['$']],
    ['a BigInt', 5n, ['$']],
    ['BigInts', { a: 1n, b: [{ c: Object(2n) }] }, ['$.a', '$.b[0].c']],
    ['numbers that are none', { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: [-Infinity] }, ['$.a', '$.b', '$.c[0]']],
    ['functions and symbols', { a: () => 1, b: [Symbol('x')] }, ['$.a', '$.b[0]']],
    ['undefined in an array', { a: [1, undefined] }, ['$.a[1]']],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
    ['a hole in an array', { a: [1, , 3] }, ['$.a[1]']],
    ['a long array of holes', { a: new Array(4_000_000_000) }, ['$.a[0]']],
    ['a circle', circle, ['$.a.b[0]']],
    ['an array in itself', { a: array }, ['$.a[0]']],
    ['an invalid date', { a: new Date(Number.NaN) }, ['$.a']],
    ['toJSON that throws', { a: { toJSON: throwing } }, ['$.a']],
    ['toJSON that returns a BigInt', { a: { toJSON: () => 1n } }, ['$.a']],
    ['toJSON that returns undefined', { a: { toJSON: () => undefined } }, ['$.a']],
    [
      'a getter that throws',
      {
        b: 1,
        get a() {
          return throwing();
        },
      },
      ['$.a'],
    ],
    [
      'a proxy that throws',
      { a: new Proxy({}, { ownKeys: throwing }), b: new Proxy([1], { get: throwing }) },
      ['$.a', '$.b'],
    ],
    ['a promise', Promise.resolve({}), ['$']],
    [
      'containers',
      { a: new Map(), b: new Set(), c: /x/, d: new Uint8Array(1), e: new ArrayBuffer(1) },
      ['$.a', '$.b', '$.c', '$.d', '$.e'],
    ],
    ['names that do not fit into a path', { 'a.b': { '"': 1n } }, ['$["a.b"]["\\""]']],
    ['several at once', { a: 1n, b: () => 1, c: { d: Number.NaN } }, ['$.a', '$.b', '$.c.d']],
  ])('%s', (_name, document, places) => {
    expect(refusals(document)).toEqual(invalid(...places));
  });

  it('what a program throws is said', () => {
    expect(() =>
      givenDocument(
        {
          get a() {
            return throwing();
          },
        },
        'Ed-Fi:School',
      ),
    ).toThrow('the reason');
  });

  it('an object that is too deep', () => {
    let deep: object = {};
    for (let level = 0; level < 100_000; level += 1) deep = { a: deep };
    expect(refusals(deep)).toEqual([['DOCUMENT_TOO_LARGE', `$${'.a'.repeat(64)}`]]);
  });
});
