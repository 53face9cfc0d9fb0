import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createScratchDatabase,
  dumpedTexts,
  openSession,
  type PostgresDatabase,
  type TestDatabase,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonLines, ran } from '../ran.ts';
import { makeOds, odsOptions } from '../source-ods.ts';

/* read-ods on the command line (design 19a). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-read-ods-'));
const place = (name: string) => path.join(scratch, name);
let server: PostgresDatabase;
let session: TestDatabase;

const read = (output: string, ...options: readonly string[]) =>
  ran(['read-ods', ...odsOptions, '--connection-env', 'READ_ODS_DB', '--output', place(output), ...options]);

const filesIn = (folder: string) => Object.keys(dumpedTexts(place(folder)));

const linesOf = (file: string) => readFileSync(place(file), 'utf8').trim().split('\n');

/** Breaks the source for one run. */
async function broken<Result>(statement: string, repair: string, run: () => Promise<Result>): Promise<Result> {
  await session.exec(statement);
  try {
    return await run();
  } finally {
    await session.exec(repair);
  }
}

beforeAll(async () => {
  server = await makeOds(place);
  session = await openSession(server.url);
  process.env.READ_ODS_DB = server.url;
  const source = ['--artifacts', place('out'), '--connection-env', 'READ_ODS_DB'];
  expect(await ran(['dump', ...source, '--output', place('dump')])).toMatchObject({ code: 0 });
});
afterAll(async () => {
  delete process.env.READ_ODS_DB;
  await session.close();
  await server.drop();
  rmSync(scratch, { recursive: true, force: true });
});

it('writes the files that dump writes, and counts the rows of each table', async () => {
  const { code, out, err } = await read('read');
  expect(code).toBe(0);
  expect(filesIn('read')).toEqual(filesIn('dump'));
  for (const file of filesIn('read')) expect(linesOf(`read/${file}`)).toHaveLength(linesOf(`dump/${file}`).length);
  const students = linesOf('dump/ed-fi/students.jsonl').length;
  expect(out).toMatch(new RegExp(`^edfi\\.Student +${students} +${students} +0 +0$`, 'm'));
  expect(out).toMatch(/^table +rows +in documents +refused +left behind$/m);
  expect(out).toMatch(/^ODS_ORDER_LOST Ed-Fi:School \$\.gradeLevels\[\*\] +[1-9]/m);
  expect(out).toMatch(/^[0-9]+ documents of [0-9]+ resources and descriptors written to .*read$/m);
  expect(err).toMatch(/^note ODS_ORDER_LOST /m);
});

it('translates documents on their way', async () => {
  const name = 'Ed-Fi:School.$.shortNameOfInstitution';
  const rules = place('rules.json');
  writeFileSync(rules, JSON.stringify({ drops: [{ before: name, because: 'nobody reads it' }] }));
  const { code, out, err } = await read('translated', '--before', place('out'), '--translation', rules);
  expect([code, err.match(/^error.*/m)]).toEqual([0, null]);
  expect(out).toMatch(/^table +rows +in documents +refused +left behind$/m);
  expect(out).toMatch(/^drops\[0\] Ed-Fi:School\.\$\.shortNameOfInstitution +0 +\d+ +0$/m);
  const parsed = (folder: string, file: string) => linesOf(`${folder}/${file}`).map((line) => JSON.parse(line));
  const file = 'ed-fi/schools.jsonl';
  expect(parsed('read', file).some((school) => 'shortNameOfInstitution' in school)).toBe(true);
  const without = parsed('read', file).map(({ shortNameOfInstitution: _, ...school }) => JSON.stringify(school));
  expect(
    parsed('translated', file)
      .map((school) => JSON.stringify(school))
      .sort(),
  ).toEqual(without.sort());
  for (const other of filesIn('read').filter((each) => each !== file))
    expect(linesOf(`translated/${other}`).sort()).toEqual(linesOf(`read/${other}`).sort());
  const refused = async (...options: string[]) => (await read('never', ...options)).err;
  expect(await refused('--since', '1', '--translation', rules)).toContain('cannot be used with option');
  expect(await refused('--rejects', place('x'))).toContain(
    "needs '--before <dir>', '--translation <name>' or '--rename <before=after>'",
  );
});

