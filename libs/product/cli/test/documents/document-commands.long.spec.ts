import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createScratchDatabase,
  dumpedTexts,
  openSession,
  ownSchemaFile,
  ownSchemas,
  type PostgresDatabase,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/*
 * sample, seed-descriptors, load, dump and get with files of a folder, on the command line (design 14a §4, 14a §1).
 * `second-generation-documents.long.spec.ts` tests the same with the embedded engine.
 */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-document-commands-'));
const place = (name: string) => path.join(scratch, name);
const schemas = ownSchemas.flatMap((name) => ['--schema', ownSchemaFile(name)]);
/** The variable that holds the address of the database. */
const variable = 'DOCUMENTS_DB';
const database = ['--artifacts', place('artifacts'), '--connection-env', variable];
let server: PostgresDatabase;
const file = (name: string, text: string) => {
  mkdirSync(path.dirname(place(name)), { recursive: true });
  writeFileSync(place(name), text);
  return place(name);
};
const descriptors = (description: string) =>
  JSON.stringify({ TermDescriptor: [{ namespace: 'uri://x.org/Term', codeValue: 'Fall', description }] });

/** The only pack of a folder. */
const pack = (folder = 'packs') =>
  path.join(place(folder), 'pgsql', readdirSync(path.join(place(folder), 'pgsql'))[0] ?? '');

beforeAll(async () => {
  server = await createScratchDatabase();
  process.env[variable] = server.url;
  expect((await ran(['emit', ...schemas, '--dialect', 'pgsql', '--output', place('artifacts')])).code).toBe(0);
  const built = ['pack', 'build', '--artifacts', place('artifacts'), '--dialect', 'pgsql', '--output', place('packs')];
  expect((await ran(built)).code).toBe(0);
});
afterAll(async () => {
  delete process.env[variable];
  await server.drop();
  rmSync(scratch, { recursive: true, force: true });
});

