import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { JsonNumber } from '@dms/values';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  ElementSplitter,
  formOf,
  LineSplitter,
  type RecordSplitter,
  recordValue,
  textRecords,
} from './text-records.ts';

/** The records of a text that comes in pieces of some size. */
function split(splitter: RecordSplitter, text: string, size: number) {
  const bytes = Buffer.from(text);
  const found = [];
  for (let index = 0; index < bytes.length; index += size)
    found.push(...splitter.push(bytes.subarray(index, index + size)));
  found.push(...splitter.end());
  return found.map(({ key, bytes: record, line }) => ({ key, text: record?.toString() ?? null, line }));
}

const elements = (text: string, size = 7, limit = 1000) => split(new ElementSplitter('a.json', limit), text, size);

describe('a compressed file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'damaged-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const whole = gzipSync(Array.from({ length: 2_000 }, (_, n) => `{"n":${n}}\n`).join(''));
  const flipped = Buffer.from(whole);
  flipped.fill(0xff, 200, 240);

  it.each([
    ['cut', whole.subarray(0, whole.length / 2), 'it ends too early'],
    ['cut before its sums', whole.subarray(0, -4), 'it ends too early'],
    ['changed', flipped, 'its compressed bytes are damaged'],
    ['of another form', Buffer.from('{"n":1}\n'), 'its compressed bytes are damaged'],
    [
      'with another sum',
      Buffer.concat([whole.subarray(0, -8), Buffer.alloc(8, 1)]),
      'its compressed bytes are damaged',
    ],
  ])('that is %s is named, with what happened', async (name, bytes, cause) => {
    const file = path.join(folder, `${name}.jsonl.gz`);
    writeFileSync(file, bytes);
    const read = async () => {
      for await (const record of textRecords(file, 'lines')) expect(record.line).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toMatchObject({
      code: 'INPUT_FILE_UNREADABLE',
      message: expect.stringContaining(`${file} cannot be unpacked: ${cause}.`),
    });
  });
});

