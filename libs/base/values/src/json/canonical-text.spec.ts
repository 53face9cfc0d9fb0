import { anyText } from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText, JsonNumber, type JsonValue, parseJson, toJsonValue } from '../index.ts';

const canonical = (text: string) => canonicalText(parseJson(text, 'a.json'));
const hex = (code: number) => code.toString(16).toUpperCase().padStart(4, '0');
const character = (code: number) => ({ code, name: `U+${hex(code)}`, text: String.fromCodePoint(code) });

describe('canonical text', () => {
  it('is the example of the rules', () => {
    const text = '{ "b": [ { "y": 1.0, "x": "caf\\u00e9 \\u2019" }, [3, 2] ], "a\\u00a0": { }, "B": null }';
    expect(canonical(text)).toBe('{"B":null,"a\\u00A0":{},"b":[{"x":"café ’","y":1.0},[3,2]]}');
  });

  it.each([
    ['has no white space outside strings', ' { "a" : [ 1 , { } , [ ] ] }\r\n', '{"a":[1,{},[]]}'],
    ['keeps blanks inside strings', '[" a  b "]', '[" a  b "]'],
    ['keeps the order of arrays', '[3,1,2,"b","a"]', '[3,1,2,"b","a"]'],
    ['keeps members whose value is null', '{"b":null,"a":null}', '{"a":null,"b":null}'],
    ['writes literals as such', '[true,false,null]', '[true,false,null]'],
    [
      'sorts members at every level',
      '{"b":{"d":1,"c":[{"f":2,"e":3}]},"a":4}',
      '{"a":4,"b":{"c":[{"e":3,"f":2}],"d":1}}',
    ],
    ['keeps [1.0] and [1] apart', '[1.0]', '[1.0]'],
  ])('%s', (_name, text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it.each(['1', '1.0', '1.50', '1e2', '1E+2', '-0', '12345678901234567890', '0.10'])(
    'copies the number %s verbatim',
    (lexeme) => {
      expect(canonical(`{"a": ${lexeme} }`)).toBe(`{"a":${lexeme}}`);
    },
  );
});

describe('members are sorted by UTF-16 code unit of the unescaped name', () => {
  it.each([
    [
      'digits, upper case, underscore, lower case',
      ['a', '_', 'Z', '9', 'A', '0', 'z'],
      ['0', '9', 'A', 'Z', '_', 'a', 'z'],
    ],
    ['a prefix before what it begins', ['ab', 'a_b', 'aB', 'a.b', 'a-b', 'a'], ['a', 'a-b', 'a.b', 'aB', 'a_b', 'ab']],
    ['numbers as text', ['9', '10', '2', '1'], ['1', '10', '2', '9']],
    ['the empty name first', ['a', ''], ['', 'a']],
    ['accented letters after all of ASCII', ['é', 'f', 'e', 'z'], ['e', 'f', 'z', 'é']],
    ['U+1F600 before U+FF5E', ['\uff5e', '\u{1f600}', 'z'], ['z', '\u{1f600}', '\uff5e']],
    ['U+1F600 after U+D7FF and before U+E000', ['\ue000', '\u{1f600}', '\ud7ff'], ['\ud7ff', '\u{1f600}', '\ue000']],
  ])('%s', (_name, names, sorted) => {
    const value = new Map<string, JsonValue>(names.map((name) => [name, null]));
    const order = [...(parseJson(canonicalText(value), 'a.json') as ReadonlyMap<string, JsonValue>).keys()];
    expect(order).toEqual(sorted);
  });

  it('and never by how the name is written in the source', () => {
    expect(canonical('{"\\u0062":1,"a":2}')).toBe('{"a":2,"b":1}');
    expect(canonical('{"\\u00e9":1,"z":2}')).toBe('{"z":2,"é":1}');
  });
});

describe('in strings', () => {
  it.each([
    ['a quote', '"', '\\"'],
    ['a backslash', '\\', '\\\\'],
    ['U+0008', '\b', '\\b'],
    ['U+0009', '\t', '\\t'],
    ['U+000A', '\n', '\\n'],
    ['U+000C', '\f', '\\f'],
    ['U+000D', '\r', '\\r'],
  ])('%s has a short escape, in values and in names', (_name, text, escaped) => {
    expect(canonicalText(`a${text}b`)).toBe(`"a${escaped}b"`);
    expect(canonicalText(new Map([[text, text]]))).toBe(`{"${escaped}":"${escaped}"}`);
  });

  it.each(
    [
      // Cc without a short escape
      0x0000, 0x0001, 0x0007, 0x000b, 0x000e, 0x001f, 0x007f, 0x0080, 0x0085, 0x009f,
      // Zs without U+0020
      0x00a0, 0x1680, 0x2000, 0x2003, 0x200a, 0x202f, 0x205f, 0x3000,
      // Zl, Zp, Co, Cn
      0x2028, 0x2029, 0xe000, 0xf8ff, 0x0378, 0xfdd0, 0xfffe, 0xffff,
    ].map(character),
  )('$name is escaped with four upper-case digits, in values and in names', ({ code, text }) => {
    const escaped = `\\u${hex(code)}`;
    expect(canonicalText(text)).toBe(`"${escaped}"`);
    expect(canonicalText(new Map([[`k${text}`, `v${text}`]]))).toBe(`{"k${escaped}":"v${escaped}"}`);
  });

  it.each(
    [
      ...[..." !#$%&'()*+,-./0:;<=>?@AZ[]^_`az{|}~"].map((text) => text.charCodeAt(0)),
      // letters, marks, punctuation, symbols, numbers beyond ASCII
      0x00a1,
      0x00b2,
      0x00d7,
      0x00df,
      0x00e9,
      0x0301,
      0x0660,
      0x2013,
      0x2019,
      0x20ac,
      0x4e2d,
      0xd7a3,
      0xff5e,
      0xfffd,
      // format characters
      0x00ad,
      0x200b,
      0x200d,
      0x200e,
      0x2060,
      0xfeff,
    ].map(character),
  )('$name stands raw, in values and in names', ({ text }) => {
    expect(canonicalText(text)).toBe(`"${text}"`);
    expect(canonicalText(new Map([[text, text]]))).toBe(`{"${text}":"${text}"}`);
  });

  it.each([
    [0x10000, '\\uD800\\uDC00'],
    [0x1f600, '\\uD83D\\uDE00'],
    [0x1d538, '\\uD835\\uDD38'],
    [0x20000, '\\uD840\\uDC00'],
    [0xe0001, '\\uDB40\\uDC01'],
    [0x10ffff, '\\uDBFF\\uDFFF'],
  ])('code point %i above U+FFFF is two escapes', (code, escaped) => {
    const text = String.fromCodePoint(code);
    expect(canonicalText(`a${text}b`)).toBe(`"a${escaped}b"`);
    expect(canonicalText(new Map([[text, null]]))).toBe(`{"${escaped}":null}`);
  });

  it('a backslash before the letters of an escape stays a backslash', () => {
    expect(canonical('["\\\\u00e9","\\\\n"]')).toBe('["\\\\u00e9","\\\\n"]');
  });
});

const lexeme = fc
  .tuple(
    fc.boolean(),
    fc.oneof(fc.constant('0'), fc.bigInt({ min: 1n, max: 10n ** 30n }).map(String)),
    fc.option(fc.stringMatching(/^\.[0-9]{1,5}$/), { nil: '' }),
    fc.option(fc.stringMatching(/^[eE][+-]?[0-9]{1,3}$/), { nil: '' }),
  )
  .map(([isNegative, integer, fraction, exponent]) => `${isNegative ? '-' : ''}${integer}${fraction}${exponent}`);
const text = fc.oneof(fc.string(), anyText(), fc.constantFrom('__proto__', '10', '9', '"\\\b\u2028😀'));
const jsonValue: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    text,
    lexeme.map((source) => new JsonNumber(source)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .uniqueArray(fc.tuple(text, tie('value')), { selector: ([name]) => name, maxLength: 4 })
      .map((members) => new Map<string, JsonValue>(members)),
  ),
})).value;

