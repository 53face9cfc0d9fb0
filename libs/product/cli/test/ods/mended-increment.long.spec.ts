import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSession, type PostgresDatabase, type TestDatabase } from '@dms/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { ChangingOds, withValue } from '../changing-ods.ts';
import { jsonLines, ran } from '../ran.ts';
import { newTargetOf, odsOptions } from '../source-ods.ts';

/*
 * Documents that an increment rejects, and how they get into the database after they are corrected; descriptors that an
 * ODS no longer has.
 */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-mended-increment-'));
const place = (name: string) => path.join(scratch, name);
const rejects = place('rejects.jsonl');
const databases: PostgresDatabase[] = [];
let url = '';
let ods: ChangingOds;
let session: TestDatabase;
let at: readonly string[];
let since: string;

const load = async (...options: readonly string[]) => {
  const command = ['load', '--from-ods', url, ...odsOptions, ...at, '--json', '--verify', '--continue'];
  const { code, out, err } = await ran([...command, ...options]);
  return { code, err, result: jsonLines(out)[0] };
};
const increment = (...options: readonly string[]) => load('--since', since, '--rejects', rejects, ...options);
const rejected = () =>
  readFileSync(rejects, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const differing = ({
  comparison,
}: {
  readonly comparison: { readonly differences: readonly { readonly table: string }[] };
}) => comparison.differences.map(({ table }) => table);
const first = async (resource: string) => {
  const found = (await ods.documents()).find((document) => document.resource === resource);
  if (found === undefined) throw new Error(`no ${resource}`);
  return found;
};

beforeAll(async () => {
  ods = await ChangingOds.make(place, 'v2');
  ({ url } = ods);
  session = await openSession(url);
});
afterAll(async () => {
  await session?.close();
  await ods?.close();
  for (const database of databases) await database.drop();
  rmSync(scratch, { recursive: true, force: true });
});

beforeEach(async () => {
  const target = await newTargetOf(place('out'));
  databases.push(target);
  at = ['--dialect', 'pgsql', '--connection', target.url];
  const { code, err, result } = await load();
  expect(code, err).toBe(0);
  since = String(result.reading.lastVersion);
});
afterEach(() => rmSync(rejects, { force: true }));

it('a change that is rejected comes with the same command when the source is mended', async () => {
  const student = await first('Ed-Fi:Student');
  const contact = await first('Ed-Fi:Contact');
  await ods.replace(student, withValue(student.document, '$.firstName', 'Changed'));
  await ods.replace(contact, withValue(contact.document, '$.firstName', 'Changed'));
  await session.exec(`UPDATE edfi_src.student SET firstname = NULL WHERE firstname = 'Changed'`);
  const broken = await increment();
  expect(broken.code).toBe(1);
  expect(broken.result).toMatchObject({ total: { replaced: 1, rejected: 1 } });
  expect(differing(broken.result)).toEqual(['edfi.Student']);
  expect(rejected()).toMatchObject([{ resource: 'Ed-Fi:Student', table: 'edfi.Student', document: null }]);
  // the version is kept, so the next increment reads the row
  expect(broken.result.reading.lastVersion).toBe(since);
  await session.exec(`UPDATE edfi_src.student SET firstname = 'Changed' WHERE firstname IS NULL`);
  const mended = await load('--since', 'last');
  expect(mended.code, mended.err).toBe(0);
  expect(mended.result).toMatchObject({ total: { replaced: 1, unchanged: 1, rejected: 0 } });
  expect(differing(mended.result)).toEqual([]);
  const { lastVersion } = mended.result.reading;
  expect(BigInt(lastVersion)).toBeGreaterThan(BigInt(since));
  const next = await load('--since', 'last');
  expect(next.result).toMatchObject({ total: { replaced: 0, unchanged: 0 }, reading: { lastVersion } });
});

it('a change that is rejected comes from the file of rejects when it is mended there', async () => {
  const student = await first('Ed-Fi:Student');
  await ods.replace(student, withValue(student.document, '$.firstName', 'Changed once more'));
  const tooLong = 'x'.repeat(500);
  await session.exec(`ALTER TABLE edfi_src.student ALTER firstname TYPE text;
UPDATE edfi_src.student SET firstname = '${tooLong}' WHERE firstname = 'Changed once more'`);
  const broken = await increment();
  expect(broken.result).toMatchObject({ total: { replaced: 0, rejected: 1 } });
  const [{ resource, document }] = rejected();
  expect([resource, document.firstName]).toEqual(['Ed-Fi:Student', tooLong]);
  const file = place('mended.jsonl');
  const name = 'Changed once more';
  writeFileSync(file, JSON.stringify({ resource, document: { ...document, firstName: name } }));
  const loaded = await ran(['load', file, '--artifacts', place('out'), ...at, '--on-existing', 'replace', '--json']);
  expect(loaded.code, loaded.err).toBe(0);
  expect(jsonLines(loaded.out)[0]).toMatchObject({ total: { replaced: 1, rejected: 0 } });
  await session.exec(`UPDATE edfi_src.student SET firstname = '${name}' WHERE firstname = '${tooLong}'`);
  const again = await increment();
  expect(again.code, again.err).toBe(0);
  expect(again.result).toMatchObject({ total: { replaced: 0, rejected: 0 } });
  expect(differing(again.result)).toEqual([]);
});

it('a descriptor that went away is removed after what named it, and stays while a document names it', async () => {
  const association = await first('Ed-Fi:StudentSchoolAssociation');
  const namespace = 'uri://ed-fi.org/GradeLevelDescriptor';
  const named = (codeValue: string) =>
    ods.replace(
      association,
      withValue(association.document, '$.entryGradeLevelDescriptor', `${namespace}#${codeValue}`),
    );
  const resource = 'Ed-Fi:GradeLevelDescriptor';
  writeFileSync(
    place('grade-levels.json'),
    JSON.stringify(
      ['Leaving', 'Staying'].map((codeValue) => ({ resource, namespace, codeValue, shortDescription: codeValue })),
    ),
  );
  const into = ['--artifacts', place('out'), '--dialect', 'pgsql', '--connection', url];
  expect(await ran(['seed-descriptors', place('grade-levels.json'), ...into])).toMatchObject({ code: 0 });
  await named('Leaving');
  const before = await increment();
  expect(before.result).toMatchObject({ total: { inserted: 2, replaced: 1, rejected: 0 } });
  since = String(before.result.reading.lastVersion);
  await named('Staying');
  await session.exec(
    `DELETE FROM dms."Document" WHERE "DocumentId" = (SELECT "DocumentId" FROM dms."Descriptor" WHERE "CodeValue" = 'Leaving')`,
  );
  await ods.step();
  // the change of the association is refused: the database keeps the descriptor
  await session.exec(`ALTER TABLE edfi_src.studentschoolassociation ALTER entrygradeleveldescriptorid DROP NOT NULL;
UPDATE edfi_src.studentschoolassociation SET entrygradeleveldescriptorid = NULL
WHERE changeversion = (SELECT max(changeversion) FROM edfi_src.studentschoolassociation)`);
  const refused = await increment();
  expect(refused.code).toBe(1);
  expect(refused.result).toMatchObject({ total: { replaced: 0 }, changes: { deleted: 0 } });
  expect(rejected().map(({ resource, change, problems }) => [resource ?? change.resource, problems[0].code])).toEqual([
    ['Ed-Fi:StudentSchoolAssociation', 'ODS_VALUE_MISSING'],
    ['Ed-Fi:GradeLevelDescriptor', 'DOCUMENT_IN_USE'],
  ]);
  await ods.step();
  const mended = await increment();
  expect(mended.code, mended.err).toBe(0);
  expect(mended.result).toMatchObject({ total: { replaced: 1, rejected: 0 }, changes: { deleted: 1 } });
  expect(differing(mended.result)).toEqual([]);
  const again = await increment();
  expect(again.result).toMatchObject({ total: { replaced: 0, rejected: 0 }, changes: { deleted: 0 } });
});
