import { diffCatalogs } from '@dms/catalog';
import {
  countBy,
  hasSharedData,
  liveCatalog,
  readSharedJson,
  type TestDatabase,
  usualDatabaseEngines,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmittedSet } from '../../test/emitted.ts';
import { emitFixtureV2, fixturesV2 } from '../../test/fixtures-v2.ts';
import {
  type CatalogTools,
  catalogOfDatabase,
  loadCatalogTools,
  type PublishedCatalog,
} from '../../test/published-catalog.ts';
import { countQuery, namedCounts, triggerTypeQuery } from '../../test/schema-counts.ts';
import { rolledBack } from '../../test/sql-session.ts';

/*
 * Compares the objects that a script of the second generation creates with the published catalogs and the numbers of
 * design 16 §13.
 */

const fixtures = Object.keys(fixturesV2);

const expected = (fixture: string, dialect: string): PublishedCatalog =>
  readSharedJson('fixtures-v2', fixture, 'expected', `catalog.${dialect}.json`);

/** Functions of triggers whose names are free (design 16 §6.3): all but those of the queue and the cache. */
const isNamedByTable = ({ name }: Readonly<Record<string, unknown>>) =>
  String(name).startsWith('TF_') && !String(name).startsWith('TF_Document');

/** The functions that a server calls or inspects. */
const namedFunctions = ({ functions = [] }: PublishedCatalog) =>
  functions.filter((row) => row.schema === 'dms' && !isNamedByTable(row));

/**
 * Counts per schema, as in design 16 §13. A stamp has one trigger on a root table and three on any other table (design
 * 16 §6.2); any other entry has one trigger; every entry has one function.
 */
const schemaCounts: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  minimal: { edfi: [1, 4, 0, 4, 1, 1, 1, 1, 0, 0, 3, 1, 2, 2, 0] },
  nested: { edfi: [3, 13, 0, 13, 3, 4, 3, 3, 0, 0, 9, 2, 8, 4, 0] },
  polymorphic: {
    edfi: [3, 13, 0, 13, 3, 4, 3, 3, 0, 0, 9, 2, 10, 10, 1],
    auth: [1, 2, 0, 2, 1, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0],
  },
  'stable-key-extension-child-collections': {
    edfi: [4, 17, 0, 15, 4, 8, 4, 4, 0, 0, 15, 3, 10, 6, 0],
    sample: [5, 20, 0, 14, 5, 8, 6, 5, 0, 1, 16, 3, 15, 5, 0],
  },
  'referential-identity': { edfi: [12, 70, 2, 67, 12, 19, 20, 12, 7, 8, 50, 19, 25, 25, 1] },
  'ds-5.2': {
    edfi: [467, 4186, 93, 2874, 467, 900, 1379, 467, 135, 318, 2592, 1225, 1299, 645, 2],
    tracked_changes_edfi: [139, 1666, 0, 1040, 139, 0, 0, 0, 0, 0, 139, 0, 0, 0, 0],
    auth: [1, 2, 0, 2, 1, 0, 0, 0, 0, 0, 2, 1, 0, 0, 8],
  },
};

/**
 * Counts of the core, with 3 indexes that do not belong to a constraint; more indexes with descriptors, and with a
 * secured namespace of descriptors.
 */
const coreCounts = (fixture: string) => {
  const more = ({ nested: 2, 'ds-5.2': 3 } as Readonly<Record<string, number>>)[fixture] ?? 0;
  return [10, 58, 0, 54, 10, 5, 8, 5, 0, 7, 18 + more, 3 + more, 4, 7, 0];
};

/**
 * Schema-derived triggers by `pg_trigger.tgtype`: 31 is the stamp of a root table, 4, 8 and 16 are those of other
 * tables, 21 is an identity or an organization without parents, 5, 9 and 17 are those of the hierarchy for one event.
 */
const triggerTypes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  minimal: { 21: 1, 31: 1 },
  nested: { 4: 2, 8: 2, 16: 2, 21: 1, 31: 1 },
  polymorphic: { 9: 2, 21: 6, 31: 2 },
  'ds-5.2': { 4: 327, 5: 5, 8: 327, 9: 9, 16: 327, 17: 5, 21: 161, 31: 138 },
};

interface PublishedTrigger {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly timing: string;
  readonly level: string;
  readonly events: readonly string[];
  readonly oldTable?: string;
  readonly newTable?: string;
  readonly function: string;
}

const triggersOf = ({ triggers = [] }: PublishedCatalog) => triggers as unknown as readonly PublishedTrigger[];

/** The names of the triggers of a catalog, each after the name of its table. */
const triggerNames = (catalog: PublishedCatalog) =>
  triggersOf(catalog)
    .map(({ schema, table, name }) => [schema, table, name].join('.'))
    .sort();

/** The triggers that call each function. */
function callers(catalog: PublishedCatalog): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { schema, table, name, function: routine } of triggersOf(catalog))
    found.set(routine, [found.get(routine), [schema, table, name].join('.')].filter(Boolean).join(', '));
  return found;
}

