import { pathToFileURL } from 'node:url';
import { dialects } from '@dms/sql';
import { hasSharedData, readSharedJson, sharedFile, type TestDatabase, usualDatabaseEngines } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ddlManifestText, statementCount } from '../../src/index.ts';
import { type EmittedSet, emitFiles, emitFolder } from '../emitted.ts';
import { countQuery, namedCounts, triggerTypeQuery } from '../schema-counts.ts';
import { rolledBack } from '../sql-session.ts';

const small = ['minimal', 'nested', 'ext', 'polymorphic'];
const fixtures = [...small, 'ds-5.2'];

type CatalogRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** The tools that define what "0 differences" means; they are not part of the project. */
interface ConformanceTools {
  readonly QUERIES: Readonly<Record<string, string>>;
  readonly diff: (expected: CatalogRows, actual: CatalogRows) => unknown[];
  /** Only in the tool for SQL Server: the catalog that a script states. */
  readonly catalogOf: (script: string) => CatalogRows;
}

async function loadTools(): Promise<ConformanceTools> {
  const load = (name: string) => import(/* @vite-ignore */ pathToFileURL(sharedFile('tools', name)).href);
  const { QUERIES } = await load('catalog_pg.mjs');
  const { diff } = await load('catalog_diff.mjs');
  const { catalogOf } = await load('catalog_mssql.mjs');
  return { QUERIES, diff, catalogOf };
}

function emit(fixture: string): Promise<EmittedSet> {
  if (fixture === 'ds-5.2') return emitFiles(sharedFile('inputs', 'ds-5.2-core.json'));
  return emitFolder(sharedFile('fixtures', fixture, 'inputs'));
}

/** Counts per schema as design 07 §11 lists them. */
const schemaCounts: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  minimal: { edfi: [1, 2, 0, 2, 1, 1, 1, 1, 0, 0, 2, 0, 4, 2, 0] },
  nested: { edfi: [3, 9, 0, 9, 3, 1, 3, 3, 0, 0, 4, 0, 10, 4, 0] },
  ext: { edfi: [2, 5, 0, 5, 2, 1, 2, 2, 0, 0, 3, 0, 7, 3, 0], sample: [2, 5, 0, 3, 2, 0, 2, 2, 0, 0, 2, 0, 6, 2, 0] },
  polymorphic: {
    edfi: [3, 9, 0, 9, 3, 4, 3, 3, 0, 0, 7, 0, 16, 10, 1],
    auth: [1, 2, 0, 2, 1, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0],
  },
  'ds-5.2': {
    edfi: [467, 3583, 93, 2121, 467, 500, 1379, 467, 77, 318, 1867, 900, 1579, 645, 2],
    auth: [1, 2, 0, 2, 1, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0],
  },
};

/** Schema-derived triggers by `pg_trigger.tgtype` (design 07 §11). */
const triggerTypes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  minimal: { 4: 1, 9: 1, 16: 2 },
  nested: { 4: 3, 8: 2, 9: 1, 16: 4 },
  ext: { 4: 4, 8: 3, 9: 1, 16: 5 },
  polymorphic: { 4: 4, 8: 2, 9: 2, 16: 6, 21: 2 },
  'ds-5.2': { 4: 474, 8: 336, 9: 138, 16: 612, 21: 19 },
};

const statementCounts: Readonly<Record<string, { pgsql: number; mssql: number }>> = {
  minimal: { pgsql: 53, mssql: 77 },
  nested: { pgsql: 66, mssql: 84 },
  ext: { pgsql: 73, mssql: 88 },
  polymorphic: { pgsql: 83, mssql: 95 },
  'ds-5.2': { pgsql: 5370, mssql: 3819 },
};

const separatorCounts: Readonly<Record<string, number>> = {
  minimal: 9,
  nested: 11,
  ext: 12,
  polymorphic: 18,
  'ds-5.2': 654,
};

