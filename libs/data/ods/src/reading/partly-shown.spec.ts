import type { Connection } from '@dms/databases';
import { ownSchemaFile, ownSchemasV2 } from '@dms/testing';
import { beforeAll, expect, test } from 'vitest';
import { type CompiledOds, compiledFiles } from '../../test/round-trip.ts';
import { type OdsCatalogColumn, readingDialects } from './reading-dialect.ts';
import { readSourceCatalog, sourceDifferences } from './source-catalog.ts';

/*
 * SQL Server shows a login only the tables that it has a right on. A hidden table is neither called missing nor read as
 * empty (design 19a §1).
 */

let set: CompiledOds;
beforeAll(async () => {
  set = await compiledFiles('v2', ...ownSchemasV2.map(ownSchemaFile));
});

const dialect = readingDialects.mssql;
const isHidden = (name: string) => name === 'Survey';

/** The differences of an ODS that shows no surveys. */
async function differences(isPartlyShown: boolean, allowMissing: boolean) {
  const { mapping } = set;
  const sent: string[] = [];
  const columns = mapping.tables.flatMap((table) =>
    table.columns.map((column): OdsCatalogColumn => {
      const type = dialect.typesFor[column.type.kind][0] ?? '';
      return { schema: table.schema, table: table.name, column: column.name, type, isNullable: column.isNullable };
    }),
  );
  const answer = (text: string) => {
    sent.push(text);
    if (text.includes('sys.columns')) return columns.filter(({ table }) => !isHidden(table));
    return isPartlyShown ? [{ schema: 'edfi', role: 'a]b' }] : [];
  };
  const connection = {
    queryAll: async (statements: readonly { readonly pieces: readonly string[] }[]) =>
      statements.map(({ pieces }) => answer(pieces.join(''))),
  } as unknown as Connection;
  const catalog = await readSourceCatalog({ connection, dialect, mapping }, '', false);
  const found = sourceDifferences(catalog, mapping.tables, { allowMissing, allowUnread: true });
  return { sent, found: found.map(({ code, message }) => `${code} ${message}`) };
}

test.each([false, true])('a table that a login may not see is not read as empty; allowed: %s', async (allowed) => {
  const { sent, found } = await differences(true, allowed);
  expect(found).toEqual([
    'ODS_TABLE_MISSING The source lacks 1 table of the schema edfi: "edfi.Survey". The login has no right to see all tables of this schema, so they may be there. Run: GRANT SELECT, VIEW DEFINITION TO [a]]b]',
  ]);
  expect(sent[1]).toContain("(N'edfi', N'[edfi]')");
});

test('a login that sees the whole schema may read a missing table as empty', async () => {
  const [found] = (await differences(false, true)).found;
  expect(found).toMatch(/^ODS_READ_AS_EMPTY /);
});
