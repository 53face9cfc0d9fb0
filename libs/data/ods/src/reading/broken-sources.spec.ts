import { type Diagnostic, DmsError } from '@dms/diagnostics';
import { givenScript, trusted } from '@dms/sql';
import { ownSchemaFile, ownSchemasV2 } from '@dms/testing';
import { jsonText } from '@dms/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CopiedOds, copiedOds, schemaSuffix } from '../../test/copied-ods.ts';
import { type CompiledOds, compiledFiles, fittedSamples } from '../../test/round-trip.ts';
import { copiedTables, type OdsDocument, type OdsReading, type OdsReadOptions, readOds } from '../index.ts';

/*
 * Errors of a reader for an ODS that does not fit the mapping. Each source is broken in a transaction that is rolled
 * back.
 */

let set: CompiledOds;
let ods: CopiedOds;

/** The documents of the whole source. */
const known = new Set<string>();

const textOf = ({ resource, document }: OdsDocument) => `${resource} ${jsonText(document)}`;

beforeAll(async () => {
  set = await compiledFiles('v2', ...ownSchemasV2.map(ownSchemaFile));
  const tables = copiedTables(set.mapping, (schema) => `${schema}${schemaSuffix}`);
  // without foreign keys, so that rows can be broken
  ods = await copiedOds(
    set,
    fittedSamples(set, 200),
    [],
    tables.map((table) => ({ ...table, foreignKeys: [] })),
  );
  expect(ods.refused).toEqual([]);
  const keep = async (document: OdsDocument) => void known.add(textOf(document));
  await readOds(ods.connection, set.mapping, set.model, keep, { schemaSuffix, onRefused: () => undefined });
  await ods.connection.execute(
    givenScript(`DO $$ DECLARE k record; BEGIN
  FOR k IN SELECT c.oid::regclass AS name, n.conname FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid
    WHERE c.relnamespace::regnamespace::text LIKE '%${schemaSuffix}' AND n.contype = 'p'
  LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', k.name, k.conname); END LOOP;
  FOR k IN SELECT c.oid::regclass AS name, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace::regnamespace::text LIKE '%${schemaSuffix}' AND a.attnotnull AND a.attnum > 0 AND c.relkind = 'r'
  LOOP EXECUTE format('ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL', k.name, k.attname); END LOOP;
END $$`),
  );
});

afterAll(() => ods.close());

interface BrokenReading {
  readonly thrown: readonly Diagnostic[];
  readonly refused: readonly Diagnostic[];
  readonly reading: OdsReading | undefined;
  /** Documents that the source did not have before it was broken. */
  readonly changed: readonly string[];
}

/** Breaks the source with statements, and reads it. */
async function readBroken(sql: string, options: Partial<OdsReadOptions> = {}): Promise<BrokenReading> {
  const refused: Diagnostic[] = [];
  const changed: string[] = [];
  const begin = () =>
    ods.connection.execute(givenScript(`BEGIN; SET LOCAL search_path TO edfi_ods, transport_ods; ${sql}`));
  const onRefused = (diagnostics: readonly Diagnostic[]) => void refused.push(...diagnostics);
  try {
    const reading = await readOds(
      { ...ods.connection, begin },
      set.mapping,
      set.model,
      async (document) => {
        const text = textOf(document);
        if (!known.has(text)) changed.push(text);
      },
      { schemaSuffix, onRefused, ...options },
    );
    return { thrown: [], refused, reading, changed };
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    return { thrown: error.diagnostics, refused, reading: undefined, changed: [] };
  }
}

const codesOf = (entries: readonly Diagnostic[]) => [...new Set(entries.map(({ code }) => code))].sort();

const one = (table: string, key: string) => `(SELECT min(${key}) FROM ${table})`;

/** Gives each table of the source a table that inherits from it, with a copy of a row. */
const inheriting = `CREATE SCHEMA archive;
DO $$ DECLARE t record; BEGIN
  FOR t IN SELECT c.oid::regclass AS name, c.relname || '_of_' || c.relnamespace::regnamespace::text AS heir FROM pg_class c
    WHERE c.relnamespace::regnamespace::text LIKE '%${schemaSuffix}' AND c.relkind = 'r'
  LOOP
    EXECUTE format('CREATE TABLE archive.%I () INHERITS (%s)', t.heir, t.name);
    EXECUTE format('INSERT INTO archive.%I SELECT * FROM ONLY %s LIMIT 1', t.heir, t.name);
  END LOOP;
END $$;
UPDATE archive.student_of_edfi_ods SET studentusi = 999999, studentuniqueid = 'archived'`;

