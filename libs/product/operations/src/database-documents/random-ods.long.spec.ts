import { buildEffectiveSchema, coreFirst, loadApiSchemaFiles } from '@dms/api-schema';
import { type Connection, rolledBack } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import type { Diagnostic } from '@dms/diagnostics';
import { documentPlans } from '@dms/documents';
import { deriveInventory } from '@dms/inventory';
import { type LoadReject, loadDocuments } from '@dms/loading';
import { compareRows, deriveMapping, openOds, readOds, tableLabel } from '@dms/ods';
import { compileMappingSet } from '@dms/plans';
import { givenScript, trusted } from '@dms/sql';
import {
  hasSharedData,
  mssqlOdsOnPostgres,
  seeds,
  serverEngine,
  sharedFile,
  shortenedNames,
  usualGenerations,
} from '@dms/testing';
import { jsonText } from '@dms/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomRows, type ScriptTable, scriptTables, tableStatements } from '../../test/random-ods.ts';
import { feedOf } from './ods-source.ts';

/*
 * Reads an ODS whose rows did not come from documents, loads it, and compares it with the reporting views of the
 * target. Documents that the new rules refuse, and parts of references, are the only differences (design 19a §6):
 * without their rows the ODS and the views are equal. DMS_PROPERTY_RUNS=50 asks for 100 seeds.
 */

const schemaSuffix = '_src';
const schema = `edfi${schemaSuffix}`;
const files = {
  v1: () => sharedFile('inputs', 'ds-5.2-core.json'),
  v2: () => sharedFile('fixtures-v2', 'ds-5.2', 'inputs', 'ds-5.2-core.v2.json'),
};

/**
 * Expected errors of rows that satisfy all keys of an ODS. Two columns may have to be one value in a document (§5.4),
 * or items that differ only by their surroundings repeat each other. Documents that refer to a refused one are refused
 * too. A learning standard must have a content standard, which is a row of its own in an ODS, and no key requires it.
 * The file of the first generation requires references of SurveyResponse that may be NULL in an ODS.
 */
const shared = ['DOCUMENT_UNIFICATION_CONFLICT', 'DOCUMENT_DUPLICATE_ELEMENT', 'DOCUMENT_REFERENCE_UNRESOLVED'];
const missing = {
  v1: ['$.contentStandard.title', '$.staffReference', '$.studentReference', '$.contactReference'],
  v2: ['$.contentStandard.title'],
};

const isExpected = (version: keyof typeof missing, { code, where }: Diagnostic) =>
  shared.includes(code) || (code === 'DOCUMENT_VALUE_MISSING' && missing[version].includes(where.path ?? ''));

const placeOf = (name: string) => `${schema}.${name.slice(name.indexOf('.') + 1)}`;

/** Replaces all rows of the ODS. */
async function fill(
  connection: Connection,
  tables: readonly ScriptTable[],
  seed: number,
): Promise<ReadonlyMap<string, number>> {
  const rows = randomRows(tables, seed);
  await connection.execute(givenScript(`TRUNCATE ${tables.map(({ name }) => placeOf(name)).join(', ')}`));
  await connection.begin();
  for (const { name } of tables) {
    const own = rows.get(name) ?? [];
    const values = own.map((row) =>
      Object.fromEntries([...row].map(([column, value]) => [column.toLowerCase(), value])),
    );
    await connection.query(
      trusted(`INSERT INTO ${placeOf(name)} SELECT * FROM json_populate_recordset(NULL::${placeOf(name)}, $1::json)`),
      [JSON.stringify(values)],
    );
  }
  await connection.commit();
  return new Map([...rows].map(([name, own]) => [name, own.length]));
}

/** Removes the refused documents from the ODS; no other may refer to them. */
async function removeRefused(connection: Connection, rejects: readonly LoadReject[]): Promise<void> {
  await connection.begin();
  for (const { row } of rejects) {
    if (row === undefined) throw new Error('a reject without a row');
    const conditions = Object.keys(row.key).map((column, index) => `${column}::text = $${index + 1}`);
    await connection.query(
      trusted(`DELETE FROM ${placeOf(row.table)} WHERE ${conditions.join(' AND ')}`),
      Object.values(row.key),
    );
  }
  await connection.commit();
}