describe('elements of a JSON file', () => {
  it('are cut out of an array, with the line they begin in', () => {
    expect(elements('\ufeff[ {"a":[1,"]"]},\n\n 1.50 , "x\\"," ,\n{}]\n')).toEqual([
      { key: null, text: '{"a":[1,"]"]}', line: 1 },
      { key: null, text: '1.50', line: 3 },
      { key: null, text: '"x\\","', line: 3 },
      { key: null, text: '{}', line: 4 },
    ]);
    expect(elements(' [] ')).toEqual([]);
  });

  it('are cut out of the arrays of an object, with the name of the member', () => {
    expect(elements('{"a\\u0062": [ {"x":1},\n{"x":2} ], "c":[], "d":[3]}')).toEqual([
      { key: 'ab', text: '{"x":1}', line: 1 },
      { key: 'ab', text: '{"x":2}', line: 2 },
      { key: 'd', text: '3', line: 2 },
    ]);
  });

  it('are those of the file, whatever they hold and however it is read', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 5 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(2),
        (values, size, indent) => {
          const text = JSON.stringify(values, undefined, indent);
          expect(elements(text, size, 1e6).map((each) => JSON.parse(each.text ?? ''))).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  it.each([
    ['[1 2]', 'a separator is missing'],
    ['[1,,2]', 'a separator stands where a value should be'],
    ['[1,]', 'nothing follows a separator'],
    ['[1', 'too early'],
    ['[1] 2', 'something follows the end'],
    ['"text"', 'neither an array nor an object. Documents are an array, or'],
    ['{"a":1}', 'is not an array, so this is not a file of documents. Documents are an array, or'],
    ['{"a":[1] "b":[]}', 'a separator is missing'],
    ['{a:[1]}', 'the name of a member is missing'],
    ['[}]', 'a value is missing'],
  ])('that cannot be told apart are refused: %s', (text, message) => {
    expect(() => elements(text)).toThrow(expect.objectContaining({ code: 'INPUT_JSON_INVALID' }));
    expect(() => elements(text)).toThrow(message);
  });

  it('that are too long are left out, and what follows is not', () => {
    expect(elements(`[1,"${'x'.repeat(100)}",\n2]`, 3, 50)).toEqual([
      { key: null, text: '1', line: 1 },
      { key: null, text: null, line: 1 },
      { key: null, text: '2', line: 2 },
    ]);
  });
});

describe('lines', () => {
  it('are records, but for blank ones; the last needs no end', () => {
    for (const size of [1, 3, 100])
      expect(split(new LineSplitter(1000), '{"a":1}\r\n\n  \n{"b":"ü"}', size)).toEqual([
        { key: null, text: '{"a":1}\r', line: 1 },
        { key: null, text: '{"b":"ü"}', line: 4 },
      ]);
  });

  it('that are too long are left out', () => {
    expect(split(new LineSplitter(5), '1\n1234567\n2', 2)).toEqual([
      { key: null, text: '1', line: 1 },
      { key: null, text: null, line: 2 },
      { key: null, text: '2', line: 3 },
    ]);
  });
});

describe('files', () => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'dms-records-'));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));
  const file = (name: string, content: string | Buffer) => {
    const place = path.join(scratch, name);
    writeFileSync(place, content);
    return place;
  };
  const read = async (place: string, form: 'lines' | 'elements') => {
    const found = [];
    for await (const record of textRecords(place, form)) found.push(recordValue(record, place));
    return found;
  };

  it.each([
    ['a.jsonl', 'lines'],
    ['A.JSONL.GZ', 'lines'],
    ['a.json', 'elements'],
    ['a.json.gz', 'elements'],
    ['a.xml', 'xml'],
    ['a.xml.gz', 'xml'],
    ['a.txt', undefined],
    ['json', undefined],
  ])('have the form that their name says: %s', (name, form) => expect(formOf(name)).toBe(form));

  it('are unpacked, and numbers keep their digits', async () => {
    const number = '12345678901.1234';
    expect(await read(file('a.json.gz', gzipSync(`[${number}]`)), 'elements')).toEqual([new JsonNumber(number)]);
    expect(await read(file('a.jsonl', `${number}\n"x"`), 'lines')).toEqual([new JsonNumber(number), 'x']);
  });

  it('that are not there, or broken, are named', async () => {
    await expect(read(path.join(scratch, 'none.json'), 'elements')).rejects.toMatchObject({
      code: 'INPUT_FILE_NOT_FOUND',
    });
    await expect(read(file('b.json.gz', 'no gzip'), 'elements')).rejects.toMatchObject({
      code: 'INPUT_FILE_UNREADABLE',
    });
  });

  it('name the line of what is wrong inside a record', async () => {
    const place = file('c.json', '[{},\n{"a":\n x}]');
    await expect(read(place, 'elements')).rejects.toMatchObject({
      diagnostics: [
        {
          code: 'INPUT_JSON_INVALID',
          message: expect.stringMatching(/^Invalid JSON: /),
          where: { file: place, line: 3 },
        },
      ],
    });
    const lines = file('c.jsonl', '{}\n{"a":1,"a":2}\n');
    await expect(read(lines, 'lines')).rejects.toMatchObject({
      diagnostics: [{ code: 'INPUT_JSON_DUPLICATE_KEY', where: { file: lines, line: 2 } }],
    });
  });

  it('of bytes that are not UTF-8 are refused', async () => {
    await expect(read(file('d.jsonl', Buffer.from([0x22, 0xff, 0x22])), 'lines')).rejects.toMatchObject({
      code: 'INPUT_UNICODE_INVALID',
    });
  });

  it.each(['lines', 'elements'] as const)('in UTF-16 are named as such, once for all records: %s', async (form) => {
    const place = file('e.json', Buffer.from('[1,\n2]', 'utf16le'));
    await expect(read(place, form)).rejects.toMatchObject({
      diagnostics: [{ code: 'INPUT_UNICODE_INVALID', message: 'The file is UTF-16, not UTF-8; save it as UTF-8.' }],
    });
  });
});
