import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dumpedTexts, ownSchemaFile } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/* `translate` on the command line (design 20 §6); libs/data/translation tests translations themselves. */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-translate-command-'));
const place = (name: string) => path.join(scratch, name);
const file = (name: string, text: string) => {
  writeFileSync(place(name), text);
  return place(name);
};
const record = (resource: string, document: object, uuid?: string) => JSON.stringify({ resource, uuid, document });
const uuid = 'dd1bd850-0000-4000-8000-000000000001';

const rules = {
  before: { Campus: '1.0' },
  after: { Campus: '1.0' },
  moves: [
    {
      before: 'Campus:District.$.districtName',
      after: 'Campus:District.$.districtName',
      values: { N: 'North', S: 'South' },
    },
  ],
  drops: [{ before: 'Campus:District.$.webAddress', because: 'nobody reads it' }],
};

beforeAll(async () => {
  const emitted = await ran(['emit', '--schema', ownSchemaFile('campus'), '--output', place('artifacts')]);
  expect(emitted.code).toBe(0);
  file('rules.json', JSON.stringify(rules));
  file(
    'districts.jsonl',
    [
      record('Campus:District', { districtId: 1, districtName: 'N', webAddress: 'https://north.example' }, uuid),
      record('Campus:District', { districtId: 2, districtName: 'X' }),
      record('Campus:District', { districtId: 3, districtName: 'S', parentDistrictReference: { districtId: 2 } }),
      record('Campus:District', { districtId: 4, districtName: 'S', parentDistrictReference: { districtId: 99 } }),
    ].join('\n'),
  );
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it.each([
  ['translate', ['--before', place('artifacts'), '--output', place('none')]],
  [
    'seed-descriptors',
    ['--artifacts', place('artifacts'), '--dialect', 'pgsql', '--connection', `pglite:${place('db')}`],
  ],
  ['load', ['--artifacts', place('artifacts'), '--connection', `pglite:${place('db')}`]],
  ['schemas', []],
  ['provision', ['--artifacts', place('artifacts'), '--connection', `pglite:${place('db')}`, '--seed-descriptors']],
])('a pattern that matches nothing is named: %s', async (command, options) => {
  const { code, err } = await ran([command, ...options, place('Samples/*.xml')]);
  expect([code, err]).toEqual([
    1,
    expect.stringContaining(`INPUT_FILE_NOT_FOUND No file matches ${place('Samples/*.xml')}`),
  ]);
});

it('files without a document are refused, unless that is allowed', async () => {
  const translated = (...options: string[]) =>
    ran(['translate', file('empty.jsonl', ''), '--before', place('artifacts'), ...options]);
  expect(await translated('--output', place('empty'))).toMatchObject({
    code: 1,
    err: 'error DOCUMENT_INPUT_EMPTY The files hold no document. If that is intended, write --allow-empty.\n',
  });
  expect(existsSync(place('empty'))).toBe(false);
  expect(await translated('--output', place('empty'), '--allow-empty')).toMatchObject({ code: 0, err: '' });
});

it('a pattern stands for its files where no shell expands it', async () => {
  const { code, out, err } = await ran([
    'translate',
    place('dist*.jsonl'),
    '--before',
    place('artifacts'),
    '--output',
    place('by-pattern'),
    '--continue',
    '--json',
  ]);
  expect([code, err]).toEqual([expect.any(Number), expect.not.stringContaining('INPUT_FILE_NOT_FOUND')]);
  expect(jsonLines(out).at(-1)).toMatchObject({ command: 'translate' });
  expect(existsSync(place('by-pattern/campus/districts.jsonl'))).toBe(true);
});

const translate = (output: string, ...args: string[]) =>
  ran([
    'translate',
    place('districts.jsonl'),
    '--before',
    place('artifacts'),
    '--translation',
    place('rules.json'),
    '--output',
    place(output),
    ...args,
  ]);

describe('the command translate', () => {
  it('writes documents, and rejects with their reasons', async () => {
    const { code, out } = await translate('later', '--continue', '--keep-ids', '--rejects', place('rejects.jsonl'));
    expect(code).toBe(1);
    const told = out.trimEnd().split('\n');
    expect(told.map((line) => line.replace(/ {2,}/g, '  '))).toEqual([
      'resource  read  written  made  rejects',
      'Campus:District  4  2  0  2',
      'total  4  2  0  2',
      '',
      'values by rule  carried  dropped  rejected',
      'drops[0] Campus:District.$.webAddress  0  1  0',
      'moves[0] Campus:District.$.districtName → Campus:District.$.districtName  2  0  2',
      'unchanged  3  0  3',
      'total  5  1  5',
      '',
      'values lost at  dropped  rejected',
      'Campus:District.$.districtId  0  2',
      'Campus:District.$.districtName  0  2',
      'Campus:District.$.parentDistrictReference.districtId  0  1',
      'Campus:District.$.webAddress  1  0',
      '',
      'rejected because of  documents',
      'TRANSLATION_VALUE Campus:District.$.districtName  1',
      'TRANSLATION_TARGET Campus:District.$.parentDistrictReference  1',
      '',
      `2 documents and 0 descriptors of 1 resource written to ${place('later')}`,
      `2 documents rejected and written to ${place('rejects.jsonl')}`,
    ]);
    const lines = (name: string) => readFileSync(place(name), 'utf8').trimEnd().split('\n');
    expect(lines('later/documents.jsonl')).toEqual([
      record('Campus:District', { districtId: 1, districtName: 'North' }, uuid).replace(
        /("uuid":"[^"]*"),("document")/,
        '$1,$2',
      ),
      record('Campus:District', { districtId: 4, districtName: 'South', parentDistrictReference: { districtId: 99 } }),
    ]);
    const rejects = lines('rejects.jsonl').map((line) => JSON.parse(line));
    expect(rejects).toMatchObject([
      {
        resource: 'Campus:District',
        document: { districtId: 2, districtName: 'X' },
        file: place('districts.jsonl'),
        line: 2,
        problems: [
          { code: 'TRANSLATION_VALUE', place: 'Campus:District.$.districtName', value: 'X', rule: 'unchanged' },
        ],
      },
      {
        document: { districtId: 3 },
        problems: [
          {
            code: 'TRANSLATION_TARGET',
            place: 'Campus:District.$.parentDistrictReference',
            rule: 'unchanged',
            cause: {
              code: 'TRANSLATION_VALUE',
              resource: 'Campus:District',
              place: 'Campus:District.$.districtName',
            },
          },
        ],
      },
    ]);
    // the file of rejects, once corrected, is an input like any other
    const corrected = readFileSync(place('rejects.jsonl'), 'utf8').replace('"districtName":"X"', '"districtName":"N"');
    file('districts-2.jsonl', corrected);
    const again = await ran([
      'translate',
      place('districts-2.jsonl'),
      '--before',
      place('artifacts'),
      '--translation',
      place('rules.json'),
      '--output',
      place('rest'),
      '--json',
    ]);
    expect(jsonLines(again.out)).toMatchObject([
      { command: 'translate', isWritten: true, rejected: 0, documents: { read: 2, written: 2 } },
    ]);
    expect(dumpedTexts(place('rest'))).toEqual({
      'campus/districts.jsonl':
        '{"districtId":2,"districtName":"North"}\n{"districtId":3,"districtName":"South","parentDistrictReference":{"districtId":2}}\n',
    });
  });

  it('writes nothing without --continue if a document is rejected', async () => {
    const { code, out, err } = await translate('refused');
    expect([code, existsSync(place('refused'))]).toEqual([1, false]);
    expect(out).toContain('Nothing was written; --continue writes the other documents.\n');
    expect(err).toMatch(
      /^error TRANSLATION_VALUE \S+districts\.jsonl:2(:\d+)?: Campus:District\.\$\.districtName: the value cannot be converted\./,
    );
  });

  it('rejects a document whose resource the earlier set lacks, with the resource as its place', async () => {
    const descriptor = { codeValue: 'A', namespace: 'uri://campus.example/GoneDescriptor', shortDescription: 'A' };
    const records = file(
      'unknown.jsonl',
      [
        record('Campus:Distrikt', { districtId: 1 }, uuid),
        record('Gone:Thing', { thingId: 1 }),
        record('Campus:GoneDescriptor', descriptor),
        JSON.stringify({ resource: 'Campus:LostDescriptor', ...descriptor }),
        JSON.stringify({ resource: 'Campus:TermDescriptor', ...descriptor }),
        record('Campus:District', { districtId: 5, districtName: 'N' }),
      ].join('\n'),
    );
    const { code, out, err } = await ran([
      'translate',
      records,
      '--before',
      place('artifacts'),
      '--translation',
      place('rules.json'),
      '--output',
      place('known'),
      '--continue',
      '--rejects',
      place('unknown-rejects.jsonl'),
      '--json',
    ]);
    expect(err).toContain('did you mean \\"Campus:District\\"?');
    expect([code, jsonLines(out).at(-1)]).toMatchObject([
      1,
      { documents: { read: 6, written: 2, rejects: 4 }, values: { read: 13, carried: 5, rejected: 8 } },
    ]);
    const rejects = readFileSync(place('unknown-rejects.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const unknown = ['Campus:Distrikt', 'Campus:GoneDescriptor', 'Campus:LostDescriptor', 'Gone:Thing'];
    const problems = rejects.map(({ resource, problems: [{ code: given, place: at, rule }] }) => [
      resource,
      given,
      at,
      rule,
    ]);
    expect(problems.sort()).toEqual(unknown.map((each) => [each, 'TRANSLATION_REFUSED', each, 'unchanged']));
    expect(rejects.find(({ resource }) => resource === 'Campus:Distrikt')).toMatchObject({
      uuid,
      document: { districtId: 1 },
      line: 1,
    });
  });

  it('refuses deletes and changed keys, unless no rule changes documents', async () => {
    const change = `{"changeVersion":7,"kind":"delete","resource":"Campus:District","uuid":"${uuid}","oldKey":{"districtId":1}}\n`;
    const changes = file('changes.ndjson', change);
    const run = (output: string, ...args: string[]) =>
      ran(['translate', changes, '--before', place('artifacts'), '--output', place(output), ...args]);
    const { code, err } = await run('changed', '--translation', place('rules.json'));
    expect([code, err]).toEqual([1, expect.stringMatching(/^error TRANSLATION_CHANGES The input has deletes/)]);
    expect((await run('plain')).code).toBe(0);
    expect(readFileSync(place('plain/changes.ndjson'), 'utf8')).toBe(change);
  });

  it('checks a translation without documents', async () => {
    const check = (...args: string[]) => ran(['translate', '--check', '--before', place('artifacts'), ...args]);
    expect(await check('--translation', place('rules.json'))).toEqual({
      code: 0,
      out: 'The translation is complete.\n',
      err: '',
    });
    const wrong = file('wrong.json', JSON.stringify({ drops: [{ before: 'Campus:District.$.nothing' }] }));
    const { code, err } = await check('--translation', place('rules.json'), '--translation', wrong);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^error TRANSLATION_UNKNOWN \S*wrong\.json.*drops\[0\]: Campus:District\.\$\.nothing: /),
    ]);
    for (const same of [[], ['--after', place('artifacts')]])
      expect(await check(...same)).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringContaining('UPGRADE_SAME_FOLDER'),
      });
    const rename = await check('--rename', 'Campus:District=Campus');
    expect([rename.code, rename.err]).toEqual([1, expect.stringContaining('error TRANSLATION_')]);
  });

  it('lists and prints the translations of the product', async () => {
    const listed = await ran(['translate', '--list']);
    expect([listed.code, listed.out]).toEqual([0, 'ed-fi-5.1-to-5.2\ned-fi-5.2-to-6.1\n']);
    const printed = await ran(['translate', '--print', 'ed-fi-5.2-to-6.1']);
    expect(JSON.parse(printed.out)).toMatchObject({ before: { 'Ed-Fi': '5.2' }, after: { 'Ed-Fi': '6.1' } });
    const unknown = await ran(['translate', '--print', 'ed-fi-5.2-to-6.0']);
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('did you mean "ed-fi-5.2-to-6.1" or')]);
  });

  it('says what it lacks, and is named where somebody uses its earlier name', async () => {
    expect(await ran(['translate'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/missing required argument 'path'.*--before <dir>.*--output <dir>/s),
    });
    const { code, err } = await ran(['convert-documents', 'x']);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining("unknown command 'convert-documents'; it is 'translate' now"),
    ]);
  });
});
