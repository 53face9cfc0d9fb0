import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createScratchDatabase,
  dumpedLines,
  openSession,
  type PostgresDatabase,
  type TestDatabase,
  usualGenerations,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { jsonLines, ran } from '../ran.ts';
import { makeOds, newTargetOf, schemasOf } from '../source-ods.ts';

/*
 * load --from-ods on the command line (design 19a). The tests of read-ods cover the conversion of rows, so here a
 * database must have the same documents as another one that was loaded from the files of read-ods.
 */

/** Exit codes. The sample of the first generation has rows that no ODS can hold; both ways to load reject them. */
const endsOf = { v1: 1, v2: 0 } as const;

/** The ways to load, with their options. */
const ways = [
  ['one by one', []],
  ['in bulk', ['--bulk']],
] as const;

describe.each(usualGenerations())('documents of an ODS in %s', (generation) => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'dms-load-from-ods-'));
  const place = (name: string) => path.join(scratch, name);
  const databases: PostgresDatabase[] = [];
  const end = endsOf[generation];
  let ods: PostgresDatabase;
  let session: TestDatabase;
  /** The documents of a target that was loaded from the files of read-ods. */
  let expected: ReadonlyMap<string, readonly string[]>;

  const at = ({ url }: PostgresDatabase) => ['--artifacts', place('out'), '--dialect', 'pgsql', '--connection', url];
  const done = async (...args: readonly string[]) => {
    const result = await ran([...args]);
    expect(result.code, result.err).toBe(0);
    return result;
  };
  const newTarget = async () => {
    const target = await newTargetOf(place('out'));
    databases.push(target);
    return target;
  };
  const load = (target: PostgresDatabase, ...options: readonly string[]) =>
    ran([
      ...['load', '--from-ods', ods.url, '--schema-suffix', '_src', ...schemasOf(generation)],
      ...['--dialect', 'pgsql', '--connection', target.url, ...options],
    ]);
  const createdEmpty = async () => {
    const empty = await createScratchDatabase();
    databases.push(empty);
    return empty;
  };
  let dumps = 0;
  const dumped = async (target: PostgresDatabase) => {
    dumps += 1;
    const name = `dump-${dumps}`;
    await done('dump', '--output', place(name), ...at(target));
    return dumpedLines(place(name));
  };
  const queried = async (target: PostgresDatabase, text: string) => {
    const other = await openSession(target.url);
    try {
      return await other.query<{ found: unknown }>(text);
    } finally {
      await other.close();
    }
  };
  const documentsIn = async (target: PostgresDatabase) =>
    Number((await queried(target, 'SELECT count(*)::int AS found FROM dms."Document"'))[0]?.found);

  beforeAll(async () => {
    ods = await makeOds(place, generation);
    databases.push(ods);
    session = await openSession(ods.url);
    const options = ['--schema-suffix', '_src', ...schemasOf(generation), '--connection', ods.url];
    expect(await ran(['read-ods', ...options, '--continue', '--output', place('read')])).toMatchObject({ code: end });
    const target = await newTarget();
    // an ODS has one column for two values of these samples, so a reference names a document that does not exist
    expect(await ran(['load', place('read'), '--continue', ...at(target)])).toMatchObject({ code: end });
    expected = await dumped(target);
  });
  afterAll(async () => {
    await session.close();
    for (const database of databases) await database.drop();
    rmSync(scratch, { recursive: true, force: true });
  });

  const one = ['with one connection', ['--jobs', '1']] as const;
  it.each(generation === 'v1' ? ways : [...ways, one])(
    'are loaded %s without files, and a second run doubles nothing',
    async (_, options) => {
      const target = await newTarget();
      const { code, out, err } = await load(target, '--continue', ...options);
      expect(code, err).toBe(end);
      expect(out).toMatch(/^table +rows +in documents +refused +left behind$/m);
      expect(out).toMatch(/^resource +inserted +replaced +unchanged +skipped +rejected$/m);
      expect(err).toMatch(/^note ODS_ORDER_LOST /m);
      expect(expected.size).toBeGreaterThan(20);
      expect(await dumped(target)).toEqual(expected);
      const documents = await documentsIn(target);
      const again = await load(target, '--continue', ...options, '--json');
      expect(again.code, again.err).toBe(end);
      const [result] = jsonLines(again.out);
      expect(result).toMatchObject({ command: 'load', total: { inserted: 0, replaced: 0 } });
      expect(result.total.skipped + result.total.unchanged).toBe(documents);
      if (end === 0) expect([result.reading.documents, result.total.rejected]).toEqual([documents, 0]);
      expect(await documentsIn(target)).toBe(documents);
    },
  );

  if (generation === 'v1') return;

  const rejectsIn = (file: string) =>
    readFileSync(place(file), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  /** Breaks the source for one run. */
  const broken = async <Result>(statement: string, repair: string, run: () => Promise<Result>): Promise<Result> => {
    await session.exec(statement);
    try {
      return await run();
    } finally {
      await session.exec(repair);
    }
  };

  it('are refused in one sentence where source and target are swapped', async () => {
    const [target, other] = [await newTarget(), await createdEmpty()];
    const owner = await openSession(other.url);
    await owner.exec(
      'CREATE SCHEMA edfi; CREATE TABLE edfi.descriptor (descriptorid int, namespace text, codevalue text)',
    );
    await owner.close();
    const swapped = (from: PostgresDatabase, into: PostgresDatabase) =>
      ran([
        ...['load', '--from-ods', from.url, ...schemasOf(generation)],
        ...['--dialect', 'pgsql', '--connection', into.url],
      ]);
    const errorsOf = (err: string) => err.split('\n').filter((line) => line.startsWith('error '));
    for (const [from, into, part] of [
      [target, other, 'the target is an ODS'],
      [target, target, 'The source is a database of this tool, not an ODS'],
    ] as const) {
      const { code, err } = await swapped(from, into);
      expect(code).toBe(1);
      expect(errorsOf(err)).toEqual([expect.stringMatching(/^error ODS_SWAPPED /)]);
      expect(err).toContain(part);
      expect(err).toContain('Were source and target swapped?');
    }
    const missing = await swapped(target, await createdEmpty());
    expect(errorsOf(missing.err)).toEqual([expect.stringMatching(/^error GATE_NOT_PROVISIONED /)]);
  });

  it.each(ways)(
    'show the ODS at one moment, even if all rows are deleted while they are loaded %s',
    async (_, options) => {
      const target = await newTarget();
      const holder = await openSession(target.url);
      // students come early: most tables are not read yet
      await holder.exec('BEGIN; LOCK TABLE edfi."Student" IN SHARE MODE');
      const eachTable = (statements: string) => `DO $$ DECLARE t record; BEGIN
  FOR t IN SELECT schemaname AS place, tablename AS name FROM pg_tables WHERE schemaname LIKE '%\\_src' LOOP ${statements} END LOOP;
END $$`;
      const loading = load(target, ...options);
      const waiting =
        'SELECT 1 AS found FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())';
      await vi.waitFor(async () => expect(await queried(target, waiting)).not.toEqual([]), {
        timeout: 30_000,
        interval: 20,
      });
      await session.exec(
        `CREATE SCHEMA kept; ${eachTable(`EXECUTE format('CREATE TABLE kept.%I AS TABLE %I.%I; DELETE FROM %I.%I', t.place || t.name, t.place, t.name, t.place, t.name);`)}`,
      );
      try {
        await holder.exec('COMMIT');
        const { code, err } = await loading;
        expect(code, err).toBe(0);
        expect(await dumped(target)).toEqual(expected);
        expect(await session.query('SELECT 1 FROM edfi_src.student')).toEqual([]);
        if (options !== ways[0]?.[1]) return;
        const empty = await newTarget();
        const refused = await load(empty, '--allow-unread');
        expect([refused.code, refused.err]).toEqual([
          1,
          expect.stringContaining('error DOCUMENT_INPUT_EMPTY The ODS holds no document.'),
        ]);
        expect(await load(empty, '--allow-unread', '--allow-empty')).toMatchObject({ code: 0 });
      } finally {
        await holder.close();
        await session.exec(
          `${eachTable(`EXECUTE format('INSERT INTO %I.%I SELECT * FROM kept.%I', t.place, t.name, t.place || t.name);`)}; DROP SCHEMA kept CASCADE`,
        );
      }
    },
  );

  it.each(ways)('that are refused go to the file of rejects with their rows, loaded %s', async (_, options) => {
    const target = await newTarget();
    const file = `rejects${options.join('')}.jsonl`;
    const { code, err } = await broken(
      `ALTER TABLE edfi_src.contact ALTER firstname TYPE text;
UPDATE edfi_src.contact SET firstname = repeat('x', 500) WHERE contactusi = (SELECT min(contactusi) FROM edfi_src.contact);
UPDATE edfi_src.staff SET firstname = NULL WHERE staffusi = (SELECT min(staffusi) FROM edfi_src.staff);
ALTER TABLE edfi_src.descriptor ALTER shortdescription TYPE text;
UPDATE edfi_src.descriptor SET shortdescription = repeat('x', 500) WHERE codevalue = (SELECT max(codevalue) FROM edfi_src.descriptor);
ALTER TABLE edfi_src.educationorganization ALTER nameofinstitution TYPE text;
UPDATE edfi_src.educationorganization SET nameofinstitution = repeat('x', 500) WHERE educationorganizationid =
  (SELECT max(localeducationagencyid) FROM edfi_src.localeducationagency)`,
      `UPDATE edfi_src.contact SET firstname = 'A' WHERE length(firstname) = 500;
UPDATE edfi_src.staff SET firstname = 'A' WHERE firstname IS NULL;
UPDATE edfi_src.descriptor SET shortdescription = 'A' WHERE length(shortdescription) = 500;
UPDATE edfi_src.educationorganization SET nameofinstitution = 'A' WHERE length(nameofinstitution) = 500`,
      () => load(target, '--continue', '--rejects', place(file), ...options),
    );
    expect(code).toBe(1);
    expect(err).toMatch(
      /^error ODS_VALUE_MISSING Ed-Fi:Staff \$\.firstName from edfi\.Staff \(StaffUSI [0-9]+\): FirstName is NULL/m,
    );
    expect(err).toMatch(
      /^error DOCUMENT_VALUE_INVALID edfi\.Contact \(ContactUSI [0-9]+\): Ed-Fi:Contact \$\.firstName is "x+…/m,
    );
    const rejects = rejectsIn(file);
    const of = (table: string) => rejects.filter((each) => each.table === table);
    expect(of('edfi.Staff')[0]).toMatchObject({
      resource: 'Ed-Fi:Staff',
      document: null,
      key: { StaffUSI: expect.stringMatching(/^[0-9]+$/) },
      problems: [{ code: 'ODS_VALUE_MISSING', path: '$.firstName' }],
    });
    expect(of('edfi.Contact')[0]).toMatchObject({
      resource: 'Ed-Fi:Contact',
      document: { firstName: 'x'.repeat(500) },
      key: { ContactUSI: expect.stringMatching(/^[0-9]+$/) },
    });
    expect(of('edfi.Descriptor')[0]).toMatchObject({ document: { shortDescription: 'x'.repeat(500) } });
    expect(of('edfi.EducationOrganization')[0]).toMatchObject({ resource: 'Ed-Fi:LocalEducationAgency' });
    for (const each of rejects) expect([each.file, each.line]).toEqual([undefined, undefined]);
    // documents that refer to rejected ones are rejected too, and all others are loaded
    const all = [...expected.values()].flat().length;
    expect([...(await dumped(target)).values()].flat()).toHaveLength(all - rejects.length);
    expect(rejects.length).toBeLessThan(all / 2);
    // the repaired source adds the missing documents
    const repaired = await load(target, ...options);
    expect(repaired.code, repaired.err).toBe(0);
    expect([...(await dumped(target)).values()].flat()).toHaveLength(all);
  });

  it('end at the first refused row, or leave nothing in bulk, without --continue', async () => {
    const statement = 'UPDATE edfi_src.staff SET firstname = NULL';
    const repair = `UPDATE edfi_src.staff SET firstname = 'A' WHERE firstname IS NULL`;
    const target = await newTarget();
    const bulk = await broken(statement, repair, () => load(target, '--bulk'));
    expect(bulk.code).toBe(1);
    expect(bulk.err).toContain('error ODS_VALUE_MISSING');
    expect(bulk.out).toContain('No document was loaded, because one was rejected; --continue loads the others.');
    expect(await queried(target, 'SELECT 1 AS found FROM edfi."Student"')).toEqual([]);
    const plain = await broken(statement, repair, () => load(target, '--json'));
    expect(plain.code).toBe(1);
    expect(jsonLines(plain.out)).toMatchObject([{ isStopped: true, reading: null, total: { rejected: 1 } }]);
  });

  it('keep their ids, and an id that two of them have is a diagnostic for both', async () => {
    const ids = (target: PostgresDatabase) =>
      queried(
        target,
        'SELECT "DocumentUuid"::text AS found FROM dms."Document" JOIN edfi."Student" USING ("DocumentId")',
      ).then((rows) => rows.map(({ found }) => found).sort());
    const target = await newTarget();
    expect(await load(target, '--keep-ids')).toMatchObject({ code: 0 });
    expect(await ids(target)).toEqual(await ids(ods));
    const doubled = (column: string) =>
      `UPDATE edfi_src.student SET id = ${column} WHERE studentusi = (SELECT max(studentusi) FROM edfi_src.student)`;
    await session.exec(
      'ALTER TABLE edfi_src.student ADD changeversion text; UPDATE edfi_src.student SET changeversion = id::text',
    );
    const taken = await broken(
      doubled('(SELECT id FROM edfi_src.student ORDER BY studentusi LIMIT 1)'),
      `${doubled('changeversion::uuid')}; ALTER TABLE edfi_src.student DROP changeversion`,
      async () => load(await newTarget(), '--keep-ids', '--continue'),
    );
    expect(taken.code).toBe(1);
    const repeated = /^error ODS_KEY_REPEATED .*edfi\.Student \(StudentUSI [0-9]+\): Another row has the Id /gm;
    expect(taken.err.match(repeated)).toHaveLength(2);
  });

  it('are read from the engine that is named', async () => {
    const { code, err } = await load(await newTarget(), '--ods-dialect', 'mssql');
    expect(code).not.toBe(0);
    expect(err).toMatch(/^error DB_TARGET_DIALECT A connection of the form postgres(?:ql)?: is not for mssql\./m);
  });

  it('are compared with the reporting views of the target, where that is asked', async () => {
    const target = await newTarget();
    const { code, out, err } = await load(target, '--verify');
    expect(code, err).toBe(0);
    expect(out).toMatch(/^Compared with the ODS: [0-9]+ tables with [0-9]+ rows, all equal$/m);
    const other = await openSession(target.url);
    await other.exec(`UPDATE edfi."Student" SET "FirstName" = 'Another' WHERE "DocumentId" = (SELECT min("DocumentId") FROM edfi."Student");
DELETE FROM dms."Document" WHERE "DocumentId" = (SELECT min("DocumentId") FROM edfi."Survey")`);
    await other.close();
    // existing documents are kept, so the second run adds the survey and does not change the student
    const again = await load(target, '--verify', '--json');
    expect(again.code).toBe(1);
    const [result] = jsonLines(again.out);
    expect(result.comparison.differences).toMatchObject([{ table: 'edfi.Student', rows: [{ kind: 'changed' }] }]);
    const [problem] = jsonLines(again.err).filter((each) => each.code === 'ODS_TARGET_DIFFERS');
    expect(problem.message).toMatch(
      /^edfi\.Student has [0-9]+ rows in the ODS and [0-9]+ in the target, .* different: StudentUSI /,
    );
  });

  it('replace those that are there, where they may', async () => {
    const target = await newTarget();
    expect(await load(target)).toMatchObject({ code: 0 });
    const statement = `UPDATE edfi_src.student SET firstname = 'Changed ' || firstname`;
    const repair = `UPDATE edfi_src.student SET firstname = substr(firstname, 9)`;
    const kept = await broken(statement, repair, () => load(target, '--json'));
    expect(jsonLines(kept.out)[0]).toMatchObject({ total: { replaced: 0 } });
    const replaced = await broken(statement, repair, () => load(target, '--on-existing', 'replace', '--json'));
    expect(replaced.code).toBe(0);
    const students = await queried(target, `SELECT 1 AS found FROM edfi."Student" WHERE "FirstName" LIKE 'Changed %'`);
    expect(students.length).toBeGreaterThan(0);
    expect(jsonLines(replaced.out)[0].total.replaced).toBe(students.length);
  });

  it('are not loaded where the source does not fit, or the target', async () => {
    const target = await newTarget();
    const unread = await broken(
      'CREATE TABLE edfi_src.cafeteria AS SELECT 7 AS seats',
      'DROP TABLE edfi_src.cafeteria',
      () => load(target, '--rejects', place('none.jsonl')),
    );
    expect([unread.code, unread.out]).toEqual([1, '']);
    expect(unread.err).toMatch(/^error ODS_UNREAD_ROWS edfi_src\.cafeteria/m);
    expect(await documentsIn(target)).toBe(0);
    expect(existsSync(place('none.jsonl'))).toBe(false);
    const empty = await createScratchDatabase();
    databases.push(empty);
    const refused = await load(empty, '--allow-unread');
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/^error GATE_/m);
    expect(await queried(empty, `SELECT 1 AS found FROM pg_tables WHERE schemaname IN ('dms', 'edfi')`)).toEqual([]);
  });

  it.each<[string, readonly string[], string]>([
    [
      'files too',
      ['load', 'x.jsonl', '--from-ods', 'x', ...schemasOf('v2')],
      "name one source, not both 'x.jsonl' and '--from-ods <text>'",
    ],
    ['nothing to load', ['load', ...schemasOf('v2')], "missing required argument 'path'"],
    [
      'an option of an ODS without one',
      ['load', 'x.jsonl', '--keep-ids', ...schemasOf('v2')],
      "option '--keep-ids' needs '--from-ods <text>' or '--fleet <file>'",
    ],
    ['no database', ['load', '--from-ods', 'x', ...schemasOf('v2')], 'name a database'],
  ])('%s is wrong use', async (_, args, text) => {
    const { code, err } = await ran([...args]);
    expect(code).toBe(2);
    expect(err).toContain(text);
  });
});