it('prints all of it for machines', async () => {
  const { code, out, err } = await read('for-machines', '--json');
  expect(code).toBe(0);
  const [result] = jsonLines(out);
  expect(result).toMatchObject({
    type: 'result',
    command: 'read-ods',
    isWritten: true,
    hiddenProblems: 0,
    refused: [],
    unread: [],
  });
  for (const { rows, written, refused, left } of result.tables) expect([written, refused, left]).toEqual([rows, 0, 0]);
  expect(result.losses[0]).toMatchObject({ code: 'ODS_ORDER_LOST', path: expect.stringContaining('[*]') });
  expect(result.resources.reduce((sum: number, { documents }: { documents: number }) => sum + documents, 0)).toBe(
    result.documents,
  );
  expect(jsonLines(err).map(({ code: each }) => each)).toContain('ODS_ORDER_LOST');
});

it('shows on a terminal which table it reads', async () => {
  const args = ['read-ods', ...odsOptions, '--connection-env', 'READ_ODS_DB', '--output', place('on-a-terminal')];
  const { err } = await ran(args, { isTerminal: true });
  expect(err).toMatch(/edfi\.Student: [0-9]+ documents, [0-9]+ of [0-9]+ rows/);
});

describe('ids that cannot be kept', () => {
  const keepIds = (name: string, ...options: readonly string[]) => read(name, '--keep-ids', ...options);
  /** Runs the test with another column `id` of the students. */
  const withIds = (value: string, run: () => Promise<void>) =>
    broken(
      `ALTER TABLE edfi_src.student RENAME id TO kept_id; ${value}`,
      'ALTER TABLE edfi_src.student DROP COLUMN IF EXISTS id; ALTER TABLE edfi_src.student RENAME changeversion TO id',
      run,
    );
  const changed = (value: string) =>
    `ALTER TABLE edfi_src.student ADD COLUMN id uuid; UPDATE edfi_src.student SET id = kept_id; UPDATE edfi_src.student SET id = ${value} WHERE studentusi = (SELECT min(studentusi) FROM edfi_src.student); ALTER TABLE edfi_src.student RENAME kept_id TO changeversion`;

  it('because the table has none, are refused, or counted where that is allowed', () =>
    withIds('ALTER TABLE edfi_src.student RENAME kept_id TO changeversion', async () => {
      const refused = await keepIds('no-id');
      expect(refused.code).toBe(1);
      expect(refused.err).toMatch(
        /^error ODS_COLUMN_MISSING edfi\.Student of the source lacks Id, so [0-9]+ documents of it cannot keep/m,
      );
      const allowed = await keepIds('no-id-allowed', '--allow-missing');
      expect(allowed.code).toBe(0);
      expect(allowed.err).toMatch(
        /^warning ODS_READ_AS_EMPTY edfi\.Student of the source lacks Id, so [0-9]+ documents of it get new ids\.$/m,
      );
      expect((await read('no-id-asked')).err).not.toContain('lacks Id');
    }));

  it('because it is NULL, are refused row by row', () =>
    withIds(changed('NULL'), async () => {
      const { code, err } = await keepIds('null-id');
      expect(code).toBe(1);
      expect(err).toMatch(/^error ODS_VALUE_MISSING Ed-Fi:Student from edfi\.Student .*: Id is NULL/m);
      expect(existsSync(place('null-id'))).toBe(false);
      expect((await read('null-id-asked')).code).toBe(0);
    }));

  it.each(['student', 'staff'])('because another row of %s has it, are refused for each of them', (table) =>
    withIds(changed(`(SELECT id FROM edfi_src.${table} ORDER BY ${table}usi DESC LIMIT 1)`), async () => {
      const { code, err } = await keepIds('same-id');
      expect(code).toBe(1);
      expect(err.match(/^error ODS_KEY_REPEATED .*: Another row has the Id [0-9a-f-]{36}\./gm)).toHaveLength(2);
    }),
  );
});

it('keeps the ids of documents where it is asked to, in a form that load reads', async () => {
  const { code } = await read('with-ids', '--keep-ids');
  expect(code).toBe(0);
  const records = linesOf('with-ids/documents.jsonl').map((line) => JSON.parse(line));
  const stored = await session.query<{ id: string }>('SELECT "DocumentUuid"::text AS id FROM dms."Document"');
  const uuids = new Set(stored.map(({ id }) => id));
  expect(records.length).toBeGreaterThan(100);
  expect(records.every(({ uuid, resource }) => uuids.has(uuid) && /^(?:Ed-Fi|Transport):/.test(resource))).toBe(true);
  const target = await createScratchDatabase();
  try {
    const at = ['--artifacts', place('out'), '--dialect', 'pgsql', '--connection', target.url];
    expect(await ran(['provision', ...at])).toMatchObject({ code: 0 });
    const loaded = await ran(['load', place('with-ids'), ...at]);
    expect(loaded).toMatchObject({ code: 0, err: expect.not.stringContaining('error') });
    const other = await openSession(target.url);
    const found = await other.query<{ id: string }>(
      `SELECT "DocumentUuid"::text AS id FROM dms."Document" d JOIN edfi."Student" s USING ("DocumentId")`,
    );
    await other.close();
    expect(found.length).toBeGreaterThan(0);
    for (const { id } of found) expect(uuids).toContain(id);
  } finally {
    await target.drop();
  }
});