/** Makes a table of the source partitioned, with the same rows. */
const partitioned = `ALTER TABLE student RENAME TO student_before;
CREATE TABLE student (LIKE student_before) PARTITION BY HASH (studentusi);
CREATE TABLE student_0 PARTITION OF student FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE student_1 PARTITION OF student FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO student SELECT * FROM student_before; DROP TABLE student_before`;

describe('tables with others below them', () => {
  it('are read without the rows of tables that inherit from them', async () => {
    const { thrown, refused, reading, changed } = await readBroken(inheriting, { allowUnread: true });
    expect([...thrown, ...refused].map(({ message }) => message)).toEqual([]);
    expect(changed).toEqual([]);
    expect(reading?.documents).toBe(known.size);
    const unread = reading?.diagnostics.filter(({ code }) => code === 'ODS_NOT_READ') ?? [];
    expect(unread.map(({ details }) => details.table)).toContain('archive.student_of_edfi_ods');
  });

  it('are read with all their partitions', async () => {
    const { thrown, refused, reading, changed } = await readBroken(partitioned);
    expect([...thrown, ...refused].map(({ message }) => message)).toEqual([]);
    expect(changed).toEqual([]);
    expect(reading?.documents).toBe(known.size);
  });
});

describe('before it reads, the reader refuses', () => {
  it.each<[what: string, sql: string, codes: readonly string[], text: string, options?: Partial<OdsReadOptions>]>([
    ['a missing table', 'DROP TABLE survey', ['ODS_TABLE_MISSING'], ', or read without them (--allow-missing).'],
    ['a missing table below another', 'DROP TABLE schoolgradelevel', ['ODS_TABLE_MISSING'], 'edfi.SchoolGradeLevel'],
    [
      'a missing table of persons, even as an empty one',
      'DROP TABLE student',
      ['ODS_TABLE_MISSING'],
      // the advice leaves out an option that was given
      'of that version. Documents cannot be made without "edfi.Student".',
      { allowMissing: true },
    ],
    [
      'missing descriptors, even as none',
      'DROP TABLE descriptor',
      ['ODS_TABLE_MISSING', 'ODS_UNREAD_ROWS'],
      'edfi.Descriptor',
      { allowMissing: true },
    ],
    [
      'a missing schema',
      'DROP SCHEMA transport_ods CASCADE',
      ['ODS_TABLE_MISSING'],
      'the extension is not installed there',
    ],
    [
      'a database of this tool, in one sentence',
      'ALTER TABLE survey ADD "DocumentId" bigint; ALTER TABLE staff ADD "DocumentId" bigint; DROP TABLE descriptor',
      ['ODS_SWAPPED'],
      'Were source and target swapped?',
    ],
    ['an empty database', 'DROP SCHEMA transport_ods, edfi_ods CASCADE', ['ODS_TABLE_MISSING'], 'is not an ODS'],
    [
      'a renamed table',
      'ALTER TABLE contact RENAME TO parent',
      ['ODS_TABLE_MISSING', 'ODS_UNREAD_ROWS'],
      'another version of the standard',
    ],
    [
      'a renamed column',
      'ALTER TABLE staff RENAME birthdate TO born',
      ['ODS_COLUMN_MISSING', 'ODS_UNREAD_ROWS'],
      'BirthDate',
    ],
    ['a missing column', 'ALTER TABLE staff DROP COLUMN birthdate', ['ODS_COLUMN_MISSING'], 'BirthDate'],
    [
      'a missing column of a key, even as an empty one',
      'ALTER TABLE survey DROP COLUMN namespace',
      ['ODS_COLUMN_MISSING'],
      'cannot be made without',
      { allowMissing: true },
    ],
    [
      'a missing number of persons',
      'ALTER TABLE student DROP COLUMN studentusi',
      ['ODS_COLUMN_MISSING'],
      'StudentUSI',
      { allowMissing: true },
    ],
    [
      'a column of another type',
      'ALTER TABLE student ALTER birthdate TYPE timestamp',
      ['ODS_COLUMN_TYPE'],
      'edfi.Student.BirthDate',
    ],
    ['a number as text', 'ALTER TABLE bus ALTER seats TYPE text', ['ODS_COLUMN_TYPE'], 'transport.Bus.Seats'],
    [
      'a further table with rows',
      'CREATE TABLE cafeteria AS SELECT 1 AS seats',
      ['ODS_UNREAD_ROWS'],
      'cafeteria of the source (1 row)',
    ],
    ['a further column with values', `ALTER TABLE staff ADD shoesize int DEFAULT 42`, ['ODS_UNREAD_ROWS'], 'shoesize'],
    [
      'an extension that is not in the set',
      'CREATE SCHEMA sport; CREATE TABLE sport.team AS SELECT 1 AS teamid, now() AS createdate',
      ['ODS_UNREAD_ROWS'],
      'sport.team',
    ],
  ])('%s', async (_, sql, codes, text, options) => {
    const { thrown, reading } = await readBroken(sql, options);
    expect(reading).toBeUndefined();
    expect(codesOf(thrown)).toEqual([...codes].sort());
    expect(thrown.map(({ message }) => message).join('\n')).toContain(text);
  });
});