describe.runIf(hasSharedData)('the expected catalogs (needs the shared conformance data)', () => {
  const emitted = new Map<string, EmittedSet>();
  let tools: ConformanceTools;

  beforeAll(async () => {
    tools = await loadTools();
    for (const fixture of fixtures) emitted.set(fixture, await emit(fixture));
  });

  describe.each(usualDatabaseEngines())('on $name', ({ open }) => {
    let database: TestDatabase;

    beforeAll(async () => {
      database = await open();
    });

    afterAll(() => database.close());

    it.each(fixtures)(
      '%s: the pgsql script creates the expected catalog, with the counts of design 07 §11',
      async (fixture) => {
        const { script } = emitted.get(fixture)!.pgsql;
        await rolledBack(database, async () => {
          await database.exec(script);
          const actual: Record<string, Record<string, unknown>[]> = {};
          for (const [name, query] of Object.entries(tools.QUERIES)) {
            const rows = await database.query<Record<string, unknown>>(query);
            actual[name] = rows.map((row) =>
              Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)),
            );
          }
          expect(tools.diff(readSharedJson('fixtures', fixture, 'expected', 'catalog.pgsql.json'), actual)).toEqual([]);

          const readCounts = async () =>
            new Map(
              (await database.queryRows(countQuery)).map(([schema, ...list]) => [String(schema), list as number[]]),
            );
          const counts = await readCounts();
          // of the 48 columns of dms only Description and the two effective dates of Descriptor are nullable
          expect(namedCounts(counts.get('dms') ?? [])).toEqual(
            namedCounts([8, 48, 0, 45, 8, 6, 8, 5, 0, 4, 18, 4, 2, 2, 0]),
          );
          for (const [schema, list] of Object.entries(schemaCounts[fixture]!))
            expect(namedCounts(counts.get(schema) ?? []), schema).toEqual(namedCounts(list));
          expect([...counts.keys()].sort()).toEqual([...Object.keys(schemaCounts[fixture]!), 'dms'].sort());
          await database.exec(script);
          expect(await readCounts()).toEqual(counts);

          const types = await database.queryRows(triggerTypeQuery);
          expect(Object.fromEntries(types as [string, number][])).toEqual(triggerTypes[fixture]);
          expect(
            await database.queryRows("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND condeferrable"),
          ).toEqual([
            // EducationContent references itself in its collection of derivative sources
            [fixture === 'ds-5.2' ? 1 : 0],
          ]);
          expect(
            await database.queryRows(
              "SELECT count(*) FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'dms'",
            ),
          ).toEqual([[2]]);
          if (fixture !== 'ds-5.2') return;

          const targets = await database.queryRows(
            `SELECT confrelid::regclass::text, count(*) FROM pg_constraint WHERE contype = 'f' AND confupdtype = 'c' GROUP BY 1`,
          );
          expect(Object.fromEntries(targets as [string, number][])).toEqual({
            'edfi."EducationOrganizationIdentity"': 54,
            'edfi."Section"': 9,
            'edfi."ClassPeriod"': 3,
            'edfi."Session"': 3,
            'edfi."StudentSectionAssociation"': 2,
            'edfi."CourseOffering"': 1,
            'edfi."GradebookEntry"': 1,
            'edfi."GeneralStudentProgramAssociationIdentity"': 1,
            'edfi."StudentSchoolAssociation"': 1,
            'edfi."Grade"': 1,
            'edfi."Location"': 1,
          });
          const byTarget = await database.queryRows(
            `SELECT CASE WHEN confrelid = 'dms."Document"'::regclass THEN 'document'
           WHEN confrelid = 'dms."Descriptor"'::regclass THEN 'descriptor'
           WHEN confrelid IN ('edfi."EducationOrganizationIdentity"'::regclass, 'edfi."GeneralStudentProgramAssociationIdentity"'::regclass)
             THEN 'abstract' ELSE 'other' END || ' ' || confdeltype::text || confupdtype::text, count(*)
         FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE contype = 'f' AND n.nspname = 'edfi' GROUP BY 1`,
          );
          expect(Object.fromEntries(byTarget as [string, number][])).toEqual({
            'document ca': 140,
            'descriptor aa': 594,
            'abstract ac': 55,
            'other ca': 327,
            'other ac': 22,
            'other aa': 241,
          });
          expect(
            await database.queryRows(
              `SELECT pg_get_expr(d.adbin, d.adrelid) LIKE '%CASE%', count(*) FROM pg_attribute a
           JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attgenerated = 's' GROUP BY 1 ORDER BY 1`,
            ),
          ).toEqual([
            [false, 2],
            [true, 91],
          ]);
        });
      },
    );
  });

  it.each(fixtures)('%s: the mssql script states the expected catalog', (fixture) => {
    const expected = readSharedJson('fixtures', fixture, 'expected', 'catalog.mssql.json');
    expect(tools.diff(expected, tools.catalogOf(emitted.get(fixture)!.mssql.script))).toEqual([]);
  });

  it('ds-5.2 for SQL Server has the acceptance numbers of design 07 §11', () => {
    const catalog = tools.catalogOf(emitted.get('ds-5.2')!.mssql.script);
    const derived = (set: string) => (catalog[set] ?? []).filter(({ schema }) => schema !== 'dms');
    const keys = derived('constraints').filter(({ kind }) => kind === 'foreign key');
    const tally = (items: readonly unknown[]) => {
      const counts: Record<string, number> = {};
      for (const item of items) counts[String(item)] = (counts[String(item)] ?? 0) + 1;
      return counts;
    };
    expect({
      tables: derived('tables').length,
      computed: derived('columns').filter(({ generated }) => generated !== undefined).length,
      foreignKeys: keys.length,
      deleteCascades: keys.filter(({ onDelete }) => onDelete === 'CASCADE').length,
      uniques: derived('constraints').filter(({ kind }) => kind === 'unique').length,
      checks: derived('constraints').filter(({ kind }) => kind === 'check').length,
      indexes: derived('indexes').length,
      views: derived('views').length,
    }).toEqual({
      tables: 468,
      computed: 93,
      foreignKeys: 1379,
      deleteCascades: 467,
      uniques: 500,
      checks: 318,
      indexes: 901,
      views: 2,
    });
    expect(tally(keys.filter(({ onUpdate }) => onUpdate === 'CASCADE').map(({ references }) => references))).toEqual({
      'edfi.Section': 9,
      'edfi.ClassPeriod': 3,
      'edfi.Session': 3,
      'edfi.StudentSectionAssociation': 2,
      'edfi.CourseOffering': 1,
      'edfi.GradebookEntry': 1,
      'edfi.StudentSchoolAssociation': 1,
      'edfi.Grade': 1,
      'edfi.Location': 1,
    });
    expect(tally(derived('triggers').map(({ timing, events }) => `${timing} ${events}`))).toEqual({
      'AFTER INSERT,UPDATE,DELETE': 327,
      'AFTER UPDATE,DELETE': 138,
      'AFTER INSERT,UPDATE': 161,
      'AFTER UPDATE': 5,
      'AFTER INSERT': 5,
      'AFTER DELETE': 9,
    });
  });

  it('ds-5.2 has no propagation trigger, and Section.FK_Section_CourseOffering_RefKey cascades in both dialects', () => {
    for (const dialect of dialects) {
      const { inventory, model } = emitted.get('ds-5.2')!.in(dialect);
      expect(inventory.triggers.filter(({ kind }) => kind === 'IdentityPropagationFallback')).toEqual([]);
      const section = model.resources
        .flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder)
        .find(({ table }) => table.name === 'Section');
      expect(section?.constraints).toContainEqual(
        expect.objectContaining({ kind: 'ForeignKey', name: 'FK_Section_CourseOffering_RefKey', onUpdate: 'Cascade' }),
      );
    }
  });

  it.each(fixtures)('%s: statement counts of design 06 §8.4 and separators of design 07 §11', (fixture) => {
    const { pgsql, mssql } = emitted.get(fixture)!;
    expect(statementCount('pgsql', pgsql.script)).toBe(statementCounts[fixture]?.pgsql);
    expect(statementCount('mssql', mssql.script)).toBe(statementCounts[fixture]?.mssql);
    // a guard between two separators replaces a single separator, and a batch follows the commit (design 06 §2.4)
    const separators = 2 * (separatorCounts[fixture] ?? 0) + 1;
    expect(mssql.script.split('\n').filter((line) => line === 'GO')).toHaveLength(separators);
  });

  it.each(small)('%s: ddl.manifest.json is the expected one but for the hash of the script', (fixture) => {
    const { set, scripts } = emitted.get(fixture)!;
    const withoutHash = (text: string) =>
      text.replaceAll(/"normalized_sql_sha256": "[0-9a-f]{64}"/g, '"normalized_sql_sha256": "…"');
    const expected = JSON.stringify(readSharedJson('fixtures', fixture, 'expected', 'ddl.manifest.json'), null, 2);
    expect(withoutHash(ddlManifestText(set.info, scripts))).toBe(withoutHash(`${expected}\n`));
  });
});
