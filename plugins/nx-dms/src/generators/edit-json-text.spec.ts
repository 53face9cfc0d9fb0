import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { expect, test } from 'vitest';
import { withJson, withoutJson } from './edit-json-text.ts';

const list = ['plugins'];

test.each([
  ['{"plugins":["a"]}', '{"plugins":["a", "b"]}'],
  ['{ "plugins": [ "a" ] }', '{ "plugins": [ "a", "b" ] }'],
  ['{ "plugins": [] }', '{ "plugins": ["b"] }'],
  ['{\n  "plugins": [\n    "a" // x\n  ]\n}', '{\n  "plugins": [\n    "a", // x\n    "b"\n  ]\n}'],
  ['{\n  "plugins": [\n    "a", // x\n  ]\n}', '{\n  "plugins": [\n    "a", // x\n    "b"\n  ]\n}'],
  [
    '{\n\t"plugins": [\n\t\t{ "p": 1 }\n\t\t// end\n\t]\n}',
    '{\n\t"plugins": [\n\t\t{ "p": 1 },\n\t\t// end\n\t\t"b"\n\t]\n}',
  ],
  ['{\r\n "plugins": [\r\n  "a"\r\n ]\r\n}\r\n', '{\r\n "plugins": [\r\n  "a",\r\n  "b"\r\n ]\r\n}\r\n'],
])('an item comes to %j', (text, expected) => {
  expect(withJson(text, list, 'b')).toBe(expected);
});

test.each([
  ['{"plugins":["b"]}', 0, '{"plugins":[]}'],
  ['{"plugins":["b", "a"]}', 0, '{"plugins":["a"]}'],
  ['{"plugins":["a", "b"]}', 1, '{"plugins":["a"]}'],
  ['{ "plugins": [ "a", "b", "c" ] }', 1, '{ "plugins": [ "a", "c" ] }'],
  ['{\n  "plugins": [\n    "b",\n    "a" // x\n  ]\n}', 0, '{\n  "plugins": [\n    "a" // x\n  ]\n}'],
  ['{\n  "plugins": [\n    "a", // x\n    "b"\n  ]\n}', 1, '{\n  "plugins": [\n    "a" // x\n  ]\n}'],
  ['{\n  "plugins": [\n    "a",\n    "b" // own\n  ]\n}', 1, '{\n  "plugins": [\n    "a"\n    // own\n  ]\n}'],
  [
    '{\r\n\t"plugins": [\r\n\t\t"b", /* x */\r\n\t\t"a"\r\n\t]\r\n}',
    0,
    '{\r\n\t"plugins": [\r\n\t\t/* x */\r\n\t\t"a"\r\n\t]\r\n}',
  ],
])('an item goes from %j at %i', (text, index, expected) => {
  expect(withoutJson(text, [...list, index])).toBe(expected);
});

test.each([
  ['{\n  // first\n  "a": 1, // one\n  "plugins": ["b"]\n}\n', '{\n  // first\n  "a": 1 // one\n}\n'],
  ['{\n  "plugins": ["b"], // ours\n  "a": 1\n}\n', '{\n  // ours\n  "a": 1\n}\n'],
  ['{"plugins":["b"]}', '{}'],
])('a member goes from %j', (text, expected) => {
  expect(withoutJson(text, list)).toBe(expected);
});

test('a member comes behind the last one', () => {
  const text = '{\n\t"a": { "b": 1 } // one\n}\n';
  expect(withJson(text, [], ['x'], 'plugins')).toBe('{\n\t"a": { "b": 1 }, // one\n\t"plugins": [\n\t\t"x"\n\t]\n}\n');
});

test('any list has one value more or less, in any form', () => {
  const values = fc.array(fc.jsonValue(), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      values,
      fc.nat(3),
      fc.constantFrom(undefined, 2, '\t'),
      fc.boolean(),
      (plugins, at, indent, isWindows) => {
        const json = JSON.stringify({ first: 1, plugins, last: [] }, null, indent);
        const text = isWindows ? json.replaceAll('\n', '\r\n') : json;
        const expected = JSON.parse(json);
        expect(parse(withJson(text, list, 'b'))).toEqual({ ...expected, plugins: [...expected.plugins, 'b'] });
        const index = at % plugins.length;
        expect(parse(withoutJson(text, [...list, index])).plugins).toEqual(expected.plugins.toSpliced(index, 1));
      },
    ),
  );
});