describe('a row from which no document can be made', () => {
  const statement =
    'UPDATE edfi_src.staff SET firstname = NULL WHERE staffusi = (SELECT min(staffusi) FROM edfi_src.staff)';
  const repair = `UPDATE edfi_src.staff SET firstname = 'A' WHERE firstname IS NULL`;

  it('is named, and there is no folder', async () => {
    const { code, out, err } = await broken(statement, repair, () => read('refused'));
    expect(code).toBe(1);
    expect(err).toMatch(
      /^error ODS_VALUE_MISSING Ed-Fi:Staff \$\.firstName from edfi\.Staff \(StaffUSI [0-9]+\): FirstName is NULL/m,
    );
    expect(out).toMatch(/^ODS_VALUE_MISSING edfi\.Staff +1$/m);
    expect(out).toContain('Nothing was written, because rows were refused; --continue writes');
    expect(readdirSync(scratch).filter((name) => name.includes('refused'))).toEqual([]);
  });

  it('is left out with --continue', async () => {
    const { code, out } = await broken(statement, repair, () => read('continued', '--continue'));
    expect(code).toBe(1);
    expect(out).toMatch(/written to .*continued$/m);
    expect(linesOf('continued/ed-fi/staffs.jsonl')).toHaveLength(linesOf('dump/ed-fi/staffs.jsonl').length - 1);
  });
});

it('refuses what the JSON schema of a resource refuses, unless it is not asked', async () => {
  const statement = `UPDATE edfi_src.survey SET sessionname = 'abc' WHERE ctid = (SELECT min(ctid) FROM edfi_src.survey WHERE sessionname IS NOT NULL)`;
  const repair = `UPDATE edfi_src.survey SET sessionname = 'abcde' WHERE sessionname = 'abc'`;
  const refused = await broken(statement, repair, () => read('short'));
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(
    /^error ODS_VALUE_REJECTED edfi\.Survey \(.*\): Ed-Fi:Survey \$\.sessionReference\.sessionName is "abc".*; by the schema/m,
  );
  const { code } = await broken(statement, repair, () => read('short', '--no-schema-checks'));
  expect(code).toBe(0);
});