const foreignBody = 'BEGIN RETURN coalesce(NEW, OLD); END';

/** Creates the triggers of a published catalog like the tool of a server, with bodies that do nothing. */
function foreignProvisioning(catalog: PublishedCatalog): string {
  return triggersOf(catalog)
    .map(({ schema, table, name, timing, level, events, oldTable, newTable, function: routine }) => {
      const [owner, own] = routine.split('.');
      const rows = [
        ...(oldTable ? [`OLD TABLE AS ${oldTable}`] : []),
        ...(newTable ? [`NEW TABLE AS ${newTable}`] : []),
      ];
      return `CREATE OR REPLACE FUNCTION "${owner}"."${own}"() RETURNS trigger LANGUAGE plpgsql AS '${foreignBody}';
        DROP TRIGGER IF EXISTS "${name}" ON "${schema}"."${table}";
        CREATE TRIGGER "${name}" ${timing} ${events.join(' OR ')} ON "${schema}"."${table}"
        ${rows.length > 0 ? `REFERENCING ${rows.join(' ')}` : ''} FOR EACH ${level} EXECUTE FUNCTION "${owner}"."${own}"();`;
    })
    .join('\n');
}

/** The triggers whose functions do not have the foreign body. */
const otherTriggers = `SELECT t.tgrelid::regclass::text, t.tgname FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid
  WHERE NOT t.tgisinternal AND f.prosrc <> '${foreignBody}'`;

describe.runIf(hasSharedData)('the expected catalogs (needs the shared conformance data)', () => {
  const emitted = new Map<string, EmittedSet>();
  let tools: CatalogTools;

  beforeAll(async () => {
    tools = await loadCatalogTools();
    for (const fixture of fixtures) emitted.set(fixture, await emitFixtureV2(fixture));
  });

  describe.each(usualDatabaseEngines())('on $name', ({ open }) => {
    let database: TestDatabase;

    beforeAll(async () => {
      database = await open();
    });

    afterAll(() => database.close());

    const readCounts = async () =>
      new Map((await database.queryRows(countQuery)).map(([schema, ...list]) => [String(schema), list as number[]]));

    it.each(fixtures)(
      '%s: the pgsql script makes the expected catalog, and the one that the product wants',
      (fixture) =>
        rolledBack(database, async () => {
          const { script, catalog } = emitted.get(fixture)!.pgsql;
          await database.exec(script);
          const wanted = expected(fixture, 'pgsql');
          const actual = await catalogOfDatabase(database, tools);
          expect(tools.diff(wanted, actual)).toEqual([]);
          expect(namedFunctions(actual)).toEqual(namedFunctions(wanted));
          expect(triggerNames(actual)).toEqual(triggerNames(wanted));
          const ours = callers(actual);
          const theirs = callers(wanted);
          for (const [routine, triggers] of ours) expect([triggers, undefined], routine).toContain(theirs.get(routine));
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
            await database.queryRows(
              "SELECT conname, condeferred FROM pg_constraint WHERE contype = 'f' AND condeferrable",
            ),
          ).toEqual(
            fixture === 'ds-5.2' ? [['FK_EducationContentDerivativeSourceEducationContent__c050632108', false]] : [],
          );
        }),
    );

    it.each(fixtures)(
      "%s: a server's own provisioning replaces all our triggers, and ours replaces its triggers again",
      (fixture) =>
        rolledBack(database, async () => {
          const { script, catalog } = emitted.get(fixture)!.pgsql;
          await database.exec(script);
          await database.exec(foreignProvisioning(expected(fixture, 'pgsql')));
          expect(await database.queryRows(otherTriggers)).toEqual([]);
          await database.exec(script);
          const { differences } = diffCatalogs(catalog, (await liveCatalog(database)).catalog);
          // functions that no trigger calls may be left over
          expect(differences.filter(({ change, object }) => !(change === 'extra' && object === 'function'))).toEqual(
            [],
          );
        }),
    );
  });

  it.each(fixtures)('%s: the mssql script states the expected catalog', (fixture) => {
    const wanted = expected(fixture, 'mssql');
    const actual = tools.catalogOf(emitted.get(fixture)!.mssql.script);
    expect(tools.diff(wanted, actual)).toEqual([]);
    expect(triggerNames(actual)).toEqual(triggerNames(wanted));
    // the tool does not compare the rest
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
    const all = cascades(pgsql.catalog);
    const kept = cascades(mssql.catalog);
    expect([all.length, kept.length]).toEqual([135, 105]);
    const targets = countBy(all, ({ target }) => target.table);
    expect(targets.EducationOrganizationIdentity).toBe(54);
    expect(targets.GeneralStudentProgramAssociationIdentity).toBe(1);
    expect(countBy(kept, ({ target }) => target.table).EducationOrganizationIdentity).toBe(47);
  });
});
