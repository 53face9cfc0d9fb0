import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mappingVersions } from '@dms/api-schema';
import { blocksOfGuide, createProvisionedDatabase, ownSchemaFile, type PostgresDatabase } from '@dms/testing';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DmsError, type Documents, emit, type OpenedMappingSet, openMappingSet } from '../../src/index.ts';

/* The library on a connection that the program owns (design 14a §1.6). */

const gradeDescriptor = (codeValue: string) => ({
  namespace: 'uri://ed-fi.org/GradeLevelDescriptor',
  codeValue,
  shortDescription: codeValue,
});
const ninth = 'uri://ed-fi.org/GradeLevelDescriptor#Ninth';
const agency = { localEducationAgencyId: 7, nameOfInstitution: 'North' };
const school = (schoolId: number, more: object = {}) => ({
  schoolId,
  nameOfInstitution: `School ${schoolId}`,
  localEducationAgencyReference: { localEducationAgencyId: 7 },
  gradeLevels: [{ gradeLevelDescriptor: ninth }],
  ...more,
});

/** The codes and paths of the diagnostics of a refused call. */
async function refused(call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DmsError)) throw error;
  return error.diagnostics.map(({ code, where }) => [code, where.path]);
}

describe.each(mappingVersions)('documents of a program in %s', (mappingVersion) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'dms-program-'));
  let database: PostgresDatabase;
  let set: OpenedMappingSet;
  let client: pg.Client;
  let documents: Documents;

  beforeAll(async () => {
    const output = path.join(folder, 'out');
    await emit({ schemas: [ownSchemaFile('district')], dialects: ['pgsql'], mappingVersion, output });
    database = await createProvisionedDatabase(readFileSync(path.join(output, 'pgsql.sql'), 'utf8'));
    set = await openMappingSet(output);
  });
  afterAll(async () => {
    await database.drop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    client = new pg.Client(database.url);
    await client.connect();
    documents = set.on(client);
  });
  afterEach(async () => {
    await client.query('ROLLBACK');
    await client.query('TRUNCATE dms."Document" CASCADE');
    await client.end();
  });

  /** Writes the documents that schools refer to. */
  const writeTargets = async () => {
    await documents.write('Ed-Fi:GradeLevelDescriptor', gradeDescriptor('Ninth'));
    await documents.write('Ed-Fi:LocalEducationAgency', agency);
  };
  const countOf = async (connection: { query(text: string): Promise<pg.QueryResult> } = client) =>
    Number((await connection.query('SELECT count(*) AS n FROM dms."Document"')).rows[0].n);

  it('are those of the first program of the guide, as it stands there', async () => {
    const guide = readFileSync(path.resolve(import.meta.dirname, '../../../../../docs/use-from-a-program.md'), 'utf8');
    const program = blocksOfGuide(guide).find(({ file }) => file === 'first.mjs')?.content ?? '';
    const body = program.replaceAll(/^import .*\n/gm, '');
    // the test provides the imports and variables of the example
    const { constructor: AsyncFunction } = Object.getPrototypeOf(async () => undefined);
    const printed: string[] = [];
    const run = () =>
      AsyncFunction(
        'openMappingSet',
        'pg',
        'process',
        'console',
        body,
      )(
        (name: string) => openMappingSet(path.join(folder, name)),
        pg,
        { env: { PROGRAM_DB: database.url } },
        { log: (...words: unknown[]) => printed.push(words.join(' ')) },
      );
    await run();
    await run();
    for (const line of printed) expect(guide).toContain(`\`${line}\``);
    expect(printed).toEqual(['inserted Byron 1', 'unchanged Byron 1']);
  });

  it('are written, read, found, replaced and removed', async () => {
    expect(set.resources).toEqual(expect.arrayContaining(['Ed-Fi:School', 'Ed-Fi:GradeLevelDescriptor']));
    await writeTargets();
    const written = await documents.write('Ed-Fi:School', school(1));
    expect(written.kind).toBe('inserted');
    const { uuid } = written;
    expect(await documents.write('Ed-Fi:School', school(1))).toMatchObject({ kind: 'unchanged', uuid });
    const found = await documents.read(uuid);
    expect(found).toMatchObject({ resource: 'Ed-Fi:School', uuid, document: school(1) });
    expect(JSON.parse(found?.json ?? '')).toEqual(found?.document);
    const changed = school(1, { shortNameOfInstitution: 'One' });
    const wrong = String(BigInt(found?.contentVersion ?? 0) + 1n);
    expect(await refused(documents.replace('Ed-Fi:School', uuid, changed, { ifVersion: wrong }))).toEqual([
      ['DOCUMENT_VERSION_CHANGED', undefined],
    ]);
    const options = { ifVersion: found?.contentVersion };
    expect(await documents.replace('Ed-Fi:School', uuid, changed, options)).toMatchObject({ kind: 'replaced' });
    expect(
      (await documents.query('Ed-Fi:School', { where: { schoolId: 1 } })).documents.map((each) => each.uuid),
    ).toEqual([uuid]);
    expect(await documents.query('Ed-Fi:School', { where: { schoolId: 2 } })).toEqual({ documents: [], next: null });
    await documents.remove(uuid);
    expect(await documents.read(uuid)).toBeNull();
  });

  it('are found by their texts as the database compares these', async () => {
    await writeTargets();
    const stored = await documents.write('Ed-Fi:GradeLevelDescriptor', gradeDescriptor('Ninth'));
    const inCapitals = { ...gradeDescriptor('NINTH'), shortDescription: 'Ninth' };
    expect(await documents.write('Ed-Fi:GradeLevelDescriptor', inCapitals)).toMatchObject({
      uuid: stored.uuid,
      kind: { v1: 'unchanged', v2: 'replaced', 'v2-natural': 'unchanged' }[mappingVersion],
    });
    const { uuid } = await documents.write('Ed-Fi:School', school(1));
    const elements = [ninth.toUpperCase(), ninth].map((gradeLevelDescriptor) => ({ gradeLevelDescriptor }));
    const inOtherLetters = school(1, { gradeLevels: elements.slice(0, 1) });
    expect(await documents.write('Ed-Fi:School', inOtherLetters)).toMatchObject({ kind: 'unchanged', uuid });
    expect(await refused(documents.write('Ed-Fi:School', school(1, { gradeLevels: elements })))).toEqual([
      ['DOCUMENT_DUPLICATE_ELEMENT', '$.gradeLevels[1]'],
    ]);
    const student = { studentUniqueId: 's', firstName: 'A', lastSurname: 'B', birthDate: '2012-03-04' };
    for (const studentUniqueId of ['s', 'S'])
      expect(await documents.write('Ed-Fi:Student', { ...student, studentUniqueId })).toMatchObject({
        kind: 'inserted',
      });
  });

  it('are refused with all that is wrong with them, and nothing is changed', async () => {
    await writeTargets();
    const before = await countOf();
    const wrong = school(1, { schoolName: 'x', nameOfInstitution: 5 });
    expect(await refused(documents.write('Ed-Fi:School', wrong))).toEqual([
      ['DOCUMENT_VALUE_INVALID', '$.nameOfInstitution'],
      ['DOCUMENT_PROPERTY_UNKNOWN', '$.schoolName'],
    ]);
    const missing = school(1, { localEducationAgencyReference: { localEducationAgencyId: 8 } });
    expect(await refused(documents.write('Ed-Fi:School', missing))).toEqual([
      ['DOCUMENT_REFERENCE_UNRESOLVED', '$.localEducationAgencyReference'],
    ]);
    expect(await refused(documents.write('Ed-Fi:Scool', {}))).toEqual([['DOCUMENT_RESOURCE_UNKNOWN', undefined]]);
    expect(await refused(documents.write('Ed-Fi:GradeLevelDescriptor', { namespace: 'a' }))).toEqual(
      expect.arrayContaining([['SEED_VALUE', '$.codeValue']]),
    );
    expect(await refused(documents.write('Ed-Fi:School', '{'))).toEqual([['INPUT_JSON_INVALID', undefined]]);
    expect(await countOf()).toBe(before);
  });

  it('of one call do not affect each other, and pages of a query follow each other', async () => {
    await writeTargets();
    const outcomes = await documents.writeAll('Ed-Fi:School', [school(1), { schoolId: 'x' }, school(2), school(3)]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['inserted', 'rejected', 'inserted', 'inserted']);
    const skipped = await documents.writeAll('Ed-Fi:School', [school(1), school(4)], { onExisting: 'skip' });
    expect(skipped.map(({ kind }) => kind)).toEqual(['skipped', 'inserted']);
    const first = await documents.query('Ed-Fi:School', { limit: 3 });
    const second = await documents.query('Ed-Fi:School', { limit: 3, cursor: first.next ?? '' });
    const ids = [...first.documents, ...second.documents].map(({ document }) => document.schoolId);
    expect([ids, second.next]).toEqual([[1, 2, 3, 4], null]);
    // a full page may be the last page
    expect((await documents.query('Ed-Fi:School', { limit: 4 })).next).toBeNull();
  });

  it('are part of the transaction of the program', async () => {
    await client.query('BEGIN');
    await writeTargets();
    const { uuid } = await documents.write('Ed-Fi:School', school(1));
    expect(await documents.read(uuid)).not.toBeNull();
    await client.query('ROLLBACK');
    expect([await countOf(), await documents.read(uuid)]).toEqual([0, null]);
  });

  it('that are refused leave the transaction of the program as it was', async () => {
    await client.query('BEGIN');
    await writeTargets();
    const lost = school(1, { localEducationAgencyReference: { localEducationAgencyId: 8 } });
    await refused(documents.write('Ed-Fi:School', lost));
    await documents.write('Ed-Fi:School', school(2));
    await client.query('COMMIT');
    expect((await documents.query('Ed-Fi:School')).documents.map(({ document }) => document.schoolId)).toEqual([2]);
  });

  it('are written with the settings of the product, and the program keeps its own', async () => {
    const settings = async () =>
      (
        await client.query(`SELECT current_setting('TimeZone') AS zone, current_setting('search_path') AS path,
        current_setting('DateStyle') AS style`)
      ).rows[0];
    await client.query(`SET TimeZone TO 'Asia/Kathmandu'; SET DateStyle TO 'SQL, DMY'; SET search_path TO nowhere`);
    const own = await settings();
    await writeTargets();
    const student = { studentUniqueId: 's', firstName: 'A', lastSurname: 'B', birthDate: '2012-03-04' };
    for (const begin of ['SELECT 1', 'BEGIN']) {
      await client.query(begin);
      const { uuid } = await documents.write('Ed-Fi:Student', student);
      expect((await documents.read(uuid))?.document).toEqual(student);
      await refused(documents.write('Ed-Fi:Student', { ...student, birthDate: '04/03/2012' }));
      expect(await settings()).toEqual(own);
    }
    await client.query('COMMIT');
    expect(await settings()).toEqual(own);
  });

  it('may be written by a pool in several sessions at once', async () => {
    await writeTargets();
    const pool = new pg.Pool({ connectionString: database.url, max: 3 });
    try {
      const pooled = set.on(pool);
      const numbers = [1, 2, 3, 4, 5, 6];
      const outcomes = await Promise.all(numbers.map((number) => pooled.write('Ed-Fi:School', school(number))));
      expect(outcomes.map(({ kind }) => kind)).toEqual(numbers.map(() => 'inserted'));
      await pooled.remove(outcomes.map(({ uuid }) => uuid));
      expect((await pooled.query('Ed-Fi:School')).documents).toEqual([]);
      expect(pool.idleCount).toBe(pool.totalCount);
    } finally {
      await pool.end();
    }
  });

  it.each([
    ['the option binary', { binary: true }, false],
    ['parsers of the process', {}, true],
    ['both', { binary: true }, true],
  ])('are the same with %s', async (_name, options, isReplaced) => {
    await writeTargets();
    const oids = [
      16, 17, 20, 21, 23, 25, 26, 114, 700, 701, 1000, 1005, 1007, 1009, 1015, 1016, 1043, 1082, 1083, 1114, 1184, 1700,
      2950, 2951, 3802,
    ];
    const kept = oids.map((oid) => [oid, pg.types.getTypeParser(oid)] as const);
    for (const oid of isReplaced ? oids : []) pg.types.setTypeParser(oid, () => Symbol('of the program'));
    const pool = new pg.Pool({ connectionString: database.url, max: 2, ...options });
    try {
      const pooled = set.on(pool);
      const { uuid } = await pooled.write('Ed-Fi:School', school(1));
      expect(await pooled.write('Ed-Fi:School', school(1))).toMatchObject({ kind: 'unchanged', uuid });
      expect(await pooled.read(uuid)).toEqual(await documents.read(uuid));
      const found = await pooled.query('Ed-Fi:School', { where: { schoolId: 1 } });
      expect(found.documents).toEqual((await documents.query('Ed-Fi:School')).documents);
      const student = { studentUniqueId: 's', firstName: 'A', lastSurname: 'B', birthDate: '2012-03-04' };
      const [written] = await pooled.writeAll('Ed-Fi:Student', [student]);
      expect(written).toMatchObject({ kind: 'inserted', contentVersion: expect.stringMatching(/^\d+$/) });
      await pooled.remove(uuid);
    } finally {
      for (const [oid, parser] of kept) pg.types.setTypeParser(oid, parser);
      await pool.end();
    }
  });

  it('of another schema set are refused', async () => {
    const other = await createProvisionedDatabase('CREATE SCHEMA other');
    const stranger = new pg.Client(other.url);
    try {
      await stranger.connect();
      const [[code = ''] = []] = await refused(set.on(stranger).query('Ed-Fi:Student'));
      expect(code).toMatch(/^GATE_/);
    } finally {
      await stranger.end();
      await other.drop();
    }
  });
});

