import { diffCatalogs } from '@dms/change';
import { countBy, databaseEngines, hasSharedData, readSharedJson, shareOf, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmittedSet } from '../../test/emitted.ts';
import { emitFixtureV2, fixturesV2 } from '../../test/fixtures-v2.ts';
import { liveCatalog } from '../../test/live-catalog.ts';
import { type CatalogTools, catalogOfDatabase, loadCatalogTools, type PublishedCatalog } from '../../test/published-catalog.ts';
import { countQuery, namedCounts, triggerTypeQuery } from '../../test/schema-counts.ts';
import { rolledBack } from '../../test/sql-session.ts';

/* What a script of the second generation makes, against the published catalogs and the numbers of design 16 §13. */

const fixtures = Object.keys(fixturesV2);

const expected = (fixture: string, dialect: string): PublishedCatalog =>
  readSharedJson('fixtures-v2', fixture, 'expected', `catalog.${dialect}.json`);

/** Our names of trigger functions are our own (design 16 §6.3), but for those of the queue and the cache. */
const isNamedByTable = ({ name }: Readonly<Record<string, unknown>>) =>
  String(name).startsWith('TF_') && !String(name).startsWith('TF_Document');

/** The functions that a server calls or inspects. */
const namedFunctions = ({ functions = [] }: PublishedCatalog) =>
  functions.filter((row) => row.schema === 'dms' && !isNamedByTable(row));

/**
 * Counts per schema: those of design 16 §13, and our triggers and functions. A stamp has four triggers on a root table and three on
 * another (design 16 §6.2), a referential identity two, an abstract identity one, an organization without parents three.
 */
const schemaCounts: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  minimal: { edfi: [1, 4, 0, 4, 1, 1, 1, 1, 0, 0, 3, 1, 6, 2, 0] },
  nested: { edfi: [3, 13, 0, 13, 3, 4, 3, 3, 0, 0, 9, 2, 12, 4, 0] },
  polymorphic: {
    edfi: [3, 13, 0, 13, 3, 4, 3, 3, 0, 0, 9, 2, 20, 10, 1],
    auth: [1, 2, 0, 2, 1, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0],
  },
  'stable-key-extension-child-collections': {
    edfi: [4, 17, 0, 15, 4, 8, 4, 4, 0, 0, 15, 3, 18, 6, 0],
    sample: [5, 20, 0, 14, 5, 8, 6, 5, 0, 1, 16, 3, 15, 5, 0],
  },
  'referential-identity': { edfi: [12, 70, 2, 67, 12, 19, 20, 12, 7, 8, 50, 19, 70, 25, 1] },
  'ds-5.2': {
    edfi: [467, 4186, 93, 2874, 467, 900, 1379, 467, 135, 318, 2592, 1225, 1855, 645, 2],
    tracked_changes_edfi: [139, 1666, 0, 1040, 139, 0, 0, 0, 0, 0, 139, 0, 0, 0, 0],
    auth: [1, 2, 0, 2, 1, 0, 0, 0, 0, 0, 2, 1, 0, 0, 8],
  },
};

/** The core, with 3 indexes that no constraint brings; more where there are descriptors, and where they have a secured namespace. */
const coreCounts = (fixture: string) => {
  const more = ({ nested: 2, 'ds-5.2': 3 } as Readonly<Record<string, number>>)[fixture] ?? 0;
  return [10, 58, 0, 54, 10, 5, 8, 5, 0, 7, 18 + more, 3 + more, 7, 7, 0];
};

/**
 * Schema-derived triggers by `pg_trigger.tgtype`: 7, 19 and 11 are the row triggers of a root table, 4, 16 and 8 those of statements,
 * 21 is the one of an abstract identity.
 */
const triggerTypes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  minimal: { 4: 1, 7: 1, 11: 1, 16: 2, 19: 1 },
  nested: { 4: 3, 7: 1, 8: 2, 11: 1, 16: 4, 19: 1 },
  polymorphic: { 4: 4, 7: 2, 8: 2, 11: 2, 16: 6, 19: 2, 21: 2 },
  'ds-5.2': { 4: 474, 7: 138, 8: 336, 11: 138, 16: 612, 19: 138, 21: 19 },
};