describe('documents from the command line', () => {
  it('a mistake in descriptors is found before a database is made', async () => {
    const wrong = file('wrong.json', JSON.stringify([{ resource: 'NoDescriptor', namespace: 'x', codeValue: 'y' }]));
    const { code, err } = await ran(['provision', ...database, '--dialect', 'pgsql', '--seed-descriptors', wrong]);
    expect([code, err]).toEqual([1, expect.stringContaining('error SEED_UNKNOWN_DESCRIPTOR')]);
  });

  it('provision and seed-descriptors say what was written', async () => {
    const first = file('first.json', descriptors('one'));
    const provisioned = await ran(['provision', ...database, '--dialect', 'pgsql', '--seed-descriptors', first]);
    expect([provisioned.code, provisioned.out.trimEnd().split('\n').at(-1)]).toEqual([
      0,
      'Descriptors: 1 read, 1 inserted, 0 updated, 0 unchanged',
    ]);
    const seed = (...args: string[]) => ran(['seed-descriptors', ...args, ...database, '--dialect', 'pgsql']);
    expect((await seed(first)).out).toBe('Descriptors: 1 read, 0 inserted, 0 updated, 1 unchanged\n');
    const other = file('other.json', descriptors('two'));
    expect(await seed(other)).toMatchObject({ code: 1, err: expect.stringContaining('error SEED_CONFLICT') });
    const updated = await seed(other, '--on-conflict', 'update', '--json');
    expect(jsonLines(updated.out)).toMatchObject([{ command: 'seed-descriptors', read: 1, updated: 1 }]);
  });

  it('a sample is loaded, dumped and read', async () => {
    const sampled = await ran([
      'sample',
      '--artifacts',
      place('artifacts'),
      '--documents',
      '80',
      '--output',
      place('sample'),
    ]);
    expect([sampled.code, sampled.out]).toEqual([
      0,
      expect.stringMatching(/^80 documents of 22 resources and \d+ descriptors written to /),
    ]);
    const loaded = await ran(['load', place('sample'), ...database, '--json']);
    expect(loaded.code).toBe(0);
    expect(jsonLines(loaded.out)).toMatchObject([{ command: 'load', total: { rejected: 0 }, isStopped: false }]);
    const again = await ran(['load', place('sample'), ...database, '--on-existing', 'skip']);
    expect(again.code).toBe(0);
    expect(again.out).toMatch(/^resource +inserted +replaced +unchanged +skipped +rejected\n/);
    expect(again.out).toMatch(/\ntotal +0 +0 +\d+ +80 +0\n0 documents written in /);
    const empty = ['load', file('empty.jsonl', ''), ...database];
    expect(await ran(empty)).toMatchObject({ code: 1, err: expect.stringContaining('error DOCUMENT_INPUT_EMPTY') });
    expect(await ran([...empty, '--allow-empty'])).toMatchObject({ code: 0 });
    const dumped = await ran(['dump', ...database, '--output', place('dump'), '--resource', 'Campus:School']);
    expect([dumped.code, dumped.out]).toEqual([
      0,
      expect.stringMatching(/^2 documents of 1 resource or descriptor written to /),
    ]);
    const [school = ''] = readFileSync(path.join(place('dump'), 'campus', 'schools.jsonl'), 'utf8').split('\n');
    const { schoolId } = JSON.parse(school);
    const got = await ran(['get', 'Campus:School', '--where', `schoolId=${schoolId}`, ...database]);
    expect([got.code, got.out]).toEqual([0, `${school}\n`]);
    const [asJson] = jsonLines(
      (await ran(['get', 'Campus:School', '--where', `schoolId=${schoolId}`, ...database, '--json'])).out,
    );
    expect(asJson).toMatchObject({ command: 'get', documents: [{ document: JSON.parse(school) }] });
    const byId = await ran(['get', 'Campus:School', '--id', asJson.documents[0].uuid, ...database]);
    expect(byId.out).toBe(got.out);
    const packed = ['--pack', pack(), '--connection-env', variable];
    expect((await ran(['get', 'Campus:School', '--where', `schoolId=${schoolId}`, ...packed])).out).toBe(got.out);
    const dumpInto = (folder: string, source: readonly string[]) => ran(['dump', ...source, '--output', place(folder)]);
    expect((await dumpInto('of-artifacts', database)).code).toBe(0);
    expect((await dumpInto('of-pack', packed)).code).toBe(0);
    const ofPack = dumpedTexts(place('of-pack'));
    expect(Object.keys(ofPack).length).toBeGreaterThan(20);
    expect(ofPack).toEqual(dumpedTexts(place('of-artifacts')));
    expect(await ran(['get', 'Campus:School', ...packed, '--dialect', 'mssql'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('PACK_HEADER_MISMATCH'),
    });
    const none = await ran(['get', 'Campus:School', '--id', '00000000-0000-4000-8000-000000000000', ...database]);
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining('DOCUMENT_NOT_FOUND') });
  });

  it('a document with a value that none can hold is named, and the others are written', async () => {
    const session = await openSession(server.url);
    const write = (value: string) =>
      session.exec(
        `SET session_replication_role = replica; UPDATE campus."Staff" SET "HourlyRate" = ${value} WHERE "DocumentId" = (SELECT min("DocumentId") FROM campus."Staff"); SET session_replication_role = origin`,
      );
    const [before] = await session.query<{ rate: string | null }>(
      `SELECT "HourlyRate"::text AS rate FROM campus."Staff" ORDER BY "DocumentId" LIMIT 1`,
    );
    const linesOf = (out: string) => out.split('\n').filter(Boolean);
    try {
      const all = linesOf((await ran(['get', 'Campus:Staff', ...database])).out);
      expect(all.length).toBeGreaterThan(1);
      await write("'NaN'");
      const got = await ran(['get', 'Campus:Staff', ...database]);
      expect([got.code, linesOf(got.out)]).toEqual([1, all.slice(1)]);
      const named = /^error DOCUMENT_UNREADABLE The Campus:Staff \S+ has the value NaN in HourlyRate /m;
      expect(got.err).toMatch(named);
      const dumped = await ran(['dump', ...database, '--resource', 'Campus:Staff', '--output', place('readable')]);
      expect([dumped.code, dumped.err]).toEqual([1, expect.stringMatching(named)]);
      const text = readFileSync(path.join(place('readable'), 'campus', 'staffs.jsonl'), 'utf8');
      expect(linesOf(text)).toEqual(all.slice(1));
      const checked = await ran(['check', '--data', ...database, '--dialect', 'pgsql']);
      expect([checked.code, checked.out]).toEqual([
        1,
        expect.stringMatching(/campus\.Staff\.HourlyRate: 1 row with a value that no document can hold \(\S+ NaN\)/),
      ]);
    } finally {
      await write(String(before?.rate ?? 'NULL'));
      await session.close();
    }
  });

  it('documents that an API would refuse are refused, unless an option says otherwise', async () => {
    const document = { districtId: 7001, districtName: ' u9 ' };
    const blank = file('blank.jsonl', JSON.stringify({ resource: 'Campus:District', document }));
    const refused = await ran(['load', blank, ...database]);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('error DOCUMENT_SCHEMA_VIOLATED')]);
    expect(refused.err).toContain('Campus:District $.districtName is " u9 "; by the schema it must match pattern');
    const loaded = await ran(['load', blank, ...database, '--no-schema-checks', '--json']);
    expect([loaded.code, jsonLines(loaded.out)]).toMatchObject([0, [{ total: { inserted: 1 } }]]);
  });

  it('many rejects are counted: by cause, and those that are not shown', async () => {
    const unknown = Object.fromEntries([...'abcdefg'].map((name) => [name, 1]));
    const wrong = (districtId: number) => ({
      resource: 'Campus:District',
      document: { districtId, districtName: 'A', ...unknown },
    });
    const documents = Array.from({ length: 30 }, (_, index) => JSON.stringify(wrong(8000 + index)));
    const loaded = await ran(['load', file('many.jsonl', documents.join('\n')), ...database, '--continue']);
    expect(loaded.code).toBe(1);
    // 5 errors of each of the first 20 documents
    expect(loaded.err.match(/^error /gm)).toHaveLength(100);
    expect(loaded.err).not.toContain('$.f ');
    expect(loaded.out).toContain(
      '\nRejected documents by cause:\n  30  DOCUMENT_PROPERTY_UNKNOWN Campus:District $.a\n',
    );
    expect(loaded.out).toContain('\n110 more problems are not shown; --rejects <file> writes all of them.\n');
    const rejects = place('many-rejects.jsonl');
    const kept = await ran([
      'load',
      file('many.jsonl', documents.join('\n')),
      ...database,
      '--continue',
      '--rejects',
      rejects,
    ]);
    expect(kept.out).toContain(`\n110 more problems are not shown; all are in ${rejects}.\n`);
    expect(kept.out).not.toContain('--rejects');
    const asJson = await ran([
      'load',
      file('two.jsonl', documents.slice(0, 2).join('\n')),
      ...database,
      '--continue',
      '--json',
    ]);
    expect(jsonLines(asJson.out)[0]).toMatchObject({
      hiddenProblems: 4,
      causes: [
        { documents: 2, code: 'DOCUMENT_PROPERTY_UNKNOWN', text: 'DOCUMENT_PROPERTY_UNKNOWN Campus:District $.a' },
      ],
      others: 0,
    });
  });

  it('artifacts of an older version have no schemas, and load says what to do', async () => {
    const older = place('older');
    cpSync(place('artifacts'), older, { recursive: true });
    rmSync(path.join(older, 'document-schemas.json'));
    const none = file('none/campus/schools.jsonl', '');
    const load = (...more: string[]) =>
      ran(['load', path.dirname(path.dirname(none)), '--artifacts', older, '--connection-env', variable, ...more]);
    const failed = await load();
    expect([failed.code, failed.err]).toEqual([
      1,
      expect.stringMatching(/INPUT_FILE_NOT_FOUND.*document-schemas\.json.*dms-ddl emit/s),
    ]);
    expect((await load('--no-schema-checks', '--allow-empty')).code).toBe(0);
  });

  it('interchange XML is converted, and loaded with or without that', async () => {
    const district = (id: number, name: string) => `<District><DistrictId>${id}</DistrictId>${name}</District>`;
    const interchange = (...elements: string[]) => `<InterchangeTest>\n${elements.join('\n')}\n</InterchangeTest>\n`;
    const good = file('good.xml', interchange(district(901, '<DistrictName>A</DistrictName>')));
    const bad = file(
      'bad.xml',
      interchange(district(902, '<Nam>B</Nam>'), district(903, '<DistrictName>C</DistrictName>')),
    );
    const source = ['--before', place('artifacts')];
    const convert = (output: string, ...args: string[]) =>
      ran(['translate', ...args, ...source, '--output', place(output)]);
    expect(await convert('converted', good)).toMatchObject({
      code: 0,
      out: `1 document and 0 descriptors of 1 resource written to ${place('converted')}\n`,
    });
    const lines = readFileSync(path.join(place('converted'), 'campus', 'districts.jsonl'), 'utf8');
    expect(lines).toBe('{"districtId":901,"districtName":"A"}\n');
    const refused = await convert('refused', bad);
    expect([refused.code, refused.out]).toEqual([
      1,
      [
        'rejected because of                          documents',
        'INTERCHANGE_ELEMENT_UNKNOWN Campus:District          1',
        '',
        'Nothing was written; --continue writes the other documents.',
        '1 document rejected; --rejects <file> writes them with their reasons.',
        '',
      ].join('\n'),
    ]);
    expect(refused.err).toMatch(/^error INTERCHANGE_ELEMENT_UNKNOWN \S+bad\.xml:2:39/);
    expect(refused.err).toContain(
      '/InterchangeTest/District[1]/Nam: Campus:District has no property for this element.',
    );
    const continued = await convert('continued', bad, '--continue', '--json');
    expect(continued.code).toBe(1);
    expect(jsonLines(continued.out)).toMatchObject([
      { command: 'translate', documents: { read: 1, written: 1, made: 0, rejects: 0 }, rejected: 1, isWritten: true },
    ]);
    const more = file('more.xml', interchange(district(904, '<DistrictName>D</DistrictName><Nam>B</Nam>')));
    const ignored = await convert('ignored', more, '--ignore-unknown');
    expect([ignored.code, ignored.err]).toEqual([0, expect.stringMatching(/^warning INTERCHANGE_ELEMENT_UNKNOWN /)]);
    expect(await ran(['translate', good, ...source])).toMatchObject({
      code: 2,
      err: expect.stringContaining("required option '--output <dir>'"),
    });
    expect(await ran(['load', place('converted'), ...database])).toMatchObject({ code: 0, err: '' });
    const again = await ran(['load', good, ...database, '--on-existing', 'replace', '--json']);
    expect(jsonLines(again.out)).toMatchObject([{ command: 'load', total: { unchanged: 1, rejected: 0 } }]);
  });

  it('documents that are not loaded are reported and put into a file, which loads once it is corrected', async () => {
    const input = file(
      'input.jsonl',
      [
        '{"resource":"Campus:District","document":{"districtId":7,"districtName":"A","none":1}}',
        '{"resource":"Campus:District","document":{"districtId":8,"districtName":"B"}}',
      ].join('\n'),
    );
    const loaded = await ran(['load', input, ...database, '--continue', '--rejects', place('rejects.jsonl')]);
    expect(loaded.code).toBe(1);
    expect(loaded.err).toMatch(/^error DOCUMENT_PROPERTY_UNKNOWN \S+input\.jsonl:1/);
    expect(loaded.out).toMatch(/\ntotal +1 +0 +0 +0 +1\n/);
    const text = readFileSync(place('rejects.jsonl'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      resource: 'Campus:District',
      file: input,
      line: 1,
      problems: [{ code: 'DOCUMENT_PROPERTY_UNKNOWN', path: '$.none' }],
    });
    const corrected = file('corrected.jsonl', text.replace(',"none":1', ''));
    expect(await ran(['load', corrected, ...database])).toMatchObject({ code: 0, err: '' });
    const stopped = await ran(['load', input, ...database]);
    expect(stopped).toMatchObject({ code: 1, out: expect.stringContaining('--continue loads the others') });
  });

  it('a record that is refused is written as it was, so that it is refused again until it is corrected', async () => {
    const uuid = (digit: number) => `0000000${digit}-0000-4000-8000-00000000000${digit}`;
    const district = (districtId: number) => ({ districtId, districtName: `D ${districtId}` });
    const records = [
      { resource: 'Campus:Distrikt', document: district(21), uuid: uuid(1) },
      { resource: 'Campus:District', document: district(22), uuid: 'wrong' },
      { resource: 'Campus:District', uuid: uuid(3) },
      {
        change: {
          kind: 'delete',
          resource: 'Campus:Distrikt',
          uuid: uuid(4),
          changeVersion: 4,
          oldKey: { districtId: 9 },
        },
      },
    ];
    const rejected = async (input: string, output: string) => {
      const { code } = await ran(['load', input, ...database, '--continue', '--rejects', place(output)]);
      expect(code).toBe(1);
      return readFileSync(place(output), 'utf8').trimEnd().split('\n');
    };
    const refused = (texts: readonly string[]) => {
      return texts.map((text) => {
        const { file: _file, line, problems, ...record } = JSON.parse(text);
        return { line, codes: problems.map(({ code }: { readonly code: string }) => code), record };
      });
    };
    const input = file('records.jsonl', records.map((record) => JSON.stringify(record)).join('\n'));
    const first = await rejected(input, 'first.jsonl');
    const expected = [
      { line: 1, codes: ['DOCUMENT_RESOURCE_UNKNOWN'], record: records[0] },
      { line: 4, codes: ['DOCUMENT_RESOURCE_UNKNOWN'], record: records[3] },
      { line: 2, codes: ['DOCUMENT_VALUE_INVALID'], record: records[1] },
      { line: 3, codes: ['DOCUMENT_RESOURCE_UNKNOWN'], record: records[2] },
    ];
    expect(refused(first)).toEqual(expected);
    const second = await rejected(place('first.jsonl'), 'second.jsonl');
    expect(refused(second).map(({ record }) => record)).toEqual(expected.map(({ record }) => record));
    const corrected = second
      .filter((text) => !text.startsWith('{"change"'))
      .map((text) => text.replaceAll('Distrikt', 'District').replace('"wrong"', `"${uuid(2)}"`))
      .map((text) =>
        text.replace(`"uuid":"${uuid(3)}"`, `"uuid":"${uuid(3)}","document":${JSON.stringify(district(23))}`),
      );
    const loaded = await ran(['load', file('corrected-records.jsonl', corrected.join('\n')), ...database, '--json']);
    expect(loaded).toMatchObject({ code: 0, err: '' });
    expect(jsonLines(loaded.out)).toMatchObject([{ command: 'load', total: { inserted: 3, rejected: 0 } }]);
  });

  it.each([
    ['that it reads', 'own.jsonl', /^error OUTPUT_FAILED .*own\.jsonl is an input of this run/],
    ['below a file', 'own.jsonl/rejects.jsonl', /^error OUTPUT_NOT_A_FOLDER .*own\.jsonl is not a folder/],
  ])('a file for rejects %s is refused before anything is loaded', async (_, rejects, message) => {
    const text = '{"resource":"Campus:District","document":{"districtId":70,"districtName":"A","none":1}}\n';
    const input = file('own.jsonl', text);
    const loaded = await ran(['load', input, ...database, '--continue', '--rejects', place(rejects)]);
    expect([loaded.code, loaded.out]).toEqual([1, '']);
    expect(loaded.err).toMatch(message);
    expect(readFileSync(input, 'utf8')).toBe(text);
  });

  it('a file for rejects is made with the folders above it, which are not left when there are none', async () => {
    const school = (id: number, more = '') =>
      `{"resource":"Campus:District","document":{"districtId":${id},"districtName":"A"${more}}}\n`;
    const rejects = place('new/folder/rejects.jsonl');
    const good = await ran(['load', file('good.jsonl', school(80)), ...database, '--rejects', rejects]);
    expect([good.code, existsSync(place('new'))]).toEqual([0, false]);
    const bad = await ran(['load', file('bad.jsonl', school(81, ',"none":1')), ...database, '--rejects', rejects]);
    expect([bad.code, existsSync(rejects)]).toEqual([1, true]);
  });

  it('a file that several paths lead to is loaded once', async () => {
    const input = file(
      'once/once.jsonl',
      '{"resource":"Campus:District","document":{"districtId":90,"districtName":"A"}}\n',
    );
    const { code, out } = await ran(['load', input, path.dirname(input), input, ...database]);
    expect([code, out]).toEqual([0, expect.stringMatching(/\ntotal +1 +0 +0 +0 +0\n/)]);
  });

  it('a value that is not a number is refused for a numeric field', async () => {
    const got = await ran(['get', 'Campus:School', '--where', 'schoolId=abc', ...database]);
    expect(got).toMatchObject({
      code: 1,
      err: expect.stringMatching(/DOCUMENT_VALUE_INVALID .*is not an? (?:integer|number)/),
    });
  });

  it('a pack of other schemas is refused by the gate', async () => {
    const other = ['--schema', ownSchemaFile('campus'), '--dialect', 'pgsql', '--output', place('other')];
    expect((await ran(['pack', 'build', ...other])).code).toBe(0);
    const got = await ran(['get', 'Campus:School', '--pack', pack('other'), '--connection-env', variable]);
    expect(got).toMatchObject({ code: 1, out: '', err: expect.stringContaining('GATE_SCHEMA_MISMATCH') });
  });

  it.each([
    ['no number', ['sample', '--artifacts', 'x', '--documents', 'many', '--output', 'y'], 'It must be a whole number.'],
    ['no documents', ['sample', '--artifacts', 'x', '--documents', '0', '--output', 'y'], 'It must be 1 or more.'],
    ['no condition', ['get', 'A:B', '--where', 'x'], 'It must be a path and a value'],
    ['no uuid', ['get', 'A:B', '--id', 'x'], 'It must be a uuid.'],
    [
      'an id and a value',
      ['get', 'A:B', '--id', '00000000-0000-4000-8000-000000000000', '--where', 'x=1'],
      'cannot be used with',
    ],
    ['two values of a path', ['get', 'A:B', '--where', 'x=1', '--where', 'x=2'], 'There are two values of x.'],
    ['no version', ['dump', '--since', 'now'], 'It must be a version: a whole number.'],
  ])('%s is wrong use', async (_name, args, text) => {
    expect(await ran(args)).toMatchObject({ code: 2, err: expect.stringContaining(text) });
  });
});