it('a folder that is none is refused', async () => {
  expect(await refused(openMappingSet(''))).toEqual([['OPTION_INVALID', '']]);
  expect(await refused(openMappingSet('/nowhere/at/all'))).toEqual([['INPUT_FILE_NOT_FOUND', undefined]]);
});

it('a client of the other dialect, and a dialect that is none, are refused', async () => {
  const output = mkdtempSync(path.join(tmpdir(), 'dms-program-'));
  await emit({ schemas: [ownSchemaFile('district')], dialects: ['pgsql', 'mssql'], mappingVersion: 'v2', output });
  expect((await openMappingSet(output)).dialect).toBe('pgsql');
  const set = await openMappingSet(output, { dialect: 'mssql' });
  expect(set.dialect).toBe('mssql');
  const request = () => undefined;
  const pgClient = { query: async () => ({ rows: [] }) };
  expect(await refused(set.on(pgClient).read('x'))).toEqual([['DB_TARGET_DIALECT', undefined]]);
  // such a client of `pg` would wait for ever
  const idle = { ...pgClient, _connected: false, _connecting: false };
  expect(await refused(set.on(idle).read('x'))).toEqual([['OPTION_INVALID', undefined]]);
  const other = await openMappingSet(output);
  expect(await refused(other.on({ request, transaction: request }).read('x'))).toEqual([
    ['DB_TARGET_DIALECT', undefined],
  ]);
  expect(await refused(openMappingSet(output, { dialect: 'oracle' as never }))).toEqual([
    ['OPTION_INVALID', '/dialect'],
  ]);
  rmSync(output, { recursive: true });
});
