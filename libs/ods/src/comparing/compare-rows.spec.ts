import { DmsError } from '@dms/diagnostics';
import { ownSchemaFile, ownSchemasV2 } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CopiedOds, copiedOds, schemaSuffix } from '../../test/copied-ods.ts';
import { type Compiled, compiledFiles, fittedSamples } from '../../test/round-trip.ts';
import { compareRows, differenceProblems, expectComparable, type RowComparison } from '../index.ts';

/* The rows of an ODS and those of the database that has its documents, here in one database (design 19 §10.10). */

let set: Compiled;
let ods: CopiedOds;

beforeAll(async () => {
  set = await compiledFiles('v2', ...ownSchemasV2.map(ownSchemaFile));
  ods = await copiedOds(set, fittedSamples(set, 200));
  // an ODS has two decimal places, and what is loaded from it has no more
  const table = 'edfi."StaffEducationOrganizationEmploymentAssociation"';
  await ods.connection.execute(`UPDATE ${table} SET "HourlyWage" = round("HourlyWage"::money::numeric, 2)`);
});
afterAll(() => ods.close());

/** Changes the ODS, compares, and takes the change back. */
async function comparedAfter(sql: string): Promise<RowComparison> {
  await ods.connection.execute(`BEGIN; SET LOCAL search_path TO edfi_ods, transport_ods; ${sql}`);
  try {
    return await compareRows(ods.connection, ods.connection, set.mapping, set.model, { schemaSuffix });
  } finally {
    await ods.connection.rollback();
  }
}

it('are equal, although numbers of persons and descriptors are not compared', async () => {
  const { tables, rows, differences } = await comparedAfter(`ALTER TABLE student ALTER id DROP NOT NULL;
UPDATE student SET id = NULL; UPDATE descriptor SET discriminator = NULL, uri = NULL`);
  expect(differences).toEqual([]);
  expect(tables).toBe(set.mapping.tables.length);
  expect(rows).toBeGreaterThan(200);
});

it.each([
  [
    'a changed value',
    `UPDATE student SET firstname = 'X' WHERE studentusi = (SELECT min(studentusi) FROM student)`,
    'edfi.Student',
    'changed',
  ],
  [
    'a space more',
    `UPDATE contact SET firstname = firstname || ' ' WHERE contactusi = (SELECT min(contactusi) FROM contact)`,
    'edfi.Contact',
    'changed',
  ],
  [
    'a row that is gone',
    'DELETE FROM schoolgradelevel WHERE ctid = (SELECT min(ctid) FROM schoolgradelevel)',
    'edfi.SchoolGradeLevel',
    'added',
  ],
  [
    'a row more',
    `INSERT INTO survey SELECT s.* FROM survey o, json_populate_record(o, '{"surveyidentifier": "another"}') s LIMIT 1`,
    'edfi.Survey',
    'missing',
  ],
])('%s is a difference', async (_, sql, table, kind) => {
  const found = await comparedAfter(sql);
  expect(found.differences).toMatchObject([{ table, rows: [{ kind }] }]);
  const [problem] = differenceProblems(found);
  expect(problem).toMatchObject({ code: 'ODS_TARGET_DIFFERS', details: { table } });
  expect(problem?.message).toContain(`${table} has `);
});

it('need PostgreSQL', () => {
  expect(() => expectComparable({ dialect: 'pgsql', label: 'a' })).not.toThrow();
  const compare = () => expectComparable({ dialect: 'mssql', label: 'server/campus' });
  expect(compare).toThrow(DmsError);
  expect(compare).toThrow(expect.objectContaining({ code: 'ODS_COMPARE_UNSUPPORTED' }));
});