describe.runIf(hasSharedData)('the expected catalogs (needs the shared conformance data)', { timeout: 180_000 }, () => {
  const emitted = new Map<string, EmittedSet>();
  let tools: CatalogTools;

  beforeAll(async () => {
    tools = await loadCatalogTools();
    for (const fixture of fixtures) emitted.set(fixture, await emitFixtureV2(fixture));
  }, 180_000);

  describe.each(shareOf(databaseEngines, 2))('on $name', ({ open }) => {
    let database: TestDatabase;

    beforeAll(async () => {
      database = await open();
    });

    afterAll(() => database.close());

    const readCounts = async () =>
      new Map((await database.queryRows(countQuery)).map(([schema, ...list]) => [String(schema), list as number[]]));

    it.each(fixtures)('%s: the pgsql script makes the expected catalog, and the one that the product wants', (fixture) =>
      rolledBack(database, async () => {
        const { script, catalog } = emitted.get(fixture)!.pgsql;
        await database.exec(script);
        const [wanted, actual] = [expected(fixture, 'pgsql'), await catalogOfDatabase(database, tools)];
        expect(tools.diff(wanted, actual)).toEqual([]);
        expect(namedFunctions(actual)).toEqual(namedFunctions(wanted));
        const live = await liveCatalog(database);
        expect(live.diagnostics).toEqual([]);
        expect(diffCatalogs(catalog, live.catalog)).toEqual({ differences: [], renames: [] });
        const counts = await readCounts();
        for (const [schema, list] of Object.entries(schemaCounts[fixture] ?? {}))
          expect(namedCounts(counts.get(schema) ?? []), schema).toEqual(namedCounts(list));
        if (!schemaCounts[fixture]) return;
        expect(namedCounts(counts.get('dms') ?? [])).toEqual(namedCounts(coreCounts(fixture)));
        if (!triggerTypes[fixture]) return;
        expect(Object.fromEntries(await database.queryRows(triggerTypeQuery))).toEqual(triggerTypes[fixture]);
        expect(
          await database.queryRows("SELECT conname FROM pg_constraint WHERE contype = 'f' AND condeferrable"),
        ).toHaveLength(fixture === 'ds-5.2' ? 1 : 0);
      }),
    );
  });

  it.each(fixtures)('%s: the mssql script states the expected catalog', (fixture) => {
    const [wanted, actual] = [expected(fixture, 'mssql'), tools.catalogOf(emitted.get(fixture)!.mssql.script)];
    expect(tools.diff(wanted, actual)).toEqual([]);
    // what the tool leaves out
    const { types, functions } = actual;
    expect({ types, functions }).toEqual({ types: wanted.types, functions: wanted.functions });
    const defaults = ({ columns = [] }: PublishedCatalog) =>
      columns.map(({ schema, table, name, defaultName }) => ({ schema, table, name, defaultName }));
    expect(defaults(actual)).toEqual(defaults(wanted));
    const clustering = ({ constraints = [] }: PublishedCatalog) =>
      constraints.map(({ schema, name, clustered }) => ({ schema, name, clustered }));
    expect(clustering(actual)).toEqual(clustering(wanted));
  });

  it('ds-5.2: where updates cascade to, and which keys SQL Server cuts', () => {
    const { pgsql, mssql } = emitted.get('ds-5.2')!;
    const cascades = ({ tables }: (typeof pgsql)['catalog']) =>
      tables.flatMap(({ foreignKeys }) => foreignKeys).filter(({ onUpdate }) => onUpdate === 'CASCADE');
    const [all, kept] = [cascades(pgsql.catalog), cascades(mssql.catalog)];
    expect([all.length, kept.length]).toEqual([135, 105]);
    const targets = countBy(all, ({ target }) => target.table);
    expect(targets.EducationOrganizationIdentity).toBe(54);
    expect(targets.GeneralStudentProgramAssociationIdentity).toBe(1);
    expect(countBy(kept, ({ target }) => target.table).EducationOrganizationIdentity).toBe(47);
  });
});
