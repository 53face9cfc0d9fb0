import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '../decode-utf8.ts';
import { canonicalText } from './json-text.ts';
import { isJsonObject, type JsonValue } from './json-value.ts';
import { parseJson } from './parse-json.ts';
import { parseJsonBytes, type UnreadMembers, unreadMember } from './parse-json-bytes.ts';

const unread = { docs: 'unread', parts: { '*': { notes: 'unread' } } } as const satisfies UnreadMembers;
const bytesOf = (text: string) => Buffer.from(text);

/** A value with `null` in place of unread members, as in a document whose unread values were skipped. */
function withoutUnread(value: JsonValue, members: UnreadMembers): JsonValue {
  if (!isJsonObject(value)) return value;
  return new Map(
    [...value].map(([name, below]): [string, JsonValue] => {
      const member = unreadMember(members, name);
      if (member === 'unread') return [name, null];
      return [name, member === undefined ? below : withoutUnread(below, member)];
    }),
  );
}

/** The result of reading bytes: the text of the value without unread members, or the error with its place. */
function outcome(read: () => JsonValue): string {
  try {
    return canonicalText(withoutUnread(read(), unread));
  } catch (error) {
    return `${error}`;
  }
}

/** Expects the result of the strict reader of whole documents for the same bytes. */
function expectSame(bytes: Uint8Array): void {
  const whole = outcome(() => parseJson(decodeUtf8(bytes, 'f'), 'f'));
  expect(
    outcome(() => parseJsonBytes(bytes, 'f', unread)),
    JSON.stringify(decodeText(bytes)),
  ).toBe(whole);
}

const decodeText = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

const read = (text: string) => canonicalText(parseJsonBytes(bytesOf(text), 'f', unread));

describe('parseJsonBytes', () => {
  it.each([
    ['an object', '{"docs":{"x":[1,{"y":"z"}]},"a":1}', '{"a":1,"docs":null}'],
    ['an array', '{"docs":[[],{}],"a":1}', '{"a":1,"docs":null}'],
    ['a string', '{"docs":"x","a":1}', '{"a":1,"docs":null}'],
    ['a number at the end', '{"a":1,"docs":-1.5e+7}', '{"a":1,"docs":null}'],
    ['a word', '{"docs":false}', '{"docs":null}'],
    ['members of any object', '{"parts":{"p":{"notes":{"a":1},"b":2}}}', '{"parts":{"p":{"b":2,"notes":null}}}'],
    ['blanks around it', '{\n  "docs" : \r\n\t{ } ,\n      "a" : 1\n}\n', '{"a":1,"docs":null}'],
    ['a byte order mark', '\ufeff{"docs":{}}', '{"docs":null}'],
    ['texts of all kinds', '{"docs":{"é":"\\u00e9\\n\\\\ \u2019 😀"},"a":"é"}', '{"a":"é","docs":null}'],
  ])('leaves out %s', (_, text, expected) => {
    expect(read(text)).toBe(expected);
    expectSame(bytesOf(text));
  });

  it.each([
    ['the same name at another place', '{"a":{"docs":{"x":1}},"parts":{"notes":{"docs":2}}}'],
    ['the name as a text', '{"a":["docs","notes"],"b":"docs"}'],
    ['the name in a text', '{"a":"\\"docs\\":{}","b":"docs\\":1"}'],
  ])('keeps %s', (_, text) => {
    expect(read(text)).toBe(canonicalText(parseJson(text, 'f')));
  });

  it.each([
    ['a text like a stand-in', '{"a":"\\u0000unread","docs":"\\u0000unread"}'],
    ['a text like a stand-in alone', '{"docs":"\\u0000unread","parts":{"docs":1}}'],
    ['a name with an escape', '{"d\\u006fcs":{"x":1},"a":1}'],
    ['an unread member twice', '{"docs":{},"docs":{}}'],
    ['an unread member twice, once with an escape', '{"docs":{},"d\\u006fcs":{}}'],
    ['a name twice in an unread value', '{"docs":{"a":1,"b":{},"a":2}}'],
    ['a name twice among many', `{"docs":{${[...'abcdefghijklmnopa'].map((name) => `"${name}":1`).join()}}}`],
    ['a name twice, once with an escape', '{"docs":{"a":1,"\\u0061":2}}'],
    ['half a surrogate pair', '{"docs":"\\ud83d"}'],
    ['a surrogate pair of escapes', '{"docs":"\\ud83d\\ude00"}'],
    ['a leading zero', '{"docs":[01]}'],
    ['a number without digits', '{"docs":[-]}'],
    ['a word with a mistake', '{"docs":[trve]}'],
    ['two values without a comma', '{"docs":[1 2]}'],
    ['a comma too many', '{"docs":{"a":1,}}'],
    ['brackets that do not match', '{"docs":[1}}'],
    ['a line end in a text', '{"docs":"a\nb"}'],
    ['an unknown escape', '{"docs":"\\x"}'],
    ['an end in the middle', '{"docs":{"a":"b'],
    ['an end after the name', '{"docs"'],
    ['an end after blanks', '{"docs":   '],
    ['something after the end', '{"docs":{}} x'],
    ['a mistake after an unread value', '{"docs":{"a":\n1},\n "b": x}'],
    ['64 levels', `{"docs":${'['.repeat(63)}${']'.repeat(63)}}`],
    ['65 levels', `{"docs":${'['.repeat(64)}${']'.repeat(64)}}`],
    ['nothing', ''],
  ])('reads %s like the reader of whole documents', (_, text) => {
    expectSame(bytesOf(text));
  });

  it('gives the place in the whole text of a mistake after an unread value', () => {
    const text = '{\n  "docs": {\n    "a": 1\n  },\n  "b": x\n}';
    expect(() => parseJsonBytes(bytesOf(text), 'f', unread)).toThrow('Invalid JSON at 5:8');
  });

  it('refuses bytes that are not UTF-8 in an unread value', () => {
    const bytes = bytesOf('{"docs":"??"}');
    bytes[10] = 0xff;
    expect(() => parseJsonBytes(bytes, 'f', unread)).toThrow('the byte at offset 10');
  });

  it('reads bytes from any place in memory', () => {
    const text = `{\n${' '.repeat(9)}"docs":\n${' '.repeat(13)}[\n${' '.repeat(21)}1],"a":1}`;
    for (const offset of [0, 1, 2, 3, 4, 5]) {
      const memory = new Uint8Array(offset + text.length + 40).fill(0x20);
      memory.set(bytesOf(text), offset);
      expectSame(memory.subarray(offset, offset + text.length));
    }
  });

  it('agrees with the reader of whole documents on every cut and every changed byte', () => {
    const text =
      '{"docs":{"a":[1,-2.5e3,true,null],"b":{"c":"\\u00e9\\\\","d":[]}},\n  "parts":{"p":{"notes":"x","e":{}}},"f":0}';
    const bytes = bytesOf(text);
    for (let at = 0; at < bytes.length; at += 1) {
      expectSame(bytes.subarray(0, at));
      for (const byte of bytesOf('"\\{[]},: 0-e\nx')) {
        const changed = Buffer.from(bytes);
        changed[at] = byte;
        expectSame(changed);
      }
      expectSame(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]));
    }
  });
});
