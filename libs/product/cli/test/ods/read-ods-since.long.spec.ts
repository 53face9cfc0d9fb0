import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dumpedLines, openSession, type PostgresDatabase, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jsonLines, ran } from '../ran.ts';
import { makeOds, odsOptions } from '../source-ods.ts';

/*
 * read-ods --since: the changes in an ODS with change queries after a version, and the deletes that it records (design
 * 19a §9).
 */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-read-ods-since-'));
const place = (name: string) => path.join(scratch, name);
let ods: PostgresDatabase;
let session: TestDatabase;
let last = 0n;

const read = (output: string, ...options: readonly string[]) =>
  ran(['read-ods', ...odsOptions, '--connection', ods.url, '--output', place(output), '--json', ...options]);

const documentsIn = (folder: string) =>
  [...dumpedLines(place(folder))]
    .flatMap(([name, lines]) => lines.map((line) => `${path.basename(name, '.jsonl')} ${line}`))
    .sort();

const changesIn = (folder: string) =>
  readFileSync(place(`${folder}/changes.ndjson`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const one = async (text: string) => (await session.query<{ found: string }>(text))[0]?.found ?? '';

beforeAll(async () => {
  ods = await makeOds(place, 'v2', ['--change-columns']);
  session = await openSession(ods.url);
  const { code, out, err } = await read('whole');
  expect(code, err).toBe(0);
  last = BigInt(jsonLines(out)[0].lastVersion);
});
afterAll(async () => {
  await session.close();
  await ods.drop();
  rmSync(scratch, { recursive: true, force: true });
});

it('says the last version, after which nothing has changed yet', async () => {
  const versions = await session.query<{ found: string }>(
    `SELECT format('SELECT max(changeversion)::text AS found FROM %I.%I', table_schema, table_name) AS found
FROM information_schema.columns WHERE column_name = 'changeversion' AND table_schema LIKE '%_src'`,
  );
  expect(versions.length).toBeGreaterThan(10);
  const all = await Promise.all(versions.map(({ found }) => one(found)));
  expect(last).toBe(BigInt(Math.max(...all.map(Number))));
  const { code, out, err } = await read('none', '--since', String(last));
  expect(code, err).toBe(0);
  expect(jsonLines(out)[0]).toMatchObject({ documents: 0, changes: 0, lastVersion: String(last) });
  // no table of deletes exists
  expect(jsonLines(err).map(({ code: each }) => each)).toContain('ODS_DELETES_UNKNOWN');
});

it('reads the documents that have changed, all of each, and the deletes and changed keys that are recorded', async () => {
  const version = (after: number) => String(last + BigInt(after));
  const student = await one('SELECT min(studentusi)::text AS found FROM edfi_src.student');
  const uniqueId = await one(`SELECT studentuniqueid AS found FROM edfi_src.student WHERE studentusi = ${student}`);
  const school = await one('SELECT schoolid::text AS found FROM edfi_src.schoolgradelevel ORDER BY 1 LIMIT 1');
  const bus = 'edfi_src.survey';
  const survey = await one(`SELECT min(surveyidentifier) AS found FROM ${bus}`);
  const namespace = await one(`SELECT namespace AS found FROM ${bus} ORDER BY surveyidentifier LIMIT 1`);
  const term = await one('SELECT min(termdescriptorid)::text AS found FROM edfi_src.termdescriptor');
  await session.exec(`UPDATE edfi_src.student SET firstname = 'Changed', changeversion = ${version(1)} WHERE studentusi = ${student};
UPDATE edfi_src.educationorganization SET nameofinstitution = 'Changed', changeversion = ${version(2)} WHERE educationorganizationid = ${school};
UPDATE edfi_src.descriptor SET shortdescription = 'Changed', changeversion = ${version(3)} WHERE descriptorid = ${term};
CREATE SCHEMA tracked_changes_edfi_src;
CREATE TABLE tracked_changes_edfi_src.survey (oldnamespace text, oldsurveyidentifier text, newnamespace text, newsurveyidentifier text,
  id uuid, changeversion bigint, discriminator text);
CREATE TABLE tracked_changes_edfi_src.student (oldstudentusi int, oldstudentuniqueid text, newstudentusi int, newstudentuniqueid text,
  id uuid, changeversion bigint, discriminator text);
CREATE TABLE tracked_changes_edfi_src.descriptor (olddescriptorid int, oldnamespace text, oldcodevalue text, newdescriptorid int,
  newnamespace text, newcodevalue text, id uuid, changeversion bigint, discriminator text);
CREATE TABLE tracked_changes_edfi_src.educationorganization (oldeducationorganizationid bigint, neweducationorganizationid bigint,
  id uuid, changeversion bigint, discriminator text);
INSERT INTO tracked_changes_edfi_src.survey VALUES
  ('uri://gone', 'Gone', NULL, NULL, gen_random_uuid(), ${version(-1)}, 'edfi.Survey'),
  ('uri://gone', 'Gone too', NULL, NULL, gen_random_uuid(), ${version(4)}, 'edfi.Survey'),
  ('uri://gone', 'Before', 'uri://gone', 'After', gen_random_uuid(), ${version(5)}, 'edfi.Survey'),
  ('${namespace}', '${survey}', NULL, NULL, gen_random_uuid(), ${version(6)}, 'edfi.Survey');
INSERT INTO tracked_changes_edfi_src.student VALUES (-1, '4711', NULL, NULL, gen_random_uuid(), ${version(7)}, NULL);
INSERT INTO tracked_changes_edfi_src.descriptor VALUES (-1, 'uri://x.org/Term', 'Gone', NULL, NULL, NULL, gen_random_uuid(), ${version(8)}, 'edfi.TermDescriptor');
INSERT INTO tracked_changes_edfi_src.educationorganization VALUES (-1, NULL, gen_random_uuid(), ${version(9)}, 'edfi.School')`);
  const { code, out, err } = await read('changed', '--since', String(last));
  expect(code, err).toBe(0);
  const [result] = jsonLines(out);
  expect(result).toMatchObject({ documents: 3, changes: 6, isWritten: true, lastVersion: version(9), refused: [] });
  // the documents equal those of a whole run now, without others
  await read('whole-now');
  const before = documentsIn('whole');
  const now = documentsIn('whole-now');
  expect(documentsIn('changed')).toEqual(now.filter((text) => !before.includes(text)));
  expect(documentsIn('changed').map((text) => text.split(' ')[0])).toEqual(['schools', 'students', 'termDescriptors']);
  expect(documentsIn('changed').find((text) => text.startsWith('students'))).toContain(
    `"studentUniqueId":"${uniqueId}"`,
  );
  expect(documentsIn('changed').find((text) => text.startsWith('schools'))).toContain('"gradeLevels":[{');
  const changes = changesIn('changed').map(({ uuid, ...each }) => [typeof uuid, each]);
  expect(changes).toEqual(
    expect.arrayContaining(
      [
        {
          kind: 'delete',
          resource: 'Ed-Fi:Survey',
          oldKey: { namespace: 'uri://gone', surveyIdentifier: 'Gone too' },
          after: 4,
        },
        {
          kind: 'keyChange',
          resource: 'Ed-Fi:Survey',
          oldKey: { namespace: 'uri://gone', surveyIdentifier: 'Before' },
          newKey: { namespace: 'uri://gone', surveyIdentifier: 'After' },
          after: 5,
        },
        // this key exists again
        { kind: 'delete', resource: 'Ed-Fi:Survey', oldKey: { namespace, surveyIdentifier: survey }, after: 6 },
        { kind: 'delete', resource: 'Ed-Fi:Student', oldKey: { studentUniqueId: '4711' }, after: 7 },
        { kind: 'delete', resource: 'Ed-Fi:TermDescriptor', oldKey: { descriptor: 'uri://x.org/Term#Gone' }, after: 8 },
        { kind: 'delete', resource: 'Ed-Fi:School', oldKey: { schoolId: -1 }, after: 9 },
      ].map(({ after, ...each }) => ['string', { ...each, changeVersion: Number(version(after)) }]),
    ),
  );
  const next = await read('next', '--since', result.lastVersion);
  expect(jsonLines(next.out)[0]).toMatchObject({ documents: 0, changes: 0, lastVersion: result.lastVersion });
  // the file marks the folder as an increment
  expect(readFileSync(place('next/changes.ndjson'), 'utf8')).toBe('');
});

it('refuses a version that the source does not have yet', async () => {
  const { code, err } = await read('future', '--since', '99999999');
  expect(code).toBe(1);
  expect(jsonLines(err)).toContainEqual(expect.objectContaining({ code: 'ODS_CHANGES_MISSING' }));
  expect(existsSync(place('future'))).toBe(false);
});

it('refuses a source without change queries', async () => {
  await session.exec('ALTER TABLE edfi_src.student RENAME changeversion TO aggregateid_of_old');
  await session.exec('UPDATE edfi_src.student SET aggregateid_of_old = NULL');
  const { code, err } = await read('without', '--since', '1');
  expect(code).toBe(1);
  const [problem] = jsonLines(err).filter((each) => each.code === 'ODS_CHANGES_MISSING');
  expect(problem).toMatchObject({ details: { tables: ['edfi.Student'] } });
});

it('takes a version alone', async () => {
  const { code, err } = await read('x', '--since', 'yesterday');
  expect([code, err]).toEqual([2, expect.stringContaining('a whole number')]);
});
