import { anyText } from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listText, manifestText } from '../index.ts';

const hex = (code: number) => code.toString(16).toUpperCase().padStart(4, '0');

/** U+0020–U+007E without `"`, `\`, `&`, `'`, `+`, `<`, `>` and the backtick. */
const raw = ' !#$%()*,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~';
const short: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

describe('in a manifest string', () => {
  it.each(
    [
      ...Array.from({ length: 0x100 }, (_, code) => code),
      0x0100,
      0x0301,
      0x2013,
      0x2019,
      0x2028,
      0x2029,
      0x3000,
      0x4e2d,
      0xe000,
      0xfeff,
      0xfffd,
      0xffff,
    ].map((code) => ({ code, name: `U+${hex(code)}` })),
  )('$name is written as the table says, as a value and as a member name', ({ code }) => {
    const character = String.fromCharCode(code);
    const written = short[character] ?? (raw.includes(character) ? character : `\\u${hex(code)}`);
    expect(manifestText(character)).toBe(`"${written}"\n`);
    expect(manifestText(`a${character}b`)).toBe(`"a${written}b"\n`);
    expect(manifestText({ [`a${character}`]: 1 })).toBe(`{\n  "a${written}": 1\n}\n`);
  });

  it.each([
    ['"', '\\u0022'],
    ['&', '\\u0026'],
    ["'", '\\u0027'],
    ['+', '\\u002B'],
    ['<', '\\u003C'],
    ['>', '\\u003E'],
    ['`', '\\u0060'],
    ['é', '\\u00E9'],
    ['\u007f', '\\u007F'],
    ['/', '/'],
    ['\u001b', '\\u001B'],
    ['😀', '\\uD83D\\uDE00'],
    ['O\'Brien & "Co"', 'O\\u0027Brien \\u0026 \\u0022Co\\u0022'],
    ['\\"', '\\\\\\u0022'],
    ['\\\\"', '\\\\\\\\\\u0022'],
    ['\\u00e9', '\\\\u00e9'],
    ['\\u001f', '\\\\u001f'],
    ['\\n', '\\\\n'],
    ['\\\n', '\\\\\\n'],
    ['\\b"\\f', '\\\\b\\u0022\\\\f'],
  ])('%j is %s', (text, written) => {
    expect(manifestText(text)).toBe(`"${written}"\n`);
  });
});

describe('the text of a manifest', () => {
  it('is indented by two spaces, one blank after the colon, a line per member and element, one LF at the end', () => {
    expect(manifestText({ b: [1, 'x', { c: null }], a: { d: true, e: false }, f: -3 })).toBe(
      [
        '{',
        '  "b": [',
        '    1,',
        '    "x",',
        '    {',
        '      "c": null',
        '    }',
        '  ],',
        '  "a": {',
        '    "d": true,',
        '    "e": false',
        '  },',
        '  "f": -3',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('prints empty containers on the line of their member', () => {
    expect(manifestText({ a: [], b: {} })).toBe('{\n  "a": [],\n  "b": {}\n}\n');
  });

  it('keeps the order of members as they were set', () => {
    const names = [...manifestText({ z: 1, a: 2, m: 3 }).matchAll(/"(\w)"/g)].map((match) => match[1]);
    expect(names).toEqual(['z', 'a', 'm']);
  });

  it('holds only bytes 0x20–0x7E and 0x0A, ends with exactly one LF and parses back, for every value', () => {
    const value = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, false),
        fc.integer(),
        anyText(),
        fc.string(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).value;
    fc.assert(
      fc.property(value, (any) => {
        const text = manifestText(any);
        expect(text).toMatch(/^[\x20-\x7e\n]*[\x20-\x7e]\n$/);
        expect(JSON.parse(text)).toEqual(any);
      }),
    );
  });
});

describe('the text of an artifact of lists', () => {
  const value = {
    modelFormat: 1,
    dialect: 'pgsql',
    tables: [{ name: 'A', columns: [1, 2] }, { name: 'B' }],
    none: [],
    last: null,
  };

  it('has one member per line and every element of a top-level list on a line of its own', () => {
    const lines = listText(value).split('\n');
    for (const element of value.tables) {
      const ownLines = lines.filter((line) => line.includes(`"name":"${element.name}"`));
      expect(ownLines).toHaveLength(1);
      expect(JSON.parse(String(ownLines[0]).trim().replace(/,$/, ''))).toEqual(element);
    }
    for (const name of Object.keys(value)) expect(lines.filter((line) => line.includes(`"${name}":`))).toHaveLength(1);
  });

  it('changes one line when one element changes', () => {
    const changed = { ...value, tables: [{ name: 'A', columns: [1, 2, 3] }, { name: 'B' }] };
    const before = listText(value).split('\n');
    const after = listText(changed).split('\n');
    expect(after).toHaveLength(before.length);
    expect(after.filter((line, index) => line !== before[index])).toHaveLength(1);
  });

  it('starts with the member that was set first', () => {
    expect(Object.keys(JSON.parse(listText(value)))).toEqual(['modelFormat', 'dialect', 'tables', 'none', 'last']);
    expect(listText(value).trimStart()).toMatch(/^\{\s*"modelFormat": ?1,/);
  });

  it.each([
    ['several members', value],
    ['no member', {}],
    ['an empty list', { a: [] }],
    ['texts with line ends, quotes and letters beyond ASCII', { a: ['x\ny', 'é"\\', '\u2028'], b: 'z\r\n' }],
    ['nested lists', { a: [[1, [2]], []], b: { c: [1, 2] } }],
  ])('parses back, has LF alone and ends with exactly one: %s', (_name, any) => {
    const text = listText(any);
    expect(JSON.parse(text)).toEqual(any);
    expect(text).not.toContain('\r');
    expect(text).toMatch(/[^\n]\n$/);
  });
});