describe('the reader reads', () => {
  it.each<[what: string, sql: string, codes: readonly string[], options?: Partial<OdsReadOptions>]>([
    [
      'a missing table as an empty one, where that is allowed',
      'DROP TABLE survey',
      ['ODS_READ_AS_EMPTY'],
      { allowMissing: true },
    ],
    [
      'a missing column as an empty one',
      'ALTER TABLE studentsectionattendanceevent DROP COLUMN attendanceeventreason',
      ['ODS_READ_AS_EMPTY'],
      { allowMissing: true },
    ],
    [
      'without a further table, where that is allowed',
      'CREATE TABLE cafeteria AS SELECT 1 AS seats',
      ['ODS_NOT_READ'],
      { allowUnread: true },
    ],
    [
      'without a further column',
      'ALTER TABLE staff ADD shoesize int DEFAULT 42',
      ['ODS_NOT_READ'],
      { allowUnread: true },
    ],
    ['without a further table that is empty', 'CREATE TABLE cafeteria (seats int)', []],
    ['without a further column that is empty', 'ALTER TABLE staff ADD shoesize int', []],
    ['without the columns of later scripts', 'ALTER TABLE staff ADD changeversion bigint DEFAULT 7', []],
    [
      'without the schemas that an ODS has for itself',
      'CREATE SCHEMA util; CREATE TABLE util.x AS SELECT now() AS createdate',
      [],
    ],
    [
      'a view in place of a table',
      'ALTER TABLE survey RENAME TO s; ALTER TABLE s SET SCHEMA public; CREATE VIEW survey AS SELECT * FROM public.s',
      [],
    ],
    [
      'names in their own letter case',
      'ALTER TABLE survey RENAME TO "Survey"; ALTER TABLE "Survey" RENAME surveytitle TO "SurveyTitle"',
      [],
    ],
    ['wider integers', 'ALTER TABLE student ALTER studentusi TYPE bigint', []],
    ['rows without a discriminator', 'UPDATE educationorganization SET discriminator = NULL', []],
    [
      'rows in any physical order',
      'CREATE TABLE o AS TABLE educationorganizationaddress; TRUNCATE educationorganizationaddress; INSERT INTO educationorganizationaddress SELECT * FROM o ORDER BY random(); DROP TABLE o',
      [],
    ],
  ])('%s', async (_, sql, codes, options) => {
    const { thrown, refused, reading, changed } = await readBroken(sql, options);
    expect(thrown).toEqual([]);
    expect(refused).toEqual([]);
    expect(codesOf(reading?.diagnostics.filter(({ class: kind }) => kind === 'W') ?? [])).toEqual(codes);
    const isReadAsEmpty = codes.includes('ODS_READ_AS_EMPTY') && sql.includes('COLUMN');
    if (!isReadAsEmpty) expect(changed).toEqual([]);
  });
});