describe.runIf(hasSharedData).each(usualGenerations())(
  'random rows of the published ODS 5.2, for a database in %s (need the shared conformance data)',
  (mappingVersion) => {
    const tables = hasSharedData ? scriptTables() : [];
    let made: Awaited<ReturnType<typeof prepared>>;

    async function prepared() {
      const set = buildEffectiveSchema(coreFirst(await loadApiSchemaFiles([{ file: files[mappingVersion]() }])), {
        mappingVersion,
      });
      const { model } = deriveModel(set, 'pgsql');
      const inventory = deriveInventory(model);
      const bench = await serverEngine.open(emitDdl(model, inventory).script);
      const source = await bench.open();
      for (const statement of tableStatements(tables, schema)) await source.execute(givenScript(statement));
      const auth = await bench.connection.query<{ name: string }>(
        trusted(
          `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables WHERE table_schema = 'auth' AND table_type = 'BASE TABLE'`,
        ),
      );
      const owned = ['dms."Document"', ...auth.map(({ name }) => name)].join(', ');
      const empty = () => bench.connection.execute(givenScript(`TRUNCATE TABLE ${owned} CASCADE`));
      const plans = documentPlans(compileMappingSet(model), inventory);
      return { model, plans, mapping: deriveMapping(set).mapping, bench, source, empty };
    }
    beforeAll(async () => {
      made = await prepared();
    });
    afterAll(() => made?.bench.close());

    it.each(seeds(2))('equal the views of the target, seed %i', async (seed) => {
      const { model, plans, mapping, bench, source, empty } = made;
      await empty();
      const filled = await fill(source, tables, seed);
      expect([...filled.values()].filter((count) => count > 0).length).toBeGreaterThan(590);
      const rejects: LoadReject[] = [];
      const load = async () => {
        const feed = feedOf(await openOds(source, mapping, model, { schemaSuffix }), false);
        const onReject = (reject: LoadReject) => void rejects.push(reject);
        const { total } = await loadDocuments([bench.connection], plans, feed, { isContinued: true, onReject });
        return { total, reading: feed.reading() };
      };
      const { total, reading } = await rolledBack(source, load, 'reading');
      expect(
        rejects.flatMap(({ diagnostics }) => diagnostics).filter((problem) => !isExpected(mappingVersion, problem)),
      ).toEqual([]);
      expect(total.rejected).toBeLessThan(total.inserted / 2);
      expect(reading?.tables.reduce((sum, { rows }) => sum + rows, 0)).toBe(
        [...filled.values()].reduce((sum, count) => sum + count, 0),
      );
      await removeRefused(source, rejects);
      const compared = await compareRows(source, bench.connection, mapping, model, { schemaSuffix });
      const session = mssqlOdsOnPostgres(source, shortenedNames(mapping));
      expect(await compareRows(session, bench.connection, mapping, model, { schemaSuffix })).toEqual(compared);
      // documents leave out nothing but parts of references; each such row is counted
      for (const { table, rows, sourceRows, targetRows } of compared.differences) {
        const resource = mapping.tables.find((each) => tableLabel(each) === table)?.sources[0]?.resource.resourceName;
        const partial = reading?.losses.filter(
          (loss) => loss.code === 'ODS_REFERENCE_PARTIAL' && loss.resource === `Ed-Fi:${resource}`,
        );
        expect(sourceRows, table).toBe(targetRows);
        expect([...new Set(rows.map(({ kind }) => kind))], table).toEqual(['changed']);
        expect(rows.length, table).toBeLessThanOrEqual(partial?.reduce((sum, { count }) => sum + count, 0) ?? 0);
      }
      expect(compared.tables).toBe(613);
      expect(compared.rows).toBeGreaterThan(1_500);
    });

    it.each(seeds(1))('are the same documents for the statements of SQL Server, seed %i', async (seed) => {
      const { model, mapping, source } = made;
      await fill(source, tables, seed);
      const read = async (session: Connection) => {
        const documents: string[] = [];
        const problems: string[] = [];
        const { tables: seen, losses } = await readOds(
          session,
          mapping,
          model,
          async ({ resource, document, uuid }) => void documents.push(`${resource} ${uuid} ${jsonText(document)}`),
          { schemaSuffix, onRefused: (found) => problems.push(...found.map(({ message }) => message)) },
        );
        // money has four decimal places in SQL Server
        return { documents, problems, seen, losses: losses.filter(({ code }) => code !== 'ODS_MONEY_ROUNDED') };
      };
      const session = mssqlOdsOnPostgres(source, shortenedNames(mapping));
      const found = await read(session);
      expect(found.documents.length).toBeGreaterThan(500);
      expect(found).toEqual(await read(source));
      expect(session.cursors.size).toBe(0);
    });
  },
);
