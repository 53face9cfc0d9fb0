import { buildEffectiveSchema, coreFirst, loadApiSchemaFiles } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import type { RelationalModelSet } from '@dms/model';
import { givenScript, type SqlDialect } from '@dms/sql';
import { mssqlOdsOnPostgres, ownSchemaFile, ownSchemasV2, shortenedNames } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CopiedOds, copiedOds, schemaSuffix } from '../../test/copied-ods.ts';
import { type CompiledOds, compiledFiles, fittedSamples } from '../../test/round-trip.ts';
import { compareRows, differenceDiagnostics, type RowComparison } from '../index.ts';
import { separated } from './comparing-dialect.ts';

/* The rows of an ODS and those of the database that has its documents, here in one database (design 19a §10). */

let set: CompiledOds;
let ods: CopiedOds;
let mssqlModel: RelationalModelSet;

/** The names of our tables and columns that PostgreSQL shortens. */
function shortenedTables(): readonly (readonly [string, string])[] {
  const namesIn = ({ resources }: RelationalModelSet) =>
    resources.flatMap(({ tablesInDependencyOrder: tables }) =>
      tables.flatMap(({ table, columns }) => [table.name, ...columns.map(({ name }) => name)]),
    );
  const whole = namesIn(mssqlModel);
  return namesIn(set.model).flatMap((name, index) =>
    name === whole[index] ? [] : [[name, whole[index] ?? name] as const],
  );
}

beforeAll(async () => {
  set = await compiledFiles('v2', ...ownSchemasV2.map(ownSchemaFile));
  const documents = await loadApiSchemaFiles(ownSchemasV2.map((name) => ({ file: ownSchemaFile(name) })));
  mssqlModel = deriveModel(buildEffectiveSchema(coreFirst(documents), { mappingVersion: 'v2' }), 'mssql').model;
  ods = await copiedOds(set, fittedSamples(set, 200));
  // an ODS has two decimal places, and so have documents loaded from it
  const table = 'edfi."StaffEducationOrganizationEmploymentAssociation"';
  await ods.connection.execute(
    givenScript(`UPDATE ${table} SET "HourlyWage" = round("HourlyWage"::money::numeric, 2)`),
  );
});
afterAll(() => ods.close());

/** The engines of the ODS and of the database: PostgreSQL, or the statements of SQL Server translated to it. */
type Engines = readonly [source: SqlDialect, target: SqlDialect];

/** Changes the ODS, compares, and takes the change back. */
async function comparedAfter(sql: string, [source, target]: Engines = ['pgsql', 'pgsql']): Promise<RowComparison> {
  const { connection } = ods;
  const names = new Map([...shortenedNames(set.mapping), ...shortenedTables()]);
  const of = (dialect: SqlDialect) => (dialect === 'pgsql' ? connection : mssqlOdsOnPostgres(connection, names));
  await connection.execute(givenScript(`BEGIN; SET LOCAL search_path TO edfi_ods, transport_ods; ${sql}`));
  try {
    const model = target === 'pgsql' ? set.model : mssqlModel;
    return await compareRows(of(source), of(target), set.mapping, model, { schemaSuffix });
  } finally {
    await ods.connection.rollback();
  }
}

const engines: readonly Engines[] = [
  ['pgsql', 'pgsql'],
  ['mssql', 'pgsql'],
  ['pgsql', 'mssql'],
  ['mssql', 'mssql'],
];

it.each(engines)(
  'are equal, although numbers of persons and descriptors are not compared: from %s to %s',
  async (...pair) => {
    const { tables, rows, differences } = await comparedAfter(
      `ALTER TABLE student ALTER id DROP NOT NULL;
UPDATE student SET id = NULL; UPDATE descriptor SET discriminator = NULL, uri = NULL`,
      pair,
    );
    expect(differences).toEqual([]);
    expect(tables).toBe(set.mapping.tables.length);
    expect(rows).toBeGreaterThan(200);
  },
);

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
  [
    'a sign that joins texts',
    `UPDATE contact SET firstname = '~|~0' || firstname WHERE contactusi = (SELECT min(contactusi) FROM contact)`,
    'edfi.Contact',
    'changed',
  ],
])('%s is a difference', async (_, sql, table, kind) => {
  const found = await comparedAfter(sql);
  expect(found.differences).toMatchObject([{ table, rows: [{ kind }] }]);
  // both engines see the same
  for (const pair of engines.slice(1)) expect(await comparedAfter(sql, pair)).toEqual(found);
  const [diagnostic] = differenceDiagnostics(found);
  expect(diagnostic).toMatchObject({ code: 'ODS_TARGET_DIFFERS', details: { table } });
  expect(diagnostic?.message).toContain(`${table} has `);
});

it.each(engines)('reads a blank short description as the code value: from %s to %s', async (...pair) => {
  const { differences } = await comparedAfter(
    `UPDATE descriptor SET shortdescription = ' '; UPDATE dms."Descriptor" SET "ShortDescription" = "CodeValue"`,
    pair,
  );
  expect(differences).toEqual([]);
});

/** A table that inherits from another, with a row of it. */
const heirOf = (table: string) =>
  `CREATE TABLE public.heir () INHERITS (${table}); INSERT INTO public.heir SELECT * FROM ONLY ${table} LIMIT 1`;

it.each([
  ['the ODS', heirOf('edfi_ods.survey')],
  ['the database', heirOf('edfi."Survey"')],
])('ignores rows of a table that inherits from one of %s', async (_, sql) => {
  expect((await comparedAfter(sql)).differences).toEqual([]);
});

it('take joined texts apart', () => {
  expect(separated('a|~|~0~1~01|')).toEqual(['a', null, '~|~1', '']);
});