describe('the reader makes no document of', () => {
  it.each<[what: string, sql: string, codes: readonly string[], table: string]>([
    [
      'a base without a subclass',
      `DELETE FROM localeducationagency WHERE localeducationagencyid = ${one('localeducationagency', 'localeducationagencyid')}`,
      ['ODS_SUBCLASS_UNKNOWN'],
      'edfi.EducationOrganization',
    ],
    [
      'an unknown discriminator',
      `UPDATE educationorganization SET discriminator = 'sport.Club' WHERE educationorganizationid = ${one('school', 'schoolid')}`,
      ['ODS_SUBCLASS_UNKNOWN'],
      'edfi.EducationOrganization',
    ],
    [
      'the discriminator of another subclass',
      `UPDATE educationorganization SET discriminator = 'edfi.LocalEducationAgency' WHERE educationorganizationid = ${one('school', 'schoolid')}`,
      ['ODS_SUBCLASS_UNKNOWN'],
      'edfi.EducationOrganization',
    ],
    [
      'rows of two subclasses',
      `INSERT INTO localeducationagency SELECT min(schoolid) FROM school`,
      ['ODS_SUBCLASS_UNKNOWN'],
      'edfi.EducationOrganization',
    ],
    ['a subclass without its base', `INSERT INTO school (schoolid) VALUES (4)`, ['ODS_ROW_ORPHANED'], 'edfi.School'],
    [
      'a subclass after all bases',
      `INSERT INTO school (schoolid) VALUES (999999999)`,
      ['ODS_ROW_ORPHANED'],
      'edfi.School',
    ],
    [
      'two bases with one key',
      `INSERT INTO educationorganization SELECT * FROM educationorganization WHERE educationorganizationid = ${one('school', 'schoolid')}`,
      ['ODS_KEY_REPEATED', 'ODS_SUBCLASS_UNKNOWN'],
      'edfi.EducationOrganization',
    ],
    [
      'an unknown descriptor',
      `UPDATE studentschoolassociation SET entrygradeleveldescriptorid = 999999 WHERE studentusi = ${one('studentschoolassociation', 'studentusi')}`,
      ['ODS_DESCRIPTOR_UNKNOWN'],
      'edfi.StudentSchoolAssociation',
    ],
    [
      'a descriptor of another kind',
      `UPDATE studentschoolassociation SET entrygradeleveldescriptorid = ${one('termdescriptor', 'termdescriptorid')}`,
      ['ODS_DESCRIPTOR_UNKNOWN'],
      'edfi.StudentSchoolAssociation',
    ],
    [
      'an item with an unknown descriptor',
      `UPDATE schoolgradelevel SET gradeleveldescriptorid = 999999 WHERE schoolid = ${one('schoolgradelevel', 'schoolid')} AND gradeleveldescriptorid = (SELECT min(gradeleveldescriptorid) FROM schoolgradelevel WHERE schoolid = ${one('schoolgradelevel', 'schoolid')})`,
      ['ODS_DESCRIPTOR_UNKNOWN'],
      'edfi.SchoolGradeLevel',
    ],
    [
      'a descriptor of no kind',
      `INSERT INTO descriptor (descriptorid, namespace, codevalue, shortdescription, discriminator) VALUES (999999, 'uri://x.org/ClubDescriptor', 'x', 'x', 'sport.ClubDescriptor')`,
      ['ODS_SUBCLASS_UNKNOWN'],
      'edfi.Descriptor',
    ],
    [
      'a kind of no descriptor',
      `INSERT INTO termdescriptor VALUES (999999)`,
      ['ODS_ROW_ORPHANED'],
      'edfi.TermDescriptor',
    ],
    [
      'a descriptor of two kinds',
      `INSERT INTO gradeleveldescriptor SELECT min(termdescriptorid) FROM termdescriptor`,
      ['ODS_KEY_REPEATED'],
      'edfi.Descriptor',
    ],
    [
      'two descriptors with one key',
      `INSERT INTO descriptor SELECT * FROM descriptor ORDER BY descriptorid LIMIT 1`,
      ['ODS_KEY_REPEATED'],
      'edfi.Descriptor',
    ],
    [
      'a descriptor without a code value',
      `INSERT INTO descriptor (descriptorid, namespace, shortdescription) VALUES (999999, 'uri://x.org/TermDescriptor', 'x'); INSERT INTO termdescriptor VALUES (999999)`,
      ['ODS_VALUE_MISSING'],
      'edfi.Descriptor',
    ],
    [
      'what names a descriptor that is refused',
      `UPDATE descriptor SET codevalue = NULL WHERE descriptorid = ${one('schoolgradelevel', 'gradeleveldescriptorid')}`,
      ['ODS_DESCRIPTOR_UNKNOWN', 'ODS_VALUE_MISSING'],
      'edfi.SchoolGradeLevel',
    ],
    [
      'NULL in a required member',
      `UPDATE staff SET firstname = NULL WHERE staffusi = ${one('staff', 'staffusi')}`,
      ['ODS_VALUE_MISSING'],
      'edfi.Staff',
    ],
    [
      'NULL in a required member of an item',
      `UPDATE educationorganizationaddress SET city = NULL WHERE educationorganizationid = ${one('educationorganizationaddress', 'educationorganizationid')}; DELETE FROM educationorganizationaddressperiod WHERE educationorganizationid = ${one('educationorganizationaddress', 'educationorganizationid')}`,
      ['ODS_VALUE_MISSING'],
      'edfi.EducationOrganizationAddress',
    ],
    [
      'NULL in a key',
      `INSERT INTO survey (namespace, surveytitle) VALUES ('uri://x.org', 'x')`,
      ['ODS_VALUE_MISSING'],
      'edfi.Survey',
    ],
    [
      'a person without a unique id',
      `UPDATE contact SET contactuniqueid = NULL WHERE contactusi = ${one('studentcontactassociation', 'contactusi')}`,
      ['ODS_PERSON_UNKNOWN', 'ODS_VALUE_MISSING'],
      'edfi.Contact',
    ],
    [
      'the number of no person',
      `UPDATE studentcontactassociation SET contactusi = 999999 WHERE contactusi = ${one('studentcontactassociation', 'contactusi')}`,
      ['ODS_PERSON_UNKNOWN'],
      'edfi.StudentContactAssociation',
    ],
    [
      'two rows with one key',
      `INSERT INTO bus SELECT * FROM bus WHERE busid = ${one('bus', 'busid')}`,
      ['ODS_KEY_REPEATED'],
      'transport.Bus',
    ],
    [
      'two items with one key',
      `INSERT INTO schoolgradelevel SELECT * FROM schoolgradelevel WHERE schoolid = ${one('schoolgradelevel', 'schoolid')}`,
      ['ODS_KEY_REPEATED'],
      'edfi.SchoolGradeLevel',
    ],
    [
      'two rows of an extension',
      `INSERT INTO schoolextension SELECT * FROM schoolextension`,
      ['ODS_KEY_REPEATED'],
      'transport.SchoolExtension',
    ],
    [
      'an item of nothing',
      `INSERT INTO schoolgradelevel SELECT 4, gradeleveldescriptorid FROM schoolgradelevel LIMIT 1`,
      ['ODS_ROW_ORPHANED'],
      'edfi.SchoolGradeLevel',
    ],
    [
      'an item after all rows',
      `INSERT INTO schoolgradelevel SELECT 999999999, gradeleveldescriptorid FROM schoolgradelevel LIMIT 1`,
      ['ODS_ROW_ORPHANED'],
      'edfi.SchoolGradeLevel',
    ],
    [
      'an item of another item that is missing',
      `INSERT INTO educationorganizationaddressperiod SELECT educationorganizationid, addresstypedescriptorid, 'Zürich', streetnumbername, date '2020-01-01' FROM educationorganizationaddress LIMIT 1`,
      ['ODS_ROW_ORPHANED'],
      'edfi.EducationOrganizationAddressPeriod',
    ],
    [
      'an item of a subclass that is of another one',
      `INSERT INTO schoolgradelevel SELECT l.localeducationagencyid, g.gradeleveldescriptorid FROM localeducationagency l, schoolgradelevel g LIMIT 1`,
      ['ODS_ROW_ORPHANED'],
      'edfi.SchoolGradeLevel',
    ],
    [
      'an amount beyond four places',
      `ALTER TABLE staffeducationorganizationemploymentassociation ALTER hourlywage TYPE numeric; UPDATE staffeducationorganizationemploymentassociation SET hourlywage = 1.00001`,
      ['ODS_VALUE_REJECTED'],
      'edfi.StaffEducationOrganizationEmploymentAssociation',
    ],
    [
      'a number that JSON does not have',
      `ALTER TABLE educationorganizationaddress ALTER latitude TYPE numeric; UPDATE educationorganizationaddress SET latitude = 'NaN'`,
      ['ODS_VALUE_REJECTED'],
      'edfi.EducationOrganizationAddress',
    ],
    [
      'a date before the year 1',
      `UPDATE student SET birthdate = '0044-03-15 BC' WHERE studentusi = ${one('student', 'studentusi')}`,
      ['ODS_VALUE_REJECTED'],
      'edfi.Student',
    ],
  ])('%s', async (_, sql, codes, table) => {
    const { thrown, refused, reading, changed } = await readBroken(sql);
    expect(thrown).toEqual([]);
    expect(codesOf(refused)).toEqual(expect.arrayContaining([...codes].sort()));
    expect(refused.map(({ details }) => details.table)).toContain(table);
    for (const { details, message } of refused) {
      expect(details.key).not.toEqual({});
      expect(message).toContain(String(details.table));
    }
    // only documents of the unbroken source are written
    expect(changed).toEqual([]);
    const count = reading?.tables.find((each) => each.table === table);
    expect(count?.refused).toBeGreaterThan(0);
  });
});