const members = fc.uniqueArray(fc.tuple(text, jsonValue), { selector: ([name]) => name, maxLength: 6 });
const twoOrders = members.chain((list) =>
  fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
);

describe('for every JSON value', () => {
  it('parsing the canonical text returns the same value', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        // the document null alone is refused, so every value is inside an array
        expect(parseJson(canonicalText([value]), 'a.json')).toEqual([value]);
      }),
    );
  });

  it('the canonical text of the canonical text is itself', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        const once = canonicalText([value]);
        expect(canonical(once)).toBe(once);
      }),
    );
  });

  it('the order of members does not reach the canonical text', () => {
    fc.assert(
      fc.property(twoOrders, ([one, other]) => {
        expect(canonicalText([new Map(one)])).toBe(canonicalText([new Map(other)]));
      }),
    );
  });

  it('the canonical bytes hold none below 0x20 and no code point above U+FFFF', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        const bytes = Buffer.from(canonicalText(value), 'utf8');
        // a code point above U+FFFF is the only one whose first byte is 0xF0 or more
        expect(bytes.some((byte) => byte < 0x20 || byte >= 0xf0)).toBe(false);
      }),
    );
  });

  it('JSON.parse reads the canonical text as JSON.parse reads any other text of the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalText(parseJson(JSON.stringify([value]), 'a.json')))).toEqual(
          JSON.parse(JSON.stringify([value])),
        );
      }),
    );
  });
});

describe('a value made of JavaScript literals', () => {
  it('has integers as lexemes, members in their order, null and nested values', () => {
    const value = toJsonValue({ b: [1, -2, null, true], a: { c: 'x' } });
    expect([...(value as ReadonlyMap<string, JsonValue>).keys()]).toEqual(['b', 'a']);
    expect(canonicalText(value)).toBe('{"a":{"c":"x"},"b":[1,-2,null,true]}');
  });

  it('may hold maps and numbers with a lexeme of their own', () => {
    expect(
      canonicalText(
        toJsonValue(
          new Map<string, unknown>([
            ['10', 1],
            ['9', new JsonNumber('1.0')],
          ]),
        ),
      ),
    ).toBe('{"10":1,"9":1.0}');
  });

  it.each([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
  ])('cannot hold %s', (_name, value) => {
    expect(() => toJsonValue({ a: [value] })).toThrow(TypeError);
  });
});
