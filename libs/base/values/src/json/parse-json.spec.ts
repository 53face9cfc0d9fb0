import { type Diagnostic, DmsError } from '@dms/diagnostics';
import { describe, expect, it } from 'vitest';
import { canonicalText, isJsonArray, isJsonObject, JsonNumber, type JsonValue, parseJson } from '../index.ts';

const parse = (text: string) => parseJson(text, 'a.json');

function failureOf(run: () => unknown): Diagnostic {
  try {
    run();
  } catch (error) {
    if (error instanceof DmsError) return error.diagnostics[0];
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The value as a JavaScript value: maps as entry lists, so that member order and every name are visible. */
function plain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return { number: value.lexeme };
  if (isJsonArray(value)) return value.map(plain);
  if (isJsonObject(value)) return { members: [...value].map(([name, member]) => [name, plain(member)]) };
  return value;
}

describe('the parser reads', () => {
  it.each<[string, string, unknown]>([
    ['an empty object', '{}', { members: [] }],
    ['an empty array', '[]', []],
    ['literals', '[true,false,null]', [true, false, null]],
    ['a null member, which is kept', '{"a":null}', { members: [['a', null]] }],
    ['a string as the whole document', '"x"', 'x'],
    ['a boolean as the whole document', 'false', false],
    ['a number as the whole document', '7.00', { number: '7.00' }],
    ['an empty string and an empty name', '{"":""}', { members: [['', '']] }],
    ['nested containers', '[[{"a":[{}]}]]', [[{ members: [['a', [{ members: [] }]]] }]]],
    [
      'the four white space characters between all tokens',
      ' \t\r\n[ \t\r\n1 \t\r\n,\n2\r]\t ',
      [{ number: '1' }, { number: '2' }],
    ],
    [
      'white space around members',
      '\n{\t"a" :\r\n1 , "b":2 }',
      {
        members: [
          ['a', { number: '1' }],
          ['b', { number: '2' }],
        ],
      },
    ],
    [
      'members in the order of the source',
      '{"b":1,"a":2}',
      {
        members: [
          ['b', { number: '1' }],
          ['a', { number: '2' }],
        ],
      },
    ],
    ['all short escapes', '"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'],
    ['unicode escapes with digits of either case', '"\\u00e9\\u00E9\\u0041"', 'ééA'],
    ['an escaped surrogate pair', '"\\ud83d\\ude00"', '😀'],
    ['a raw surrogate pair', '"😀"', '😀'],
    ['an escaped control character', '"\\u0000\\u001f"', '\u0000\u001f'],
    ['U+007F and U+2028 unescaped', '"\u007f\u2028\u2029"', '\u007f\u2028\u2029'],
    ['plain text on both sides of escapes', '"a\\nb\\tc"', 'a\nb\tc'],
  ])('%s', (_name, text, expected) => {
    expect(plain(parse(text))).toEqual(expected);
  });

  it.each([
    '0',
    '-0',
    '1',
    '1.0',
    '1.50',
    '10',
    '1e2',
    '1E+2',
    '1e-7',
    '1e07',
    '0.1',
    '-3',
    '0.0',
    '0e0',
    '12345678901234567890',
    '0.1234567890123456789',
    '123.456E-78',
  ])('the number %s with its source text', (lexeme) => {
    expect(plain(parse(`[${lexeme}]`))).toEqual([{ number: lexeme }]);
  });
});

describe('the parser refuses, as no JSON,', () => {
  it.each<[string, string]>([
    ['an empty text', ''],
    ['white space alone', ' \n\t'],
    ['a document that is just null', 'null'],
    ['a document that is just null with white space around', ' \nnull\n'],
    ['a word', 'abc'],
    ['undefined', '[undefined]'],
    ['a literal in upper case', '[True]'],
    ['a cut literal', '[tru]'],
    ['a cut literal at the end', 'nul'],
    ['two literals in one', '[truefalse]'],
    ['NaN', '[NaN]'],
    ['Infinity', '[Infinity]'],
    ['-Infinity', '[-Infinity]'],
    ['a plus sign', '[+1]'],
    ['a sign alone', '[-]'],
    ['a leading zero', '[01]'],
    ['a leading zero after a sign', '[-01]'],
    ['two zeros', '[00]'],
    ['a fraction without an integer', '[.5]'],
    ['a fraction without digits', '[1.]'],
    ['an exponent without digits', '[1e]'],
    ['an exponent with a sign alone', '[1e+]'],
    ['a fraction of an exponent', '[1e1.5]'],
    ['a hexadecimal number', '[0x1]'],
    ['an underscore in a number', '[1_000]'],
    ['single quotes', "['a']"],
    ['an unquoted name', '{a:1}'],
    ['a number as a name', '{1:1}'],
    ['a trailing comma in an array', '[1,]'],
    ['a trailing comma in an object', '{"a":1,}'],
    ['a leading comma', '[,1]'],
    ['two commas', '[1,,2]'],
    ['a lone comma in an object', '{,}'],
    ['elements without a comma', '[1 2]'],
    ['members without a comma', '{"a":1 "b":2}'],
    ['a name without a value', '{"a"}'],
    ['a colon without a value', '{"a":}'],
    ['a value without a name', '{:1}'],
    ['an equals sign', '{"a"=1}'],
    ['an open array', '[1'],
    ['an open object', '{"a":1'],
    ['an open string', '["abc'],
    ['a string ended by an escape', '["abc\\'],
    ['a string ended by an escaped quote', '["abc\\"'],
    ['brackets that do not match', '[1}'],
    ['braces that do not match', '{"a":1]'],
    ['an unknown escape', '["\\x"]'],
    ['an escape of a single quote', '["\\\'"]'],
    ['an upper-case unicode escape', '["\\U0041"]'],
    ['a short unicode escape', '["\\u12"]'],
    ['a unicode escape with a letter beyond F', '["\\u12G4"]'],
    ['a unicode escape in braces', '["\\u{41}"]'],
    ['a unicode escape with a sign', '["\\u+041"]'],
    ['a block comment', '{/*x*/"a":1}'],
    ['a line comment', '{}//x'],
    ['a hash comment', '#x\n{}'],
    ['a second value', '{} {}'],
    ['text after the value', '{}x'],
    ['a closing bracket after the value', '{}]'],
    ['a zero byte after the value', '{}\u0000'],
    ['a no-break space as white space', '\u00a0{}'],
    ['a vertical tab as white space', '\u000b{}'],
    ['a form feed as white space', '\u000c{}'],
    ['U+2028 as white space', '{\u2028}'],
    ['a byte order mark inside', '{\ufeff}'],
    ['a byte order mark that was not dropped', '\ufeff{}'],
  ])('%s', (_name, text) => {
    const failure = failureOf(() => parse(text));
    expect(failure.code).toBe('INPUT_JSON_INVALID');
    expect(failure.where.file).toBe('a.json');
    expect(failure.message).toContain(`${failure.where.line}:${failure.where.column}`);
  });

  it.each(Array.from({ length: 0x20 }, (_, code) => code))('control character %i unescaped in a string', (code) => {
    expect(failureOf(() => parse(`["a${String.fromCharCode(code)}"]`)).code).toBe('INPUT_JSON_INVALID');
    expect(failureOf(() => parse(`["\\n${String.fromCharCode(code)}"]`)).code).toBe('INPUT_JSON_INVALID');
  });
});

describe('the place of an error counts lines and columns from 1', () => {
  it.each<[string, string, number, number]>([
    ['the end of an empty text', '', 1, 1],
    ['the end after white space', '  ', 1, 3],
    ['the end of an open object', '{', 1, 2],
    ['the end of an open array', '[1', 1, 3],
    ['a value that starts wrongly', '[x]', 1, 2],
    ['a missing element after a comma', '[1,]', 1, 4],
    ['a missing member after a comma', '{"a":1,}', 1, 8],
    ['a missing comma', '[1 2]', 1, 4],
    ['a missing colon', '{"a" 1}', 1, 6],
    ['an unquoted name', '{ a:1}', 1, 3],
    ['text after the value', '{} x', 1, 4],
    ['an unescaped tab in a string', '["ab\tc"]', 1, 5],
    ['a raw line feed in a string after an escape', '["\\n\n"]', 1, 5],
    ['the second line after LF', '[1,\nx]', 2, 1],
    ['the third line after CRLF, which is one line end', '[1,\r\n2,\r\n  x]', 3, 3],
    ['a line after empty lines', '\n\n\n\n x', 5, 2],
    ['a column after characters that take more bytes than one', '["éß漢",x]', 1, 8],
  ])('%s', (_name, text, line, column) => {
    expect(failureOf(() => parse(text)).where).toMatchObject({ file: 'a.json', line, column });
  });
});

describe('a member that occurs twice in one object', () => {
  it.each<[string, string, string]>([
    ['next to each other', '{"a":1,"a":1}', 'a'],
    ['with other members between', '{"a":1,"b":2,"a":3}', 'a'],
    ['compared after unescaping', '{"a":1,"\\u0061":2}', 'a'],
    ['compared after unescaping beyond the BMP', '{"😀":1,"\\ud83d\\ude00":2}', '😀'],
    ['with an empty name', '{"":1,"":2}', ''],
    ['with the name __proto__', '{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('is refused: %s', (_name, text, key) => {
    const failure = failureOf(() => parse(text));
    expect(failure.code).toBe('INPUT_JSON_DUPLICATE_KEY');
    expect(failure.details.key).toBe(key);
    expect(failure.where.file).toBe('a.json');
  });

  it.each<[string, string, string]>([
    ['a member', '{"x":{"k":1,"k":2}}', '/x'],
    ['an element', '{"x":[0,{"k":1,"k":2}]}', '/x/1'],
    ['an element after another object', '[{"k":1},{"k":1,"k":2}]', '/1'],
    ['a member after a nested object', '{"a":{"b":{}},"c":{"k":1,"k":2}}', '/c'],
    ['a name with slash and tilde', '{"a/b":{"m~n":{"k":1,"k":2}}}', '/a~1b/m~0n'],
    ['a name that looks escaped', '{"~1":{"k":1,"k":2}}', '/~01'],
    ['an empty name', '{"":{"k":1,"k":2}}', '/'],
    ['an escaped name', '{"\\u0061":{"k":1,"k":2}}', '/a'],
  ])('is named with the JSON Pointer of its object: %s', (_name, text, pointer) => {
    const failure = failureOf(() => parse(text));
    expect(failure.code).toBe('INPUT_JSON_DUPLICATE_KEY');
    expect(failure.details).toEqual({ pointer, key: 'k' });
    expect(failure.message).toContain(pointer);
  });

  it('is named with the empty JSON Pointer when the object is the document', () => {
    expect(failureOf(() => parse('{"k":1,"k":2}')).details).toEqual({ pointer: '', key: 'k' });
  });

  it.each([
    ['in objects beside each other', '[{"a":1},{"a":2}]'],
    ['in an object and the one inside it', '{"a":{"a":{"a":1}}}'],
    ['with names that differ in case', '{"a":1,"A":2}'],
    ['with names that differ in normalization', '{"\u00e9":1,"e\u0301":2}'],
    ['with the names of inherited members', '{"toString":1,"hasOwnProperty":2,"valueOf":3}'],
  ])('is another thing than one name %s', (_name, text) => {
    expect(() => parse(text)).not.toThrow();
  });
});

describe('an unpaired surrogate', () => {
  it.each<[string, string, string]>([
    ['an escaped high one', '["\\ud800"]', '/0'],
    ['an escaped low one', '["\\udc00"]', '/0'],
    ['an escaped high one before a letter', '[1,"\\ud83dA"]', '/1'],
    ['an escaped high one before another high one', '{"a":"\\ud83d\\ud83d\\ude00"}', '/a'],
    ['an escaped pair in the wrong order', '{"a":{"b":"\\ude00\\ud83d"}}', '/a/b'],
    ['a high one escaped before an escape of another kind', '["\\ud83d\\n\\ude00"]', '/0'],
    ['a raw high one', '["\ud800"]', '/0'],
    ['a raw low one', '["a\udc00b"]', '/0'],
    ['a raw one after an escape', '["\\n\ud800"]', '/0'],
    ['a raw one in a member', '{"a":"\ud800"}', '/a'],
  ])('in a value is refused with the pointer of the value: %s', (_name, text, pointer) => {
    const failure = failureOf(() => parse(text));
    expect(failure.code).toBe('INPUT_UNICODE_INVALID');
    expect(failure.where.file).toBe('a.json');
    expect(failure.details.pointer).toBe(pointer);
  });

  it.each([
    ['escaped', '{"\\ud800":1}'],
    ['raw', '{"\ud800":1}'],
  ])('in a member name is refused: %s', (_name, text) => {
    expect(failureOf(() => parse(text)).code).toBe('INPUT_UNICODE_INVALID');
  });

  it.each([
    ['arrays', '['.repeat(63), ']'.repeat(63)],
    ['objects', '{"a":'.repeat(63), '}'.repeat(63)],
  ])('is found at depth 64 as well: %s', (_name, open, close) => {
    expect(failureOf(() => parse(`${open}["\\ud800"]${close}`)).code).toBe('INPUT_UNICODE_INVALID');
  });
});

describe('nesting', () => {
  const arrays = (depth: number, inner = '') => '['.repeat(depth) + inner + ']'.repeat(depth);
  const objects = (depth: number) => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;

  it.each([
    ['arrays', arrays(64)],
    ['arrays around a number', arrays(64, '1')],
    ['objects', objects(64)],
    ['arrays and objects in turn', `${'[{"a":'.repeat(32)}1${'}]'.repeat(32)}`],
  ])('of 64 levels is read: %s', (_name, text) => {
    expect(canonicalText(parse(text))).toBe(text);
  });

  it.each([
    ['arrays', arrays(65)],
    ['objects', objects(65)],
    ['an array in 64 objects', `${'{"a":'.repeat(64)}[]${'}'.repeat(64)}`],
    ['an object in 64 arrays', arrays(64, '{}')],
    ['more levels than a call stack holds', '['.repeat(1_000_000)],
  ])('of 65 levels is refused with the limit: %s', (_name, text) => {
    const failure = failureOf(() => parse(text));
    expect(failure.code).toBe('INPUT_JSON_TOO_DEEP');
    expect(failure.details).toEqual({ limit: 64 });
    expect(failure.where.file).toBe('a.json');
    expect(failure.message).toContain('64');
  });

  it('is counted by levels, not by containers', () => {
    const wide = `[${Array.from({ length: 500 }, () => arrays(63)).join(',')},${objects(63)}]`;
    expect(canonicalText(parse(wide))).toBe(wide);
  });
});

describe('member names that objects of JavaScript treat in a special way', () => {
  const text = '{"__proto__":{"x":1},"constructor":2,"toString":3,"10":4,"9":5,"a":6}';

  it('are members like any other, in source order', () => {
    const value = parse(text);
    if (!isJsonObject(value)) throw new Error('no object');
    expect([...value.keys()]).toEqual(['__proto__', 'constructor', 'toString', '10', '9', 'a']);
    expect(plain(value.get('__proto__') ?? null)).toEqual({ members: [['x', { number: '1' }]] });
  });

  it('do not exist where the source has none', () => {
    const value = parse('{}');
    if (!isJsonObject(value)) throw new Error('no object');
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) expect(value.has(name)).toBe(false);
  });

  it('are written in ordinal order: 10 before 9', () => {
    expect(canonicalText(parse(text))).toBe('{"10":4,"9":5,"__proto__":{"x":1},"a":6,"constructor":2,"toString":3}');
  });
});