it('a view that writes is named for that, and not taken for a standby', async () => {
  const { connection } = ods;
  await connection.execute(
    givenScript(`CREATE TABLE public.readers (at timestamptz);
CREATE FUNCTION public.noted() RETURNS boolean LANGUAGE sql VOLATILE AS 'INSERT INTO public.readers VALUES (now()) RETURNING true';
ALTER TABLE edfi_ods.survey SET SCHEMA public;
CREATE VIEW edfi_ods.survey AS SELECT s.* FROM public.survey AS s WHERE public.noted()`),
  );
  try {
    const options = { schemaSuffix, onRefused: () => undefined };
    const error = await readOds(connection, set.mapping, set.model, async () => undefined, options).catch(
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(DmsError);
    expect(error.message).toContain(
      'This transaction only reads: what it asked for is a view, a function or a statement that',
    );
    expect(error.message).not.toContain('standby');
    expect(await connection.query(trusted('SELECT * FROM public.readers'))).toEqual([]);
  } finally {
    await connection.execute(
      givenScript(`DROP VIEW edfi_ods.survey; ALTER TABLE public.survey SET SCHEMA edfi_ods;
DROP FUNCTION public.noted; DROP TABLE public.readers`),
    );
  }
});

it('rows of a kind that is not in the schema set stay behind, where that is allowed', async () => {
  const sql = `CREATE SCHEMA sport; CREATE TABLE sport.club AS SELECT 4 AS clubid; CREATE TABLE sport.clubdescriptor AS SELECT 999999 AS clubdescriptorid;
INSERT INTO educationorganization (educationorganizationid, nameofinstitution, discriminator) VALUES (4, 'x', 'sport.Club');
INSERT INTO educationorganizationaddress SELECT 4, addresstypedescriptorid, city, streetnumbername FROM educationorganizationaddress LIMIT 1;
INSERT INTO descriptor (descriptorid, namespace, codevalue, shortdescription, discriminator) VALUES (999999, 'uri://x.org/ClubDescriptor', 'x', 'x', 'sport.ClubDescriptor');
CREATE TABLE sport.clubmember AS SELECT 4 AS clubid, now() AS createdate`;
  const { thrown, refused, reading, changed } = await readBroken(sql, { allowUnread: true });
  expect([thrown, refused, changed]).toEqual([[], [], []]);
  const left = reading?.tables.filter((table) => table.left > 0).map((table) => [table.table, table.left]);
  expect(left).toEqual([
    ['edfi.Descriptor', 1],
    ['edfi.EducationOrganization', 1],
    ['edfi.EducationOrganizationAddress', 1],
  ]);
  expect(codesOf(reading?.diagnostics ?? [])).toContain('ODS_NOT_READ');
});

it('a reference of which a part is missing is left out and counted', async () => {
  const { reading, refused } = await readBroken('UPDATE survey SET sessionname = NULL WHERE schoolid IS NOT NULL');
  expect(refused).toEqual([]);
  const [loss] = reading?.losses.filter(({ code }) => code === 'ODS_REFERENCE_PARTIAL') ?? [];
  expect(loss).toMatchObject({ resource: 'Ed-Fi:Survey', path: '$.sessionReference' });
  expect(codesOf(reading?.diagnostics ?? [])).toContain('ODS_REFERENCE_PARTIAL');
});

it('rows that a person with two rows would double are not written twice', async () => {
  const { thrown } = await readBroken('INSERT INTO student SELECT * FROM student');
  expect(codesOf(thrown)).toContain('ODS_ROWS_DIFFER');
});

it('keeps an empty text, and the ends of time that clients mean', async () => {
  const { changed, refused } = await readBroken(
    `UPDATE bus SET busid = '' WHERE busid = ${one('bus', 'busid')}; UPDATE staff SET birthdate = 'infinity'; DELETE FROM schoolbusstop; DELETE FROM schoolbusstopdeparture; DELETE FROM studentbusride; DELETE FROM schoolextension`,
  );
  expect(refused).toEqual([]);
  expect(changed.join('\n')).toContain('"busId":""');
  expect(changed.join('\n')).toContain('"birthDate":"9999-12-31"');
});

describe('keys that are one in the target', () => {
  const first = one('student', 'studentusi');
  const second = '(SELECT max(studentusi) FROM student)';
  const sameId = `UPDATE student SET studentuniqueid = (SELECT studentuniqueid FROM student WHERE studentusi = ${first}) WHERE studentusi = ${second}`;
  const tablesOf = (refused: readonly Diagnostic[]) => refused.map(({ details }) => details.table);

  it('are told once each, with both: two persons with one unique id, and their documents', async () => {
    const { refused, thrown } =
      await readBroken(`${sameId}; DELETE FROM studentschoolassociation WHERE studentusi = ${second};
CREATE TEMP TABLE moved ON COMMIT DROP AS SELECT * FROM studentschoolassociation WHERE studentusi IN (SELECT min(studentusi) FROM studentschoolassociation);
DELETE FROM studentschoolassociation; UPDATE moved SET studentusi = ${first}; INSERT INTO studentschoolassociation SELECT * FROM moved;
UPDATE moved SET studentusi = ${second}, id = gen_random_uuid(); INSERT INTO studentschoolassociation SELECT * FROM moved`);
    expect(thrown).toEqual([]);
    expect(codesOf(refused)).toEqual(['ODS_KEY_REPEATED']);
    const tables = tablesOf(refused);
    expect(tables.filter((table) => table === 'edfi.Student')).toHaveLength(1);
    expect(tables.filter((table) => table === 'edfi.StudentSchoolAssociation').length).toBeGreaterThan(0);
    const [student] = refused.filter(({ details }) => details.table === 'edfi.Student');
    expect(student?.message).toMatch(
      /edfi\.Student \(StudentUSI \d+\): In the target this is the key of edfi\.Student \(StudentUSI \d+\), which stays/,
    );
  });

  it('are texts that differ in case or blanks, where the target does not see these', async () => {
    const twice = `CREATE TEMP TABLE other ON COMMIT DROP AS SELECT * FROM bus WHERE busid = ${one('bus', 'busid')};
UPDATE other SET busid = upper(busid) || ' ', id = gen_random_uuid(); INSERT INTO bus SELECT * FROM other`;
    const folding = { ignoresCase: true, ignoresBlanks: true };
    const { refused } = await readBroken(twice, { folding });
    expect(tablesOf(refused)).toEqual(['transport.Bus']);
    expect(codesOf(refused)).toEqual(['ODS_KEY_REPEATED']);
    const seen = await readBroken(twice);
    expect([seen.refused, seen.changed.length]).toEqual([[], 1]);
  });
});
