import type { Connection } from '@dms/databases';
import { givenScript, type PlainSql, textOf } from '@dms/sql';
import { mssqlServerText, openMssqlDatabase, ownSchemaFile, ownSchemasV2 } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CopiedOds, copiedOds } from '../../test/copied-ods.ts';
import { copyToMssql, mssqlOdsTables } from '../../test/mssql-ods.ts';
import { type CompiledOds, compiledFiles, fittedSamples } from '../../test/round-trip.ts';
import { compareRows, readOds } from '../index.ts';

/* The rows of an ODS on PostgreSQL, copied into one on SQL Server, which is read and compared. */

let set: CompiledOds;
let ods: CopiedOds;
beforeAll(async () => {
  set = await compiledFiles('v2', ...ownSchemasV2.map(ownSchemaFile));
  ods = await copiedOds(set, fittedSamples(set, 200));
});
afterAll(() => ods.close());

/** Creates the tables and fills them. Returns the number of their rows. */
async function filled(target: Connection): Promise<number> {
  for (const statement of mssqlOdsTables(set.mapping)) await target.execute(givenScript(statement));
  let rows = 0;
  for (const table of set.mapping.tables) rows += await copyToMssql(ods.connection, target, table);
  return rows;
}

it('the copy has a statement for each table, with all its rows', async () => {
  const sent: string[] = [];
  const values: unknown[] = [];
  const target = {
    execute: async (text: PlainSql) => void sent.push(textOf(text)),
    query: async (text: PlainSql, [rows]: readonly unknown[]) => {
      sent.push(textOf(text));
      values.push(...JSON.parse(String(rows)));
      return [];
    },
  } as unknown as Connection;
  const rows = await filled(target);
  expect(rows).toBeGreaterThan(200);
  expect(values).toHaveLength(rows);
  expect(sent.filter((text) => text.startsWith('CREATE TABLE'))).toHaveLength(set.mapping.tables.length);
  expect(sent.filter((text) => text.startsWith('INSERT INTO'))).toHaveLength(set.mapping.tables.length);
});

describe.skipIf(mssqlServerText === undefined)('an ODS on a SQL Server (needs DMS_TEST_MSSQL_URL)', () => {
  let server: Connection;
  beforeAll(async () => {
    // keys with characters beyond the basic plane, before and after the surrogates, and with a character below the
    // space
    for (const key of ['b', 'b\\t', 'a!', 'ß', '水', '\\ue000', '\\ud83d\\ude00'])
      await ods.connection.execute(
        givenScript(
          `INSERT INTO edfi_ods.survey SELECT s.* FROM edfi_ods.survey o, json_populate_record(o, '{"surveyidentifier": "${key}"}') s LIMIT 1`,
        ),
      );
    server = await openMssqlDatabase(mssqlServerText ?? '');
    await filled(server);
  });
  afterAll(() => server?.close());

  it('is read as the one on PostgreSQL', async () => {
    const read = async (connection: Connection, schemaSuffix: string) => {
      const documents: unknown[] = [];
      const { tables } = await readOds(
        connection,
        set.mapping,
        set.model,
        async (each) => void documents.push(each.document),
        {
          schemaSuffix,
          onRefused: (diagnostics) => expect(diagnostics).toEqual([]),
        },
      );
      return { documents, tables };
    };
    const expected = await read(ods.connection, '_ods');
    const found = await read(server, '');
    expect(found.documents.length).toBeGreaterThan(150);
    expect(found).toEqual(expected);
  });

  it('is equal to the one on PostgreSQL, and to its database but for the surveys that were added', async () => {
    await ods.connection.execute(
      givenScript(
        'UPDATE edfi."StaffEducationOrganizationEmploymentAssociation" SET "HourlyWage" = round("HourlyWage"::money::numeric, 2)',
      ),
    );
    const found = await compareRows(server, ods.connection, set.mapping, set.model);
    const own = await compareRows(ods.connection, ods.connection, set.mapping, set.model, { schemaSuffix: '_ods' });
    expect(found).toEqual(own);
    expect(found.differences.map(({ table }) => table)).toEqual(['edfi.Survey']);
  });
});
