import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText, indentedText, parseJson, toJsonValue } from '../index.ts';

const indented = (text: string) => indentedText(parseJson(text, 'a.json'));

describe('indented text', () => {
  it('has members in ordinal order at every level, two spaces per level and one LF at the end', () => {
    expect(indented('{"b":[{"y":1.0,"x":"é"},[3,2]],"a":true,"B":null}')).toBe(
      [
        '{',
        '  "B": null,',
        '  "a": true,',
        '  "b": [',
        '    {',
        '      "x": "é",',
        '      "y": 1.0',
        '    },',
        '    [',
        '      3,',
        '      2',
        '    ]',
        '  ]',
        '}',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['{}', '{}\n'],
    ['[]', '[]\n'],
    ['{"a":{},"b":[]}', '{\n  "a": {},\n  "b": []\n}\n'],
    ['{"9":1,"10":2}', '{\n  "10": 2,\n  "9": 1\n}\n'],
    ['[1.50,-0,1E+2,12345678901234567890]', '[\n  1.50,\n  -0,\n  1E+2,\n  12345678901234567890\n]\n'],
    ['["a\\"b\\\\\\n"]', '[\n  "a\\"b\\\\\\n"\n]\n'],
  ])('of %s', (text, expected) => {
    expect(indented(text)).toBe(expected);
  });

  it('holds the same value as the canonical text, for every value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (any) => {
        const value = parseJson(JSON.stringify([any]), 'a.json');
        expect(canonicalText(parseJson(indentedText(value), 'a.json'))).toBe(canonicalText(value));
      }),
    );
  });

  it('does not depend on the order of members', () => {
    expect(indentedText(toJsonValue({ b: 1, a: { d: 2, c: 3 } }))).toBe(
      indentedText(toJsonValue({ a: { c: 3, d: 2 }, b: 1 })),
    );
  });
});