describe('refuses what load refuses, so that load takes what was written', () => {
  const first = (table: string, key: string) => `${key} = (SELECT min(${key}) FROM edfi_src.${table})`;
  const descriptor = 'descriptorid = (SELECT min(gradeleveldescriptorid) FROM edfi_src.gradeleveldescriptor)';
  const ofDescriptor = (column: string, value: string) =>
    [
      `ALTER TABLE edfi_src.descriptor ALTER codevalue TYPE text, ALTER namespace TYPE text; UPDATE edfi_src.descriptor SET ${column} = ${value} WHERE ${descriptor}`,
      `UPDATE edfi_src.descriptor SET ${column} = 'uri://repaired' WHERE ${descriptor}`,
    ] as const;
  it.each<readonly [what: string, statements: readonly [statement: string, repair: string], code: string]>([
    ['an empty code value', ofDescriptor('codevalue', "''"), 'codeValue of a Ed-Fi:GradeLevelDescriptor is empty'],
    ['a blank code value', ofDescriptor('codevalue', "'  '"), 'codeValue of a Ed-Fi:GradeLevelDescriptor is empty'],
    ['a blank namespace', ofDescriptor('namespace', "' '"), 'namespace of a Ed-Fi:GradeLevelDescriptor is empty'],
    [
      'a long code value',
      ofDescriptor('codevalue', "repeat('x', 51)"),
      'codeValue of a Ed-Fi:GradeLevelDescriptor has 51 characters',
    ],
    [
      'a number beyond 32 bits',
      [
        `ALTER TABLE transport_src.bus ALTER seats TYPE bigint; UPDATE transport_src.bus SET seats = 2147483648 WHERE ctid = (SELECT min(ctid) FROM transport_src.bus)`,
        'UPDATE transport_src.bus SET seats = 7 WHERE seats > 2147483647; ALTER TABLE transport_src.bus ALTER seats TYPE int',
      ],
      'is not between -2147483648 and 2147483647',
    ],
    [
      'too many digits',
      [
        `ALTER TABLE edfi_src.section ALTER availablecredits TYPE numeric; UPDATE edfi_src.section SET availablecredits = 1234567.5 WHERE ctid = (SELECT min(ctid) FROM edfi_src.section)`,
        'UPDATE edfi_src.section SET availablecredits = 1 WHERE availablecredits = 1234567.5',
      ],
      'has more than 6 digits before the decimal point',
    ],
    [
      'a long text',
      [
        `ALTER TABLE edfi_src.staff ALTER firstname TYPE text; UPDATE edfi_src.staff SET firstname = repeat('x', 500) WHERE ${first('staff', 'staffusi')}`,
        `UPDATE edfi_src.staff SET firstname = 'A' WHERE length(firstname) > 400`,
      ],
      'has 500 characters; the column takes',
    ],
  ])('%s', async (what, [statement, repair], text) => {
    const folder = what.replaceAll(' ', '-');
    const { code, err } = await broken(statement, repair, () => read(folder, '--continue'));
    expect(code).toBe(1);
    expect(err).toMatch(/^error ODS_VALUE_REJECTED /m);
    expect(err).toContain(text);
    const target = await createScratchDatabase();
    try {
      const at = ['--artifacts', place('out'), '--dialect', 'pgsql', '--connection', target.url];
      expect(await ran(['provision', ...at])).toMatchObject({ code: 0 });
      const loaded = await ran(['load', place(folder), ...at, '--continue', '--json']);
      // documents that refer to a refused one are rejected, and no others
      const codes = jsonLines(loaded.err).map((line) => line.code);
      expect(
        codes.filter((each) => /^(?:SEED_|DOCUMENT_)/.test(each) && each !== 'DOCUMENT_REFERENCE_UNRESOLVED'),
      ).toEqual([]);
    } finally {
      await target.drop();
    }
  });
});

it('refuses rows that it would leave behind, and reads the others when it may', async () => {
  const statement = 'CREATE TABLE edfi_src.cafeteria AS SELECT 7 AS seats';
  const repair = 'DROP TABLE edfi_src.cafeteria';
  const refused = await broken(statement, repair, () => read('unread'));
  expect([refused.code, refused.out]).toEqual([1, '']);
  expect(refused.err).toMatch(/^error ODS_UNREAD_ROWS edfi_src\.cafeteria of the source \(1 row\) .*--allow-unread/m);
  expect(existsSync(place('unread'))).toBe(false);
  const allowed = await broken(statement, repair, () => read('unread', '--allow-unread'));
  expect(allowed.code).toBe(0);
  expect(allowed.err).toMatch(/^warning ODS_NOT_READ edfi_src\.cafeteria/m);
});

it('does not write into a folder with other files', async () => {
  const { code, err } = await read('dump');
  expect(code).toBe(1);
  expect(err).toMatch(/^error DDL_OUTPUT_NOT_EMPTY /m);
});

it.each([
  ['no folder', [...odsOptions, '--connection-env', 'READ_ODS_DB'], "required option '--output <dir>' not specified"],
  ['no database', [...odsOptions, '--output', 'x'], 'name a database'],
  ['no schemas', ['--connection-env', 'READ_ODS_DB', '--output', 'x'], 'must be given'],
])('%s is wrong use', async (_, args, text) => {
  const { code, err } = await ran(['read-ods', ...args]);
  expect(code).toBe(2);
  expect(err).toContain(text);
});

/** No such server exists; the client may be missing too, which the test runner reports in its own words. */
const missingServer = /DB_DRIVER_MISSING|DB_UNREACHABLE|Could not resolve .*mssql/;

it.each([
  ['mssql://sa:x@127.0.0.1:1/ods', [], missingServer],
  ['Server=tcp:127.0.0.1,1;Database=ods;User Id=sa;Password=x', [], missingServer],
  ['mssql://sa:x@127.0.0.1:1/ods', ['--ods-dialect', 'pgsql'], /DB_TARGET_DIALECT/],
])('the connection %s shows the engine, unless it is named: %j', async (connection, more, code) => {
  const found = await ran(['read-ods', ...odsOptions, '--connection', connection, '--output', place('mssql'), ...more]);
  expect(found.code).not.toBe(0);
  expect(found.err).toMatch(code);
});
